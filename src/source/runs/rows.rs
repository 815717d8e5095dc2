//! The rows of the three tables.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::{Known, RunsPlace};
use crate::{
    runbook::{
        document, journal,
        model::Runbook,
        record::{End, Mode},
        runs::{self, Run, Standing},
        state::{State, StepStatus},
    },
    snapshot::{Fault, FaultKind},
    source::files,
};

/// The copy of the runbook beside a journal.
const TEXT: &str = "runbook.md";

/// The largest runbook that is read.
const CAP_BYTES: u64 = 4 * 1024 * 1024;

/// A run with what its journal comes to.
pub(super) struct Past {
    run: Run,
    /// The runbook as it was, and the state; or why there is none.
    told: Result<(Runbook, State), String>,
}

/// The runs on the target, the latest first.
pub(super) fn read(place: &RunsPlace) -> Result<Vec<Past>, Fault> {
    let listed = runs::list(&place.folder).map_err(|error| {
        Fault::new(FaultKind::Unreachable, error.to_string()).remedy("make the folder of runs readable for this user")
    })?;
    let own = listed.into_iter().filter(|run| run.started.as_ref().is_none_or(|s| s.target == place.target));
    Ok(own.map(|run| Past { told: told(place, &run), run }).collect())
}

fn told(place: &RunsPlace, run: &Run) -> Result<(Runbook, State), String> {
    let folder = place.folder.join(&run.id);
    let reading = journal::read(&folder).map_err(|error| error.to_string())?;
    let text = files::text(&folder.join(TEXT), CAP_BYTES)?;
    let book = document::read(&reading.started.file, &text)
        .map_err(|mistakes| mistakes.first().map_or_else(String::new, |first| first.message.clone()))?;
    let state = State::fold(&book, &reading.records).map_err(|refusal| refusal.to_string())?;
    Ok((book, state))
}

fn text(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}

/// A row of `runs`.
pub(super) fn run(past: &Past) -> Json {
    let Past { run, told } = past;
    let started = run.started.as_ref();
    let count = |wanted: &[StepStatus]| {
        let state = told.as_ref().ok().map(|(_, state)| state);
        state.map(|state| state.steps.values().filter(|step| wanted.contains(&step.status)).count())
    };
    // While somebody walks it, what runs is known to run.
    let walked = matches!(run.standing, Standing::Walked(_));
    let unknown = count(&[StepStatus::OutcomeUnknown, StepStatus::Running]).filter(|_| !walked).unwrap_or(0);
    json!({
        "run": run.id,
        "runbook": started.map(|s| &s.runbook),
        "mode": started.map(|s| mode(s.mode)),
        "operator": run.operator,
        "ended": match run.standing { Standing::Ended(how) => end(how), _ => "" },
        "at_step": told.as_ref().ok().and_then(|(_, state)| state.current.clone()),
        "unknown": unknown,
        "deferred": count(&[StepStatus::Deferred]).unwrap_or(0),
        "began": text(run.began_at),
        "last": text(run.last_at),
        "fault": told.as_ref().err(),
    })
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Run => "run",
        Mode::Auto => "auto",
        Mode::Instruct => "instruct",
        Mode::Plan => "plan",
    }
}

fn end(end: End) -> &'static str {
    match end {
        End::Completed => "completed",
        End::CompletedExceptDeferred => "completed-except-deferred",
        End::Aborted => "aborted",
        End::RolledBack => "rolled-back",
    }
}

/// The rows of `temporary` of one run.
pub(super) fn temporary(past: &Past) -> Vec<Json> {
    let Ok((book, state)) = &past.told else { return Vec::new() };
    state
        .temporary()
        .filter_map(|undo| Some((undo, undo.due?)))
        .map(|(undo, due)| {
            let since = state.steps.get(&undo.step).and_then(|step| step.rested_at.or(step.began_at));
            json!({
                "run": past.run.id,
                "runbook": book.id,
                "step": undo.step,
                "title": book.step(&undo.step).map_or(&undo.step, |step| &step.title),
                "undo": undo.shown,
                "operator": past.run.operator,
                "due": due.to_string(),
                "since": text(since),
            })
        })
        .collect()
}

/// The row of `rehearsals` of one runbook. A run counts when it came to its end, a plan when it was made.
pub(super) fn rehearsal(known: &Known, runs: &[Past]) -> Json {
    let of =
        runs.iter().map(|past| &past.run).filter(|run| run.started.as_ref().is_some_and(|s| s.runbook == known.id));
    let (mut walked, mut planned) = (None, None);
    for run in of {
        match run.standing {
            Standing::Plan => planned = planned.max(run.last_at),
            Standing::Ended(End::Completed | End::CompletedExceptDeferred | End::RolledBack) => {
                walked = walked.max(run.last_at);
            }
            _ => {}
        }
    }
    json!({
        "runbook": known.id,
        "title": known.title,
        "severity": known.severity,
        "rehearsed": walked.is_some() || planned.is_some(),
        "run": text(walked),
        "plan": text(planned),
        "latest": text(walked.max(planned)),
    })
}
