//! Draws the panels: one with its rows, or all of them where there is room.

use ratatui::{
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
};

use super::{
    fresh,
    panel::Panel,
    row::{self, Shown},
    sessions::Session,
    statements,
};
use crate::{
    text::screen,
    tui::{
        command::Action,
        model::Model,
        nav::Place,
        theme::Meaning,
        widget::{Bar, Canvas, Table, cells, fit, wrap},
    },
};

/// From this size of the terminal on there is room for all panels.
pub(super) const ALL: (u16, u16) = (150, 40);

/// From this height of a panel on the chosen row is shown in full below.
const PREVIEW: u16 = 15;

/// Whether there is room for all panels.
pub(super) fn has_room((width, height): (u16, u16)) -> bool {
    width >= ALL.0 && height >= ALL.1
}

/// What cells are made with.
pub(super) fn shown(model: &Model) -> Shown<'_> {
    let state = &model.screens.live;
    Shown { look: model.look, board: &state.board, series: &state.series }
}

/// Draws it.
pub(in crate::tui::screen) fn draw(canvas: &mut Canvas, model: &Model, area: Rect) {
    if let Place::LiveRow(panel, name) = model.nav.place() {
        return opened(canvas, model, (panel, name), area);
    }
    let [tabs, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(1)]).areas(area);
    names(canvas, model, tabs);
    if has_room(model.size) && !model.screens.live.alone {
        return all(canvas, model, body);
    }
    let [head, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(1)]).areas(body);
    let line = heading(canvas, model, model.screens.live.panel, head.width, model.screens.live.panel.title());
    canvas.line(head, line);
    panel(canvas, model, model.screens.live.panel, body);
}

fn opened(canvas: &mut Canvas, model: &Model, (panel, name): (&str, &str), area: Rect) {
    let state = &model.screens.live;
    let page = Panel::of(panel).and_then(|panel| state.page(panel, name));
    let Some((detail, is_there)) = page else {
        return canvas.note(area, &format!("it is gone; {} goes back", model.key(Action::Back)), Meaning::Muted);
    };
    let mut lines = Vec::new();
    if !is_there {
        let words = " It is gone. This is what it was when it was last seen.";
        lines.push(Line::styled(words, canvas.style(Meaning::Warn)));
    }
    lines.extend(detail.lines(canvas.look, area.width));
    canvas.page(area, &state.scroll, &lines);
}

/// The panels with their keys. What somebody should look at has a mark.
fn names(canvas: &mut Canvas, model: &Model, area: Rect) {
    let (state, panels) = (&model.screens.live, model.layout.panels());
    let width = usize::from(area.width);
    let name = |panel: Panel, size: usize| match size {
        0 => panel.title(),
        size => panel.short()[size - 1],
    };
    let needed = |size: usize| panels.iter().map(|panel| cells(name(*panel, size)) + 4).sum::<usize>() + 1;
    let size = (0..2).find(|size| needed(*size) <= width).unwrap_or(2);
    let mut spans = vec![Span::raw(" ")];
    for panel in panels.iter().copied() {
        let meaning = if panel == state.panel { Meaning::Selected } else { Meaning::Text };
        spans.push(Span::styled(panel.key(), canvas.style(Meaning::Key)));
        spans.push(Span::raw(" "));
        spans.push(Span::styled(name(panel, size), canvas.style(meaning)));
        let mark = if state.board.calls(panel) { "! " } else { "  " };
        spans.push(Span::styled(mark, canvas.style(Meaning::Warn)));
    }
    canvas.line(area, Line::from(spans));
}

/// How a panel stands, or these words where it has no rows; its filter, its order, and how old it is.
fn heading(canvas: &Canvas, model: &Model, panel: Panel, width: u16, empty: &str) -> Line<'static> {
    let style = |meaning| canvas.style(meaning);
    let state = &model.screens.live;
    let filter = state.of(panel).filter.value();
    let mut bar = Bar::new(width);
    if state.typing && panel == state.panel {
        bar.left(Span::styled(" / ", style(Meaning::Key)));
        bar.left(Span::styled(format!("{}_", screen(filter)), style(Meaning::Input)));
    } else if filter.is_empty() {
        let summary = state.board.summary(panel);
        let words = if summary.is_empty() { empty } else { &summary };
        bar.left(Span::styled(format!(" {words}"), style(Meaning::Text)));
    } else {
        let rows = format!("{} of {}", state.of(panel).shown.len(), state.board.len(panel));
        bar.left(Span::styled(format!(" filter: {} ({rows})", screen(filter)), style(Meaning::Accent)));
    }
    let order = match panel {
        Panel::Activity => format!("{}  ", state.sessions_by.words()),
        Panel::Statements if state.statements_by != statements::Sort::Time => {
            format!("{}  ", state.statements_by.words())
        }
        _ => String::new(),
    };
    let (fresh, meaning) = fresh::words(model, panel);
    bar.right(Span::styled(format!("  {order}"), style(Meaning::Muted)));
    bar.right(Span::styled(format!("{fresh} "), style(meaning)));
    bar.into_line()
}

/// A panel: what must be said of its sources, its rows, and where there is room the chosen one in full.
fn panel(canvas: &mut Canvas, model: &Model, panel: Panel, area: Rect) {
    let state = &model.screens.live;
    let notices = notices(canvas, model, panel, area, 2);
    let used = u16::try_from(notices.len()).unwrap_or(u16::MAX);
    canvas.lines(area, notices);
    let rest = Rect { y: area.y + used.min(area.height), height: area.height.saturating_sub(used), ..area };
    let preview = if area.height >= PREVIEW { preview(canvas, model, panel, area.width) } else { Vec::new() };
    let foot = u16::try_from(preview.len()).unwrap_or(0);
    let [body, foot] = Layout::vertical([Constraint::Min(1), Constraint::Length(foot)]).areas(rest);
    rows(canvas, model, panel, body);
    if !state.of(panel).shown.is_empty() {
        canvas.lines(foot, preview);
    }
}

/// What must be said of the sources of a panel, each in a few lines at most.
fn notices(canvas: &Canvas, model: &Model, panel: Panel, area: Rect, each: usize) -> Vec<Line<'static>> {
    let width = usize::from(area.width).saturating_sub(2);
    let mut lines = Vec::new();
    for (meaning, words) in fresh::notices(model, panel) {
        let mut wrapped = wrap(&screen(&words), width);
        if wrapped.len() > each {
            let rest = wrapped.split_off(each - 1).join(" ");
            wrapped.push(fit(&rest, width));
        }
        lines.extend(wrapped.into_iter().map(|line| Line::styled(format!(" {line}"), canvas.style(meaning))));
    }
    // However many sources fail, some rows stay to be seen.
    lines.truncate(usize::from(area.height / 2));
    lines
}

/// The head and the rows of a panel.
fn rows(canvas: &mut Canvas, model: &Model, panel: Panel, area: Rect) {
    let state = &model.screens.live;
    let list = state.of(panel);
    if list.shown.is_empty() {
        let (words, meaning) = fresh::nothing(model, panel);
        return canvas.note(area, &words, meaning);
    }
    let [head, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(1)]).areas(area);
    let columns = panel.columns();
    let table = Table::new(columns, Canvas::row_width(area));
    canvas.line(head, Line::styled(format!("   {}", table.head()), canvas.style(Meaning::Muted)));
    let shown = shown(model);
    let line = |at: usize, _: usize| {
        let row = state.row(panel, at);
        row.map(|row| row::line(row, &table, columns, &shown, fresh::is_stale(model, panel, row.source())))
            .unwrap_or_default()
    };
    if panel == state.panel {
        canvas.list(body, &list.cursor, list.shown.len(), line);
    } else {
        // Keys and clicks mean the panel at hand; the others show their first rows.
        let lines = (0..list.shown.len().min(usize::from(body.height))).map(|at| line(at, 0));
        canvas.lines(Rect { x: body.x + 3, width: body.width.saturating_sub(3), ..body }, lines);
    }
}

/// The statement of the chosen row in a few lines.
fn preview(canvas: &Canvas, model: &Model, panel: Panel, width: u16) -> Vec<Line<'static>> {
    /// The lines of it.
    const LINES: usize = 2;
    let state = &model.screens.live;
    let list = state.of(panel);
    let Some(at) = list.shown.get(list.cursor.at) else { return Vec::new() };
    let text = match panel {
        Panel::Statements => state.board.statements.get(*at as usize).map(statements::Statement::words),
        _ => state.board.session(panel, *at as usize).map(Session::line),
    };
    let Some(text) = text else { return Vec::new() };
    let width = usize::from(width).saturating_sub(2);
    // Only what can be seen is wrapped, however long it is.
    let text: String = text.chars().take(width * (LINES + 1)).collect();
    let mut wrapped = wrap(&screen(&text), width);
    if wrapped.len() > LINES {
        let rest = wrapped.split_off(LINES - 1).join(" ");
        wrapped.push(fit(&rest, width));
    }
    wrapped.resize(LINES, String::new());
    wrapped.into_iter().map(|line| Line::styled(format!(" {line}"), canvas.style(Meaning::Accent))).collect()
}

/// All panels, in two columns: what is long at the left, or as somebody has put them, the first ones at the left.
fn all(canvas: &mut Canvas, model: &Model, area: Rect) {
    const LEFT: [Panel; 3] = [Panel::Activity, Panel::Locks, Panel::Statements];
    const RIGHT: [Panel; 4] = [Panel::Cache, Panel::Pools, Panel::Replication, Panel::Autoscalers];
    let (first, second) = match &model.layout.live {
        None => (&LEFT[..], &RIGHT[..]),
        Some(panels) => panels.split_at(panels.len().div_ceil(2)),
    };
    if second.is_empty() {
        return stack(canvas, model, first, area);
    }
    let [left, _, right] =
        Layout::horizontal([Constraint::Percentage(52), Constraint::Length(1), Constraint::Min(1)]).areas(area);
    stack(canvas, model, first, left);
    stack(canvas, model, second, right);
}

/// Panels below each other, each as high as it needs while there is room.
fn stack(canvas: &mut Canvas, model: &Model, panels: &[Panel], area: Rect) {
    let state = &model.screens.live;
    let needs: Vec<usize> = panels
        .iter()
        .map(|panel| {
            let notices = notices(canvas, model, *panel, area, 1).len();
            // The title, the head of the table or the words that there is nothing, and an empty line.
            state.of(*panel).shown.len() + notices + 3
        })
        .collect();
    let mut y = area.y;
    for (panel, height) in panels.iter().zip(shares(&needs, usize::from(area.height))) {
        let height = u16::try_from(height).unwrap_or(u16::MAX).min(area.bottom().saturating_sub(y));
        titled(canvas, model, *panel, Rect { y, height, ..area });
        y += height;
    }
}

/// So much of a height for each that none has more than it needs while another has less than its share.
fn shares(needs: &[usize], height: usize) -> Vec<usize> {
    let mut given = vec![0; needs.len()];
    let mut left = height;
    loop {
        let open: Vec<usize> = (0..needs.len()).filter(|at| given[*at] < needs[*at]).collect();
        if open.is_empty() || left == 0 {
            return given;
        }
        let share = (left / open.len()).max(1);
        for at in open {
            let more = share.min(needs[at] - given[at]).min(left);
            given[at] += more;
            left -= more;
        }
    }
}

/// A panel under its title.
fn titled(canvas: &mut Canvas, model: &Model, panel: Panel, area: Rect) {
    if area.height == 0 {
        return;
    }
    let top = Rect { height: 1, ..area };
    let meaning = if panel == model.screens.live.panel { Meaning::Selected } else { Meaning::Title };
    let title = format!(" {} {} ", panel.key(), panel.title());
    let width = u16::try_from(cells(&title)).unwrap_or(u16::MAX);
    canvas.rule(top, Line::default());
    canvas.line(top, Line::styled(title, canvas.style(meaning)));
    let rest = Rect { x: top.x + width.min(top.width), width: top.width.saturating_sub(width), ..top };
    // The title before it has named the panel.
    let line = heading(canvas, model, panel, rest.width, "");
    canvas.line(rest, line);
    let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let notices = notices(canvas, model, panel, body, 1);
    let used = u16::try_from(notices.len()).unwrap_or(u16::MAX).min(body.height);
    canvas.lines(body, notices);
    rows(canvas, model, panel, Rect { y: body.y + used, height: body.height - used, ..body });
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn no_panel_takes_what_another_needs() {
        assert_eq!(shares(&[5, 5, 5], 30), [5, 5, 5]);
        assert_eq!(shares(&[100, 3, 100], 30), [14, 3, 13]);
        assert_eq!(shares(&[9, 9], 7), [4, 3]);
        assert_eq!(shares(&[9, 9], 0), [0, 0]);
    }
}
