//! Draws the list of runbooks, and what is chosen beside it or below it.

use ratatui::{
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
};

use super::{Act, Panel, page, past, state};
use crate::{
    quantity,
    runbook::model::{Danger, Form, Runbook},
    snapshot::Unit,
    text::screen,
    tui::{
        command::Action,
        layout::with_foot,
        model::Model,
        nav::Place,
        screen::run,
        theme::{Look, Meaning},
        widget::{Bar, Canvas, Column, Scroll, Table, age, fit},
    },
};

/// The lines that tell of what is chosen.
pub(super) const PREVIEW: u16 = 3;

/// Draws it.
pub(in crate::tui::screen) fn draw(canvas: &mut Canvas, model: &Model, area: Rect) {
    match model.nav.place() {
        Place::Runbook(id) => return open_book(canvas, model, area, id),
        Place::PastRun(id) => return open_run(canvas, model, area, id),
        _ => {}
    }
    if model.screens.runbooks.panel == Panel::Runs {
        return past::draw(canvas, model, area);
    }
    let chosen = state::chosen(model).and_then(|id| model.books.get(id));
    if !model.layout.splits(area) {
        let [top, foot] = with_foot(area, PREVIEW);
        list(canvas, model, top);
        if let Some(book) = chosen {
            canvas.told(foot, &screen(&book.title), &screen(&page::cures(book).unwrap_or_else(|| page::facts(book))));
        }
        return;
    }
    let [left, _, right] =
        Layout::horizontal([Constraint::Percentage(55), Constraint::Length(2), Constraint::Min(1)]).areas(area);
    list(canvas, model, left);
    if let Some(book) = chosen {
        let lines = page::lines(canvas.look, book, right.width.saturating_sub(1));
        canvas.page(right, &Scroll::default(), &lines);
    }
}

fn open_book(canvas: &mut Canvas, model: &Model, area: Rect, id: &str) {
    let Some(book) = model.books.get(id) else {
        return canvas.note(area, &model.books.no_such(id), Meaning::Fail);
    };
    let lines = page::lines(canvas.look, book, area.width.saturating_sub(1));
    canvas.page(area, &model.screens.runbooks.scroll, &lines);
}

fn open_run(canvas: &mut Canvas, model: &Model, area: Rect, id: &str) {
    let state = &model.screens.runbooks;
    match (state.told.as_ref().filter(|told| told.run == id), &state.failed) {
        (Some(incident), _) => {
            let lines = run::end::lines(canvas.look, incident, area.width.saturating_sub(1));
            canvas.page(area, &state.scroll, &lines);
        }
        (None, Some(why)) => canvas.note(area, &screen(why), Meaning::Fail),
        (None, None) => canvas.note(area, "reading its record …", Meaning::Muted),
    }
}

/// The columns of runbooks: which go first where there is too little room, is told by the last number. A title
/// that can be read comes before the names of the checks: those stand on the runbook's page.
const BOOKS: [Column; 7] = [
    column("now", 4, 0, false, 6),
    column("runbook", 20, 1, false, 9),
    column("title", 22, 4, false, 8),
    column("danger", 9, 0, false, 7),
    column("takes", 6, 0, true, 4),
    column("last", 10, 0, false, 5),
    column("for", 40, 2, false, 1),
];

pub(super) const fn column(title: &'static str, least: usize, grows: usize, right: bool, rank: u8) -> Column {
    Column { title, least, grows, right, rank }
}

fn list(canvas: &mut Canvas, model: &Model, area: Rect) {
    let broken = broken(model, area.width);
    let [head, left_out, names, body] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(u16::from(broken.is_some())),
        Constraint::Length(1),
        Constraint::Min(1),
    ])
    .areas(area);
    let line = heading(canvas, model, area.width);
    canvas.line(head, line);
    if let Some(words) = broken {
        canvas.line(left_out, Line::styled(words, canvas.style(Meaning::Warn)));
    }
    let state = &model.screens.runbooks;
    if state.shown.is_empty() {
        let words = match (model.books.iter().next().is_none(), state.filter.value().is_empty()) {
            (true, _) => "reading the runbooks …".to_owned(),
            (false, true) => "there are no runbooks".to_owned(),
            (false, false) => {
                format!("nothing fits the filter; {} takes it away", model.key(Action::Runbooks(Act::ClearFilter)))
            }
        };
        return canvas.note(body, &words, Meaning::Muted);
    }
    let table = Table::new(&BOOKS, Canvas::row_width(area));
    canvas.line(names, Line::styled(format!("   {}", table.head()), canvas.style(Meaning::Muted)));
    let look = canvas.look;
    canvas.list(body, &state.cursor, state.shown.len(), |at, _| {
        let book = state.shown.get(at).and_then(|id| model.books.get(id));
        book.map(|book| row(look, model, book, &table)).unwrap_or_default()
    });
}

/// Which files are no runbooks as they are: who looks for one of them is told why it is not there.
fn broken(model: &Model, width: u16) -> Option<String> {
    let broken = model.books.broken();
    let first = broken.first()?;
    let others = if broken.len() > 1 { format!(" and {} more", broken.len() - 1) } else { String::new() };
    let words = format!("{}{others} cannot be walked; `loadline runbook lint` says why", screen(&first.shown));
    Some(format!(" {}", fit(&words, usize::from(width).saturating_sub(2))))
}

fn row<'l>(look: Look, model: &Model, book: &Runbook, table: &Table) -> Line<'l> {
    let state = &model.screens.runbooks;
    let present = state.present.get(&book.id).map(|(count, _)| *count);
    let last = state.last.get(&book.id).map_or_else(
        || match (&state.runs, &state.failed) {
            (Some(_), _) => "never".to_owned(),
            (None, Some(_)) => "?".to_owned(),
            (None, None) => "…".to_owned(),
        },
        |(at, plan)| {
            let age = age(model.now.duration_since(*at).as_secs().max(0));
            format!("{} {age}", if *plan { "plan" } else { "run" })
        },
    );
    let danger = match book.form {
        Form::Native => book.danger.word(),
        Form::Published => "by hand",
    };
    let cells = [
        present.map(|count| count.to_string()).unwrap_or_default(),
        screen(&book.id).into_owned(),
        screen(&book.title).into_owned(),
        danger.to_owned(),
        book.estimate.map(|time| quantity::show(time.as_secs_f64(), Unit::Seconds)).unwrap_or_default(),
        last,
        screen(&book.fixes.join(", ")).into_owned(),
    ];
    let meaning = match book.danger {
        _ if present.is_none() => Meaning::Muted,
        Danger::Observe | Danger::Change => Meaning::Text,
        Danger::Dangerous => Meaning::Danger,
    };
    let spans = table.columns().enumerate().flat_map(|(n, (at, width))| {
        let style = look.style(match at {
            0 => Meaning::Fail,
            3 => meaning,
            _ if present.is_some() => Meaning::Text,
            _ => Meaning::Muted,
        });
        let text = cells.get(at).map(String::as_str).unwrap_or_default();
        let text = if BOOKS.get(at).is_some_and(|column| column.right) {
            crate::tui::widget::column_right(text, width)
        } else {
            crate::tui::widget::column(text, width)
        };
        (n > 0).then(|| Span::raw(" ")).into_iter().chain([Span::styled(text, style)])
    });
    Line::from(spans.collect::<Vec<_>>())
}

fn heading<'m>(canvas: &Canvas, model: &'m Model, width: u16) -> Line<'m> {
    let style = |meaning| canvas.style(meaning);
    let state = &model.screens.runbooks;
    let mut bar = Bar::new(width);
    let waiting = state.runs.iter().flatten().filter(|run| run.standing.resumes()).count();
    if state.typing {
        bar.left(Span::styled(" / ", style(Meaning::Key)));
        bar.left(Span::styled(format!("{}_", screen(state.filter.value())), style(Meaning::Input)));
    } else if !state.filter.value().is_empty() {
        bar.left(Span::styled(format!(" filter: {}", screen(state.filter.value())), style(Meaning::Accent)));
    } else if waiting > 0 {
        let words = if waiting == 1 { "1 run waits".to_owned() } else { format!("{waiting} runs wait") };
        let key = model.key(Action::Runbooks(Act::Panel));
        bar.left(Span::styled(format!(" {words} to be taken up: {key}"), style(Meaning::Warn)));
    } else {
        bar.left(Span::styled(" all runbooks", style(Meaning::Muted)));
    }
    let all = model.books.iter().count();
    bar.right(Span::styled(format!(" {} of {all}, {} ", state.shown.len(), state.sort.word()), style(Meaning::Muted)));
    bar.into_line()
}
