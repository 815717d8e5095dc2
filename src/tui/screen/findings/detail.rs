//! One finding: why, evidence, threshold and where it comes from, what to do.

use ratatui::text::{Line, Span};

use crate::{
    check::finding::Finding,
    report::words,
    text::{fenced, markdown as harmless, screen},
    tui::{
        theme::{Look, Meaning},
        widget::{Page, fit, status},
    },
};

pub(super) fn lines(look: Look, finding: &Finding, width: u16) -> Vec<Line<'static>> {
    let mut page = Page::new(look, width);
    let (word, meaning) = status(finding.status);
    page.line(Line::from(vec![
        Span::raw(" "),
        Span::styled(word.trim_end().to_owned(), look.style(meaning)),
        Span::raw("  "),
        Span::styled(fit(&screen(&finding.title), usize::from(width).saturating_sub(10)), look.style(Meaning::Title)),
    ]));
    page.text(" ", &finding.subject, Meaning::Text);
    page.text(" ", &finding.message, meaning);
    if !finding.evidence.is_empty() {
        page.heading("Evidence");
        for evidence in &finding.evidence {
            page.row(&evidence.name, &words::shown(&evidence.value, evidence.unit), Meaning::Accent);
        }
    }
    if !finding.threshold.is_empty() {
        page.heading("Compared with");
        for threshold in &finding.threshold {
            let value = words::shown(&crate::snapshot::Value::Double(threshold.value), threshold.unit);
            page.row(&threshold.param, &format!("{value}   {}", threshold.origin), Meaning::Text);
        }
    }
    page.section("Why it matters", &finding.why);
    page.section("What to do", &finding.fix);
    if let Some(command) = &finding.command {
        page.heading("Command, to be read before it is run");
        page.verbatim(command, Meaning::Accent);
    }
    page.section("Runbooks", &finding.runbooks.join(", "));
    page.heading("Ground");
    let ground = words::ground(finding, |at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
    page.text("   ", &ground, Meaning::Muted);
    page.section("Further reading", &finding.links.join("\n"));
    page.into_lines()
}

/// All of a finding as Markdown, for a ticket or a chat.
pub(super) fn markdown(finding: &Finding) -> String {
    let mut parts = vec![format!(
        "**{} {}**: {}\n\n{}\n",
        finding.status.word(),
        harmless(&finding.check),
        harmless(&finding.subject),
        harmless(&finding.message)
    )];
    for evidence in &finding.evidence {
        let value = harmless(&words::shown(&evidence.value, evidence.unit));
        parts.push(format!("\n- {}: {value}", harmless(&evidence.name)));
    }
    if !finding.fix.is_empty() {
        parts.push(format!("\n\n{}\n", harmless(finding.fix.trim())));
    }
    if let Some(command) = &finding.command {
        parts.push(format!("\n{}\n", fenced("", command)));
    }
    parts.concat()
}
