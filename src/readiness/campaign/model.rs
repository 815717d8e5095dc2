//! A campaign's readiness as screens, files and programs read it.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::readiness::{
    checklist::{Part, Stray},
    model::WaiverLine,
    score::Verdict,
};

/// The version of the JSON output. It grows when a reader could break, not when a field is added.
pub const VERSION: u32 = 1;

/// Whether a target is ready for a campaign, and who owes what by when.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Campaign {
    /// The version of this format.
    pub version: u32,
    /// Its name.
    pub name: String,
    /// Whom it is about.
    pub target: String,
    /// The day on which it begins.
    #[schemars(with = "String")]
    pub date: Date,
    /// The day on which it was judged (UTC).
    #[schemars(with = "String")]
    pub day: Date,
    /// Days until it begins.
    pub days_left: i32,
    /// Who owes what nobody else does.
    pub owner: String,
    /// The load that it must carry, in requests a second.
    pub load: Option<f64>,
    /// The same as a multiple of today's peak.
    pub multiple: Option<f64>,
    /// Where the multiple comes from.
    pub multiple_from: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The stage and packs that it demands, as they stand today.
    pub parts: Vec<Part>,
    /// Everything that it demands: what is open by the day on which it is due, then what is ready.
    pub entries: Vec<Entry>,
    /// Accepted fails, and what became of each.
    pub waivers: Vec<WaiverLine>,
    /// Answers that answer nothing.
    pub strays: Vec<Stray>,
}

/// How something will stand on the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stands {
    /// It is not as it must be.
    NotReady,
    /// Nobody measured or answered it, or what is known ends before the day.
    Unproven,
    /// It holds by an accepted fail.
    Accepted,
    /// It holds.
    Ready,
}

impl Stands {
    /// Its words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotReady => "NOT READY",
            Self::Unproven => "UNPROVEN",
            Self::Accepted => "ACCEPTED",
            Self::Ready => "READY",
        }
    }
}

/// One thing that a campaign demands.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Entry {
    /// The criterion; `load-test` and `headroom` for what the campaign's own load demands.
    pub id: String,
    /// What is demanded.
    pub title: String,
    /// Whether it blocks.
    pub gate: bool,
    /// How it will stand on the day.
    pub stands: Stands,
    /// Why, in a sentence.
    pub message: String,
    /// What to do.
    pub todo: String,
    /// What would make it ready, where it is no criterion but a demand of the campaign itself.
    pub needs: Option<String>,
    /// Who owes it.
    pub owner: String,
    /// By when.
    #[schemars(with = "String")]
    pub due: Date,
    /// Whether that day has passed and it is not ready.
    pub overdue: bool,
    /// The last day of its answer or waiver, where that is before the campaign, so that it does not count on the day.
    #[schemars(with = "Option<String>")]
    pub ends: Option<Date>,
}
