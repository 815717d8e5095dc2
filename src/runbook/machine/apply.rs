//! From records to the state of a run. Reading a journal and going on with it are the same thing.

mod act;
mod decided;
mod look;

use jiff::Timestamp;

use super::{
    Refusal,
    hand::{Hand, hand},
};
use crate::runbook::{
    model::Runbook,
    record::{End, Record, Stamped, When},
    state::{State, StepState, StepStatus},
};

impl State {
    /// Reads a journal.
    ///
    /// # Errors
    /// A record that cannot follow those before it.
    pub fn fold(book: &Runbook, records: &[Stamped]) -> Result<Self, Refusal> {
        let mut state = Self::default();
        for (at, record) in records.iter().enumerate() {
            state.apply(book, record).map_err(|Refusal(why)| Refusal(format!("record {}: {why}", at + 1)))?;
        }
        Ok(state)
    }

    /// Applies one record. What cannot follow changes nothing.
    ///
    /// # Errors
    /// A record that cannot follow those before it.
    pub fn apply(&mut self, book: &Runbook, stamped: &Stamped) -> Result<(), Refusal> {
        self.admit(&stamped.record)?;
        self.take(book, &stamped.record, stamped.at)?;
        self.last_at = Some(stamped.at);
        self.current = match hand(book, self) {
            Hand::Undo(undo) => Some(undo.step.clone()),
            Hand::Step(step, _) => Some(step.id.clone()),
            Hand::Nothing => None,
        };
        Ok(())
    }

    /// Whether a record can stand here at all.
    fn admit(&self, record: &Record) -> Result<(), Refusal> {
        match (&self.started, &self.ended, record) {
            (None, _, Record::Started(_)) | (Some(_), None, _) if !self.doubled(record) => Ok(()),
            (None, ..) => refuse("a journal begins with the start of a run"),
            (Some(_), Some((End::CompletedExceptDeferred, _)), Record::Resumed { .. }) => Ok(()),
            (Some(_), Some(_), _) => refuse("the run has ended before; nothing can follow"),
            (Some(_), None, _) => refuse("a run begins once"),
        }
    }

    fn doubled(&self, record: &Record) -> bool {
        self.started.is_some() && matches!(record, Record::Started(_))
    }

    fn take(&mut self, book: &Runbook, record: &Record, at: Timestamp) -> Result<(), Refusal> {
        match record {
            Record::Started(started) => {
                self.started = Some((**started).clone());
                self.began_at = Some(at);
            }
            Record::Resumed { .. } => self.take_up(),
            Record::Param { name, value, origin } => self.give(name, value.as_deref(), origin),
            Record::Resolved { step, identity } => self.resolved(book, step, identity, at),
            Record::Unresolved { step, says } => self.unresolved(step, says, at),
            Record::Required { step, seen } => self.required(book, step, seen, at),
            Record::Decided { step, what, reason, .. } => {
                return self.decided(book, step.as_deref(), what, reason.as_deref(), at);
            }
            Record::UndoRegistered { step, shown, due } => self.register(step, shown, *due),
            Record::Intent { step, attempt, way, identity, .. } => {
                return self.intent(book, step, *attempt, *way, identity.as_ref(), at);
            }
            Record::Spawned { step, pid, started } => self.spawned(step, *pid, *started),
            Record::Outcome { step, attempt, way, outcome } => {
                return self.outcome(book, step, *attempt, *way, outcome, at);
            }
            Record::Sample { .. } | Record::SnapshotFailed { .. } => {}
            Record::Verified { step, verdict, seen, .. } => self.verified(book, step, *verdict, seen, at),
            Record::Regressed { step, seen } => return self.regressed(step, seen),
            Record::Snapshot { when, file, findings } => {
                let taken = Some((file.clone(), findings.clone()));
                match when {
                    When::Before => self.before = taken,
                    When::After => self.after = taken,
                }
            }
            Record::Ended { how } => self.ended = Some((*how, at)),
        }
        Ok(())
    }

    /// Another program goes on: what ran is unknown, what was agreed to but not begun is forgotten, what was looked at is
    /// looked at again, and secrets are gone.
    fn take_up(&mut self) {
        self.ended = None;
        self.paused = false;
        self.secrets.clear();
        let undos = self.undo.iter_mut().map(|undo| &mut undo.state);
        for step in self.steps.values_mut().chain(undos) {
            if step.status == StepStatus::Running {
                step.status = StepStatus::OutcomeUnknown;
                step.unsettled = true;
            }
            step.again &= !step.unsettled;
            step.consent = None;
            step.unprepare();
        }
    }

    pub(super) fn give(&mut self, name: &str, value: Option<&str>, origin: &str) {
        match value {
            Some(value) => {
                self.params.insert(name.to_owned(), (value.to_owned(), origin.to_owned()));
            }
            None if self.secrets.iter().any(|secret| secret == name) => {}
            None => self.secrets.push(name.to_owned()),
        }
    }

    /// What is known of a step, or of taking it back where that is under way.
    fn known(&mut self, step: &str) -> &mut StepState {
        match self.undo_at_hand(step) {
            Some(at) => &mut self.undo[at].state,
            None => self.steps.entry(step.to_owned()).or_default(),
        }
    }

    /// Where the undo of a step stands in the stack, where it is the one to be taken back next.
    fn undo_at_hand(&self, step: &str) -> Option<usize> {
        let next = self.next_undo().filter(|undo| undo.step == step)?;
        self.undo.iter().position(|undo| std::ptr::eq(undo, next))
    }

    /// A step was decided about: the next one is looked for after it. Settling one that lies behind does not go back.
    fn stand_at(&mut self, book: &Runbook, step: &str) {
        let place = |id: &str| book.forward().position(|step| step.id == id);
        let behind = self.last.as_deref().is_some_and(|last| place(step) < place(last));
        if !self.rolling_back && !behind {
            self.last = Some(step.to_owned());
        }
    }

    /// After something was taken back or left: where only that was asked for, the run goes on.
    fn came_back(&mut self) {
        if self.back_only.is_some() && self.next_undo().is_none() {
            self.rolling_back = false;
            self.back_only = None;
        }
    }
}

impl StepState {
    /// Forgets what was looked at before an action.
    pub(super) fn unprepare(&mut self) {
        self.prepared_at = None;
        self.required.clear();
        self.unresolved = None;
        self.accepted = false;
    }
}

fn refuse<T>(why: &str) -> Result<T, Refusal> {
    Err(Refusal(why.to_owned()))
}
