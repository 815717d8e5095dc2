//! The edge: what effects ask for is done in tasks, and what becomes of it comes back as events. Nothing here is waited
//! for by [`super::update`] or [`super::view`].
//!
//! [`ground`] is what is read before anybody is asked. Each screen's work stands in a file of its own.

mod ground;
mod recorded;

pub use ground::{Ground, Opener};

use std::sync::Arc;

use tokio::sync::mpsc;

use super::event::{Effect, Event, Opened};

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
    ground: Arc<std::sync::OnceLock<Arc<Ground>>>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

impl Desk {
    /// A desk that reads what it needs when it is told to begin.
    pub fn new(opener: Opener) -> Self {
        Self { opener: Some(opener), ground: Arc::default() }
    }

    /// Reads checks and runbooks, and begins to ask. Reading takes a while, so that the first frame does not wait for it.
    fn open(&mut self, events: &Events) {
        let Some(opener) = self.opener.take() else { return };
        let (events, place) = (events.clone(), Arc::clone(&self.ground));
        tokio::task::spawn_blocking(move || match opener() {
            Ok(ground) => {
                let ground = Arc::new(ground);
                let _ = place.set(Arc::clone(&ground));
                let (books, folders) = (Arc::clone(&ground.books), ground.folders.clone());
                let _ = events.send(Event::Opened(Opened { books, person: crate::sign::person(), folders }));
                recorded::show(&ground, &events);
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
            // The driver does the last three itself.
            Effect::Copy(_)
            | Effect::Refresh(_)
            | Effect::Pause(_)
            | Effect::Every(_)
            | Effect::Cancel
            | Effect::Quit { .. }
            | Effect::Suspend
            | Effect::Mouse(_) => {}
            Effect::Findings(wish) => match wish {},
            Effect::Runbooks(wish) => match wish {},
            Effect::Run(wish) => match wish {},
            Effect::Checklist(wish) => match wish {},
            Effect::Capacity(wish) => match wish {},
            Effect::History(wish) => match wish {},
            Effect::Report(wish) => match wish {},
        }
    }
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
    let wish = crate::readiness::Wish { pack: None, stage: None };
    let judging = (knowledge, crate::check::params::Overrides::default(), wish);
    Ground::new(judging, books, None, (None, Some(snapshot)), Vec::new())
}
