//! Draws the list of findings, with the chosen one beside it or below it.

use std::borrow::Cow;

use ratatui::{
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
};

use super::{
    Act, detail, number,
    row::{Many, Rows, was},
};
use crate::{
    check::finding::Finding,
    report::words,
    text::screen,
    tui::{
        command::Action,
        layout::{ROOMY, with_foot},
        model::Model,
        nav::Place,
        theme::Meaning,
        widget::{Bar, Canvas, Scroll, age},
    },
};

/// The lines that tell of what is chosen.
const PREVIEW: u16 = 4;

pub(in crate::tui::screen) fn draw(canvas: &mut Canvas, model: &Model, area: Rect) {
    if let Place::Finding { check, subject } = model.nav.place() {
        if let Some(finding) = super::opened(model, check, subject) {
            let lines = detail::lines(canvas.look, model, finding, area.width);
            canvas.page(area, &model.screens.findings.scroll, &lines);
        }
        return;
    }
    if model.layout.splits(area) {
        let [left, _, right] =
            Layout::horizontal([Constraint::Percentage(58), Constraint::Length(2), Constraint::Min(1)]).areas(area);
        list(canvas, model, left);
        if let Some(finding) = super::chosen(model) {
            beside(canvas, model, finding, right);
        }
        return;
    }
    let [top, foot] = with_foot(area, PREVIEW);
    list(canvas, model, top);
    if let Some(finding) = super::chosen(model) {
        preview(canvas, model, finding, foot);
    }
}

/// The beginning of a finding beside a list.
pub(in crate::tui::screen) fn beside(canvas: &mut Canvas, model: &Model, finding: &Finding, area: Rect) {
    let lines = detail::lines(canvas.look, model, finding, area.width);
    canvas.page(area, &Scroll::default(), &lines);
}

fn list(canvas: &mut Canvas, model: &Model, area: Rect) {
    let state = &model.screens.findings;
    let filtered = state.typing || !state.filter.value().is_empty();
    // The columns have names where what is chosen is told, too.
    let named = area.height >= ROOMY - PREVIEW && !state.shown.is_empty();
    let [counts, filter, head, body] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(u16::from(filtered)),
        Constraint::Length(u16::from(named)),
        Constraint::Min(1),
    ])
    .areas(area);
    let line = heading(canvas, model, area.width);
    canvas.line(counts, line);
    if filtered {
        let line = typed(canvas, model, area.width);
        canvas.line(filter, line);
    }
    if state.shown.is_empty() {
        let (words, meaning) = nothing(model);
        return canvas.note(body, &words, meaning);
    }
    let rows = Rows::new(canvas.look, model, Canvas::row_width(area));
    if named {
        canvas.line(Rect { x: head.x + 3, width: head.width.saturating_sub(3), ..head }, rows.head());
    }
    canvas.list(body, &state.cursor, state.shown.len(), |at, _| {
        state.row(at).map(|finding| rows.line(finding, Many::One, state.trend(at))).unwrap_or_default()
    });
}

/// Why the list is empty.
fn nothing(model: &Model) -> (Cow<'static, str>, Meaning) {
    let state = &model.screens.findings;
    let key = |act| model.key(Action::Findings(act));
    match (&model.audit, state.filter.value().is_empty()) {
        (None, _) => ("waiting for the first answers …".into(), Meaning::Muted),
        (Some(_), _) if state.is_making() => ("making the list …".into(), Meaning::Muted),
        (Some(audit), true) if audit.findings.is_empty() => ("nothing was looked at".into(), Meaning::Unknown),
        (Some(_), true) => {
            let key = key(Act::All);
            (format!("nothing is wrong, and nothing is unknown; {key} shows what is in order").into(), Meaning::Pass)
        }
        (Some(_), false) => {
            (format!("nothing fits the filter; {} takes it away", key(Act::ClearFilter)).into(), Meaning::Muted)
        }
    }
}

/// How many there are of each status, and in which order they stand.
fn heading<'m>(canvas: &Canvas, model: &'m Model, width: u16) -> Line<'m> {
    let style = |meaning| canvas.style(meaning);
    let state = &model.screens.findings;
    let mut bar = Bar::new(width);
    bar.left(Span::raw(" "));
    if let Some(audit) = &state.audit {
        for span in counts(canvas, &audit.summary) {
            bar.left(span);
        }
        let (pass, not) = (audit.summary.pass, audit.summary.not_applicable);
        let hidden = if state.all { "" } else { " hidden" };
        bar.left(Span::styled(format!("{pass} PASS  {not} N/A{hidden}"), style(Meaning::Muted)));
    }
    let order = if state.is_making() { "making the list …" } else { state.sort.word() };
    bar.right(Span::styled(format!(" {order} "), style(Meaning::Muted)));
    bar.into_line()
}

/// How many are wrong or not known, of each status that there is one of.
pub(in crate::tui::screen) fn counts(canvas: &Canvas, summary: &crate::report::Summary) -> Vec<Span<'static>> {
    [
        (summary.fail, "FAIL", Meaning::Fail),
        (summary.warn, "WARN", Meaning::Warn),
        (summary.unknown, "?", Meaning::Unknown),
        (summary.waived, "WAIVED", Meaning::Waived),
    ]
    .into_iter()
    .filter(|(n, ..)| *n > 0)
    .map(|(n, word, meaning)| Span::styled(format!("{n} {word}  "), canvas.style(meaning)))
    .collect()
}

/// The filter, how many it lets through, and what of it is not understood.
fn typed<'m>(canvas: &Canvas, model: &'m Model, width: u16) -> Line<'m> {
    let style = |meaning| canvas.style(meaning);
    let state = &model.screens.findings;
    let mut bar = Bar::new(width);
    let text = screen(state.filter.value()).into_owned();
    bar.left(Span::styled(" / ", style(Meaning::Key)));
    if state.typing {
        bar.left(Span::styled(format!("{text}_"), style(Meaning::Input)));
    } else {
        bar.left(Span::styled(text, style(Meaning::Accent)));
    }
    if let Some(problem) = state.problem() {
        bar.middle(Span::styled(format!("   {}", screen(&problem)), style(Meaning::Warn)));
    }
    let of = state.audit.as_ref().map_or(0, |audit| audit.findings.len());
    bar.right(Span::styled(format!(" {} of {of} ", state.shown.len()), style(Meaning::Muted)));
    bar.into_line()
}

/// What is chosen, in a few lines below a list: what was found, against what, when, and which runbook cures it.
pub(in crate::tui::screen) fn preview(canvas: &mut Canvas, model: &Model, finding: &Finding, area: Rect) {
    canvas.told(area, &said(model, finding), &facts(model, finding));
}

/// What was found, and what was known before where it is not known now.
pub(in crate::tui::screen) fn said(model: &Model, finding: &Finding) -> String {
    let was = model.screens.findings.last(finding).map(|last| format!("{}; ", was(last, model.now)));
    format!("{}{}: {}", was.unwrap_or_default(), screen(&finding.subject), screen(&finding.message))
}

/// The limit, the age and the runbook, as far as there are any.
fn facts(model: &Model, finding: &Finding) -> String {
    let limit = number::threshold(finding).map(|threshold| {
        let value = words::shown(&crate::snapshot::Value::Double(threshold.value), threshold.unit);
        format!("{} at {value}", threshold.param.replace('_', " "))
    });
    let asked = finding.ground.observed_at.filter(|_| !model.is_recorded());
    let asked = asked.map(|at| format!("asked {} ago", age(model.now.duration_since(at).as_secs().max(0))));
    let runbook = finding.runbooks.first().map(|id| format!("runbook {id}"));
    let severity = Some(format!("{} {}", finding.severity.word(), finding.domain));
    [severity, limit, asked, runbook].into_iter().flatten().collect::<Vec<_>>().join("; ")
}
