//! The journal of a run: an append-only file that survives a crash at any byte.
//!
//! A run has a folder of its own, named after when it began and what it walks, and readable by its owner alone:
//!
//! ```text
//! 20261121T051500Z-idle-in-transaction-7f3a/
//!   journal.jsonl      a record a line, each with a checksum over itself and the checksum before it
//!   runbook.md         the text as it was at the start
//!   before.json        the snapshots before the first action and at the end
//!   after.json
//!   out-STEP-1.txt     what the first attempt of a step printed
//!   lock               held by the one process that may write
//! ```
//!
//! Every record is on the disk before the run goes on: an intent before the act, its outcome after it, each decision
//! before it is carried out. A write that fails ends the writing: what cannot be written down is not done.

mod error;
mod folder;
mod line;
mod lock;
mod read;
#[cfg(test)]
mod stored;
mod write;

pub use error::JournalError;
pub use folder::{New, output_name};
pub(in crate::runbook) use lock::alive;
pub use lock::{Hold, Holder, hold};
pub use read::{Reading, Torn, read};
pub use write::Journal;

/// The name of the journal within the folder of a run.
pub const JOURNAL: &str = "journal.jsonl";
/// The name of the copy of the runbook's text.
pub const RUNBOOK: &str = "runbook.md";
/// The name of the file whose lock is the right to write.
const LOCK: &str = "lock";
