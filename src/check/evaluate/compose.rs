//! Findings from verdicts: bad rows one by one, the rest folded, each in the check's words and on its ground.

use std::{collections::BTreeMap, rc::Rc};

use super::row::{Judge, Params, Verdict, number};
use crate::{
    check::{
        derivation::Asked,
        finding::{Evidence, Finding, Ground, Status, Threshold},
        library::{evidence_refs, inputs, sentence},
        params::Applied,
        probe::{On, Probe, Rows as RowsDue},
        relation::Relation,
        rule::{Ref, Rule, Scope},
        words::Spoken,
    },
    snapshot::{Column, SourceRecord, Unit},
};

/// The most findings of one status that are kept of a criterion's rows.
const ROWS_KEPT: usize = 5;

/// Why what is well in a row proves nothing; none where it does.
pub type Doubt<'a> = dyn Fn(&Relation, usize) -> Option<String> + 'a;

/// What a check says row by row.
#[derive(Debug, Default)]
pub struct Rows {
    /// How many rows there are of each status, those it does not apply to included.
    pub counts: BTreeMap<Status, usize>,
    /// What is said of the first few of each status, passes too; faults and answers that never came are unknown.
    pub findings: Vec<Finding>,
}

impl Rows {
    fn add(&mut self, finding: Option<Finding>) {
        let Some(finding) = finding else { return };
        let count = self.counts.entry(finding.status).or_default();
        *count += 1;
        if *count <= ROWS_KEPT {
            self.findings.push(finding);
        }
    }
}

impl<'a> Judge<'a> {
    /// What the check says of each row. What is well in a row that `doubt` has words about is not known.
    pub(super) fn each(&self, relations: &'a [Relation<'a>], asked: &Asked, doubt: &Doubt) -> Rows {
        let mut rows = Rows::default();
        if relations.is_empty() {
            rows.add(self.nothing_asked(asked));
        }
        let shared: Params = Rc::new(self.overrides.applied(self.def(), None));
        for relation in relations {
            if relation.fault.is_some() {
                self.relation(relation).into_iter().for_each(|finding| rows.add(Some(finding)));
            }
            for row in 0..relation.table.rows() {
                let mut verdict = self.row(relation, row, shared.clone());
                if matches!(verdict.status, Status::Pass | Status::Warn)
                    && let Some(reason) = doubt(relation, row)
                {
                    verdict = Verdict { status: Status::Unknown, rule: None, reason: Some(reason), ..verdict };
                }
                let mut finding = self.of_row(&verdict);
                if let (Some(finding), Some(reason)) = (&mut finding, &verdict.reason) {
                    finding.message.clone_from(reason);
                }
                rows.add(finding);
            }
        }
        rows
    }

    /// All findings of the check.
    pub(super) fn all(&self, relations: &'a [Relation<'a>], asked: &Asked) -> Vec<Finding> {
        let mut findings = Vec::new();
        if relations.is_empty() {
            findings.extend(self.nothing_asked(asked));
        }
        for relation in relations {
            findings.extend(self.relation(relation));
        }
        findings
    }

    /// No answer at all: the target has no such source, none in the right role, or the question was never asked.
    pub(super) fn nothing_asked(&self, asked: &Asked) -> Option<Finding> {
        let sources = asked.sources;
        let needed = self.library.sources_of(self.check);
        let missing: Vec<_> =
            needed.iter().filter(|kind| !sources.iter().any(|s| s.kind == **kind)).map(|kind| kind.word()).collect();
        let (status, message) = match (missing.is_empty(), self.unanswered(asked)) {
            (false, _) => (Status::NotApplicable, format!("this target has no {} source", missing.join(" and no "))),
            // A snapshot may be older than the check: what nobody asked is not known to be well.
            (true, Some(probe)) => {
                (Status::Unknown, format!("this snapshot holds no answer to {probe}; collect it again with this check"))
            }
            (true, None) => {
                (Status::NotApplicable, "no server of this target is in the role that this check is about".to_owned())
            }
        };
        self.finding(status, "target".into(), message, self.ground(None, None))
    }

    /// A probe that some server was due to answer and that has no observation at all.
    fn unanswered(&self, asked: &Asked) -> Option<&'a str> {
        // A server that never said its role has faults in place of answers.
        let told = |probe: &Probe, s: &SourceRecord| probe.on == On::Any || s.facts.contains_key("role");
        let due = |id: &&str| {
            let unasked = self.library.probe(id).filter(|_| asked.all(id).is_empty());
            unasked.is_some_and(|probe| asked.sources.iter().any(|s| probe.is_for(s) && told(probe, s)))
        };
        inputs(&self.check.from).into_iter().find(due)
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
            (_, 0) if self.is_due(relation) => {
                (Status::Unknown, "no rows came where rows are due: nothing was measured".to_owned())
            }
            (_, 0) => (Status::Pass, "nothing to object to (no rows)".to_owned()),
            (_, 1) => (Status::Pass, "1 looked at, all well".to_owned()),
            (_, n) => (Status::Pass, format!("{n} looked at, all well")),
        };
        self.finding(status, relation.place(), message, self.ground(Some(relation), None))
    }

    /// Whether the answer has rows wherever it was measured: an edited or damaged snapshot may hold none.
    fn is_due(&self, relation: &Relation) -> bool {
        self.library.probe(relation.id).is_some_and(|probe| probe.rows == RowsDue::Some)
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

    pub(super) fn subject(&self, verdict: &Verdict) -> String {
        self.say("subject", verdict.relation, verdict.row, &verdict.scope, &verdict.params)
            .unwrap_or_else(|_| verdict.relation.place())
    }

    /// The finding of one row, in the check's words.
    pub(super) fn of_row(&self, verdict: &Verdict) -> Option<Finding> {
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
            Ref::Row(c) | Ref::Delta(c) | Ref::Rate(c) => relation.table.column(c).map_or(Unit::Count, Column::unit),
            Ref::Value(v) => self.def().values.get(v).map_or(Unit::Count, |v| v.unit),
            Ref::Param(_) => Unit::Count,
        }
    }

    /// The parameters that the deciding rule compared with, also through computed values.
    pub(super) fn thresholds(rule: &Rule, params: &BTreeMap<String, Applied>) -> Vec<Threshold> {
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

    /// Says one of the check's sentences about a row.
    pub(super) fn say(
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
            database: relation.and_then(|r| r.database.clone()),
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

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
