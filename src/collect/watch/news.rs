//! What a watch is told, and what it tells.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use crate::snapshot::{Fault, Observation, Snapshot, SourceRecord};

/// What a watch is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Ask everything again now, also while paused: one source by its name, or all.
    Now(Option<String>),
    /// Begin no more rounds, or go on. A round under way ends after the question at hand, and is asked anew afterwards.
    Pause(bool),
    /// The time between two live rounds.
    Every(Duration),
    /// Drop what is being asked now. The next rounds come in their time.
    Cancel,
}

/// What a watch tells.
#[derive(Debug, Clone)]
pub enum News {
    /// A source stands like this now.
    Source(Arc<SourceState>),
    /// A live round of one source.
    Sample(Arc<Sample>),
    /// All that is known of the whole target now, to be judged. It comes when a source has answered an audit round, has
    /// failed or has come back; a source that fails now, or was not asked yet, has faults in place of answers.
    Snapshot(Arc<Snapshot>),
}

/// How a source stands.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceState {
    /// Who it is, and what it said of itself when it was last reached.
    pub record: Arc<SourceRecord>,
    /// When the last round ended in which it answered anything.
    pub answered_at: Option<Timestamp>,
    /// How long that round took.
    pub took: Option<Duration>,
    /// When the last audit round that it answered ended.
    pub audited_at: Option<Timestamp>,
    /// The time from one round to the next: what it said is fresh for that long.
    pub every: Duration,
    /// How many questions it is asked in a minute while all goes well; 0 until it was reached.
    pub per_minute: f64,
    /// What it is being asked in an audit round now.
    pub asking: Option<Asking>,
    /// Why it does not answer now.
    pub failed: Option<Failed>,
    /// What had no answer in its last audit round, although the source itself answers.
    pub lost: Option<Lost>,
}

impl SourceState {
    /// A source that was never asked.
    pub(super) fn new(record: Arc<SourceRecord>, every: Duration) -> Self {
        Self {
            record,
            answered_at: None,
            took: None,
            audited_at: None,
            every,
            per_minute: 0.0,
            asking: None,
            failed: None,
            lost: None,
        }
    }
}

/// How far an audit round is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking {
    /// How many questions are answered.
    pub done: usize,
    /// How many there are; 0 while connecting.
    pub of: usize,
}

/// Why a source does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// In words, with what to do about it.
    pub fault: Fault,
    /// Since when.
    pub since: Timestamp,
    /// How often it was tried since, in a row.
    pub tries: u32,
    /// When it is tried again; never where asking it broke off.
    pub next: Option<Timestamp>,
}

/// Questions without an answer that was due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// How many.
    pub questions: usize,
    /// What became of the first of them.
    pub first: Fault,
}

/// One live round of one source.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The source as it was then.
    pub source: SourceRecord,
    /// What it answered to the questions of this round, with the round before as the earlier sample of counters.
    pub observations: Vec<Observation>,
}
