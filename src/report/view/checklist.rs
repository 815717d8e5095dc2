//! The checklist to sign, and the runbooks to rehearse.

use std::collections::BTreeMap;

use serde::Serialize;

use super::top;
use crate::{
    check::finding::Status,
    readiness::model::Assessed,
    report::{model::Audit, words::one_line},
};

/// A level of the ladder with its demands.
#[derive(Serialize)]
pub(super) struct Level {
    title: String,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    /// Whether it is done; only what is known to hold is.
    done: bool,
    status: &'static str,
    gate: bool,
    title: String,
    message: String,
    id: String,
    /// Who answered, and until when that holds.
    answered: Option<String>,
    /// What a person is asked.
    question: Option<String>,
}

/// The demands of the stage that is asked for and of those below it.
pub(super) fn levels(audit: &Audit) -> Vec<Level> {
    let Some(readiness) = &audit.readiness else { return Vec::new() };
    let rank = |level: usize| top::asked(readiness).filter(move |c| c.rank == level);
    let levels = readiness.stages.iter().enumerate();
    levels
        .map(|(at, level)| Level {
            title: format!("Stage {}, {}", level.id, level.title),
            lines: rank(at).map(line).collect(),
        })
        .filter(|level| !level.lines.is_empty())
        .collect()
}

fn line(criterion: &Assessed) -> Line {
    let answered = criterion.attestation.as_ref().map(|a| {
        let day = |day: Option<jiff::civil::Date>| day.map_or_else(|| "no day".to_owned(), |day| day.to_string());
        format!("{} on {}, holds until {}", a.by, day(a.on), day(a.expires))
    });
    Line {
        done: matches!(criterion.status, Status::Pass | Status::NotApplicable),
        status: criterion.status.word(),
        gate: criterion.gate,
        title: criterion.title.clone(),
        message: one_line(&criterion.message),
        id: criterion.id.clone(),
        question: criterion.question.clone().filter(|_| answered.is_none() && criterion.status == Status::Unknown),
        answered,
    }
}

/// A runbook, and why it is due.
#[derive(Serialize)]
pub(super) struct Runbook {
    id: String,
    /// Checks whose findings it cures now.
    cures: String,
    /// The steps that packs mean.
    steps: String,
    /// Alerts and bottlenecks of the plan, and packs, that send people to it.
    named_by: String,
}

/// The runbooks of bad findings first, then those that packs name.
pub(super) fn runbooks(audit: &Audit) -> Vec<Runbook> {
    #[derive(Default)]
    struct Due {
        cures: Vec<String>,
        steps: Vec<String>,
        named_by: Vec<String>,
    }
    let mut due: BTreeMap<&str, Due> = BTreeMap::new();
    let add = |to: &mut Vec<String>, words: &str| {
        if !to.iter().any(|there| there == words) {
            to.push(words.to_owned());
        }
    };
    for finding in audit.findings.iter().filter(|f| matches!(f.status, Status::Fail | Status::Warn)) {
        for id in &finding.runbooks {
            add(&mut due.entry(id).or_default().cures, &finding.check);
        }
    }
    for pack in &audit.packs {
        for runbook in &pack.runbooks {
            let entry = due.entry(&runbook.id).or_default();
            add(&mut entry.named_by, &pack.title);
            runbook.steps.iter().for_each(|step| add(&mut entry.steps, step));
        }
    }
    let mut all: Vec<_> = due
        .into_iter()
        .map(|(id, due)| Runbook {
            id: id.to_owned(),
            cures: due.cures.join(", "),
            steps: due.steps.join("; "),
            named_by: due.named_by.join(", "),
        })
        .collect();
    all.sort_by_key(|runbook| runbook.cures.is_empty());
    all
}
