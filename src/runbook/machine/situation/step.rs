//! What stands before a step.

use super::{
    super::{
        Asks, Choice, Circumstances, Situation,
        hand::{acts, given, missing_of, prepared, unknown},
    },
    asks, trouble, ways_out,
};
use crate::runbook::{
    model::{Action, ActionKind, Danger, Runbook, Step},
    state::{State, StepState, StepStatus},
};

/// What stands before a step, and what may be decided.
pub(super) fn stand(
    book: &Runbook,
    state: &State,
    step: &Step,
    known: &StepState,
    circumstances: &Circumstances,
) -> (Situation, Vec<Choice>) {
    let look = step.verifications().next().map(|_| Choice::Verify);
    let case = settled(state, step, known, look).or_else(|| blocked(book, state, step, known, circumstances));
    let (asks, may) = match case {
        Some(Case::Ask(asks, may)) => (asks, may),
        Some(Case::Other(situation)) => return (situation, ways_out(state, &leaving(known))),
        None => ready(state, step, known, look, circumstances),
    };
    (Situation::Step { step: step.id.clone(), asks, may: may.clone() }, may)
}

enum Case {
    Ask(Asks, Vec<Choice>),
    Other(Situation),
}

/// Leaving a step out: not where nobody knows what it did.
fn leaving(known: &StepState) -> Vec<Choice> {
    if known.unsettled || unknown(known.status) { settling(known) } else { vec![Choice::Skip, Choice::Defer] }
}

fn settling(known: &StepState) -> Vec<Choice> {
    if unknown(known.status) { vec![Choice::MarkDone, Choice::MarkNotDone] } else { Vec::new() }
}

/// What must be settled before anything else: an attempt that did not end well, or one that is not looked at yet.
fn settled(state: &State, step: &Step, known: &StepState, look: Option<Choice>) -> Option<Case> {
    if known.again {
        return None;
    }
    let retry = step.action.as_ref().filter(|_| acts(state) && !state.rolling_back).map(|_| Choice::Retry);
    let acting = step.action.as_ref().is_some_and(|action| action.kind.acts());
    let list = |parts: &[Option<Choice>]| parts.iter().flatten().copied().collect::<Vec<_>>();
    let (asks, best) = match known.status {
        StepStatus::Running | StepStatus::OutcomeUnknown => {
            return Some(Case::Ask(Asks::Settle(trouble::unknown(known)), settle(state, step, look)));
        }
        StepStatus::Failed => (
            Asks::Trouble(trouble::failed(known)),
            list(&[retry, look, Some(Choice::DoneByHand), Some(Choice::Skip), Some(Choice::Defer)]),
        ),
        StepStatus::VerifyFailed | StepStatus::Regressed => (
            Asks::Trouble(trouble::not_verified(known)),
            list(&[look, retry.filter(|_| acting), Some(Choice::Override)]),
        ),
        StepStatus::Succeeded => (Asks::Enter, list(&[look, retry.filter(|_| acting), Some(Choice::Override)])),
        StepStatus::DoneByHand => {
            let name = step.gives().filter(|name| !given(state, name))?;
            (Asks::Value(name.to_owned()), vec![Choice::Skip])
        }
        _ => return None,
    };
    Some(Case::Ask(asks, ways_out(state, &best)))
}

/// In this order: looking decides most cases, acting again comes after all that does not act.
fn settle(state: &State, step: &Step, look: Option<Choice>) -> Vec<Choice> {
    let retry = (acts(state) && !state.rolling_back).then_some(Choice::Retry);
    let repeatable = step.action.as_ref().is_some_and(repeatable);
    let mut may: Vec<_> = if repeatable { retry.into_iter().collect() } else { Vec::new() };
    may.extend(look);
    may.extend([Choice::MarkDone, Choice::MarkNotDone]);
    may.extend(retry.filter(|_| !repeatable));
    may.extend((!state.rolling_back).then_some(Choice::RollBack));
    may.extend([Choice::Pause, Choice::Abort]);
    may
}

/// Whether doing it twice harms no more than once. A script may do anything, whatever it is called.
fn repeatable(action: &Action) -> bool {
    action.idempotent || action.danger == Danger::Observe && !matches!(action.kind, ActionKind::Sh { .. })
}

/// What is missing before a step can be decided.
fn blocked(
    book: &Runbook,
    state: &State,
    step: &Step,
    known: &StepState,
    circumstances: &Circumstances,
) -> Option<Case> {
    let open = missing_of(book, state, step);
    if !open.is_empty() {
        return Some(Case::Other(Situation::NeedsParams(open)));
    }
    let trouble = |says: String, best: &[Choice]| {
        let best: Vec<_> = best.iter().copied().chain(leaving(known)).collect();
        Some(Case::Ask(Asks::Trouble(says), ways_out(state, &best)))
    };
    if let Some(says) = known.unresolved.as_ref().filter(|_| acts(state)) {
        return trouble(format!("the target could not be asked who it is: {says}"), &[Choice::Retry]);
    }
    if !prepared(step.action.as_ref(), step.require.len(), known, acts(state), circumstances.now) {
        return Some(Case::Other(Situation::ToPrepare(step.id.clone())));
    }
    trouble::before(known).and_then(|says| trouble(says, &[Choice::Retry, Choice::Override]))
}

/// What is asked where nothing is in the way.
fn ready(
    state: &State,
    step: &Step,
    known: &StepState,
    look: Option<Choice>,
    circumstances: &Circumstances,
) -> (Asks, Vec<Choice>) {
    let by_hand = if unknown(known.status) { None } else { Some(Choice::DoneByHand) };
    let (asks, best) = match step.action.as_ref().map(|action| (action, &action.kind)) {
        None => (Asks::Hand, [look, by_hand, None]),
        Some((_, kind)) if kind.acts() && !acts(state) => (Asks::Hand, [by_hand, look, None]),
        Some((action, kind)) if kind.acts() => {
            (asks(action, known, state, circumstances), [Some(Choice::Go), look, by_hand])
        }
        Some((_, ActionKind::Ask(name))) => {
            (Asks::Value(name.clone()), [given(state, name).then_some(Choice::Go), None, None])
        }
        Some((_, ActionKind::Confirm(question))) => (Asks::Question(question.clone()), [Some(Choice::Go), None, None]),
        Some((_, ActionKind::Check(_))) => (Asks::Enter, [Some(Choice::Go), by_hand, None]),
        Some(_) => (Asks::Enter, [Some(Choice::Go), None, None]),
    };
    let best: Vec<_> = best.into_iter().flatten().chain(leaving(known)).collect();
    (asks, ways_out(state, &best))
}
