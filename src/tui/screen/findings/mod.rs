//! All findings: sorted, filtered, one of them in detail, a fail accepted for a time.

mod detail;
mod draw;
mod known;
mod list;
mod number;
mod part;
mod row;
mod state;
mod trend;
mod waive;

#[cfg(test)]
pub(in crate::tui) mod tests;

use std::borrow::Cow;

pub(super) use draw::{beside, counts, draw, preview};
pub use list::{Job, Listed};
pub(super) use number::number;
pub use part::Part;
pub(super) use row::{Many, Rows};
pub(super) use state::filter;
pub use state::{Sort, State};
pub use trend::Trend;

use crate::{
    check::finding::Finding,
    sign::Waive,
    tui::{
        command::{Action, Command, Motion},
        event::Effect,
        key::Key,
        model::Model,
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
    /// Shows what is in order too, or hides it.
    All,
    /// Opens the runbook of what is chosen.
    Runbook,
    /// Accepts a fail for a time.
    Waive,
    /// Opens the next finding.
    Next,
    /// Opens the finding before.
    Previous,
}

/// What is asked of work.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// Makes a long list.
    List(Box<Job>),
    /// Writes a waiver, and judges anew; with the subject of the finding that it is about.
    Waive(Box<Waive>, String),
}

/// What work says.
#[derive(Debug)]
pub enum News {
    /// A list was made.
    Listed(Listed),
    /// A waiver about the finding of a subject was written, into this file; or why not, in words.
    Waived(Box<Waive>, String, Result<String, String>),
}

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
    Command::new("next-finding", &["n"], "open the next finding", Action::Findings(Act::Next)).hinted("next"),
    Command::new("previous-finding", &["N"], "open the finding before", Action::Findings(Act::Previous)),
    Command::new("filter", &["/"], "filter: words, !word, is:fail, is:worse, domain:…", Action::Findings(Act::Filter))
        .hinted("filter"),
    Command::new("clear-filter", &["ctrl-l"], "take the filter away", Action::Findings(Act::ClearFilter)),
    Command::new("sort", &["s"], "sort by the next column", Action::Findings(Act::Sort)).hinted("sort"),
    Command::new("all", &["a"], "show what is in order too, or hide it", Action::Findings(Act::All)).hinted("all"),
    Command::new("waive", &["W"], "accept this fail for a time", Action::Findings(Act::Waive)).hinted("waive"),
];

/// Whether a command belongs to where one is.
pub(super) fn is_here(model: &Model, act: Act) -> bool {
    let place = model.nav.place();
    match act {
        Act::Filter | Act::ClearFilter | Act::Sort | Act::All => *place == Place::Tab(Tab::Findings),
        Act::Next | Act::Previous => matches!(place, Place::Finding { .. }),
        Act::Runbook | Act::Waive => {
            matches!(place, Place::Tab(Tab::Findings | Tab::Overview) | Place::Finding { .. })
        }
    }
}

/// Why a command cannot be done now.
pub(super) fn why_not(model: &Model, act: Act) -> Option<Cow<'static, str>> {
    match act {
        Act::Runbook if model.chosen_finding().is_none_or(|finding| !super::run::cures(model, finding)) => {
            Some("what is chosen has no runbook".into())
        }
        Act::Sort | Act::All if model.audit.is_none() => Some("nothing was judged yet".into()),
        Act::ClearFilter if model.screens.findings.filter.value().is_empty() => Some("there is no filter".into()),
        Act::Waive => waive::why_not(model).map(Cow::Borrowed),
        Act::Next if beside_opened(model, 1).is_none() => Some("this is the last finding of the list".into()),
        Act::Previous if beside_opened(model, -1).is_none() => Some("this is the first finding of the list".into()),
        _ => None,
    }
}

/// Does a command.
pub(super) fn act(model: &mut Model, act: Act) -> Vec<Effect> {
    match act {
        Act::Filter => model.screens.findings.typing = true,
        Act::ClearFilter => return filter(model, String::new()),
        Act::Sort => {
            model.screens.findings.sort = model.screens.findings.sort.next();
            return state::list(model);
        }
        Act::All => {
            model.screens.findings.all = !model.screens.findings.all;
            return state::list(model);
        }
        Act::Runbook => return super::run::for_finding(model),
        Act::Waive => waive::ask(model),
        Act::Next => step(model, 1),
        Act::Previous => step(model, -1),
    }
    Vec::new()
}

/// Takes news of work.
pub(super) fn told(model: &mut Model, news: News) -> Vec<Effect> {
    match news {
        News::Listed(listed) => {
            state::took(model, listed);
            Vec::new()
        }
        News::Waived(waive, subject, result) => waive::told(model, &waive, &subject, result),
    }
}

/// Takes the answer of a choice or form.
pub(super) fn answered(model: &mut Model, purpose: &Purpose, answer: &Answer) -> Vec<Effect> {
    let Purpose::Waive { check, subject } = purpose;
    waive::answered(model, check, subject, &answer.values)
}

/// A new judgement is there. A finding that is open stays open as it was, even where it is gone.
pub(super) fn judged(model: &mut Model) -> Vec<Effect> {
    if let Place::Finding { check, subject } = model.nav.place().clone() {
        keep(model, &check, &subject);
    }
    state::list(model)
}

/// Remembers a finding that is open.
fn keep(model: &mut Model, check: &str, subject: &str) {
    if let Some(finding) = model.finding(check, subject).cloned() {
        model.screens.findings.kept = Some(Box::new(finding));
    }
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
        let (check, subject) = (finding.check.clone(), finding.subject.clone());
        enter(model, check, subject);
    }
    Vec::new()
}

/// Opens a finding.
pub(super) fn enter(model: &mut Model, check: String, subject: String) {
    keep(model, &check, &subject);
    model.nav.enter(Place::Finding { check, subject });
    model.screens.findings.scroll.reset();
}

/// Opens the finding some rows further, in the list that one came from.
fn step(model: &mut Model, by: isize) {
    let Some(to) = beside_opened(model, by) else { return };
    let in_list = model.nav.tab() == Tab::Findings;
    let finding = if in_list { model.screens.findings.row(to) } else { model.worst().get(to) };
    let Some(finding) = finding else { return };
    let (check, subject) = (finding.check.clone(), finding.subject.clone());
    if in_list {
        let len = model.screens.findings.shown.len();
        model.screens.findings.cursor.go(to, len);
    }
    keep(model, &check, &subject);
    model.nav.replace(Place::Finding { check, subject });
    model.screens.findings.scroll.reset();
}

/// The row some rows further than the finding that is open, in the list that one came from; nothing beyond its ends.
fn beside_opened(model: &Model, by: isize) -> Option<usize> {
    let Place::Finding { check, subject } = model.nav.place() else { return None };
    let is_it = |finding: &Finding| finding.check == *check && finding.subject == *subject;
    let in_list = model.nav.tab() == Tab::Findings;
    let state = &model.screens.findings;
    let of = |row: usize| if in_list { state.row(row) } else { model.worst().get(row) };
    let len = if in_list { state.shown.len() } else { model.worst().len() };
    // What is open may no longer be in the list: then the place where the list stands is the nearest. Mostly it is there,
    // and nothing is looked for.
    let nearest = if in_list { state.cursor.at } else { 0 };
    let at = std::iter::once(nearest).chain(0..len).find(|row| of(*row).is_some_and(is_it));
    at.unwrap_or(nearest).checked_add_signed(by).filter(|to| *to < len)
}

/// The list, and how long it is.
pub(super) fn cursor(model: &mut Model) -> (&mut Cursor, usize) {
    let len = model.screens.findings.shown.len();
    (&mut model.screens.findings.cursor, len)
}

/// The chosen one of the list.
pub(super) fn chosen(model: &Model) -> Option<&Finding> {
    let findings = &model.screens.findings;
    findings.row(findings.cursor.at)
}

/// The finding that is open: as it is now, or as it was when it was last there.
pub(super) fn opened<'m>(model: &'m Model, check: &str, subject: &str) -> Option<&'m Finding> {
    let kept = model.screens.findings.kept.as_deref();
    let is_it = |finding: &&Finding| finding.check == check && finding.subject == subject;
    kept.filter(is_it).or_else(|| model.finding(check, subject))
}

/// What is chosen, as a line.
pub(super) fn line(model: &Model) -> Option<String> {
    let finding = model.chosen_finding()?;
    Some(format!("{} {} {}: {}", finding.status.word(), finding.check, finding.subject, finding.message))
}

/// What is chosen, as Markdown.
pub(super) fn markdown(model: &Model) -> Option<String> {
    model.chosen_finding().map(|finding| detail::markdown(&model.about.target, finding))
}

/// Pasted text goes into the filter while it is typed.
pub(in crate::tui) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    if model.screens.findings.typing { state::paste(model, text) } else { Vec::new() }
}

/// A key of the filter while it is typed; nothing where none is.
pub(in crate::tui) fn press(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    model.screens.findings.typing.then(|| state::press(model, key))
}
