//! How it is built: components, caches, patterns, queries, bottlenecks, recovery, dates.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    day::Day,
    stated::{Any, Number, Share, Size, Span, Stated},
};

/// What stands in the way of growth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bottleneck {
    /// Its name.
    pub name: String,
    /// What runs out: `reads`, `writes`, `cpu`, `memory`, `io`, `network`, `connections`.
    pub kind: Option<String>,
    /// What is done about it.
    #[serde(default)]
    pub mitigations: Vec<String>,
    /// The runbook for the day when it is reached.
    pub runbook: Option<String>,
}

/// A part of the architecture, there or planned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// `cdn`, `load-balancer`, `read-replica`, `cache`, `queue`, `pooler`, `search`, `sharding`,
    /// `microservices`, `multi-region`, `autoscaling`, `api-gateway`, `tracing`, ….
    pub name: String,
    /// Whether it is there.
    pub present: Option<bool>,
    /// The stage from which on it belongs.
    pub since_stage: Option<String>,
    /// What must happen before it is built.
    pub trigger: Option<String>,
    /// The load up to which it is enough.
    pub until: Option<Stated<Any>>,
    /// Anything else.
    pub note: Option<String>,
}

/// A layer of caching.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cache {
    /// `browser`, `cdn`, `process`, `redis`, `query`, ….
    pub layer: String,
    /// How long an entry lives.
    pub ttl: Option<Stated<Span>>,
    /// The share of hits aimed at.
    pub hit_target: Option<Stated<Share>>,
    /// How stale entries are removed.
    pub invalidation: Option<String>,
    /// What goes when it is full: `allkeys-lru`, `volatile-ttl`, ….
    pub policy: Option<String>,
    /// What is in it: `sessions`, `static`, `pages`, `personal`, ….
    #[serde(default)]
    pub holds: Vec<String>,
    /// The share of requests that it answers.
    pub share: Option<Stated<Share>>,
    /// How fast it answers.
    pub latency: Option<Stated<Span>>,
    /// Which requests: `static`, `all GET`, ….
    pub scope: Option<String>,
    /// The data that is asked for often.
    pub working_set: Option<Stated<Size>>,
    /// What the cache needs beyond its data, as a share of it: 0.5.
    pub overhead: Option<Stated<Number>>,
    /// The memory that it gets.
    pub memory: Option<Stated<Size>>,
}

/// How data comes back after a loss.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// The most data that may be lost.
    pub rpo: Option<Stated<Span>>,
    /// The longest until it works again.
    pub rto: Option<Stated<Span>>,
    /// How long a failover takes: `2-3m`.
    pub failover: Option<Stated<Span>>,
    /// How long until it is noticed.
    pub detection: Option<Stated<Span>>,
    /// How long until clients are back.
    pub reconnect: Option<Stated<Span>>,
    /// The time between two backups.
    pub backups_every: Option<Stated<Span>>,
    /// How long backups are kept.
    pub keep: Option<Stated<Span>>,
    /// Whether any point in time can be restored.
    pub pitr: Option<bool>,
    /// The time between two rehearsed restores.
    pub restore_test_every: Option<Stated<Span>>,
}

/// A query that the plan tells people to run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// What it is for.
    pub name: String,
    /// Its text.
    pub sql: Option<String>,
}

/// A pattern of copies of the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    /// `active-passive`, `active-active`, ….
    pub name: String,
    /// What readers are promised: `strong`, `eventual`.
    pub consistency: Option<String>,
    /// `synchronous` or `asynchronous`.
    pub replication: Option<String>,
    /// In how many regions.
    pub regions: Option<Stated<Number>>,
}

/// A date that the plan gives, with or without a weekday.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DateSaid {
    /// What happens on it.
    pub name: String,
    /// As written: `Sun, 01 Dec 2024`.
    pub text: Option<String>,
    /// Evidence: the day after which it no longer counts.
    pub expires: Option<Day>,
}
