//! What a check concluded about one subject, with the ground it stands on.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::definition::{Persona, Severity};
use crate::snapshot::{Unit, Value};

/// What was concluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Looked at and in order.
    Pass,
    /// Does not apply, for a proven reason.
    NotApplicable,
    /// Failed, and accepted by a live waiver.
    Waived,
    /// Not measured. Never good.
    Unknown,
    /// Near the limit.
    Warn,
    /// Over the limit.
    Fail,
}

impl Status {
    /// The word on screens and in reports; colour only ever repeats it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::NotApplicable => "N/A",
            Self::Waived => "WAIVED",
            Self::Unknown => "UNKNOWN",
            Self::Warn => "WARN",
            Self::Fail => "FAIL",
        }
    }
}

/// One value that a finding rests on.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Evidence {
    /// The column or computed value.
    pub name: String,
    /// What was seen.
    pub value: Value,
    /// What it counts.
    pub unit: Unit,
}

/// One number that the deciding rule compared with.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Threshold {
    /// The parameter.
    pub param: String,
    /// The number applied, in base units.
    pub value: f64,
    /// What it counts.
    pub unit: Unit,
    /// Where it comes from: the check's default and its source, or the configuration.
    pub origin: String,
}

/// What the finding stands on besides its evidence.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Ground {
    /// The probe that was asked.
    pub probe: String,
    /// The source that answered.
    pub source: Option<String>,
    /// The database that answered, where each is asked by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// When it answered.
    #[schemars(with = "Option<String>")]
    pub observed_at: Option<Timestamp>,
    /// Over how many seconds changes and rates were taken; absent without a second sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_s: Option<f64>,
    /// Since when the counters count, as the server says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counting_since: Option<String>,
    /// What the role could not see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_visible: Option<String>,
    /// How many rows were looked at.
    pub rows: usize,
    /// How many there were, where the listing was cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows_in_all: Option<u64>,
}

/// A conclusion about one subject. Built only by [`Finding::new`], so that none lacks a subject or a ground.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Finding {
    /// The check.
    pub check: String,
    /// Its title.
    pub title: String,
    /// The domain it counts towards.
    pub domain: String,
    /// What was concluded.
    pub status: Status,
    /// How bad it is.
    pub severity: Severity,
    /// Who wants to hear of it.
    pub personas: Vec<Persona>,
    /// What it is about.
    pub subject: String,
    /// What was found, in a sentence.
    pub message: String,
    /// The values it rests on.
    pub evidence: Vec<Evidence>,
    /// What they were compared with.
    pub threshold: Vec<Threshold>,
    /// What else it stands on.
    pub ground: Ground,
    /// Why it matters.
    pub why: String,
    /// What to do; empty where there is nothing to mend.
    pub fix: String,
    /// A command that belongs to the fix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Further reading.
    pub links: Vec<String>,
    /// Runbooks that cure it, the best first.
    pub runbooks: Vec<String>,
    /// The command line that opens the best of them with values filled in; left out where there is nothing to cure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens: Option<String>,
}

/// Why a finding cannot be built.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FindingError {
    /// It would be about nothing.
    #[error("build a finding of {0}: its subject is empty")]
    NoSubject(String),
    /// It would say nothing.
    #[error("build a finding of {0}: its message is empty")]
    NoMessage(String),
}

impl Finding {
    /// Builds a finding from a check's own words and what was seen.
    pub fn new(
        check: &super::definition::CheckDef,
        status: Status,
        subject: String,
        message: String,
        ground: Ground,
    ) -> Result<Self, FindingError> {
        if subject.trim().is_empty() {
            return Err(FindingError::NoSubject(check.id.clone()));
        }
        if message.trim().is_empty() {
            return Err(FindingError::NoMessage(check.id.clone()));
        }
        let is_bad = matches!(status, Status::Fail | Status::Warn);
        let opens = check.runbooks.first().filter(|_| is_bad).map(|id| open(id, &check.id, &subject));
        Ok(Self {
            opens,
            check: check.id.clone(),
            title: check.title.clone(),
            domain: check.domain.clone(),
            status,
            severity: check.severity,
            personas: check.personas.clone(),
            subject,
            message,
            evidence: Vec::new(),
            threshold: Vec::new(),
            ground,
            why: check.why.trim().to_owned(),
            // The fix is written about a row; where there is none, there is nothing to mend.
            fix: String::new(),
            command: None,
            links: check.links.clone(),
            runbooks: check.runbooks.clone(),
        })
    }
}

/// The command line that opens a runbook for a finding, its words as a shell takes them.
fn open(runbook: &str, check: &str, subject: &str) -> String {
    let finding = format!("{check}: {subject}");
    shell_words::join(["loadline", "runbook", "run", runbook, "--for", &finding])
}
