//! The target that a runbook is for: eyes on it, and what is known of it without asking.

use std::sync::Arc;

use crate::{
    check::{library::Library, params::Overrides},
    config::Target,
    runbook::{
        eyes::{LiveEyes, RecordedEyes},
        hands::{Gated, Lock, RealHands},
        port::{Eyes, Hands},
        record::Mode,
    },
    snapshot::{Snapshot, SourceKind},
    source::postgres::conninfo::Env,
};

/// A target, and the eyes on it.
#[derive(Clone)]
pub struct World {
    /// Looks at it.
    pub eyes: Arc<dyn Eyes>,
    /// Its sources, by name.
    pub sources: Vec<(String, SourceKind)>,
    /// Whom to act on; none for a recording.
    pub live: Option<Arc<Target>>,
    /// Whether its configuration wants a second person for dangerous steps.
    pub second_person: bool,
    /// What keeps hands from acting while it is locked; none where every confirmed step may run.
    pub lock: Option<Arc<Lock>>,
}

impl World {
    /// A live target.
    pub fn live(target: Arc<Target>, library: Library, overrides: Overrides, second_person: bool) -> Self {
        Self {
            eyes: Arc::new(LiveEyes::new(Arc::clone(&target), library, overrides)),
            sources: target.sources.iter().map(|source| (source.name.clone(), source.kind())).collect(),
            second_person,
            live: Some(target),
            lock: None,
        }
    }

    /// A recording: it can be looked at, and nothing can be run on it.
    pub fn recorded(snapshot: Snapshot, library: Library, overrides: Overrides, second_person: bool) -> Self {
        let sources = snapshot.sources.iter().map(|source| (source.name.clone(), source.kind)).collect();
        let eyes = Arc::new(RecordedEyes::new(snapshot, library, overrides));
        Self { eyes, sources, live: None, second_person, lock: None }
    }

    /// The same, with hands that act only while a lock is open.
    #[must_use]
    pub fn locked_by(mut self, lock: Arc<Lock>) -> Self {
        self.lock = Some(lock);
        self
    }

    /// Hands on the target, where something may be run by them: not in an instruction, not on a recording.
    pub fn hands(&self, mode: Mode) -> Option<Arc<dyn Hands>> {
        let target = self.live.as_ref().filter(|_| matches!(mode, Mode::Run | Mode::Auto))?;
        let hands: Arc<dyn Hands> = Arc::new(RealHands::new(Arc::clone(target), Env::from_process().vars));
        Some(match &self.lock {
            Some(lock) => Arc::new(Gated::new(hands, Arc::clone(lock))),
            None => hands,
        })
    }
}
