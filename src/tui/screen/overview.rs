//! The overview: verdict, what breaks first, worst findings, sources that do not answer.

use ratatui::{
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
};

use super::findings;
use crate::{
    check::finding::Finding,
    readiness::score::Verdict,
    report::{Audit, breaks},
    text::screen,
    tui::{
        command::Motion,
        event::Effect,
        model::Model,
        nav::Place,
        theme::Meaning,
        widget::{Canvas, Cursor, age, fit},
    },
};

/// What the screen knows.
#[derive(Debug, Default)]
pub struct State {
    /// Where the list of worst findings stands.
    pub cursor: Cursor,
}

/// How many resources are named.
const BOTTLENECKS: usize = 3;

pub(super) fn judged(model: &mut Model) {
    let len = model.worst().len();
    let at = model.screens.overview.cursor.at;
    model.screens.overview.cursor.go(at, len);
}

pub(super) fn travel(model: &mut Model, motion: Motion) {
    let len = model.worst().len();
    model.screens.overview.cursor.travel(motion, len);
}

pub(super) fn cursor(model: &mut Model) -> (&mut Cursor, usize) {
    let len = model.worst().len();
    (&mut model.screens.overview.cursor, len)
}

pub(super) fn chosen(model: &Model) -> Option<&Finding> {
    model.worst().get(model.screens.overview.cursor.at)
}

pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if let Some(finding) = chosen(model) {
        let place = Place::Finding { check: finding.check.clone(), subject: finding.subject.clone() };
        model.nav.enter(place);
        model.screens.findings.scroll.reset();
    }
    Vec::new()
}

pub(super) fn draw(canvas: &mut Canvas, model: &Model, area: Rect) {
    let Some(audit) = &model.audit else {
        return waiting(canvas, model, area);
    };
    let head = head(canvas, audit, area.width);
    let sources = sources(canvas, model, area.width);
    let height = |lines: &[Line]| u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let [top, gap, list, below] = Layout::vertical([
        Constraint::Length(height(&head)),
        Constraint::Length(1),
        Constraint::Min(3),
        Constraint::Length(height(&sources)),
    ])
    .areas(area);
    canvas.lines(top, head);
    let style = canvas.style(Meaning::Muted);
    canvas.line(gap, Line::styled(format!(" {}", audit.summary.line()), style));
    let worst = model.worst();
    if worst.is_empty() {
        canvas.note(list, "nothing to object to", Meaning::Pass);
    } else {
        let look = canvas.look;
        let cursor = &model.screens.overview.cursor;
        canvas.list(list, cursor, worst.len(), |row, width| findings::row(look, &worst[row], width));
    }
    canvas.lines(below, sources);
}

fn waiting(canvas: &mut Canvas, model: &Model, area: Rect) {
    let words = if model.is_recorded() { " reading the recording" } else { " asking; nothing has answered yet" };
    let mut lines = vec![Line::styled(words, canvas.style(Meaning::Muted))];
    lines.extend(sources(canvas, model, area.width));
    canvas.lines(area, lines);
}

/// The verdict, and what breaks first.
fn head<'m>(canvas: &Canvas, audit: &'m Audit, width: u16) -> Vec<Line<'m>> {
    let style = |meaning| canvas.style(meaning);
    let mut lines = Vec::new();
    if let Some(readiness) = &audit.readiness {
        let meaning = match readiness.verdict {
            Verdict::Ready => Meaning::Pass,
            Verdict::ReadyWithWaivers => Meaning::Waived,
            Verdict::Unproven => Meaning::Unknown,
            Verdict::NotReady => Meaning::Fail,
        };
        let stage = format!(" Stage {} {}: ", screen(&readiness.stage.id), screen(&readiness.stage.title));
        lines.push(Line::from(vec![
            Span::raw(stage),
            Span::styled(readiness.verdict.words(), style(meaning)),
            Span::raw(format!("   score {}", readiness.score.words())),
        ]));
        let because = fit(&screen(&readiness.because), usize::from(width).saturating_sub(2));
        lines.push(Line::styled(format!(" {because}"), style(Meaning::Muted)));
    }
    let told: Vec<_> = audit.bottlenecks.iter().filter(|b| breaks::is_told(b)).take(BOTTLENECKS).collect();
    for (at, bottleneck) in told.into_iter().enumerate() {
        let word = if at == 0 { " Breaks first  " } else { "               " };
        let text = fit(&screen(&breaks::line(bottleneck)), usize::from(width).saturating_sub(16));
        lines.push(Line::from(vec![
            Span::styled(word, style(Meaning::Title)),
            Span::styled(text, style(Meaning::Accent)),
        ]));
    }
    lines
}

/// Sources that do not answer, or that are being asked for the first time.
fn sources<'m>(canvas: &Canvas, model: &'m Model, width: u16) -> Vec<Line<'m>> {
    let style = |meaning| canvas.style(meaning);
    let silent = model.sources.iter().filter(|s| s.fault.is_some() || (s.asking.is_some() && s.answered_at.is_none()));
    silent
        .map(|source| {
            let since = source
                .answered_at
                .map(|at| format!(", last answer {} ago", age(model.now.duration_since(at).as_secs())));
            let words = match (&source.fault, source.asking) {
                (Some(fault), _) => {
                    format!("{}: {}{}", screen(&source.name), screen(&fault.words), since.unwrap_or_default())
                }
                (None, Some((done, of))) => format!("{}: {done} of {of} answers", screen(&source.name)),
                (None, None) => format!("{}: asking", screen(&source.name)),
            };
            let words = fit(&words, usize::from(width).saturating_sub(9));
            let meaning = if source.fault.is_some() { Meaning::Unknown } else { Meaning::Muted };
            Line::from(vec![Span::raw("   "), Span::styled("?     ", style(meaning)), Span::raw(words)])
        })
        .collect()
}
