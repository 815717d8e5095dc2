//! The target's own plan, as `[targets.NAME.plan]` states it: what it aims at and what it claims.
//!
//! Everything is optional. A quantity keeps how it was written and how exact that is, so that two
//! statements of one thing can be compared. Pure: the source `plan` gives its sections to probes.

#[cfg(test)]
mod contradictions;
mod day;
mod design;
mod figure;
mod fleet;
mod growth;
mod money;
mod read;
mod section;
mod service;
mod stated;
#[cfg(test)]
mod tests;

pub use design::{Bottleneck, Cache, Component, DateSaid, Pattern, Query, Recovery};
pub use fleet::{Autoscaler, Fleet, Limit, Pool, Sizing, Test};
pub use growth::{Gate, Phase, Same, Scenario, Traffic};
pub use money::{Cost, CostItem, CostTotal};
pub(crate) use read::time_word;
pub(crate) use section::Cells;
pub use service::{Alert, Sli, SliKind, Slo, Urgency, Workload};
pub use stated::{Measure, Stated};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stated::{Money, Number, Share};

/// A plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Its title.
    pub title: Option<String>,
    /// The currency of all money in it.
    pub currency: Option<String>,
    /// The stage of growth that the system is in.
    pub stage: Option<String>,
    /// The stage that it is to reach.
    pub stage_wanted: Option<String>,
    /// By how much capacity must exceed the load: 1.5.
    pub safety: Option<Stated<Number>>,
    /// Growth, a month: `30%`.
    pub growth: Option<Stated<Share>>,
    /// The highest load as a multiple of the usual one.
    pub peak_factor: Option<Stated<Number>>,
    /// How many months the plan looks ahead.
    pub months: Option<Stated<Number>>,
    /// What it may all cost, a month.
    pub budget: Option<Stated<Money>>,
    /// What a user may cost, a month.
    pub cost_per_user: Option<Stated<Money>>,
    /// Users now.
    pub users: Option<Stated<Number>>,
    /// Traffic, now and as wished.
    #[serde(default)]
    pub traffic: Vec<Traffic>,
    /// Kinds of work.
    #[serde(default)]
    pub workloads: Vec<Workload>,
    /// Indicators.
    #[serde(default)]
    pub slis: Vec<Sli>,
    /// Objectives.
    #[serde(default)]
    pub slos: Vec<Slo>,
    /// Alerts.
    #[serde(default)]
    pub alerts: Vec<Alert>,
    /// Groups of instances.
    #[serde(default)]
    pub instances: Vec<Fleet>,
    /// Which load takes how many instances.
    #[serde(default)]
    pub sizing: Vec<Sizing>,
    /// What there is only so much of.
    #[serde(default)]
    pub limits: Vec<Limit>,
    /// Load tests.
    #[serde(default)]
    pub tests: Vec<Test>,
    /// Pools of database connections.
    #[serde(default)]
    pub pools: Vec<Pool>,
    /// The cost curve.
    #[serde(default)]
    pub costs: Vec<Cost>,
    /// The items of the bill.
    #[serde(default)]
    pub cost_items: Vec<CostItem>,
    /// What the items come to.
    pub cost_total: Option<CostTotal>,
    /// Situations that are worked out.
    #[serde(default)]
    pub scenarios: Vec<Scenario>,
    /// Quantities that are stated several times.
    #[serde(default)]
    pub same: Vec<Same>,
    /// Steps of growth.
    #[serde(default)]
    pub phases: Vec<Phase>,
    /// What stands in the way.
    #[serde(default)]
    pub bottlenecks: Vec<Bottleneck>,
    /// Parts of the architecture.
    #[serde(default)]
    pub components: Vec<Component>,
    /// Layers of caching.
    #[serde(default)]
    pub caches: Vec<Cache>,
    /// How data comes back.
    pub recovery: Option<Recovery>,
    /// Which sections the plan has: `assessment`, `phases`, `database`, `caching`, …; empty says nothing.
    #[serde(default)]
    pub sections: Vec<String>,
    /// What the plan is graded by.
    #[serde(default)]
    pub rubric: Vec<String>,
    /// Queries that people are told to run.
    #[serde(default)]
    pub queries: Vec<Query>,
    /// Copies of the data.
    #[serde(default)]
    pub patterns: Vec<Pattern>,
    /// Dates with a weekday, and evidence with an end.
    #[serde(default)]
    pub dates: Vec<DateSaid>,
    /// What the plan claims in words: `linear-cost`, `linear-throughput`, `vertical-only`, ….
    #[serde(default)]
    pub claims: Vec<String>,
}
