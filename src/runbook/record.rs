//! The lines of a journal. Whoever reads them all knows what was done, by whom, on what, and what is not known.
//!
//! Nothing in a record holds a secret: text passes the run's redactor before it becomes one.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{model::Runbook, port::Identity};

/// The format that is written.
pub const FORMAT: u32 = 1;

/// A record with when it was written. A line of the journal is this, a running number, and a checksum over both and
/// the checksum before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stamped {
    /// When it was written.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub record: Record,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum Record {
    /// A run begins.
    Started(Box<Started>),
    /// A program took the run up again.
    Resumed {
        /// Who.
        operator: String,
        /// On which machine.
        host: String,
        /// The program's version.
        tool: String,
        /// What the runbook's text hashes to now.
        hash: String,
        /// What has changed in it since, in words.
        changed: Vec<String>,
    },
    /// A parameter has a value. A secret's is not here.
    Param {
        /// Its name.
        name: String,
        /// Its value; none for a secret.
        value: Option<String>,
        /// Where it comes from: `finding`, `flag`, `default`, `operator`, `step ID`.
        origin: String,
    },
    /// What an action's target turned out to be, asked live.
    Resolved {
        /// The step.
        step: String,
        /// Who it is.
        identity: Identity,
    },
    /// An action's target could not be asked who it is.
    Unresolved {
        /// The step.
        step: String,
        /// Why, and what would help.
        says: String,
    },
    /// A precondition was looked at.
    Required {
        /// The step.
        step: String,
        /// What the check said.
        seen: Seen,
    },
    /// The operator decided something.
    Decided {
        /// The step; none where it is about the run.
        step: Option<String>,
        /// What.
        #[serde(flatten)]
        what: Word,
        /// Who.
        by: String,
        /// The second person, where one was needed.
        approved_by: Option<String>,
        /// Why, where a reason is asked.
        reason: Option<String>,
    },
    /// The way back, written down before the way there is taken.
    UndoRegistered {
        /// The step.
        step: String,
        /// What would take it back, as it would run now.
        shown: String,
        /// When it is due, where the change is a temporary one.
        #[schemars(with = "Option<String>")]
        due: Option<Timestamp>,
    },
    /// An action is about to begin. Synced to the disk before it does.
    Intent {
        /// The step.
        step: String,
        /// Which attempt, from 1.
        attempt: u32,
        /// Acting, or taking back.
        way: Way,
        /// What runs, values filled in, secrets masked.
        shown: String,
        /// Names of the environment variables that it is given.
        env: Vec<String>,
        /// On what; none where no source is touched.
        identity: Option<Identity>,
        /// The longest that it may take, in milliseconds.
        timeout_ms: u64,
    },
    /// A process of the action lives, so that after a crash one can look whether it still does.
    Spawned {
        /// The step.
        step: String,
        /// Its id and that of its group.
        pid: u32,
        /// When it was started, in clock ticks since boot, as /proc says it: ids are used again.
        started: Option<u64>,
    },
    /// An action has ended. Synced to the disk.
    Outcome {
        /// The step.
        step: String,
        /// Which attempt.
        attempt: u32,
        /// Acting, or taking back.
        way: Way,
        /// How it ended.
        #[serde(flatten)]
        outcome: Outcome,
    },
    /// A live check was asked while verifying.
    Sample {
        /// The step.
        step: String,
        /// What it said.
        seen: Seen,
    },
    /// Verifying has ended.
    Verified {
        /// The step.
        step: String,
        /// What came of it.
        verdict: Verdict,
        /// What it said last.
        seen: Vec<Seen>,
        /// How long it took, in milliseconds.
        took_ms: u64,
    },
    /// A step that had been verified no longer is.
    Regressed {
        /// The step.
        step: String,
        /// What the check says now.
        seen: Seen,
    },
    /// A snapshot of the target was taken.
    Snapshot {
        /// Before the first action, or at the end.
        when: When,
        /// The file beside the journal.
        file: String,
        /// Findings that fail or warn, as `check: subject` with their status.
        findings: BTreeMap<String, String>,
    },
    /// A snapshot could not be taken. It never holds a run up.
    SnapshotFailed {
        /// Before the first action, or at the end.
        when: When,
        /// Why.
        why: String,
    },
    /// A run has ended.
    Ended {
        /// How.
        how: End,
    },
}

/// How a run begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Started {
    /// The format of the journal.
    pub format: u32,
    /// The run's id.
    pub run: String,
    /// Acting, rehearsing or by hand. What began as a plan is never resumed as anything else.
    pub mode: Mode,
    /// The runbook's id.
    pub runbook: String,
    /// Its title.
    pub title: String,
    /// Its file.
    pub file: String,
    /// SHA-256 of its text; a copy of the text lies beside the journal.
    pub hash: String,
    /// The hashes of its steps, by id.
    pub steps: BTreeMap<String, String>,
    /// How long it should take, in seconds.
    pub estimate_s: Option<u64>,
    /// The program's version.
    pub tool: String,
    /// Who runs it.
    pub operator: String,
    /// On which machine.
    pub host: String,
    /// The target's name.
    pub target: String,
    /// The owner's word for where it runs.
    pub environment: Option<String>,
    /// The finding that it was started for, as `check: subject`.
    pub finding: Option<String>,
}

impl Started {
    /// How a run or a plan begins: by which text, by whom and on which machine, on which target in which environment, and
    /// for which finding.
    pub fn new(
        book: &Runbook,
        run: &str,
        mode: Mode,
        (operator, host): (String, String),
        (target, environment): (String, Option<String>),
        finding: Option<String>,
    ) -> Self {
        Self {
            format: FORMAT,
            run: run.to_owned(),
            mode,
            runbook: book.id.clone(),
            title: book.title.clone(),
            file: book.shown.clone(),
            hash: book.hash.clone(),
            steps: book.steps().map(|(_, step)| (step.id.clone(), step.hash.clone())).collect(),
            estimate_s: book.estimate.map(|estimate| estimate.as_secs()),
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            operator,
            host,
            target,
            environment,
            finding,
        }
    }
}

/// How a run goes about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// An operator decides each step.
    Run,
    /// Nobody decides: only for runbooks without a human step, on an operator's word given beforehand.
    Auto,
    /// Nothing is run; what to do is shown, and results are pasted.
    Instruct,
    /// A preview with read-only verification. Never resumed as a run.
    Plan,
}

/// Acting or taking back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// The action of a step.
    Act,
    /// Its undo.
    Undo,
}

/// How an action ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// In a word.
    pub ended: Ended,
    /// In a sentence: `exit code 3`, `UPDATE 4`, `the server said …`.
    pub says: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// What it printed: beginning and end.
    pub excerpt: String,
    /// How much it printed, in bytes; the rest lies beside the journal up to a cap.
    pub printed: u64,
    /// The file beside the journal that has all of it, up to a cap.
    pub output: Option<String>,
    /// Its first value, for `sets=`; not written down for secrets.
    pub value: Option<String>,
}

/// How an action ended, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// As it should.
    Succeeded,
    /// With an error that says that it was not done.
    Failed,
    /// Over its time; whether it was done is not known.
    TimedOut,
    /// The operator stopped it; whether it was done is not known.
    Cancelled,
    /// The connection was lost, or the like: whether it was done is not known.
    Unknown,
}

/// What a live check said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Seen {
    /// The condition in words: `postgres.replication-lag passes`.
    pub condition: String,
    /// Whether it holds; none for unknown.
    pub holds: Option<bool>,
    /// The measured value and its threshold, or why it is unknown.
    pub says: String,
}

/// What came of verifying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It held for as long as asked.
    Held,
    /// It did not hold in time.
    NotHeld,
    /// It could not be measured.
    Unknown,
    /// The operator stopped waiting.
    Stopped,
}

/// What the operator decided, in a word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "decision", rename_all = "kebab-case")]
pub enum Word {
    /// To do it.
    Confirmed,
    /// To do it although its precondition does not hold, or what verifies it is not satisfied.
    Overridden,
    /// To do it again.
    Retry,
    /// To leave it out.
    Skipped,
    /// To leave it for later; the run is then complete except for it.
    Deferred,
    /// An item is made sure of.
    Ticked {
        /// Its text.
        item: String,
    },
    /// It was done by hand.
    DoneByHand {
        /// How one can see it.
        evidence: String,
    },
    /// An action whose outcome was unknown was done.
    SettledDone {
        /// How one can see it.
        evidence: String,
    },
    /// An action whose outcome was unknown was not done.
    SettledNotDone {
        /// How one can see it.
        evidence: String,
    },
    /// To take back what was done: all of it, or of one step where the decision names one.
    RollBack,
    /// To go on at a step. What lies between is left as it is.
    WentTo {
        /// The step.
        to: String,
    },
    /// To stop for now.
    Paused,
    /// To give up; what was done stays, and is listed.
    Aborted,
    /// Something worth writing down.
    Note {
        /// What.
        text: String,
    },
}

/// When a snapshot was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum When {
    /// Before the first action.
    Before,
    /// At the end.
    After,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Every step was done and verified, or left out on purpose.
    Completed,
    /// The same, and steps were deferred or temporary changes still stand.
    CompletedExceptDeferred,
    /// The operator gave up.
    Aborted,
    /// Everything that can be taken back has been.
    RolledBack,
}
