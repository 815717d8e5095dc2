//! What happens now: activity, locks, replication, pools, caches, statements, autoscalers.
//!
//! Samples come in ([`sampled`]), are kept ([`kept`]), and become rows ([`board`]) and numbers over time ([`series`]). Each
//! panel has a file of its own, with its columns, its rows and how one of them is opened.

mod autoscalers;
mod board;
mod detail;
mod draw;
mod filter;
#[cfg(test)]
mod fixture;
mod fresh;
mod kept;
mod locks;
mod looked;
mod numbers;
mod panel;
mod pools;
mod replicas;
mod row;
mod series;
mod sessions;
mod state;
mod statements;
mod stop;
#[cfg(test)]
pub(in crate::tui) mod tests;
mod typed;
mod words;

use std::{borrow::Cow, sync::Arc};

pub(super) use draw::draw;
pub use looked::Looked;
pub use panel::Panel;
pub use state::State;
pub(in crate::tui) use typed::{paste, press};

use crate::{
    text::screen,
    tui::{
        command::{Action, Command, Motion},
        event::Effect,
        model::Model,
        nav::Place,
        over::Answer,
        screen::Tab,
        widget::Cursor,
    },
};

pub use crate::collect::watch::Sample;

/// What can be done here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Goes to a panel.
    Show(Panel),
    /// Goes to the next panel.
    Next,
    /// Sorts by something else.
    Sort,
    /// Types a filter.
    Filter,
    /// Takes the filter away.
    ClearFilter,
    /// Cancels or ends a session through a runbook.
    Stop,
    /// Shows one panel, or all.
    Alone,
}

/// What a choice or form is for.
#[derive(Debug, Clone, PartialEq)]
pub enum Purpose {
    /// A session is to be stopped by one of some runbooks.
    Stop {
        /// The source on which it runs.
        server: String,
        /// Its process id.
        pid: i64,
        /// When it began, as the server says it; empty where it does not.
        started: String,
        /// The ids of the runbooks.
        books: Vec<String>,
    },
}

/// The key of a panel, as a list of keys.
macro_rules! show {
    ($panel:ident, $words:literal) => {
        Command::new(Panel::$panel.id(), &[Panel::$panel.key()], $words, Action::Live(Act::Show(Panel::$panel)))
    };
}

/// The commands of this screen.
pub static COMMANDS: &[Command] = &[
    Command::new("stop-session", &["X"], "cancel or end this session, through a runbook", Action::Live(Act::Stop))
        .hinted("stop it"),
    Command::new("live-filter", &["/"], "filter rows: words, !word, user:…, state:…", Action::Live(Act::Filter))
        .hinted("filter"),
    Command::new(
        "live-clear-filter",
        &["ctrl-l"],
        "take the filter of this panel away",
        Action::Live(Act::ClearFilter),
    ),
    Command::new("live-sort", &["s"], "sort rows by something else", Action::Live(Act::Sort)).hinted("sort"),
    Command::new("next-panel", &["n"], "the next panel", Action::Live(Act::Next)).hinted("panel"),
    Command::new("zoom", &["z"], "one panel, or all of them", Action::Live(Act::Alone)).hinted("zoom"),
    show!(Activity, "sessions: what runs, waits, blocks"),
    show!(Locks, "who waits for whose lock"),
    show!(Replication, "replicas, slots, how far behind"),
    show!(Pools, "pools of PgBouncer"),
    show!(Cache, "cache, memory, rates"),
    show!(Statements, "statements by load"),
    show!(Autoscalers, "autoscalers of Kubernetes"),
];

/// Whether a command belongs to where one is.
pub(super) fn is_here(model: &Model, act: Act) -> bool {
    match model.nav.place() {
        Place::Tab(Tab::Live) => true,
        Place::LiveRow(..) => act == Act::Stop,
        _ => false,
    }
}

/// Why a command cannot be done now.
pub(super) fn why_not(model: &Model, act: Act) -> Option<Cow<'static, str>> {
    let state = &model.screens.live;
    let panels = model.layout.panels();
    match act {
        Act::Show(panel) if !panels.contains(&panel) => Some("the settings leave it out: `live` in [layout]".into()),
        Act::Next | Act::Alone if panels.len() < 2 => Some("there is no other panel".into()),
        Act::Sort if !matches!(state.panel, Panel::Activity | Panel::Statements) => {
            Some("this panel has one order only".into())
        }
        Act::Alone if !draw::has_room(model.size) => {
            let (width, height) = draw::ALL;
            Some(format!("all panels need a terminal of {width}x{height}").into())
        }
        Act::ClearFilter if state.of(state.panel).filter.value().is_empty() => Some("there is no filter".into()),
        Act::Stop if session(model).is_none() => Some("no session is chosen".into()),
        Act::Stop if !stop::is_possible(&model.books) => Some("no runbook stops a session".into()),
        _ => None,
    }
}

/// Does a command.
pub(super) fn act(model: &mut Model, act: Act) -> Vec<Effect> {
    let state = &mut model.screens.live;
    match act {
        Act::Show(panel) => state.panel = panel,
        Act::Next => state.panel = state.panel.next(model.layout.panels()),
        Act::Sort => sort(state),
        Act::Filter => state.typing = true,
        Act::ClearFilter => typed::filter(state, String::new()),
        Act::Alone => state.alone = !state.alone,
        Act::Stop => {
            if let Some(session) = session(model).cloned() {
                stop::offer(model, &session);
            }
        }
    }
    Vec::new()
}

fn sort(state: &mut State) {
    let panel = state.panel;
    state.remember(panel);
    match panel {
        Panel::Statements => state.statements_by = state.statements_by.next(),
        _ => state.sessions_by = state.sessions_by.next(),
    }
    state.list(panel);
}

/// A round of live answers is there. While asking is stopped the screen stands still: what was still under way then is
/// not shown, unless nothing is known of its source yet, or somebody asked for it.
pub(super) fn sampled(model: &mut Model, sample: &Arc<Sample>) -> Vec<Effect> {
    let every = model.every;
    let state = &mut model.screens.live;
    if !model.paused || state.wanted || !state.kept.knows(&sample.source.name) {
        state.take(sample, every);
    }
    Vec::new()
}

/// The settings say which panels there are: one begins with the first of them.
pub(in crate::tui) fn laid(model: &mut Model) {
    if let Some(first) = model.layout.panels().first() {
        model.screens.live.panel = *first;
    }
}

/// Asking is stopped, or goes on.
pub(in crate::tui) fn paused(model: &mut Model) {
    model.screens.live.wanted = false;
}

/// Somebody asked to ask again now, perhaps while asking is stopped.
pub(in crate::tui) fn asked(model: &mut Model) {
    model.screens.live.wanted = true;
}

/// Takes the answer of a choice or form.
pub(super) fn answered(model: &mut Model, purpose: &Purpose, answer: &Answer) -> Vec<Effect> {
    stop::answered(model, purpose, answer)
}

/// Moves.
pub(super) fn travel(model: &mut Model, motion: Motion) {
    let state = &mut model.screens.live;
    if matches!(model.nav.place(), Place::LiveRow(..)) {
        state.scroll.travel(motion);
        return;
    }
    let panel = state.panel;
    let list = state.of_mut(panel);
    list.cursor.travel(motion, list.shown.len());
    state.remember(panel);
}

/// Whether a row is chosen that can be opened.
pub(super) fn opens(model: &Model) -> bool {
    model.screens.live.chosen().is_some()
}

/// Goes inward.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if *model.nav.place() == Place::Tab(Tab::Live)
        && let Some((panel, name)) = model.screens.live.open()
    {
        model.nav.enter(Place::LiveRow(panel.title().to_owned(), name));
    }
    Vec::new()
}

/// The list at hand, and how long it is.
pub(super) fn cursor(model: &mut Model) -> (&mut Cursor, usize) {
    let state = &mut model.screens.live;
    let list = state.of_mut(state.panel);
    (&mut list.cursor, list.shown.len())
}

/// The source of what is chosen, to be asked again.
pub(super) fn source(model: &Model) -> Option<String> {
    match model.nav.place() {
        Place::Tab(Tab::Live) => Some(model.screens.live.chosen()?.source().to_owned()),
        _ => None,
    }
}

/// The session that is chosen or open.
fn session(model: &Model) -> Option<&sessions::Session> {
    match model.nav.place() {
        Place::LiveRow(panel, name) => model.screens.live.open_session(Panel::of(panel)?, name),
        _ => model.screens.live.chosen_session(),
    }
}

/// What is chosen, as a line.
pub(super) fn line(model: &Model) -> Option<String> {
    if let Some(session) = session(model) {
        return Some(screen(&format!("{}: {}", session.source, session.line())).into_owned());
    }
    let state = &model.screens.live;
    let row = state.chosen()?;
    let cells = row.cells(&draw::shown(model));
    let words: Vec<String> = cells
        .into_iter()
        .filter_map(|cell| match cell {
            row::Cell::Text(words, _) | row::Cell::Share(_, words, _) => Some(words),
            row::Cell::Moves(..) => None,
        })
        .filter(|words| !words.trim().is_empty() && words != "-")
        .collect();
    Some(format!("{}: {}", state.panel.title(), words.join("  ")))
}

/// What is chosen, as Markdown.
pub(super) fn markdown(model: &Model) -> Option<String> {
    let state = &model.screens.live;
    match model.nav.place() {
        Place::LiveRow(panel, name) => Some(state.page(Panel::of(panel)?, name)?.0.markdown()),
        _ => Some(state.chosen()?.detail(&state.board).markdown()),
    }
}
