//! Draws the list of findings, and beside it the chosen one where there is room.

use ratatui::{
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
};

use super::detail;
use crate::{
    check::finding::Finding,
    text::screen,
    tui::{
        model::Model,
        nav::Place,
        theme::{Look, Meaning},
        widget::{Bar, Canvas, Scroll, column, status},
    },
};

/// From this size on a list and the detail of what is chosen stand side by side.
const SPLIT: (u16, u16) = (120, 20);

pub(in crate::tui::screen) fn draw(canvas: &mut Canvas, model: &Model, area: Rect) {
    if let Place::Finding { check, subject } = model.nav.place() {
        if let Some(finding) = model.finding(check, subject) {
            let lines = detail::lines(canvas.look, finding, area.width);
            canvas.page(area, &model.screens.findings.scroll, &lines);
        }
        return;
    }
    if area.width < SPLIT.0 || area.height < SPLIT.1 {
        return list(canvas, model, area);
    }
    let [left, _, right] =
        Layout::horizontal([Constraint::Percentage(52), Constraint::Length(2), Constraint::Min(1)]).areas(area);
    list(canvas, model, left);
    if let Some(finding) = super::chosen(model) {
        let lines = detail::lines(canvas.look, finding, right.width);
        canvas.page(right, &Scroll::default(), &lines);
    }
}

fn list(canvas: &mut Canvas, model: &Model, area: Rect) {
    let [head, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(1)]).areas(area);
    let line = heading(canvas, model, area.width);
    canvas.line(head, line);
    let state = &model.screens.findings;
    if state.shown.is_empty() {
        let words = match (&model.audit, state.filter.value().is_empty()) {
            (None, _) => "waiting for the first answers …",
            (Some(_), true) => "nothing was looked at",
            (Some(_), false) => "nothing fits the filter; ctrl-l takes it away",
        };
        canvas.note(body, words, Meaning::Muted);
        return;
    }
    let look = canvas.look;
    canvas.list(body, &state.cursor, state.shown.len(), |at, width| {
        let finding = state.shown.get(at).and_then(|at| model.all().get(*at as usize));
        finding.map(|finding| row(look, finding, width)).unwrap_or_default()
    });
}

fn heading<'m>(canvas: &Canvas, model: &'m Model, width: u16) -> Line<'m> {
    let style = |meaning| canvas.style(meaning);
    let state = &model.screens.findings;
    let mut bar = Bar::new(width);
    if state.typing {
        bar.left(Span::styled(" / ", style(Meaning::Key)));
        bar.left(Span::styled(format!("{}_", screen(state.filter.value())), style(Meaning::Input)));
    } else if state.filter.value().is_empty() {
        bar.left(Span::styled(" all findings", style(Meaning::Muted)));
    } else {
        bar.left(Span::styled(format!(" filter: {}", screen(state.filter.value())), style(Meaning::Accent)));
    }
    let words = format!(" {} of {}, {} ", state.shown.len(), model.all().len(), state.sort.word());
    bar.right(Span::styled(words, style(Meaning::Muted)));
    bar.into_line()
}

/// A finding in a line: status, check, and what was found about what.
pub(in crate::tui::screen) fn row(look: Look, finding: &Finding, width: usize) -> Line<'_> {
    let (word, meaning) = status(finding.status);
    // The status takes 6 cells; the check a third of the rest, the subject and the message what is left.
    let room = width.saturating_sub(6);
    let check = (room / 3).clamp(12, 34).min(room);
    let rest = room.saturating_sub(check + 1);
    let about = format!("{}: {}", screen(&finding.subject), screen(&finding.message));
    Line::from(vec![
        Span::styled(word, look.style(meaning)),
        Span::raw(" "),
        Span::raw(column(&finding.check, check)),
        Span::raw(" "),
        Span::raw(column(&about, rest)),
    ])
}
