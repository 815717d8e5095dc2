//! Draws what lies over a screen. Sized by its content, held back by the screen; its keys always show.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
    widgets::{Block, Clear, Widget},
};

use super::{Choice, Form, Grade, Over, Palette};
use crate::{
    text::screen,
    tui::{
        model::Model,
        theme::Meaning,
        widget::{Canvas, Cursor, Scroll, cells, column, fit, wrap},
    },
};

/// Draws everything that lies over the screen, the topmost last.
pub(in crate::tui) fn draw(canvas: &mut Canvas, model: &Model, area: Rect) {
    for over in &model.overs {
        match over {
            Over::Help(scroll) => help(canvas, model, area, scroll),
            Over::Messages(cursor) => messages(canvas, model, area, cursor),
            Over::Palette(palette) => commands(canvas, model, area, palette),
            Over::Choice(choice) => one_of(canvas, area, choice),
            Over::Form(form) => dialog(canvas, model, area, form),
        }
    }
}

fn help(canvas: &mut Canvas, model: &Model, area: Rect, scroll: &Scroll) {
    let width = area.width.saturating_sub(6).min(u16::try_from(WIDEST).unwrap_or(u16::MAX));
    let lines = super::help::lines(canvas.look, model, width);
    let keys = " up and down scroll   any other key closes ";
    let inner = panel(canvas, area, usize::from(width) + 1, lines.len(), " Help ", keys, false);
    canvas.page(inner, scroll, &lines);
}

fn messages(canvas: &mut Canvas, model: &Model, area: Rect, cursor: &Cursor) {
    let rows: Vec<String> = model
        .messages
        .iter()
        .map(|message| format!("{} {}", message.at.strftime("%H:%M:%S"), screen(&message.text)))
        .collect();
    list(canvas, area, " Messages, in UTC ", &rows, cursor, " y copy   any other key closes ");
}

fn commands(canvas: &mut Canvas, model: &Model, area: Rect, palette: &Palette) {
    let offers = palette.offers(model);
    let rows: Vec<String> = offers
        .iter()
        .map(|(command, why)| {
            let keys = column(&model.keymap.keys(command).join(" "), 12);
            let why = why.as_ref().map(|why| format!("  ({why})")).unwrap_or_default();
            format!("{keys} {} {}{why}", column(command.id, 16), command.title)
        })
        .collect();
    let title = format!(" : {}_ ", fit(&screen(palette.input.value()), usize::from(area.width).saturating_sub(12)));
    list(canvas, area, &title, &rows, &palette.cursor, " enter does it   esc closes ");
}

fn one_of(canvas: &mut Canvas, area: Rect, choice: &Choice) {
    let rows: Vec<String> =
        choice.rows.iter().enumerate().map(|(n, row)| format!("{} {}", n + 1, screen(row))).collect();
    let title = format!(" {} ", screen(&choice.title));
    list(canvas, area, &title, &rows, &choice.cursor, " enter chooses   esc cancels ");
}

/// A box in the middle, of a size that holds some lines; its inside is returned.
fn panel(canvas: &mut Canvas, area: Rect, wide: usize, high: usize, title: &str, keys: &str, danger: bool) -> Rect {
    let wide = wide.max(cells(title)).max(cells(keys)) + 2;
    let width = u16::try_from(wide).unwrap_or(u16::MAX).min(area.width.saturating_sub(2));
    let height = u16::try_from(high + 2).unwrap_or(u16::MAX).min(area.height.saturating_sub(2)).max(3);
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
    let room = usize::from(width).saturating_sub(2);
    let border = canvas.style(if danger { Meaning::Danger } else { Meaning::Muted });
    let block = Block::bordered()
        .border_set(canvas.look.border())
        .border_style(border)
        .title(Span::styled(fit(title, room), canvas.style(Meaning::Title)))
        .title_bottom(Span::styled(fit(keys, room), canvas.style(Meaning::Key)));
    let inner = block.inner(place);
    Clear.render(place, canvas.buf);
    block.render(place, canvas.buf);
    inner
}

fn list(canvas: &mut Canvas, area: Rect, title: &str, rows: &[String], cursor: &Cursor, keys: &str) {
    let widest = rows.iter().map(|row| cells(row)).max().unwrap_or(0) + 4;
    let inner = panel(canvas, area, widest, rows.len(), title, keys, false);
    canvas.list(inner, cursor, rows.len(), |row, _| Line::from(rows[row].as_str()));
}

/// The widest that a dialog's text becomes: longer lines are hard to read.
const WIDEST: usize = 76;

fn dialog(canvas: &mut Canvas, model: &Model, area: Rect, form: &Form) {
    let width = usize::from(area.width).saturating_sub(6).min(WIDEST);
    let mut lines: Vec<Line> = target(canvas, model).into_iter().collect();
    for (meaning, text) in &form.body {
        let style = canvas.style(*meaning);
        lines.extend(wrap(&screen(text), width).into_iter().map(|line| Line::styled(line, style)));
    }
    let below = form.fields.len() * 2 + usize::from(form.error.is_some());
    let keys = form.keys();
    let title = format!(" {} ", screen(&form.title));
    let danger = form.grade == Grade::Disruptive;
    let inner = panel(canvas, area, width + 2, lines.len() + below + 1, &title, &keys, danger);
    let below = u16::try_from(below).unwrap_or(u16::MAX).min(inner.height);
    let [text, rest] = ratatui::layout::Layout::vertical([
        ratatui::layout::Constraint::Min(0),
        ratatui::layout::Constraint::Length(below),
    ])
    .areas(inner);
    canvas.page(Rect { x: text.x + 1, width: text.width.saturating_sub(2), ..text }, &form.scroll, &lines);
    fields(canvas, rest, form);
}

/// Whom it is about stands in every dialog: at night one target looks like the other.
fn target<'l>(canvas: &Canvas, model: &Model) -> Option<Line<'l>> {
    let environment = model.about.environment.as_ref()?;
    let meaning = if model.about.is_production() { Meaning::Production } else { Meaning::Environment };
    Some(Line::from(vec![
        Span::raw(format!("{} ", screen(&model.about.target))),
        Span::styled(format!("[{}]", screen(&environment.to_uppercase())), canvas.style(meaning)),
    ]))
}

fn fields(canvas: &mut Canvas, area: Rect, form: &Form) {
    let width = usize::from(area.width).saturating_sub(4);
    let mut lines = Vec::new();
    for (n, field) in form.fields.iter().enumerate() {
        let here = n == form.at;
        let mark = if here { " > " } else { "   " };
        let label = if field.optional { format!("{} (may stay empty)", field.label) } else { field.label.clone() };
        lines.push(Line::styled(format!("{mark}{}", fit(&screen(&label), width)), canvas.style(Meaning::Title)));
        lines.push(typed(canvas, field, here, width));
    }
    if let Some(error) = &form.error {
        lines.push(Line::styled(format!("   {}", fit(&screen(error), width)), canvas.style(Meaning::Fail)));
    }
    // Where there is too little room, the field that is typed in stays.
    let high = usize::from(area.height);
    let first = (form.at * 2 + 2).saturating_sub(high).min(lines.len().saturating_sub(high));
    canvas.lines(area, lines.into_iter().skip(first));
}

/// A field with the typing mark, its end in view where it is longer than the room.
fn typed<'l>(canvas: &Canvas, field: &super::Field, here: bool, width: usize) -> Line<'l> {
    let (shown, at) = field.shown();
    let letters: Vec<char> = screen(&shown).chars().collect();
    let at = at.filter(|_| here).map(|at| at.min(letters.len()));
    let first = at.map_or(0, |at| at.saturating_sub(width.saturating_sub(2)));
    let part = |range: std::ops::Range<usize>| letters[range].iter().collect::<String>();
    let input = canvas.style(Meaning::Input);
    let Some(at) = at else {
        return Line::from(vec![Span::raw("   "), Span::styled(fit(&part(0..letters.len()), width), input)]);
    };
    let under = letters.get(at).map_or_else(|| " ".to_owned(), ToString::to_string);
    let after = part((at + 1).min(letters.len())..letters.len());
    let room = width.saturating_sub(at - first + 1);
    Line::from(vec![
        Span::raw("   "),
        Span::styled(part(first..at), input),
        Span::styled(under, canvas.style(Meaning::Selected)),
        Span::styled(fit(&after, room), input),
    ])
}
