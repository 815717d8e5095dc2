//! The record of a run as Markdown, by the template `incident`.

use jiff::Timestamp;
use serde::Serialize;

use super::template::{OF_RUNS, TemplateError, Templates};
use crate::{
    quantity,
    runbook::{
        incident::{Change, Incident, Standing, StepLine},
        port::Identity,
        record::{Mode, Seen},
    },
    snapshot::Unit,
    text,
};

/// Writes the record of a run.
///
/// # Errors
/// A mistake in the template that only shows when it is filled.
pub fn markdown(templates: &Templates, incident: &Incident) -> Result<String, TemplateError> {
    templates.fill(OF_RUNS, &View::of(incident))
}

/// What the template sees: words and code, ready to be placed. Code is fenced; all else is escaped by the engine.
#[derive(Serialize)]
struct View<'a> {
    incident: &'a Incident,
    mode: &'static str,
    began: String,
    ended: String,
    took: String,
    worked: Option<String>,
    estimate: Option<String>,
    steps: Vec<StepView<'a>>,
    timeline: Vec<EntryView<'a>>,
    change: Option<&'a Change>,
    standing: Vec<StandingView<'a>>,
    deferred: Vec<&'a StepLine>,
    left_out: Vec<&'a StepLine>,
}

#[derive(Serialize)]
struct StepView<'a> {
    step: &'a StepLine,
    target: Option<String>,
    ran: Option<String>,
    taken_back_by: Option<String>,
    excerpt: Option<String>,
    required: Vec<String>,
    verified: Vec<String>,
}

#[derive(Serialize)]
struct EntryView<'a> {
    at: String,
    since: String,
    step: &'a str,
    who: &'a str,
    what: &'a str,
}

#[derive(Serialize)]
struct StandingView<'a> {
    of: &'a Standing,
    undo: String,
    due: Option<String>,
}

impl<'a> View<'a> {
    fn of(incident: &'a Incident) -> Self {
        let time = |at: Option<Timestamp>| at.map(|at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
        let with_status = |word: &str| incident.steps.iter().filter(|step| step.status == word).collect();
        Self {
            incident,
            mode: mode_words(incident.mode),
            began: time(incident.began_at).unwrap_or_default(),
            ended: time(incident.last_at).unwrap_or_default(),
            took: duration(incident.took_ms),
            worked: (incident.paused_ms > 0).then(|| duration(incident.took_ms.saturating_sub(incident.paused_ms))),
            estimate: incident.estimate_ms.map(duration),
            steps: incident.steps.iter().filter(|step| step.status != "to do").map(step_view).collect(),
            timeline: incident.timeline.iter().map(|entry| entry_view(incident, entry)).collect(),
            change: incident.change.as_ref(),
            standing: incident.standing.iter().map(standing_view).collect(),
            deferred: with_status("deferred"),
            left_out: [with_status("skipped"), with_status("to do")].concat(),
        }
    }
}

fn mode_words(mode: Mode) -> &'static str {
    match mode {
        Mode::Run => "an operator decided each step",
        Mode::Auto => "automatic, on an operator's word given beforehand",
        Mode::Instruct => "done by hand; results were pasted",
        Mode::Plan => "a rehearsal; nothing was run",
    }
}

fn step_view(step: &StepLine) -> StepView<'_> {
    let code = |code: &Option<String>| code.as_ref().map(|code| text::fenced("", code));
    StepView {
        step,
        target: step.identity.as_ref().map(identity),
        ran: code(&step.ran),
        taken_back_by: code(&step.taken_back_by),
        excerpt: code(&step.excerpt),
        required: step.required.iter().map(seen).collect(),
        verified: step.verified.iter().map(seen).collect(),
    }
}

fn entry_view<'a>(incident: &'a Incident, entry: &'a crate::runbook::incident::Entry) -> EntryView<'a> {
    let title =
        |id: &'a String| incident.steps.iter().find(|step| step.id == *id).map_or(id.as_str(), |s| s.title.as_str());
    EntryView {
        at: entry.at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        since: duration(entry.since_ms),
        step: entry.step.as_ref().map(title).unwrap_or_default(),
        who: entry.who.as_deref().unwrap_or_default(),
        what: &entry.what,
    }
}

fn standing_view(of: &Standing) -> StandingView<'_> {
    let due = of.due.map(|due| due.strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
    StandingView { of, undo: text::fenced("", &of.undo), due }
}

/// A target with everything that tells it from others, in a line.
fn identity(identity: &Identity) -> String {
    let facts: Vec<_> = identity.facts.iter().map(|(name, value)| format!("{name} {value}")).collect();
    let environment = identity.environment.as_ref().map(|e| format!(" [{e}]")).unwrap_or_default();
    format!("{}{environment} at {}: {}", identity.source, identity.address, facts.join(", "))
}

/// What a check said, with the word for whether it holds.
fn seen(seen: &Seen) -> String {
    let word = match seen.holds {
        Some(true) => "holds",
        Some(false) => "does not hold",
        None => "not measured",
    };
    format!("{}: {word}; {}", seen.condition, seen.says)
}

#[expect(clippy::cast_precision_loss, reason = "durations of a run, shown in three places")]
fn duration(ms: u64) -> String {
    quantity::show(ms as f64, Unit::Milliseconds)
}
