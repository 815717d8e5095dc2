//! A check as its file says it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{finding::Status, probe::Probe};
use crate::snapshot::{Unit, Value};

/// How bad a failure of the check is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Costs something.
    Low,
    /// Hurts users when load grows.
    Medium,
    /// Hurts users now or at the next peak.
    High,
    /// Takes the system down.
    Critical,
}

impl Severity {
    /// The word in files and outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// Who wants to hear of the check: a dial of its own, never mixed with severity.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Persona {
    /// The engineer on call, now.
    Incident,
    /// The team before a launch or campaign.
    PreLaunch,
    /// The quarterly clean-up.
    Deep,
}

/// A number that a rule compares with.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Param {
    /// The default: a number, or a quantity such as `"10MiB"`, `"5m"`, `"90%"`.
    pub default: ParamValue,
    /// What it counts.
    #[serde(default)]
    pub unit: Unit,
    /// Where the default comes from. Every threshold has an origin, if only our own judgement.
    pub source: String,
    /// What it does.
    #[serde(default)]
    pub about: String,
}

/// A number as a person writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ParamValue {
    /// In the unit's base.
    Number(f64),
    /// `"10MiB"`, `"5m"`, `"90%"`.
    Quantity(String),
}

impl ParamValue {
    /// The number in base units.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn read(&self, unit: Unit) -> Result<f64, String> {
        match self {
            Self::Number(number) if number.is_finite() => Ok(*number),
            Self::Number(number) => Err(format!("{number} is not a finite number")),
            Self::Quantity(text) => crate::quantity::parse(text, unit),
        }
    }
}

/// A value worked out for each row before the rules: one place for a formula that rules, messages and
/// evidence share.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Computed {
    /// A CEL expression.
    pub is: String,
    /// What it counts.
    #[serde(default)]
    pub unit: Unit,
}

/// One rule. Rules are tried in order; the first that holds gives the status; none means pass.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleDef {
    /// The status when it holds.
    pub status: Status,
    /// A CEL expression that is true or false.
    pub when: String,
    /// A message instead of the check's own.
    #[serde(default)]
    pub message: Option<String>,
    /// A severity instead of the check's own.
    #[serde(default)]
    pub severity: Option<Severity>,
}

/// When a row is worth judging at all.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Applies {
    /// A CEL expression; false means not-applicable.
    pub when: String,
    /// Why not, in words.
    pub reason: String,
}

/// What a resource fills with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Grows {
    /// With load: twice the requests, twice the use.
    Traffic,
    /// With time, whatever the load.
    Time,
}

/// How well the numbers of a limit say what load does, where it is not a measurement under load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LimitGrade {
    /// Limits are set against each other; nothing of it is load.
    Static,
}

/// The limit that a check knows: how much of what is used, and up to where that is safe.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HeadroomDef {
    /// The resource, in words (Tera): `connection slots`.
    pub resource: String,
    /// A CEL number: how much is used now.
    pub used: String,
    /// A CEL number: the most that is safe, below the hard limit.
    pub ceiling: String,
    /// A CEL number: how much is used without any load; 0 where left out.
    #[serde(default)]
    pub idle: Option<String>,
    /// What it fills with.
    pub grows: Grows,
    /// A CEL number, for what fills with time: how much more is used each second.
    #[serde(default)]
    pub rate: Option<String>,
    /// Only rows for which this CEL expression is true; the others cannot fill up.
    #[serde(default)]
    pub when: Option<String>,
    /// What it counts.
    #[serde(default)]
    pub unit: Unit,
    /// Whether what is used is work in progress at the same time: with enough load levels throughput then follows
    /// the Universal Scalability Law and not a line.
    #[serde(default)]
    pub concurrency: bool,
    /// `static` where limits are set against each other.
    #[serde(default)]
    pub grade: Option<LimitGrade>,
}

/// Given observations and expected findings: what proves that a rule fires and stays silent.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The situation.
    pub name: String,
    /// The answers.
    pub given: Vec<Given>,
    /// Parameters that differ from the defaults.
    #[serde(default)]
    pub params: BTreeMap<String, ParamValue>,
    /// The findings, in order; passes are folded into one.
    pub expect: Vec<Expect>,
}

/// One answer of a case.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The probe; the check's own where left out.
    #[serde(default)]
    pub probe: Option<String>,
    /// The source's name.
    #[serde(default = "default_source")]
    pub source: String,
    /// The database.
    #[serde(default)]
    pub database: Option<String>,
    /// Rows; a column left out is NULL.
    #[serde(default)]
    pub rows: Vec<BTreeMap<String, Value>>,
    /// The first sample, ten seconds before.
    #[serde(default)]
    pub earlier: Option<Vec<BTreeMap<String, Value>>>,
    /// Why there are no rows.
    #[serde(default)]
    pub fault: Option<String>,
    /// What the role could not see.
    #[serde(default)]
    pub not_visible: Option<String>,
}

fn default_source() -> String {
    "primary".into()
}

/// What a case expects of one finding. What is left out is not compared.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The status.
    pub status: Status,
    /// The subject.
    #[serde(default)]
    pub subject: Option<String>,
    /// Words that the message holds.
    #[serde(default)]
    pub says: Option<String>,
}

/// A check.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckDef {
    /// `<source>.<name>`: the configuration key, the docs anchor, the test's name.
    pub id: String,
    /// What is wrong when it fails, in a few words.
    pub title: String,
    /// The domain it counts towards: connections, replication, memory, …
    #[serde(default = "default_domain")]
    pub domain: String,
    /// How bad a failure is.
    pub severity: Severity,
    /// Who wants to hear of it; all where left out.
    #[serde(default = "default_personas")]
    pub personas: Vec<Persona>,
    /// Free words to select by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Why it matters, for a tired reader.
    pub why: String,
    /// What to do; may use the row as messages do.
    pub fix: String,
    /// A command that belongs to the fix, shown to be read and run by a person.
    #[serde(default)]
    pub command: Option<String>,
    /// Further reading.
    #[serde(default)]
    pub links: Vec<String>,
    /// Runbooks that cure it.
    #[serde(default)]
    pub runbooks: Vec<String>,
    /// The shared probe or derivation whose rows are judged.
    #[serde(default)]
    pub from: Option<String>,
    /// Or a probe of its own.
    #[serde(default)]
    pub probe: Option<Probe>,
    /// When a row is worth judging.
    #[serde(default)]
    pub applies: Option<Applies>,
    /// What its rules compare with.
    #[serde(default)]
    pub params: BTreeMap<String, Param>,
    /// Values worked out for each row.
    #[serde(default)]
    pub values: BTreeMap<String, Computed>,
    /// The rules, the worst first.
    pub rules: Vec<RuleDef>,
    /// The limit that it knows, for the ranking of bottlenecks.
    #[serde(default)]
    pub headroom: Option<HeadroomDef>,
    /// Names what a row is about (Tera).
    #[serde(default = "default_subject")]
    pub subject: String,
    /// Says what is wrong with it (Tera).
    pub message: String,
    /// Which columns and values are shown as evidence, in this order; all columns where left out.
    #[serde(default)]
    pub evidence: Vec<String>,
    /// A CEL number: the largest is the worst and comes first.
    #[serde(default)]
    pub rank: Option<String>,
    /// The most findings of one status that are listed one by one.
    #[serde(default = "default_limit")]
    pub limit: usize,
    /// What proves the rules.
    #[serde(default)]
    pub cases: Vec<Case>,
}

fn default_domain() -> String {
    "general".into()
}

fn default_personas() -> Vec<Persona> {
    vec![Persona::Incident, Persona::PreLaunch, Persona::Deep]
}

fn default_subject() -> String {
    "{{ source }}".into()
}

fn default_limit() -> usize {
    20
}
