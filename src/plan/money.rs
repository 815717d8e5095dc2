//! What it costs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::stated::{Any, Money, Number, Stated};

/// A point of the cost curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Where the plan states it: the table, the tier.
    pub name: Option<String>,
    /// What the volume counts, as `traffic` names it.
    pub metric: Option<String>,
    /// How much of it: `50K`, `1M/day`.
    pub volume: Option<Stated<Any>>,
    /// What that costs, a month.
    pub cost: Option<Stated<Money>>,
    /// With how many instances.
    pub instances: Option<Stated<Number>>,
}

/// One item of the bill, a month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CostItem {
    /// What it is for.
    pub name: String,
    /// At least.
    pub low: Option<Stated<Money>>,
    /// At most.
    pub high: Option<Stated<Money>>,
}

/// What all items are said to come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CostTotal {
    /// At least.
    pub low: Option<Stated<Money>>,
    /// At most.
    pub high: Option<Stated<Money>>,
}
