//! The list: which criteria are shown, in which groups, which is chosen.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::civil::Date;

use super::{
    Purpose,
    campaign::{self, Due, Planned},
    filter::{self, Filter},
};
use crate::{
    readiness::{
        campaign::Entry,
        checklist::{Checklist, Item},
        model::{LevelReadiness, Readiness},
    },
    report::Audit,
    tui::{
        model::Model,
        typed::Typed,
        widget::{Cursor, Scroll},
    },
};

/// Criteria of one pack and level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The pack.
    pub pack: String,
    /// The level; nothing for those of all levels.
    pub level: Option<String>,
    /// In words.
    pub title: String,
    /// Whether it belongs to the stage that is judged.
    pub of_stage: bool,
    /// Its items, by their place in the checklist.
    pub items: Vec<usize>,
    /// For how many of them nothing is to be done.
    pub done: usize,
}

/// A row of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// The heading of a group, by its place.
    Group(usize),
    /// An item, by its place in the checklist.
    Item(usize),
    /// The heading of what is due on a day, by its place.
    Due(usize),
    /// A demand of the campaign, by its place there.
    Entry(usize),
}

/// What the screen knows.
#[derive(Debug, Default)]
pub struct State {
    /// The checklist.
    pub list: Option<Arc<Checklist>>,
    /// The audit that it was asked for of.
    pub of: Option<Arc<Audit>>,
    /// Why there is none.
    pub error: Option<String>,
    /// Its groups.
    pub groups: Vec<Group>,
    /// The rows that are shown.
    pub shown: Vec<Row>,
    /// Where the list stands.
    pub cursor: Cursor,
    /// The filter.
    pub filter: Typed,
    /// Whether only what is open is shown.
    pub open_only: bool,
    /// Whether all packs are listed, beside the stage.
    pub all_packs: bool,
    /// How far the open criterion is scrolled.
    pub scroll: Scroll,
    /// What was filled in and not written yet.
    pub draft: Option<(Purpose, Vec<String>)>,
    /// The campaign, or why there is none.
    pub planned: Option<Result<Arc<Planned>, String>>,
    /// Whether the packs are listed although there is a campaign.
    pub packs_first: bool,
    /// What the campaign demands, by the days on which it is due.
    pub dues: Vec<Due>,
    /// Groups that are folded, by pack and level.
    folded: BTreeSet<(String, Option<String>)>,
    /// Days that are folded.
    folded_days: BTreeSet<Date>,
}

impl State {
    /// Whether there is a list, or a campaign, to be shown.
    pub(super) fn is_there(&self) -> bool {
        self.list.is_some() || self.campaign().is_some()
    }

    /// A criterion of the list, or of the campaign, which may demand a higher stage.
    pub fn item(&self, id: &str) -> Option<&Item> {
        let of = |list: &'_ Checklist| list.items.iter().position(|item| item.id == id);
        let listed = self.list.as_ref().and_then(|list| list.items.get(of(list)?));
        listed.or_else(|| self.known_campaign().and_then(|planned| planned.list.items.get(of(&planned.list)?)))
    }

    /// The campaign, where there is one.
    pub fn known_campaign(&self) -> Option<&Planned> {
        self.planned.as_ref()?.as_deref().ok()
    }

    /// The campaign, where it is what the list shows.
    pub fn campaign(&self) -> Option<&Planned> {
        self.known_campaign().filter(|_| !self.packs_first)
    }

    /// A row's demand of the campaign.
    pub fn entry(&self, row: Row) -> Option<&Entry> {
        match row {
            Row::Entry(at) => self.campaign()?.campaign.entries.get(at),
            _ => None,
        }
    }

    /// A row's criterion.
    pub fn item_of(&self, row: Row) -> Option<&Item> {
        match row {
            Row::Item(at) => self.list.as_ref()?.items.get(at),
            row => self.item(&self.entry(row)?.id),
        }
    }

    /// What names a row in either list, so that it stays chosen when the list is made anew.
    fn name(&self, row: Row) -> Option<String> {
        let of_item = self.item_of(row).map(|item| item.id.clone());
        of_item.or_else(|| self.entry(row).map(|entry| entry.title.clone()))
    }

    /// Whether a day is folded.
    pub fn is_day_folded(&self, at: usize) -> bool {
        self.dues.get(at).is_some_and(|due| self.folded_days.contains(&due.day))
    }

    /// Folds a day, or unfolds it.
    pub(super) fn fold_day(&mut self, at: usize) {
        let Some(day) = self.dues.get(at).map(|due| due.day) else { return };
        if !self.folded_days.remove(&day) {
            self.folded_days.insert(day);
        }
    }

    /// Whether a group is folded.
    pub fn is_folded(&self, at: usize) -> bool {
        self.groups.get(at).is_some_and(|group| self.folded.contains(&(group.pack.clone(), group.level.clone())))
    }

    /// Folds a group, or unfolds it.
    pub(super) fn fold(&mut self, at: usize) {
        let Some(group) = self.groups.get(at) else { return };
        let name = (group.pack.clone(), group.level.clone());
        if !self.folded.remove(&name) {
            self.folded.insert(name);
        }
    }
}

/// A new list is there: what was chosen stays chosen, wherever it now stands.
pub(super) fn listed(model: &mut Model, list: Arc<Checklist>) {
    let groups = model.audit.as_ref().and_then(|audit| audit.readiness.as_ref()).map(|r| groups(r, &list));
    let chosen = chosen_name(model);
    let state = &mut model.screens.checklist;
    let first = state.list.is_none();
    state.groups = groups.unwrap_or_default();
    (state.list, state.error) = (Some(list), None);
    keep(model, chosen.as_deref());
    if first {
        to_first(model);
    }
}

/// A campaign was judged anew. The first time it is what the list shows.
pub(super) fn planned(model: &mut Model, planned: Result<Arc<Planned>, String>) {
    let chosen = chosen_name(model);
    let state = &mut model.screens.checklist;
    let first = state.planned.is_none();
    state.dues = planned.as_ref().map(|planned| campaign::dues(&planned.campaign)).unwrap_or_default();
    state.planned = Some(planned);
    keep(model, chosen.as_deref());
    if first {
        to_first(model);
    }
}

/// To the first row that is no heading.
fn to_first(model: &mut Model) {
    let state = &mut model.screens.checklist;
    let at = state.shown.iter().position(|row| matches!(row, Row::Item(_) | Row::Entry(_))).unwrap_or(0);
    state.cursor.go(at, state.shown.len());
}

/// What names the chosen row.
pub(super) fn chosen_name(model: &Model) -> Option<String> {
    let state = &model.screens.checklist;
    state.name(state.shown.get(state.cursor.at).copied()?)
}

/// Makes the rows anew: after another filter, another scope. What was chosen stays chosen where it is still there.
pub(super) fn rows(model: &mut Model) {
    let chosen = chosen_name(model);
    keep(model, chosen.as_deref());
}

/// Makes the rows anew; what was chosen by a name stays chosen where it is still there.
pub(super) fn keep(model: &mut Model, chosen: Option<&str>) {
    let state = &mut model.screens.checklist;
    state.shown = shown(state);
    let is_it = |row: &Row| chosen.is_some() && state.name(*row).as_deref() == chosen;
    let at = state.shown.iter().position(is_it).unwrap_or(state.cursor.at);
    state.cursor.go(at, state.shown.len());
}

fn shown(state: &State) -> Vec<Row> {
    let filter = Filter::read(state.filter.value());
    match (state.campaign(), &state.list) {
        (Some(planned), _) => campaign::rows(state, planned, &filter),
        (None, Some(list)) => of_packs(state, list, &filter),
        (None, None) => Vec::new(),
    }
}

fn of_packs(state: &State, list: &Checklist, filter: &Filter) -> Vec<Row> {
    let mut lets = filter.sieve();
    let mut rows = Vec::new();
    for (at, group) in state.groups.iter().enumerate() {
        // Whoever names a pack wants to see it.
        if !(group.of_stage || state.all_packs || filter.names_a_pack()) {
            continue;
        }
        let mut fits =
            |item: &Item| (!state.open_only || item.state.is_open()) && lets(&filter::of_item(item, &group.pack));
        let items: Vec<Row> =
            group.items.iter().copied().filter(|n| list.items.get(*n).is_some_and(&mut fits)).map(Row::Item).collect();
        if !items.is_empty() {
            rows.push(Row::Group(at));
            rows.extend(items.into_iter().filter(|_| !state.is_folded(at)));
        }
    }
    rows
}

/// The groups of a list: the stages first, the lowest first, then the other packs. Within a group the most urgent is first.
fn groups(readiness: &Readiness, list: &Checklist) -> Vec<Group> {
    let places: BTreeMap<&str, (usize, &str)> = readiness
        .criteria
        .iter()
        .map(|criterion| (criterion.id.as_str(), (criterion.rank, criterion.pack.as_str())))
        .collect();
    let packs: Vec<&str> =
        std::iter::once(readiness.pack.as_str()).chain(readiness.packs.iter().map(|pack| pack.id.as_str())).collect();
    let mut found: BTreeMap<(usize, usize, Option<&str>), Vec<usize>> = BTreeMap::new();
    for (at, item) in list.items.iter().enumerate() {
        let Some((rank, pack)) = places.get(item.id.as_str()) else { continue };
        let pack = packs.iter().position(|known| known == pack).unwrap_or(packs.len());
        found.entry((pack, *rank, item.level.as_deref())).or_default().push(at);
    }
    let group = |((pack, _, level), items): ((usize, usize, Option<&str>), Vec<usize>)| {
        let id = packs.get(pack).copied().unwrap_or_default();
        let done = items.iter().filter(|at| list.items.get(**at).is_some_and(|item| !item.state.is_open())).count();
        let title = title(readiness, id, level);
        Group { pack: id.to_owned(), level: level.map(str::to_owned), title, of_stage: pack == 0, items, done }
    };
    found.into_iter().map(group).collect()
}

/// A group in words: `stage 1, Startup`; `SLO plan, in 6 months`.
fn title(readiness: &Readiness, pack: &str, level: Option<&str>) -> String {
    let of = |levels: &[LevelReadiness], id: &str| {
        levels.iter().find(|level| level.id == id).map(|level| level.title.clone())
    };
    if pack == readiness.pack {
        return match level {
            Some(id) => format!("stage {id}, {}", of(&readiness.stages, id).unwrap_or_default()),
            None => "every stage".into(),
        };
    }
    let known = readiness.packs.iter().find(|known| known.id == pack);
    let name = known.map_or(pack, |known| known.title.as_str());
    match level.and_then(|id| of(&known?.levels, id)) {
        Some(level) => format!("{name}, {}", level.to_lowercase()),
        None => name.to_owned(),
    }
}
