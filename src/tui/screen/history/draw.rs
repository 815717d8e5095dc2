//! Draws past audits, one of them, and a number over time.

use jiff::Timestamp;
use ratatui::{
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
};

use super::{Reading, Shown, Traced};
use crate::{
    history::{
        Kind, Listed, Point, Series,
        plot::{Size, plot},
    },
    quantity,
    report::changes::{self, Row, details},
    snapshot::Unit,
    text::screen,
    tui::{
        command::Action,
        model::Model,
        nav::Place,
        theme::{Look, Meaning},
        widget::{Bar, Canvas, Column, Table, age, column, fit, spark, status, wrap},
    },
};

/// The rows of a chart below a list.
const CHART: u16 = 12;

pub(in crate::tui::screen) fn draw(canvas: &mut Canvas, model: &Model, area: Rect) {
    match model.nav.place() {
        Place::Past(id) => past(canvas, model, *id, area),
        Place::Trend { check, subject } => trend(canvas, model, (check, subject), area),
        _ => list(canvas, model, area),
    }
}

/// A sentence where there is nothing to show; true where it was drawn.
fn instead(canvas: &mut Canvas, model: &Model, area: Rect) -> bool {
    let state = &model.screens.history;
    match &state.reading {
        Reading::Failed(words) => canvas.note(area, &screen(words), Meaning::Fail),
        Reading::NotYet => canvas.note(area, "waiting for the first answers …", Meaning::Muted),
        Reading::Begun => {
            let words = format!("reading past audits …; {} stops that", model.key(Action::Cancel));
            canvas.note(area, &words, Meaning::Muted);
        }
        Reading::Done => return false,
    }
    true
}

fn list(canvas: &mut Canvas, model: &Model, area: Rect) {
    let audits = &model.screens.history.audits;
    if instead(canvas, model, area) {
        return;
    }
    if audits.is_empty() {
        let words = if model.is_recorded() {
            "A recording is one moment and has no history of its own, and no audits of its target are kept here. Live \
             audits are kept: `loadline audit`, and these screens while they are open over a live target."
        } else {
            "No past audits of this target yet. `loadline audit` keeps each one; these screens keep the latest of every \
             ten minutes while they are open."
        };
        return canvas.note(area, words, Meaning::Muted);
    }
    let score = if area.height >= CHART + 14 { CHART } else { 0 };
    let [first, head, body, below] =
        Layout::vertical([Constraint::Length(1), Constraint::Length(1), Constraint::Min(1), Constraint::Length(score)])
            .areas(area);
    let line = heading(canvas, model, audits, area.width);
    canvas.line(first, line);
    let table = Table::new(&COLUMNS, Canvas::row_width(area));
    let style = canvas.style(Meaning::Muted);
    canvas.line(head, Line::styled(format!("   {}", table.head()), style));
    let now = model.now;
    canvas.list(body, &model.screens.history.cursor, audits.len(), |at, _| {
        audits.get(at).map(|listed| Line::raw(table.row(&cells(listed, now)))).unwrap_or_default()
    });
    if score > 0 {
        scores(canvas, audits, below);
    }
}

const COLUMNS: [Column; 8] = [
    Column { title: "when (UTC)", least: 16, grows: 0, right: false, rank: 9 },
    Column { title: "age", least: 4, grows: 0, right: true, rank: 6 },
    Column { title: "verdict", least: 11, grows: 1, right: false, rank: 7 },
    Column { title: "score", least: 6, grows: 0, right: true, rank: 4 },
    Column { title: "fail", least: 4, grows: 0, right: true, rank: 5 },
    Column { title: "warn", least: 4, grows: 0, right: true, rank: 3 },
    Column { title: "unkn", least: 4, grows: 0, right: true, rank: 2 },
    Column { title: "since the one before", least: 19, grows: 2, right: false, rank: 8 },
];

fn cells(listed: &Listed, now: Timestamp) -> Vec<String> {
    let (past, summary) = (&listed.past, listed.past.summary);
    let verdict = past.verdict.as_ref();
    vec![
        past.at.strftime("%Y-%m-%d %H:%M").to_string(),
        age(now.duration_since(past.at).as_secs().max(0)),
        verdict.map_or_else(|| "-".into(), |verdict| screen(&verdict.words).into_owned()),
        verdict.map(changes::interval).unwrap_or_default(),
        summary.fail.to_string(),
        summary.warn.to_string(),
        summary.unknown.to_string(),
        listed.changed.map_or_else(|| "-".into(), |tally| tally.words()),
    ]
}

/// How many there are, and how the lower end of the score moved.
fn heading<'m>(canvas: &Canvas, model: &Model, audits: &[Listed], width: u16) -> Line<'m> {
    let mut bar = Bar::new(width);
    let n = audits.len();
    let most = if n == super::MOST { "the latest " } else { "" };
    let words = format!(" {most}{n} past audit{}", if n == 1 { "" } else { "s" });
    bar.left(Span::styled(words, canvas.style(Meaning::Title)));
    if model.is_recorded() {
        bar.middle(Span::styled("  of its target; the recording is not kept", canvas.style(Meaning::Muted)));
    }
    let low: Vec<Option<f64>> = audits.iter().rev().map(|l| l.past.verdict.as_ref().map(|v| v.low)).collect();
    let bars = spark(&low, low.len().min(16), Some(100.0), canvas.look);
    bar.right(Span::styled("score ", canvas.style(Meaning::Muted)));
    bar.right(Span::styled(format!("{bars} "), canvas.style(Meaning::Accent)));
    bar.into_line()
}

/// The lower end of the score over time.
fn scores(canvas: &mut Canvas, audits: &[Listed], area: Rect) {
    let of = |listed: &Listed| Some((listed.past.at, listed.past.verdict.as_ref()?.low));
    let points: Vec<_> = audits.iter().rev().filter_map(of).collect();
    let [rule, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(1)]).areas(area);
    let style = canvas.style(Meaning::Title);
    canvas.rule(rule, Line::styled(" The lower end of the score, from 0 to 100 ", style));
    chart(canvas, &points, Unit::Count, body);
}

fn chart(canvas: &mut Canvas, points: &[(Timestamp, f64)], unit: Unit, area: Rect) {
    let size = Size { width: usize::from(area.width), height: usize::from(area.height), ascii: canvas.look.ascii };
    let style = canvas.style(Meaning::Accent);
    canvas.lines(area, plot(points, unit, size).into_iter().map(|row| Line::styled(row, style)));
}

fn past(canvas: &mut Canvas, model: &Model, id: i64, area: Rect) {
    let state = &model.screens.history;
    let Some(shown) = state.shown.as_ref().filter(|shown| shown.audit.id == Some(id)) else {
        if !matches!(state.reading, Reading::Failed(_)) || !instead(canvas, model, area) {
            canvas.note(area, "reading this audit …", Meaning::Muted);
        }
        return;
    };
    let head = head(shown, usize::from(area.width).saturating_sub(2));
    let preview = if area.height >= 18 { 5 } else { 0 };
    let [top, body, bottom] = Layout::vertical([
        Constraint::Length(u16::try_from(head.len()).unwrap_or(2)),
        Constraint::Min(1),
        Constraint::Length(preview),
    ])
    .areas(area);
    canvas.lines(top, head.into_iter().map(|line| Line::raw(format!(" {line}"))));
    if shown.rows.is_empty() {
        return canvas.note(body, "nothing failed, warned or was left unmeasured", Meaning::Muted);
    }
    let look = canvas.look;
    canvas.list(body, &state.row, shown.rows.len(), |at, width| {
        shown.rows.get(at).map(|(kind, row)| line(look, *kind, row, width)).unwrap_or_default()
    });
    if let Some((_, row)) = shown.rows.get(state.row.at).filter(|_| preview > 0) {
        chosen(canvas, row, bottom);
    }
}

/// What the audit came to, and what it is held against.
fn head(shown: &Shown, width: usize) -> Vec<String> {
    let since = match &shown.since {
        None => "The first that is kept: there is none before it to hold it against.".to_owned(),
        Some(since) => {
            let before = since.before.at.strftime("%Y-%m-%d %H:%M UTC");
            format!("Since the audit of {before}: {}.", since.tally.words())
        }
    };
    let notes = shown.since.iter().flat_map(changes::Comparison::notes).map(|note| format!("Note: {note}."));
    let all = [changes::past_line(&shown.audit), since].into_iter().chain(notes);
    all.flat_map(|words| wrap(&screen(&words), width)).collect()
}

/// A row: what became of it, the check, and what was found about what.
fn line(look: Look, kind: Option<Kind>, row: &Row, width: usize) -> Line<'static> {
    let (word, meaning) = match kind {
        Some(kind) => (kind.word(), of_kind(kind)),
        None => row.after.map_or(("", Meaning::Text), status),
    };
    let (first, steps) = (if kind.is_some() { 12 } else { 6 }, if width >= 100 && kind.is_some() { 19 } else { 0 });
    let room = width.saturating_sub(first + steps + 2);
    let check = (room * 2 / 5).clamp(12, 34).min(room);
    let number = row.number.as_ref().map(|moved| format!("{}; ", moved.words())).unwrap_or_default();
    let about = format!("{}: {number}{}", screen(&row.subject), screen(&row.message));
    let step = if steps > 0 { column(&changes::step(row), steps) } else { String::new() };
    Line::from(vec![
        Span::styled(column(word, first), look.style(meaning)),
        Span::raw(format!(" {step}{} ", column(&screen(&row.check), check))),
        Span::raw(column(&screen(&about), room.saturating_sub(check))),
    ])
}

fn of_kind(kind: Kind) -> Meaning {
    match kind {
        Kind::New | Kind::Worse => Meaning::Fail,
        Kind::Unmeasured => Meaning::Unknown,
        Kind::Better => Meaning::Pass,
        Kind::Same => Meaning::Muted,
    }
}

/// The chosen row in full, below the list.
fn chosen(canvas: &mut Canvas, row: &Row, area: Rect) {
    let width = usize::from(area.width).saturating_sub(2);
    let [rule, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(1)]).areas(area);
    let title = format!(" {} {} ", changes::step(row), screen(&row.check));
    let style = canvas.style(Meaning::Title);
    canvas.rule(rule, Line::styled(fit(&title, width), style));
    let words = format!("{}: {}", row.subject, row.message);
    let lines = [Some(words), details(row)].into_iter().flatten().flat_map(|words| wrap(&screen(&words), width));
    canvas.lines(body, lines.map(|line| Line::raw(format!(" {line}"))));
}

fn trend(canvas: &mut Canvas, model: &Model, (check, subject): (&str, &str), area: Rect) {
    let state = &model.screens.history;
    let Some(traced) = state.traced_of(check, subject) else {
        if !matches!(state.reading, Reading::Failed(_)) || !instead(canvas, model, area) {
            canvas.note(area, "reading its numbers …", Meaning::Muted);
        }
        return;
    };
    let chosen = traced.series.get(state.number.at);
    let Some(series) = chosen.filter(|series| !series.points.is_empty()) else {
        return canvas.note(
            area,
            "Past audits kept no numbers of this finding: one that is in order has none.",
            Meaning::Muted,
        );
    };
    if area.width >= 120 {
        let [left, _, right] =
            Layout::horizontal([Constraint::Length(44), Constraint::Length(2), Constraint::Min(1)]).areas(area);
        numbers(canvas, model, traced, left);
        return figure(canvas, model.now, series, right);
    }
    let rows = u16::try_from(traced.series.len()).unwrap_or(u16::MAX).min(area.height / 3).max(1);
    let [top, below] = Layout::vertical([Constraint::Length(rows), Constraint::Min(1)]).areas(area);
    numbers(canvas, model, traced, top);
    figure(canvas, model.now, series, below);
}

/// The numbers of the finding, one of them chosen.
fn numbers(canvas: &mut Canvas, model: &Model, traced: &Traced, area: Rect) {
    let look = canvas.look;
    canvas.list(area, &model.screens.history.number, traced.series.len(), |at, width| {
        let Some(series) = traced.series.get(at) else { return Line::default() };
        let last = series.points.last().map(|point| quantity::show(point.value, series.unit)).unwrap_or_default();
        let moved: Vec<Option<f64>> = series.points.iter().map(|point| Some(point.value)).collect();
        let bars = width.saturating_sub(24 + 14).min(24);
        Line::from(vec![
            Span::raw(column(&screen(&series.name), 24)),
            Span::raw(column(&last, 14)),
            Span::styled(spark(&moved, bars, None, look), look.style(Meaning::Accent)),
        ])
    });
}

/// The chosen number: a chart, and its last, least and most with their ages.
fn figure(canvas: &mut Canvas, now: Timestamp, series: &Series, area: Rect) {
    let [rule, body, foot] =
        Layout::vertical([Constraint::Length(1), Constraint::Min(1), Constraint::Length(2)]).areas(area);
    let style = canvas.style(Meaning::Title);
    let n = series.points.len();
    let title = format!(" {} in {n} past audit{} ", screen(&series.name), if n == 1 { "" } else { "s" });
    canvas.rule(rule, Line::styled(fit(&title, usize::from(area.width)), style));
    let points: Vec<_> = series.points.iter().map(|point| (point.at, point.value)).collect();
    chart(canvas, &points, series.unit, body);
    let by = |a: &&Point, b: &&Point| a.value.total_cmp(&b.value);
    let told = |word: &str, point: Option<&Point>| {
        point.map_or_else(String::new, |point| {
            let value = quantity::show(point.value, series.unit);
            format!("{word} {value} ({} ago)", age(now.duration_since(point.at).as_secs().max(0)))
        })
    };
    let (last, lowest, highest) =
        (series.points.last(), series.points.iter().min_by(by), series.points.iter().max_by(by));
    let (word, meaning) = last.map_or(("", Meaning::Text), |point| status(point.status));
    let line = Line::from(vec![
        Span::raw(" "),
        Span::styled(word, canvas.style(meaning)),
        Span::raw(format!(" {}   {}   {}", told("last", last), told("least", lowest), told("most", highest))),
    ]);
    canvas.lines(foot, [Line::default(), line]);
}
