//! The run that is walked: where it stands, what comes next, and every decision of the engine.
//!
//! - [`state`]: what is known. [`news`]: what work says. [`begin`]: choosing and beginning. [`decide`]: from keys to
//!   decisions. [`ask`]: the dialogs. [`key`]: the commands.
//! - [`draw`]: the screen; [`page`]: the step in full; [`steps`]: the list of steps; [`end`]: what a run left.

mod ask;
mod begin;
mod decide;
mod draw;
pub(super) mod end;
mod key;
mod news;
mod page;
mod state;
mod steps;
#[cfg(test)]
pub(in crate::tui) mod tests;

pub use begin::{begin, resume};
pub(super) use begin::{cures, for_finding};
pub(super) use decide::{open, opens};
pub(super) use draw::draw;
pub use key::{Act, COMMANDS};
pub(super) use key::{act, enter_word, is_here, why_not};
pub(super) use news::{opened, told};
pub use state::{Chosen, News, Stand, State, Walk, Wish};

use crate::{
    runbook::machine::Choice,
    tui::{
        command::{Action, Motion},
        event::Effect,
        model::{Gravity, Model},
        over::Answer,
    },
};

/// What a choice or form is for.
#[derive(Debug, Clone, PartialEq)]
pub enum Purpose {
    /// One of several runbooks for a finding.
    Book {
        /// Their ids.
        ids: Vec<String>,
        /// The check of the finding.
        check: String,
        /// Its subject.
        subject: String,
    },
    /// Another run is under way: back to it, or leave it for what was asked for.
    Other(Box<Wish>),
    /// What was chosen is begun.
    Begin,
    /// What stands next is done.
    Go,
    /// The run is closed.
    Close,
    /// One of what may be decided.
    Menu(Vec<Choice>),
    /// Why.
    Why(Choice),
    /// Which step, of these.
    Which(Choice, Vec<String>),
    /// Why, for a step.
    WhyStep(Choice, String),
    /// How one can see that it was done, or that it was not.
    Evidence {
        /// Whether it was done.
        done: bool,
    },
    /// The value of a parameter.
    Value(String),
    /// An item is made sure of, of these.
    Tick(Vec<String>),
    /// Something to write down.
    Note,
    /// Processes of the program before are ended.
    Survivors,
}

/// Takes the answer of a choice or form.
pub(super) fn answered(model: &mut Model, purpose: &Purpose, answer: Answer) -> Vec<Effect> {
    match purpose {
        Purpose::Book { ids, check, subject } => begin::chose_book(model, ids, answer.row, check, subject),
        Purpose::Other(wish) => begin::chose_other(model, answer.row, wish),
        Purpose::Begin => begin::start(model),
        _ => decide::answered(model, purpose, answer),
    }
}

/// What leaving the program or its target, as `then` says, means while a step runs; nothing where it may be left at once.
pub(in crate::tui) fn before_quit(model: &mut Model, then: &Effect) -> Option<Vec<Effect>> {
    let state = &mut model.screens.run;
    if state.leaving.is_some() {
        return None;
    }
    let walk = state.walk.as_ref().filter(|walk| walk.is_open())?;
    if !walk.acts() {
        return None;
    }
    if !state.warned {
        state.warned = true;
        let key = model.key(Action::Run(Act::Stop));
        let words = "a step runs: once more stops it and leaves, and the run can be taken up again";
        model.say(Gravity::Error, format!("{words}; {key} stops it and stays"));
        return Some(Vec::new());
    }
    state.leaving = Some(then.clone());
    model.say(Gravity::Warning, "stopping the step, and writing down how it ended; once more leaves at once");
    Some(vec![Effect::Run(Wish::Leave)])
}

/// Moves: the live output while something runs, else the page.
pub(super) fn travel(model: &mut Model, motion: Motion) {
    if let Some(walk) = &mut model.screens.run.walk {
        if walk.acts() { walk.output.travel(motion) } else { walk.scroll.travel(motion) }
    }
}

/// What is chosen, as a line.
pub(super) fn line(model: &Model) -> Option<String> {
    let walk = model.screens.run.walk.as_ref()?;
    let book = walk.book.as_ref()?;
    let at = walk.step().map(|(step, _)| format!(", at `{}`", step.title)).unwrap_or_default();
    let run = walk.run.as_deref().unwrap_or("not begun yet");
    Some(format!("{} ({run}) on {}{at}", book.title, model.about.target))
}

/// What is chosen, as Markdown.
pub(super) fn markdown(model: &Model) -> Option<String> {
    page::markdown(model)
}
