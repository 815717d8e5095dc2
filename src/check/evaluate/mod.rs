//! From observations to findings. Pure: the same snapshot and the same checks give the same findings,
//! anywhere and at any time.

mod compose;
mod row;

use std::collections::BTreeMap;

use super::{
    definition::Severity,
    derivation::{self, Asked},
    finding::{Finding, Status},
    library::{Check, Library},
    params::Overrides,
    relation::Relation,
};
use crate::snapshot::Snapshot;
use row::Judge;

/// Judges a snapshot with the checks that `wanted` lets through.
pub fn judge(
    library: &Library,
    overrides: &Overrides,
    snapshot: &Snapshot,
    wanted: impl Fn(&Check) -> bool,
) -> Vec<Finding> {
    let mut relations: BTreeMap<&str, Vec<Relation>> = BTreeMap::new();
    for observation in &snapshot.observations {
        relations.entry(&observation.probe).or_default().push(Relation::observed(observation));
    }
    let asked = Asked { sources: &snapshot.sources, relations: &relations };
    let mut derived: BTreeMap<&str, Vec<Relation>> = BTreeMap::new();
    let mut findings = Vec::new();
    for check in library.checks().filter(|check| wanted(check)) {
        let judge = Judge::new(library, overrides, check);
        let relations = match derivation::find(&check.from) {
            // Derived once, however many checks read it.
            Some(d) => derived.entry(d.id).or_insert_with(|| (d.derive)(&asked)),
            None => asked.all(&check.from),
        };
        findings.extend(judge.all(relations, &asked));
    }
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    findings
}

/// The worst first; within a check in the order of its rank, which the stable sort keeps.
fn order(finding: &Finding) -> (std::cmp::Reverse<Status>, std::cmp::Reverse<Severity>, &str) {
    (std::cmp::Reverse(finding.status), std::cmp::Reverse(finding.severity), &finding.check)
}
