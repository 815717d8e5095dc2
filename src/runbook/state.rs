//! What the records of a journal come to: the state of a run.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    port::Identity,
    record::{End, Outcome, Seen, Started, Verdict},
};

/// The state of a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// How it began; none before the first record.
    pub started: Option<Started>,
    /// When.
    pub began_at: Option<Timestamp>,
    /// Values of parameters that are no secrets, with where they come from.
    pub params: BTreeMap<String, (String, String)>,
    /// Secrets that were given: known by name alone, asked again on resume.
    pub secrets: Vec<String>,
    /// The steps, by id.
    pub steps: BTreeMap<String, StepState>,
    /// The step at which the run stands; none before the first and after the last.
    pub current: Option<String>,
    /// Whether it is being rolled back: then `current` is the step that is taken back.
    pub rolling_back: bool,
    /// Whether the operator stopped for now.
    pub paused: bool,
    /// What was registered to take back, the latest last; entries stay until they are taken back.
    pub undo: Vec<Undo>,
    /// Snapshots before and after: file, and findings that fail or warn.
    pub before: Option<(String, BTreeMap<String, String>)>,
    /// The one at the end.
    pub after: Option<(String, BTreeMap<String, String>)>,
    /// How it ended.
    pub ended: Option<(End, Timestamp)>,
    /// When the last record was written.
    pub last_at: Option<Timestamp>,
}

/// The state of a step.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StepState {
    /// In a word.
    pub status: StepStatus,
    /// How many times its action was begun.
    pub attempts: u32,
    /// Who its target was, when it was last resolved, and when that was.
    pub identity: Option<(Identity, Timestamp)>,
    /// What its preconditions said last.
    pub required: Vec<Seen>,
    /// Items that were made sure of.
    pub ticked: Vec<String>,
    /// How its action ended last.
    pub outcome: Option<Outcome>,
    /// What verifying came to last.
    pub verified: Option<(Verdict, Vec<Seen>)>,
    /// Why it was skipped, deferred or overridden; how one can see that it was done by hand.
    pub reason: Option<String>,
    /// When it was begun and when it came to rest.
    pub began_at: Option<Timestamp>,
    /// When it came to rest.
    pub rested_at: Option<Timestamp>,
    /// The process that its action started, while no outcome is known: id, and start as /proc says it.
    pub process: Option<(u32, Option<u64>)>,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum StepStatus {
    /// Not reached.
    #[default]
    Pending,
    /// Its intent is written and its outcome is not: while this program runs it, it runs; on reading a journal, unknown.
    Running,
    /// The action succeeded; what verifies it has not been looked at or there is nothing to verify.
    Succeeded,
    /// The action failed and was not done.
    Failed,
    /// Whether the action was done is not known: a crash, a time-out, a stopped or lost action.
    OutcomeUnknown,
    /// Done, and the live check agrees.
    Verified,
    /// Done, and the live check does not agree, or cannot tell.
    VerifyFailed,
    /// Was verified, and the live check no longer agrees.
    Regressed,
    /// Done by hand, on a person's word.
    DoneByHand,
    /// Left out, with a reason.
    Skipped,
    /// Gone on although the check does not agree, with a reason.
    Overridden,
    /// Left for later, with a reason.
    Deferred,
    /// Taken back.
    RolledBack,
}

impl StepStatus {
    /// The word on screens and in records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "to do",
            Self::Running => "running",
            Self::Succeeded => "done",
            Self::Failed => "failed",
            Self::OutcomeUnknown => "outcome unknown",
            Self::Verified => "verified",
            Self::VerifyFailed => "not verified",
            Self::Regressed => "regressed",
            Self::DoneByHand => "done by hand",
            Self::Skipped => "skipped",
            Self::Overridden => "overridden",
            Self::Deferred => "deferred",
            Self::RolledBack => "rolled back",
        }
    }
}

/// What can be taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct Undo {
    /// The step.
    pub step: String,
    /// What would run.
    pub shown: String,
    /// When it is due, where the change is temporary.
    pub due: Option<Timestamp>,
    /// Whether the action was begun at all: registered comes before.
    pub begun: bool,
    /// Whether it has been taken back.
    pub done: bool,
}
