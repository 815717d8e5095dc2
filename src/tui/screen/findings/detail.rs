//! One finding: what was found and how it moved, what to do, the evidence, the limit and where it comes from, why.

use ratatui::text::{Line, Span};

use super::{Act, number, row::was};
use crate::{
    check::finding::{Finding, Status},
    readiness::model::{WaiverLine, WaiverState},
    report::words,
    text::{fenced, markdown as harmless, screen},
    tui::{
        command::Action,
        model::Model,
        theme::{Look, Meaning},
        widget::{Bar, Page, status},
    },
};

pub(super) fn lines(look: Look, model: &Model, finding: &Finding, width: u16) -> Vec<Line<'static>> {
    let mut page = Page::new(look, width);
    let (word, meaning) = status(finding.status);
    let mut head = Bar::new(width);
    head.left(Span::styled(format!(" {}  ", word.trim_end()), look.style(meaning)));
    head.left(Span::styled(screen(&finding.title).into_owned(), look.style(Meaning::Title)));
    let kind = format!(" {}, {} ", finding.severity.word(), finding.domain);
    head.right(Span::styled(kind, look.style(Meaning::Muted)));
    page.line(head.into_line());
    page.text(" ", &finding.subject, Meaning::Text);
    page.text(" ", &finding.message, meaning);
    since(&mut page, model, finding);
    accepted(&mut page, model, finding);
    runbooks(&mut page, model, finding);
    evidence(&mut page, finding);
    page.section("What to do", &finding.fix);
    if let Some(command) = &finding.command {
        page.heading("Command, to be read before it is run");
        page.verbatim(command, Meaning::Accent);
    }
    threshold(&mut page, finding);
    page.section("Why it matters", &finding.why);
    page.heading("Ground");
    page.text("   ", &format!("check {}, probe {}", finding.check, finding.ground.probe), Meaning::Muted);
    let ground = words::ground(finding, |at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
    page.text("   ", &ground, Meaning::Muted);
    if let Some(unseen) = &finding.ground.not_visible {
        page.text("   ", &format!("not visible to the role: {unseen}"), Meaning::Unknown);
    }
    if !finding.links.is_empty() {
        page.heading("Further reading");
        finding.links.iter().for_each(|link| page.text("   ", link, Meaning::Text));
    }
    page.into_lines()
}

/// How it stood before, and whether it is still so.
fn since(page: &mut Page, model: &Model, finding: &Finding) {
    let state = &model.screens.findings;
    if model.audit.is_some() && model.finding(&finding.check, &finding.subject).is_none() {
        let at = finding.ground.observed_at.map(|at| at.strftime(" of %H:%M:%S UTC").to_string());
        let words = format!("no longer in the latest audit: this is what was seen{}", at.unwrap_or_default());
        page.text(" ", &words, Meaning::Stale);
    }
    if let Some(last) = state.last(finding) {
        page.text(" ", &was(last, model.now), Meaning::Stale);
    }
    let trend = state.trend_of(finding).filter(|_| state.compares()).unwrap_or_default();
    if !trend.word().is_empty() {
        page.text(" ", &format!("since the audit before: {}", trend.word()), Meaning::Muted);
    }
}

/// Who accepted it, until when.
fn accepted(page: &mut Page, model: &Model, finding: &Finding) {
    let Some(readiness) = model.audit.as_ref().and_then(|audit| audit.readiness.as_ref()) else { return };
    let lines =
        readiness.waivers.iter().filter(|line| finding.status == Status::Waived || line.state == WaiverState::Expired);
    for line in lines.filter(|line| is_of(line, finding)) {
        let waiver = &line.waiver;
        let until = waiver.expires.map(|day| day.to_string()).unwrap_or_default();
        let (heading, meaning) = if line.state == WaiverState::Matched {
            (format!("Accepted until {until}"), Meaning::Waived)
        } else {
            (format!("Was accepted until {until}"), Meaning::Stale)
        };
        page.heading(&heading);
        page.text("   ", &waiver.reason, Meaning::Text);
        let ticket = waiver.ticket.as_ref().map(|ticket| format!("; ticket {ticket}")).unwrap_or_default();
        page.text("   ", &format!("by {}{ticket}; {}", waiver.owner, waiver.file), meaning);
    }
}

fn is_of(line: &WaiverLine, finding: &Finding) -> bool {
    let waiver = &line.waiver;
    waiver.check == finding.check && wildmatch::WildMatch::new(&waiver.subject).matches(&finding.subject)
}

fn runbooks(page: &mut Page, model: &Model, finding: &Finding) {
    if finding.runbooks.is_empty() {
        return;
    }
    page.heading(&format!("Runbooks, {} opens", model.key(Action::Findings(Act::Runbook))));
    for (n, id) in finding.runbooks.iter().enumerate() {
        let title = model.books.get(id).map(|book| book.title.clone()).unwrap_or_default();
        page.row(&format!("{} {id}", n + 1), &title, Meaning::Text);
    }
}

/// The evidence as a table, the number that decides first to the eye; blocks keep their lines.
fn evidence(page: &mut Page, finding: &Finding) {
    if finding.evidence.is_empty() {
        return;
    }
    page.heading("Evidence");
    let decides = number::name(finding);
    let (blocks, values): (Vec<_>, Vec<_>) = finding.evidence.iter().partition(|evidence| words::is_block(evidence));
    for evidence in values {
        let meaning = if decides == Some(evidence.name.as_str()) { Meaning::Accent } else { Meaning::Text };
        page.row(&number::called(evidence), &words::shown(&evidence.value, evidence.unit), meaning);
    }
    for evidence in blocks {
        page.heading(&evidence.name.replace('_', " "));
        page.verbatim(evidence.value.as_str().unwrap_or_default(), Meaning::Text);
    }
}

fn threshold(page: &mut Page, finding: &Finding) {
    if finding.threshold.is_empty() {
        return;
    }
    page.heading("Compared with");
    for threshold in &finding.threshold {
        let value = words::shown(&crate::snapshot::Value::Double(threshold.value), threshold.unit);
        page.row(&threshold.param.replace('_', " "), &value, Meaning::Text);
        page.text("     ", &threshold.origin, Meaning::Muted);
    }
}

/// All of a finding as Markdown, for a ticket or a chat.
pub(super) fn markdown(target: &str, finding: &Finding) -> String {
    let mut parts = vec![format!(
        "**{} {}**: {} ({})\n\n{}\n",
        finding.status.word(),
        harmless(&finding.check),
        harmless(&finding.subject),
        harmless(target),
        harmless(&finding.message)
    )];
    let (blocks, values): (Vec<_>, Vec<_>) = finding.evidence.iter().partition(|evidence| words::is_block(evidence));
    for evidence in values {
        let value = harmless(&words::shown(&evidence.value, evidence.unit));
        parts.push(format!("\n- {}: {value}", harmless(&evidence.name)));
    }
    for threshold in &finding.threshold {
        let value = words::shown(&crate::snapshot::Value::Double(threshold.value), threshold.unit);
        parts.push(format!("\n- {} at {value}: {}", harmless(&threshold.param), harmless(&threshold.origin)));
    }
    for evidence in blocks {
        let block = fenced("", evidence.value.as_str().unwrap_or_default());
        parts.push(format!("\n\n{}:\n\n{block}", harmless(&evidence.name)));
    }
    if !finding.fix.is_empty() {
        parts.push(format!("\n\n{}\n", harmless(finding.fix.trim())));
    }
    if let Some(command) = &finding.command {
        parts.push(format!("\n{}\n", fenced("", command)));
    }
    let ground = words::ground(finding, |at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
    parts.push(format!("\n{}\n", harmless(&ground)));
    if let Some(opens) = &finding.opens {
        parts.push(format!("\n{}\n", fenced("sh", opens)));
    }
    parts.concat()
}
