//! What stands before taking something back.

use super::{
    super::{
        Asks, Choice, Circumstances, Situation,
        hand::{acts, missing, prepared, unknown},
    },
    asks, trouble,
};
use crate::runbook::{
    model::{Action, Runbook, TargetRef},
    state::{State, StepStatus, Undo},
};

/// What always may be decided about an undo, after what is best.
const LEAVING: [Choice; 3] = [Choice::Skip, Choice::Pause, Choice::Abort];

/// What stands before an undo, and what may be decided.
pub(super) fn stand(
    book: &Runbook,
    state: &State,
    undo: &Undo,
    circumstances: &Circumstances,
) -> (Situation, Vec<Choice>) {
    let action = book.step(&undo.step).and_then(|step| step.undo.as_ref()).filter(|_| acts(state));
    let (asks, best) = match action {
        _ if unknown(undo.state.status) && !undo.state.again => settle(action, undo),
        _ if undo.state.status == StepStatus::Failed && !undo.state.again => {
            let retry = action.map(|_| Choice::Retry);
            (Asks::Trouble(trouble::failed(&undo.state)), vec![retry, Some(Choice::DoneByHand)])
        }
        None => (Asks::Hand, vec![Some(Choice::DoneByHand)]),
        Some(action) => match blocked(book, state, action, undo, circumstances) {
            Some(Ok(situation)) => return (situation, may(&by_hand(undo))),
            Some(Err((says, best))) => {
                (Asks::Trouble(says), best.into_iter().map(Some).chain(by_hand(undo)).collect::<Vec<_>>())
            }
            None => {
                let best = [Some(Choice::Go)].into_iter().chain(by_hand(undo)).collect();
                (asks(action, &undo.state, state, circumstances), best)
            }
        },
    };
    let may = may(&best);
    (Situation::RollingBack { step: undo.step.clone(), asks, may: may.clone() }, may)
}

fn may(best: &[Option<Choice>]) -> Vec<Choice> {
    best.iter().flatten().copied().chain(LEAVING).collect()
}

/// Doing it by hand; where an attempt is unknown that is marking it.
fn by_hand(undo: &Undo) -> Vec<Option<Choice>> {
    if unknown(undo.state.status) {
        vec![Some(Choice::MarkDone), Some(Choice::MarkNotDone)]
    } else {
        vec![Some(Choice::DoneByHand)]
    }
}

fn settle(action: Option<&Action>, undo: &Undo) -> (Asks, Vec<Option<Choice>>) {
    let retry = action.map(|_| Choice::Retry);
    let first = retry.filter(|_| action.is_some_and(|action| action.idempotent));
    let last = if first.is_some() { None } else { retry };
    let best = vec![first, Some(Choice::MarkDone), Some(Choice::MarkNotDone), last];
    (Asks::Settle(trouble::unknown(&undo.state)), best)
}

/// What is missing before an undo can be decided: a situation of its own, or a trouble with its best ways out.
fn blocked(
    book: &Runbook,
    state: &State,
    action: &Action,
    undo: &Undo,
    circumstances: &Circumstances,
) -> Option<Result<Situation, (String, Vec<Choice>)>> {
    let target = match &action.target {
        Some(TargetRef::Param(name)) => Some(name.as_str()),
        _ => None,
    };
    let reads = action.reads.iter().map(String::as_str).chain(target);
    let open = missing(book, state, reads.filter(|name| !undo.params.contains_key(*name)));
    if !open.is_empty() {
        return Some(Ok(Situation::NeedsParams(open)));
    }
    if let Some(says) = &undo.state.unresolved {
        let says = format!("the target could not be asked who it is: {says}");
        return Some(Err((says, vec![Choice::Retry])));
    }
    if !prepared(Some(action), 0, &undo.state, true, circumstances.now) {
        return Some(Ok(Situation::ToPrepare(undo.step.clone())));
    }
    trouble::before(&undo.state).map(|says| Err((says, vec![Choice::Retry, Choice::Override])))
}
