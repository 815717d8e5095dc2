//! One check over one row: what applies, what the rules say, and why they may say nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use crate::{
    check::{
        definition::CheckDef,
        finding::Status,
        library::{Check, Library, Limit, evidence_refs},
        params::{Applied, Overrides},
        relation::Relation,
        rule::{Ref, Rule, Scope, Unmeasured},
    },
    snapshot::{Change, Value},
};

/// One check at work.
pub(super) struct Judge<'a> {
    pub(super) library: &'a Library,
    pub(super) overrides: &'a Overrides,
    pub(super) check: &'a Check,
    /// All that its expressions and evidence read, worked out once and not once a row.
    pub(super) refs: BTreeSet<Ref>,
}

/// The parameters as applied; shared by all rows that no override singles out.
pub(super) type Params = Rc<BTreeMap<String, Applied>>;

/// What came of one row.
pub(super) struct Verdict<'a> {
    pub(super) row: usize,
    pub(super) status: Status,
    pub(super) rule: Option<usize>,
    pub(super) reason: Option<String>,
    pub(super) scope: Scope,
    pub(super) params: Params,
    pub(super) rank: f64,
    pub(super) relation: &'a Relation<'a>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(library: &'a Library, overrides: &'a Overrides, check: &'a Check) -> Self {
        let rules = check.rules.iter().chain(&check.applies).chain(&check.rank).chain(check.values.values());
        let rules = rules.chain(check.limit.iter().flat_map(Limit::rules));
        let mut refs: BTreeSet<Ref> = rules.flat_map(|rule| rule.refs().iter().cloned()).collect();
        refs.extend(check.def.evidence.iter().flat_map(|name| evidence_refs(name)));
        Self { library, overrides, check, refs }
    }

    pub(super) fn def(&self) -> &'a CheckDef {
        &self.check.def
    }

    pub(super) fn params_of(&self, relation: &Relation, row: usize, shared: &Params) -> Params {
        let scope = self.scope(relation, row, shared);
        match self.say("subject", relation, row, &scope, shared) {
            Ok(subject) => Rc::new(self.overrides.applied(self.def(), Some(&subject))),
            Err(_) => shared.clone(),
        }
    }

    /// Judges one row: applies, values, then the rules in order.
    pub(super) fn row(&self, relation: &'a Relation<'a>, row: usize, params: Params) -> Verdict<'a> {
        let mut scope = self.scope(relation, row, &params);
        let mut reasons = BTreeMap::new();
        for (name, rule) in &self.check.values {
            match rule.evaluate(&self.library.engine, &scope) {
                Ok(value) => scope.set(Ref::Value(name.clone()), value),
                Err(why) => {
                    reasons.insert(name.as_str(), Self::why(relation, row, &why, &BTreeMap::new()));
                }
            }
        }
        let (status, rule, reason) = self.decide(relation, row, &scope, &reasons);
        let rank = self.rank(&scope);
        Verdict { row, status, rule, reason, scope, params, rank, relation }
    }

    fn decide(
        &self,
        relation: &Relation,
        row: usize,
        scope: &Scope,
        reasons: &BTreeMap<&str, String>,
    ) -> (Status, Option<usize>, Option<String>) {
        let holds = |rule: &Rule| match rule.evaluate(&self.library.engine, scope) {
            Ok(Value::Bool(holds)) => Ok(holds),
            Ok(other) => {
                Err(format!("the rule `{}` came to {other:?}, which is neither true nor false", rule.source()))
            }
            Err(why) => Err(Self::why(relation, row, &why, reasons)),
        };
        if let (Some(rule), Some(applies)) = (&self.check.applies, &self.def().applies) {
            match holds(rule) {
                Ok(true) => {}
                Ok(false) => return (Status::NotApplicable, None, Some(applies.reason.clone())),
                Err(reason) => return (Status::Unknown, None, Some(reason)),
            }
        }
        for (at, (rule, def)) in self.check.rules.iter().zip(&self.def().rules).enumerate() {
            match holds(rule) {
                Ok(true) => return (def.status, Some(at), None),
                Ok(false) => {}
                Err(reason) => return (Status::Unknown, None, Some(reason)),
            }
        }
        // Nothing bad was seen; but where not everything could be seen, that is no pass.
        match &relation.not_visible {
            Some(hidden) => (Status::Unknown, None, Some(hidden.clone())),
            None => (Status::Pass, None, None),
        }
    }

    fn rank(&self, scope: &Scope) -> f64 {
        let rank = self.check.rank.as_ref().and_then(|rule| rule.evaluate(&self.library.engine, scope).ok());
        rank.and_then(|value| value.as_f64()).unwrap_or(f64::NEG_INFINITY)
    }

    /// Everything that the check's expressions may read of a row.
    fn scope(&self, relation: &Relation, row: usize, params: &BTreeMap<String, Applied>) -> Scope {
        let mut scope = Scope::default();
        for name in &self.refs {
            let value = match name {
                Ref::Row(column) => relation.get(row, column),
                Ref::Delta(column) => number(relation.change(row, column)),
                Ref::Rate(column) => number(relation.rate(row, column)),
                Ref::Param(param) => params.get(param).map_or(Value::Null, |p| Value::double(p.value)),
                Ref::Value(_) => continue,
            };
            scope.set(name.clone(), value);
        }
        scope
    }

    /// Why a rule came to nothing, for the operator.
    pub(super) fn why(relation: &Relation, row: usize, why: &Unmeasured, reasons: &BTreeMap<&str, String>) -> String {
        match why {
            Unmeasured::Failed(message) => message.clone(),
            Unmeasured::Missing(Ref::Value(name)) => {
                reasons.get(name.as_str()).cloned().unwrap_or_else(|| format!("`{name}` could not be worked out"))
            }
            Unmeasured::Missing(Ref::Delta(column) | Ref::Rate(column)) => match relation.change(row, column) {
                Change::NoSample => {
                    format!("how `{column}` changes needs two samples; run with --window 10s")
                }
                Change::Reset => format!("`{column}` was reset between the two samples; run again"),
                Change::NewRow => format!("`{column}` appeared between the two samples; run again"),
                Change::By(_) => format!("how `{column}` changed could not be worked out"),
            },
            Unmeasured::Missing(Ref::Row(column)) => format!("`{column}` was not reported (NULL)"),
            Unmeasured::Missing(name) => format!("{name} is not known"),
        }
    }
}

/// What a change comes to for a rule: a number, or nothing.
pub(super) fn number(change: Change) -> Value {
    match change {
        Change::By(by) => Value::double(by),
        _ => Value::Null,
    }
}
