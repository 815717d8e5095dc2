//! What the plan comes to, with other numbers over it: thousands of draws, so that it is a task. There is nothing to
//! cancel: the number of draws is fixed, and so the time, a fraction of a second whatever the target's size.

use std::sync::{Arc, OnceLock};

use super::{Events, Ground};
use crate::{
    check::evaluate::Bench,
    outlook::{Case, Outlook, Stated},
    tui::{
        event::Event,
        screen::capacity::{Figures, News, Wish},
    },
};

/// Works it out over the latest answers.
pub(super) fn begin(ground: &Arc<OnceLock<Arc<Ground>>>, wish: Wish, events: &Events) {
    let (ground, events) = (ground.get().cloned(), events.clone());
    tokio::task::spawn_blocking(move || {
        let figures = ground.and_then(|ground| figures(&ground, &wish));
        let _ = events.send(Event::Capacity(News(figures)));
    });
}

/// What the plan in the latest answers comes to; nothing where nobody has answered.
pub(in crate::tui) fn figures(ground: &Ground, wish: &Wish) -> Option<Figures> {
    let snapshot = ground.latest()?;
    let bench = Bench::new(&ground.by.knowledge.library, &snapshot);
    let answers = |probe: &str| bench.relations(probe);
    let case = Case::new(&answers, &wish.flags, snapshot.finished_at);
    let outlook = Outlook::of(&snapshot.target.name, &case);
    Some(Figures { outlook: Arc::new(outlook), stated: Arc::new(Stated::of(&case)), version: wish.version })
}
