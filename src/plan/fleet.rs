//! Machines: fleets, the sizing table, limits, pools, load tests.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::stated::{Any, Money, Number, Rate, Share, Size, Span, Stated};

/// What changes the number of instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Autoscaler {
    /// A horizontal pod autoscaler, `autoscaling/v2`.
    Hpa,
    /// An EC2 auto scaling group.
    Asg,
    /// KEDA.
    Keda,
    /// People.
    Manual,
}

/// A group of equal instances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fleet {
    /// Its name.
    pub name: String,
    /// The kind of machine.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// How many there are.
    pub count: Option<Stated<Number>>,
    /// The fewest.
    pub min: Option<Stated<Number>>,
    /// The most.
    pub max: Option<Stated<Number>>,
    /// Cores of one.
    pub vcpu: Option<Stated<Number>>,
    /// Memory of one.
    pub memory: Option<Stated<Size>>,
    /// What one carries when it is full.
    pub capacity: Option<Stated<Rate>>,
    /// What all carry together today.
    pub load: Option<Stated<Rate>>,
    /// Database connections of one.
    pub pool: Option<Stated<Number>>,
    /// What one costs, a month.
    pub cost: Option<Stated<Money>>,
    /// How busy they are.
    pub utilisation: Option<Stated<Share>>,
    /// The share of capacity that is free.
    pub headroom: Option<Stated<Share>>,
    /// The utilisation that they are kept in: `40-70%`.
    pub band: Option<Stated<Share>>,
    /// Above this, more are started.
    pub scale_out: Option<Stated<Share>>,
    /// Below this, some are stopped.
    pub scale_in: Option<Stated<Share>>,
    /// How long a threshold must be crossed first.
    pub after: Option<Stated<Span>>,
    /// The pause after a step.
    pub cooldown: Option<Stated<Span>>,
    /// Until a new one carries load.
    pub startup: Option<Stated<Span>>,
    /// What scaling looks at: `cpu`, `memory`, `requests`.
    pub metric: Option<String>,
    /// Who scales.
    pub autoscaler: Option<Autoscaler>,
    /// What a vertical autoscaler looks at, where there is one too.
    pub vertical_metric: Option<String>,
}

/// A row of the table that says how many instances a load takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sizing {
    /// The load.
    pub load: Stated<Rate>,
    /// The fewest instances for it.
    pub instances: Option<Stated<Number>>,
    /// The instances to have.
    pub recommended: Option<Stated<Number>>,
    /// The kind of machine.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Cores of one.
    pub vcpu: Option<Stated<Number>>,
    /// Memory of one.
    pub memory: Option<Stated<Size>>,
    /// What all cost, a month.
    pub cost: Option<Stated<Money>>,
}

/// Something that there is only so much of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// What it is.
    pub resource: String,
    /// How much there is.
    pub ceiling: Option<Stated<Any>>,
    /// How much of it is used; a share means of the ceiling.
    pub used: Option<Stated<Any>>,
    /// How many use it.
    pub count: Option<Stated<Number>>,
    /// How much each of them uses.
    pub each: Option<Stated<Any>>,
    /// Whether the plan calls it what limits the system.
    pub binding: Option<bool>,
}

/// A pool of database connections.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Its name.
    pub name: String,
    /// How many instances have one.
    pub instances: Option<Stated<Number>>,
    /// Connections of one: 20, `20-50`.
    pub size: Option<Stated<Number>>,
    /// The database that they go to.
    pub of: Option<String>,
    /// What that database allows.
    pub max_connections: Option<Stated<Number>>,
    /// `session`, `transaction` or `statement` where a pooler stands between.
    pub mode: Option<String>,
    /// What its clients rely on: `listen`, `prepared statements`, `advisory locks`, `temporary tables`.
    #[serde(default)]
    pub uses: Vec<String>,
}

/// A load test, planned or reported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// `single`, `baseline`, `scaling`, `sustained`, `soak`, `stress`, `spike`, `chaos`.
    pub kind: Option<String>,
    /// The load that it ran or runs.
    pub load: Option<Stated<Rate>>,
    /// The load that it is to reach.
    pub target: Option<Stated<Rate>>,
    /// Users, or requests in flight.
    pub users: Option<Stated<Number>>,
    /// How long.
    pub duration: Option<Stated<Span>>,
    /// On how many instances.
    pub instances: Option<Stated<Number>>,
    /// Of which kind.
    #[serde(rename = "type")]
    pub kind_of_machine: Option<String>,
    /// How busy they were.
    pub utilisation: Option<Stated<Share>>,
    /// Mean latency.
    pub mean: Option<Stated<Span>>,
    /// Median latency.
    pub p50: Option<Stated<Span>>,
    /// A percentile of latency.
    pub p75: Option<Stated<Span>>,
    /// A percentile of latency.
    pub p90: Option<Stated<Span>>,
    /// A percentile of latency.
    pub p95: Option<Stated<Span>>,
    /// A percentile of latency.
    pub p99: Option<Stated<Span>>,
    /// The 99.9th percentile of latency.
    pub p999: Option<Stated<Span>>,
    /// The highest latency.
    pub max: Option<Stated<Span>>,
    /// The share of errors.
    pub errors: Option<Stated<Share>>,
    /// What it ran on, as `limits` names it.
    #[serde(default)]
    pub uses: Vec<String>,
}
