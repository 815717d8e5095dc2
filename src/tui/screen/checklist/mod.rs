//! The checklist: what is demanded and how it stands, answered in place.
//!
//! The list is made in a task, of the last audit. What is signed goes into the same files as on the command line, and is
//! read again and judged at once.

mod campaign;
#[cfg(test)]
pub(in crate::tui) mod campaign_tests;
mod detail;
mod draw;
mod filter;
mod form;
mod looked;
mod state;
#[cfg(test)]
pub(in crate::tui) mod tests;
mod words;

use std::{borrow::Cow, sync::Arc};

pub use campaign::{Due, Planned};
pub(super) use draw::draw;
pub use looked::Looked;
pub use state::{Group, Row, State};

use crate::{
    readiness::{
        campaign::{Campaign, Entry},
        checklist::{Checklist, Item, State as Stands},
    },
    report::Audit,
    tui::{
        command::{Action, Command, Motion},
        event::Effect,
        key::Key,
        model::{Gravity, Model},
        nav::Place,
        over::{Answer, Over},
        typed::Keyed,
        widget::Cursor,
    },
};

/// What can be done here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Answers a question.
    Answer,
    /// Approves an answer as the second person.
    Approve,
    /// Says that an answer still holds.
    Renew,
    /// Accepts a fail for a time.
    Waive,
    /// Shows what is open only, or all.
    Open,
    /// Lists the stage only, or all packs.
    Packs,
    /// Lists what the campaign demands, or the packs.
    Campaign,
    /// Types a filter.
    Filter,
    /// Takes the filter away.
    ClearFilter,
}

/// What is asked of work.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// The checklist of an audit.
    List(Arc<Audit>),
    /// A file is written: what for, and what was filled in.
    Sign(Purpose, Vec<String>),
}

/// What work says.
#[derive(Debug, Clone)]
pub enum News {
    /// The checklist of an audit.
    Listed(Arc<Checklist>),
    /// There is none: in words.
    NotListed(String),
    /// The campaign over an audit, or in words why it cannot be held against it.
    Planned(Result<Arc<Planned>, String>),
    /// It is written: what was, in a sentence.
    Signed(String),
    /// It is not: what was meant, what was filled in, and why.
    Refused(Purpose, Vec<String>, String),
}

/// What a form is for: which criterion is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// It is answered.
    Answer(String),
    /// Its answer is approved.
    Approve(String),
    /// Its answer still holds.
    Renew(String),
    /// Its fail is accepted.
    Waive(String),
}

impl Purpose {
    /// The criterion that is meant.
    pub fn criterion(&self) -> &str {
        match self {
            Self::Answer(id) | Self::Approve(id) | Self::Renew(id) | Self::Waive(id) => id,
        }
    }
}

/// The commands of this screen.
pub static COMMANDS: &[Command] = &[
    Command::new("answer", &["a"], "answer the question", Action::Checklist(Act::Answer)).hinted("answer"),
    Command::new("approve", &["A"], "approve the answer as the second person", Action::Checklist(Act::Approve))
        .hinted("approve"),
    Command::new("renew", &["e"], "say that the answer still holds", Action::Checklist(Act::Renew)).hinted("renew"),
    Command::new("waive-criterion", &["W"], "accept the fail for a time", Action::Checklist(Act::Waive))
        .hinted("waive"),
    Command::new("checklist-open", &["o"], "show only what is open, or all", Action::Checklist(Act::Open))
        .hinted("open only"),
    Command::new(
        "checklist-filter",
        &["/"],
        "filter: words, is:open, is:overdue, pack:, level:, by:, owner:",
        Action::Checklist(Act::Filter),
    )
    .hinted("filter"),
    Command::new("checklist-packs", &["s"], "list the stage, or all packs", Action::Checklist(Act::Packs))
        .hinted("all packs"),
    Command::new(
        "checklist-campaign",
        &["c"],
        "list what the campaign demands, or the packs",
        Action::Checklist(Act::Campaign),
    )
    .hinted("campaign"),
    Command::new("checklist-clear", &["ctrl-l"], "take the filter away", Action::Checklist(Act::ClearFilter)),
];

/// Whether a command belongs to where one is.
pub(super) fn is_here(model: &Model, act: Act) -> bool {
    let list = *model.nav.place() == Place::Tab(super::Tab::Checklist);
    match act {
        Act::Open | Act::Packs | Act::Campaign | Act::Filter | Act::ClearFilter => list,
        Act::Answer | Act::Approve | Act::Renew | Act::Waive => {
            list || matches!(model.nav.place(), Place::Criterion(_) | Place::Demand(_))
        }
    }
}

/// Why a command cannot be done now.
pub(super) fn why_not(model: &Model, act: Act) -> Option<Cow<'static, str>> {
    match act {
        Act::ClearFilter if model.screens.checklist.filter.value().is_empty() => Some("there is no filter".into()),
        Act::Open | Act::Packs | Act::Filter if !model.screens.checklist.is_there() => {
            Some("there is no list yet".into())
        }
        Act::Packs if model.screens.checklist.campaign().is_some() => {
            let key = model.key(Action::Checklist(Act::Campaign));
            Some(format!("the campaign says itself what it demands; {key} lists the packs").into())
        }
        Act::Campaign => no_campaign(model),
        Act::Open | Act::Packs | Act::Filter | Act::ClearFilter => None,
        Act::Answer | Act::Approve | Act::Renew | Act::Waive if demand(model).is_some() => {
            Some("it is a demand of the campaign itself: it is measured, and nobody can sign it".into())
        }
        Act::Answer | Act::Approve | Act::Renew | Act::Waive => {
            let Some(item) = chosen(model) else { return Some("no criterion is chosen".into()) };
            not_for(item, act).map(Cow::Borrowed).or_else(|| no_place(model, act).map(Cow::Borrowed))
        }
    }
}

/// Why there is no campaign to be listed.
fn no_campaign(model: &Model) -> Option<Cow<'static, str>> {
    match &model.screens.checklist.planned {
        Some(Ok(_)) => None,
        Some(Err(why)) => Some(why.clone().into()),
        None => Some("no campaign: open with --campaign FILE, or name one by `campaign` of the target".into()),
    }
}

/// Why something cannot be signed about an item.
fn not_for(item: &Item, act: Act) -> Option<&'static str> {
    let answered = item.answered_by.is_some();
    match act {
        Act::Answer if item.question.is_none() => Some("it asks nobody: it is measured"),
        Act::Approve | Act::Renew if !answered => Some("nobody has answered it"),
        Act::Approve if item.question.as_ref().is_none_or(|question| !question.two_person) => {
            Some("its question needs no second person")
        }
        Act::Approve if item.approved_by.is_some() => Some("its answer is approved already"),
        Act::Approve | Act::Renew if item.state == Stands::Stale => Some("its question has changed: answer it again"),
        Act::Waive if item.state != Stands::Fails => Some("only a fail can be accepted"),
        _ => None,
    }
}

/// Why there is nowhere to write to.
fn no_place(model: &Model, act: Act) -> Option<&'static str> {
    let folder = model
        .folders
        .as_ref()
        .and_then(|folders| if act == Act::Waive { folders.waivers.as_ref() } else { folders.attestations.as_ref() });
    match (folder, act == Act::Waive) {
        (Some(_), _) => None,
        (None, false) => Some("nowhere to write to: open with --attestations DIR, or beside a loadline.toml"),
        (None, true) => Some("nowhere to write to: open with --waivers DIR, or beside a loadline.toml"),
    }
}

/// Does a command.
pub(super) fn act(model: &mut Model, act: Act) -> Vec<Effect> {
    let name = state::chosen_name(model);
    let state = &mut model.screens.checklist;
    match act {
        Act::Open => state.open_only = !state.open_only,
        Act::Packs => state.all_packs = !state.all_packs,
        Act::Campaign => state.packs_first = !state.packs_first,
        Act::Filter => state.filter.begin(),
        Act::ClearFilter => state.filter.clear(),
        Act::Answer | Act::Approve | Act::Renew | Act::Waive => {
            let form = chosen(model).map(|item| form::of(model, act, item));
            model.overs.extend(form.map(Over::Form));
            return Vec::new();
        }
    }
    state::keep(model, name.as_deref());
    Vec::new()
}

/// Takes news of work.
pub(super) fn told(model: &mut Model, news: News) -> Vec<Effect> {
    match news {
        News::Listed(list) => state::listed(model, list),
        News::Planned(planned) => state::planned(model, planned),
        News::NotListed(words) => model.screens.checklist.error = Some(words),
        News::Signed(words) => {
            model.screens.checklist.draft = None;
            model.say(Gravity::Info, words);
        }
        News::Refused(purpose, values, why) => refused(model, purpose, values, &why),
    }
    Vec::new()
}

/// The form comes back as it was filled in. Where somebody does something else meanwhile, it waits for its key.
fn refused(model: &mut Model, purpose: Purpose, values: Vec<String>, why: &str) {
    let act = match purpose {
        Purpose::Answer(_) => Act::Answer,
        Purpose::Approve(_) => Act::Approve,
        Purpose::Renew(_) => Act::Renew,
        Purpose::Waive(_) => Act::Waive,
    };
    let id = purpose.criterion().to_owned();
    model.screens.checklist.draft = Some((purpose, values));
    let reopened = model.screens.checklist.item(&id).map(|item| form::of(model, act, item));
    match reopened {
        Some(mut form) if model.overs.is_empty() && is_here(model, act) => {
            form.error = Some(why.to_owned());
            model.overs.push(Over::Form(form));
        }
        _ => model.say(Gravity::Error, format!("{id}: not written: {why}; its key opens the form as it was")),
    }
}

/// Takes the answer of a form.
pub(super) fn answered(model: &mut Model, purpose: &Purpose, answer: Answer) -> Vec<Effect> {
    model.screens.checklist.draft = Some((purpose.clone(), answer.values.clone()));
    vec![Effect::Checklist(Wish::Sign(purpose.clone(), answer.values))]
}

/// A new judgement is there.
pub(super) fn judged(model: &mut Model) -> Vec<Effect> {
    if model.nav.tab() == super::Tab::Checklist { entered(model) } else { Vec::new() }
}

/// The screen was gone to: the list of the newest audit is asked for.
pub(super) fn entered(model: &mut Model) -> Vec<Effect> {
    let Some(audit) = &model.audit else { return Vec::new() };
    let state = &mut model.screens.checklist;
    if state.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, audit)) {
        return Vec::new();
    }
    state.of = Some(Arc::clone(audit));
    vec![Effect::Checklist(Wish::List(Arc::clone(audit)))]
}

/// Whether one has gone inward from the list.
fn is_inside(model: &Model) -> bool {
    matches!(model.nav.place(), Place::Criterion(_) | Place::Demand(_))
}

/// Moves.
pub(super) fn travel(model: &mut Model, motion: Motion) {
    if is_inside(model) {
        model.screens.checklist.scroll.travel(motion);
    } else {
        let (cursor, len) = cursor(model);
        cursor.travel(motion, len);
    }
}

/// Whether a criterion or a group is chosen.
pub(super) fn opens(model: &Model) -> bool {
    let state = &model.screens.checklist;
    state.shown.get(state.cursor.at).is_some()
}

/// Goes inward: into a criterion; a group is folded, or unfolded.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if is_inside(model) {
        return Vec::new();
    }
    let state = &mut model.screens.checklist;
    match state.shown.get(state.cursor.at).copied() {
        Some(Row::Group(at)) => {
            state.fold(at);
            state::rows(model);
        }
        Some(Row::Due(at)) => {
            state.fold_day(at);
            state::rows(model);
        }
        Some(Row::Item(_) | Row::Entry(_)) => {
            let criterion = chosen(model).map(|item| Place::Criterion(item.id.clone()));
            let place = criterion.or_else(|| demand(model).map(|(_, entry)| Place::Demand(entry.title.clone())));
            model.screens.checklist.scroll.reset();
            if let Some(place) = place {
                model.nav.enter(place);
            }
        }
        None => {}
    }
    Vec::new()
}

/// The list at hand, and how long it is.
pub(super) fn cursor(model: &mut Model) -> (&mut Cursor, usize) {
    let state = &mut model.screens.checklist;
    let len = state.shown.len();
    (&mut state.cursor, len)
}

/// The criterion that is open, or chosen in the list.
fn chosen(model: &Model) -> Option<&Item> {
    let state = &model.screens.checklist;
    match model.nav.place() {
        Place::Criterion(id) => state.item(id),
        Place::Demand(_) => None,
        _ => state.item_of(*state.shown.get(state.cursor.at)?),
    }
}

/// The demand of the campaign that is open, or chosen in the list, where it is no criterion.
fn demand(model: &Model) -> Option<(&Campaign, &Entry)> {
    let state = &model.screens.checklist;
    let planned = state.known_campaign()?;
    let entry = match model.nav.place() {
        Place::Demand(title) => planned.demand(title)?,
        Place::Criterion(_) => return None,
        _ => state.entry(*state.shown.get(state.cursor.at)?).filter(|entry| entry.needs.is_some())?,
    };
    Some((&planned.campaign, entry))
}

/// What is chosen, as a line.
pub(super) fn line(model: &Model) -> Option<String> {
    let of_item = |item: &Item| format!("{} {}: {}; {}", item.status.word(), item.id, item.title, item.message);
    chosen(model).map(of_item).or_else(|| demand(model).map(|(_, entry)| campaign::line(entry)))
}

/// What is chosen, as Markdown.
pub(super) fn markdown(model: &Model) -> Option<String> {
    let of_demand = || demand(model).map(|(of, entry)| campaign::markdown(of, entry));
    let planned = model.screens.checklist.known_campaign();
    let owed = |item: &Item| planned.and_then(|planned| campaign::owed_markdown(planned, item)).unwrap_or_default();
    chosen(model).map(|item| detail::markdown(item) + &owed(item)).or_else(of_demand)
}

/// Pasted text goes into the filter while it is typed.
pub(super) fn paste(model: &mut Model, text: &str) {
    if model.screens.checklist.filter.paste(text) {
        state::rows(model);
    }
}

/// A key of the filter while it is typed; false where none is.
pub(super) fn press(model: &mut Model, key: Key) -> bool {
    match model.screens.checklist.filter.press(key) {
        Keyed::Elsewhere => return false,
        Keyed::Changed | Keyed::Dropped => state::rows(model),
        Keyed::Moved(motion) => travel(model, motion),
        Keyed::Kept | Keyed::Ignored => {}
    }
    true
}
