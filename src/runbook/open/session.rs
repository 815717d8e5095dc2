//! From what was chosen to a session.

use std::{path::PathBuf, sync::Arc};

use tokio::sync::watch;

use super::{Begun, Known, OpenError, World, as_it_was};
use crate::runbook::{
    library::Books,
    model::Runbook,
    record::{Mode, Started},
    session::{Event, Opening, Session, SessionError},
};

/// Who walks a runbook, how carefully, and where it is kept.
#[derive(Debug, Clone)]
pub struct Manner {
    /// Who runs it.
    pub operator: String,
    /// On which machine.
    pub host: String,
    /// The folder of all runs.
    pub folder: PathBuf,
    /// Whether a second person must agree to dangerous steps, also where the target's configuration does not say so.
    pub second_person: bool,
    /// Whether to take snapshots of the whole target before and after.
    pub survey: bool,
    /// Stops what takes time, from the first look on.
    pub stop: watch::Sender<bool>,
}

impl Manner {
    fn opening(&self, mode: Mode, finding: Option<String>, values: Vec<Known>, world: &World) -> Opening {
        Opening {
            mode,
            operator: self.operator.clone(),
            host: self.host.clone(),
            folder: self.folder.clone(),
            finding,
            values,
            second_person: self.second_person || world.second_person,
            survey: self.survey,
            stop: self.stop.clone(),
        }
    }
}

/// Starts a new run. It has hands where its mode and its target allow them.
///
/// # Errors
/// See [`Session::start`].
pub async fn start(
    begun: &Begun,
    mode: Mode,
    manner: &Manner,
    world: &World,
    listen: impl Fn(Event) + Send + Sync + 'static,
) -> Result<Session, SessionError> {
    let opening = manner.opening(mode, begun.finding.clone(), begun.values.clone(), world);
    Session::start(Arc::clone(&begun.book), Arc::clone(&world.eyes), world.hands(mode), opening, listen).await
}

/// Takes a run up again, as it began.
///
/// # Errors
/// See [`Session::resume`].
pub async fn resume(
    book: Arc<Runbook>,
    started: &Started,
    values: Vec<Known>,
    manner: &Manner,
    world: &World,
    listen: impl Fn(Event) + Send + Sync + 'static,
) -> Result<Session, SessionError> {
    let mode = started.mode;
    let opening = manner.opening(mode, started.finding.clone(), values, world);
    Session::resume(book, Arc::clone(&world.eyes), world.hands(mode), opening, &started.run, listen).await
}

/// The runbook by which a run goes on: as it is now, or as it was where there is none of that id any more; then with a note
/// that says so.
///
/// # Errors
/// A copy beside the journal that cannot be read.
pub fn now_or_then(
    books: &Books,
    started: &Started,
    folder: &std::path::Path,
) -> Result<(Arc<Runbook>, Option<String>), OpenError> {
    if let Some(book) = books.get(&started.runbook) {
        return Ok((Arc::clone(book), None));
    }
    let note = format!(
        "there is no runbook {} any more; the run goes on by the text that lies beside its journal",
        started.runbook
    );
    Ok((Arc::new(as_it_was(folder, &started.run)?), Some(note)))
}
