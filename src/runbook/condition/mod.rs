//! What a live check must say, compiled and judged. Pure: the same answers give the same judgement.
//!
//! A condition is judged by the engine of checks itself, so that a step is ticked by the very rules that found the
//! trouble. `passes`, `does not fail` and `fails` read the check's own statuses; an expression becomes a check of its own
//! over the same rows, with one rule that fails where the expression is not true.
//!
//! Not measured never satisfies: a fault, a hidden view, a listing without the rows that are due, an answer that nobody
//! gave: the condition then neither holds nor fails, and says why.

mod compile;
mod judge;
mod says;
mod subject;
#[cfg(test)]
mod tests;

use super::{
    model::{Condition, Expectation},
    port::Values,
};
use crate::{
    check::{
        library::{Check, Library},
        rule::Ref,
    },
    snapshot::Unit,
};

pub use compile::compile;
pub use judge::judge;

/// A condition, ready to judge.
#[derive(Debug)]
pub struct Compiled {
    condition: Condition,
    /// The check that it becomes; none where the check of the library judges as it is.
    own: Option<Check>,
    /// The parameters of the runbook that it reads, with what they count.
    params: Vec<(String, Unit)>,
    /// Whether the subject is a source of the target: then whatever that source answered is meant.
    names_source: bool,
}

impl Compiled {
    /// The condition.
    pub fn condition(&self) -> &Condition {
        &self.condition
    }

    /// The check that judges it; none where the library is another one than it was compiled with.
    pub fn check<'c>(&'c self, library: &'c Library) -> Option<&'c Check> {
        self.own.as_ref().or_else(|| library.check(&self.condition.check))
    }

    /// Whether it rests on how counters change, so that one sample says nothing.
    pub fn needs_window(&self, library: &Library) -> bool {
        let Some(check) = self.check(library) else { return false };
        let derived = library.probe(&check.from).is_none();
        let reads_changes = check.reads().any(|read| matches!(read, Ref::Delta(_) | Ref::Rate(_)));
        // What a derivation makes of its inputs' counters is not written anywhere.
        reads_changes || derived && library.probes_of([check].into_iter()).iter().any(|probe| probe.has_counters())
    }
}

/// A condition in words, its subject filled in: `postgres.replication-lag of replica: passes`.
pub fn words(condition: &Condition, values: &Values) -> String {
    let of = condition.subject.as_ref().map(|subject| {
        let value = subject.strip_prefix('$').and_then(|name| values.shown(name));
        format!(" of {}", value.unwrap_or(subject))
    });
    let expect = match &condition.expect {
        Expectation::Passes => "passes",
        Expectation::DoesNotFail => "does not fail",
        Expectation::Fails => "fails",
        Expectation::Holds(expression) => expression.trim(),
    };
    format!("{}{}: {expect}", condition.check, of.unwrap_or_default())
}
