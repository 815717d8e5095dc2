//! From observations to findings. Pure: the same snapshot and the same checks give the same findings,
//! anywhere and at any time.

mod compose;
mod limits;
mod row;
mod single;

use std::{cell::OnceCell, collections::BTreeMap};

use super::{
    definition::Severity,
    derivation::{self, Asked},
    finding::{Finding, Status},
    library::{Check, Library},
    params::Overrides,
    probe::On,
    relation::Relation,
};
use crate::snapshot::{Snapshot, SourceRecord};
pub use compose::{Doubt, Rows};
pub use limits::{Limits, Unmeasured, Use};
use row::Judge;
pub use single::{Answered, Single};

/// Judges a snapshot with the checks that `wanted` lets through.
pub fn judge(
    library: &Library,
    overrides: &Overrides,
    snapshot: &Snapshot,
    wanted: impl Fn(&Check) -> bool,
) -> Vec<Finding> {
    let bench = Bench::new(library, snapshot);
    let mut findings: Vec<Finding> =
        library.checks().filter(|check| wanted(check)).flat_map(|check| bench.check(check, overrides)).collect();
    sort(&mut findings);
    findings
}

/// The worst first; within a check in the order of its rank, which the stable sort keeps.
pub(crate) fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
}

fn order(finding: &Finding) -> (std::cmp::Reverse<Status>, std::cmp::Reverse<Severity>, &str) {
    (std::cmp::Reverse(finding.status), std::cmp::Reverse(finding.severity), &finding.check)
}

/// A snapshot laid out for judging: its relations, and what is derived from them, each made once however
/// many checks and criteria read it.
#[derive(Debug)]
pub struct Bench<'a> {
    library: &'a Library,
    snapshot: &'a Snapshot,
    relations: BTreeMap<&'a str, Vec<Relation<'a>>>,
    derived: BTreeMap<&'static str, OnceCell<Vec<Relation<'static>>>>,
}

impl<'a> Bench<'a> {
    /// Lays a snapshot out.
    pub fn new(library: &'a Library, snapshot: &'a Snapshot) -> Self {
        let mut relations: BTreeMap<&str, Vec<Relation>> = BTreeMap::new();
        for observation in &snapshot.observations {
            relations.entry(&observation.probe).or_default().push(Relation::observed(observation));
        }
        let derived = derivation::ALL.iter().map(|d| (d.id, OnceCell::new())).collect();
        Self { library, snapshot, relations, derived }
    }

    /// The checks and probes.
    pub fn library(&self) -> &'a Library {
        self.library
    }

    /// The snapshot that is judged.
    pub fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    fn asked(&self) -> Asked<'_> {
        Asked { sources: &self.snapshot.sources, relations: &self.relations }
    }

    /// All answers to a probe, or what a derivation made of answers.
    pub fn relations(&self, from: &str) -> &[Relation<'_>] {
        match (derivation::find(from), self.derived.get(from)) {
            (Some(d), Some(cell)) => cell.get_or_init(|| (d.derive)(&self.asked())),
            _ => self.relations.get(from).map_or(&[], Vec::as_slice),
        }
    }

    /// Whether the server that answered follows another.
    pub fn is_replica(&self, relation: &Relation) -> bool {
        self.asked().is_replica(relation)
    }

    /// A server that was due to answer a probe and of which the snapshot holds no answer at all: what others say does
    /// not stand for it. A derivation says for itself what it cannot do without.
    pub fn unasked(&self, from: &str) -> Option<String> {
        let probe = self.library.probe(from)?;
        let told = |s: &&SourceRecord| probe.on == On::Any || s.facts.contains_key("role");
        let answered = |s: &&SourceRecord| self.relations(from).iter().any(|r| r.source.as_deref() == Some(&s.name));
        let due = self.snapshot.sources.iter().filter(|s| probe.is_for(s)).filter(told);
        let silent = due.into_iter().find(|s| !answered(s))?;
        Some(format!("the snapshot holds no answer of {} to {from}; collect it again", silent.name))
    }

    /// The findings of a check.
    pub fn check(&self, check: &Check, overrides: &Overrides) -> Vec<Finding> {
        Judge::new(self.library, overrides, check).all(self.relations(&check.from), &self.asked())
    }

    /// What a check says of each row, nothing folded but counted.
    pub fn rows(&self, check: &Check, overrides: &Overrides, doubt: &Doubt) -> Rows {
        Judge::new(self.library, overrides, check).each(self.relations(&check.from), &self.asked(), doubt)
    }

    /// What a check says of the rows that are meant, by subject and by the source that answered, each for itself.
    pub fn single(&self, check: &Check, overrides: &Overrides, meant: &dyn Fn(&str, Option<&str>) -> bool) -> Single {
        Judge::new(self.library, overrides, check).single(self.relations(&check.from), &self.asked(), meant)
    }

    /// What a check knows of its limit.
    pub fn limits(&self, check: &Check, overrides: &Overrides) -> Limits {
        Judge::new(self.library, overrides, check).limits(self.relations(&check.from), &self.asked())
    }

    /// Lays out what was worked out from all checks, for the criteria that are judged after them.
    pub fn lay_headroom(&self, relation: Relation<'static>) {
        if let Some(cell) = self.derived.get(derivation::HEADROOM) {
            // A bench is judged once; what lies there already stays.
            let _ = cell.set(vec![relation]);
        }
    }
}
