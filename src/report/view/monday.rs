//! What to do first: the worst finding, the nearest bottleneck, the first gate that fails; then whatever is next.

use serde::Serialize;

use super::{limits, top};
use crate::{
    check::finding::Status,
    report::{
        model::Audit,
        words::{first_words, one_line, sentence},
    },
};

/// How many things a person can begin on one day.
const MOST: usize = 3;

/// Columns of a remedy on the first screen; the whole of it stands further down.
const WIDTH: usize = 240;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Action {
    /// What is wrong, about what.
    what: String,
    /// What to do.
    fix: String,
    /// Why this one.
    because: String,
    /// The check or criterion that it mends, by which it is found below.
    about: String,
    /// Whose resource it is; nothing where it is about the whole.
    subject: String,
}

/// Three things, each from another side and about another subject as long as there are such.
pub(super) fn actions(audit: &Audit) -> Vec<Action> {
    let mut sides = [findings(audit), bottlenecks(audit), gates(audit), measures(audit)];
    let mut chosen: Vec<Action> = Vec::new();
    for of_another_subject in [true, false] {
        for turn in 0..MOST * sides.len() {
            let side = turn % sides.len();
            let new = |action: &Action| {
                let told = |c: &Action| c.about == action.about || c.fix == action.fix;
                let near = |c: &Action| of_another_subject && !c.subject.is_empty() && c.subject == action.subject;
                !chosen.iter().any(|c| told(c) || near(c))
            };
            if chosen.len() < MOST
                && let Some(side) = sides.get_mut(side)
                && let Some(at) = side.iter().position(new)
            {
                chosen.push(side.remove(at));
            }
        }
    }
    chosen
}

fn findings(audit: &Audit) -> Vec<Action> {
    let bad = audit.findings.iter().filter(|f| f.status == Status::Fail && !f.fix.is_empty());
    bad.map(|f| Action {
        what: format!("{} ({})", f.title, f.subject),
        fix: sentence(&first_words(&f.fix, WIDTH)),
        because: sentence(&one_line(&f.message)),
        about: f.check.clone(),
        subject: f.subject.clone(),
    })
    .collect()
}

fn bottlenecks(audit: &Audit) -> Vec<Action> {
    let under = |multiple: Option<f64>| multiple.is_some_and(|multiple| multiple < 1.0);
    let short = audit.bottlenecks.iter().filter(|b| under(b.margin) || under(b.headroom));
    short
        .filter(|b| !b.fix.is_empty())
        .map(|b| Action {
            what: sentence(&format!("{} ({})", b.resource, b.subject)).trim_end_matches('.').to_owned(),
            fix: sentence(&first_words(&b.fix, WIDTH)),
            because: sentence(&format!("full {}", limits::full(b))),
            about: b.check.clone(),
            subject: b.subject.clone(),
        })
        .collect()
}

fn gates(audit: &Audit) -> Vec<Action> {
    let gates = audit.readiness.iter().flat_map(top::asked).filter(|c| c.gate && c.status == Status::Fail);
    let of_finding = |checks: &[crate::readiness::model::Basis]| {
        let check = &checks.first()?.check;
        audit.findings.iter().find(|f| f.check == *check && !f.fix.is_empty()).map(|f| f.fix.clone())
    };
    gates
        .filter_map(|c| {
            let fix = Some(c.fix.clone()).filter(|fix| !fix.is_empty()).or_else(|| of_finding(&c.ground))?;
            Some(Action {
                what: format!("{} (gate)", c.title),
                fix: sentence(&first_words(&fix, WIDTH)),
                because: sentence(&one_line(&c.message)),
                about: c.ground.first().map_or_else(|| c.id.clone(), |basis| basis.check.clone()),
                subject: c.ground.first().map(|basis| basis.subject.clone()).unwrap_or_default(),
            })
        })
        .collect()
}

/// Where nothing else is due: gates that nobody has measured.
fn measures(audit: &Audit) -> Vec<Action> {
    let unknown = audit.readiness.iter().flat_map(top::asked).filter(|c| c.gate && c.status == Status::Unknown);
    unknown
        .map(|c| {
            let how = c.needs.clone().or_else(|| c.question.as_ref().map(|q| format!("answer: {q}")));
            Action {
                what: format!("Measure: {}", c.title),
                fix: sentence(&first_words(&how.unwrap_or_else(|| one_line(&c.message)), WIDTH)),
                because: sentence(&one_line(&c.message)),
                about: c.id.clone(),
                subject: String::new(),
            }
        })
        .collect()
}
