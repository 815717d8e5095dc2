//! The overview: verdict, what breaks first, worst findings, sources that do not answer.

mod draw;
mod limits;
mod sources;
#[cfg(test)]
pub(in crate::tui) mod tests;
mod verdict;

pub(super) use draw::draw;

use std::collections::HashMap;

use super::{Tab, findings};
use crate::{
    check::finding::{Finding, Status},
    tui::{command::Motion, event::Effect, model::Model, widget::Cursor},
};

/// What the screen knows.
#[derive(Debug, Default)]
pub struct State {
    /// Where the list of worst findings stands.
    pub cursor: Cursor,
    /// The worst findings, many of one check together.
    groups: Vec<Group>,
    /// What is chosen, by check and subject.
    chosen: Option<(String, String)>,
}

/// Findings of one check with one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Group {
    /// The worst of them, by its place among the worst findings.
    first: usize,
    /// How many there are.
    many: usize,
}

/// From so many on, findings of one check share a row: two are read as fast.
const MANY: usize = 3;

/// Puts many of one check together, in the order of the worst of each.
fn grouped(worst: &[Finding]) -> Vec<Group> {
    let mut counts: HashMap<(&str, Status), usize> = HashMap::new();
    for finding in worst {
        *counts.entry((&finding.check, finding.status)).or_default() += 1;
    }
    let mut groups = Vec::new();
    for (first, finding) in worst.iter().enumerate() {
        let Some(count) = counts.get_mut(&(finding.check.as_str(), finding.status)) else { continue };
        match *count {
            0 => {}
            many if many >= MANY => {
                groups.push(Group { first, many });
                *count = 0;
            }
            _ => groups.push(Group { first, many: 1 }),
        }
    }
    groups
}

/// A new judgement: what was chosen stays chosen, wherever it now stands.
pub(super) fn judged(model: &mut Model) {
    let groups = grouped(model.worst());
    let worst = model.worst();
    let same = |group: &Group, (check, subject): &(String, String)| {
        let finding = &worst[group.first];
        finding.check == *check && (group.many > 1 || finding.subject == *subject)
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

/// The chosen finding; of several of one check, the worst.
pub(super) fn chosen(model: &Model) -> Option<&Finding> {
    let overview = &model.screens.overview;
    model.worst().get(overview.groups.get(overview.cursor.at)?.first)
}

/// Opens a finding; of several of one check, their list.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let overview = &model.screens.overview;
    let Some(group) = overview.groups.get(overview.cursor.at).copied() else { return Vec::new() };
    let Some(finding) = model.worst().get(group.first) else { return Vec::new() };
    let (check, subject, status) = (finding.check.clone(), finding.subject.clone(), finding.status);
    if group.many == 1 {
        findings::enter(model, check, subject);
        return Vec::new();
    }
    let mut effects = crate::tui::update::go(model, Tab::Findings);
    effects.extend(findings::filter(model, format!("check:{check}$ is:{}", status.word().to_lowercase())));
    effects
}
