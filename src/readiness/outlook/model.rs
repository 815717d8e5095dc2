//! The outlook as reports and programs read it.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::readiness::bottleneck::Grade;

/// What lies ahead. Without a plan, most of it is empty.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Outlook {
    /// The plan's title.
    pub title: Option<String>,
    /// The currency of all money in it.
    pub currency: Option<String>,
    /// What it may all cost a month, as written.
    pub budget: Option<String>,
    /// Traffic, now and as wished.
    pub traffic: Vec<TrafficLine>,
    /// How fast it grows, and when it is a multiple of today's.
    pub growth: Option<Growth>,
    /// The capacity to have.
    pub required: Vec<Required>,
    /// 2x, 10x, 100x and the plan's own steps, the nearest first.
    pub milestones: Vec<Milestone>,
    /// What a volume costs, a curve for each metric.
    pub costs: Vec<CostCurve>,
    /// The items of the bill.
    pub cost_items: Vec<CostItem>,
    /// What else the plan states, section by section.
    pub stated: Vec<StatedLine>,
    /// Load tests that were run.
    pub runs: Vec<TestRun>,
}

/// One measure of traffic, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TrafficLine {
    /// What it counts.
    pub metric: String,
    /// Today.
    pub now: Option<String>,
    /// Today's highest.
    pub peak: Option<String>,
    /// What is aimed at.
    pub target: Option<String>,
    /// By when.
    pub by: Option<String>,
}

/// How fast load grows.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Growth {
    /// A month, as a share of one.
    pub monthly: f64,
    /// Who says so.
    pub origin: String,
    /// When 2x, 10x and 100x of today's load are there: ln k / ln(1 + g).
    pub reached: Vec<Reached>,
}

/// When a multiple of today's load is there.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Reached {
    /// The multiple.
    pub multiple: f64,
    /// In so many months.
    pub months: f64,
    /// The day, where the calendar has it.
    #[schemars(with = "Option<String>")]
    pub on: Option<Date>,
}

/// The capacity to have for one measure of traffic.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Required {
    /// What it counts.
    pub metric: String,
    /// How much of it.
    pub capacity: f64,
    /// Whether it is a rate, per second.
    pub rate: bool,
    /// How it comes about, with the origin of every factor.
    pub ground: String,
    /// The rate that a load test drives to show it, per second; of rates only.
    pub test_rate: Option<f64>,
}

/// A multiple of today's load, and what it takes.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Milestone {
    /// The multiple.
    pub multiple: f64,
    /// When it is there, by the plan's growth.
    pub reached: Option<Reached>,
    /// What is full before, the first to saturate first.
    pub saturates: Vec<Saturation>,
    /// Resources that fill with load whose headroom nobody knows.
    pub undecided: usize,
    /// Resources that fill with load and whose headroom is known.
    pub known: usize,
    /// Steps of the plan for it.
    pub phases: Vec<PhaseLine>,
    /// What it costs by the curve, where the plan's steps do not say.
    pub cost: Option<CostAt>,
}

/// A resource that is full before a multiple is reached.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Saturation {
    /// The resource.
    pub resource: String,
    /// Whose.
    pub subject: String,
    /// The multiple of today's load at which it is at its safe ceiling.
    pub at: f64,
    /// How well that is known.
    pub grade: Grade,
    /// What to change.
    pub fix: String,
}

/// A step of the plan.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PhaseLine {
    /// Its name.
    pub name: String,
    /// The multiple that it is for.
    pub multiple: Option<f64>,
    /// When it is done.
    pub by: Option<String>,
    /// What is changed.
    pub changes: Vec<String>,
    /// What a load test must show, as written.
    pub gate: Option<String>,
    /// What it costs a month, as written.
    pub cost: Option<String>,
    /// Steps that come first.
    pub prerequisites: Vec<String>,
}

/// What a volume costs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CostCurve {
    /// What the volume counts.
    pub metric: String,
    /// What the unit cost is of: `1,000 users`, `1 million requests`.
    pub unit: String,
    /// The points, in rising order of volume.
    pub points: Vec<CostPoint>,
    /// The exponent of cost = factor x volume ^ exponent.
    pub exponent: Option<f64>,
    /// The share of the variance of the logarithms that it explains.
    pub r2: Option<f64>,
    /// What the exponent means, or why there is none.
    pub reading: String,
    /// What today's volume costs.
    pub now: Option<CostNow>,
}

/// A point of a cost curve.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CostPoint {
    /// How much, as written.
    pub volume: String,
    /// The same as a number; of rates per second.
    pub amount: f64,
    /// What it costs a month.
    pub cost: f64,
    /// What a unit of it costs.
    pub each: f64,
}

/// What today's volume costs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CostNow {
    /// How much, as written.
    pub volume: String,
    /// The same as a number.
    pub amount: f64,
    /// What a unit of it costs.
    pub each: f64,
    /// What it costs a month.
    pub cost: CostAt,
}

/// A cost a month, with its ground.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CostAt {
    /// At least.
    pub low: f64,
    /// At most.
    pub high: f64,
    /// How it comes about.
    pub ground: String,
}

/// An item of the bill, a month.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CostItem {
    /// What it is for.
    pub name: String,
    /// At least.
    pub low: Option<f64>,
    /// At most.
    pub high: Option<f64>,
}

/// A line of the plan in words, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatedLine {
    /// The section.
    pub section: String,
    /// What it is about.
    pub name: String,
    /// What is stated of it.
    pub words: String,
}

/// A load test that was run.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TestRun {
    /// Its name.
    pub name: String,
    /// What it was for.
    pub kind: String,
    /// When it began.
    pub started: String,
    /// The multiple of today's peak aimed at.
    pub multiple: Option<f64>,
    /// Requests a second made.
    pub rps: Option<f64>,
    /// The response time that 95 % kept, in milliseconds.
    pub p95_ms: Option<f64>,
    /// The share of errors.
    pub error_rate: Option<f64>,
    /// Its thresholds, and how many of them were crossed.
    pub gates: u64,
    /// See there.
    pub gates_failed: u64,
    /// Why it could not be read.
    pub fault: Option<String>,
}
