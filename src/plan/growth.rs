//! Load now and later: traffic, scenarios, phases.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    day::Day,
    stated::{Any, Money, Number, Rate, Share, Span, Stated},
};

/// One measure of traffic, now and as wished.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Traffic {
    /// `dau`, `users`, `requests`, `concurrent users`, ….
    pub metric: String,
    /// Today: `800/s`, `25K`.
    pub now: Option<Stated<Any>>,
    /// Today's highest.
    pub peak: Option<Stated<Any>>,
    /// What is aimed at.
    pub target: Option<Stated<Any>>,
    /// By when.
    pub by: Option<Day>,
}

/// A situation that the plan works out: a campaign, a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// Its usual load.
    pub load: Option<Stated<Rate>>,
    /// Its highest load.
    pub peak: Option<Stated<Rate>>,
    /// How many instances it is said to take.
    pub instances: Option<Stated<Number>>,
    /// What it is said to cost, a month.
    pub cost: Option<Stated<Money>>,
    /// The share of capacity said to stay free.
    pub headroom: Option<Stated<Share>>,
}

/// One quantity that the plan states several times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Same {
    /// What it is.
    pub name: String,
    /// Each statement, as written.
    pub values: Vec<Stated<Any>>,
}

/// A step of growth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Its name.
    pub name: String,
    /// The multiple of today's traffic that it is for.
    pub multiple: Option<Stated<Number>>,
    /// When it is done.
    pub by: Option<Day>,
    /// The load that it is said to carry.
    pub covers: Option<Stated<Rate>>,
    /// How many instances it may run at the most.
    pub instances: Option<Stated<Number>>,
    /// What is changed.
    #[serde(default)]
    pub changes: Vec<String>,
    /// What must be shown before it counts as done.
    pub gate: Option<Gate>,
    /// What it costs, a month.
    pub cost: Option<Stated<Money>>,
    /// What it may cost, a month; the plan's budget where left out.
    pub budget: Option<Stated<Money>>,
    /// Phases that come first, by name.
    #[serde(default)]
    pub prerequisites: Vec<String>,
}

/// The load test that ends a phase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// The load: a rate, or a multiple of today's.
    pub load: Option<Stated<Any>>,
    /// The highest 95th percentile of latency.
    pub p95: Option<Stated<Span>>,
    /// The highest share of errors.
    pub errors: Option<Stated<Share>>,
    /// How long it runs.
    pub soak: Option<Stated<Span>>,
    /// What is broken on purpose meanwhile.
    pub chaos: Option<String>,
}
