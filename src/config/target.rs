//! A target as the collector needs it: named sources, ready to connect.

use crate::{snapshot::SourceKind, source::Endpoint};

/// A system under audit.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// The owner's word for where it runs.
    pub environment: Option<String>,
    /// Whom to ask.
    pub sources: Vec<SourceConfig>,
}

/// One source of a target.
#[derive(Debug, Clone)]
pub struct SourceConfig {
    /// Its name in findings: `primary`, `replica-2`, `cache`.
    pub name: String,
    /// Where it is.
    pub endpoint: Endpoint,
    /// Databases to look into; none for the connection's own, `*` for all.
    pub databases: Vec<String>,
}

impl SourceConfig {
    /// Its kind.
    pub fn kind(&self) -> SourceKind {
        self.endpoint.kind()
    }
}
