//! What is promised and who is woken: workloads, indicators, objectives, alerts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::stated::{Any, Span, Stated};

/// A kind of work with its own indicators.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// Its name.
    pub name: String,
    /// Its indicators, by name.
    #[serde(default)]
    pub slis: Vec<String>,
}

/// Whether an indicator counts good requests or good times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SliKind {
    /// The share of requests that were good.
    Request,
    /// The share of time in which all was good, or a level over time.
    Time,
}

/// An indicator: what is measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sli {
    /// Its name.
    pub name: String,
    /// The workload that it is about.
    pub workload: Option<String>,
    /// What it measures: `latency p95`, `availability`, `errors`, `throughput`, `delay`, `backlog`.
    pub measures: Option<String>,
    /// What it counts.
    pub kind: Option<SliKind>,
}

/// An objective: what an indicator is held to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Slo {
    /// Its name.
    pub name: String,
    /// The indicator.
    pub sli: Option<String>,
    /// `< 300ms`, `>= 99.9%`.
    pub target: Option<Stated<Any>>,
    /// From where on somebody looks, between target and warning.
    pub attention: Option<Stated<Any>>,
    /// From where on it is a warning.
    pub warning: Option<Stated<Any>>,
    /// From where on it is critical.
    pub critical: Option<Stated<Any>>,
    /// After which time the caller gives up.
    pub timeout: Option<Stated<Span>>,
    /// The time over which it is judged.
    pub window: Option<Stated<Span>>,
    /// What it is today.
    pub current: Option<Stated<Any>>,
    /// What is decided by it.
    pub decision: Option<String>,
}

/// How urgent an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// Wakes somebody.
    Page,
    /// Is seen in working hours.
    Warn,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// Its name.
    pub name: String,
    /// The indicator that it watches.
    pub sli: Option<String>,
    /// Fires above this.
    pub above: Option<Stated<Any>>,
    /// Fires below this.
    pub below: Option<Stated<Any>>,
    /// After it has lasted so long.
    pub after: Option<Stated<Span>>,
    /// How urgent it is.
    pub severity: Option<Urgency>,
    /// What is done.
    pub action: Option<String>,
    /// By which runbook.
    pub runbook: Option<String>,
}
