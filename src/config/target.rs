//! A target as the collector needs it: named sources, ready to connect.

use crate::{
    snapshot::SourceKind,
    source::{KubernetesPlace, postgres::conninfo::ConnInfo},
};

/// A system under audit.
#[derive(Debug)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// The owner's word for where it runs.
    pub environment: Option<String>,
    /// Whom to ask.
    pub sources: Vec<SourceConfig>,
}

/// One source of a target.
#[derive(Debug)]
pub struct SourceConfig {
    /// Its name in findings: `primary`, `replica-2`, `cache`.
    pub name: String,
    /// Where it is.
    pub endpoint: Endpoint,
    /// PgBouncer speaks PostgreSQL's protocol; this tells them apart.
    pub console: bool,
    /// Databases to look into; none for the connection's own, `*` for all.
    pub databases: Vec<String>,
}

/// Where a source is and how it is reached.
#[derive(Debug)]
pub enum Endpoint {
    /// A PostgreSQL server or a PgBouncer console.
    Postgres(ConnInfo),
    /// A Redis server.
    Redis(redis::ConnectionInfo),
    /// A Kubernetes API or a folder of its answers.
    Kubernetes(KubernetesPlace),
}

impl SourceConfig {
    /// Its kind.
    pub fn kind(&self) -> SourceKind {
        match (&self.endpoint, self.console) {
            (Endpoint::Postgres(_), true) => SourceKind::PgBouncer,
            (Endpoint::Postgres(_), false) => SourceKind::Postgres,
            (Endpoint::Redis(_), _) => SourceKind::Redis,
            (Endpoint::Kubernetes(_), _) => SourceKind::Kubernetes,
        }
    }
}
