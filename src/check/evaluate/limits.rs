//! The limits that checks know: what is used of a resource, and up to where that is safe.

use std::rc::Rc;

use jiff::Timestamp;

use super::row::{Judge, Params, Verdict};
use crate::check::{
    definition::{HeadroomDef, LimitGrade},
    derivation::Asked,
    finding::{Status, Threshold},
    library::Limit,
    relation::Relation,
    rule::Rule,
};

/// What is used of one resource, where all of it is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// Whose resource it is.
    pub subject: String,
    /// The resource, in words.
    pub resource: String,
    /// How much is used.
    pub used: f64,
    /// The most that is safe.
    pub ceiling: f64,
    /// How much is used without load.
    pub idle: f64,
    /// How much more is used each second; a reason where that is not known. Zero for what fills with traffic.
    pub rate: Result<f64, String>,
    /// The parameters that the ceiling rests on.
    pub thresholds: Vec<Threshold>,
    /// The source that said so, where it is one.
    pub source: Option<String>,
    /// When it was seen.
    pub at: Option<Timestamp>,
    /// Over how many seconds rates were taken.
    pub window: Option<f64>,
    /// What to do.
    pub fix: String,
}

/// A resource whose use could not be measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmeasured {
    /// Whose resource it is, as far as that is known.
    pub subject: String,
    /// Why.
    pub reason: String,
}

/// What a check knows of its limit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Limits {
    /// What is used, row by row.
    pub uses: Vec<Use>,
    /// What could not be measured.
    pub unmeasured: Vec<Unmeasured>,
}

impl HeadroomDef {
    /// Whether limits are set against each other, without any load.
    pub fn is_static(&self) -> bool {
        self.grade == Some(LimitGrade::Static)
    }
}

impl<'a> Judge<'a> {
    /// The limit of each row that the check applies to.
    pub(super) fn limits(&self, relations: &'a [Relation<'a>], asked: &Asked) -> Limits {
        let mut limits = Limits::default();
        let Some(limit) = &self.check.limit else { return limits };
        if relations.is_empty() {
            let nothing = self.nothing_asked(asked).filter(|finding| finding.status == Status::Unknown);
            limits.unmeasured.extend(nothing.map(|f| Unmeasured { subject: f.subject, reason: f.message }));
        }
        let shared: Params = Rc::new(self.overrides.applied(self.def(), None));
        let by_subject = self.overrides.by_subject(&self.def().id);
        for relation in relations {
            let hidden = relation.fault.as_ref().map(ToString::to_string).or_else(|| relation.not_visible.clone());
            if let Some(reason) = hidden {
                limits.unmeasured.push(Unmeasured { subject: relation.place(), reason });
                continue;
            }
            for row in 0..relation.table.rows() {
                let params = if by_subject { self.params_of(relation, row, &shared) } else { shared.clone() };
                let verdict = self.row(relation, row, params);
                if verdict.status == Status::NotApplicable {
                    continue;
                }
                match self.used(limit, &verdict) {
                    Ok(used) => limits.uses.extend(used),
                    Err(reason) => limits.unmeasured.push(Unmeasured { subject: self.subject(&verdict), reason }),
                }
            }
        }
        limits
    }

    /// What a row uses; nothing where it cannot fill up.
    fn used(&self, limit: &Limit, verdict: &Verdict) -> Result<Option<Use>, String> {
        let Verdict { relation, row, scope, params, .. } = verdict;
        let evaluate = |rule: &Rule| {
            let value = rule.evaluate(&self.library.engine, scope);
            value.map_err(|why| Self::why(relation, *row, &why, &std::collections::BTreeMap::new()))
        };
        let number = |rule: &Rule| {
            let value = evaluate(rule)?;
            value.as_f64().ok_or_else(|| format!("`{}` came to {value:?}, which is no number", rule.source()))
        };
        if let Some(when) = &limit.when
            && evaluate(when)?.as_bool() != Some(true)
        {
            return Ok(None);
        }
        let say = |part: &str| self.say(part, relation, *row, scope, params);
        Ok(Some(Use {
            subject: self.subject(verdict),
            resource: say("resource")?,
            used: number(&limit.used)?,
            ceiling: number(&limit.ceiling)?,
            idle: limit.idle.as_ref().map_or(Ok(0.0), number)?,
            rate: limit.rate.as_ref().map_or(Ok(0.0), number),
            thresholds: Self::thresholds(&limit.ceiling, params),
            source: relation.source.clone(),
            at: relation.at,
            window: relation.window(),
            fix: say("fix").unwrap_or_default(),
        }))
    }
}
