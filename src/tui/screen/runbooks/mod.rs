//! Runbooks, the runs of them, and one of either to be read.

mod draw;
mod looked;
mod page;
mod past;
mod state;
#[cfg(test)]
pub(in crate::tui) mod tests;

use std::borrow::Cow;

pub(super) use draw::draw;
pub use looked::Looked;
pub use state::{Panel, Sort, State};

use super::run;
use crate::{
    runbook::{incident::Incident, record::Mode, runs::Run},
    tui::{
        command::{Action, Command, Motion},
        event::Effect,
        key::Key,
        model::{Gravity, Model},
        nav::Place,
        over::{Answer, Choice, Over, Purpose as Of},
        screen::Tab,
        widget::Cursor,
    },
};

/// What can be done here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Begins the runbook that is chosen or open.
    Begin,
    /// Types a filter.
    Filter,
    /// Takes the filter away.
    ClearFilter,
    /// Sorts by something else.
    Sort,
    /// Shows the runs, or the runbooks again.
    Panel,
}

/// What is asked of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// All runs.
    List,
    /// The record of one run.
    Read(String),
}

/// What work says.
#[derive(Debug, Clone)]
pub enum News {
    /// All runs, the latest first.
    Runs(Vec<Run>),
    /// The record of a run.
    Told(Box<Incident>),
    /// Runs cannot be read, in words.
    Failed(String),
}

/// What a choice or form is for.
#[derive(Debug, Clone, PartialEq)]
pub enum Purpose {
    /// A run is taken up again, or read.
    Run(String),
}

/// The commands of this screen.
pub static COMMANDS: &[Command] = &[
    Command::new("runbook-begin", &["w"], "begin this runbook", Action::Runbooks(Act::Begin)).hinted("begin …"),
    Command::new("runbooks-runs", &["u"], "the runs there were, or the runbooks again", Action::Runbooks(Act::Panel))
        .hinted("runs"),
    Command::new("runbooks-filter", &["/"], "filter runbooks: words, !word", Action::Runbooks(Act::Filter))
        .hinted("filter"),
    Command::new("runbooks-clear", &["ctrl-l"], "take the filter of runbooks away", Action::Runbooks(Act::ClearFilter)),
    Command::new("runbooks-sort", &["s"], "sort runbooks by the next column", Action::Runbooks(Act::Sort))
        .hinted("sort"),
];

/// Whether a command belongs to where one is.
pub(super) fn is_here(model: &Model, act: Act) -> bool {
    let place = model.nav.place();
    let list = *place == Place::Tab(Tab::Runbooks);
    let books = model.screens.runbooks.panel == Panel::Books;
    match act {
        Act::Begin => list && books || matches!(place, Place::Runbook(_)),
        Act::Filter | Act::ClearFilter | Act::Sort => list && books,
        Act::Panel => list,
    }
}

/// Why a command cannot be done now.
pub(super) fn why_not(model: &Model, act: Act) -> Option<Cow<'static, str>> {
    let state = &model.screens.runbooks;
    match act {
        Act::Begin if chosen(model).is_none() => Some("no runbook is chosen".into()),
        Act::ClearFilter if state.filter.value().is_empty() => Some("there is no filter".into()),
        _ => None,
    }
}

/// The id of the runbook that is chosen or open.
fn chosen(model: &Model) -> Option<&str> {
    match model.nav.place() {
        Place::Runbook(id) => Some(id),
        _ => state::chosen(model),
    }
}

/// Does a command.
pub(super) fn act(model: &mut Model, act: Act) -> Vec<Effect> {
    match act {
        Act::Begin => return begin(model),
        Act::Filter => model.screens.runbooks.typing = true,
        Act::ClearFilter => state::filter(model, String::new()),
        Act::Sort => {
            model.screens.runbooks.sort = model.screens.runbooks.sort.next();
            state::list(model);
        }
        Act::Panel => {
            let state = &mut model.screens.runbooks;
            state.panel = if state.panel == Panel::Books { Panel::Runs } else { Panel::Books };
            return vec![Effect::Runbooks(Wish::List)];
        }
    }
    Vec::new()
}

/// Begins a runbook, for the worst present finding that it is for, where there is one.
fn begin(model: &mut Model) -> Vec<Effect> {
    let Some(id) = chosen(model).map(str::to_owned) else { return Vec::new() };
    let finding = state::present_finding(model, &id).cloned();
    run::begin(model, &id, finding.as_ref(), Vec::new())
}

/// Takes news of work.
pub(super) fn told(model: &mut Model, news: News) -> Vec<Effect> {
    let state = &mut model.screens.runbooks;
    match news {
        News::Runs(runs) => {
            state.failed = None;
            state::runs(model, runs);
        }
        News::Told(incident) => state.told = Some(*incident),
        News::Failed(why) => {
            state.failed = Some(why.clone());
            model.say(Gravity::Error, format!("runs cannot be read: {why}"));
        }
    }
    Vec::new()
}

/// Takes the answer of a choice or form.
pub(super) fn answered(model: &mut Model, purpose: &Purpose, answer: &Answer) -> Vec<Effect> {
    let Purpose::Run(run) = purpose;
    if answer.row == 0 { run::resume(model, run) } else { read(model, run) }
}

fn read(model: &mut Model, run: &str) -> Vec<Effect> {
    model.screens.runbooks.scroll.reset();
    model.nav.enter(Place::PastRun(run.to_owned()));
    vec![Effect::Runbooks(Wish::Read(run.to_owned()))]
}

/// The runbooks have been read.
pub(super) fn opened(model: &mut Model) -> Vec<Effect> {
    state::list(model);
    Vec::new()
}

/// A new judgement is there.
pub(super) fn judged(model: &mut Model) -> Vec<Effect> {
    state::judged(model);
    Vec::new()
}

/// The screen was gone to.
pub(super) fn entered(_model: &mut Model) -> Vec<Effect> {
    vec![Effect::Runbooks(Wish::List)]
}

/// Moves.
pub(super) fn travel(model: &mut Model, motion: Motion) {
    if matches!(model.nav.place(), Place::Tab(_)) {
        let (cursor, len) = cursor(model);
        cursor.travel(motion, len);
    } else {
        model.screens.runbooks.scroll.travel(motion);
    }
}

/// Whether there is a runbook or a run to go to.
pub(super) fn opens(model: &Model) -> bool {
    match (model.nav.place(), model.screens.runbooks.panel) {
        (Place::Runbook(id), _) => model.books.get(id).is_some(),
        (_, Panel::Books) => state::chosen(model).is_some(),
        (_, Panel::Runs) => state::chosen_run(model).is_some(),
    }
}

/// Goes inward: to the page of a runbook, from there to its beginning; to a run.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    match (model.nav.place(), model.screens.runbooks.panel) {
        (Place::Runbook(_), _) => return begin(model),
        (Place::Tab(_), Panel::Books) => {
            if let Some(id) = state::chosen(model).map(str::to_owned) {
                model.screens.runbooks.scroll.reset();
                model.nav.enter(Place::Runbook(id));
            }
        }
        (Place::Tab(_), Panel::Runs) => return open_run(model),
        _ => {}
    }
    Vec::new()
}

/// A run that waits is taken up or read, as the operator says; any other is read.
fn open_run(model: &mut Model) -> Vec<Effect> {
    let Some(run) = state::chosen_run(model).cloned() else { return Vec::new() };
    if !state::resumes(&run) {
        return read(model, &run.id);
    }
    let rows = vec!["take it up again".to_owned(), "read its record".to_owned()];
    let title = run.started.as_ref().map_or(run.id.clone(), |started| started.title.clone());
    model.overs.push(Over::Choice(Choice::new(&title, rows, Of::Runbooks(Purpose::Run(run.id)))));
    Vec::new()
}

/// The list at hand, and how long it is.
pub(super) fn cursor(model: &mut Model) -> (&mut Cursor, usize) {
    let state = &mut model.screens.runbooks;
    match state.panel {
        Panel::Books => (&mut state.cursor, state.shown.len()),
        Panel::Runs => {
            let len = state.runs.as_ref().map_or(0, Vec::len);
            (&mut state.runs_cursor, len)
        }
    }
}

/// What is chosen, as a line.
pub(super) fn line(model: &Model) -> Option<String> {
    if model.screens.runbooks.panel == Panel::Runs && matches!(model.nav.place(), Place::Tab(_)) {
        let run = state::chosen_run(model)?;
        let what = run.started.as_ref().map(|s| format!("{} on {}", s.runbook, s.target)).unwrap_or_default();
        return Some(format!("{}: {what}, {}", run.id, run.standing.words()));
    }
    let book = model.books.get(chosen(model)?)?;
    Some(format!("{}: {} ({})", book.id, book.title, book.danger.word()))
}

/// What is chosen, as Markdown: a runbook is that already.
pub(super) fn markdown(model: &Model) -> Option<String> {
    model.books.get(chosen(model)?).map(|book| book.text.clone())
}

/// Whether a run was made to look ahead only.
pub(super) fn is_plan(run: &Run) -> bool {
    run.started.as_ref().is_some_and(|started| started.mode == Mode::Plan)
}

/// Pasted text goes into the filter while it is typed.
pub(in crate::tui) fn paste(model: &mut Model, text: &str) {
    if model.screens.runbooks.typing {
        state::paste(model, text);
    }
}

/// A key of the filter while it is typed; false where none is.
pub(in crate::tui) fn press(model: &mut Model, key: Key) -> bool {
    model.screens.runbooks.typing && state::press(model, key)
}
