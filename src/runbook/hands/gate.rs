//! Hands behind a lock: while it is locked they do nothing, whoever asks.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::not_done;
use crate::runbook::{
    port::{Doing, Hands, Prepared, Stage},
    record::Outcome,
};

/// Whether steps may run. Locked at first.
#[derive(Debug, Default)]
pub struct Lock(AtomicBool);

impl Lock {
    /// Lets steps run, or no longer. What runs already is not stopped by it.
    pub fn unlock(&self, unlocked: bool) {
        self.0.store(unlocked, Ordering::SeqCst);
    }

    /// Whether steps may run.
    pub fn is_unlocked(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Hands that act only while a lock is open.
pub struct Gated {
    hands: Arc<dyn Hands>,
    lock: Arc<Lock>,
}

impl Gated {
    /// Hands behind a lock.
    pub fn new(hands: Arc<dyn Hands>, lock: Arc<Lock>) -> Self {
        Self { hands, lock }
    }
}

impl Hands for Gated {
    fn act<'a>(&'a self, what: &'a Prepared, stage: Stage<'a>) -> Doing<'a, Outcome> {
        match self.held_back() {
            Some(why) => Box::pin(async move { not_done(why) }),
            None => self.hands.act(what, stage),
        }
    }

    fn held_back(&self) -> Option<String> {
        let locked = || "steps are locked, and nothing was run; unlock them first".to_owned();
        if self.lock.is_unlocked() { self.hands.held_back() } else { Some(locked()) }
    }
}
