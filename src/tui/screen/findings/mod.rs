//! All findings: sorted, filtered, one of them in detail.

mod detail;
mod draw;
mod state;

use std::borrow::Cow;

pub(super) use draw::{draw, row};
pub use state::{Sort, State};

use crate::{
    check::finding::Finding,
    tui::{
        command::{Action, Command, Motion},
        event::Effect,
        model::{Gravity, Model},
        nav::Place,
        over::Answer,
        screen::Tab,
        widget::Cursor,
    },
};

/// What can be done here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Types a filter.
    Filter,
    /// Takes the filter away.
    ClearFilter,
    /// Sorts by something else.
    Sort,
    /// Opens the runbook of what is chosen.
    Runbook,
}

/// What is asked of work.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {}

/// What work says.
#[derive(Debug, Clone, Copy)]
pub enum News {}

/// What a choice or form is for.
#[derive(Debug, Clone, PartialEq)]
pub enum Purpose {
    /// A fail is accepted for a time.
    Waive {
        /// The check.
        check: String,
        /// The subject.
        subject: String,
    },
}

/// The commands of this screen.
pub static COMMANDS: &[Command] = &[
    Command::new("runbook", &["w"], "open the runbook of this finding", Action::Findings(Act::Runbook))
        .hinted("runbook"),
    Command::new("filter", &["/"], "filter: words, !word, is:fail, domain:…", Action::Findings(Act::Filter))
        .hinted("filter"),
    Command::new("clear-filter", &["ctrl-l"], "take the filter away", Action::Findings(Act::ClearFilter)),
    Command::new("sort", &["s"], "sort by the next column", Action::Findings(Act::Sort)).hinted("sort"),
];

/// Whether a command belongs to where one is.
pub(super) fn is_here(model: &Model, act: Act) -> bool {
    let place = model.nav.place();
    match act {
        Act::Filter | Act::ClearFilter | Act::Sort => *place == Place::Tab(Tab::Findings),
        Act::Runbook => matches!(place, Place::Tab(Tab::Findings | Tab::Overview) | Place::Finding { .. }),
    }
}

/// Why a command cannot be done now.
pub(super) fn why_not(model: &Model, act: Act) -> Option<Cow<'static, str>> {
    match act {
        Act::Runbook if model.chosen_finding().is_none_or(|finding| !super::run::cures(model, finding)) => {
            Some("what is chosen has no runbook".into())
        }
        Act::ClearFilter if model.screens.findings.filter.value().is_empty() => Some("there is no filter".into()),
        _ => None,
    }
}

/// Does a command.
pub(super) fn act(model: &mut Model, act: Act) -> Vec<Effect> {
    match act {
        Act::Filter => model.screens.findings.typing = true,
        Act::ClearFilter => state::filter(model, String::new()),
        Act::Sort => {
            model.screens.findings.sort = model.screens.findings.sort.next();
            state::list(model);
        }
        Act::Runbook => return super::run::for_finding(model),
    }
    Vec::new()
}

/// Takes news of work.
pub(super) fn told(_model: &mut Model, news: News) -> Vec<Effect> {
    match news {}
}

/// Takes the answer of a choice or form.
pub(super) fn answered(_model: &mut Model, _purpose: &Purpose, _answer: Answer) -> Vec<Effect> {
    Vec::new()
}

/// A new judgement is there.
pub(super) fn judged(model: &mut Model) -> Vec<Effect> {
    state::judged(model);
    if let Place::Finding { check, subject } = model.nav.place().clone()
        && model.finding(&check, &subject).is_none()
    {
        model.say(Gravity::Info, "the finding that was open is gone");
        model.nav.leave();
    }
    Vec::new()
}

/// Moves.
pub(super) fn travel(model: &mut Model, motion: Motion) {
    if let Place::Finding { .. } = model.nav.place() {
        model.screens.findings.scroll.travel(motion);
    } else {
        let (cursor, len) = cursor(model);
        cursor.travel(motion, len);
    }
}

/// Goes inward.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if *model.nav.place() == Place::Tab(Tab::Findings)
        && let Some(finding) = chosen(model)
    {
        let place = Place::Finding { check: finding.check.clone(), subject: finding.subject.clone() };
        model.nav.enter(place);
        model.screens.findings.scroll.reset();
    }
    Vec::new()
}

/// The list, and how long it is.
pub(super) fn cursor(model: &mut Model) -> (&mut Cursor, usize) {
    let len = model.screens.findings.shown.len();
    (&mut model.screens.findings.cursor, len)
}

/// The chosen one of the list.
pub(super) fn chosen(model: &Model) -> Option<&Finding> {
    let findings = &model.screens.findings;
    model.all().get(*findings.shown.get(findings.cursor.at)? as usize)
}

/// What is chosen, as a line.
pub(super) fn line(model: &Model) -> Option<String> {
    let finding = model.chosen_finding()?;
    Some(format!("{} {} {}: {}", finding.status.word(), finding.check, finding.subject, finding.message))
}

/// What is chosen, as Markdown.
pub(super) fn markdown(model: &Model) -> Option<String> {
    model.chosen_finding().map(detail::markdown)
}

/// Pasted text goes into the filter while it is typed.
pub(in crate::tui) fn paste(model: &mut Model, text: &str) {
    if model.screens.findings.typing {
        state::paste(model, text);
    }
}

/// A key of the filter while it is typed; false where none is.
pub(in crate::tui) fn press(model: &mut Model, key: crate::tui::key::Key) -> bool {
    model.screens.findings.typing && state::press(model, key)
}
