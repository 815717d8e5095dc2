//! An audit as programs read it: the contract of `--format json`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    check::{
        definition::Persona,
        finding::{Finding, Status},
    },
    readiness::{
        Judged, Outlook, Readiness,
        bottleneck::{Bottleneck, Need},
        model::PackLine,
    },
    snapshot::{FaultKind, Snapshot, SourceKind, Value},
};

/// The version of the JSON output. It grows when a reader could break, not when a field is added.
pub const VERSION: u32 = 1;

/// An audit: whom it is about, what it stands on, what was found.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Audit {
    /// The version of this format.
    pub version: u32,
    /// Whom it is about.
    pub target: TargetName,
    /// What it stands on.
    pub snapshot: Provenance,
    /// Where the target stands; left out where only some checks were wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readiness: Option<Readiness>,
    /// What the plan needs of every resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<Need>,
    /// What is limited, the nearest to its limit first.
    pub bottlenecks: Vec<Bottleneck>,
    /// Growth, required capacity, roadmap and cost; left out where only some checks were wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlook: Option<Outlook>,
    /// The packs that the readiness was judged by.
    pub packs: Vec<PackLine>,
    /// How many findings there are of each status, over all of them.
    pub summary: Summary,
    /// All findings, the worst first.
    pub findings: Vec<Finding>,
}

/// Whom an audit is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TargetName {
    /// The name in the configuration.
    pub name: String,
    /// The owner's word for where it runs.
    pub environment: Option<String>,
}

/// Where the numbers come from.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Provenance {
    /// The version of the program that asked.
    pub tool: String,
    /// When asking began.
    #[schemars(with = "String")]
    pub started_at: Timestamp,
    /// When the last answer was in.
    #[schemars(with = "String")]
    pub finished_at: Timestamp,
    /// The wished time between two samples, in milliseconds; 0 for one sample.
    pub window_ms: u64,
    /// Whom was asked.
    pub sources: Vec<SourceLine>,
}

/// One source of the run.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SourceLine {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: SourceKind,
    /// Where it is.
    pub address: String,
    /// What it said of itself.
    pub facts: BTreeMap<String, Value>,
    /// Why it could not be asked.
    pub fault: Option<FaultLine>,
    /// What else to know.
    pub notes: Vec<String>,
}

/// Why a source could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FaultLine {
    /// The kind of fault.
    pub kind: FaultKind,
    /// What happened.
    pub message: String,
    /// What to do.
    pub remedy: Option<String>,
}

/// Findings by status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// Over a limit.
    pub fail: usize,
    /// Near a limit.
    pub warn: usize,
    /// Not measured.
    pub unknown: usize,
    /// Accepted fails.
    pub waived: usize,
    /// In order.
    pub pass: usize,
    /// Not about this target.
    pub not_applicable: usize,
}

impl Summary {
    /// Counts findings.
    pub fn of(findings: &[Finding]) -> Self {
        let mut summary = Self::default();
        for finding in findings {
            let count = match finding.status {
                Status::Fail => &mut summary.fail,
                Status::Warn => &mut summary.warn,
                Status::Unknown => &mut summary.unknown,
                Status::Waived => &mut summary.waived,
                Status::Pass => &mut summary.pass,
                Status::NotApplicable => &mut summary.not_applicable,
            };
            *count += 1;
        }
        summary
    }

    /// In one line, the worst first.
    pub fn line(&self) -> String {
        let parts = [
            (self.fail, "fail"),
            (self.warn, "warn"),
            (self.unknown, "unknown"),
            (self.waived, "waived"),
            (self.pass, "pass"),
            (self.not_applicable, "not applicable"),
        ];
        let shown: Vec<_> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
        if shown.is_empty() { "nothing was looked at".into() } else { shown.join(", ") }
    }
}

/// What of an audit is shown. It changes no count, no verdict and no exit code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only what this reader wants to hear of.
    pub persona: Option<Persona>,
    /// Passes and not-applicable ones, too.
    pub all: bool,
}

impl Filter {
    /// Whether a finding is shown.
    pub fn shows(&self, finding: &Finding) -> bool {
        let wanted = self.persona.is_none_or(|persona| finding.personas.contains(&persona));
        let noisy = matches!(finding.status, Status::Pass | Status::NotApplicable);
        wanted && (self.all || !noisy)
    }
}

impl Audit {
    /// Puts together what a snapshot and its judgement say.
    pub fn new(snapshot: &Snapshot, judged: Judged) -> Self {
        let sources = snapshot.sources.iter().map(|source| SourceLine {
            name: source.name.clone(),
            kind: source.kind,
            address: source.address.clone(),
            facts: source.facts.clone(),
            fault: source.fault.clone().map(|f| FaultLine { kind: f.kind, message: f.message, remedy: f.remedy }),
            notes: source.notes.clone(),
        });
        Self {
            version: VERSION,
            target: TargetName { name: snapshot.target.name.clone(), environment: snapshot.target.environment.clone() },
            snapshot: Provenance {
                tool: snapshot.tool.clone(),
                started_at: snapshot.started_at,
                finished_at: snapshot.finished_at,
                window_ms: snapshot.window_ms,
                sources: sources.collect(),
            },
            readiness: judged.readiness,
            need: judged.need,
            bottlenecks: judged.bottlenecks,
            outlook: judged.outlook,
            packs: judged.packs,
            summary: Summary::of(&judged.findings),
            findings: judged.findings,
        }
    }
}
