//! What work stands on: checks, runbooks, the target, the latest answers.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;

use super::HistoryPlace;
use crate::{
    check::{evaluate::Bench, library::Check, params::Overrides, probe::Probe},
    clock,
    collect::watch::Options,
    config::{ATTESTATIONS, ConfigFile, Target},
    readiness::{ANSWERS, Knowledge, WAIVERS, Wish, campaign::CampaignFile},
    report::Audit,
    runbook::library::Books,
    snapshot::{Observation, Redactor, Snapshot, SourceKind, Table},
    source::Folders,
};

/// Reads what work stands on, in a task of its own; an error in words.
pub type Opener = Box<dyn FnOnce() -> Result<Ground, String> + Send>;

/// What answers are judged by.
#[derive(Debug)]
pub struct Judging {
    /// Checks and packs.
    pub knowledge: Knowledge,
    /// Thresholds.
    pub overrides: Overrides,
    /// The checks that are wanted.
    pub wanted: BTreeSet<String>,
    /// The pack and stage that are judged by; none where only some checks are wanted.
    pub wish: Option<Wish>,
    /// Earlier snapshots of the same target.
    pub earlier: Vec<Snapshot>,
}

/// What was read of signed files: the probe, when, and what.
type Signed = (&'static str, Timestamp, Table);

/// Puts what was signed in the place of what answers say of it.
fn lay(snapshot: Arc<Snapshot>, signed: &[Signed]) -> Arc<Snapshot> {
    if signed.is_empty() {
        return snapshot;
    }
    let mut newer = (*snapshot).clone();
    for (id, read, table) in signed {
        newer.replace(ATTESTATIONS, SourceKind::Attestation, id, *read, table.clone());
    }
    Arc::new(newer)
}

/// What work stands on.
#[derive(Debug)]
pub struct Ground {
    /// What answers are judged by.
    pub by: Judging,
    /// All runbooks.
    pub books: Arc<Books>,
    /// The configuration file, with its path.
    pub config: Option<(PathBuf, ConfigFile)>,
    /// Folders of own checks that flags name, laid over all others.
    pub checks: Vec<PathBuf>,
    /// Whom to ask; none for a recording.
    pub live: Option<Arc<Target>>,
    /// What is asked.
    pub probes: Vec<Probe>,
    /// How it is asked.
    pub options: Options,
    /// The latest answers: of a recording, all that there are.
    latest: Mutex<Option<Arc<Snapshot>>>,
    /// What was read of the signed files after the last was written: newer than what the watch knows, until it asks again.
    signed: Mutex<Vec<Signed>>,
    /// Where answers and waivers are written; nothing where there is no place for them.
    pub folders: Option<Folders>,
    /// Where past audits are read, and live ones written down.
    pub history: HistoryPlace,
    /// The campaign that the target is made ready for.
    pub campaign: Option<CampaignFile>,
}

impl Ground {
    /// Over a recording.
    pub fn recorded(by: Judging, books: Arc<Books>, config: Option<(PathBuf, ConfigFile)>, snapshot: Snapshot) -> Self {
        Self {
            by,
            books,
            config,
            live: None,
            probes: Vec::new(),
            options: Options::default(),
            latest: Mutex::new(Some(Arc::new(snapshot))),
            signed: Mutex::default(),
            checks: Vec::new(),
            folders: None,
            history: HistoryPlace::none(),
            campaign: None,
        }
    }

    /// Over a live target: what is asked of it, and how.
    pub fn live(
        by: Judging,
        books: Arc<Books>,
        config: Option<(PathBuf, ConfigFile)>,
        target: Target,
        (probes, options): (Vec<Probe>, Options),
    ) -> Self {
        let latest = Mutex::new(None);
        Self {
            by,
            books,
            config,
            live: Some(Arc::new(target)),
            probes,
            options,
            latest,
            signed: Mutex::default(),
            checks: Vec::new(),
            folders: None,
            history: HistoryPlace::none(),
            campaign: None,
        }
    }

    /// The same, with a campaign to be made ready for.
    #[must_use]
    pub fn before(mut self, campaign: Option<CampaignFile>) -> Self {
        self.campaign = campaign;
        self
    }

    /// The same, with a place for answers and waivers.
    #[must_use]
    pub fn signing(mut self, folders: Option<Folders>) -> Self {
        self.folders = folders;
        self
    }

    /// The same, with a place for past audits.
    #[must_use]
    pub fn remembering(mut self, history: HistoryPlace) -> Self {
        self.history = history;
        self
    }

    /// Reads answers and waivers again after one was written, and judges the latest answers of the servers anew; nothing
    /// where there are none yet. It takes a while: never on the task that draws.
    ///
    /// # Errors
    /// A folder that cannot be read, in words.
    pub fn sign_again(&self) -> Result<Option<Audit>, String> {
        let Some(folders) = &self.folders else { return Ok(None) };
        let mut read = Vec::new();
        for (id, folder) in [(ANSWERS, &folders.attestations), (WAIVERS, &folders.waivers)] {
            let there = folder.as_ref().is_some_and(|folder| folder.is_dir());
            if let (true, Some(probe)) = (there, self.by.knowledge.library.probe(id)) {
                let table = folders.read(probe, &Redactor::default()).map_err(|fault| fault.to_string())?;
                read.push((id, clock::now(), table));
            }
        }
        let snapshot = self.latest().map(|latest| lay(latest, &read));
        *self.signed.lock().unwrap_or_else(PoisonError::into_inner) = read;
        let Some(snapshot) = snapshot else { return Ok(None) };
        self.answered(Arc::clone(&snapshot));
        self.judge(&snapshot).map(Some)
    }

    /// Answers with what was signed since in the place of what was read of the same files before: a watch asks for the
    /// signed files seldom, and what somebody has just written must not be gone with the next answer of a server.
    pub fn with_signed(&self, snapshot: Arc<Snapshot>) -> Arc<Snapshot> {
        let mut signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        let asked_since = |id: &str, read: Timestamp| {
            let of = |o: &&Observation| o.source == ATTESTATIONS && o.probe == id;
            snapshot.observations.iter().filter(of).any(|o| o.at > read)
        };
        signed.retain(|(id, read, _)| !asked_since(id, *read));
        lay(snapshot, &signed)
    }

    /// The same, with folders of own checks.
    #[must_use]
    pub fn with_checks(mut self, folders: &[PathBuf]) -> Self {
        self.checks = folders.to_vec();
        self
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
        self.judge_by(snapshot, self.by.wish.as_ref())
    }

    /// The same by another pack or stage.
    ///
    /// # Errors
    /// A pack or stage that is not there, in words.
    pub fn judge_by(&self, snapshot: &Snapshot, wish: Option<&Wish>) -> Result<Audit, String> {
        let by = &self.by;
        let bench = Bench::new(&by.knowledge.library, snapshot);
        let wanted = |check: &Check| by.wanted.contains(&check.def.id);
        let judged = by.knowledge.judge(&by.overrides, &bench, &by.earlier, wanted, wish)?;
        Ok(Audit::new(snapshot, judged))
    }
}
