//! What is remembered of an audit.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    check::finding::{Finding, Status, Threshold},
    quantity,
    report::{Audit, Summary},
    snapshot::{SourceKind, Unit},
};

/// The name of a target that nobody has named: its servers come from flags or the environment.
const NAMELESS: &str = "default";

/// The most characters that are kept of a sentence.
const LONGEST: usize = 1_000;

/// Who wrote an audit down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The command `audit`.
    Audit,
    /// The screens, while they were open.
    Screens,
}

impl Origin {
    /// The word in the file and on screens.
    pub fn word(self) -> &'static str {
        match self {
            Self::Audit => "audit",
            Self::Screens => "screens",
        }
    }
}

/// An audit of the past, without its findings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Past {
    /// Its number in the history; none of a snapshot that was judged just now.
    pub id: Option<i64>,
    /// Whom it is about.
    pub target: String,
    /// When its last answer was in.
    pub at: Timestamp,
    /// Who wrote it down; none of a snapshot that was judged just now.
    pub origin: Option<Origin>,
    /// What it came to, where readiness was judged.
    pub verdict: Option<Verdict>,
    /// How many findings there were of each status.
    pub summary: Summary,
    /// How many findings were left off because there were too many to keep.
    pub left_off: u32,
}

/// What a past audit came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// The id of the stage that was asked for.
    pub stage: String,
    /// The name of that stage.
    pub title: String,
    /// The verdict on it, in its words.
    pub words: String,
    /// The lower end of the score, from 0 to 100.
    pub low: f64,
    /// The upper end of the score, from 0 to 100.
    pub high: f64,
    /// How much of it was known, from 0 to 1.
    pub coverage: f64,
}

/// An audit of the past with its findings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PastAudit {
    /// The audit.
    #[serde(flatten)]
    pub past: Past,
    /// Its findings, the worst first.
    pub findings: Vec<PastFinding>,
}

/// A finding of a past audit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PastFinding {
    /// The check.
    pub check: String,
    /// What it was about.
    pub subject: String,
    /// The source that answered, where one did.
    pub source: Option<String>,
    /// What was concluded.
    pub status: Status,
    /// In a sentence.
    pub message: String,
    /// The limits that were applied, in words; empty where the rule has none.
    pub limits: String,
    /// The numbers it rested on, in the order of its evidence.
    pub numbers: Vec<PastNumber>,
}

/// A number that a past finding rested on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PastNumber {
    /// The column or computed value.
    pub name: String,
    /// What was seen, in the unit's base.
    pub value: f64,
    /// What it counts.
    pub unit: Unit,
}

/// A number at a time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// The audit.
    pub audit: i64,
    /// When.
    pub at: Timestamp,
    /// The number, in the unit's base.
    pub value: f64,
    /// What it counts.
    pub unit: Unit,
    /// What was concluded then.
    pub status: Status,
}

impl PastAudit {
    /// What will be remembered of an audit.
    pub fn of(audit: &Audit) -> Self {
        let verdict = audit.readiness.as_ref().map(|readiness| Verdict {
            stage: readiness.stage.id.clone(),
            title: readiness.stage.title.clone(),
            words: readiness.verdict.words().to_owned(),
            low: readiness.score.low,
            high: readiness.score.high,
            coverage: readiness.coverage,
        });
        let past = Past {
            id: None,
            target: name_of(audit),
            at: audit.snapshot.finished_at,
            origin: None,
            verdict,
            summary: audit.summary,
            left_off: 0,
        };
        Self { past, findings: audit.findings.iter().map(PastFinding::of).collect() }
    }
}

impl PastFinding {
    /// What will be remembered of a finding.
    pub fn of(finding: &Finding) -> Self {
        let number = |evidence: &crate::check::finding::Evidence| {
            let value = evidence.value.as_f64().filter(|value| value.is_finite())?;
            Some(PastNumber { name: evidence.name.clone(), value, unit: evidence.unit })
        };
        Self {
            check: finding.check.clone(),
            subject: finding.subject.clone(),
            source: finding.ground.source.clone(),
            status: finding.status,
            message: short(&finding.message).into_owned(),
            limits: limits(&finding.threshold),
            numbers: finding.evidence.iter().filter_map(number).collect(),
        }
    }

    /// The number that speaks for it: the first that is a quantity and not a name.
    pub fn number(&self) -> Option<&PastNumber> {
        self.numbers.iter().find(|number| number.unit != Unit::Id)
    }
}

impl PastNumber {
    /// As people read it, with its unit.
    pub fn shown(&self) -> String {
        quantity::show(self.value, self.unit)
    }
}

/// The name under which a target's audits are kept. One that nobody has named is known by the addresses of its servers:
/// two systems given by flags have no history in common.
pub fn name_of(audit: &Audit) -> String {
    let name = &audit.target.name;
    let is_server = |kind| {
        matches!(kind, SourceKind::Postgres | SourceKind::PgBouncer | SourceKind::Redis | SourceKind::Kubernetes)
    };
    let sources = audit.snapshot.sources.iter().filter(|source| is_server(source.kind));
    let addresses: Vec<&str> = sources.map(|source| source.address.as_str()).collect();
    match (name.as_str(), addresses.is_empty()) {
        (NAMELESS, false) => format!("{NAMELESS} at {}", addresses.join(", ")),
        _ => name.clone(),
    }
}

/// The limits that a rule applied, in words: `warn 80 %, fail 90 %`.
pub(super) fn limits(thresholds: &[Threshold]) -> String {
    let one = |t: &Threshold| format!("{} {}", t.param, quantity::show(t.value, t.unit));
    thresholds.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// A sentence, cut where it is no sentence any more.
fn short(message: &str) -> Cow<'_, str> {
    match message.char_indices().nth(LONGEST) {
        Some((at, _)) => Cow::Owned(format!("{}…", &message[..at])),
        None => Cow::Borrowed(message),
    }
}
