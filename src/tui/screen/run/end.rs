//! What a run left: how it ended, what it fixed and broke, what still stands, and its record. Of the run that has just
//! ended, and of every past one.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::Walk;
use crate::{
    runbook::incident::Incident,
    text::screen,
    tui::{
        model::Model,
        theme::{Look, Meaning},
        widget::{Canvas, Page},
    },
};

pub(super) fn draw(canvas: &mut Canvas, model: &Model, walk: &Walk, area: Rect) {
    match model.screens.runbooks.told.as_ref().filter(|told| Some(&told.run) == walk.run.as_ref()) {
        Some(incident) => {
            let lines = lines(canvas.look, incident, area.width.saturating_sub(1));
            canvas.page(area, &walk.scroll, &lines);
        }
        None => canvas.note(area, "the run has ended; reading its record …", Meaning::Muted),
    }
}

/// A run as it was, for the screen.
pub(in crate::tui::screen) fn lines(look: Look, incident: &Incident, width: u16) -> Vec<Line<'static>> {
    let mut page = Page::new(look, width);
    let style = page.style(Meaning::Title);
    page.line(Line::from(vec![
        Span::styled(format!(" {}", screen(&incident.title)), style),
        Span::raw(": "),
        Span::styled(screen(&incident.came_to).into_owned(), page.style(Meaning::Accent)),
    ]));
    let who = incident.operators.join(", ");
    let environment = incident.environment.as_ref().map(|e| format!(" [{}]", e.to_uppercase())).unwrap_or_default();
    page.text(" ", &format!("on {}{environment}, by {who}, run {}", incident.target, incident.run), Meaning::Muted);
    if let Some(finding) = &incident.finding {
        page.text(" ", &format!("for {finding}"), Meaning::Muted);
    }
    changes(&mut page, incident);
    standing(&mut page, incident);
    steps(&mut page, incident);
    timeline(&mut page, incident);
    page.heading("Record");
    page.text("   ", &format!("loadline runbook log {} --markdown", incident.run), Meaning::Accent);
    page.into_lines()
}

fn changes(page: &mut Page, incident: &Incident) {
    page.heading("Findings");
    let Some(change) = &incident.change else {
        return page.text("   ", "not compared: the target was not looked at before and after", Meaning::Muted);
    };
    let mut list = |word: &str, findings: &[String], meaning| {
        for finding in findings {
            page.row(word, finding, meaning);
        }
    };
    list("fixed", &change.fixed, Meaning::Pass);
    list("BROKEN", &change.broken, Meaning::Fail);
    list("not measured", &change.unmeasured, Meaning::Unknown);
    if change.fixed.is_empty() && change.broken.is_empty() && change.unmeasured.is_empty() {
        page.text("   ", "as before: none was fixed, none was broken", Meaning::Muted);
    }
}

fn standing(page: &mut Page, incident: &Incident) {
    if incident.standing.is_empty() && incident.unknown.is_empty() {
        return;
    }
    page.heading("Left behind");
    for standing in &incident.standing {
        let due = standing.due.map(|due| due.strftime(", due %Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default();
        let late = if standing.overdue { " (OVERDUE)" } else { "" };
        page.row("stands", &format!("{}{due}{late}", standing.title), Meaning::Warn);
        page.verbatim(&standing.undo, Meaning::Muted);
    }
    for unknown in &incident.unknown {
        page.row("not known", unknown, Meaning::Unknown);
    }
}

fn steps(page: &mut Page, incident: &Incident) {
    page.heading("Steps");
    for step in incident.steps.iter().filter(|step| step.status != "to do") {
        let reason = step.reasons.last().map(|reason| format!(": {reason}")).unwrap_or_default();
        page.row(&step.status, &format!("{}{reason}", step.title), Meaning::Text);
    }
}

fn timeline(page: &mut Page, incident: &Incident) {
    page.heading("What happened, in UTC");
    for entry in &incident.timeline {
        let title = entry.step.as_ref().map(|id| {
            let step = incident.steps.iter().find(|step| step.id == *id);
            format!("{}: ", step.map_or(id.as_str(), |step| step.title.as_str()))
        });
        let who = entry.who.as_ref().map(|who| format!("{who} ")).unwrap_or_default();
        let words = format!("{}{who}{}", title.unwrap_or_default(), entry.what);
        page.row(&entry.at.strftime("%H:%M:%S").to_string(), &words, Meaning::Text);
    }
}
