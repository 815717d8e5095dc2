//! What a run leaves, for the end of it: what was fixed and broken, what stands and when it is due, and where the
//! record is.

use super::scene::Look;
use crate::{
    report::lines::Lines,
    runbook::{
        incident::Incident,
        model::Runbook,
        state::{State, StepStatus},
    },
    text,
};

/// The closing page.
pub(crate) fn close(incident: &Incident, look: Look) -> String {
    let mut lines = Lines::new(look.width, look.colour);
    let bold = anstyle::Style::new().bold();
    lines.line("");
    let head = format!("{}: {}", incident.title, incident.came_to);
    lines.line(&lines.paint(&text::screen(&head), bold));
    let mut list = |label: &str, words: &str| {
        lines.wrapped(&format!("  {label:9} "), "            ", &text::screen(words));
    };
    match &incident.change {
        Some(change) => {
            change.fixed.iter().for_each(|finding| list("fixed", finding));
            change.broken.iter().for_each(|finding| list("BROKEN", finding));
            change
                .unmeasured
                .iter()
                .for_each(|finding| list("unknown", &format!("{finding}: not measured at the end")));
            if change.fixed.is_empty() && change.broken.is_empty() && change.unmeasured.is_empty() {
                list("findings", "as before: none was fixed, none was broken");
            }
        }
        None => list("findings", "not compared: the target was not looked at before and after"),
    }
    for step in &incident.steps {
        let reason = step.reasons.last().map(|reason| format!(": {reason}")).unwrap_or_default();
        if matches!(step.status.as_str(), "deferred" | "skipped" | "overridden" | "outcome unknown" | "not verified") {
            list(&step.status, &format!("{}{reason}", step.title));
        }
    }
    for standing in &incident.standing {
        let due = standing.due.map(|due| due.strftime(", due %Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default();
        let late = if standing.overdue { " (OVERDUE)" } else { "" };
        list("stands", &format!("{}{due}{late}", standing.title));
        for line in standing.undo.lines() {
            list("", &format!("undo: {line}"));
        }
        if let Some(command) = &standing.command {
            list("", &format!("by: {command}"));
        }
    }
    if incident.is_open() {
        list("go on", &format!("loadline runbook resume {}", incident.run));
    }
    list("record", &format!("loadline runbook log {} --markdown", incident.run));
    lines.into_text()
}

/// A run for a terminal: what it was, what happened, and what it leaves.
pub(crate) fn timeline(incident: &Incident, look: Look) -> String {
    let mut lines = Lines::new(look.width, look.colour);
    let environment = incident.environment.as_ref().map(|e| format!(" [{}]", e.to_uppercase())).unwrap_or_default();
    let head = format!("{}  {} on {}{environment}", incident.run, incident.runbook, incident.target);
    lines.line(&lines.paint(&text::screen(&head), anstyle::Style::new().bold()));
    for entry in &incident.timeline {
        let title = entry.step.as_ref().map(|id| {
            let step = incident.steps.iter().find(|step| step.id == *id);
            format!("{}: ", step.map_or(id.as_str(), |step| step.title.as_str()))
        });
        let who = entry.who.as_ref().map(|who| format!("{who} ")).unwrap_or_default();
        let words = format!("{}{who}{}", title.unwrap_or_default(), entry.what);
        let at = entry.at.strftime("%H:%M:%S").to_string();
        lines.wrapped(&format!("  {at}  "), "            ", &text::screen(&words));
    }
    lines.into_text() + &close(incident, look)
}

/// What stands before a run is closed: what is not verified, and what is still to be taken back.
pub(crate) fn before_closing(book: &Runbook, state: &State, look: Look) -> String {
    let mut lines = Lines::new(look.width, look.colour);
    lines.line("");
    lines.line(&lines.paint("All steps rest.", anstyle::Style::new().bold()));
    for (_, step) in book.steps() {
        let status = state.status(&step.id);
        if status != StepStatus::Pending {
            lines.wrapped(&format!("  {:13} ", status.word()), "                ", &text::screen(&step.title));
        }
    }
    for undo in state.standing() {
        let title = book.step(&undo.step).map_or(undo.step.as_str(), |step| step.title.as_str());
        let due = undo.due.map(|due| due.strftime(", due %Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default();
        lines.wrapped("  stands        ", "                ", &text::screen(&format!("{title}{due}")));
    }
    lines.into_text()
}
