//! Drives a run: asks the machine, writes the journal, uses eyes and hands. One driver for the command line, the screens
//! and tests.
//!
//! The driver decides nothing. It carries out the machine's orders one by one and writes each fact down before it goes on
//! from it; a write that fails ends everything. While an action runs, the driver may live in a task of its own: what
//! happens is told by [`Event`]s, and [`Session::stopper`] ends it from outside.
//!
//! - [`begin`]: starting a run, and taking one up again. [`carry`]: a decision to its end. [`act`]: the one place where
//!   hands are used. [`look`]: targets, preconditions, snapshots. [`patience`]: how long a look must hold, as a pure rule.
//! - [`fill`]: what a step would run with the values of now. [`mask`]: secrets out of records. [`survivor`]: processes
//!   that outlived the program that started them.

mod act;
mod begin;
mod carry;
mod fill;
mod look;
mod mask;
mod patience;
mod survivor;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::sync::watch;

pub use self::{begin::TakenUp, survivor::Survivor};
use super::{
    journal::{Journal, JournalError},
    machine::{self, Circumstances, Refusal, Situation},
    model::Runbook,
    port::{Eyes, Hands, Happening, Prepared, Values},
    record::{Mode, Record, Stamped, Way, When},
    state::State,
};
use crate::{quantity, snapshot::Redactor};

/// How a run is started.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Acting, automatic or by hand. A plan has no session; a run that is taken up goes on as it began.
    pub mode: Mode,
    /// Who runs it.
    pub operator: String,
    /// On which machine.
    pub host: String,
    /// The folder of all runs; the run gets one of its own in it.
    pub folder: PathBuf,
    /// The finding that it is for, as `check: subject`.
    pub finding: Option<String>,
    /// Values of parameters that are known beforehand: name, value, origin.
    pub values: Vec<(String, String, String)>,
    /// Whether dangerous steps need a second person here.
    pub second_person: bool,
    /// Whether to take snapshots before and after.
    pub survey: bool,
    /// Stops what takes time, from the first look on: the session that would hand it out is not there yet then. Where that
    /// look is stopped, the run is paused before anything is done.
    pub stop: watch::Sender<bool>,
}

/// Why a session cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The journal cannot be written or read. Nothing is done without it.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// What was asked for is not possible now.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// An action has ended, and that could not be written down.
    #[error(
        "the step {step} ended ({says}), and that could not be written down: {why}. On resuming, its outcome counts as not known"
    )]
    Lost {
        /// The step.
        step: String,
        /// How it ended.
        says: String,
        /// Why it could not.
        why: Box<JournalError>,
    },
}

/// What a session tells while it works.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A record was written: a listener that applies it to a state of its own has the state of the run.
    Wrote(Stamped),
    /// Something that takes time begins.
    Began(Work),
    /// Something happens in an action.
    Happens {
        /// The step.
        step: String,
        /// What.
        what: Happening,
    },
}

/// What takes time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// A snapshot of the whole target is taken.
    Surveying(When),
    /// The target of a step is resolved, and its preconditions are asked.
    Preparing(String),
    /// An action or undo runs.
    Acting {
        /// The step.
        step: String,
        /// The longest that it may take.
        within: Duration,
    },
    /// Steps that were verified are looked at once more.
    Watching,
    /// Time passes.
    Waiting {
        /// The step.
        step: String,
        /// How long.
        lasts: Duration,
    },
    /// Live checks are looked at until they hold.
    Verifying {
        /// The step.
        step: String,
        /// The longest that it may take.
        within: Duration,
    },
}

impl Work {
    /// What is going on, in a line.
    pub fn words(&self) -> String {
        match self {
            Self::Surveying(When::Before) => "looking at the whole target, before anything is done …".to_owned(),
            Self::Surveying(When::After) => "looking at the whole target, as it is now …".to_owned(),
            Self::Preparing(step) => format!("asking who the target of {step} is, and what must hold before it …"),
            Self::Acting { step, within } => format!("{step} runs, for {} at most …", quantity::duration(*within)),
            Self::Watching => "looking whether what was verified still holds …".to_owned(),
            Self::Waiting { step, lasts } => format!("{step} waits for {} …", quantity::duration(*lasts)),
            Self::Verifying { step, within } if within.is_zero() => format!("looking whether {step} has worked …"),
            Self::Verifying { step, within } => {
                format!("looking whether {step} has worked, for {} at most …", quantity::duration(*within))
            }
        }
    }
}

/// Told of what happens.
type Listener = Arc<dyn Fn(Event) + Send + Sync>;

/// A run that is under way.
pub struct Session {
    book: Arc<Runbook>,
    eyes: Arc<dyn Eyes>,
    hands: Option<Arc<dyn Hands>>,
    opening: Opening,
    listen: Listener,
    journal: Journal,
    state: State,
    values: Values,
    /// Parameters whose values the journal does not hold and this program does not know: asked again.
    withheld: BTreeSet<String>,
    redactor: Arc<Redactor>,
    stop: watch::Sender<bool>,
    taken_up: Option<TakenUp>,
}

impl Session {
    /// The id of the run.
    pub fn run(&self) -> &str {
        self.journal.run()
    }

    /// The folder of the run.
    pub fn folder(&self) -> &Path {
        self.journal.folder()
    }

    /// The runbook.
    pub fn book(&self) -> &Runbook {
        &self.book
    }

    /// What the run has come to.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What was found when the run was taken up again; none for one that was started.
    pub fn taken_up(&self) -> Option<&TakenUp> {
        self.taken_up.as_ref()
    }

    /// What stands between now and the next thing.
    pub fn situation(&self) -> Situation {
        let situation = machine::situation(&self.book, &self.state, &self.circumstances());
        let stands =
            matches!(&situation, Situation::Step { .. } | Situation::RollingBack { .. } | Situation::ToPrepare(_));
        let asked = self.asked_again();
        if stands && !asked.is_empty() { Situation::NeedsParams(asked) } else { situation }
    }

    /// What the operator may decide now, the best first. A note, an answer and a tick are always possible besides.
    pub fn choices(&self) -> Vec<machine::Choice> {
        machine::choices(&self.book, &self.state, &self.circumstances())
    }

    /// The action of a step as it would run now, or its undo; none where the step has none, or people do it.
    ///
    /// # Errors
    /// A parameter without a value, or one that does not fit.
    pub fn prepared(&self, step: &str, undo: bool) -> Result<Option<Prepared>, Refusal> {
        self.filled(step, if undo { Way::Undo } else { Way::Act })
    }

    /// Values of parameters that are known now.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// A switch that stops the running action or the waiting: set it to true. It is set back when the next decision is
    /// carried out.
    pub fn stopper(&self) -> watch::Sender<bool> {
        self.stop.clone()
    }

    /// What a decision is judged by now.
    fn circumstances(&self) -> Circumstances {
        let at_hand = self.at_hand();
        let filled = |way| at_hand.as_ref().and_then(|(step, _)| self.filled(step, way).ok().flatten());
        let next = at_hand.as_ref().and_then(|(_, way)| filled(*way));
        let undo = at_hand.as_ref().filter(|(_, way)| *way == Way::Act).and_then(|_| filled(Way::Undo));
        Circumstances {
            now: crate::clock::now(),
            operator: self.opening.operator.clone(),
            second_person: self.opening.second_person,
            env: next.as_ref().map(fill::environment).unwrap_or_default(),
            shown: next.map(|next| next.shown),
            undo_shown: undo.map(|undo| undo.shown),
        }
    }

    /// The step at hand, and whether it is to be done or taken back.
    fn at_hand(&self) -> Option<(String, Way)> {
        match self.state.next_undo() {
            Some(undo) => Some((undo.step.clone(), Way::Undo)),
            None => self.state.current.clone().map(|step| (step, Way::Act)),
        }
    }

    /// Writes a record, without secrets; then it counts.
    fn write(&mut self, record: Record) -> Result<(), SessionError> {
        let stamped = Stamped { at: crate::clock::now(), record: mask::record(record, &self.redactor) };
        // What the state cannot take is a mistake of this program: it is found before it is on the disk.
        let mut next = self.state.clone();
        next.apply(&self.book, &stamped)?;
        self.journal.append(&stamped)?;
        self.state = next;
        (self.listen)(Event::Wrote(stamped));
        Ok(())
    }

    fn tell(&self, event: Event) {
        (self.listen)(event);
    }
}
