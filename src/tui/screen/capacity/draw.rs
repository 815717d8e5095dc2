//! Draws what can be changed, what that does to resources, and what the plan comes to.

use std::cell::Cell;

use ratatui::{
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
};

use super::{
    page::{self, at_load},
    state::{self, Row},
};
use crate::{
    outlook::Group,
    readiness::{
        bottleneck::Grows,
        whatif::{Fate, State as Fares},
    },
    text::screen,
    tui::{
        command::Action,
        model::{Hit, Model},
        nav::Place,
        theme::{Look, Meaning},
        widget::{Canvas, Column, Table, column, fit, wrap},
    },
};

pub(in crate::tui::screen) fn draw(canvas: &mut Canvas, model: &Model, area: Rect) {
    if model.audit.is_none() {
        let words = if model.is_recorded() { "reading the recording" } else { "waiting for the first answers …" };
        return canvas.note(area, words, Meaning::Muted);
    }
    let rows = state::rows(model);
    if let Place::Figure(key) = model.nav.place() {
        let Some(row) = rows.iter().find(|row| row.key() == *key) else {
            let words = format!("this is no longer among what was worked out; {} goes back", model.key(Action::Back));
            return canvas.note(area, &words, Meaning::Muted);
        };
        let lines = page::lines(canvas.look, model, row, area.width);
        return canvas.page(area, &model.screens.capacity.scroll, &lines);
    }
    // Resources and figures stand side by side.
    let split = model.layout.splits(area);
    let [left, _, right] = if split {
        Layout::horizontal([Constraint::Percentage(60), Constraint::Length(2), Constraint::Min(1)]).areas(area)
    } else {
        [area, Rect::default(), Rect::default()]
    };
    let changes = rows.iter().filter(|row| matches!(row, Row::Change(_))).count();
    // A third of the height at most: what moves matters more than what moves it.
    let most = (usize::from(left.height).saturating_sub(4) * 2 / 5).max(2);
    let mut said = summary(canvas, model, left.width);
    if usize::from(left.height) > changes + fates_height(model) {
        // Where nothing is pushed out by it, what moves stands apart from what moves it.
        said.insert(0, Line::default());
        said.push(Line::default());
    }
    let [top, middle, below] = Layout::vertical([
        Constraint::Length(u16::try_from(changes.min(most) + 1).unwrap_or(u16::MAX)),
        Constraint::Length(u16::try_from(said.len()).unwrap_or(u16::MAX)),
        Constraint::Min(2),
    ])
    .areas(left);
    levers(canvas, model, &rows[..changes], top);
    canvas.lines(middle, said);
    let resources = resources(canvas.look, model, &rows[changes..], below.width);
    let figures = figures(canvas.look, model, &rows, if split { right.width } else { below.width });
    let tops = &model.screens.capacity.tops;
    if split {
        list(canvas, model, &resources, &tops[1], below);
        list(canvas, model, &figures, &tops[2], right);
    } else {
        list(canvas, model, &[resources, figures].concat(), &tops[1], below);
    }
}

/// The lines that all resources take with what is said above them and the lines around that.
fn fates_height(model: &Model) -> usize {
    const AROUND: usize = 6;
    model.screens.capacity.fates.len() + AROUND
}

/// What can be changed: as it is, as it is changed, and by whose word.
fn levers(canvas: &mut Canvas, model: &Model, rows: &[Row], area: Rect) {
    let table = Table::new(
        &[
            Column { title: "what if", least: 20, grows: 1, right: false, rank: 9 },
            Column { title: "as it is", least: 9, grows: 0, right: true, rank: 8 },
            Column { title: "changed", least: 9, grows: 0, right: true, rank: 9 },
            Column { title: " by", least: 12, grows: 3, right: false, rank: 1 },
        ],
        room(area.width),
    );
    let state = &model.screens.capacity;
    let base = state::base(model);
    let mut shown = vec![Shown::head(canvas.look, &table.head())];
    for (at, row) in rows.iter().enumerate() {
        let Row::Change(name) = row else { continue };
        let of = base.of(name);
        let changed = state.changes.get(name);
        let now = of.as_ref().map_or_else(|| "-".to_owned(), |(value, _)| name.show(*value));
        let then = changed.map(|value| name.show(value)).unwrap_or_default();
        let by = of.map(|(_, origin)| format!(" {}", screen(&origin))).unwrap_or_default();
        let text = table.row(&[screen(&name.words()).into_owned(), now, then, by]);
        let meaning = if changed.is_some() { Meaning::Accent } else { Meaning::Text };
        shown.push(Shown { line: Line::styled(text, canvas.style(meaning)), row: Some(at) });
    }
    // The heading stays while rows below it are scrolled.
    let [head, rest] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(area);
    list(canvas, model, &shown[..1], &Cell::new(0), head);
    list(canvas, model, &shown[1..], &state.tops[0], rest);
}

/// What it comes to, in a few lines: how many are over, which one breaks first, and whose limits are not among them.
fn summary<'l>(canvas: &Canvas, model: &Model, width: u16) -> Vec<Line<'l>> {
    let fates = &model.screens.capacity.fates;
    let width = usize::from(width).saturating_sub(2);
    let over = fates.iter().filter(|fate| fate.state == Fares::Over).count();
    let untold = fates.iter().filter(|fate| fate.state == Fares::Untold).count();
    let verb = if over == 1 { "is" } else { "are" };
    let untold = if untold > 0 { format!(", {untold} cannot be told") } else { String::new() };
    let words = format!("At {}: {over} of {} resources {verb} over the ceiling{untold}", at_load(model), fates.len());
    let meaning = if over > 0 { Meaning::Fail } else { Meaning::Title };
    let mut lines = vec![Line::styled(format!(" {}", fit(&words, width)), canvas.style(meaning))];
    if let Some(first) = fates.first().filter(|fate| fate.state != Fares::Untold) {
        let cells = page::cells(model, first);
        // Time that is left is no load that could be reached.
        let at = if first.of.grows == Grows::Time { "" } else { "at " };
        let words = format!("{at}{}: {}, {}", cells.breaks, screen(&first.of.resource), screen(&first.of.subject));
        lines.push(Line::from(vec![
            Span::styled(" Breaks first  ".to_owned(), canvas.style(Meaning::Title)),
            Span::styled(fit(&words, width.saturating_sub(14)), canvas.style(Meaning::Accent)),
        ]));
    }
    let silent: Vec<_> = model.sources.iter().filter(|source| source.fault.is_some()).collect();
    if !silent.is_empty() {
        let names = silent.iter().map(|source| screen(&source.name)).collect::<Vec<_>>().join(", ");
        let (verb, whose) = if silent.len() == 1 { ("does", "its") } else { ("do", "their") };
        let words = format!("{names} {verb} not answer: {whose} limits are missing here");
        lines.push(Line::styled(format!(" {}", fit(&words, width)), canvas.style(Meaning::Unknown)));
    }
    lines
}

/// A line of a list, and the row that is chosen there; headings have none.
#[derive(Debug, Clone)]
struct Shown {
    line: Line<'static>,
    row: Option<usize>,
}

impl Shown {
    fn head(look: Look, words: &str) -> Self {
        Self { line: Line::styled(words.to_owned(), look.style(Meaning::Muted)), row: None }
    }
}

/// The cells of the mark before a row.
const MARK: u16 = 3;

/// The cells of a row behind its mark, the last one left to the mark of more.
fn room(width: u16) -> usize {
    usize::from(width).saturating_sub(usize::from(MARK) + 1)
}

/// Lines from where the chosen one is in view.
fn list(canvas: &mut Canvas, model: &Model, shown: &[Shown], top: &Cell<usize>, area: Rect) {
    let state = &model.screens.capacity;
    let height = usize::from(area.height).max(1);
    let first = shown.iter().find_map(|line| line.row);
    // A heading above the first row is shown with it.
    let at =
        shown.iter().position(|line| line.row == Some(state.at)).map(|at| if first == Some(state.at) { 0 } else { at });
    let chosen = shown.iter().position(|line| line.row == Some(state.at));
    let mut from = top.get().min(shown.len().saturating_sub(height));
    if let (Some(at), Some(chosen)) = (at, chosen) {
        from = from.min(at).max((chosen + 1).saturating_sub(height));
        state.height.set(height);
    }
    top.set(from);
    for (y, line) in (area.y..area.bottom()).zip(&shown[from..]) {
        let place = Rect { y, height: 1, ..area };
        let here = line.row == Some(state.at);
        canvas.line(place, Line::raw(if here { " > " } else { "   " }));
        let inner = Rect { x: place.x + MARK.min(place.width), width: place.width.saturating_sub(MARK), ..place };
        canvas.line(inner, line.line.clone());
        if here {
            let style = canvas.style(Meaning::Selected);
            canvas.buf.set_style(place, style);
        }
        if let Some(row) = line.row {
            canvas.hits.push((place, Hit::Row(row)));
        }
    }
    more(canvas, area, from, shown.len());
}

/// A mark at the right edge where there is more below or above.
fn more(canvas: &mut Canvas, area: Rect, from: usize, len: usize) {
    let style = canvas.style(Meaning::Muted);
    let edge = area.right().saturating_sub(1);
    if area.width == 0 || area.height == 0 {
        return;
    }
    if from > 0 {
        canvas.buf.set_string(edge, area.y, canvas.look.mark("↑", "^"), style);
    }
    if from + usize::from(area.height) < len {
        canvas.buf.set_string(edge, area.bottom() - 1, canvas.look.mark("↓", "v"), style);
    }
}

/// The cells of a bar, its ends included.
const BAR: usize = 10;

const RESOURCES: [Column; 8] = [
    Column { title: "", least: 5, grows: 0, right: false, rank: 9 },
    Column { title: "resource", least: 24, grows: 3, right: false, rank: 9 },
    Column { title: "#now +then", least: BAR, grows: 0, right: false, rank: 3 },
    Column { title: "now", least: 6, grows: 0, right: true, rank: 5 },
    Column { title: "what if", least: 7, grows: 0, right: true, rank: 8 },
    Column { title: "breaks at", least: 16, grows: 1, right: false, rank: 7 },
    Column { title: "reached", least: 7, grows: 0, right: false, rank: 2 },
    Column { title: "known by", least: 9, grows: 0, right: false, rank: 1 },
];

/// Resources, what breaks first at the front.
fn resources(look: Look, model: &Model, rows: &[Row], width: u16) -> Vec<Shown> {
    let before = state::rows(model).len() - rows.len();
    let table = Table::new(&RESOURCES, room(width));
    let mut shown = vec![Shown::head(look, &table.head())];
    let all = rows.iter().enumerate().filter_map(|(n, row)| match row {
        Row::Resource(at, fate) => Some((n + before, *at, *fate)),
        _ => None,
    });
    for (row, at, fate) in all {
        shown.push(Shown { line: resource(look, model, &table, at, fate), row: Some(row) });
    }
    if shown.len() == 1 {
        shown.push(Shown::head(look, "no check that was judged knows a limit"));
    }
    shown
}

fn resource(look: Look, model: &Model, table: &Table, at: usize, fate: &Fate) -> Line<'static> {
    let cells = page::cells(model, fate);
    let changed = (fate.ceiling - fate.of.ceiling).abs() > fate.of.ceiling * 1e-9;
    let grown = if changed {
        format!(" [{}x]", crate::report::breaks::times(fate.ceiling / fate.of.ceiling))
    } else {
        String::new()
    };
    let name = format!("{}{grown}, {}", screen(&fate.of.resource), screen(&fate.of.subject));
    let reached = reached(fate, &cells);
    let breaks = if at == 0 && fate.state != Fares::Untold { format!("first: {}", cells.breaks) } else { cells.breaks };
    let known = fate.of.grade.words().to_owned();
    let text = table.row(&[String::new(), name, bar(fate), cells.now, cells.then, breaks, reached, known]);
    // The first column is the state's, in its colour.
    let rest: String = text.chars().skip(5).collect();
    Line::from(vec![Span::styled(column(cells.state, 5), look.style(cells.meaning)), Span::raw(rest)])
}

/// The month in which growth is where it breaks.
fn reached(fate: &Fate, cells: &page::Cells) -> String {
    let month = cells.reached.rsplit(", ").next().unwrap_or_default().to_owned();
    if fate.months.is_none() { "-".to_owned() } else { month }
}

/// A number of cells to reckon with.
fn length(cells: usize) -> f64 {
    crate::capacity::number::real(cells as u64)
}

/// Use against the ceiling: `[####+++++   ]`; `>` where it goes beyond.
fn bar(fate: &Fate) -> String {
    let room = BAR - 2;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to the width of a bar")]
    let cells = |share: f64| (share * length(room)).round().clamp(0.0, length(room)) as usize;
    // Under another ceiling today's use is another share of it.
    let now = cells(fate.now * fate.of.ceiling / fate.ceiling.max(f64::MIN_POSITIVE));
    let then = fate.then.map_or(now, cells);
    let (less, more) = (now.min(then), now.max(then));
    let body = format!("{}{}{}", "#".repeat(less), "+".repeat(more - less), " ".repeat(room - more));
    let end = if fate.then.is_some_and(|then| then > 1.0) { ">" } else { "]" };
    format!("[{body}{end}")
}

const FIGURES: [Column; 3] = [
    Column { title: "by the plan", least: 22, grows: 3, right: false, rank: 9 },
    Column { title: "as it is", least: 17, grows: 1, right: false, rank: 8 },
    Column { title: "what if", least: 17, grows: 1, right: false, rank: 9 },
];

/// What the plan comes to, group by group, and what is missing for more.
fn figures(look: Look, model: &Model, rows: &[Row], width: u16) -> Vec<Shown> {
    let state = &model.screens.capacity;
    let room = room(width);
    let Some(figures) = &state.figures else {
        return vec![Shown::head(look, ""), Shown::head(look, "working out what the plan comes to …")];
    };
    let table = Table::new(&FIGURES, room);
    let mut shown = Vec::new();
    let mut group: Option<Group> = None;
    for (at, row) in rows.iter().enumerate() {
        let Row::Figure(line) = row else { continue };
        if group.is_none() {
            shown.push(Shown::head(look, &table.head()));
            if !state.is_current() {
                shown.push(Shown::head(look, "working it out anew …"));
            }
        }
        if group != Some(line.group) {
            group = Some(line.group);
            shown.push(Shown { line: Line::styled(line.group.title(), look.style(Meaning::Title)), row: None });
        }
        let then = match &line.what_if {
            Some(figure) if figure.value == line.plan.value => "the same".to_owned(),
            Some(figure) => page::words(figure),
            None => String::new(),
        };
        let text = table.row(&[line.title(), page::words(&line.plan), then].map(|cell| screen(&cell).into_owned()));
        let meaning = if state.is_current() { Meaning::Text } else { Meaning::Stale };
        shown.push(Shown { line: Line::styled(text, look.style(meaning)), row: Some(at) });
    }
    let needs = figures.outlook.needs();
    if !needs.is_empty() {
        let words = if group.is_none() { "What a plan would add" } else { "Not known yet" };
        shown.push(Shown { line: Line::styled(words, look.style(Meaning::Title)), row: None });
    }
    for (need, waiting) in needs {
        let words = format!("? needs {}: {}", screen(need), screen(&waiting.join("; ")));
        let lines = wrap(&words, room.max(10)).into_iter().enumerate();
        shown.extend(lines.map(|(n, line)| {
            let line = if n == 0 { line } else { format!("  {line}") };
            Shown { line: Line::styled(line, look.style(Meaning::Unknown)), row: None }
        }));
    }
    shown
}
