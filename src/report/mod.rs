//! What was judged, for people and programs. Nothing here asks or judges; it shows what it is given.
//!
//! To add an output format: a file with its function, and its word in [`Format`].

pub(crate) mod breaks;
pub mod campaign;
pub mod changes;
mod chart;
pub mod checklist;
mod html;
mod human;
pub mod incident;
mod json;
pub(crate) mod lines;
pub mod model;
mod svg;
mod template;
mod view;
pub(crate) mod words;

pub use html::html;
pub use human::{Human, human};
pub use json::json;
pub use model::{Audit, Filter, Provenance, Summary, VERSION};
pub use template::{TemplateError, Templates};
pub(crate) use words::{one_line, shown};

/// How an audit is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For a terminal, worst first.
    Human,
    /// A report that reads well as text and on a forge.
    Markdown,
    /// The same as one page for a browser, with drawn charts; it loads nothing and runs nothing.
    Html,
    /// One object, by the schema of `loadline schema audit`.
    Json,
}

impl Format {
    /// The format that a file's ending asks for.
    pub fn of_file(path: &std::path::Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "txt" => Some(Self::Human),
            "md" | "markdown" => Some(Self::Markdown),
            "html" | "htm" => Some(Self::Html),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}
