//! What was begun and how it ended.

use jiff::{SignedDuration, Timestamp};

use super::{
    super::{Refusal, hand::acts},
    refuse,
};
use crate::runbook::{
    model::{ActionKind, Runbook},
    port::Identity,
    record::{Ended, Outcome, Way},
    state::{State, StepState, StepStatus, Undo},
};

impl State {
    /// The way back is known. One that was registered and never begun is replaced; one of an attempt that may have been
    /// done is kept with the values of its time.
    pub(super) fn register(&mut self, step: &str, shown: &str, due: Option<Timestamp>) {
        if self.undo.iter().any(|undo| undo.step == step && undo.stands() && !undo.acted) {
            return;
        }
        self.undo.retain(|undo| undo.step != step || undo.begun);
        self.undo.push(Undo {
            step: step.to_owned(),
            shown: shown.to_owned(),
            due,
            begun: false,
            acted: false,
            done: false,
            left: None,
            params: self.params.clone(),
            state: StepState::default(),
        });
    }

    pub(super) fn intent(
        &mut self,
        book: &Runbook,
        step: &str,
        attempt: u32,
        way: Way,
        identity: Option<&Identity>,
        at: Timestamp,
    ) -> Result<(), Refusal> {
        self.may_begin(step, attempt, way)?;
        let known = self.known(step);
        known.status = StepStatus::Running;
        known.attempts = attempt;
        known.acted_on = identity.cloned();
        known.consent = None;
        known.again = false;
        known.outcome = None;
        known.verified = None;
        known.process = None;
        known.rested_at = None;
        known.began_at.get_or_insert(at);
        known.prepared_at = None;
        known.accepted = false;
        if way == Way::Act {
            self.begun(book, step, at);
        }
        Ok(())
    }

    fn may_begin(&self, step: &str, attempt: u32, way: Way) -> Result<(), Refusal> {
        if !acts(self) {
            return refuse("only a run acts; a plan and an instruction never do");
        }
        let undo = self.undo_at_hand(step);
        if (way == Way::Undo) != undo.is_some() {
            return refuse(&format!("the step `{step}` is {}taken back now", if undo.is_some() { "" } else { "not " }));
        }
        let known = undo.map(|at| &self.undo[at].state).or_else(|| self.step(step));
        if known.and_then(|known| known.consent) != Some((way, attempt)) {
            return refuse(&format!("attempt {attempt} of the step `{step}` begins without a decision for it"));
        }
        Ok(())
    }

    /// The action of a step begins, or was done by hand: what was registered for it counts from now on.
    fn begun(&mut self, book: &Runbook, step: &str, at: Timestamp) {
        let due = due(book, step, at);
        if let Some(undo) = self.latest_undo(step) {
            undo.begun = true;
            undo.due = due.or(undo.due);
        }
    }

    /// The newest entry of a step that is not taken back.
    fn latest_undo(&mut self, step: &str) -> Option<&mut Undo> {
        self.undo.iter_mut().rev().find(|undo| undo.step == step && !undo.done)
    }

    /// A step was done by hand: what was registered for it stands.
    pub(super) fn stands_by_hand(&mut self, book: &Runbook, step: &str, at: Timestamp) {
        self.begun(book, step, at);
        self.acted(book, step, at);
    }

    /// A step is known to be done.
    pub(super) fn acted(&mut self, book: &Runbook, step: &str, at: Timestamp) {
        let due = due(book, step, at);
        if let Some(undo) = self.latest_undo(step) {
            undo.acted = true;
            undo.due = due.or(undo.due);
        }
    }

    /// A step is known not to be done: there is nothing to take back.
    pub(super) fn not_acted(&mut self, step: &str) {
        if let Some(undo) = self.latest_undo(step)
            && !undo.acted
        {
            undo.begun = false;
        }
    }

    pub(super) fn spawned(&mut self, step: &str, pid: u32, started: Option<u64>) {
        self.known(step).process = Some((pid, started));
    }

    pub(super) fn outcome(
        &mut self,
        book: &Runbook,
        step: &str,
        attempt: u32,
        way: Way,
        outcome: &Outcome,
        at: Timestamp,
    ) -> Result<(), Refusal> {
        let waits = is_wait(book, step);
        let undo = self.undo_at_hand(step);
        let known = self.known(step);
        let agreed = known.consent.is_some() && waits;
        let runs = known.status == StepStatus::Running && known.attempts == attempt;
        if !agreed && !runs || (way == Way::Undo) != undo.is_some() {
            return refuse(&format!("attempt {attempt} of the step `{step}` ends without having begun"));
        }
        if agreed {
            known.attempts += 1;
            known.began_at.get_or_insert(at);
        }
        known.ends(outcome, waits, at);
        if outcome.ended == Ended::Succeeded {
            match undo {
                Some(undo) => self.taken_back(undo),
                None => self.succeeded(book, step, outcome, at),
            }
        }
        Ok(())
    }

    fn succeeded(&mut self, book: &Runbook, step: &str, outcome: &Outcome, at: Timestamp) {
        self.acted(book, step, at);
        let sets = book.step(step).and_then(|step| step.action.as_ref()).and_then(|action| action.sets.as_deref());
        let Some(param) = sets.and_then(|name| book.param(name)) else { return };
        let origin = format!("step {step}");
        if param.secret {
            self.give(&param.name, None, &origin);
        } else if let Some(value) = outcome.value.as_deref().and_then(|value| param.check(value.trim()).ok()) {
            // What does not fit is not taken: the operator is asked for it where it is needed.
            self.give(&param.name, Some(&value), &origin);
        }
    }

    /// A change is taken back.
    pub(super) fn taken_back(&mut self, undo: usize) {
        let undo = &mut self.undo[undo];
        undo.done = true;
        let step = self.steps.entry(undo.step.clone()).or_default();
        step.status = StepStatus::RolledBack;
        step.unsettled = false;
        step.again = false;
        self.came_back();
    }
}

impl StepState {
    fn ends(&mut self, outcome: &Outcome, waits: bool, at: Timestamp) {
        self.consent = None;
        self.again = false;
        self.outcome = Some(outcome.clone());
        self.rested_at = Some(at);
        self.status = match outcome.ended {
            Ended::Succeeded => {
                self.unsettled = false;
                StepStatus::Succeeded
            }
            // One attempt that surely did nothing says nothing about another before it.
            Ended::Failed if self.unsettled => StepStatus::OutcomeUnknown,
            Ended::Failed => StepStatus::Failed,
            _ if waits => StepStatus::Failed,
            Ended::TimedOut | Ended::Cancelled | Ended::Unknown => {
                self.unsettled = true;
                StepStatus::OutcomeUnknown
            }
        };
        if !matches!(outcome.ended, Ended::TimedOut | Ended::Cancelled | Ended::Unknown) {
            self.process = None;
        }
    }
}

/// When a temporary change of a step that is done now must be taken back.
fn due(book: &Runbook, step: &str, at: Timestamp) -> Option<Timestamp> {
    let after = book.step(step)?.action.as_ref()?.temporary?;
    at.checked_add(SignedDuration::try_from(after).ok()?).ok()
}

fn is_wait(book: &Runbook, step: &str) -> bool {
    let action = book.step(step).and_then(|step| step.action.as_ref());
    action.is_some_and(|action| matches!(action.kind, ActionKind::Wait(_)))
}
