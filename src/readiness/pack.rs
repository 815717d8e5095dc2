//! A pack as its file says it: what a document of growth demands, criterion by criterion.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::check::{
    definition::{Computed, Given, Param, ParamValue, RuleDef},
    finding::Status,
};

/// What the levels of a pack mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PackKind {
    /// A ladder of stages of growth; `--stage` speaks of its levels.
    Stages,
    /// Phases of a roadmap, each with a gate.
    Phases,
    /// No levels: one list of demands.
    #[default]
    List,
}

/// A pack.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackDef {
    /// Its id: the prefix of its criteria.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What it is and where its demands come from.
    pub about: String,
    /// What its levels mean.
    #[serde(default)]
    pub kind: PackKind,
    /// The rows of the catalogue that it answers.
    #[serde(default)]
    pub catalogue: Option<Catalogue>,
    /// Its levels, the lowest first.
    #[serde(default)]
    pub levels: Vec<LevelDef>,
    /// Its criteria.
    #[serde(default)]
    pub criteria: Vec<CriterionDef>,
    /// Its rubric.
    #[serde(default)]
    pub rubric: Vec<RubricDef>,
    /// Homes of rows that are no criterion: a calculator, a step of a runbook, a stated reason for none.
    #[serde(default)]
    pub homes: Vec<HomeDef>,
    /// What to try first, then, finally, by symptom.
    #[serde(default)]
    pub advice: Vec<AdviceDef>,
}

/// The rows of the catalogue that a pack answers, counted from 1: `A-001` to `A-120`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The letter of its ids.
    pub prefix: String,
    /// How many there are.
    pub rows: u32,
}

/// A level: a stage, a phase.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LevelDef {
    /// Its id, as `--stage` takes it: `2`, `10x`.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What a system of this level looks like.
    pub about: String,
    /// The least number of users.
    #[serde(default)]
    pub users_from: Option<f64>,
    /// The number of users at which it ends.
    #[serde(default)]
    pub users_to: Option<f64>,
    /// What it costs a month, in words.
    #[serde(default)]
    pub cost: Option<String>,
    /// By what the load of today is multiplied.
    #[serde(default)]
    pub multiple: Option<f64>,
    /// The rows of the catalogue that it answers.
    #[serde(default)]
    pub rows: Vec<String>,
}

/// What a criterion is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CriterionKind {
    /// It is demanded and counts.
    #[default]
    Demand,
    /// It says when to move on to the next level: a fail means that it has fired. It does not count.
    Trigger,
}

/// At which levels a criterion counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Counts {
    /// At its own level and those above.
    #[default]
    Onwards,
    /// At its own level only: what a small system should leave out, a large one may need.
    Here,
}

/// One criterion. It is bound to checks, to a rule of its own, to a question for a person, or to several.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CriterionDef {
    /// Its id within the pack.
    pub id: String,
    /// What is demanded, in a few words.
    pub title: String,
    /// What it is.
    #[serde(default)]
    pub kind: CriterionKind,
    /// The level that demands it; all levels where left out.
    #[serde(default)]
    pub level: Option<String>,
    /// At which levels it counts.
    #[serde(default)]
    pub counts: Counts,
    /// The domain it counts towards.
    pub domain: String,
    /// Whether a fail blocks.
    #[serde(default)]
    pub gate: bool,
    /// How much it counts.
    #[serde(default = "one")]
    pub weight: f64,
    /// The rows of the catalogue that it answers.
    #[serde(default)]
    pub rows: Vec<String>,
    /// Why it matters.
    #[serde(default)]
    pub why: String,
    /// What to do where it fails.
    #[serde(default)]
    pub fix: String,
    /// Checks that decide it: the worst of their findings.
    #[serde(default)]
    pub checks: Vec<String>,
    /// Only findings about these subjects; `*` and `?` stand for any characters.
    #[serde(default)]
    pub subject: Option<String>,
    /// Whether the criterion does not apply where its checks do not. Else it is unknown then: a check that finds
    /// too little traffic to judge has proven nothing.
    #[serde(default)]
    pub may_not_apply: bool,
    /// Thresholds of this criterion instead of the checks' own: `"postgres.replication-lag.warn" = "5s"`.
    #[serde(default)]
    pub params: BTreeMap<String, ParamValue>,
    /// A rule of its own.
    #[serde(default)]
    pub rule: Option<RuleOf>,
    /// A question for a person.
    #[serde(default)]
    pub attest: Option<Question>,
    /// What would answer it, where nothing that is there does.
    #[serde(default)]
    pub needs: Option<String>,
    /// Whether a fail may be waived.
    #[serde(default = "yes")]
    pub waivable: bool,
    /// What proves it.
    #[serde(default)]
    pub cases: Vec<CriterionCase>,
}

fn one() -> f64 {
    1.0
}

fn yes() -> bool {
    true
}

/// Over which rows a rule must hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HoldsFor {
    /// The worst row decides.
    #[default]
    Every,
    /// One good row is enough.
    Some,
}

/// A rule of a criterion: a small check of its own.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleOf {
    /// The probe or derivation whose rows it judges.
    pub from: String,
    /// Only rows for which this CEL expression is true.
    #[serde(default)]
    pub only: Option<String>,
    /// Over which of them it must hold.
    #[serde(default)]
    pub holds_for: HoldsFor,
    /// What it means that there is none of them. Unknown where left out: no rows where rows are due.
    #[serde(default)]
    pub empty: Option<Status>,
    /// What is said then.
    #[serde(default)]
    pub empty_message: Option<String>,
    /// What its rules compare with.
    #[serde(default)]
    pub params: BTreeMap<String, Param>,
    /// Values worked out for each row.
    #[serde(default)]
    pub values: BTreeMap<String, Computed>,
    /// The rules, the worst first; none that holds means pass.
    pub rules: Vec<RuleDef>,
    /// Names what a row is about (Tera).
    #[serde(default)]
    pub subject: Option<String>,
    /// Says how it stands (Tera); also said of a pass where one good row is enough.
    pub message: String,
}

/// A question that a person answers, in `attestations/<pack>.<criterion>.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The question, to be answered with yes or no; yes is good.
    pub question: String,
    /// The evidence that is wanted.
    #[serde(default)]
    pub evidence: String,
    /// How long an answer holds at most.
    #[serde(default = "half_a_year")]
    pub max_age: String,
    /// Whether a second person must approve.
    #[serde(default)]
    pub two_person: bool,
    /// Whether it is asked besides what is measured, or instead of what could not be.
    #[serde(default)]
    pub asked: Asked,
}

fn half_a_year() -> String {
    "180d".into()
}

/// How a question stands beside what is measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Asked {
    /// An answer stands in where nothing could be measured; what is measured wins.
    #[default]
    Instead,
    /// Both must hold.
    Also,
}

/// What proves a criterion: answers of servers and people, and the status that follows.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CriterionCase {
    /// The situation.
    pub name: String,
    /// The answers of probes; each names its probe.
    #[serde(default)]
    pub given: Vec<Given>,
    /// A person's live answer: `yes`, `no` or `n-a`.
    #[serde(default)]
    pub attested: Option<String>,
    /// The status that follows.
    pub expect: Status,
    /// Words that its message holds.
    #[serde(default)]
    pub says: Option<String>,
}

/// A row of a rubric.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RubricDef {
    /// Its id.
    pub id: String,
    /// What is graded.
    pub title: String,
    /// The grades, the lowest first. The lowest demands nothing.
    pub grades: Vec<GradeDef>,
}

/// A grade of a rubric.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GradeDef {
    /// Its word.
    pub word: String,
    /// What it means.
    pub about: String,
    /// Criteria of any pack (`pack.criterion`) that must hold, besides those of the lower grades.
    #[serde(default)]
    pub needs: Vec<String>,
    /// The rows of the catalogue that it answers.
    #[serde(default)]
    pub rows: Vec<String>,
}

/// The home of rows that no criterion answers.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HomeDef {
    /// The rows.
    pub rows: Vec<String>,
    /// A check.
    #[serde(default)]
    pub check: Option<String>,
    /// The words after `loadline capacity` that work it out.
    #[serde(default)]
    pub calculator: Option<String>,
    /// Words that the calculator's output holds, where the row is a test vector.
    #[serde(default)]
    pub gives: Option<String>,
    /// A runbook.
    #[serde(default)]
    pub runbook: Option<String>,
    /// The step of the runbook.
    #[serde(default)]
    pub step: Option<String>,
    /// Where the report answers it.
    #[serde(default)]
    pub report: Option<String>,
    /// Why there is no home.
    #[serde(default)]
    pub none: Option<String>,
}

/// What to try first, then, finally.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdviceDef {
    /// Its id.
    pub id: String,
    /// The symptom.
    pub symptom: String,
    /// Check ids with `*`, or `domain:…`, whose bottlenecks and findings it belongs to.
    #[serde(rename = "for")]
    pub belongs_to: Vec<String>,
    /// What to try first.
    pub first: String,
    /// Then.
    pub then: String,
    /// Finally.
    pub finally: String,
    /// The rows of the catalogue that it answers.
    #[serde(default)]
    pub rows: Vec<String>,
}

impl Question {
    /// A short mark of the question, the first 64 bits of its SHA-256: an answer to another question is stale.
    pub fn mark(&self) -> String {
        let words: Vec<_> = self.question.split_whitespace().collect();
        mark(&words.join(" "))
    }
}

/// A short mark of a text: the first 64 bits of its SHA-256.
pub(super) fn mark(text: &str) -> String {
    crate::digest::hex(&Sha256::digest(text)[..8])
}
