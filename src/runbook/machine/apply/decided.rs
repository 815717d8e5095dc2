//! What the operator decided.

use jiff::Timestamp;

use super::{
    super::{
        Refusal,
        hand::{at_rest, unknown},
    },
    refuse,
};
use crate::runbook::{
    model::{ActionKind, Runbook},
    record::{Way, Word},
    state::{State, StepStatus},
};

impl State {
    pub(super) fn decided(
        &mut self,
        book: &Runbook,
        step: Option<&str>,
        what: &Word,
        reason: Option<&str>,
        at: Timestamp,
    ) -> Result<(), Refusal> {
        match (what, step) {
            (Word::Note { .. }, _) => return Ok(()),
            (Word::RollBack, _) => self.roll_back(step),
            (Word::WentTo { to }, _) => self.went_to(to),
            (Word::Aborted, _) => self.aborted = true,
            (Word::Paused, _) => {}
            (_, None) => return refuse("a decision about a step must name it"),
            (_, Some(step)) => match self.undo_at_hand(step) {
                Some(undo) => self.about_undo(undo, what, reason),
                None => self.about_step(book, step, what, reason, at),
            },
        }
        self.paused = matches!(what, Word::Paused);
        Ok(())
    }

    fn roll_back(&mut self, only: Option<&str>) {
        self.rolling_back = true;
        self.back_only = only.map(str::to_owned);
        for undo in self.undo.iter_mut().filter(|undo| only.is_none_or(|step| undo.step == step)) {
            undo.left = None;
        }
    }

    /// Going to a step that rests or failed means deciding about it once more. What is unknown stays to be settled.
    fn went_to(&mut self, to: &str) {
        self.last = Some(to.to_owned());
        let known = self.steps.entry(to.to_owned()).or_default();
        known.again = known.status != StepStatus::Pending && !unknown(known.status);
        known.ticked.clear();
        known.unprepare();
    }

    fn about_undo(&mut self, at: usize, what: &Word, reason: Option<&str>) {
        let undo = &mut self.undo[at];
        let known = &mut undo.state;
        match what {
            Word::Confirmed => known.consent = Some((Way::Undo, known.attempts + 1)),
            Word::Overridden => known.go_on(),
            Word::Retry => known.once_more(),
            Word::Skipped | Word::Deferred => {
                undo.left = Some(reason.unwrap_or_default().to_owned());
                self.came_back();
            }
            Word::DoneByHand { evidence } | Word::SettledDone { evidence } => {
                known.status = StepStatus::DoneByHand;
                known.reason = Some(evidence.clone());
                known.unsettled = false;
                self.taken_back(at);
            }
            Word::SettledNotDone { evidence } => known.was_not_done(evidence),
            _ => {}
        }
    }

    fn about_step(&mut self, book: &Runbook, step: &str, what: &Word, reason: Option<&str>, at: Timestamp) {
        self.stand_at(book, step);
        let answered = is_answer(book, step);
        let known = self.steps.entry(step.to_owned()).or_default();
        known.began_at.get_or_insert(at);
        match what {
            Word::Confirmed if answered => known.rest(StepStatus::Succeeded, reason, at),
            Word::Confirmed => known.consent = Some((Way::Act, known.attempts + 1)),
            Word::Overridden if !known.again && known.is_done() => known.rest(StepStatus::Overridden, reason, at),
            Word::Overridden => known.go_on(),
            Word::Retry => known.once_more(),
            // What rested and was come back to stays as it was.
            Word::Skipped | Word::Deferred if known.again && at_rest(known.status) => known.again = false,
            Word::Skipped => known.rest(StepStatus::Skipped, reason, at),
            Word::Deferred => known.rest(StepStatus::Deferred, reason, at),
            Word::Ticked { item } => known.ticked.push(item.clone()),
            Word::DoneByHand { evidence } => {
                known.rest(StepStatus::DoneByHand, Some(evidence), at);
                self.stands_by_hand(book, step, at);
            }
            Word::SettledDone { evidence } => {
                known.rest(StepStatus::Succeeded, Some(evidence), at);
                self.acted(book, step, at);
            }
            Word::SettledNotDone { evidence } => {
                known.was_not_done(evidence);
                self.not_acted(step);
            }
            _ => {}
        }
    }
}

impl super::StepState {
    fn rest(&mut self, status: StepStatus, reason: Option<&str>, at: Timestamp) {
        self.status = status;
        self.reason = reason.map(str::to_owned);
        self.again = false;
        self.unsettled = false;
        self.consent = None;
        self.process = None;
        self.rested_at = Some(at);
    }

    /// Whether the action was done, and only what verifies it is not satisfied.
    fn is_done(&self) -> bool {
        use StepStatus::{Regressed, Succeeded, VerifyFailed};
        matches!(self.status, Succeeded | VerifyFailed | Regressed)
    }

    /// The operator goes on although a precondition does not hold, or the target is another than before.
    fn go_on(&mut self) {
        self.accepted = true;
        if self.moved.take().is_some() {
            self.acted_on = self.identity.as_ref().map(|(identity, _)| identity.clone());
        }
    }

    /// The operator wants another attempt: all is looked at again, and asked again.
    fn once_more(&mut self) {
        self.again = self.status != StepStatus::Pending;
        self.consent = None;
        self.identity = None;
        self.moved = None;
        self.unprepare();
    }

    fn was_not_done(&mut self, evidence: &str) {
        self.status = StepStatus::Failed;
        self.reason = Some(evidence.to_owned());
        self.again = false;
        self.unsettled = false;
        self.process = None;
    }
}

/// Whether the operator's answer is all there is to the step.
fn is_answer(book: &Runbook, step: &str) -> bool {
    let action = book.step(step).and_then(|step| step.action.as_ref());
    action.is_some_and(|action| matches!(action.kind, ActionKind::Ask(_) | ActionKind::Confirm(_)))
}
