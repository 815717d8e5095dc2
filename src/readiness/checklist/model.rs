//! The checklist as screens, files and programs read it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    check::finding::Status,
    readiness::{model::WaiverLine, score::Score, score::Verdict},
    snapshot::SourceKind,
};

/// The version of the JSON output. It grows when a reader could break, not when a field is added.
pub const VERSION: u32 = 1;

/// Everything that is demanded, in the order in which it wants to be dealt with.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Checklist {
    /// The version of this format.
    pub version: u32,
    /// Whom it is about.
    pub target: String,
    /// The day on which it was judged (UTC).
    #[schemars(with = "String")]
    pub day: Date,
    /// The stage and the packs that it lists, with their verdicts.
    pub parts: Vec<Part>,
    /// How many items there are of each state.
    pub counts: BTreeMap<State, usize>,
    /// The items, the most urgent first.
    pub items: Vec<Item>,
    /// Accepted fails, and what became of each.
    pub waivers: Vec<WaiverLine>,
    /// Answers that answer nothing.
    pub strays: Vec<Stray>,
}

/// A stage with all below it, or a pack.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Part {
    /// The pack.
    pub pack: String,
    /// The stage or the pack, in words.
    pub title: String,
    /// The verdict on it.
    pub verdict: Verdict,
    /// What decides it.
    pub because: String,
    /// Its score.
    pub score: Score,
}

/// How an item stands, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It fails.
    Fails,
    /// Nobody measured it.
    Unmeasured,
    /// Nobody answered it.
    Unanswered,
    /// Its answer has ended.
    Expired,
    /// Its answer cannot be read, or says something that cannot be.
    Flawed,
    /// It holds by an answer or a waiver that ends within 14 days.
    ExpiresSoon,
    /// Another wording of the question was answered.
    Stale,
    /// A second person has yet to approve the answer.
    Waits,
    /// It is near its limit.
    Warns,
    /// It fails, and that is accepted.
    Waived,
    /// It holds.
    Holds,
    /// It does not apply.
    NotApplicable,
}

/// All states, in their order.
pub const STATES: [State; 12] = [
    State::Fails,
    State::Unmeasured,
    State::Unanswered,
    State::Expired,
    State::Flawed,
    State::ExpiresSoon,
    State::Stale,
    State::Waits,
    State::Warns,
    State::Waived,
    State::Holds,
    State::NotApplicable,
];

impl State {
    /// Its heading.
    pub fn words(self) -> &'static str {
        match self {
            Self::Fails => "Fails",
            Self::Unmeasured => "Not measured",
            Self::Unanswered => "Not answered",
            Self::Expired => "Answer expired",
            Self::Flawed => "Answer cannot count",
            Self::ExpiresSoon => "Ends within 14 days",
            Self::Stale => "Question changed since it was answered",
            Self::Waits => "Waits for a second person",
            Self::Warns => "Near a limit",
            Self::Waived => "Accepted fails",
            Self::Holds => "Holds",
            Self::NotApplicable => "Does not apply",
        }
    }

    /// Whether something is to be done about it.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Warns | Self::Waived | Self::Holds | Self::NotApplicable)
    }

    /// Whether it waits for a person's word, rather than for a server's.
    pub fn is_for_a_person(self) -> bool {
        matches!(self, Self::Unanswered | Self::Expired | Self::Flawed | Self::Stale | Self::Waits)
    }
}

/// One criterion.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Item {
    /// `<pack>.<criterion>`.
    pub id: String,
    /// What is demanded.
    pub title: String,
    /// The level that demands it.
    pub level: Option<String>,
    /// The domain.
    pub domain: String,
    /// Whether a fail blocks.
    pub gate: bool,
    /// How it stands here.
    pub state: State,
    /// How it stands for the score.
    pub status: Status,
    /// Why, in a sentence.
    pub message: String,
    /// What to do about it.
    pub todo: String,
    /// Checks that it rests on.
    pub checks: Vec<String>,
    /// Kinds of source that it rests on, besides people.
    pub sources: Vec<SourceKind>,
    /// Whether it stands by a person's answer, which ends.
    pub by_answer: bool,
    /// The question for a person.
    pub question: Option<Asked>,
    /// Who answered.
    pub answered_by: Option<String>,
    /// The day of the answer.
    #[schemars(with = "Option<String>")]
    pub answered_on: Option<Date>,
    /// Who approved the answer.
    pub approved_by: Option<String>,
    /// The last day of the answer, or of the waiver.
    #[schemars(with = "Option<String>")]
    pub until: Option<Date>,
    /// Days until then; negative where it has passed.
    pub days_left: Option<i32>,
    /// The file of the answer or the waiver.
    pub file: Option<String>,
}

/// A question, for whoever answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Asked {
    /// The question; yes is good.
    pub text: String,
    /// The evidence that is wanted.
    pub evidence: String,
    /// How long an answer holds at most.
    pub max_age: String,
    /// Whether a second person must approve.
    pub two_person: bool,
    /// Its mark, for the answer's file.
    pub mark: String,
}

/// An answer that answers nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stray {
    /// Its file.
    pub file: String,
    /// Why it answers nothing.
    pub why: String,
}
