//! What templates see: an audit in the words of a reader. Nothing here judges; it picks, orders and words.
//!
//! Every text stays as it is in here and is escaped by the engine of the templates. Only charts, code and links
//! arrive finished: they are made harmless where they are made.

mod ahead;
mod checklist;
mod findings;
mod gaps;
mod ladder;
mod limits;
mod monday;
mod sections;
#[cfg(test)]
mod tests;
mod top;

use serde::Serialize;

use super::{
    model::{Audit, Filter, SourceLine},
    words::window,
};
use crate::snapshot::Value;

/// All variables of a template.
#[derive(Serialize)]
pub(super) struct View<'a> {
    /// The audit as programs read it.
    audit: &'a Audit,
    /// How many findings there are of each status.
    summary: String,
    /// How counters were sampled.
    window: String,
    /// When asking began and ended.
    started: String,
    finished: String,
    sources: Vec<Source>,
    notes: Vec<Pair>,
    #[serde(flatten)]
    findings: findings::Findings<'a>,
    /// The first screen.
    top: top::Top,
    monday: Vec<monday::Action>,
    gaps: gaps::Gaps,
    limits: limits::Limits,
    ladder: ladder::Ladder,
    ahead: ahead::Ahead,
    /// The twelve sections of a scaling plan.
    sections: Vec<sections::Section>,
    checklist: Vec<checklist::Level>,
    runbooks: Vec<checklist::Runbook>,
}

/// A name and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Pair {
    name: String,
    value: String,
}

#[derive(Serialize)]
struct Source {
    name: String,
    kind: &'static str,
    version: String,
    role: String,
    address: String,
    fault: String,
    remedy: String,
}

impl<'a> View<'a> {
    pub(super) fn of(audit: &'a Audit, filter: Filter) -> Self {
        let sources = &audit.snapshot.sources;
        let notes = |s: &SourceLine| {
            let name = s.name.clone();
            s.notes.iter().map(move |note| Pair { name: name.clone(), value: note.clone() }).collect::<Vec<_>>()
        };
        let limits = limits::Limits::of(audit);
        let ahead = ahead::Ahead::of(audit);
        let gaps = gaps::Gaps::of(audit);
        Self {
            summary: audit.summary.line(),
            window: window(audit),
            started: audit.snapshot.started_at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
            finished: audit.snapshot.finished_at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
            sources: sources.iter().map(source).collect(),
            notes: sources.iter().flat_map(notes).collect(),
            findings: findings::Findings::of(audit, filter),
            top: top::Top::of(audit),
            monday: monday::actions(audit),
            sections: sections::all(audit, filter),
            checklist: checklist::levels(audit),
            runbooks: checklist::runbooks(audit),
            ladder: ladder::Ladder::of(audit),
            audit,
            gaps,
            limits,
            ahead,
        }
    }
}

fn source(source: &SourceLine) -> Source {
    let fact = |name: &str| source.facts.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let fault = source.fault.as_ref();
    Source {
        name: source.name.clone(),
        kind: source.kind.word(),
        version: fact("server"),
        role: fact("role"),
        address: source.address.clone(),
        fault: fault.map(|f| format!("{}: {}", f.kind.words(), f.message)).unwrap_or_default(),
        remedy: fault.and_then(|f| f.remedy.clone()).unwrap_or_default(),
    }
}
