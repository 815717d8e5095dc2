//! The edge: what effects ask for is done in tasks, and what becomes of it comes back as events. Nothing here is waited
//! for by [`super::update`] or [`super::view`].
//!
//! [`ground`] is what is read before anybody is asked. Each screen's work stands in a file of its own.
//!
//! What asks servers can take as long as they do, and is cancelled by a key: a round of answers (ctrl-x), all that a run
//! does (S). So can reading a long history (ctrl-x). The rest only computes over what is in memory, or reads and writes a
//! few files; each file here says why it is not cancelled. A disk that hangs holds up its own task and no key.

mod capacity;
mod checklist;
pub(super) mod clipboard;
mod findings;
mod ground;
mod history;
mod recorded;
mod report;
mod runs;
pub mod views;
mod watch;

pub use ground::{Ground, Judging, Opener};
pub use history::Place as HistoryPlace;

use std::sync::{Arc, OnceLock};

use tokio::sync::mpsc;

use super::event::{Effect, Event, Opened};
use crate::collect::watch::Watch;

#[cfg(test)]
pub(super) use capacity::figures;
#[cfg(test)]
pub(super) use recorded::show as show_recorded;

/// Where events go.
pub type Events = mpsc::UnboundedSender<Event>;

/// What effects are handed to.
pub trait Work: Send {
    /// Starts what an effect asks for, and comes back at once.
    fn begin(&mut self, effect: Effect, events: &Events);
}

/// The work of the real program.
pub struct Desk {
    opener: Option<Opener>,
    /// What was read; set once, by the task that reads.
    ground: Arc<OnceLock<Arc<Ground>>>,
    /// The watch over a live target.
    watch: Arc<OnceLock<Watch>>,
    runs: runs::Runs,
    history: history::Reader,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

impl Desk {
    /// A desk that reads what it needs when it is told to begin.
    pub fn new(opener: Opener) -> Self {
        Self {
            opener: Some(opener),
            ground: Arc::default(),
            watch: Arc::default(),
            runs: runs::Runs::default(),
            history: history::Reader::default(),
        }
    }

    /// Reads checks and runbooks, and begins to ask. Reading takes a while, so that the first frame does not wait for it.
    fn open(&mut self, events: &Events) {
        let Some(opener) = self.opener.take() else { return };
        let (events, place, watch) = (events.clone(), Arc::clone(&self.ground), Arc::clone(&self.watch));
        tokio::task::spawn_blocking(move || match opener() {
            Ok(ground) => {
                let ground = Arc::new(ground);
                // The opener was there once, and so these are set once.
                let _ = place.set(Arc::clone(&ground));
                if let Some(begun) = watch::begin(&ground, &events) {
                    let _ = watch.set(begun);
                }
                let (books, folders) = (Arc::clone(&ground.books), ground.folders.clone());
                let _ = events.send(Event::Opened(Opened { books, person: crate::sign::person(), folders }));
                if ground.live.is_none() {
                    recorded::show(&ground, &events);
                }
            }
            Err(words) => {
                let _ = events.send(Event::Failed(words));
            }
        });
    }
}

impl Work for Desk {
    fn begin(&mut self, effect: Effect, events: &Events) {
        match effect {
            Effect::Open => self.open(events),
            Effect::Refresh(_) | Effect::Pause(_) | Effect::Every(_) | Effect::Cancel => {
                watch::order(self.watch.get(), effect);
            }
            // The driver does the last three itself.
            Effect::Copy(_) | Effect::Quit { .. } | Effect::Switch(_) | Effect::Suspend | Effect::Mouse(_) => {}
            Effect::Findings(wish) => findings::begin(self.ground.get().cloned(), wish, events),
            Effect::Runbooks(wish) => runs::Runs::list(wish, self.ground.get(), events),
            Effect::Run(wish) => self.runs.begin(wish, self.ground.get(), events),
            Effect::Checklist(wish) => checklist::begin(&self.ground, wish, events),
            Effect::Capacity(wish) => capacity::begin(&self.ground, wish, events),
            Effect::History(wish) => self.history.begin(self.ground.get(), wish, events),
            Effect::Report(wish) => report::begin(&self.ground, wish, events),
        }
    }
}

/// The checklist of a ground.
#[cfg(test)]
pub(super) fn list_for_tests(ground: &Ground, audit: &crate::report::Audit) -> crate::readiness::checklist::Checklist {
    checklist::list(ground, audit).unwrap()
}

/// A campaign over a ground.
#[cfg(test)]
pub(super) fn planned_for_tests(
    ground: &Ground,
    audit: &crate::report::Audit,
    file: &crate::readiness::campaign::CampaignFile,
) -> Result<super::screen::checklist::Planned, String> {
    checklist::on_the_day(ground, audit, file, ground.by.wish.as_ref().unwrap())
}

/// The ground of the demo.
#[cfg(test)]
pub(super) fn demo_ground() -> Ground {
    let files = crate::assets::layered(&[]).unwrap();
    let mut library = crate::check::library::Library::load(&files).unwrap();
    let packs = crate::readiness::Packs::load(&files, &mut library).unwrap();
    let (files, unread) = crate::assets::runbooks::layered(&[]).unwrap();
    let books = Arc::new(crate::runbook::library::Books::load(&files, &unread));
    let snapshot = crate::snapshot::Snapshot::read(include_str!("../../assets/demo.json")).unwrap();
    let knowledge = crate::readiness::Knowledge { library, packs };
    let judging = Judging {
        wanted: knowledge.library.checks().map(|check| check.def.id.clone()).collect(),
        knowledge,
        overrides: crate::check::params::Overrides::default(),
        wish: Some(crate::readiness::Wish { pack: None, stage: None }),
        earlier: Vec::new(),
    };
    Ground::recorded(judging, books, None, snapshot)
}
