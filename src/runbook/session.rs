//! Drives a run: asks the machine, writes the journal, uses eyes and hands. One driver for the command line, the screens
//! and tests.

#![expect(clippy::unused_async, reason = "the shapes stand before what fills them")]

use std::{path::PathBuf, sync::Arc};

use super::{
    journal::JournalError,
    machine::{Decision, Refusal, Situation},
    model::Runbook,
    port::{Eyes, Hands, Happening, Prepared},
    record::{Mode, Record},
    state::State,
};

/// How a run is started.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Acting, automatic or by hand. A plan has no session.
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
}

/// What a session tells while it works.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A record was written.
    Wrote(Record),
    /// Something happens in an action.
    Happens {
        /// The step.
        step: String,
        /// What.
        what: Happening,
    },
}

/// A run that is under way.
pub struct Session {
    _book: Arc<Runbook>,
    state: State,
}

impl Session {
    /// Starts a run.
    ///
    /// # Errors
    /// A folder or journal that cannot be written; a value that does not fit its parameter.
    pub async fn start(
        _book: Arc<Runbook>,
        _eyes: Arc<dyn Eyes>,
        _hands: Option<Arc<dyn Hands>>,
        _opening: Opening,
        _listen: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Self, SessionError> {
        Err(SessionError::Refused(Refusal("not built yet".into())))
    }

    /// Takes a run up again from its folder.
    ///
    /// # Errors
    /// A journal that another process writes, that is broken before its last line, that is a plan's, or whose runbook has
    /// changed where the run stands.
    pub async fn resume(
        _book: Arc<Runbook>,
        _eyes: Arc<dyn Eyes>,
        _hands: Option<Arc<dyn Hands>>,
        _opening: Opening,
        _run: &str,
        _listen: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Self, SessionError> {
        Err(SessionError::Refused(Refusal("not built yet".into())))
    }

    /// What the run has come to.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What stands between now and the next thing.
    pub fn situation(&self) -> Situation {
        Situation::Ended
    }

    /// The action of a step as it would run now, or its undo.
    ///
    /// # Errors
    /// A parameter without a value, or one that does not fit.
    pub fn prepared(&self, _step: &str, _undo: bool) -> Result<Option<Prepared>, Refusal> {
        Ok(None)
    }

    /// Looks at the step at hand: resolves its target, asks its preconditions.
    ///
    /// # Errors
    /// A journal that cannot be written.
    pub async fn prepare(&mut self) -> Result<(), SessionError> {
        Ok(())
    }

    /// Carries a decision out to its end.
    ///
    /// # Errors
    /// A decision that is not possible now, and a journal that cannot be written.
    pub async fn decide(&mut self, _decision: Decision) -> Result<(), SessionError> {
        Ok(())
    }

    /// Asks the checks of steps that are verified again; those that no longer hold become regressed.
    ///
    /// # Errors
    /// A journal that cannot be written.
    pub async fn watch(&mut self) -> Result<(), SessionError> {
        Ok(())
    }

    /// A switch that stops the running action or the waiting.
    pub fn stopper(&self) -> tokio::sync::watch::Sender<bool> {
        tokio::sync::watch::channel(false).0
    }
}
