//! How far every limited resource is from its ceiling, and which of them is the bottleneck.
//!
//! Checks know limits ([`crate::check::evaluate::Limits`]); here they become multiples of today's load or days
//! left, are held against what the plan needs, and are ranked.

mod advice;
mod arithmetic;
mod fit;
mod levels;
mod need;
mod proven;
mod rank;
mod relation;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::bottleneck::{Bottleneck, Grade, Grows, Need};
use crate::{
    check::{
        definition::HeadroomDef,
        evaluate::{Bench, Use},
        finding::Threshold,
        library::Check,
        params::Overrides,
    },
    quantity,
    snapshot::Snapshot,
};
pub(super) use advice::parse as parse_advice;
use arithmetic::{days, days_by_growth, multiple};
use levels::Levels;
pub(super) use need::DAYS;
pub(super) use rank::order;
pub(super) use relation::doubt;

/// The probes it rests on, besides those of the checks.
pub(super) const ASKED: [&str; 5] = [need::SUMMARY, need::TRAFFIC, levels::TRANSACTIONS, proven::RUNS, proven::LEVELS];

/// The most subjects of one check that are listed.
const SUBJECTS: usize = 5;

/// What is said of a resource of which no more than the idle part is used.
const NOT_LOADED: &str = "not loaded enough to tell";

/// A limit of which the use could not be measured.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Missing {
    check: String,
    domain: String,
    subject: String,
    grows: Grows,
    reason: String,
}

/// All limited resources of a snapshot.
#[derive(Debug, Default)]
pub(super) struct Headrooms {
    /// The nearest to its limit first.
    known: Vec<Bottleneck>,
    missing: Vec<Missing>,
    /// Who said it, by check and subject.
    sources: BTreeMap<(String, String), String>,
}

impl Headrooms {
    /// Of the checks that know a limit.
    pub(super) fn of<'a>(
        bench: &Bench,
        checks: impl Iterator<Item = &'a Check>,
        overrides: &Overrides,
        need: Option<&Need>,
        history: &[Snapshot],
    ) -> Self {
        let mut all = Self::default();
        let checks: Vec<&Check> = checks.filter(|check| check.def.headroom.is_some()).collect();
        let levels = Levels::of(bench, history, &checks, overrides);
        for check in checks {
            let Some(def) = &check.def.headroom else { continue };
            let limits = bench.limits(check, overrides);
            for used in limits.uses {
                if let Some(source) = &used.source {
                    all.sources.insert((check.def.id.clone(), used.subject.clone()), source.clone());
                }
                let mut one = bottleneck(check, def, used);
                if let Some(levels) = &levels {
                    levels.refine(&mut one, def.concurrency);
                }
                all.known.push(one);
            }
            all.missing.extend(limits.unmeasured.into_iter().map(|missing| Missing {
                check: check.def.id.clone(),
                domain: check.def.domain.clone(),
                subject: missing.subject,
                grows: def.grows,
                reason: missing.reason,
            }));
        }
        all.known.extend(proven::carried(bench));
        all.known.iter_mut().for_each(|one| hold_against(one, need));
        rank::sort(&mut all.known);
        all
    }

    /// The worst few of each check, the nearest to its limit first.
    pub(super) fn worst(self) -> Vec<Bottleneck> {
        rank::worst(self.known, SUBJECTS)
    }
}

/// One use of a resource, and how far it is from its ceiling.
fn bottleneck(check: &Check, def: &HeadroomDef, used: Use) -> Bottleneck {
    let grade = if def.is_static() { Grade::Static } else { Grade::OnePoint };
    let mut ground = vec![seen(&used, grade)];
    let (headroom, days_left) = match def.grows {
        Grows::Traffic => {
            let headroom = multiple(used.used, used.idle, used.ceiling);
            if headroom.is_none() {
                ground.push(NOT_LOADED.to_owned());
            }
            (headroom, None)
        }
        Grows::Time => {
            let days_left = match &used.rate {
                Ok(rate) => days(used.used, used.ceiling, *rate),
                Err(_) => (used.used >= used.ceiling).then_some(0.0),
            };
            ground.push(match (&used.rate, days_left) {
                (Err(reason), _) => format!("how fast it fills is not known: {reason}"),
                (Ok(_), None) => "it does not fill at the moment".to_owned(),
                (Ok(rate), Some(_)) => format!("it fills by {} a second", quantity::show(*rate, def.unit)),
            });
            (None, days_left)
        }
    };
    ground.extend(used.thresholds.iter().map(ceiling_words));
    Bottleneck {
        check: check.def.id.clone(),
        subject: used.subject,
        resource: used.resource,
        domain: check.def.domain.clone(),
        grows: def.grows,
        used: used.used,
        ceiling: used.ceiling,
        idle: used.idle,
        unit: def.unit,
        headroom,
        headroom_interval: None,
        days_left,
        margin: None,
        grade,
        ground: ground.join("; "),
        fix: used.fix,
        advice: None,
    }
}

/// What there is by what the plan needs. Limits set against each other do not move with load, so that they need
/// to hold once and not several times.
fn hold_against(b: &mut Bottleneck, need: Option<&Need>) {
    let Some(need) = need else { return };
    b.margin = match (b.grows, b.grade) {
        (Grows::Traffic, Grade::Static) => b.headroom,
        (Grows::Traffic, _) => b.headroom.zip(need.multiple).map(|(headroom, multiple)| headroom / multiple),
        (Grows::Time, _) => b.days_left.map(|days| days / need.days),
    };
    if b.grows == Grows::Traffic && matches!(b.grade, Grade::OnePoint | Grade::Fitted) {
        b.days_left = b.headroom.zip(need.growth).and_then(|(headroom, growth)| days_by_growth(headroom, growth));
    }
}

fn seen(used: &Use, grade: Grade) -> String {
    let at = used.at.map(|at| at.strftime(" at %Y-%m-%d %H:%M:%S UTC").to_string()).unwrap_or_default();
    match grade {
        Grade::Static => "limits set against each other, whatever the load".to_owned(),
        _ => format!("one point{at}"),
    }
}

fn ceiling_words(threshold: &Threshold) -> String {
    format!("{} {}, {}", threshold.param, quantity::show(threshold.value, threshold.unit), threshold.origin)
}
