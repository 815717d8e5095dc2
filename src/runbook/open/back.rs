//! A run as it was written down, with the runbook as it was.

use std::path::Path;

use super::OpenError;
use crate::{
    clock,
    runbook::{
        document,
        incident::{self, Incident},
        journal,
        model::Runbook,
        record::Stamped,
        state::State,
    },
};

/// A run as it was written down.
#[derive(Debug, Clone)]
pub struct Told {
    /// The runbook as it was when the run began.
    pub book: Runbook,
    /// The journal.
    pub records: Vec<Stamped>,
    /// What the records come to.
    pub state: State,
    /// What a crash left of a last line, in words.
    pub torn: Option<String>,
}

impl Told {
    /// Its record, as of now.
    pub fn incident(&self) -> Incident {
        incident::of(&self.book, &self.records, &self.state, clock::now())
    }
}

/// Reads a run of a folder back.
///
/// # Errors
/// A journal or runbook that cannot be read, or records that cannot follow each other.
pub fn tell(folder: &Path, run: &str) -> Result<Told, OpenError> {
    let path = folder.join(run);
    let reading = journal::read(&path)?;
    let book = as_it_was(folder, run)?;
    let state = State::fold(&book, &reading.records)
        .map_err(|why| OpenError::Disordered { shown: path.join(journal::JOURNAL).display().to_string(), why })?;
    let torn = reading.torn.map(|torn| {
        format!("line {} was not written to its end ({} bytes); it was never acted on", torn.line, torn.bytes)
    });
    Ok(Told { book, records: reading.records, state, torn })
}

/// The runbook as it was when the run began: the copy beside the journal.
///
/// # Errors
/// A file that cannot be read, or that is no runbook.
#[expect(clippy::disallowed_methods, reason = "the folder of a run is read at this edge")]
pub fn as_it_was(folder: &Path, run: &str) -> Result<Runbook, OpenError> {
    let path = folder.join(run).join(journal::RUNBOOK);
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|why| OpenError::Unread { shown: shown.clone(), why })?;
    document::read(&shown, &text).map_err(|mistakes| OpenError::NoRunbook { shown, mistakes })
}
