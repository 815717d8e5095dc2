//! A decision to its end: the machine's orders, one after the other.

use super::{Session, SessionError};
use crate::runbook::{
    machine::{self, Decision, Order, Refusal, Situation},
    port::Prepared,
    record::{Record, When},
};

impl Session {
    /// Carries a decision out to its end. What is refused has changed nothing.
    ///
    /// # Errors
    /// A decision that is not possible now, and a journal that cannot be written.
    pub async fn decide(&mut self, decision: Decision) -> Result<(), SessionError> {
        self.stop.send_replace(false);
        self.is_known(&decision)?;
        let orders = machine::decide(&self.book, &self.state, &decision, &self.circumstances())?;
        let prepared = self.for_act(&orders)?;
        for order in orders {
            if !self.carry_out(order, prepared.as_ref()).await? {
                break;
            }
        }
        Ok(())
    }

    /// Looks at the step at hand: resolves its target, asks its preconditions. Does nothing where that is not due.
    ///
    /// # Errors
    /// A journal that cannot be written.
    pub async fn prepare(&mut self) -> Result<(), SessionError> {
        self.stop.send_replace(false);
        match self.situation() {
            Situation::ToPrepare(step) => self.look_before(&step).await,
            _ => Ok(()),
        }
    }

    /// Nothing is done with a value that this program does not know any more.
    fn is_known(&self, decision: &Decision) -> Result<(), Refusal> {
        let asked = self.asked_again();
        if asked.is_empty() || !matches!(decision, Decision::Go(_) | Decision::Verify) {
            return Ok(());
        }
        Err(Refusal(format!("first a value is needed for {}: it was not written down", asked.join(", "))))
    }

    /// What is to be acted, settled before anything is written: it is what the intent shows.
    fn for_act(&self, orders: &[Order]) -> Result<Option<Prepared>, Refusal> {
        let Some((step, way)) = orders.iter().find_map(|order| match order {
            Order::Act { step, way, .. } => Some((step, *way)),
            _ => None,
        }) else {
            return Ok(None);
        };
        if self.hands.is_none() {
            return Err(Refusal(format!("the step `{step}` is to be done by hand: this run does nothing itself")));
        }
        if let Some(why) = self.hands.as_ref().and_then(|hands| hands.held_back()) {
            return Err(Refusal(why));
        }
        match self.filled(step, way)? {
            Some(prepared) => Ok(Some(prepared)),
            None => Err(Refusal(format!("the step `{step}` has nothing to run"))),
        }
    }

    /// Carries out one order, and says whether the next is still due.
    async fn carry_out(&mut self, order: Order, prepared: Option<&Prepared>) -> Result<bool, SessionError> {
        match order {
            Order::Write(Record::Param { name, value: Some(value), origin }) => {
                let value = self.learn(&name, value, false);
                self.write(Record::Param { name, value, origin })?;
            }
            Order::Write(record) => self.write(record)?,
            Order::Keep { name, value } => self.keep(&name, value),
            Order::Prepare(step) => self.look_before(&step).await?,
            Order::Act { step, way, attempt } => {
                let Some(prepared) = prepared else {
                    return Err(Refusal(format!("the step `{step}` has nothing to run")).into());
                };
                return self.act(&step, way, attempt, prepared).await;
            }
            Order::Wait { step } => return self.wait(&step).await,
            Order::Verify(step) => self.verify(&step).await?,
            Order::Survey if self.opening.survey => self.survey(When::After).await?,
            Order::Survey => {}
        }
        Ok(true)
    }
}
