//! What may happen next. Pure: states and decisions in, orders out; no clock, no process, no file.
//!
//! A journal is read by applying its records to an empty [`State`]; a run goes on by the same records, so that a crash
//! loses nothing that was written. No order to act is ever given but in answer to a decision of the operator that was
//! made for that very attempt.

mod apply;
mod auto;
mod decide;
#[cfg(test)]
pub(crate) mod fixture;
mod hand;
mod resume;
mod situation;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

pub use self::{
    auto::{auto_decision, can_be_automatic},
    decide::decide,
    resume::resume_check,
    situation::{choices, situation},
};
use super::record::{Record, Way};
use crate::secret::Secret;

/// What stands between now and the next thing.
#[derive(Debug, Clone, PartialEq)]
pub enum Situation {
    /// Parameters have no value yet.
    NeedsParams(Vec<String>),
    /// A step is to be looked at before it can be decided: its target resolved, its preconditions asked.
    ToPrepare(String),
    /// A step waits for the operator.
    Step {
        /// Which.
        step: String,
        /// What is asked of the operator.
        asks: Asks,
        /// What the operator may decide, the best first.
        may: Vec<Choice>,
    },
    /// An undo waits for the operator.
    RollingBack {
        /// The step to take back.
        step: String,
        /// What is asked of the operator.
        asks: Asks,
        /// What the operator may decide.
        may: Vec<Choice>,
    },
    /// All steps rest: the run can be closed.
    ToFinish,
    /// It has ended.
    Ended,
}

/// What is asked of the operator before an action.
#[derive(Debug, Clone, PartialEq)]
pub enum Asks {
    /// Enter.
    Enter,
    /// A yes.
    Yes,
    /// The target's name and a reason.
    Typed {
        /// What to type.
        name: String,
        /// Whether a second person must agree.
        second_person: bool,
    },
    /// To do it by hand and say so.
    Hand,
    /// The value of a parameter.
    Value(String),
    /// An answer to a question.
    Question(String),
    /// To settle what is not known; what is known is told here.
    Settle(String),
    /// To say what to do after a failure, an unmet precondition or an unsatisfied check, told here.
    Trouble(String),
}

/// What can be decided, without its particulars: for menus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Choice {
    /// Do it.
    Go,
    /// Look at the live check now.
    Verify,
    /// It was done.
    MarkDone,
    /// It was not done.
    MarkNotDone,
    /// Do it again.
    Retry,
    /// Done by hand.
    DoneByHand,
    /// Go on although the check does not agree.
    Override,
    /// Leave it out.
    Skip,
    /// Leave it for later.
    Defer,
    /// Take back what was done.
    RollBack,
    /// Take back one step alone.
    TakeBack,
    /// Go to another step.
    GoTo,
    /// Stop for now.
    Pause,
    /// Give up.
    Abort,
    /// Close the run.
    Finish,
}

/// What the operator decides.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// To do the action, the undo, the look or the wait that is next.
    Go(Consent),
    /// That an item is made sure of.
    Tick(String),
    /// The value of a parameter.
    Answer {
        /// The parameter.
        name: String,
        /// The value.
        value: Secret,
        /// Where it comes from, as the journal says it.
        origin: String,
    },
    /// That it was done by hand, or that an unknown outcome is a done one.
    Done {
        /// How one can see it.
        evidence: String,
    },
    /// That an unknown outcome is one of not done.
    NotDone {
        /// How one can see it.
        evidence: String,
    },
    /// To look at the live check now.
    Verify,
    /// To prepare the step again and then decide on another attempt.
    Retry,
    /// To leave the step out.
    Skip {
        /// Why.
        reason: String,
    },
    /// To leave the step for later.
    Defer {
        /// Why.
        reason: String,
    },
    /// To go on although the precondition does not hold or the check does not agree.
    Override {
        /// Why.
        reason: String,
    },
    /// To take back all that was done, the latest first.
    RollBack {
        /// Why.
        reason: String,
    },
    /// To take back one step alone: a temporary change whose time is over.
    TakeBack {
        /// Which.
        step: String,
        /// Why.
        reason: String,
    },
    /// To go on at a step.
    GoTo {
        /// Which.
        step: String,
        /// Why.
        reason: String,
    },
    /// To write something down.
    Note(String),
    /// To stop for now; the run can be resumed.
    Pause,
    /// To give up.
    Abort {
        /// Why.
        reason: String,
    },
    /// To close the run.
    Finish,
}

/// The operator's word for one attempt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consent {
    /// The target's name as typed.
    pub typed: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The second person.
    pub approved_by: Option<String>,
}

/// What is to be done about a decision, in this order. An action or a wait that does not succeed ends the list: what
/// comes then is for the operator to say.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    /// Write a record, and sync it where it is an intent, an outcome or a decision.
    Write(Record),
    /// Keep the value of a secret in memory.
    Keep {
        /// The parameter.
        name: String,
        /// The value.
        value: Secret,
    },
    /// Resolve the target of the step and write it down ([`Record::Resolved`] or [`Record::Unresolved`]), look at its
    /// preconditions and write each down. While rolling back it is the target of its undo, which has no preconditions.
    Prepare(String),
    /// Do the action or undo of the step: its intent is the last record written. Then write the outcome.
    Act {
        /// The step.
        step: String,
        /// Acting or taking back.
        way: Way,
        /// Which attempt.
        attempt: u32,
    },
    /// Let time pass, then write the outcome. There is no intent: waiting changes nothing, and a crash forgets it.
    Wait {
        /// The step.
        step: String,
    },
    /// Look at the live checks of the step until they hold or time is up, and write samples and verdict down.
    Verify(String),
    /// Take a snapshot at the end and write it down.
    Survey,
}

/// Why a decision is not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

/// What a decision is judged by, besides the state.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// The time.
    pub now: Timestamp,
    /// Who decides.
    pub operator: String,
    /// Whether dangerous steps need a second person here, by configuration.
    pub second_person: bool,
    /// What the next action would run, with values filled in and secrets masked: for the intent.
    pub shown: Option<String>,
    /// What its undo would run.
    pub undo_shown: Option<String>,
    /// Names of the environment variables that it would be given.
    pub env: Vec<String>,
}

/// For how long a resolved target may be acted on before it must be resolved again.
pub const FRESH: std::time::Duration = std::time::Duration::from_secs(300);
