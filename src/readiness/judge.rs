//! The whole judgement of a snapshot: findings, bottlenecks, readiness.

use std::collections::BTreeSet;

use super::{
    answers::Answers,
    assess::{self, Wish},
    bottleneck::{Bottleneck, Need},
    headroom::Headrooms,
    model::{PackLine, Readiness},
    outlook::{self, Outlook},
    packs::Packs,
};
use crate::check::{
    evaluate::{self, Bench},
    finding::Finding,
    library::{Check, Library},
    params::Overrides,
};
use crate::snapshot::Snapshot;

/// Everything that is known beforehand: checks, probes, packs.
#[derive(Debug)]
pub struct Knowledge {
    /// Checks and probes.
    pub library: Library,
    /// Packs.
    pub packs: Packs,
}

/// What a snapshot says.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// All findings, the worst first.
    pub findings: Vec<Finding>,
    /// What is limited, the nearest to its limit first.
    pub bottlenecks: Vec<Bottleneck>,
    /// What the plan needs of it.
    pub need: Option<Need>,
    /// The readiness; nothing where only some checks were wanted.
    pub readiness: Option<Readiness>,
    /// What lies ahead; nothing where only some checks were wanted.
    pub outlook: Option<Outlook>,
    /// The packs that it was judged by.
    pub packs: Vec<PackLine>,
}

impl Knowledge {
    /// The probes that readiness rests on, besides those of the checks.
    pub fn probes(&self) -> BTreeSet<String> {
        let mut probes = self.packs.probes(&self.library);
        probes.extend(outlook::probes().map(str::to_owned));
        probes
    }

    /// Judges a snapshot; others of the same target, under other loads, show how use follows load. `wish` is left
    /// out where only some checks are wanted: a part has no readiness.
    ///
    /// # Errors
    /// A stage or pack that is not there, in a sentence with those that are.
    pub fn judge(
        &self,
        overrides: &Overrides,
        bench: &Bench,
        history: &[Snapshot],
        wanted: impl Fn(&Check) -> bool,
        wish: Option<&Wish>,
    ) -> Result<Judged, String> {
        let checks = || self.library.checks().filter(|check| wanted(check));
        let mut findings: Vec<Finding> = checks().flat_map(|check| bench.check(check, overrides)).collect();
        let need = Need::of(bench);
        let mut headrooms = Headrooms::of(bench, checks(), overrides, need.as_ref(), history);
        headrooms.advise(bench, &self.packs, need.as_ref());
        bench.lay_headroom(headrooms.relation(need.as_ref()));
        let answers = Answers::of(bench);
        answers.accept(&mut findings);
        evaluate::sort(&mut findings);
        let readiness = wish.map(|wish| assess::assess(bench, &self.packs, overrides, &findings, &answers, wish));
        let bottlenecks = headrooms.worst();
        let outlook = wish.map(|_| Outlook::of(bench, &bottlenecks, need.as_ref()));
        let packs = wish.map(|_| self.packs.iter().map(PackLine::of).collect()).unwrap_or_default();
        Ok(Judged { readiness: readiness.transpose()?, findings, bottlenecks, need, outlook, packs })
    }
}
