//! What was judged, for people and programs. Nothing here asks or judges; it shows what it is given.
//!
//! To add an output format: a file with its function, and its word in [`Format`].

mod breaks;
mod human;
mod json;
mod markdown;
mod model;
mod words;

pub use human::{Human, human};
pub use json::json;
pub use markdown::markdown;
pub use model::{Audit, Filter, Provenance, Summary, VERSION};

/// How an audit is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For a terminal, worst first.
    Human,
    /// A report that reads well as text and on a forge.
    Markdown,
    /// One object, by the schema of `loadline schema audit`.
    Json,
}

impl Format {
    /// The format that a file's ending asks for.
    pub fn of_file(path: &std::path::Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "txt" => Some(Self::Human),
            "md" | "markdown" => Some(Self::Markdown),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}
