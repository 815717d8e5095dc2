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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        runbook::{port::What, record::Ended},
        snapshot::Redactor,
    };

    struct Eager;

    impl Hands for Eager {
        fn act<'a>(&'a self, _: &'a Prepared, _: Stage<'a>) -> Doing<'a, Outcome> {
            Box::pin(async { Outcome { ended: Ended::Succeeded, ..not_done("acted") } })
        }
    }

    async fn act(hands: &dyn Hands) -> Outcome {
        let what = Prepared {
            what: What::Kubectl { args: Vec::new() },
            shown: String::new(),
            source: None,
            reads_only: false,
            timeout: std::time::Duration::from_secs(1),
            tag: String::new(),
        };
        let (_stop, stopped) = tokio::sync::watch::channel(false);
        let redactor = Redactor::default();
        let stage = Stage {
            happens: &|_| {},
            stop: stopped,
            redactor: &redactor,
            output: None,
            wants_value: false,
            value_is_secret: false,
        };
        hands.act(&what, stage).await
    }

    #[tokio::test]
    async fn hands_act_only_while_the_lock_is_open() {
        let lock = Arc::new(Lock::default());
        let hands = Gated::new(Arc::new(Eager), Arc::clone(&lock));
        for (unlocked, ended) in [(false, Ended::Failed), (true, Ended::Succeeded), (false, Ended::Failed)] {
            lock.unlock(unlocked);
            assert_eq!(hands.held_back().is_none(), unlocked);
            assert_eq!(act(&hands).await.ended, ended);
        }
    }
}
