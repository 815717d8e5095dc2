//! What a run leaves behind: findings that changed, changes that stand, and what nobody knows.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Change, Standing};
use crate::runbook::{
    model::{Danger, Runbook, Step},
    record::{End, Mode},
    state::{State, StepStatus},
};

/// The word by which a snapshot's record says that something could not be measured.
const UNKNOWN: &str = "UNKNOWN";

/// What the snapshots before and after say. Not measured is never fixed.
pub(super) fn change(state: &State) -> Option<Change> {
    let ((_, before), (_, after)) = (state.before.as_ref()?, state.after.as_ref()?);
    let mut change = Change { fixed: vec![], broken: vec![], same: vec![], unmeasured: vec![] };
    for (finding, status) in before.iter().filter(|(_, status)| is_bad(status)) {
        let kind = match after.get(finding) {
            Some(now) if is_unknown(now) => &mut change.unmeasured,
            Some(now) if rank(now) > rank(status) => &mut change.broken,
            Some(_) => &mut change.same,
            None if is_check_unmeasured(finding, after) => &mut change.unmeasured,
            None => &mut change.fixed,
        };
        kind.push(finding.clone());
    }
    let new =
        after.iter().filter(|(finding, status)| is_bad(status) && !before.get(*finding).is_some_and(|s| is_bad(s)));
    change.broken.extend(new.map(|(finding, _)| finding.clone()));
    Some(change)
}

fn is_unknown(status: &str) -> bool {
    status.eq_ignore_ascii_case(UNKNOWN)
}

fn is_bad(status: &str) -> bool {
    !is_unknown(status)
}

fn rank(status: &str) -> u8 {
    if status.eq_ignore_ascii_case("fail") { 2 } else { 1 }
}

/// Whether the check of a finding could not be asked of some subject: then its silence says nothing.
fn is_check_unmeasured(finding: &str, after: &BTreeMap<String, String>) -> bool {
    let check = |finding: &str| finding.split(": ").next().unwrap_or_default().to_owned();
    after.iter().any(|(other, status)| is_unknown(status) && check(other) == check(finding))
}

/// What was done, can be taken back, and was not.
pub(super) fn of(book: &Runbook, state: &State, now: Timestamp) -> Vec<Standing> {
    let run = state.started.as_ref().map(|started| started.run.clone()).unwrap_or_default();
    let resumes = matches!(&state.ended, None | Some((End::CompletedExceptDeferred, _)));
    state
        .standing()
        .map(|undo| Standing {
            step: undo.step.clone(),
            title: book.step(&undo.step).map_or_else(|| undo.step.clone(), |step| step.title.clone()),
            undo: undo.shown.clone(),
            due: undo.due,
            overdue: undo.due.is_some_and(|due| due <= now),
            command: resumes.then(|| format!("loadline runbook resume {run}")),
        })
        .collect()
}

fn changes(step: &Step) -> bool {
    step.action.as_ref().is_some_and(|action| action.danger > Danger::Observe)
}

/// What nobody knows, in sentences.
pub(super) fn unknown(book: &Runbook, state: &State) -> Vec<String> {
    let mut all = Vec::new();
    for (_, step) in book.steps() {
        let Some(of) = state.steps.get(&step.id) else { continue };
        let title = &step.title;
        match of.status {
            StepStatus::OutcomeUnknown | StepStatus::Running => {
                all.push(format!("whether the action of “{title}” was done"));
            }
            StepStatus::VerifyFailed | StepStatus::Overridden | StepStatus::Regressed => {
                all.push(format!("whether “{title}” had the effect that it is for: the check does not agree"));
            }
            StepStatus::DoneByHand if step.verify.is_empty() => {
                all.push(format!("whether “{title}” was done as written: it rests on a person's word"));
            }
            StepStatus::Succeeded if step.verify.is_empty() && changes(step) => {
                all.push(format!("whether “{title}” had the effect that it is for: nothing verifies it"));
            }
            _ => {}
        }
    }
    if state.started.as_ref().is_some_and(|started| started.mode == Mode::Plan) {
        return vec!["what each step would have changed for the steps after it".to_owned()];
    }
    let of_target = match (&state.before, &state.after) {
        (Some(_), Some(_)) => return all,
        (None, None) => "what the run changed in the findings of the target: it was not looked at before and after",
        (None, Some(_)) => "what the findings of the target were before: it was looked at only at the end",
        (Some(_), None) => "what the findings of the target are now: it was looked at only before",
    };
    all.push(of_target.to_owned());
    all
}
