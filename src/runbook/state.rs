//! What the records of a journal come to: the state of a run.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    port::Identity,
    record::{End, Outcome, Seen, Started, Verdict, Way},
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
    /// The step at which the run stands; none after the last.
    pub current: Option<String>,
    /// The step that was decided about last: the next one is looked for after it.
    pub last: Option<String>,
    /// Whether something is being taken back: then `current` is the step that is taken back.
    pub rolling_back: bool,
    /// The only step that is taken back, where it is not the whole run.
    pub back_only: Option<String>,
    /// Whether the operator has given up, also where the end is not written yet.
    pub aborted: bool,
    /// Whether the operator stopped for now.
    pub paused: bool,
    /// What was registered to take back, the latest last. Entries stay when they are taken back or dropped.
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
    /// Why its target could not be resolved, when that was tried last.
    pub unresolved: Option<String>,
    /// In what its target differs from before, where it does: nothing is done to it until the operator has said why.
    pub moved: Option<String>,
    /// On whom it was attempted last.
    pub acted_on: Option<Identity>,
    /// What its preconditions said last.
    pub required: Vec<Seen>,
    /// When preparing began last; none where it must be prepared anew.
    pub prepared_at: Option<Timestamp>,
    /// Whether the operator goes on although a precondition of this preparation does not hold.
    pub accepted: bool,
    /// The attempt that the operator agreed to, and that has not begun.
    pub consent: Option<(Way, u32)>,
    /// Whether it is to be decided about once more although it was attempted or rests.
    pub again: bool,
    /// Whether there is an attempt of which nobody knows what it did, whatever later ones came to.
    pub unsettled: bool,
    /// Items that were made sure of.
    pub ticked: Vec<String>,
    /// How its action ended last.
    pub outcome: Option<Outcome>,
    /// What verifying came to last.
    pub verified: Option<(Verdict, Vec<Seen>)>,
    /// Why it was skipped, deferred or overridden; how one can see that it was done by hand.
    pub reason: Option<String>,
    /// When it was begun.
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
    /// Whether the action is known to have been done.
    pub acted: bool,
    /// Whether it has been taken back.
    pub done: bool,
    /// Why it is not taken back, where the operator left it.
    pub left: Option<String>,
    /// Values of parameters when it was registered. It runs with these, whatever they are by then.
    pub params: BTreeMap<String, (String, String)>,
    /// Where taking it back stands.
    pub state: StepState,
}

impl Undo {
    /// Whether the change still stands, as far as is known.
    pub fn stands(&self) -> bool {
        self.begun && !self.done
    }

    /// Whether rolling back still has to deal with it.
    pub fn waits(&self) -> bool {
        self.stands() && self.left.is_none()
    }
}

impl State {
    /// What is known of a step.
    pub fn step(&self, id: &str) -> Option<&StepState> {
        self.steps.get(id)
    }

    /// Where a step stands.
    pub fn status(&self, id: &str) -> StepStatus {
        self.steps.get(id).map_or(StepStatus::Pending, |step| step.status)
    }

    /// Changes that stand and can be taken back, the latest last.
    pub fn standing(&self) -> impl Iterator<Item = &Undo> {
        self.undo.iter().filter(|undo| undo.stands())
    }

    /// Changes that stand and were meant for a time only.
    pub fn temporary(&self) -> impl Iterator<Item = &Undo> {
        self.standing().filter(|undo| undo.due.is_some())
    }

    /// What is taken back next, where something is.
    pub fn next_undo(&self) -> Option<&Undo> {
        let only = self.back_only.as_deref();
        let mine = |undo: &&Undo| only.is_none_or(|step| undo.step == step);
        self.rolling_back.then(|| self.undo.iter().rev().filter(mine).find(|undo| undo.waits())).flatten()
    }
}
