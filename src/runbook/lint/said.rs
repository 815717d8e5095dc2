//! Markdown shows no attributes: danger, target and timeout stand in the prose, too, and both say the same.

use super::Notes;
use crate::runbook::{
    document::{Facts, Said, StepFacts, duration_written, is_said, spoken, target_written},
    model::{Action, Danger, Place, Runbook, Step},
};

pub(super) fn look(book: &Runbook, facts: &Facts, notes: &mut Notes) {
    for (_, step) in book.steps() {
        let (Some(action), Some(of)) = (step.action.as_ref().filter(|a| a.kind.acts()), facts.steps.get(&step.id))
        else {
            continue;
        };
        match &of.said {
            Some((said, place)) => compare(action, of, said, *place, notes),
            None if action.danger > Danger::Observe => notes.grave(step.place, missing(step, action, of)),
            None => {}
        }
    }
}

fn missing(step: &Step, action: &Action, of: &StepFacts) -> String {
    format!(
        "the prose of `{}` does not say its danger, and Markdown shows no attributes: write `{}`",
        step.id,
        line(action, of)
    )
}

/// The line that the prose should have.
fn line(action: &Action, of: &StepFacts) -> String {
    let mut line = vec![format!("Danger: {}.", action.danger.word())];
    line.extend(action.target.as_ref().map(|target| format!("Target: {}.", target_written(target))));
    line.extend(of.timeout_given.then(|| format!("Timeout: {}.", duration_written(action.timeout))));
    line.join(" ")
}

fn compare(action: &Action, of: &StepFacts, said: &Said, place: Place, notes: &mut Notes) {
    let must = |what: &str| format!("the prose {what}; write `{}`", line(action, of));
    if said.danger != action.danger {
        notes
            .grave(place, must(&format!("says danger {}, and the fence {}", said.danger.word(), action.danger.word())));
    }
    match (&action.target, &said.target) {
        (Some(target), Some(said)) if !is_said(target, said) => {
            notes.grave(place, must(&format!("says target {said}, and the fence {}", target_written(target))));
        }
        (Some(target), None) if action.danger > Danger::Observe => {
            notes.grave(place, must(&format!("does not say the target {}", target_written(target))));
        }
        (None, Some(said)) => notes.grave(place, must(&format!("says target {said}, and the fence has none"))),
        _ => {}
    }
    match &said.timeout {
        Some(said) if spoken(said) != Some(action.timeout) => {
            let text = format!("says timeout {said}, and the fence {}", duration_written(action.timeout));
            notes.grave(place, must(&text));
        }
        None if of.timeout_given && action.danger > Danger::Observe => {
            notes.grave(place, must(&format!("does not say the timeout {}", duration_written(action.timeout))));
        }
        _ => {}
    }
}
