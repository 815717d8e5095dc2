//! What a verdict rests on: all observations of one run, in one versioned, redacted file.
//!
//! Nothing here asks anything (that is [`crate::collect`]) and nothing here judges ([`crate::check`]).

mod file;
mod observation;
mod rates;
mod redact;
mod table;
mod value;

pub use file::{FORMAT, Load, ReadError, Snapshot, TargetRecord, VERSION};
pub use observation::{Answer, Earlier, Fault, FaultKind, Observation, Pairing, SourceKind, SourceRecord};
pub use rates::{Change, Rates};
pub use redact::{RedactingWriter, Redactor, Stream};
pub(crate) use redact::{cut, not_one_question};
pub use table::{Column, Table, TableError};
pub use value::{Kind, Unit, Value};
