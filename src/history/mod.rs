//! Past audits of targets: what got better, what got worse, and how a number moved.
//!
//! An embedded database of one file on the operator's machine. It holds conclusions, the limits they were drawn by and
//! their numbers, all of them redacted before: what a report would show, and no answers of servers.
//!
//! - [`past`] is what is remembered, [`changes`] what lies between two audits, [`plot`] a number over time; all pure, and
//!   screens use them.
//! - [`store`] is the file. It is read and written by commands and by the tasks of the screens, never while drawing.

pub mod changes;
pub mod past;
pub mod plot;
pub mod store;

pub use changes::{Change, Kind, Tally, changes};
pub use past::{Origin, Past, PastAudit, PastFinding, PastNumber, Point, Verdict, name_of};
pub use store::{History, HistoryError, Listed, Series};
