//! What one probe learnt from one source: a table or a fault, with when, how long and as whom.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{table::Table, value::Value};

/// The kind of server that was asked.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
    clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// A PostgreSQL server, primary or replica.
    Postgres,
    /// The admin console of a PgBouncer.
    PgBouncer,
    /// A Redis or Valkey server.
    Redis,
    /// A Kubernetes API, live or as a folder of saved answers.
    Kubernetes,
    /// What people answered and accepted: attestations and waivers in the user's repository.
    Attestation,
    /// The target's own plan, in its configuration.
    Plan,
    /// A folder of load-test results.
    #[value(name = "loadtest")]
    LoadTest,
    /// The journals of runbooks that were run on the target.
    Runs,
}

impl SourceKind {
    /// The word for it in files, ids and output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::PgBouncer => "pgbouncer",
            Self::Redis => "redis",
            Self::Kubernetes => "kubernetes",
            Self::Attestation => "attestation",
            Self::Plan => "plan",
            Self::LoadTest => "loadtest",
            Self::Runs => "runs",
        }
    }
}

/// Why something was not measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// No connection: refused, unresolvable, wrong password, TLS.
    Unreachable,
    /// No answer in time.
    Deadline,
    /// The server said no: a right is missing.
    Denied,
    /// A view, extension, command or field is not there.
    Missing,
    /// An answer that makes no sense.
    Rubbish,
    /// The server answered with an error.
    Server,
    /// The connection went away.
    Gone,
    /// No rows came where rows are due.
    Empty,
    /// There are no two samples to take a rate from, or a reset lies between them.
    Unsampled,
    /// It was not asked yet: the first round of a watch is under way.
    Pending,
}

impl FaultKind {
    /// Whether an answer was due and did not come, rather than none being there to give.
    pub fn is_loss(self) -> bool {
        matches!(self, Self::Unreachable | Self::Deadline | Self::Rubbish | Self::Gone | Self::Pending)
    }

    /// How it is said in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Unreachable => "not reachable",
            Self::Deadline => "no answer in time",
            Self::Denied => "denied",
            Self::Missing => "not there",
            Self::Rubbish => "answered rubbish",
            Self::Server => "answered with an error",
            Self::Gone => "connection lost",
            Self::Empty => "no rows where rows are due",
            Self::Unsampled => "no rate",
            Self::Pending => "not asked yet",
        }
    }
}

/// One thing that went wrong while asking, in words for the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}: {message}", kind.words())]
pub struct Fault {
    /// Its kind.
    pub kind: FaultKind,
    /// What happened; redacted where it enters the snapshot.
    pub message: String,
    /// What the operator can do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Fault {
    /// A fault without a remedy.
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), remedy: None }
    }

    /// The same fault with what to do about it.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

/// The first of two samples: only what rates need, the keys and the counters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Earlier {
    /// When it was taken.
    pub at: Timestamp,
    /// Keys, counters and reset marks.
    pub table: Table,
}

/// How rows of two samples belong together, and what says that the counters began anew.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pairing {
    /// Columns that name a row in both samples; none for a table of one row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key: Vec<String>,
    /// Columns that change when counters are reset: `stats_reset`, a run id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resets: Vec<String>,
    /// The column that says since when the counters count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Whether a row that the first sample lacks began at zero after it (the listing is complete).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub new_rows_from_zero: bool,
}

/// The answer of one probe from one source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// The probe's id.
    pub probe: String,
    /// The name of the source.
    pub source: String,
    /// The database, where the probe is asked in each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// When the answer came.
    pub at: Timestamp,
    /// How long the source took, in milliseconds.
    pub took_ms: u64,
    /// What the role could not see, with the remedy: a pass that rests on this is no pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_visible: Option<String>,
    /// How its samples pair.
    #[serde(default)]
    pub pairing: Pairing,
    /// The first sample, where the probe has counters and a window was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<Earlier>,
    /// The table, or why there is none.
    pub answer: Answer,
}

/// A table or a fault.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// What was asked for.
    Table(Table),
    /// Why it is not there.
    Fault(Fault),
}

/// One source of the run: who was asked, as whom, and what it said of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceRecord {
    /// Its name in the target.
    pub name: String,
    /// Its kind.
    pub kind: SourceKind,
    /// Where it is, without secrets: `127.0.0.1:5432/shop as loadline`.
    pub address: String,
    /// What it said of itself: versions, role, extensions, memberships.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Value>,
    /// Why it could not be asked at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// What the operator should know about how it was reached: an ignored password file, no TLS.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}
