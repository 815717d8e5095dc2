//! What to do about an item, in words that name the source or the question.

use std::collections::BTreeSet;

use super::State;
use crate::{
    readiness::{model::Assessed, packs::Criterion},
    snapshot::SourceKind,
};

pub(super) struct Todo<'a> {
    pub(super) state: State,
    pub(super) criterion: &'a Criterion,
    pub(super) assessed: &'a Assessed,
    pub(super) has_answer: bool,
    /// Kinds of source that it needs and the target does not have.
    pub(super) missing: BTreeSet<SourceKind>,
}

impl Todo<'_> {
    pub(super) fn words(&self) -> String {
        let id = &self.assessed.id;
        match self.state {
            State::Fails if self.is_answered_no() => self.fix(&format!("then answer again: {}", answer(id))),
            State::Fails => self.fix("then audit again"),
            State::Unmeasured => self.measure(),
            State::Unanswered if self.is_measurable() => format!("{}; or answer: {}", self.measure(), answer(id)),
            State::Unanswered | State::Expired => answer(id),
            State::Flawed => "mend the file that the message names, or answer again".into(),
            State::Stale => format!("read the new wording and answer again: {}", answer(id)),
            State::Waits => format!("loadline checklist approve {id} --by SECOND-PERSON"),
            State::ExpiresSoon if self.assessed.waiver.is_some() => {
                self.fix("before the waiver ends, or have it accepted anew")
            }
            State::ExpiresSoon => format!("loadline checklist renew {id} --by NAME"),
            State::Warns => self.fix(""),
            State::Waived => self.fix("before the waiver ends"),
            State::Holds | State::NotApplicable => String::new(),
        }
    }

    fn is_answered_no(&self) -> bool {
        self.has_answer && self.assessed.ground.is_empty()
    }

    fn is_measurable(&self) -> bool {
        !self.criterion.def.checks.is_empty() || self.criterion.rule.is_some()
    }

    fn fix(&self, then: &str) -> String {
        let fix = self.assessed.fix.trim_end_matches('.').split_whitespace().collect::<Vec<_>>().join(" ");
        let fix = match (fix.is_empty(), self.assessed.ground.first()) {
            (false, _) => fix,
            (true, Some(basis)) => format!("see {} in the audit", basis.check),
            (true, None) => "mend it".into(),
        };
        if then.is_empty() { fix } else { format!("{fix}, {then}") }
    }

    /// Which source would measure it.
    fn measure(&self) -> String {
        let sources: Vec<_> = self.missing.iter().map(|kind| source(*kind)).collect();
        match (&self.assessed.needs, sources.is_empty()) {
            (_, false) => sources.join(" and "),
            (Some(needs), true) => format!("needs {needs}"),
            (None, true) => "mend what the message names, and ask again".into(),
        }
    }
}

fn answer(id: &str) -> String {
    format!("loadline checklist answer {id} --answer yes --by NAME --evidence TEXT")
}

fn source(kind: SourceKind) -> String {
    match kind {
        SourceKind::Plan => "write the target's plan: [targets.NAME.plan]".into(),
        kind => format!("add a source: [targets.NAME.sources.…] with kind = \"{}\"", kind.word()),
    }
}
