//! Draws the report: a line that says what it is, the text, and the headings beside it where there is room.

use ratatui::{
    layout::{Constraint, Layout, Rect},
    style::Modifier,
    text::{Line, Span},
};

use super::{Act, State, find, state};
use crate::{
    text::screen,
    tui::{
        command::Action,
        model::Model,
        theme::Meaning,
        widget::{Bar, Canvas, Markdown, age, fit},
    },
};

pub(in crate::tui::screen) fn draw(canvas: &mut Canvas, model: &Model, area: Rect) {
    let [head, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(1)]).areas(area);
    let line = heading(canvas, model, head.width);
    canvas.line(head, line);
    let state = &model.screens.report;
    let body = match &state.error {
        Some(error) => failed(canvas, model, error, body),
        None => body,
    };
    let Some(laid) = &state.laid else {
        if state.error.is_none() {
            let words =
                if model.audit.is_some() { "writing the report …" } else { "waiting for the first audit …" };
            canvas.note(body, words, Meaning::Muted);
        }
        return;
    };
    if area.width < state::BESIDE {
        return text(canvas, state, laid, body);
    }
    let width = u16::try_from(state::text_width(area.width)).unwrap_or(u16::MAX).saturating_add(3);
    let [left, _, right] =
        Layout::horizontal([Constraint::Length(width), Constraint::Length(2), Constraint::Min(1)]).areas(body);
    text(canvas, state, laid, left);
    contents(canvas, state, laid, right);
}

/// Which report this is, of which audit, and how old that is.
fn heading<'l>(canvas: &Canvas, model: &Model, width: u16) -> Line<'l> {
    let style = |meaning| canvas.style(meaning);
    let state = &model.screens.report;
    let mut bar = Bar::new(width);
    if state.search.is_typing() {
        bar.left(Span::styled(" / ", style(Meaning::Key)));
        bar.left(Span::styled(format!("{}_", screen(state.search.value())), style(Meaning::Input)));
    } else {
        bar.left(Span::styled(format!(" {}", screen(&state.template)), style(Meaning::Title)));
        let (words, meaning) = of_audit(model);
        bar.left(Span::styled(words, style(meaning)));
    }
    bar.right(Span::styled(place(state), style(Meaning::Muted)));
    bar.into_line()
}

fn of_audit(model: &Model) -> (String, Meaning) {
    let state = &model.screens.report;
    let Some(written) = &state.written else { return (String::new(), Meaning::Muted) };
    let at = written.audit.snapshot.finished_at;
    let words = if model.is_recorded() {
        format!(", of the audit of {}", at.strftime("%Y-%m-%d %H:%M UTC"))
    } else {
        format!(", from the audit {} ago", age(model.now.duration_since(at).as_secs().max(0)))
    };
    match (state.making, state::is_old(model)) {
        (true, _) => (format!("{words}; being made anew …"), Meaning::Muted),
        (false, true) => {
            let key = model.key(Action::Report(Act::Update));
            (format!("{words}; there is a newer one, {key} takes it"), Meaning::Warn)
        }
        (false, false) => (words, Meaning::Muted),
    }
}

/// How far one is: of what was searched for, or of the whole.
fn place(state: &State) -> String {
    let value = state.search.value();
    if !value.is_empty() {
        let at = if state.found.is_empty() { 0 } else { state.at + 1 };
        let what = if state.search.is_typing() { String::new() } else { format!("`{}` ", fit(&screen(value), 20)) };
        return format!(" {what}{at} of {} ", state.found.len());
    }
    let (first, len) = (state.scroll.first(), state.laid.as_ref().map_or(0, |laid| laid.len()));
    if len == 0 { String::new() } else { format!(" line {} of {len} ", first + 1) }
}

/// Says why there is no report, above the one that there was before.
fn failed(canvas: &mut Canvas, model: &Model, error: &str, area: Rect) -> Rect {
    let width = usize::from(area.width).saturating_sub(2);
    let mut lines: Vec<Line> = vec![Line::styled(" This report cannot be written:", canvas.style(Meaning::Fail))];
    for line in error.lines() {
        for part in crate::tui::widget::wrap(&screen(line), width) {
            lines.push(Line::raw(format!(" {part}")));
        }
    }
    let key = |act| model.key(Action::Report(act));
    let (again, other) = (key(Act::Update), key(Act::Template));
    let words = format!(" Mend the template and press {again}, or choose another with {other}.");
    lines.push(Line::styled(words, canvas.style(Meaning::Muted)));
    lines.push(Line::default());
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let [top, rest] = Layout::vertical([Constraint::Length(height), Constraint::Min(0)]).areas(area);
    canvas.lines(top, lines);
    rest
}

fn text(canvas: &mut Canvas, state: &State, laid: &Markdown, area: Rect) {
    let window = state.scroll.window(laid.len(), usize::from(area.height));
    let (from, look) = (window.start, canvas.look);
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    canvas.lines(inner, window.clone().map(|at| laid.line(at, look)));
    if let Some(line) = state.found.get(state.at).filter(|line| window.contains(line)) {
        let y = area.y + u16::try_from(line - from).unwrap_or(0);
        let mark = canvas.look.mark(">", ">");
        canvas.buf.set_string(area.x, y, mark, canvas.style(Meaning::Key));
        canvas
            .buf
            .set_style(Rect { y, height: 1, ..inner }, ratatui::style::Style::new().add_modifier(Modifier::REVERSED));
    }
    let (above, below) = state.scroll.more();
    let style = canvas.style(Meaning::Muted);
    let edge = area.right().saturating_sub(1);
    if above {
        canvas.buf.set_string(edge, area.y, canvas.look.mark("↑", "^"), style);
    }
    if below {
        canvas.buf.set_string(edge, area.bottom().saturating_sub(1), canvas.look.mark("↓", "v"), style);
    }
}

/// The headings, the one under which one reads marked, and in view.
fn contents(canvas: &mut Canvas, state: &State, laid: &Markdown, area: Rect) {
    /// Deeper ones would only make the list long.
    const DEEPEST: usize = 2;
    let here = find::heading(state);
    let shown: Vec<(usize, _)> =
        laid.headings().iter().enumerate().filter(|(_, heading)| heading.level <= DEEPEST).collect();
    let at = shown.iter().rposition(|(n, _)| *n <= here).unwrap_or(0);
    let height = usize::from(area.height).saturating_sub(1);
    let first = (at + 1).saturating_sub(height).min(shown.len().saturating_sub(height));
    let mut lines = vec![Line::styled("Contents", canvas.style(Meaning::Title))];
    for (row, (_, heading)) in shown.iter().enumerate().skip(first) {
        let indent = "  ".repeat(heading.level.saturating_sub(1));
        let (mark, meaning) = if row == at { ("> ", Meaning::Accent) } else { ("  ", Meaning::Text) };
        let words = fit(&heading.words, usize::from(area.width).saturating_sub(indent.len() + 2));
        lines.push(Line::styled(format!("{mark}{indent}{words}"), canvas.style(meaning)));
    }
    canvas.lines(area, lines);
}
