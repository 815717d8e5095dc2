//! The checklist: how every criterion that is asked for stands, and what to do about it. Pure.

pub mod ends;
mod item;
mod listed;
mod model;
mod near;
#[cfg(test)]
pub(super) mod tests;
mod todo;

pub(crate) use item::days;
pub use listed::Listed;
pub use model::{Asked, Checklist, Item, Part, STATES, State, Stray, VERSION};
pub use near::near;

use std::collections::BTreeMap;

use super::{
    answers::Answers,
    judge::Knowledge,
    model::{Assessed, Readiness},
    pack::CriterionKind,
};
use crate::check::evaluate::Bench;

/// How many days before its end an answer or a waiver is told to end soon.
pub const SOON_DAYS: i32 = 14;

impl Checklist {
    /// The checklist of a judged snapshot.
    pub fn new(knowledge: &Knowledge, bench: &Bench, readiness: &Readiness, listed: &Listed) -> Self {
        let answers = Answers::of(bench);
        let stage = readiness.stages.iter().position(|level| level.id == readiness.stage.id).unwrap_or(0);
        let shows = |c: &&Assessed| {
            let of_stage = listed.stage && c.pack == readiness.pack && c.rank <= stage;
            c.kind == CriterionKind::Demand && (of_stage || listed.packs.contains(&c.pack))
        };
        let known = |c: &Assessed| {
            knowledge.packs.criterion(&c.id).map(|known| item::item(knowledge, bench, &answers, known, c))
        };
        let mut items: Vec<Item> = readiness.criteria.iter().filter(shows).filter_map(known).collect();
        // Stable: within a state and beside other gates, the order of the pack stays.
        items.sort_by_key(|item| (item.state, !item.gate));
        let mut counts = BTreeMap::new();
        for item in &items {
            *counts.entry(item.state).or_default() += 1;
        }
        Self {
            version: VERSION,
            target: bench.snapshot().target.name.clone(),
            day: answers.today(),
            parts: parts(readiness, listed),
            counts,
            items,
            waivers: readiness.waivers.clone(),
            strays: strays(knowledge, &answers),
        }
    }

    /// How many items are in one of some states.
    pub fn count(&self, fits: impl Fn(State) -> bool) -> usize {
        self.counts.iter().filter(|(state, _)| fits(**state)).map(|(_, n)| n).sum()
    }
}

fn parts(readiness: &Readiness, listed: &Listed) -> Vec<Part> {
    let stage = Part {
        pack: readiness.pack.clone(),
        title: format!("stage {} ({})", readiness.stage.id, readiness.stage.title),
        verdict: readiness.verdict,
        because: readiness.because.clone(),
        score: readiness.score,
    };
    let packs = readiness.packs.iter().filter(|pack| listed.packs.contains(&pack.id)).map(|pack| Part {
        pack: pack.id.clone(),
        title: pack.title.clone(),
        verdict: pack.verdict,
        because: pack.because.clone(),
        score: pack.score,
    });
    listed.stage.then_some(stage).into_iter().chain(packs).collect()
}

/// Answers to criteria that are not there, or that ask nobody.
fn strays(knowledge: &Knowledge, answers: &Answers) -> Vec<Stray> {
    let why = |id: &str| match knowledge.packs.criterion(id) {
        None => {
            let near = near(id, knowledge.packs.iter().flat_map(|pack| &pack.criteria).map(|c| c.id.as_str()));
            let hint = if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) };
            Some(format!("there is no criterion `{id}`{hint}"))
        }
        Some(criterion) if criterion.def.attest.is_none() => Some(format!("{id} is measured and asks nobody")),
        Some(_) => None,
    };
    let stray = |a: &super::answers::Attestation| Some(Stray { file: a.file.clone(), why: why(&a.criterion)? });
    answers.attestations().filter_map(stray).collect()
}
