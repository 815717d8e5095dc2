//! A campaign on the checklist: what it demands by the days on which it is due.
//!
//! What is demanded and how it will stand on the day is worked out where the command line has it from, too
//! ([`crate::readiness::campaign`]); here it is only laid out.

mod detail;
mod draw;

use std::collections::BTreeMap;

use jiff::civil::Date;

pub(super) use detail::{line, lines, markdown, owed_markdown, section};
pub(super) use draw::{head, heading, row};

use super::{
    filter::{self, Filter},
    state::{Row, State},
};
use crate::readiness::{
    campaign::{Campaign, Entry, Stands},
    checklist::{Checklist, Item},
};

/// A campaign, with the checklist that it was held against.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// How it stands.
    pub campaign: Campaign,
    /// What it demands of stages and packs, as that stands today.
    pub list: Checklist,
}

impl Planned {
    /// What it demands of a criterion.
    pub(super) fn entry_of(&self, item: &Item) -> Option<&Entry> {
        self.campaign.entries.iter().find(|entry| entry.id == item.id)
    }

    /// A demand of its own, by its title: several may have one id.
    pub(super) fn demand(&self, title: &str) -> Option<&Entry> {
        self.campaign.entries.iter().find(|entry| entry.title == title && entry.needs.is_some())
    }
}

/// What is due on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The day.
    pub day: Date,
    /// Whether something of it is overdue.
    pub overdue: bool,
    /// Its demands, by their place in the campaign.
    pub entries: Vec<usize>,
    /// How many of them are ready, or accepted.
    pub ready: usize,
}

/// The demands by day: days with something open first, the nearest first.
pub(super) fn dues(campaign: &Campaign) -> Vec<Due> {
    let mut days: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
    for (at, entry) in campaign.entries.iter().enumerate() {
        days.entry(entry.due).or_default().push(at);
    }
    let of = |(day, entries): (Date, Vec<usize>)| {
        let all = || entries.iter().filter_map(|at| campaign.entries.get(*at));
        let ready = all().filter(|entry| !is_open(entry)).count();
        Due { day, overdue: all().any(|entry| entry.overdue), ready, entries }
    };
    let mut dues: Vec<Due> = days.into_iter().map(of).collect();
    dues.sort_by_key(|due| (due.ready == due.entries.len(), due.day));
    dues
}

/// The rows that a filter lets through.
pub(super) fn rows(state: &State, planned: &Planned, filter: &Filter) -> Vec<Row> {
    let mut lets = filter.sieve();
    let mut fits = |at: &usize| {
        let entry = planned.campaign.entries.get(*at);
        entry.is_some_and(|entry| {
            (!state.open_only || is_open(entry)) && lets(&filter::of_entry(entry, state.item(&entry.id)))
        })
    };
    let mut rows = Vec::new();
    for (at, due) in state.dues.iter().enumerate() {
        let entries: Vec<Row> = due.entries.iter().copied().filter(|entry| fits(entry)).map(Row::Entry).collect();
        if !entries.is_empty() {
            rows.push(Row::Due(at));
            rows.extend(entries.into_iter().filter(|_| !state.is_day_folded(at)));
        }
    }
    rows
}

fn is_open(entry: &Entry) -> bool {
    entry.stands < Stands::Accepted
}
