//! The report, as it would be handed on: rendered, searched, written to a file, the template chosen.
//!
//! What is read never moves under the eyes of who reads it: a newer audit marks the text as old, and is taken up by a key,
//! or by itself where nobody has scrolled yet.

mod draw;
mod find;
mod state;
#[cfg(test)]
pub(in crate::tui) mod tests;

use std::{borrow::Cow, sync::Arc};

pub(super) use draw::draw;
pub(super) use state::resized;
pub use state::{State, Written};

use crate::{
    check::definition::Persona,
    report::Audit,
    tui::{
        command::{Action, Command, Motion},
        event::Effect,
        key::Key,
        model::{Gravity, Model},
        over::{Answer, Choice, Form, Over},
    },
};

/// What can be done here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Chooses a template.
    Template,
    /// Lists the headings.
    Contents,
    /// To the next heading, or the next place that was searched for.
    Next,
    /// To the one before.
    Previous,
    /// Types what is searched for.
    Search,
    /// Takes the search away.
    ClearSearch,
    /// Writes it to a file.
    Write,
    /// Makes it anew, of the newest audit.
    Update,
}

/// What is asked of work.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// An audit by a template.
    Make {
        /// The template.
        template: String,
        /// What it is about.
        audit: Arc<Audit>,
        /// Who it is for.
        persona: Option<Persona>,
        /// The width of the text, in cells, and whether only ASCII is drawn.
        laid: (usize, bool),
    },
    /// The same text for another width.
    Lay {
        /// The text.
        text: Arc<str>,
        /// The width, in cells, and whether only ASCII is drawn.
        laid: (usize, bool),
    },
    /// It is written to a file.
    Write {
        /// The file, as it was typed.
        path: String,
        /// The text.
        text: Arc<str>,
        /// What it is about, for the drawings of a page.
        audit: Arc<Audit>,
        /// Whether a file that is there may be overwritten.
        over: bool,
    },
}

/// What work says.
#[derive(Debug, Clone)]
pub enum News {
    /// It is made.
    Made(Arc<Written>),
    /// It cannot be made: in words; and the templates that there are.
    NotMade(String, Vec<String>),
    /// It is laid out for another width.
    Laid(Arc<crate::tui::widget::Markdown>),
    /// It is written: where, and how many bytes.
    Saved(String, usize),
    /// The file is there already.
    There(String),
    /// It cannot be written: where, and why.
    NotSaved(String, String),
}

/// What a choice or form is for.
#[derive(Debug, Clone, PartialEq)]
pub enum Purpose {
    /// A template is chosen.
    Template,
    /// A heading is chosen.
    Contents,
    /// A file is named.
    Write,
    /// A file that is there is overwritten.
    Overwrite(String),
}

/// The commands of this screen.
pub static COMMANDS: &[Command] = &[
    Command::new("report-write", &["o"], "write the report to a file", Action::Report(Act::Write)).hinted("write"),
    Command::new("report-template", &["t"], "choose the template", Action::Report(Act::Template)).hinted("template"),
    Command::new("report-contents", &["c"], "go to a heading", Action::Report(Act::Contents)).hinted("contents"),
    Command::new("report-next", &["n"], "next heading, or next place found", Action::Report(Act::Next)).hinted("next"),
    Command::new("report-previous", &["N"], "the one before", Action::Report(Act::Previous)),
    Command::new("report-search", &["/"], "search in the report", Action::Report(Act::Search)).hinted("search"),
    Command::new("report-clear-search", &["ctrl-l"], "take the search away", Action::Report(Act::ClearSearch)),
    Command::new("report-update", &["u"], "make it anew, of the newest audit", Action::Report(Act::Update))
        .hinted("update"),
];

/// Whether a command belongs to where one is.
pub(super) fn is_here(model: &Model, _act: Act) -> bool {
    model.nav.tab() == super::Tab::Report
}

/// Why a command cannot be done now.
pub(super) fn why_not(model: &Model, act: Act) -> Option<Cow<'static, str>> {
    let state = &model.screens.report;
    match act {
        Act::Update if model.audit.is_none() => Some("nothing was judged yet".into()),
        Act::Update if !state::is_old(model) && state.error.is_none() => Some("it is of the newest audit".into()),
        Act::Update | Act::Template => None,
        Act::ClearSearch if state.search.value().is_empty() => Some("nothing is searched for".into()),
        _ if state.written.is_none() => Some("there is no report yet".into()),
        Act::Next => find::why_not(state, true),
        Act::Previous => find::why_not(state, false),
        _ => None,
    }
}

/// Does a command.
pub(super) fn act(model: &mut Model, act: Act) -> Vec<Effect> {
    match act {
        Act::Update => return state::make(model),
        Act::Template => templates(model),
        Act::Contents => contents(model),
        Act::Next => find::go(model, true),
        Act::Previous => find::go(model, false),
        Act::Search => model.screens.report.search.begin(),
        Act::ClearSearch => find::clear(model),
        Act::Write => {
            let path = state::default_path(model);
            model.overs.push(Over::Form(state::form(&path, None)));
        }
    }
    Vec::new()
}

fn templates(model: &mut Model) {
    let state = &model.screens.report;
    let names = if state.names.is_empty() { vec![state.template.clone()] } else { state.names.clone() };
    let mut choice = Choice::new("Template", names, super::Purpose::Report(Purpose::Template));
    let at = choice.rows.iter().position(|name| *name == state.template).unwrap_or(0);
    choice.cursor.go(at, choice.rows.len());
    model.overs.push(Over::Choice(choice));
}

fn contents(model: &mut Model) {
    let state = &model.screens.report;
    let Some(laid) = &state.laid else { return };
    let row = |heading: &crate::tui::widget::Heading| {
        format!("{}{}", "  ".repeat(heading.level.saturating_sub(1)), heading.words)
    };
    let rows = laid.headings().iter().map(row).collect();
    let mut choice = Choice::new("Contents", rows, super::Purpose::Report(Purpose::Contents));
    choice.cursor.go(find::heading(state), choice.rows.len());
    model.overs.push(Over::Choice(choice));
}

/// Takes news of work.
pub(super) fn told(model: &mut Model, news: News) -> Vec<Effect> {
    match news {
        News::Made(written) => return state::made(model, written),
        News::NotMade(words, names) => {
            let state = &mut model.screens.report;
            (state.making, state.error) = (false, Some(words));
            if !names.is_empty() {
                state.names = names;
            }
        }
        News::Laid(laid) => state::laid(model, laid),
        News::Saved(path, bytes) => model.say(Gravity::Info, format!("written: {path} ({} kB)", bytes.div_ceil(1_000))),
        News::There(path) => {
            let purpose = super::Purpose::Report(Purpose::Overwrite(path.clone()));
            let form =
                Form::new("The file is there already", "overwrite", crate::tui::over::Grade::Reversible, purpose)
                    .line(crate::tui::theme::Meaning::Text, &path)
                    .line(crate::tui::theme::Meaning::Warn, "What stands in it now is lost.");
            model.overs.push(Over::Form(form));
        }
        News::NotSaved(path, why) => model.overs.push(Over::Form(state::form(&path, Some(why)))),
    }
    Vec::new()
}

/// Takes the answer of a choice or form.
pub(super) fn answered(model: &mut Model, purpose: &Purpose, answer: &Answer) -> Vec<Effect> {
    let state = &mut model.screens.report;
    match purpose {
        Purpose::Template => {
            if let Some(name) = state.names.get(answer.row) {
                state.template.clone_from(name);
                return state::make(model);
            }
        }
        Purpose::Contents => {
            let line = state.laid.as_ref().and_then(|laid| laid.headings().get(answer.row)).map(|heading| heading.line);
            if let Some(line) = line {
                state.scroll.to(line);
            }
        }
        Purpose::Write => {
            return state::write(model, answer.values.first().map_or("", String::as_str), false);
        }
        Purpose::Overwrite(path) => return state::write(model, path, true),
    }
    Vec::new()
}

/// A new judgement is there.
pub(super) fn judged(model: &mut Model) -> Vec<Effect> {
    let here = model.nav.tab() == super::Tab::Report;
    if here && state::may_move(model) { state::make(model) } else { Vec::new() }
}

/// The screen was gone to.
pub(super) fn entered(model: &mut Model) -> Vec<Effect> {
    if model.screens.report.written.is_none() || (state::is_old(model) && state::may_move(model)) {
        return state::make(model);
    }
    state::resized(model)
}

/// Moves.
pub(super) fn travel(model: &mut Model, motion: Motion) {
    model.screens.report.scroll.travel(motion);
}

/// Goes inward: there is nothing inside.
pub(super) fn open(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}

/// The line at the top of the screen.
pub(super) fn line(model: &Model) -> Option<String> {
    let state = &model.screens.report;
    let laid = state.laid.as_ref()?;
    let from = state.scroll.first();
    (from..laid.len()).map(|at| laid.plain(at).trim().to_owned()).find(|line| !line.is_empty())
}

/// All of the report.
pub(super) fn markdown(model: &Model) -> Option<String> {
    model.screens.report.written.as_ref().map(|written| written.text.to_string())
}

/// Pasted text goes into the search while it is typed.
pub(super) fn paste(model: &mut Model, text: &str) {
    if model.screens.report.search.paste(text) {
        find::search(model);
    }
}

/// A key of the search while it is typed; nothing where none is.
pub(super) fn press(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    find::press(model, key).then(Vec::new)
}
