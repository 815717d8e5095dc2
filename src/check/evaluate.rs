//! From observations to findings. Pure: the same snapshot and the same checks give the same findings,
//! anywhere and at any time.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::{
    definition::CheckDef,
    derivation::{self, Asked},
    finding::{Evidence, Finding, Ground, Status, Threshold},
    library::{Check, Library, evidence_refs, inputs, sentence},
    params::{Applied, Overrides},
    relation::Relation,
    rule::{Ref, Rule, Scope, Unmeasured},
    words::Spoken,
};
use crate::snapshot::{Change, Snapshot, Unit, Value};

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
        findings.extend(match derivation::find(&check.from) {
            // Derived once, however many checks read it.
            Some(d) => judge.all(derived.entry(d.id).or_insert_with(|| (d.derive)(&asked)), &snapshot.sources),
            None => judge.all(asked.all(&check.from), &snapshot.sources),
        });
    }
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    findings
}

/// The worst first; within a check in the order of its rank, which the stable sort keeps.
fn order(finding: &Finding) -> (std::cmp::Reverse<Status>, std::cmp::Reverse<super::definition::Severity>, &str) {
    (std::cmp::Reverse(finding.status), std::cmp::Reverse(finding.severity), &finding.check)
}

/// One check at work.
struct Judge<'a> {
    library: &'a Library,
    overrides: &'a Overrides,
    check: &'a Check,
    /// All that its expressions and evidence read, worked out once and not once a row.
    refs: BTreeSet<Ref>,
}

/// The parameters as applied; shared by all rows that no override singles out.
type Params = Rc<BTreeMap<String, Applied>>;

/// What came of one row.
struct Verdict<'a> {
    row: usize,
    status: Status,
    rule: Option<usize>,
    reason: Option<String>,
    scope: Scope,
    params: Params,
    rank: f64,
    relation: &'a Relation<'a>,
}

impl<'a> Judge<'a> {
    fn new(library: &'a Library, overrides: &'a Overrides, check: &'a Check) -> Self {
        let rules = check.rules.iter().chain(&check.applies).chain(&check.rank).chain(check.values.values());
        let mut refs: BTreeSet<Ref> = rules.flat_map(|rule| rule.refs().iter().cloned()).collect();
        refs.extend(check.def.evidence.iter().flat_map(|name| evidence_refs(name)));
        Self { library, overrides, check, refs }
    }

    fn def(&self) -> &'a CheckDef {
        &self.check.def
    }

    fn all(&self, relations: &'a [Relation<'a>], sources: &[crate::snapshot::SourceRecord]) -> Vec<Finding> {
        let mut findings = Vec::new();
        if relations.is_empty() {
            findings.extend(self.nothing_asked(sources));
        }
        for relation in relations {
            findings.extend(self.relation(relation));
        }
        findings
    }

    /// No answer at all: either the target has no such source, or its sources had to be left out.
    fn nothing_asked(&self, sources: &[crate::snapshot::SourceRecord]) -> Option<Finding> {
        let needed = self.library.sources_of(self.check);
        let missing: Vec<_> =
            needed.iter().filter(|kind| !sources.iter().any(|s| s.kind == **kind)).map(|kind| kind.word()).collect();
        let message = if missing.is_empty() {
            "no server of this target is in the role that this check is about".to_owned()
        } else {
            format!("this target has no {} source", missing.join(" and no "))
        };
        self.finding(Status::NotApplicable, "target".into(), message, self.ground(None, None))
    }

    fn relation(&self, relation: &'a Relation<'a>) -> Vec<Finding> {
        if let Some(fault) = &relation.fault {
            let mut message = fault.to_string();
            if let Some(remedy) = &fault.remedy {
                message = format!("{message}; {remedy}");
            }
            return self
                .finding(Status::Unknown, relation.place(), message, self.ground(Some(relation), None))
                .into_iter()
                .collect();
        }
        let shared: Params = Rc::new(self.overrides.applied(self.def(), None));
        let by_subject = self.overrides.by_subject(&self.def().id);
        let mut counts: BTreeMap<Status, usize> = BTreeMap::new();
        let mut verdicts = Vec::new();
        for row in 0..relation.table.rows() {
            let params = if by_subject { self.params_of(relation, row, &shared) } else { shared.clone() };
            let verdict = self.row(relation, row, params);
            *counts.entry(verdict.status).or_default() += 1;
            // A pass is only counted; keeping its scope would cost memory for nothing.
            let first_of_its_kind = verdict.status == Status::NotApplicable && counts[&Status::NotApplicable] == 1;
            if first_of_its_kind || !matches!(verdict.status, Status::Pass | Status::NotApplicable) {
                verdicts.push(verdict);
            }
        }
        self.findings(relation, &counts, verdicts)
    }

    fn params_of(&self, relation: &Relation, row: usize, shared: &Params) -> Params {
        let scope = self.scope(relation, row, shared);
        match self.say("subject", relation, row, &scope, shared) {
            Ok(subject) => Rc::new(self.overrides.applied(self.def(), Some(&subject))),
            Err(_) => shared.clone(),
        }
    }

    /// Judges one row: applies, values, then the rules in order.
    fn row(&self, relation: &'a Relation<'a>, row: usize, params: Params) -> Verdict<'a> {
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
    fn why(relation: &Relation, row: usize, why: &Unmeasured, reasons: &BTreeMap<&str, String>) -> String {
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

    /// Findings of one relation: bad rows one by one up to the limit, the rest folded, passes folded.
    fn findings(
        &self,
        relation: &'a Relation<'a>,
        counts: &BTreeMap<Status, usize>,
        mut verdicts: Vec<Verdict<'a>>,
    ) -> Vec<Finding> {
        verdicts.sort_by(|a, b| b.rank.total_cmp(&a.rank).then(a.row.cmp(&b.row)));
        let mut findings = Vec::new();
        for status in [Status::Fail, Status::Warn] {
            let of_status: Vec<_> = verdicts.iter().filter(|v| v.status == status).collect();
            findings.extend(of_status.iter().take(self.def().limit).filter_map(|v| self.of_row(v)));
            if of_status.len() > self.def().limit {
                let more = of_status.len() - self.def().limit;
                let message = format!("and {more} more; the {} worst are listed one by one", self.def().limit);
                findings.extend(self.finding(status, relation.place(), message, self.ground(Some(relation), None)));
            }
        }
        findings.extend(self.unknowns(relation, &verdicts));
        let bad = findings.iter().any(|f| matches!(f.status, Status::Fail | Status::Warn | Status::Unknown));
        let passed = counts.get(&Status::Pass).copied().unwrap_or_default();
        if passed > 0 || relation.table.rows() == 0 {
            findings.extend(self.folded_pass(relation, passed, bad));
        } else if let (false, Some(verdict)) = (bad, verdicts.iter().find(|v| v.status == Status::NotApplicable)) {
            findings.extend(match &verdict.reason {
                Some(reason) => self.finding(
                    Status::NotApplicable,
                    relation.place(),
                    reason.clone(),
                    self.ground(Some(relation), None),
                ),
                // A rule said so, in its own words.
                None => self.of_row(verdict),
            });
        }
        findings
    }

    fn folded_pass(&self, relation: &Relation, passed: usize, bad: bool) -> Option<Finding> {
        let (status, message) = match (&relation.not_visible, passed) {
            (Some(hidden), 0) if !bad => {
                (Status::Unknown, format!("nothing was seen, but not everything was visible: {hidden}"))
            }
            (_, 0) if bad => return None,
            (_, 0) => (Status::Pass, "nothing to object to (no rows)".to_owned()),
            (_, 1) => (Status::Pass, "1 looked at, in order".to_owned()),
            (_, n) => (Status::Pass, format!("{n} looked at, in order")),
        };
        self.finding(status, relation.place(), message, self.ground(Some(relation), None))
    }

    /// Unknown rows, one finding for each reason: a thousand rows without a second sample are one fact.
    fn unknowns(&self, relation: &Relation, verdicts: &[Verdict]) -> Vec<Finding> {
        let mut by_reason: BTreeMap<&str, Vec<&Verdict>> = BTreeMap::new();
        for verdict in verdicts.iter().filter(|v| v.status == Status::Unknown && v.rule.is_none()) {
            by_reason.entry(verdict.reason.as_deref().unwrap_or_default()).or_default().push(verdict);
        }
        let folded = by_reason.into_iter().filter_map(|(reason, rows)| {
            let (subject, message) = match rows.as_slice() {
                [only] => (self.subject(only), reason.to_owned()),
                rows => (relation.place(), format!("{reason} ({} rows)", rows.len())),
            };
            self.finding(Status::Unknown, subject, message, self.ground(Some(relation), None))
        });
        // The same for a rule that says unknown of many rows in the same words.
        let mut by_words: Vec<(Finding, usize)> = Vec::new();
        for finding in
            verdicts.iter().filter(|v| v.status == Status::Unknown && v.rule.is_some()).filter_map(|v| self.of_row(v))
        {
            let same = |(first, _): &&mut (Finding, usize)| first.message == finding.message;
            if let Some((_, rows)) = by_words.iter_mut().find(same) {
                *rows += 1;
            } else if by_words.len() < self.def().limit {
                by_words.push((finding, 1));
            }
        }
        let by_rule = by_words.into_iter().map(|(mut finding, rows)| {
            if rows > 1 {
                finding.subject = relation.place();
                finding.message = format!("{} ({rows} rows)", finding.message);
                finding.evidence.clear();
                finding.command = None;
            }
            finding
        });
        folded.chain(by_rule).collect()
    }

    fn subject(&self, verdict: &Verdict) -> String {
        self.say("subject", verdict.relation, verdict.row, &verdict.scope, &verdict.params)
            .unwrap_or_else(|_| verdict.relation.place())
    }

    /// The finding of one row, in the check's words.
    fn of_row(&self, verdict: &Verdict) -> Option<Finding> {
        let rule = verdict.rule.map(|at| (at, &self.def().rules[at], &self.check.rules[at]));
        let say = |part: &str| self.say(part, verdict.relation, verdict.row, &verdict.scope, &verdict.params);
        let part = match rule {
            Some((at, def, _)) if def.message.is_some() => format!("rule{at}"),
            _ => "message".to_owned(),
        };
        let message = say(&part).unwrap_or_else(|error| format!("{} ({})", self.def().title, first_line(&error)));
        let ground = self.ground(Some(verdict.relation), Some(verdict.row));
        let mut finding = self.finding(verdict.status, self.subject(verdict), message, ground)?;
        finding.fix = say("fix").unwrap_or_default();
        finding.command = self.def().command.as_ref().and_then(|_| say("command").ok());
        finding.evidence = self.evidence(verdict);
        if let Some((_, def, rule)) = rule {
            finding.severity = def.severity.unwrap_or(finding.severity);
            finding.threshold = Self::thresholds(rule, &verdict.params);
        }
        Some(finding)
    }

    fn evidence(&self, verdict: &Verdict) -> Vec<Evidence> {
        self.def()
            .evidence
            .iter()
            .filter_map(|name| {
                let (found, value) = evidence_refs(name)
                    .into_iter()
                    .map(|r| (r.clone(), verdict.scope.get(&r).clone()))
                    .find(|(r, value)| {
                        !value.is_null() || matches!(r, Ref::Row(c) if verdict.relation.table.column(c).is_some())
                    })?;
                Some(Evidence { name: name.clone(), value, unit: self.unit(&found, verdict.relation) })
            })
            .collect()
    }

    fn unit(&self, name: &Ref, relation: &Relation) -> Unit {
        match name {
            Ref::Row(c) | Ref::Delta(c) | Ref::Rate(c) => {
                relation.table.column(c).map_or(Unit::Count, crate::snapshot::Column::unit)
            }
            Ref::Value(v) => self.def().values.get(v).map_or(Unit::Count, |v| v.unit),
            Ref::Param(_) => Unit::Count,
        }
    }

    /// The parameters that the deciding rule compared with, also through computed values.
    fn thresholds(rule: &Rule, params: &BTreeMap<String, Applied>) -> Vec<Threshold> {
        rule.refs()
            .iter()
            .filter_map(|name| {
                let Ref::Param(param) = name else { return None };
                let applied = params.get(param)?;
                Some(Threshold {
                    param: param.clone(),
                    value: applied.value,
                    unit: applied.unit,
                    origin: applied.origin.clone(),
                })
            })
            .collect()
    }

    fn say(
        &self,
        part: &str,
        relation: &Relation,
        row: usize,
        scope: &Scope,
        params: &BTreeMap<String, Applied>,
    ) -> Result<String, String> {
        let mut spoken = Spoken {
            source: relation.source.as_deref().unwrap_or("target"),
            database: relation.database.as_deref().unwrap_or_default(),
            window: relation.window().unwrap_or_default(),
            ..Spoken::default()
        };
        for column in relation.table.columns() {
            let name = column.name();
            spoken.row.insert(name, column.get(row));
            if column.counter() {
                spoken.delta.insert(name, number(relation.change(row, name)));
                spoken.rate.insert(name, number(relation.rate(row, name)));
            }
        }
        spoken.value = self
            .check
            .values
            .keys()
            .map(|name| (name.as_str(), scope.get(&Ref::Value(name.clone())).clone()))
            .collect();
        spoken.params = params.iter().map(|(name, applied)| (name.as_str(), applied.value)).collect();
        let said = self.library.words.say(&sentence(&self.def().id, part), &spoken)?;
        Ok(said.trim().to_owned())
    }

    fn ground(&self, relation: Option<&Relation>, row: Option<usize>) -> Ground {
        Ground {
            probe: relation.map_or_else(|| inputs(&self.check.from).join(", "), |r| r.id.to_owned()),
            source: relation.and_then(|r| r.source.clone()),
            observed_at: relation.and_then(|r| r.at),
            window_s: relation.and_then(Relation::window),
            counting_since: relation.zip(row).and_then(|(r, row)| r.counting_since(row)),
            not_visible: relation.and_then(|r| r.not_visible.clone()),
            rows: relation.map_or(0, |r| r.table.rows()),
            rows_in_all: relation.and_then(|r| r.table.total()),
        }
    }

    /// Builds a finding. The only way it can fail is a check whose templates say nothing; the title then speaks.
    fn finding(&self, status: Status, subject: String, message: String, ground: Ground) -> Option<Finding> {
        let subject = if subject.trim().is_empty() { "target".to_owned() } else { subject };
        let message = if message.trim().is_empty() { self.def().title.clone() } else { message };
        Finding::new(self.def(), status, subject, message, ground).ok()
    }
}

fn number(change: Change) -> Value {
    match change {
        Change::By(by) => Value::double(by),
        _ => Value::Null,
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
