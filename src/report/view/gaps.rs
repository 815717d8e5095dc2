//! What is not known, and what would tell.

use serde::Serialize;

use super::top;
use crate::{
    check::finding::Status,
    readiness::bottleneck::{Grade, Grows},
    report::{model::Audit, words::one_line},
};

/// How many lines the first screen has for it.
const MOST: usize = 4;

/// What is not known.
#[derive(Serialize)]
pub(super) struct Gaps {
    /// In a few sentences, for the first screen.
    lines: Vec<String>,
    /// Every demand of any pack that is not measured, gates first.
    criteria: Vec<Gap>,
}

#[derive(Serialize)]
struct Gap {
    title: String,
    id: String,
    level: String,
    gate: bool,
    why: String,
    /// What would answer it.
    how: String,
}

impl Gaps {
    pub(super) fn of(audit: &Audit) -> Self {
        Self { lines: lines(audit), criteria: criteria(audit) }
    }
}

fn lines(audit: &Audit) -> Vec<String> {
    let mut lines = Vec::new();
    let faults = audit.snapshot.sources.iter().filter_map(|s| s.fault.as_ref().map(|f| (s, f)));
    lines.extend(faults.map(|(s, f)| format!("{} ({}) was not asked: {}", s.name, s.kind.word(), f.kind.words())));
    if let Some(readiness) = &audit.readiness {
        let gates: Vec<_> =
            top::asked(readiness).filter(|c| c.gate && c.status == Status::Unknown).map(|c| c.title.as_str()).collect();
        lines.extend(some("gates are not measured", "gate is not measured", &gates));
    }
    let by_load = || audit.bottlenecks.iter().filter(|b| b.grows == Grows::Traffic);
    let silent: Vec<_> = by_load().filter(|b| b.headroom.is_none()).map(|b| b.resource.as_str()).collect();
    lines.extend(some("resources have a limit and no known headroom", "resource has no known headroom", &silent));
    if audit.bottlenecks.is_empty() {
        lines.push("At what load anything breaks: no headroom was worked out from this snapshot".into());
    } else if !by_load().any(|b| b.grade == Grade::LoadTest) {
        lines.push("Whether these limits hold under load: no load test has reached one of them".into());
    }
    let planless = audit.outlook.as_ref().is_some_and(|o| o.growth.is_none() && o.traffic.is_empty());
    if planless {
        lines.push("What growth needs, when, and what it costs: the target has no plan of traffic".into());
    }
    if audit.summary.unknown > 0 {
        let checks = if audit.summary.unknown == 1 { "check" } else { "checks" };
        lines.push(format!("{} {checks} could not be measured; see Not measured", audit.summary.unknown));
    }
    let more = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    if more > 0 {
        lines.push(format!("and {more} more; see Not measured"));
    }
    lines
}

fn some(many: &str, one: &str, names: &[&str]) -> Option<String> {
    let (first, more) = (names.first()?, names.len() - 1);
    Some(match more {
        0 => format!("1 {one}: {first}"),
        _ => format!("{} {many}: {first}, and {more} more", names.len()),
    })
}

fn criteria(audit: &Audit) -> Vec<Gap> {
    let all = audit.readiness.iter().flat_map(|readiness| &readiness.criteria);
    let mut gaps: Vec<_> = all.filter(|c| c.status == Status::Unknown).collect();
    gaps.sort_by_key(|c| (!c.gate, c.rank));
    let one = |c: &&crate::readiness::model::Assessed| Gap {
        title: c.title.clone(),
        id: c.id.clone(),
        level: super::ladder::place(c),
        gate: c.gate,
        why: one_line(&c.message),
        how: match (&c.needs, &c.question) {
            (Some(needs), Some(question)) => format!("{}; or answer: {}", one_line(needs), one_line(question)),
            (Some(needs), None) => one_line(needs),
            (None, Some(question)) => format!("answer: {}", one_line(question)),
            (None, None) => "the source or right that is missing".into(),
        },
    };
    gaps.iter().map(one).collect()
}
