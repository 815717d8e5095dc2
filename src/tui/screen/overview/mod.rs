//! The overview: verdict, what breaks first, worst findings, sources that do not answer.

mod draw;
mod limits;
mod sources;
#[cfg(test)]
pub(in crate::tui) mod tests;
mod verdict;

pub(super) use draw::draw;

use std::collections::HashMap;

use super::{
    Tab,
    findings::{self, Many},
};
use crate::{
    check::finding::{Finding, Status},
    tui::{command::Motion, event::Effect, model::Model, widget::Cursor},
};

/// What the screen knows.
#[derive(Debug, Default)]
pub struct State {
    /// Where the list of worst findings stands.
    pub cursor: Cursor,
    /// The worst findings, many of one check or of one silent source together.
    groups: Vec<Group>,
    /// What is chosen, by check and subject.
    chosen: Option<(String, String)>,
}

/// Findings that share a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Group {
    /// The worst of them, by its place among the worst findings.
    first: usize,
    /// How many there are, and what they share.
    many: Many,
}

/// From so many on, findings share a row: two are read as fast.
const MANY: usize = 3;

/// What findings of a row share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Shared<'f> {
    Check(&'f str, Status),
    Source(&'f str),
}

impl<'f> Shared<'f> {
    fn of(finding: &'f Finding, is_silent: &impl Fn(&str) -> bool) -> Self {
        match finding.ground.source.as_deref() {
            Some(source) if finding.status == Status::Unknown && is_silent(source) => Self::Source(source),
            _ => Self::Check(&finding.check, finding.status),
        }
    }
}

/// Puts many of one check together, and what is unknown because its source is silent, in the order of the worst of each.
fn grouped(worst: &[Finding], is_silent: impl Fn(&str) -> bool) -> Vec<Group> {
    let mut counts: HashMap<Shared, usize> = HashMap::new();
    for finding in worst {
        *counts.entry(Shared::of(finding, &is_silent)).or_default() += 1;
    }
    let mut groups = Vec::new();
    for (first, finding) in worst.iter().enumerate() {
        let of = Shared::of(finding, &is_silent);
        let Some(count) = counts.get_mut(&of) else { continue };
        match *count {
            0 => {}
            many if many >= MANY => {
                let many = if matches!(of, Shared::Source(_)) { Many::OfSource(many) } else { Many::OfCheck(many) };
                groups.push(Group { first, many });
                *count = 0;
            }
            _ => groups.push(Group { first, many: Many::One }),
        }
    }
    groups
}

/// A new judgement: what was chosen stays chosen, wherever it now stands.
pub(super) fn judged(model: &mut Model) {
    let is_silent = |name: &str| model.source(name).is_some_and(|source| source.fault.is_some());
    let groups = grouped(model.worst(), is_silent);
    let worst = model.worst();
    let same = |group: &Group, (check, subject): &(String, String)| {
        let finding = &worst[group.first];
        finding.check == *check && (group.many != Many::One || finding.subject == *subject)
    };
    let chosen = model.screens.overview.chosen.as_ref();
    let at = chosen.and_then(|chosen| groups.iter().position(|group| same(group, chosen)));
    let overview = &mut model.screens.overview;
    let (at, len) = (at.unwrap_or(overview.cursor.at), groups.len());
    overview.groups = groups;
    overview.cursor.go(at, len);
}

pub(super) fn travel(model: &mut Model, motion: Motion) {
    let overview = &mut model.screens.overview;
    overview.cursor.travel(motion, overview.groups.len());
    let name = chosen(model).map(|finding| (finding.check.clone(), finding.subject.clone()));
    // At the top one waits for whatever is worst; only what was gone to is held on to.
    model.screens.overview.chosen = name.filter(|_| model.screens.overview.cursor.at > 0);
}

pub(super) fn cursor(model: &mut Model) -> (&mut Cursor, usize) {
    let overview = &mut model.screens.overview;
    (&mut overview.cursor, overview.groups.len())
}

/// The chosen finding; of several in a row, the worst.
pub(super) fn chosen(model: &Model) -> Option<&Finding> {
    let overview = &model.screens.overview;
    model.worst().get(overview.groups.get(overview.cursor.at)?.first)
}

/// How many findings the chosen row is of.
fn chosen_many(model: &Model) -> Many {
    let overview = &model.screens.overview;
    overview.groups.get(overview.cursor.at).map_or(Many::One, |group| group.many)
}

/// Opens a finding; of several in a row, their list.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let overview = &model.screens.overview;
    let Some(group) = overview.groups.get(overview.cursor.at).copied() else { return Vec::new() };
    let Some(finding) = model.worst().get(group.first) else { return Vec::new() };
    let (check, subject, status) = (finding.check.clone(), finding.subject.clone(), finding.status);
    let which = match group.many {
        Many::One => {
            findings::enter(model, check, subject);
            return Vec::new();
        }
        Many::OfCheck(_) => format!("check:{check}$"),
        Many::OfSource(_) => format!("source:{}$", finding.ground.source.as_deref().unwrap_or_default()),
    };
    let mut effects = crate::tui::update::go(model, Tab::Findings);
    effects.extend(findings::filter(model, format!("{which} is:{}", status.word().to_lowercase())));
    effects
}
