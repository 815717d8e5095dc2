//! Which step is at hand, and what it still needs.

use std::borrow::Cow;

use jiff::Timestamp;

use super::FRESH;
use crate::runbook::{
    model::{Action, Runbook, Step},
    record::Mode,
    state::{State, StepState, StepStatus, Undo},
};

/// What the run stands at.
#[expect(clippy::large_enum_variant, reason = "one at a time, on the stack")]
pub(super) enum Hand<'a> {
    /// A change that is to be taken back.
    Undo(&'a Undo),
    /// A step.
    Step(&'a Step, Cow<'a, StepState>),
    /// Nothing: all rests.
    Nothing,
}

/// What the run stands at.
pub(super) fn hand<'a>(book: &'a Runbook, state: &'a State) -> Hand<'a> {
    if let Some(undo) = state.next_undo() {
        return Hand::Undo(undo);
    }
    match at_hand(book, state) {
        Some(step) => Hand::Step(step, state.step(&step.id).map_or_else(Cow::default, Cow::Borrowed)),
        None => Hand::Nothing,
    }
}

/// The step that the run stands at, where it is none that is being taken back.
pub(super) fn at_hand<'a>(book: &'a Runbook, state: &State) -> Option<&'a Step> {
    let open = |step: &&Step| !rests(step, state);
    if state.rolling_back {
        // What nobody knows must be known before anybody can say that all is as it was.
        let unknown = book.forward().find(|step| unknown(state.status(&step.id)));
        return unknown.or_else(|| book.backward().find(open));
    }
    let forward: Vec<_> = book.forward().collect();
    let place = |id: &String| forward.iter().position(|step| step.id == *id);
    let begun = || forward.iter().rposition(|step| state.status(&step.id) != StepStatus::Pending);
    let from = state.last.as_ref().and_then(place).or_else(begun).unwrap_or(0);
    // What regressed is told at once, and settled at the end or when the operator goes there.
    let regressed =
        |step: &Step| state.step(&step.id).is_some_and(|known| known.status == StepStatus::Regressed && !known.again);
    let ahead = forward.iter().skip(from).copied().find(|step| open(step) && !regressed(step));
    // A step that was left pending behind stays as it is; one that was begun must be settled.
    ahead.or_else(|| forward.iter().copied().find(|step| open(step) && state.status(&step.id) != StepStatus::Pending))
}

/// Whether nobody knows what the step's action did.
pub(super) fn unknown(status: StepStatus) -> bool {
    matches!(status, StepStatus::Running | StepStatus::OutcomeUnknown)
}

/// Whether a step needs no decision any more.
pub(super) fn rests(step: &Step, state: &State) -> bool {
    let Some(known) = state.step(&step.id) else { return false };
    let settled = match known.status {
        StepStatus::Succeeded => step.verifications().next().is_none(),
        StepStatus::DoneByHand => step.gives().is_none_or(|name| given(state, name)),
        status => at_rest(status),
    };
    settled && !known.again
}

/// Whether a status is one of rest, whatever the step says.
pub(super) fn at_rest(status: StepStatus) -> bool {
    use StepStatus::{Deferred, DoneByHand, Overridden, RolledBack, Skipped, Succeeded, Verified};
    matches!(status, Verified | DoneByHand | Skipped | Overridden | Deferred | RolledBack | Succeeded)
}

/// Whether a parameter has a value.
pub(super) fn given(state: &State, name: &str) -> bool {
    state.params.contains_key(name) || state.secrets.iter().any(|secret| secret == name)
}

/// Parameters that must have a value before the first step: all that no step gives.
pub(super) fn missing_first(book: &Runbook, state: &State) -> Vec<String> {
    let later: Vec<_> = book.steps().filter_map(|(_, step)| step.gives()).collect();
    let open = book.params.iter().filter(|param| param.default.is_none() && !later.contains(&param.name.as_str()));
    open.map(|param| param.name.clone()).filter(|name| !given(state, name)).collect()
}

/// Parameters without a value among some names. A name that the runbook does not know is for the linter and for
/// preparing to refuse: nobody could give it a value.
pub(super) fn missing<'n>(book: &Runbook, state: &State, names: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    let wanted = |name: &&str| book.param(name).is_some_and(|param| param.default.is_none()) && !given(state, name);
    names.into_iter().filter(wanted).map(str::to_owned).collect()
}

/// Parameters without a value that a step reads.
pub(super) fn missing_of(book: &Runbook, state: &State, step: &Step) -> Vec<String> {
    missing(book, state, step.reads().into_iter().filter(|name| step.gives() != Some(name)))
}

/// Whether anything was decided yet.
pub(super) fn untouched(state: &State) -> bool {
    state.last.is_none() && !state.rolling_back
}

/// Whether this run acts: an instruction never does, nor does a plan.
pub(super) fn acts(state: &State) -> bool {
    state.started.as_ref().is_some_and(|started| matches!(started.mode, Mode::Run | Mode::Auto))
}

/// Whether something happened that rolling back deals with.
pub(super) fn something_begun(state: &State) -> bool {
    state.undo.iter().any(Undo::stands) || state.steps.values().any(|step| step.attempts > 0)
}

/// Whether an action's target and preconditions are known well enough to decide about it now.
pub(super) fn prepared(
    action: Option<&Action>,
    conditions: usize,
    known: &StepState,
    acts: bool,
    now: Timestamp,
) -> bool {
    let targeted = acts && action.is_some_and(|action| action.target.is_some());
    if !targeted && conditions == 0 {
        return true;
    }
    let fresh = |at: Timestamp| now.duration_since(at).unsigned_abs() < FRESH;
    let resolved = !targeted || known.identity.as_ref().is_some_and(|(_, at)| fresh(*at));
    resolved && known.required.len() >= conditions && known.prepared_at.is_some_and(fresh)
}
