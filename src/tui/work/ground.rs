//! What work stands on: checks, runbooks, the target, the latest answers.

use std::sync::{Arc, Mutex, PoisonError};

use crate::{
    check::params::Overrides,
    clock,
    config::{ATTESTATIONS, ConfigFile, Target},
    readiness::{ANSWERS, Knowledge, WAIVERS, Wish},
    report::Audit,
    runbook::library::Books,
    snapshot::{Redactor, Snapshot, SourceKind},
    source::Folders,
};

/// Reads what work stands on, in a task of its own; an error in words.
pub type Opener = Box<dyn FnOnce() -> Result<Ground, String> + Send>;

/// What work stands on.
#[derive(Debug)]
pub struct Ground {
    /// Checks and packs.
    pub knowledge: Knowledge,
    /// Thresholds.
    pub overrides: Overrides,
    /// The pack and stage that are judged by.
    pub wish: Wish,
    /// Earlier snapshots of the same target.
    pub earlier: Vec<Snapshot>,
    /// All runbooks.
    pub books: Arc<Books>,
    /// The configuration file, with its path.
    pub config: Option<(std::path::PathBuf, ConfigFile)>,
    /// Whom to ask; none for a recording.
    pub live: Option<Arc<Target>>,
    /// The latest answers: of a recording, all that there are.
    latest: Mutex<Option<Arc<Snapshot>>>,
    /// Where answers and waivers are written; nothing where there is no place for them.
    pub folders: Option<Folders>,
}

impl Ground {
    /// Over what was read.
    pub fn new(
        (knowledge, overrides, wish): (Knowledge, Overrides, Wish),
        books: Arc<Books>,
        config: Option<(std::path::PathBuf, ConfigFile)>,
        (live, recorded): (Option<Arc<Target>>, Option<Snapshot>),
        earlier: Vec<Snapshot>,
    ) -> Self {
        let latest = Mutex::new(recorded.map(Arc::new));
        Self { knowledge, overrides, wish, earlier, books, config, live, latest, folders: None }
    }

    /// The same, with a place for answers and waivers.
    #[must_use]
    pub fn signing(mut self, folders: Option<Folders>) -> Self {
        self.folders = folders;
        self
    }

    /// Reads answers and waivers again after one was written, and judges the latest answers of the servers anew; nothing
    /// where there are none yet. It takes a while: never on the task that draws.
    ///
    /// # Errors
    /// A folder that cannot be read, in words.
    pub fn sign_again(&self) -> Result<Option<Audit>, String> {
        let (Some(folders), Some(latest)) = (&self.folders, self.latest()) else { return Ok(None) };
        let mut snapshot = (*latest).clone();
        for (id, folder) in [(ANSWERS, &folders.attestations), (WAIVERS, &folders.waivers)] {
            let there = folder.as_ref().is_some_and(|folder| folder.is_dir());
            if let (true, Some(probe)) = (there, self.knowledge.library.probe(id)) {
                let table = folders.read(probe, &Redactor::default()).map_err(|fault| fault.to_string())?;
                snapshot.replace(ATTESTATIONS, SourceKind::Attestation, id, clock::now(), table);
            }
        }
        let snapshot = Arc::new(snapshot);
        self.answered(Arc::clone(&snapshot));
        self.judge(&snapshot).map(Some)
    }

    /// The latest answers.
    pub fn latest(&self) -> Option<Arc<Snapshot>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes new answers.
    pub fn answered(&self, snapshot: Arc<Snapshot>) {
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(snapshot);
    }

    /// What a snapshot comes to. It takes a while: never on the task that draws.
    ///
    /// # Errors
    /// A pack or stage that is not there, in words.
    pub fn judge(&self, snapshot: &Snapshot) -> Result<Audit, String> {
        let bench = crate::check::evaluate::Bench::new(&self.knowledge.library, snapshot);
        let judged = self.knowledge.judge(&self.overrides, &bench, &self.earlier, |_| true, Some(&self.wish))?;
        Ok(Audit::new(snapshot, judged))
    }
}
