//! The screens, one file or folder each: its state, its commands, what they do, what it makes of news, how it is drawn.
//!
//! This file only hands on. What a screen does stands in its own file.

pub mod capacity;
pub mod checklist;
pub mod findings;
pub mod history;
pub mod live;
pub mod overview;
pub mod report;
pub mod run;
pub mod runbooks;

use std::borrow::Cow;

use ratatui::layout::Rect;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    command::{Action, Motion},
    event::{Effect, Event},
    key::Key,
    model::Model,
    nav::Place,
    over::{Answer, Purpose},
    widget::Canvas,
};
use crate::check::finding::Finding;

/// A screen of the first row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tab {
    /// Verdict, worst findings, what breaks first.
    #[default]
    Overview,
    /// All findings.
    Findings,
    /// What happens now.
    Live,
    /// Runbooks and runs.
    Runbooks,
    /// What people must answer for.
    Checklist,
    /// What if the load grew.
    Capacity,
    /// Past audits.
    History,
    /// The report.
    Report,
}

impl Tab {
    /// All of them, in order.
    pub const ALL: [Self; 8] = [
        Self::Overview,
        Self::Findings,
        Self::Live,
        Self::Runbooks,
        Self::Checklist,
        Self::Capacity,
        Self::History,
        Self::Report,
    ];

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Findings => "Findings",
            Self::Live => "Live",
            Self::Runbooks => "Runbooks",
            Self::Checklist => "Checklist",
            Self::Capacity => "Capacity",
            Self::History => "History",
            Self::Report => "Report",
        }
    }

    /// Its name where there is little room.
    pub fn short(self) -> &'static str {
        match self {
            Self::History => "Past",
            other => other.title(),
        }
    }

    /// The screen of a name, as [`Tab::title`] has it, in any case of letters.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.title().eq_ignore_ascii_case(name))
    }
}

/// The state of every screen.
#[derive(Debug, Default)]
pub struct Screens {
    /// Of the overview.
    pub overview: overview::State,
    /// Of the findings.
    pub findings: findings::State,
    /// Of the live screen.
    pub live: live::State,
    /// Of the list of runbooks.
    pub runbooks: runbooks::State,
    /// Of the run.
    pub run: run::State,
    /// Of the checklist.
    pub checklist: checklist::State,
    /// Of the what-if.
    pub capacity: capacity::State,
    /// Of the history.
    pub history: history::State,
    /// Of the report.
    pub report: report::State,
}

/// Whether a command belongs to where one is.
pub(super) fn is_here(model: &Model, action: Action) -> bool {
    match action {
        Action::Findings(act) => findings::is_here(model, act),
        Action::Live(act) => live::is_here(model, act),
        Action::Runbooks(act) => runbooks::is_here(model, act),
        Action::Run(act) => run::is_here(model, act),
        Action::Checklist(act) => checklist::is_here(model, act),
        Action::Capacity(act) => capacity::is_here(model, act),
        Action::History(act) => history::is_here(model, act),
        Action::Report(act) => report::is_here(model, act),
        _ => true,
    }
}

/// Why a command of a screen cannot be done now.
pub(super) fn why_not(model: &Model, action: Action) -> Option<Cow<'static, str>> {
    if !is_here(model, action) {
        return Some("not on this screen".into());
    }
    match action {
        Action::Open if !opens(model) => Some(match model.nav.place() {
            Place::Tab(tab) if *tab != Tab::Report => "nothing is chosen".into(),
            Place::Past(_) => "nothing is chosen".into(),
            _ => "there is nothing further inside".into(),
        }),
        Action::CopyLine if line(model).is_none() => Some("nothing is chosen".into()),
        Action::Findings(act) => findings::why_not(model, act),
        Action::Live(act) => live::why_not(model, act),
        Action::Runbooks(act) => runbooks::why_not(model, act),
        Action::Run(act) => run::why_not(model, act),
        Action::Checklist(act) => checklist::why_not(model, act),
        Action::Capacity(act) => capacity::why_not(model, act),
        Action::History(act) => history::why_not(model, act),
        Action::Report(act) => report::why_not(model, act),
        _ => None,
    }
}

/// Does a command of a screen.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Findings(act) => findings::act(model, act),
        Action::Live(act) => live::act(model, act),
        Action::Runbooks(act) => runbooks::act(model, act),
        Action::Run(act) => run::act(model, act),
        Action::Checklist(act) => checklist::act(model, act),
        Action::Capacity(act) => capacity::act(model, act),
        Action::History(act) => history::act(model, act),
        Action::Report(act) => report::act(model, act),
        _ => Vec::new(),
    }
}

/// Hands news of work on to the screen that asked for it.
pub(super) fn told(model: &mut Model, event: Event) -> Vec<Effect> {
    match event {
        Event::Sampled(sample) => live::sampled(model, &sample),
        Event::Findings(news) => findings::told(model, news),
        Event::Runbooks(news) => runbooks::told(model, news),
        Event::Run(news) => run::told(model, news),
        Event::Checklist(news) => checklist::told(model, news),
        Event::Capacity(news) => capacity::told(model, news),
        Event::History(news) => history::told(model, news),
        Event::Report(news) => report::told(model, news),
        _ => Vec::new(),
    }
}

/// What is known without asking has been read.
pub(super) fn opened(model: &mut Model) -> Vec<Effect> {
    let mut effects = runbooks::opened(model);
    effects.extend(run::opened(model));
    effects.extend(entered(model));
    effects
}

/// A new judgement is there: lists are made anew, what was chosen stays chosen.
pub(super) fn judged(model: &mut Model) -> Vec<Effect> {
    overview::judged(model);
    let mut effects = findings::judged(model);
    effects.extend(runbooks::judged(model));
    effects.extend(checklist::judged(model));
    effects.extend(capacity::judged(model));
    effects.extend(history::judged(model));
    effects.extend(report::judged(model));
    effects
}

/// A screen was gone to: it asks for what it needs.
pub(super) fn entered(model: &mut Model) -> Vec<Effect> {
    model.seen.insert(model.nav.tab());
    match model.nav.tab() {
        Tab::Overview | Tab::Findings | Tab::Live => Vec::new(),
        Tab::Runbooks => runbooks::entered(model),
        Tab::Checklist => checklist::entered(model),
        Tab::Capacity => capacity::entered(model),
        Tab::History => history::entered(model),
        Tab::Report => report::entered(model),
    }
}

/// The terminal has another size.
pub(super) fn resized(model: &mut Model) -> Vec<Effect> {
    report::resized(model)
}

/// A key of a line that is typed on a screen, such as a filter; nothing where none is typed. A line that cannot be seen,
/// because one has gone elsewhere with the mouse, takes none.
pub(super) fn press(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    match model.nav.place() {
        Place::Tab(Tab::Findings) => findings::press(model, key),
        Place::Tab(Tab::Live) => live::press(model, key).then(Vec::new),
        Place::Tab(Tab::Runbooks) => runbooks::press(model, key).then(Vec::new),
        Place::Tab(Tab::Checklist) => checklist::press(model, key).then(Vec::new),
        Place::Tab(Tab::Report) => report::press(model, key),
        _ => None,
    }
}

/// Pasted text goes into the line that is typed on a screen.
pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    match model.nav.place() {
        Place::Tab(Tab::Findings) => return findings::paste(model, text),
        Place::Tab(Tab::Live) => live::paste(model, text),
        Place::Tab(Tab::Runbooks) => runbooks::paste(model, text),
        Place::Tab(Tab::Checklist) => checklist::paste(model, text),
        Place::Tab(Tab::Report) => report::paste(model, text),
        _ => {}
    }
    Vec::new()
}

/// A choice or form of a screen was answered.
pub(super) fn answered(model: &mut Model, answer: Answer) -> Vec<Effect> {
    match answer.purpose.clone() {
        Purpose::Target => super::update::switch(model, answer.row),
        Purpose::Findings(purpose) => findings::answered(model, &purpose, &answer),
        Purpose::Live(purpose) => live::answered(model, &purpose, &answer),
        Purpose::Runbooks(purpose) => runbooks::answered(model, &purpose, &answer),
        Purpose::Run(purpose) => run::answered(model, &purpose, answer),
        Purpose::Checklist(purpose) => checklist::answered(model, &purpose, answer),
        Purpose::Capacity(purpose) => capacity::answered(model, &purpose, answer),
        Purpose::History(purpose) => history::answered(model, &purpose, answer),
        Purpose::Report(purpose) => report::answered(model, &purpose, &answer),
    }
}

/// Moves in the list or text at hand.
pub(super) fn travel(model: &mut Model, motion: Motion) {
    match model.nav.place() {
        Place::Tab(Tab::Overview) => overview::travel(model, motion),
        Place::Tab(Tab::Findings) | Place::Finding { .. } => findings::travel(model, motion),
        Place::Tab(Tab::Live) | Place::LiveRow(..) => live::travel(model, motion),
        Place::Tab(Tab::Runbooks) | Place::Runbook(_) | Place::PastRun(_) => runbooks::travel(model, motion),
        Place::Run => run::travel(model, motion),
        Place::Tab(Tab::Checklist) | Place::Criterion(_) | Place::Demand(_) => checklist::travel(model, motion),
        Place::Tab(Tab::Capacity) | Place::Figure(_) => capacity::travel(model, motion),
        Place::Tab(Tab::History) | Place::Past(_) | Place::Trend { .. } => history::travel(model, motion),
        Place::Tab(Tab::Report) => report::travel(model, motion),
    }
}

/// Goes inward from what is chosen.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    match model.nav.place() {
        Place::Tab(Tab::Overview) => overview::open(model),
        Place::Tab(Tab::Findings) | Place::Finding { .. } => findings::open(model),
        Place::Tab(Tab::Live) | Place::LiveRow(..) => live::open(model),
        Place::Tab(Tab::Runbooks) | Place::Runbook(_) | Place::PastRun(_) => runbooks::open(model),
        Place::Run => run::open(model),
        Place::Tab(Tab::Checklist) | Place::Criterion(_) | Place::Demand(_) => checklist::open(model),
        Place::Tab(Tab::Capacity) | Place::Figure(_) => capacity::open(model),
        Place::Tab(Tab::History) | Place::Past(_) | Place::Trend { .. } => history::open(model),
        Place::Tab(Tab::Report) => report::open(model),
    }
}

/// Whether going inward leads anywhere, or does something else, from what is chosen now.
fn opens(model: &Model) -> bool {
    match model.nav.place() {
        Place::Tab(Tab::Overview) => overview::chosen(model).is_some(),
        Place::Tab(Tab::Findings) => findings::chosen(model).is_some(),
        Place::Tab(Tab::Live) => live::opens(model),
        Place::Tab(Tab::Runbooks) | Place::Runbook(_) => runbooks::opens(model),
        Place::Run => run::opens(model),
        Place::Tab(Tab::Checklist) => checklist::opens(model),
        Place::Tab(Tab::Capacity) => capacity::opens(model),
        Place::Tab(Tab::History) | Place::Past(_) => history::opens(model),
        Place::Tab(Tab::Report)
        | Place::Finding { .. }
        | Place::LiveRow(..)
        | Place::PastRun(_)
        | Place::Criterion(_)
        | Place::Demand(_)
        | Place::Figure(_)
        | Place::Trend { .. } => false,
    }
}

/// What Enter does where one is, where that is not going inward.
pub(super) fn enter_word(model: &Model) -> Option<&'static str> {
    match model.nav.place() {
        Place::Run => run::enter_word(model),
        Place::Runbook(_) => Some("begin …"),
        _ => None,
    }
}

/// The list at hand, where a mouse may choose in it.
fn cursor(model: &mut Model) -> Option<(&mut super::widget::Cursor, usize)> {
    match model.nav.place() {
        Place::Tab(Tab::Overview) => Some(overview::cursor(model)),
        Place::Tab(Tab::Findings) => Some(findings::cursor(model)),
        Place::Tab(Tab::Live) => Some(live::cursor(model)),
        Place::Tab(Tab::Runbooks) => Some(runbooks::cursor(model)),
        Place::Tab(Tab::Checklist) => Some(checklist::cursor(model)),
        Place::Tab(Tab::History) => Some(history::cursor(model)),
        _ => None,
    }
}

/// The chosen row of the list at hand.
pub(super) fn chosen_row(model: &mut Model) -> Option<usize> {
    if *model.nav.place() == Place::Tab(Tab::Capacity) {
        return Some(capacity::chosen_row(model));
    }
    cursor(model).map(|(cursor, _)| cursor.at)
}

/// Chooses a row of the list at hand.
pub(super) fn choose(model: &mut Model, row: usize) {
    if *model.nav.place() == Place::Tab(Tab::Capacity) {
        return capacity::choose(model, row);
    }
    if let Some((cursor, len)) = cursor(model) {
        cursor.go(row, len);
    }
}

/// The finding that is chosen or open.
pub(super) fn chosen_finding(model: &Model) -> Option<&Finding> {
    match model.nav.place() {
        Place::Tab(Tab::Overview) => overview::chosen(model),
        Place::Tab(Tab::Findings) => findings::chosen(model),
        Place::Finding { check, subject } => findings::opened(model, check, subject),
        _ => None,
    }
}

/// The source of what is chosen, to be asked again.
pub(super) fn source(model: &Model) -> Option<String> {
    live::source(model).or_else(|| chosen_finding(model)?.ground.source.clone())
}

/// What is chosen, as a line for a chat.
pub(super) fn line(model: &Model) -> Option<String> {
    match model.nav.place() {
        Place::Tab(Tab::Overview | Tab::Findings) | Place::Finding { .. } => findings::line(model),
        Place::Tab(Tab::Live) | Place::LiveRow(..) => live::line(model),
        Place::Tab(Tab::Runbooks) | Place::Runbook(_) | Place::PastRun(_) => runbooks::line(model),
        Place::Run => run::line(model),
        Place::Tab(Tab::Checklist) | Place::Criterion(_) | Place::Demand(_) => checklist::line(model),
        Place::Tab(Tab::Capacity) | Place::Figure(_) => capacity::line(model),
        Place::Tab(Tab::History) | Place::Past(_) | Place::Trend { .. } => history::line(model),
        Place::Tab(Tab::Report) => report::line(model),
    }
}

/// All of what is chosen, as Markdown.
pub(super) fn markdown(model: &Model) -> Option<String> {
    match model.nav.place() {
        Place::Tab(Tab::Overview | Tab::Findings) | Place::Finding { .. } => findings::markdown(model),
        Place::Tab(Tab::Live) | Place::LiveRow(..) => live::markdown(model),
        Place::Tab(Tab::Runbooks) | Place::Runbook(_) | Place::PastRun(_) => runbooks::markdown(model),
        Place::Run => run::markdown(model),
        Place::Tab(Tab::Checklist) | Place::Criterion(_) | Place::Demand(_) => checklist::markdown(model),
        Place::Tab(Tab::Capacity) | Place::Figure(_) => capacity::markdown(model),
        Place::Tab(Tab::History) | Place::Past(_) | Place::Trend { .. } => history::markdown(model),
        Place::Tab(Tab::Report) => report::markdown(model),
    }
}

/// Draws the place where one is.
pub(super) fn draw(canvas: &mut Canvas, model: &Model, area: Rect) {
    match model.nav.place() {
        Place::Tab(Tab::Overview) => overview::draw(canvas, model, area),
        Place::Tab(Tab::Findings) | Place::Finding { .. } => findings::draw(canvas, model, area),
        Place::Tab(Tab::Live) | Place::LiveRow(..) => live::draw(canvas, model, area),
        Place::Tab(Tab::Runbooks) | Place::Runbook(_) | Place::PastRun(_) => runbooks::draw(canvas, model, area),
        Place::Run => run::draw(canvas, model, area),
        Place::Tab(Tab::Checklist) | Place::Criterion(_) | Place::Demand(_) => checklist::draw(canvas, model, area),
        Place::Tab(Tab::Capacity) | Place::Figure(_) => capacity::draw(canvas, model, area),
        Place::Tab(Tab::History) | Place::Past(_) | Place::Trend { .. } => history::draw(canvas, model, area),
        Place::Tab(Tab::Report) => report::draw(canvas, model, area),
    }
}
