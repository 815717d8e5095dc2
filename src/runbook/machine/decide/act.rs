//! Decisions that lead to an act, a wait or a look.

use jiff::{SignedDuration, Timestamp};

use super::{
    super::{
        Asks, Consent, Order, Refusal, Situation,
        hand::acts,
        situation::{second_person, situation, typed_name},
    },
    Case, Hand, needed, optional, refuse,
};
use crate::runbook::{
    model::{Action, ActionKind, Step},
    record::{Record, Way, Word},
    state::StepState,
};

impl Case<'_> {
    pub(super) fn go(&self, consent: &Consent) -> Result<Vec<Order>, Refusal> {
        match &self.hand {
            Hand::Undo(undo) => {
                let action = self.book.step(&undo.step).and_then(|step| step.undo.as_ref());
                let Some(action) = action else {
                    return refuse("there is no undo in the runbook; take it back by hand");
                };
                let confirmed = self.confirmed(consent, Some((action, &undo.state)))?;
                let intent = self.intent(&undo.step, action, &undo.state, Way::Undo)?;
                Ok([confirmed].into_iter().chain(intent).collect())
            }
            Hand::Step(step, known) => self.go_step(step, known, consent),
            Hand::Nothing => refuse("nothing is left to be done; close the run"),
        }
    }

    fn go_step(&self, step: &Step, known: &StepState, consent: &Consent) -> Result<Vec<Order>, Refusal> {
        let may_act = super::choices(self.book, self.state, self.circumstances).contains(&super::Choice::Go);
        let Some(action) = step.action.as_ref().filter(|_| may_act) else { return self.verify() };
        ticked_off(step, known)?;
        let confirmed = self.confirmed(consent, action.kind.acts().then_some((action, known)))?;
        let middle = match &action.kind {
            ActionKind::Ask(_) | ActionKind::Confirm(_) | ActionKind::Check(_) => Vec::new(),
            ActionKind::Wait(_) => vec![Order::Wait { step: step.id.clone() }],
            _ => {
                let mut orders = self.register(step);
                orders.extend(self.intent(&step.id, action, known, Way::Act)?);
                orders
            }
        };
        Ok([confirmed].into_iter().chain(middle).chain(self.verify_after()).collect())
    }

    /// The record of the operator's word, once it is found to be enough.
    fn confirmed(&self, consent: &Consent, act: Option<(&Action, &StepState)>) -> Result<Order, Refusal> {
        let now = situation(self.book, self.state, self.circumstances);
        let (Situation::Step { asks, .. } | Situation::RollingBack { asks, .. }) = now else {
            return refuse("there is nothing to agree to now");
        };
        let text = |of: &Option<String>| of.as_deref().and_then(optional);
        let mut reason = text(&consent.reason);
        let mut approved_by = None;
        if let (Asks::Typed { .. }, Some((action, known))) = (asks, act) {
            let name = typed_name(known, self.state);
            if consent.typed.as_deref().map(str::trim) != Some(name.trim()) {
                return refuse(format!("what was typed is not the name of the target; type `{name}`"));
            }
            reason = Some(needed(reason.as_deref().unwrap_or_default(), "why; the reason goes into the record")?);
            approved_by = text(&consent.approved_by);
            if second_person(action, self.circumstances) {
                self.is_second(approved_by.as_deref())?;
            }
        }
        let by = self.circumstances.operator.clone();
        let step = Some(self.step_id());
        Ok(Order::Write(Record::Decided { step, what: Word::Confirmed, by, approved_by, reason }))
    }

    /// Whether somebody else agrees.
    fn is_second(&self, approver: Option<&str>) -> Result<(), Refusal> {
        let plain = |name: &str| name.trim().to_lowercase();
        match approver {
            None => refuse("a second person must agree; say who"),
            Some(name) if plain(name) == plain(&self.circumstances.operator) => {
                refuse("the second person must be another than the operator")
            }
            Some(_) => Ok(()),
        }
    }

    /// What is written before an act, and the act.
    fn intent(&self, step: &str, action: &Action, known: &StepState, way: Way) -> Result<[Order; 2], Refusal> {
        let Some(shown) = self.circumstances.shown.clone() else {
            return refuse(format!("the values of the step `{step}` cannot be filled in"));
        };
        let attempt = known.attempts + 1;
        let identity = known.identity.as_ref().filter(|_| action.target.is_some());
        let intent = Record::Intent {
            step: step.to_owned(),
            attempt,
            way,
            shown,
            env: self.circumstances.env.clone(),
            identity: identity.map(|(identity, _)| identity.clone()),
            timeout_ms: u64::try_from(action.timeout.as_millis()).unwrap_or(u64::MAX),
        };
        Ok([Order::Write(intent), Order::Act { step: step.to_owned(), way, attempt }])
    }

    /// The way back is written down before the way there is taken. A temporary change without one is taken back by hand.
    pub(super) fn register(&self, step: &Step) -> Vec<Order> {
        let Some(action) = &step.action else { return Vec::new() };
        let backward = self.book.backward().any(|other| other.id == step.id);
        if backward || step.undo.is_none() && action.temporary.is_none() {
            return Vec::new();
        }
        let written = step.undo.as_ref().map(|undo| undo.body.clone());
        let shown = self.circumstances.undo_shown.clone().or(written).unwrap_or_else(|| "by hand".to_owned());
        let due = action.temporary.and_then(|after| later(self.circumstances.now, after));
        vec![Order::Write(Record::UndoRegistered { step: step.id.clone(), shown, due })]
    }

    pub(super) fn verify(&self) -> Result<Vec<Order>, Refusal> {
        let Hand::Step(step, _) = &self.hand else { return refuse("there is nothing to look at") };
        let registered = self.state.undo.iter().any(|undo| undo.step == step.id && !undo.done);
        let by_hand = !acts(self.state) && !registered;
        let mut orders = if by_hand { self.register(step) } else { Vec::new() };
        orders.push(Order::Verify(step.id.clone()));
        Ok(orders)
    }

    /// The look that follows what the step did.
    pub(super) fn verify_after(&self) -> Option<Order> {
        let Hand::Step(step, _) = &self.hand else { return None };
        step.verifications().next().map(|_| Order::Verify(step.id.clone()))
    }

    /// Whether the step itself is asked about, with nothing in the way.
    pub(super) fn is_ready(&self, step: &Step) -> bool {
        matches!(situation(self.book, self.state, self.circumstances),
            Situation::Step { step: at, asks: Asks::Value(_), .. } if at == step.id)
    }
}

/// Whether every item of a step is made sure of.
pub(super) fn ticked_off(step: &Step, known: &StepState) -> Result<(), Refusal> {
    let open = step.items.iter().map(|item| item.text.as_str());
    let open: Vec<_> = open.filter(|item| !known.ticked.iter().any(|ticked| ticked == item)).collect();
    if open.is_empty() {
        return Ok(());
    }
    refuse(format!("first make sure of: {}", open.join("; ")))
}

fn later(now: Timestamp, after: std::time::Duration) -> Option<Timestamp> {
    now.checked_add(SignedDuration::try_from(after).ok()?).ok()
}
