//! Decisions that act on nothing: what is answered, ticked, left, gone to.

use super::{
    super::{
        Order, Refusal,
        hand::{at_hand, given, unknown},
    },
    Case, Hand,
    act::ticked_off,
    needed, optional, refuse,
};
use crate::{
    runbook::{
        model::{ActionKind, Step},
        record::{Record, Word},
    },
    secret::Secret,
};

impl Case<'_> {
    pub(super) fn note(&self, text: &str) -> Result<Vec<Order>, Refusal> {
        let text = needed(text, "what to write down")?;
        Ok(vec![self.about_run(Word::Note { text }, None)])
    }

    pub(super) fn tick(&self, item: &str) -> Result<Vec<Order>, Refusal> {
        let Hand::Step(step, known) = &self.hand else { return refuse("there is nothing to tick off now") };
        if !step.items.iter().any(|known| known.text == item) {
            return refuse(format!("the step `{}` has no item `{item}`", step.id));
        }
        if known.ticked.iter().any(|known| known == item) {
            return refuse(format!("`{item}` is ticked off already"));
        }
        Ok(vec![self.about_step(Word::Ticked { item: item.to_owned() }, None)])
    }

    /// A value that is asked for now: of a parameter that is missing, or of the step at hand.
    pub(super) fn answer(&self, name: &str, value: &Secret, origin: &str) -> Result<Vec<Order>, Refusal> {
        let Some(param) = self.book.param(name) else {
            let names: Vec<_> = self.book.params.iter().map(|param| param.name.as_str()).collect();
            return refuse(format!("there is no parameter `{name}`; there are: {}", names.join(", ")));
        };
        let asking = at_hand(self.book, self.state).and_then(Step::gives) == Some(name);
        if given(self.state, name) && !asking {
            return refuse(format!("`{name}` has a value; a change in the middle of a run is not foreseen"));
        }
        let value = param.check(value.expose()).map_err(|why| Refusal(format!("`{name}`: {why}")))?;
        let shown = (!param.secret).then(|| value.clone());
        let record = Record::Param { name: name.to_owned(), value: shown, origin: origin.to_owned() };
        let keep = param.secret.then(|| Order::Keep { name: name.to_owned(), value: Secret::new(value) });
        let told = self.is_ask(name).then(|| self.about_step(Word::Confirmed, None));
        let verify = self.is_ask(name).then(|| self.verify_after()).flatten();
        Ok(keep.into_iter().chain([Order::Write(record)]).chain(told).chain(verify).collect())
    }

    /// Whether the step at hand asks for just this parameter, and its items are ticked off.
    fn is_ask(&self, name: &str) -> bool {
        let Hand::Step(step, known) = &self.hand else { return false };
        let asks = step.action.as_ref().is_some_and(|action| matches!(&action.kind, ActionKind::Ask(of) if of == name));
        asks && step.items.iter().all(|item| known.ticked.contains(&item.text)) && self.is_ready(step)
    }

    pub(super) fn done(&self, evidence: &str) -> Result<Vec<Order>, Refusal> {
        match &self.hand {
            Hand::Undo(undo) if unknown(undo.state.status) => self.settled_done(evidence),
            Hand::Undo(_) => {
                let evidence = needed(evidence, "how one can see that it was taken back")?;
                Ok(vec![self.about_step(Word::DoneByHand { evidence }, None)])
            }
            Hand::Step(_, known) if unknown(known.status) => self.settled_done(evidence),
            Hand::Step(step, known) => {
                ticked_off(step, known)?;
                // Where something could have told by itself, a person's word needs a ground.
                let counts = step.action.is_some() || !step.verify.is_empty();
                let evidence = match optional(evidence) {
                    None if counts => return refuse("say how one can see that it was done"),
                    evidence => evidence.unwrap_or_default(),
                };
                let mut orders = self.register(step);
                orders.push(self.about_step(Word::DoneByHand { evidence }, None));
                Ok(orders)
            }
            Hand::Nothing => refuse("nothing is left to be done"),
        }
    }

    fn settled_done(&self, evidence: &str) -> Result<Vec<Order>, Refusal> {
        let evidence = needed(evidence, "how one can see that it was done")?;
        Ok(vec![self.about_step(Word::SettledDone { evidence }, None)])
    }

    pub(super) fn leave(&self, what: Word, reason: &str) -> Result<Vec<Order>, Refusal> {
        let reason = needed(reason, "why")?;
        Ok(vec![self.about_step(what, Some(reason))])
    }

    pub(super) fn take_back(&self, step: &str, reason: &str) -> Result<Vec<Order>, Refusal> {
        if !self.state.standing().any(|undo| undo.step == step) {
            let all: Vec<_> = self.state.standing().map(|undo| undo.step.as_str()).collect();
            return refuse(format!("nothing of the step `{step}` stands; what stands is of: {}", all.join(", ")));
        }
        Ok(vec![self.word(Some(step.to_owned()), Word::RollBack, optional(reason))])
    }

    pub(super) fn go_to(&self, step: &str, reason: &str) -> Result<Vec<Order>, Refusal> {
        if !self.book.forward().any(|known| known.id == step) {
            let steps: Vec<_> = self.book.forward().map(|step| step.id.as_str()).collect();
            return refuse(format!("there is no step `{step}` on the way forward; there are: {}", steps.join(", ")));
        }
        Ok(vec![self.about_run(Word::WentTo { to: step.to_owned() }, optional(reason))])
    }
}
