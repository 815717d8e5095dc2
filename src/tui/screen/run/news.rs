//! What work says of a run.

use super::{News, Stand, Walk, Wish, ask, begin};
use crate::{
    quantity,
    runbook::{machine::Situation, session::TakenUp},
    snapshot::Unit,
    tui::{
        event::Effect,
        model::{Gravity, Mode, Model},
        nav::Place,
        screen::runbooks,
    },
};

/// What is known without asking has been read: the engine is told whether steps may run.
pub(in crate::tui::screen) fn opened(model: &Model) -> Vec<Effect> {
    if model.about.mode == Mode::Guarded { vec![Effect::Run(Wish::Guard(true))] } else { Vec::new() }
}

/// Takes news of work.
pub(in crate::tui::screen) fn told(model: &mut Model, news: News) -> Vec<Effect> {
    let now = model.now;
    match news {
        News::Chosen(chosen) => return begin::ready(model, chosen),
        News::Refused(why) => refused(model, &why),
        News::Began { run, folder, book, taken_up } => {
            if let Some(walk) = &mut model.screens.run.walk {
                walk.run = Some(run);
                walk.folder = Some(folder);
                walk.book = Some(book);
            }
            if let Some(taken_up) = taken_up {
                resumed(model, &taken_up);
            }
        }
        News::Happened(event) => {
            if let Some(walk) = &mut model.screens.run.walk {
                walk.happened(*event, now);
            }
        }
        News::Stands(stand) => return stands(model, *stand),
        News::Lost(why) => return lost(model, why),
        News::Left => return left(model),
    }
    Vec::new()
}

fn refused(model: &mut Model, why: &str) {
    let state = &mut model.screens.run;
    if state.choosing.take().is_some() && state.walk.is_none() {
        leave_place(model);
    }
    model.say(Gravity::Error, format!("not done: {why}"));
}

/// What was found when a run was taken up.
fn resumed(model: &mut Model, taken_up: &TakenUp) {
    let age = quantity::show(taken_up.age.as_secs_f64().max(0.0), Unit::Seconds);
    let mut words = vec![format!("taken up again; last touched {age} ago")];
    words.extend(taken_up.changed.iter().map(|changed| format!("changed since: {changed}")));
    words.extend(
        taken_up
            .torn
            .iter()
            .map(|torn| format!("line {} of its journal was not written to its end; it was never acted on", torn.line)),
    );
    words.extend(taken_up.unknown.iter().map(|step| format!("whether {step} was done is not known")));
    let gravity = if words.len() > 1 { Gravity::Error } else { Gravity::Info };
    model.say(gravity, words.join(". "));
}

fn stands(model: &mut Model, stand: Stand) -> Vec<Effect> {
    let survivors = !stand.survivors.is_empty();
    let (paused, ended) = (stand.state.paused, stand.situation == Situation::Ended);
    let state = &mut model.screens.run;
    // For another run, or with the program: that was asked for already, and asked twice it would hit the one after.
    let is_being_left = state.next.is_some() || state.leaving.is_some();
    state.warned = false;
    let first = state.walk.as_ref().is_some_and(|walk| walk.stand.is_none());
    let Some(walk) = &mut state.walk else { return Vec::new() };
    walk.stands(stand);
    if ended {
        let run = walk.run.clone().unwrap_or_default();
        let mut effects = vec![Effect::Runbooks(runbooks::Wish::Read(run))];
        effects.extend((!is_being_left).then_some(Effect::Run(Wish::Leave)));
        // What it cured shows at once.
        effects.extend((!model.is_recorded()).then_some(Effect::Refresh(None)));
        return effects;
    }
    if paused {
        walk.left = true;
        return if is_being_left { Vec::new() } else { stopped(model, first) };
    }
    // Processes that outlived the program come before anything else.
    if first && survivors {
        ask::survivors(model);
    }
    Vec::new()
}

/// The run is paused. Where its very first look was stopped, the operator is back at what the run was to be begun from.
fn stopped(model: &mut Model, at_once: bool) -> Vec<Effect> {
    if at_once {
        leave_place(model);
        let words =
            "stopped before the first step: nothing was done. Begin it anew, or take the run up again: 4, then u";
        model.say(Gravity::Warning, words);
    } else {
        model.say(Gravity::Info, "paused; it is among the runs of the runbooks screen, to be taken up again");
    }
    vec![Effect::Run(Wish::Leave)]
}

/// A session that cannot go on: its journal tells what it was at.
fn lost(model: &mut Model, why: String) -> Vec<Effect> {
    let state = &mut model.screens.run;
    if let Some(walk) = &mut state.walk {
        walk.lost = Some(why.clone());
        walk.busy = false;
        walk.doing = None;
    }
    model.say(Gravity::Error, why);
    vec![Effect::Runbooks(runbooks::Wish::List)]
}

/// The run was left: the program with it, or for another run.
fn left(model: &mut Model) -> Vec<Effect> {
    let state = &mut model.screens.run;
    if let Some(walk) = &mut state.walk {
        walk.left = walk.left || walk.state.ended.is_none();
        walk.busy = false;
        walk.doing = None;
    }
    if let Some(then) = state.leaving.take() {
        return vec![then];
    }
    let mut effects = vec![Effect::Runbooks(runbooks::Wish::List)];
    if let Some(next) = state.next.take() {
        effects.extend(begin::go_on(model, next));
    }
    effects
}

/// Out of the place of the run, where there is none.
pub(super) fn leave_place(model: &mut Model) {
    if *model.nav.place() == Place::Run {
        model.nav.leave();
    }
}

/// A walk for tests and for beginning.
pub(super) fn put(model: &mut Model, walk: Walk) {
    model.screens.run.walk = Some(walk);
    model.nav.enter(Place::Run);
}
