//! The stages, their triggers, the other packs, the rubric and the waivers.

use serde::Serialize;

use crate::{
    check::finding::Status,
    readiness::{
        Readiness,
        model::{Assessed, LevelReadiness, WaiverState},
    },
    report::{chart, model::Audit, words::one_line},
};

/// How the target stands on every ladder.
#[derive(Default, Serialize)]
pub(super) struct Ladder {
    stages: Vec<Level>,
    /// Fenced bars of the scores.
    chart: String,
    /// Triggers that fired, and how many did not or could not be told.
    fired: Vec<Trigger>,
    quiet_triggers: usize,
    unknown_triggers: usize,
    packs: Vec<Pack>,
    rubric: Vec<Grade>,
    waivers: Vec<Waived>,
}

#[derive(Serialize)]
struct Level {
    id: String,
    title: String,
    about: String,
    cost: String,
    verdict: &'static str,
    because: String,
    score: String,
    gates_failed: Vec<String>,
    gates_unknown: usize,
    /// Whether it is the one that is asked for.
    asked: bool,
}

#[derive(Serialize)]
struct Trigger {
    title: String,
    message: String,
    fix: String,
}

#[derive(Serialize)]
struct Pack {
    title: String,
    verdict: &'static str,
    score: String,
    because: String,
    levels: Vec<Level>,
}

#[derive(Serialize)]
struct Grade {
    title: String,
    proven: usize,
    of: usize,
    at_best: usize,
    word: String,
    about: String,
    missing: String,
}

#[derive(Serialize)]
struct Waived {
    state: &'static str,
    check: String,
    subject: String,
    owner: String,
    until: String,
    reason: String,
    why: String,
}

impl Ladder {
    pub(super) fn of(audit: &Audit) -> Self {
        let Some(readiness) = &audit.readiness else { return Self::default() };
        let count = |status| readiness.triggers.iter().filter(|t| t.status == status).count();
        let fired = readiness.triggers.iter().filter(|t| t.status == Status::Fail);
        let fired: Vec<_> = fired
            .map(|t| Trigger { title: t.title.clone(), message: one_line(&t.message), fix: one_line(&t.fix) })
            .collect();
        Self {
            stages: readiness.stages.iter().map(|stage| level(readiness, stage)).collect(),
            chart: chart::stages(&readiness.stages),
            quiet_triggers: readiness.triggers.len() - fired.len() - count(Status::Unknown),
            unknown_triggers: count(Status::Unknown),
            fired,
            packs: readiness.packs.iter().map(|p| pack(readiness, p)).collect(),
            rubric: readiness.rubric.iter().map(|g| grade(readiness, g)).collect(),
            waivers: readiness.waivers.iter().map(waived).collect(),
        }
    }
}

/// Where a criterion is demanded: the pack and its level.
pub(super) fn place(criterion: &Assessed) -> String {
    match &criterion.level {
        Some(level) => format!("{} {level}", criterion.pack),
        None => criterion.pack.clone(),
    }
}

/// The title of a criterion by its id.
fn title(readiness: &Readiness, id: &str) -> String {
    readiness.criteria.iter().find(|c| c.id == id).map_or_else(|| id.to_owned(), |c| c.title.clone())
}

fn level(readiness: &Readiness, level: &LevelReadiness) -> Level {
    Level {
        id: level.id.clone(),
        title: level.title.clone(),
        about: one_line(&level.about),
        cost: level.cost.clone().unwrap_or_default(),
        verdict: level.verdict.words(),
        because: level.because.clone(),
        score: level.score.words(),
        gates_failed: level.gates_failed.iter().map(|id| title(readiness, id)).collect(),
        gates_unknown: level.gates_unknown.len(),
        asked: level.id == readiness.stage.id,
    }
}

fn pack(readiness: &Readiness, pack: &crate::readiness::model::PackReadiness) -> Pack {
    Pack {
        title: pack.title.clone(),
        verdict: pack.verdict.words(),
        score: pack.score.words(),
        because: pack.because.clone(),
        levels: pack.levels.iter().map(|one| level(readiness, one)).collect(),
    }
}

fn grade(readiness: &Readiness, graded: &crate::readiness::model::Graded) -> Grade {
    let missing: Vec<_> = graded.missing.iter().map(|id| title(readiness, id)).collect();
    Grade {
        title: graded.title.clone(),
        proven: graded.grade,
        of: graded.of,
        at_best: graded.at_best,
        word: graded.word.clone(),
        about: one_line(&graded.about),
        missing: missing.join("; "),
    }
}

fn waived(line: &crate::readiness::model::WaiverLine) -> Waived {
    let waiver = &line.waiver;
    Waived {
        state: match line.state {
            WaiverState::Matched => "holds",
            WaiverState::Unused => "not used",
            WaiverState::Expired => "EXPIRED",
            WaiverState::Invalid => "INVALID",
        },
        check: waiver.check.clone(),
        subject: waiver.subject.clone(),
        owner: waiver.owner.clone(),
        until: waiver.expires.map(|day| day.to_string()).unwrap_or_default(),
        reason: one_line(&waiver.reason),
        why: line.why.clone(),
    }
}
