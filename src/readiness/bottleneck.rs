//! What is limited, and how far it is from its limit.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::check::definition::Grows;
use crate::snapshot::Unit;

/// How well a headroom is known, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// A load test reached it.
    LoadTest,
    /// A line or curve through several load levels.
    Fitted,
    /// A line through idle and one measurement. It never passes a gate.
    OnePoint,
    /// Limits compared with each other, without any load.
    Static,
}

impl Grade {
    /// Its words on screens and in reports.
    pub fn words(self) -> &'static str {
        match self {
            Self::LoadTest => "load test",
            Self::Fitted => "fitted",
            Self::OnePoint => "one point",
            Self::Static => "static",
        }
    }
}

/// What to try for a bottleneck, from the decision matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Advice {
    /// The symptom.
    pub symptom: String,
    /// First.
    pub first: String,
    /// Then.
    pub then: String,
    /// Finally.
    pub finally: String,
}

/// One limited resource.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Bottleneck {
    /// The check that knows the limit.
    pub check: String,
    /// Whose resource it is.
    pub subject: String,
    /// The resource, in words: `connection slots`.
    pub resource: String,
    /// The domain.
    pub domain: String,
    /// What it fills with.
    pub grows: Grows,
    /// How much is used, at the load of the snapshot.
    pub used: f64,
    /// Its safe ceiling.
    pub ceiling: f64,
    /// How much is used without any load.
    pub idle: f64,
    /// What these count.
    pub unit: Unit,
    /// The multiple of today's load at which it reaches its ceiling; of what fills with time, nothing.
    pub headroom: Option<f64>,
    /// The interval of the headroom, where several load levels allow one.
    pub headroom_interval: Option<(f64, f64)>,
    /// Days until it reaches its ceiling, for what fills with time, and by the plan's growth for what fills with load.
    pub days_left: Option<f64>,
    /// Headroom by the multiple that the plan needs; days left by the plan's horizon. Below 1 it does not last.
    pub margin: Option<f64>,
    /// How well this is known.
    pub grade: Grade,
    /// The ground in a sentence: how many load levels, over which window, from which file.
    pub ground: String,
    /// What to do.
    pub fix: String,
    /// What to try first, then, finally.
    pub advice: Option<Advice>,
}

/// What the plan needs of every resource.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Need {
    /// The multiple of today's load that must be carried.
    pub multiple: Option<f64>,
    /// Growth a month, as a share of one.
    pub growth: Option<f64>,
    /// How many days what fills with time must last.
    pub days: f64,
    /// Where these come from.
    pub origin: String,
}
