//! The steps of a run, in the order of the runbook.

use super::{StepLine, timeline};
use crate::runbook::{
    model::{Phase, Runbook, Step},
    record::{Record, Stamped, Way, Word},
    state::{State, StepState, StepStatus},
};

/// All steps that are on the way forward or were touched.
pub(super) fn of(book: &Runbook, records: &[Stamped], state: &State) -> Vec<StepLine> {
    let pending = StepState::default();
    let forward: Vec<&str> = book.forward().map(|step| step.id.as_str()).collect();
    book.steps()
        .map(|(phase, step)| (phase, step, state.steps.get(&step.id).unwrap_or(&pending)))
        .filter(|(_, step, of)| of.status != StepStatus::Pending || forward.contains(&step.id.as_str()))
        .map(|(phase, step, of)| line(phase, step, of, records))
        .collect()
}

fn line(phase: &Phase, step: &Step, of: &StepState, records: &[Stamped]) -> StepLine {
    let outcome = of.outcome.as_ref();
    StepLine {
        id: step.id.clone(),
        title: step.title.clone(),
        phase: phase.title.clone(),
        status: of.status.word().to_owned(),
        danger: step.action.as_ref().map(|action| action.danger.word().to_owned()),
        attempts: of.attempts,
        identity: of.identity.as_ref().map(|(identity, _)| identity.clone()),
        ran: ran(records, &step.id, Way::Act),
        taken_back_by: ran(records, &step.id, Way::Undo),
        ended: outcome.map(timeline::ended),
        took_ms: outcome.map(|outcome| outcome.took_ms),
        excerpt: outcome.map(|outcome| outcome.excerpt.clone()).filter(|excerpt| !excerpt.trim().is_empty()),
        output: outcome.and_then(|outcome| outcome.output.clone()),
        required: of.required.clone(),
        verdict: of.verified.as_ref().map(|(verdict, _)| timeline::verdict_word(*verdict).to_owned()),
        verified: of.verified.as_ref().map(|(_, seen)| seen.clone()).unwrap_or_default(),
        ticked: of.ticked.clone(),
        reasons: reasons(records, &step.id),
    }
}

/// What the last intent of a step ran.
fn ran(records: &[Stamped], id: &str, wanted: Way) -> Option<String> {
    records.iter().rev().find_map(|stamped| match &stamped.record {
        Record::Intent { step, way, shown, .. } if step == id && *way == wanted => Some(shown.clone()),
        _ => None,
    })
}

/// Why the operator decided as it was, and how one can see it.
fn reasons(records: &[Stamped], id: &str) -> Vec<String> {
    let of = |stamped: &Stamped| match &stamped.record {
        Record::Decided { step: Some(step), what, reason, .. } if step == id => match what {
            Word::DoneByHand { evidence } | Word::SettledDone { evidence } | Word::SettledNotDone { evidence } => {
                Some(evidence.clone())
            }
            Word::Note { .. } | Word::Ticked { .. } => None,
            _ => reason.clone(),
        },
        _ => None,
    };
    records.iter().filter_map(of).filter(|reason| !reason.trim().is_empty()).collect()
}
