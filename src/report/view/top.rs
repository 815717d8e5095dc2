//! The first screen: what is said of the target in one glance.

use serde::Serialize;

use super::ahead::cost_of_users;
use crate::{
    check::finding::Status,
    readiness::{
        Readiness,
        model::{Assessed, StageName},
        pack::CriterionKind,
        score::Score,
    },
    report::{chart, model::Audit},
};

/// The head of a report. Without readiness, only what an audit of a part can say.
#[derive(Serialize)]
pub(super) struct Top {
    /// NOT READY, UNPROVEN, READY WITH WAIVERS, READY; nothing where only some checks were wanted.
    verdict: Option<&'static str>,
    /// What that word means.
    meaning: &'static str,
    because: String,
    stage: String,
    stage_because: String,
    reached: String,
    score: String,
    coverage: String,
    known: String,
    weakest: Option<String>,
    gates: String,
    /// Gates of the stage that fail, then those that are not measured; by title.
    gates_failed: Vec<String>,
    gates_unknown: Vec<String>,
    /// Where the score lies between 0 and 100.
    bar: String,
    cost: Option<String>,
    cost_ground: Option<String>,
}

impl Top {
    pub(super) fn of(audit: &Audit) -> Self {
        let cost = cost_of_users(audit);
        let (cost, cost_ground) = cost.map_or((None, None), |(cost, ground)| (Some(cost), Some(ground)));
        let Some(readiness) = &audit.readiness else { return Self::of_a_part(cost, cost_ground) };
        let gates = asked(readiness).filter(|c| c.gate).collect::<Vec<_>>();
        let titles = |status| gates.iter().filter(|c| c.status == status).map(|c| c.title.clone()).collect::<Vec<_>>();
        let (failed, unknown) = (titles(Status::Fail), titles(Status::Unknown));
        let score = &readiness.score;
        Self {
            verdict: Some(readiness.verdict.words()),
            meaning: meaning(readiness),
            because: readiness.because.clone(),
            stage: named(&readiness.stage),
            stage_because: readiness.stage_because.clone(),
            reached: readiness.stage_reached.as_ref().map_or("none yet".to_owned(), named),
            score: chart::interval_words(score.low, score.high),
            coverage: format!("{:.0} %", (100.0 * score.coverage + 1e-9).floor()),
            known: known(score),
            weakest: readiness
                .domains
                .first()
                .map(|d| format!("{}, {}", d.domain, chart::interval_words(d.score.low, d.score.high))),
            gates: format!(
                "{} fail, {} not measured, {} waived, of {}",
                failed.len(),
                unknown.len(),
                titles(Status::Waived).len(),
                gates.len()
            ),
            gates_failed: failed,
            gates_unknown: unknown,
            bar: chart::interval(score.low, score.high),
            cost,
            cost_ground,
        }
    }

    fn of_a_part(cost: Option<String>, cost_ground: Option<String>) -> Self {
        Self {
            verdict: None,
            meaning: "only some checks were wanted, and a part has no readiness",
            because: String::new(),
            stage: String::new(),
            stage_because: String::new(),
            reached: String::new(),
            score: String::new(),
            coverage: String::new(),
            known: String::new(),
            weakest: None,
            gates: String::new(),
            gates_failed: Vec::new(),
            gates_unknown: Vec::new(),
            bar: String::new(),
            cost,
            cost_ground,
        }
    }
}

/// The demands of the stage that is asked for, and of all below it.
pub(super) fn asked(readiness: &Readiness) -> impl Iterator<Item = &Assessed> {
    let rank = readiness.stages.iter().position(|level| level.id == readiness.stage.id).unwrap_or(usize::MAX);
    let counts = move |c: &&Assessed| c.pack == readiness.pack && c.kind == CriterionKind::Demand && c.rank <= rank;
    readiness.criteria.iter().filter(counts)
}

fn named(stage: &StageName) -> String {
    format!("{}, {}", stage.id, stage.title)
}

fn known(score: &Score) -> String {
    format!("{} of {} demands that apply are known", score.known, score.applicable)
}

fn meaning(readiness: &Readiness) -> &'static str {
    use crate::readiness::score::Verdict;
    match readiness.verdict {
        Verdict::NotReady => "a must-have (gate) of this stage fails",
        Verdict::Unproven => "no must-have (gate) is known to fail, but too much was not measured to say that all hold",
        Verdict::ReadyWithWaivers => "all must-haves (gates) hold, some of them only because people accepted a risk",
        Verdict::Ready => "all must-haves (gates) of this stage were measured, and hold",
    }
}
