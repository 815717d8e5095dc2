//! Past audits of this target: a list, what one of them changed, and a number of a finding over time.
//!
//! The file is read by tasks (`work::history`); this screen shows what they told last.

mod draw;
mod state;

use std::borrow::Cow;

pub(super) use draw::draw;
pub use state::{Reading, Shown, State, Traced};

use crate::{
    history::{Listed, name_of},
    report::changes,
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

/// The most audits that are listed.
pub const MOST: usize = 200;

/// What can be done here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Shows a number of what is chosen over time.
    Trend,
}

/// What is asked of work.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// The past audits of a target.
    List {
        /// Its name in the history.
        target: String,
    },
    /// One of them, by its number, with what changed since the one before.
    Show(i64),
    /// The numbers of a finding over time.
    Trace {
        /// The target's name in the history.
        target: String,
        /// The check.
        check: String,
        /// What it is about.
        subject: String,
    },
    /// Reading the list is stopped.
    Stop,
}

/// What work says.
#[derive(Debug, Clone)]
pub enum News {
    /// The past audits; none where there is no history yet.
    Listed(Vec<Listed>),
    /// One of them.
    Shown(Box<Shown>),
    /// The numbers of a finding.
    Traced(Box<Traced>),
    /// The history cannot be read, in words.
    Failed(String),
    /// The judgement of a moment ago was written down.
    Kept,
}

/// What a choice or form is for.
#[derive(Debug, Clone, PartialEq)]
pub enum Purpose {}

/// The commands of this screen.
pub static COMMANDS: &[Command] =
    &[Command::new("trend", &["t"], "show its numbers over past audits", Action::History(Act::Trend))];

/// Whether a command belongs to where one is.
pub(super) fn is_here(model: &Model, act: Act) -> bool {
    let place = model.nav.place();
    match act {
        Act::Trend => {
            matches!(place, Place::Tab(Tab::Findings | Tab::Overview) | Place::Finding { .. } | Place::Past(_))
        }
    }
}

/// Why a command cannot be done now.
pub(super) fn why_not(model: &Model, act: Act) -> Option<Cow<'static, str>> {
    match act {
        Act::Trend => chosen_name(model).is_none().then(|| "no finding is chosen".into()),
    }
}

/// Does a command.
pub(super) fn act(model: &mut Model, act: Act) -> Vec<Effect> {
    match act {
        Act::Trend => trace(model),
    }
}

/// Check and subject of the finding that is chosen, of now or of the past.
fn chosen_name(model: &Model) -> Option<(String, String)> {
    if let Place::Past(_) = model.nav.place() {
        return model.screens.history.chosen_row(model.nav.place()).map(|row| (row.check.clone(), row.subject.clone()));
    }
    model.chosen_finding().map(|finding| (finding.check.clone(), finding.subject.clone()))
}

/// Goes to the numbers of what is chosen, and asks for them.
fn trace(model: &mut Model) -> Vec<Effect> {
    let Some(((check, subject), target)) = chosen_name(model).zip(target(model)) else { return Vec::new() };
    model.nav.enter(Place::Trend { check: check.clone(), subject: subject.clone() });
    model.screens.history.number.go(0, 1);
    vec![Effect::History(Wish::Trace { target, check, subject })]
}

/// The target's name in the history; none before anything was judged.
fn target(model: &Model) -> Option<String> {
    model.audit.as_ref().map(|audit| name_of(audit))
}

/// Asks for the list again.
fn list(model: &mut Model) -> Vec<Effect> {
    let Some(target) = target(model) else { return Vec::new() };
    model.screens.history.reading.begin();
    vec![Effect::History(Wish::List { target })]
}

/// Whether the list is being read and there is nothing to look at meanwhile.
pub(in crate::tui) fn is_reading(model: &Model) -> bool {
    model.nav.tab() == Tab::History && model.screens.history.reading == Reading::Begun
}

/// Stops reading the list, where that is what one waits for.
pub(in crate::tui) fn cancel(model: &Model) -> Option<Effect> {
    is_reading(model).then_some(Effect::History(Wish::Stop))
}

/// Takes news of work.
pub(super) fn told(model: &mut Model, news: News) -> Vec<Effect> {
    let at_home = model.nav.tab() == Tab::History;
    match news {
        News::Listed(audits) => model.screens.history.listed(audits),
        News::Shown(shown) => model.screens.history.shown = Some(*shown),
        News::Traced(traced) => model.screens.history.traced = Some(*traced),
        News::Failed(words) => {
            // Where it was asked for it is shown in place; elsewhere it would be lost.
            if !at_home && !matches!(model.nav.place(), Place::Trend { .. }) {
                model.say(Gravity::Warning, words.clone());
            }
            model.screens.history.reading = Reading::Failed(words);
        }
        News::Kept if at_home => return list(model),
        News::Kept => {}
    }
    Vec::new()
}

/// Takes the answer of a choice or form; there is none here.
pub(super) fn answered(_model: &mut Model, purpose: &Purpose, _answer: Answer) -> Vec<Effect> {
    match *purpose {}
}

/// A new judgement is there: the first one says whose past audits are wanted.
pub(super) fn judged(model: &mut Model) -> Vec<Effect> {
    let first = model.nav.tab() == Tab::History && model.screens.history.reading == Reading::NotYet;
    if first { list(model) } else { Vec::new() }
}

/// The screen was gone to: what is in the file now is read.
pub(super) fn entered(model: &mut Model) -> Vec<Effect> {
    list(model)
}

/// Moves.
pub(super) fn travel(model: &mut Model, motion: Motion) {
    let history = &mut model.screens.history;
    match model.nav.place() {
        Place::Trend { .. } => {
            let len = history.traced.as_ref().map_or(0, |traced| traced.series.len());
            history.number.travel(motion, len);
        }
        Place::Past(_) => {
            let len = history.shown.as_ref().map_or(0, |shown| shown.rows.len());
            history.row.travel(motion, len);
        }
        _ => history.cursor.travel(motion, history.audits.len()),
    }
}

/// Whether an audit, or a finding of one, is chosen.
pub(super) fn opens(model: &Model) -> bool {
    let history = &model.screens.history;
    match model.nav.place() {
        place @ Place::Past(_) => model.audit.is_some() && history.chosen_row(place).is_some(),
        _ => history.audits.get(history.cursor.at).is_some_and(|listed| listed.past.id.is_some()),
    }
}

/// Goes inward: to an audit, and from a finding of it to its numbers.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    match model.nav.place() {
        Place::Tab(Tab::History) => {
            let history = &mut model.screens.history;
            let Some(id) = history.audits.get(history.cursor.at).and_then(|listed| listed.past.id) else {
                return Vec::new();
            };
            history.row.go(0, 1);
            model.nav.enter(Place::Past(id));
            vec![Effect::History(Wish::Show(id))]
        }
        Place::Past(_) => trace(model),
        _ => Vec::new(),
    }
}

/// The list at hand, and how long it is.
pub(super) fn cursor(model: &mut Model) -> (&mut Cursor, usize) {
    let history = &mut model.screens.history;
    (&mut history.cursor, history.audits.len())
}

/// What is chosen, as a line.
pub(super) fn line(model: &Model) -> Option<String> {
    let history = &model.screens.history;
    match model.nav.place() {
        Place::Trend { check, subject } => {
            let traced = history.traced_of(check, subject)?;
            let series = traced.series.get(history.number.at)?;
            let last = series.points.last()?;
            let value = crate::quantity::show(last.value, series.unit);
            Some(format!("{check} {subject}: {} {value} at {}", series.name, last.at.strftime("%Y-%m-%d %H:%M UTC")))
        }
        place @ Place::Past(_) => {
            let row = history.chosen_row(place)?;
            Some(format!("{} {} {}: {}", changes::step(row), row.check, row.subject, row.message))
        }
        _ => history.audits.get(history.cursor.at).map(|listed| changes::past_line(&listed.past)),
    }
}

/// What is chosen, as Markdown.
pub(super) fn markdown(model: &Model) -> Option<String> {
    let history = &model.screens.history;
    match model.nav.place() {
        Place::Past(id) => {
            let shown = history.shown.as_ref().filter(|shown| shown.audit.id == Some(*id))?;
            shown.since.as_ref().map(|since| changes::markdown(since, false))
        }
        _ => line(model).map(|line| crate::text::markdown(&line)),
    }
}

#[cfg(test)]
pub(in crate::tui) mod tests;
