//! Draws the list in its groups, and the chosen criterion beside it or below it.

use ratatui::{
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
};

use super::{Act, Group, Row, State, campaign, detail, words};
use crate::{
    readiness::checklist::{Checklist, Item},
    report::one_line,
    text::screen,
    tui::{
        command::Action,
        layout::with_foot,
        model::Model,
        nav::Place,
        theme::{Look, Meaning},
        widget::{Bar, Canvas, Scroll, column, fit},
    },
};

/// The lines that tell of what is chosen.
const PREVIEW: u16 = 4;

pub(in crate::tui::screen) fn draw(canvas: &mut Canvas, model: &Model, area: Rect) {
    let state = &model.screens.checklist;
    if let Place::Criterion(id) = model.nav.place() {
        let Some(item) = state.item(id) else {
            let words = format!("this criterion is no longer asked for; {} goes back", model.key(Action::Back));
            return canvas.note(area, &words, Meaning::Muted);
        };
        let lines = detail::lines(model, canvas.look, item, area.width);
        return canvas.page(area, &state.scroll, &lines);
    }
    if let Place::Demand(title) = model.nav.place() {
        let of = state.known_campaign().and_then(|planned| Some((&planned.campaign, planned.demand(title)?)));
        let Some((campaign, entry)) = of else {
            let words = format!("the campaign no longer demands this; {} goes back", model.key(Action::Back));
            return canvas.note(area, &words, Meaning::Muted);
        };
        let lines = campaign::lines(model, canvas.look, (campaign, entry), area.width);
        return canvas.page(area, &state.scroll, &lines);
    }
    if !model.layout.splits(area) {
        let [top, foot] = with_foot(area, PREVIEW);
        list(canvas, model, top);
        if let Some((words, facts)) = told(model) {
            canvas.told(foot, &words, &facts);
        }
        return;
    }
    let [left, _, right] =
        Layout::horizontal([Constraint::Percentage(55), Constraint::Length(2), Constraint::Min(1)]).areas(area);
    list(canvas, model, left);
    let lines = match (super::chosen(model), super::demand(model)) {
        (Some(item), _) => detail::lines(model, canvas.look, item, right.width),
        (None, Some((campaign, entry))) => campaign::lines(model, canvas.look, (campaign, entry), right.width),
        (None, None) => return,
    };
    canvas.page(right, &Scroll::default(), &lines);
}

fn list(canvas: &mut Canvas, model: &Model, area: Rect) {
    let state = &model.screens.checklist;
    let mut head = match (state.campaign(), &state.list) {
        (Some(planned), _) => campaign::head(canvas.look, state, planned, (area.width, area.height)),
        (None, Some(list)) => head(canvas.look, state, list, area.width),
        (None, None) => {
            let (words, meaning) = match (&state.error, &model.audit) {
                (Some(error), _) => (error.as_str(), Meaning::Fail),
                (None, Some(_)) => ("making the list …", Meaning::Muted),
                (None, None) => ("waiting for the first audit …", Meaning::Muted),
            };
            return canvas.note(area, &screen(words), meaning);
        }
    };
    if let Some(error) = &state.error {
        let words = format!("this list is of an audit before: {}", screen(&one_line(error)));
        let words = fit(&words, usize::from(area.width).saturating_sub(2));
        head.push(Line::styled(format!(" {words}"), canvas.style(Meaning::Fail)));
    }
    let height = u16::try_from(head.len()).unwrap_or(1);
    let [top, body] = Layout::vertical([Constraint::Length(height), Constraint::Min(1)]).areas(area);
    canvas.lines(top, head);
    if state.shown.is_empty() {
        let clear = model.key(Action::Checklist(Act::ClearFilter));
        let open = model.key(Action::Checklist(Act::Open));
        let words = match (state.filter.value().is_empty(), state.open_only) {
            (false, true) => format!("nothing that is open fits the filter; {clear} takes it away, {open} shows all"),
            (false, false) => format!("nothing fits the filter; {clear} takes it away"),
            (true, true) => format!("nothing is open; {open} shows all"),
            (true, false) => "nothing is demanded".to_owned(),
        };
        return canvas.note(body, &words, Meaning::Muted);
    }
    let look = canvas.look;
    canvas.list(body, &state.cursor, state.shown.len(), |at, width| {
        let of = state.shown.get(at).and_then(|row| line(look, state, *row, width));
        of.unwrap_or_default()
    });
}

/// What is chosen in words, and what to do about it.
fn told(model: &Model) -> Option<(String, String)> {
    let of = |title: &str, message: &str, todo: &str| {
        (format!("{}: {}", screen(title), screen(&one_line(message))), screen(&one_line(todo)).into_owned())
    };
    super::chosen(model)
        .map(|item| of(&item.title, &item.message, &item.todo))
        .or_else(|| super::demand(model).map(|(_, entry)| of(&entry.title, &entry.message, &entry.todo)))
}

fn line<'l>(look: Look, state: &State, of: Row, width: usize) -> Option<Line<'l>> {
    Some(match of {
        Row::Group(at) => group(look, state.groups.get(at)?, state.is_folded(at), width),
        Row::Item(_) => row(look, state.item_of(of)?, width),
        Row::Due(at) => campaign::heading(look, state.campaign()?, state.dues.get(at)?, state.is_day_folded(at), width),
        Row::Entry(_) => campaign::row(look, state.entry(of)?, width),
    })
}

/// The verdict, what is listed, and how much of it is done.
fn head<'l>(look: Look, state: &State, list: &Checklist, width: u16) -> Vec<Line<'l>> {
    let style = |meaning| look.style(meaning);
    let mut first = Bar::new(width);
    if let Some(part) = list.parts.first() {
        first.left(Span::raw(format!(" {}: ", screen(&part.title))));
        first.left(Span::styled(part.verdict.words(), style(words::verdict(part.verdict))));
        first.left(Span::styled(format!("  {}", screen(&part.because)), style(Meaning::Muted)));
    }
    let (open, all) = counts(state, list);
    let counted = format!(" {open} open of {all}, as of {} ", list.day);
    let mut lines = vec![first.into_line(), second(look, state, scope(state), &counted, width)];
    if let Some(Err(why)) = &state.planned {
        let words = format!(" no campaign: {}", screen(why));
        lines.push(Line::styled(fit(&words, usize::from(width)), style(Meaning::Warn)));
    }
    if !list.strays.is_empty() {
        let words = format!(" {} of the signed files answer nothing: {}", list.strays.len(), strays(list));
        lines.push(Line::styled(fit(&words, usize::from(width)), style(Meaning::Warn)));
    }
    lines
}

/// What is listed, or the filter; and how much of it there is.
pub(super) fn second<'l>(look: Look, state: &State, scope: &str, counted: &str, width: u16) -> Line<'l> {
    let style = |meaning| look.style(meaning);
    let mut line = Bar::new(width);
    if state.filter.is_typing() {
        line.left(Span::styled(" / ", style(Meaning::Key)));
        line.left(Span::styled(format!("{}_", screen(state.filter.value())), style(Meaning::Input)));
    } else if state.filter.value().is_empty() {
        line.left(Span::styled(scope.to_owned(), style(Meaning::Muted)));
    } else {
        line.left(Span::styled(format!(" filter: {}", screen(state.filter.value())), style(Meaning::Accent)));
        if state.open_only || state.all_packs {
            line.middle(Span::styled(format!("  {}", scope.trim_end()), style(Meaning::Muted)));
        }
    }
    line.right(Span::styled(counted.to_owned(), style(Meaning::Muted)));
    line.into_line()
}

fn strays(list: &Checklist) -> String {
    list.strays
        .iter()
        .map(|stray| format!("{}: {}", screen(&stray.file), screen(&stray.why)))
        .collect::<Vec<_>>()
        .join("; ")
}

fn scope(state: &State) -> &'static str {
    match (state.open_only, state.all_packs) {
        (false, false) => " all that the stage demands",
        (true, false) => " only what is open of the stage",
        (false, true) => " all packs",
        (true, true) => " only what is open of all packs",
    }
}

/// How many items are open, and how many there are, of what is shown.
fn counts(state: &State, list: &Checklist) -> (usize, usize) {
    let of_stage = state.groups.iter().filter(|group| group.of_stage || state.all_packs);
    let all: Vec<&Item> = of_stage.flat_map(|group| &group.items).filter_map(|at| list.items.get(*at)).collect();
    (all.iter().filter(|item| item.state.is_open()).count(), all.len())
}

/// A group: its name, how much of it is done, in a bar and in numbers.
fn group<'l>(look: Look, group: &Group, folded: bool, width: usize) -> Line<'l> {
    heading(look, (&group.title, Meaning::Title), (group.done, group.items.len(), "done"), folded, width)
}

/// A heading: its name, and how many of how many are done, as a bar and in numbers.
pub(super) fn heading<'l>(
    look: Look,
    (title, meaning): (&str, Meaning),
    (done, of, word): (usize, usize, &str),
    folded: bool,
    width: usize,
) -> Line<'l> {
    /// The cells of the bar.
    const BAR: usize = 10;
    let full = (done * BAR).checked_div(of).unwrap_or(0);
    let bar = format!("[{}{}]", "#".repeat(full), ".".repeat(BAR - full));
    let counted = format!("{bar} {done} of {of} {word}");
    let room = width.saturating_sub(counted.len() + 5).max(8);
    let mark = if folded { "+ " } else { "- " };
    let tone = if done == of { Meaning::Pass } else { Meaning::Muted };
    Line::from(vec![
        Span::styled(mark, look.style(Meaning::Muted)),
        Span::styled(column(&screen(title), room), look.style(meaning)),
        Span::raw("  "),
        Span::styled(counted, look.style(tone)),
    ])
}

/// An item: how it stands, whether it blocks, what is demanded, by what it stands.
fn row<'l>(look: Look, item: &Item, width: usize) -> Line<'l> {
    let (word, meaning) = words::word(item);
    let gate = if item.gate { "gate" } else { "    " };
    // The status takes 7 cells, the gate 5; by what it stands a third of the rest, where there is room for both.
    let rest = width.saturating_sub(12);
    let how = if rest >= 40 { (rest / 3).min(34) } else { 0 };
    let title = column(&screen(&item.title), rest.saturating_sub(how + usize::from(how > 0)));
    let mut spans = vec![
        Span::styled(word, look.style(meaning)),
        Span::raw(" "),
        Span::styled(gate, look.style(Meaning::Key)),
        Span::raw(" "),
        Span::raw(title),
    ];
    if how > 0 {
        let tone = if item.state.is_open() { meaning } else { Meaning::Muted };
        spans.push(Span::raw(" "));
        spans.push(Span::styled(fit(&screen(&words::how(item)), how), look.style(tone)));
    }
    Line::from(spans)
}
