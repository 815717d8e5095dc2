//! Opening a run, for every front end: the runbook for a finding, the values that are known beforehand, the session of a
//! new run or of one that is taken up, and reading a run back. What an operator should know is returned; nothing is
//! printed or asked here.
//!
//! - [`world`]: the target, live or recorded: eyes on it, and hands where there may be some.
//! - [`begin`]: a runbook and perhaps a finding, with values filled in.
//! - [`session`]: from there to a session. [`back`]: a run as it was written down.
//! - [`finding`]: how a finding is named, and which are to be cured. [`who`]: who walks, and where.

mod back;
mod begin;
pub mod finding;
mod session;
pub mod who;
mod world;

pub use self::{
    back::{Told, as_it_was, tell},
    begin::{Begun, Known, begin, for_finding},
    session::{Manner, now_or_then, resume, start},
    world::World,
};
use super::{document::Mistake, journal::JournalError, machine::Refusal};

/// Why a run cannot be opened or read back.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A journal that cannot be read or written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// What was asked for is not possible.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The copy of the runbook beside a journal cannot be read.
    #[error("read {shown}: {why}")]
    Unread {
        /// The file.
        shown: String,
        /// Why.
        why: std::io::Error,
    },
    /// The copy of the runbook beside a journal is no runbook, told line by line.
    #[error("{}", lines(shown, mistakes))]
    NoRunbook {
        /// The file.
        shown: String,
        /// What is wrong with it.
        mistakes: Vec<Mistake>,
    },
    /// The records of a journal cannot follow each other.
    #[error("{shown}: {why}")]
    Disordered {
        /// The journal.
        shown: String,
        /// Why.
        why: Refusal,
    },
}

fn lines(shown: &str, mistakes: &[Mistake]) -> String {
    let line = |m: &Mistake| format!("{shown}:{}:{}: {}", m.place.line, m.place.column, m.message);
    mistakes.iter().map(line).collect::<Vec<_>>().join("\n")
}
