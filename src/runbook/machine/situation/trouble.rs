//! What is said where something is in the way.

use crate::runbook::{
    record::{Ended, Outcome, Seen, Verdict},
    state::{StepState, StepStatus},
};

/// What is in the way before an action: a target that is another than before, a precondition that does not hold or is
/// not known. None where nothing is, or where the operator goes on in spite of it.
pub(super) fn before(known: &StepState) -> Option<String> {
    let moved = known.moved.as_ref().map(|what| format!("the target is not what it was: {what}"));
    let unmet: Vec<_> = known.required.iter().filter(|seen| seen.holds != Some(true)).map(seen).collect();
    let unmet = (!unmet.is_empty() && !known.accepted).then(|| format!("not given: {}", unmet.join("; ")));
    let all: Vec<_> = moved.into_iter().chain(unmet).collect();
    (!all.is_empty()).then(|| all.join(". "))
}

/// What is known of an action whose outcome is not.
pub(super) fn unknown(known: &StepState) -> String {
    let end = match &known.outcome {
        None => "it was begun, and how it ended was not written down".to_owned(),
        Some(outcome) if outcome.ended == Ended::Failed => {
            format!("the last attempt surely failed ({}), and what one before it did is not known", outcome.says)
        }
        Some(outcome) => says(outcome),
    };
    match known.process {
        Some((pid, _)) => format!("{end}; its process {pid} may still live: look before anything else"),
        None => end,
    }
}

/// Why an action failed.
pub(super) fn failed(known: &StepState) -> String {
    match (&known.outcome, &known.reason) {
        (Some(outcome), _) if outcome.ended == Ended::Failed => format!("it failed: {}", outcome.says),
        (_, Some(evidence)) => format!("it was not done: {evidence}"),
        (Some(outcome), None) => says(outcome),
        (None, None) => "it was not done".to_owned(),
    }
}

/// What the live check says that is not satisfied.
pub(super) fn not_verified(known: &StepState) -> String {
    let Some((verdict, seen)) = &known.verified else { return "it is not verified".to_owned() };
    let what = match (known.status, verdict) {
        (StepStatus::Regressed, _) => "it held, and no longer does",
        (_, Verdict::Stopped) => "waiting for the live check was stopped",
        (_, Verdict::Unknown) => "the live check could not be measured",
        _ => "the live check does not agree",
    };
    let seen: Vec<_> = seen.iter().filter(|seen| seen.holds != Some(true)).map(self::seen).collect();
    if seen.is_empty() { what.to_owned() } else { format!("{what}: {}", seen.join("; ")) }
}

fn seen(seen: &Seen) -> String {
    let word = if seen.holds.is_none() { "not known whether " } else { "" };
    format!("{word}{} ({})", seen.condition, seen.says)
}

fn says(outcome: &Outcome) -> String {
    let word = match outcome.ended {
        Ended::TimedOut => "it ran out of time",
        Ended::Cancelled => "it was stopped",
        Ended::Unknown => "its connection was lost",
        Ended::Failed => "it failed",
        Ended::Succeeded => "it succeeded",
    };
    format!("{word}: {}", outcome.says)
}
