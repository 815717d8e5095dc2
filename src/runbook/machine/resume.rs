//! Whether a run can go on with the text as it is now.

use std::collections::BTreeSet;

use super::{Refusal, hand::unknown};
use crate::runbook::{
    model::Runbook,
    record::{End, Mode, Started},
    state::{State, Undo},
};

/// Whether a run can be taken up with this text, and what has changed in it since the run began, in words. Steps are
/// found by id: what was inserted, renamed or reworded elsewhere does not matter.
///
/// # Errors
/// A plan, a run that has ended, another runbook; and a text in which the step at hand, one whose outcome is unknown, or one
/// whose undo stands is gone or is another: which, and what to do.
pub fn resume_check(book: &Runbook, state: &State) -> Result<Vec<String>, Refusal> {
    let Some(started) = &state.started else { return refuse("the journal has no beginning") };
    if started.mode == Mode::Plan {
        return refuse("this is the record of a plan, and a plan never becomes a run; start one");
    }
    if let Some((how, _)) = &state.ended
        && *how != End::CompletedExceptDeferred
    {
        return refuse("the run has ended; start another");
    }
    if started.runbook != book.id {
        return refuse(format!("the run is one of {}, and this is {}", started.runbook, book.id));
    }
    if started.hash == book.hash {
        return Ok(Vec::new());
    }
    for (step, why) in critical(state) {
        same(book, started, &step, why)?;
    }
    Ok(changes(book, started))
}

/// The steps that must be what they were, each with the reason.
fn critical(state: &State) -> Vec<(String, &'static str)> {
    let at_hand = state.current.iter().map(|step| (step.clone(), "the run stands at it"));
    let open = state.steps.iter().filter(|(_, known)| unknown(known.status) || known.unsettled);
    let open = open.map(|(step, _)| (step.clone(), "what it did is not known"));
    let standing = state.undo.iter().filter(|undo| Undo::stands(undo));
    let standing = standing.map(|undo| (undo.step.clone(), "what it did may have to be taken back"));
    open.chain(standing).chain(at_hand).collect()
}

fn same(book: &Runbook, started: &Started, step: &str, why: &str) -> Result<(), Refusal> {
    let now = book.step(step).map(|step| step.hash.as_str());
    let before = started.steps.get(step).map(String::as_str);
    let what = match (before, now) {
        (_, None) => "is gone from the runbook",
        (Some(before), Some(now)) if before != now => "is another in the runbook now",
        _ => return Ok(()),
    };
    refuse(format!(
        "the step `{step}` {what}, and {why}; go on with the text that lies beside the journal, or settle the step \
         there and start another run with this one"
    ))
}

fn changes(book: &Runbook, started: &Started) -> Vec<String> {
    let now: BTreeSet<_> = book.steps().map(|(_, step)| step.id.as_str()).collect();
    let gone = started.steps.keys().filter(|step| !now.contains(step.as_str()));
    let gone = gone.map(|step| format!("the step `{step}` is gone"));
    let other = book.steps().filter_map(|(_, step)| match started.steps.get(&step.id) {
        None => Some(format!("the step `{}` is new", step.id)),
        Some(hash) if *hash != step.hash => Some(format!("the step `{}` is another", step.id)),
        Some(_) => None,
    });
    let mut changes: Vec<_> = gone.chain(other).collect();
    if changes.is_empty() {
        changes.push("its words have changed, and its steps have not".to_owned());
    }
    changes
}

fn refuse<T>(why: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal(why.into()))
}
