//! What a check says of single subjects: nothing folded, nothing left out for being too many.
//!
//! Findings are for readers: passes are folded, and of a hundred offenders the worst are listed. Whoever asks whether
//! *this* subject is well must not take "not listed" for "gone".

use std::rc::Rc;

use super::row::{Judge, Params};
use crate::check::{
    derivation::Asked,
    finding::{Finding, Status},
    library::inputs,
    probe::Rows as RowsDue,
    relation::Relation,
};

/// What a check says of the rows that are meant.
#[derive(Debug, Default)]
pub struct Single {
    /// A finding for each row that is meant and does not pass, in the order of rows; the reason is its message where it
    /// is unknown or does not apply.
    pub findings: Vec<Finding>,
    /// How many of the rows that are meant pass.
    pub passed: usize,
    /// What is said of the first of them.
    pub first_pass: Option<Finding>,
    /// The answers themselves, the missing ones too.
    pub answers: Vec<Answered>,
    /// Why there is no answer at all; then everything else is empty.
    pub nothing: Option<Finding>,
}

/// What one answer is worth to somebody who looks for a subject in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The source that answered; none where it is about several.
    pub source: Option<String>,
    /// How a subject of last resort is called.
    pub place: String,
    /// How many rows it has, meant or not.
    pub rows: usize,
    /// Why nothing good rests on it: a fault, something hidden, no rows where rows are due.
    pub doubt: Option<String>,
    /// Whether the listing was cut: what is not in it may be there all the same.
    pub cut: bool,
}

impl<'a> Judge<'a> {
    /// What the check says of the rows whose subject `meant` lets through; it is given the answer's source, too.
    pub(super) fn single(
        &self,
        relations: &'a [Relation<'a>],
        asked: &Asked,
        meant: &dyn Fn(&str, Option<&str>) -> bool,
    ) -> Single {
        let mut single = Single::default();
        if relations.is_empty() {
            single.nothing = self.nothing_asked(asked);
        }
        let shared: Params = Rc::new(self.overrides.applied(self.def(), None));
        let by_subject = self.overrides.by_subject(&self.def().id);
        for relation in relations {
            single.answers.push(Answered {
                source: relation.source.clone(),
                place: relation.place(),
                rows: relation.table.rows(),
                doubt: self.doubt(relation),
                cut: relation.table.total().is_some_and(|total| total > relation.table.rows() as u64),
            });
            for row in 0..relation.table.rows() {
                let params = if by_subject { self.params_of(relation, row, &shared) } else { shared.clone() };
                let verdict = self.row(relation, row, params);
                if !meant(&self.subject(&verdict), relation.source.as_deref()) {
                    continue;
                }
                let passes = verdict.status == Status::Pass;
                single.passed += usize::from(passes);
                if passes && single.first_pass.is_some() {
                    continue;
                }
                let Some(mut finding) = self.of_row(&verdict) else { continue };
                if let Some(reason) = &verdict.reason {
                    finding.message.clone_from(reason);
                }
                if passes {
                    single.first_pass = Some(finding);
                } else {
                    single.findings.push(finding);
                }
            }
        }
        single
    }

    /// Why nothing good rests on an answer.
    fn doubt(&self, relation: &Relation) -> Option<String> {
        if let Some(fault) = &relation.fault {
            let remedy = fault.remedy.as_ref().map(|remedy| format!("; {remedy}")).unwrap_or_default();
            return Some(format!("{fault}{remedy}"));
        }
        if let Some(hidden) = &relation.not_visible {
            return Some(format!("not everything was visible: {hidden}"));
        }
        let due = |id: &&str| self.library.probe(id).is_some_and(|probe| probe.rows == RowsDue::Some);
        (relation.table.rows() == 0 && inputs(&self.check.from).iter().any(|id| *id == relation.id && due(id)))
            .then(|| "no rows came where rows are due: nothing was measured".to_owned())
    }
}
