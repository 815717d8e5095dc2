//! Draws the overview: one column, or two where there is room.

use ratatui::{
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
};

use super::{limits, sources, verdict};
use crate::{
    report::Audit,
    tui::{
        model::Model,
        screen::findings::{self, Many, Rows},
        theme::Meaning,
        widget::{Bar, Canvas},
    },
};

/// From this height on verdict, limits and sources stand beside the findings, where there is the width for it.
const TALL: u16 = 25;

/// From this height on what is chosen is told below the list.
const ROOMY: u16 = 17;

/// The lines that tell of what is chosen.
const PREVIEW: u16 = 4;

pub(in crate::tui::screen) fn draw(canvas: &mut Canvas, model: &Model, area: Rect) {
    let Some(audit) = &model.audit else {
        return waiting(canvas, model, area);
    };
    if model.layout.splits(area) && area.height >= TALL {
        let [left, _, right] =
            Layout::horizontal([Constraint::Percentage(44), Constraint::Length(2), Constraint::Min(1)]).areas(area);
        wide_left(canvas, model, audit, left);
        return wide_right(canvas, model, audit, right);
    }
    let roomy = area.height >= ROOMY;
    let head = verdict::lines(canvas, audit, area.width, if roomy { 3 } else { 2 });
    let limits = limits::lines(canvas, audit, area.width, if roomy { 3 } else { 2 });
    let silent = sources::troubled(canvas, model, area.width, if roomy { 3 } else { 2 });
    let top: Vec<Line> = head.into_iter().chain(limits).chain(silent).collect();
    let height = u16::try_from(top.len()).unwrap_or(u16::MAX);
    let [above, list] = Layout::vertical([Constraint::Length(height), Constraint::Min(3)]).areas(area);
    canvas.lines(above, top);
    worst(canvas, model, audit, list, if roomy { PREVIEW } else { 0 });
}

/// Nothing is judged yet: who has answered, and how far the others are.
fn waiting(canvas: &mut Canvas, model: &Model, area: Rect) {
    let words = if model.is_recorded() { "reading the recording …" } else { "asking; the first answers come in …" };
    let mut lines = vec![Line::styled(format!(" {words}"), canvas.style(Meaning::Muted)), Line::default()];
    if !model.sources.is_empty() {
        lines.extend(sources::all(canvas, model, area.width, usize::from(area.height)));
    }
    canvas.lines(area, lines);
}

/// Verdict, gates, limits, sources, domains: as many of each as there is room for.
fn wide_left(canvas: &mut Canvas, model: &Model, audit: &Audit, area: Rect) {
    let room = usize::from(area.height);
    let gap = || vec![Line::default()];
    let limit = if room >= 40 { 9 } else { 5 };
    let parts = [
        verdict::lines(canvas, audit, area.width, 2),
        gap(),
        verdict::gates(canvas, model, audit, area.width, if room >= 40 { 6 } else { 4 }),
        gap(),
        limits::section(canvas, audit, area.width, limit),
        gap(),
        sources::all(canvas, model, area.width, if room >= 40 { 12 } else { 6 }),
        vec![
            Line::styled(format!("   last sample {}", sampled(model, audit)), canvas.style(Meaning::Muted)),
            Line::default(),
        ],
        verdict::domains(canvas, audit, 10),
    ];
    canvas.lines(area, parts.into_iter().flatten());
}

/// The worst findings, and as much of the chosen one as there is room for.
fn wide_right(canvas: &mut Canvas, model: &Model, audit: &Audit, area: Rect) {
    let rows = u16::try_from(model.screens.overview.groups.len()).unwrap_or(u16::MAX).max(1);
    let list = rows.saturating_add(1).min(area.height * 11 / 20);
    let [list, rule, detail] =
        Layout::vertical([Constraint::Length(list), Constraint::Length(1), Constraint::Min(1)]).areas(area);
    worst(canvas, model, audit, list, 0);
    if let Some(finding) = super::chosen(model) {
        canvas.rule(rule, Line::default());
        findings::beside(canvas, model, finding, detail);
    }
}

/// When the last answer came in.
fn sampled(model: &Model, audit: &Audit) -> String {
    let latest = model.sources.iter().filter_map(|source| source.answered_at).max();
    let at = latest.filter(|_| !model.is_recorded()).unwrap_or(audit.snapshot.finished_at);
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// The worst findings, and below them what is chosen.
fn worst(canvas: &mut Canvas, model: &Model, audit: &Audit, area: Rect, below: u16) {
    let [counts, list, foot] =
        Layout::vertical([Constraint::Length(1), Constraint::Min(1), Constraint::Length(below)]).areas(area);
    let mut bar = Bar::new(area.width);
    bar.left(Span::styled(" Worst findings  ", canvas.style(Meaning::Title)));
    for span in findings::counts(canvas, &audit.summary) {
        bar.left(span);
    }
    let rest = format!("{} PASS  {} N/A", audit.summary.pass, audit.summary.not_applicable);
    bar.left(Span::styled(rest, canvas.style(Meaning::Muted)));
    let line = bar.into_line();
    canvas.line(counts, line);
    let overview = &model.screens.overview;
    if overview.groups.is_empty() {
        let (words, meaning) = if audit.findings.is_empty() {
            ("nothing was looked at", Meaning::Unknown)
        } else {
            ("nothing is wrong, and nothing is unknown", Meaning::Pass)
        };
        return canvas.note(list, words, meaning);
    }
    let rows = Rows::new(canvas.look, model, Canvas::row_width(area));
    canvas.list(list, &overview.cursor, overview.groups.len(), |at, _| {
        let group = overview.groups.get(at);
        let finding = group.and_then(|group| Some((group, model.worst().get(group.first)?)));
        finding.map(|(group, finding)| rows.line(finding, group.many, rows.trend(group.first))).unwrap_or_default()
    });
    match (super::chosen(model), super::chosen_many(model)) {
        (Some(finding), Many::OfSource(many)) => {
            let (words, facts) = sources::silence(model, finding, many);
            canvas.told(foot, &words, &facts);
        }
        (Some(finding), _) if below > 0 => findings::preview(canvas, model, finding, foot),
        _ => {}
    }
}
