//! Readiness as screens, reports and programs read it. It shows what judging returned and can judge nothing.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answers::{Attestation, Waiver},
    pack::{Counts, CriterionKind, PackKind},
    score::{Score, Verdict},
};
use crate::check::finding::Status;

/// The readiness of a target.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Readiness {
    /// The pack whose levels are the stages.
    pub pack: String,
    /// The stage that is asked for.
    pub stage: StageName,
    /// Why this one: a flag, the plan, the number of users.
    pub stage_because: String,
    /// The verdict on it.
    pub verdict: Verdict,
    /// What decides the verdict, in a sentence.
    pub because: String,
    /// The highest stage whose own and all lower verdicts are READY or READY WITH WAIVERS.
    pub stage_reached: Option<StageName>,
    /// The score of that stage and all below it.
    pub score: Score,
    /// How much of it is known, from 0 to 1.
    pub coverage: f64,
    /// The domain that stands worst.
    pub weakest_domain: Option<String>,
    /// The domains, the weakest first.
    pub domains: Vec<DomainScore>,
    /// The ladder, the lowest stage first.
    pub stages: Vec<LevelReadiness>,
    /// Triggers of the stages up to the one that is asked for: when it is time to move on.
    pub triggers: Vec<Assessed>,
    /// The other packs.
    pub packs: Vec<PackReadiness>,
    /// Rows of rubrics, with the grade that is proven.
    pub rubric: Vec<Graded>,
    /// All criteria of all packs, the ladder first.
    pub criteria: Vec<Assessed>,
    /// Accepted fails, and which of them hold, are not used or have expired.
    pub waivers: Vec<WaiverLine>,
}

/// A level by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StageName {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
}

/// How a domain stands.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct DomainScore {
    /// The domain.
    pub domain: String,
    /// Its score.
    pub score: Score,
}

/// How a level stands, with all below it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LevelReadiness {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What a system of this level looks like.
    pub about: String,
    /// What it costs a month, in words.
    pub cost: Option<String>,
    /// By what the load of today is multiplied.
    pub multiple: Option<f64>,
    /// The verdict.
    pub verdict: Verdict,
    /// What decides it.
    pub because: String,
    /// The score.
    pub score: Score,
    /// Gates of this level and those below that fail.
    pub gates_failed: Vec<String>,
    /// Gates that are not measured.
    pub gates_unknown: Vec<String>,
    /// Gates that hold by an accepted fail only.
    pub gates_waived: Vec<String>,
    /// When the first of their waivers ends.
    #[schemars(with = "Option<String>")]
    pub waived_until: Option<Date>,
}

/// How a pack stands as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PackReadiness {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What its levels mean.
    pub kind: PackKind,
    /// The verdict on all of it.
    pub verdict: Verdict,
    /// What decides it.
    pub because: String,
    /// Its score.
    pub score: Score,
    /// Its levels, the lowest first.
    pub levels: Vec<LevelReadiness>,
}

/// One criterion and how it stands.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Assessed {
    /// `<pack>.<criterion>`.
    pub id: String,
    /// The pack.
    pub pack: String,
    /// What is demanded.
    pub title: String,
    /// What it is.
    pub kind: CriterionKind,
    /// The level that demands it.
    pub level: Option<String>,
    /// Whether it counts for that level only, or for those above it too.
    pub counts: Counts,
    /// The place of the level in the pack, from 0.
    pub rank: usize,
    /// The domain it counts towards.
    pub domain: String,
    /// Whether a fail blocks.
    pub gate: bool,
    /// How much it counts.
    pub weight: f64,
    /// How it stands; of a trigger, a fail means that it has fired.
    pub status: Status,
    /// Why, in a sentence.
    pub message: String,
    /// What it stands on, the worst first.
    pub ground: Vec<Basis>,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub fix: String,
    /// What would answer it, where it is unknown.
    pub needs: Option<String>,
    /// The question for a person.
    pub question: Option<String>,
    /// The answer.
    pub attestation: Option<Attestation>,
    /// The waiver.
    pub waiver: Option<Waiver>,
    /// The rows of the catalogue that it answers.
    pub rows: Vec<String>,
}

impl Assessed {
    /// Whether it has a say in the readiness for a level, by the level's place in the pack.
    pub fn counts_at(&self, rank: usize) -> bool {
        self.rank == rank || (self.rank < rank && self.counts == Counts::Onwards)
    }
}

/// One thing that a criterion stands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Basis {
    /// The check, or the probe of a rule of its own.
    pub check: String,
    /// What it is about.
    pub subject: String,
    /// What was concluded.
    pub status: Status,
    /// In a sentence.
    pub message: String,
}

/// A row of a rubric with its grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Graded {
    /// The pack.
    pub pack: String,
    /// The row.
    pub id: String,
    /// What is graded.
    pub title: String,
    /// The grade that is proven, from 1.
    pub grade: usize,
    /// The grade that it would be if everything unknown were good.
    pub at_best: usize,
    /// How many grades there are.
    pub of: usize,
    /// The word of the proven grade.
    pub word: String,
    /// What the proven grade means.
    pub about: String,
    /// Criteria that stand between it and the next grade.
    pub missing: Vec<String>,
}

/// A pack that the judgement rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PackLine {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Its file.
    pub file: String,
    /// Which version: the first 64 bits of the SHA-256 of the file.
    pub mark: String,
    /// How many criteria it has.
    pub criteria: usize,
    /// Runbooks that it sends people to, with the steps that it means.
    pub runbooks: Vec<RunbookLine>,
}

/// A runbook that a pack sends people to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunbookLine {
    /// Its id.
    pub id: String,
    /// The steps that are meant; none for all of it.
    pub steps: Vec<String>,
}

impl PackLine {
    /// What a report says of a pack.
    pub(super) fn of(pack: &super::packs::Pack) -> Self {
        let mut runbooks: Vec<RunbookLine> = Vec::new();
        for home in &pack.def.homes {
            let Some(id) = &home.runbook else { continue };
            let at = runbooks.iter().position(|runbook| runbook.id == *id).unwrap_or_else(|| {
                runbooks.push(RunbookLine { id: id.clone(), steps: Vec::new() });
                runbooks.len() - 1
            });
            runbooks[at].steps.extend(home.step.clone());
        }
        Self {
            id: pack.def.id.clone(),
            title: pack.def.title.clone(),
            file: pack.file.clone(),
            mark: pack.mark.clone(),
            criteria: pack.criteria.len(),
            runbooks,
        }
    }
}

/// What became of a waiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WaiverState {
    /// It holds and accepts at least one fail.
    Matched,
    /// It holds, and nothing fails that it accepts.
    Unused,
    /// It has ended.
    Expired,
    /// It cannot hold.
    Invalid,
}

/// A waiver and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WaiverLine {
    /// The waiver.
    pub waiver: Waiver,
    /// What became of it.
    pub state: WaiverState,
    /// Why, where it is not obvious.
    pub why: String,
}
