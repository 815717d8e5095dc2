//! What stands between now and the next thing, and what may be decided about it.

mod step;
mod trouble;
mod undo;

use super::{
    Asks, Choice, Circumstances, Situation,
    hand::{Hand, hand, missing_first, something_begun, untouched},
};
use crate::runbook::{
    model::{Action, Danger, Runbook},
    record::Mode,
    state::{State, StepState, Undo},
};

/// What stands between now and the next thing.
pub fn situation(book: &Runbook, state: &State, circumstances: &Circumstances) -> Situation {
    stand(book, state, circumstances).0
}

/// What the operator may decide now, the best first; also where the situation itself carries no list. A note, an answer
/// and a tick are always possible besides.
pub fn choices(book: &Runbook, state: &State, circumstances: &Circumstances) -> Vec<Choice> {
    stand(book, state, circumstances).1
}

/// A situation with what may be decided in it.
fn stand(book: &Runbook, state: &State, circumstances: &Circumstances) -> (Situation, Vec<Choice>) {
    if state.ended.is_some() || state.started.as_ref().is_none_or(|started| started.mode == Mode::Plan) {
        return (Situation::Ended, Vec::new());
    }
    if state.aborted {
        return (Situation::ToFinish, vec![Choice::Finish]);
    }
    let open = if untouched(state) { missing_first(book, state) } else { Vec::new() };
    if !open.is_empty() {
        return (Situation::NeedsParams(open), vec![Choice::Pause, Choice::Abort]);
    }
    match hand(book, state) {
        Hand::Undo(undo) => undo::stand(book, state, undo, circumstances),
        Hand::Step(step, known) => step::stand(book, state, step, &known, circumstances),
        Hand::Nothing => (Situation::ToFinish, at_the_end(state)),
    }
}

fn at_the_end(state: &State) -> Vec<Choice> {
    let mut may = vec![Choice::Finish];
    if !state.rolling_back {
        may.push(Choice::GoTo);
        may.extend(back(state));
    }
    may.extend([Choice::Pause, Choice::Abort]);
    may
}

/// The ways back, where there is something to take back.
fn back(state: &State) -> Vec<Choice> {
    let take_back = (!state.rolling_back && state.undo.iter().any(Undo::stands)).then_some(Choice::TakeBack);
    let roll_back = (!state.rolling_back && something_begun(state)).then_some(Choice::RollBack);
    roll_back.into_iter().chain(take_back).collect()
}

/// The ways out of a step, after what is best in it.
fn ways_out(state: &State, best: &[Choice]) -> Vec<Choice> {
    let mut may = best.to_vec();
    if !state.rolling_back {
        may.push(Choice::GoTo);
        may.extend(back(state));
    }
    may.extend([Choice::Pause, Choice::Abort]);
    may
}

/// What is asked before an action.
fn asks(action: &Action, known: &StepState, state: &State, circumstances: &Circumstances) -> Asks {
    if action.danger == Danger::Dangerous || action.second_person {
        return Asks::Typed { name: typed_name(known, state), second_person: second_person(action, circumstances) };
    }
    match action.danger {
        Danger::Observe => Asks::Enter,
        _ => Asks::Yes,
    }
}

/// Whether a second person must agree to an action.
pub(super) fn second_person(action: &Action, circumstances: &Circumstances) -> bool {
    action.second_person || circumstances.second_person && action.danger == Danger::Dangerous
}

/// What is typed to confirm: the name of who the target said it is; the name of the whole target where the action
/// touches no source.
pub(super) fn typed_name(known: &StepState, state: &State) -> String {
    match &known.identity {
        Some((identity, _)) => identity.name(),
        None => state.started.as_ref().map(|started| started.target.clone()).unwrap_or_default(),
    }
}
