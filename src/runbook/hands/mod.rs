//! What changes the world: one file a kind of action.
//!
//! Whatever an action prints goes through [`output`] before anybody sees it; whatever it starts is looked after by
//! [`process`], to the last descendant. Nothing here decides: an order of the machine has been written down before.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use super::{
    port::{Doing, Hands, Prepared, Stage, What},
    record::{Ended, Outcome},
};
use crate::config::{SourceConfig, Target};

/// How long a process has between TERM and KILL.
pub const GRACE: Duration = Duration::from_secs(5);

/// Hands on a target.
pub struct RealHands {
    target: Arc<Target>,
    vars: BTreeMap<String, String>,
    grace: Duration,
}

impl RealHands {
    /// Hands on a target; `vars` is the operator's environment, of which actions are given the little that they need.
    pub fn new(target: Arc<Target>, vars: BTreeMap<String, String>) -> Self {
        Self { target, vars, grace: GRACE }
    }

    /// Another time between TERM and KILL.
    #[must_use]
    pub fn with_grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// The source that an action is for, where it is for one.
    ///
    /// # Errors
    /// The target has no source of that name: it was prepared for another target.
    fn source(&self, prepared: &Prepared) -> Result<Option<&SourceConfig>, Outcome> {
        let Some(name) = &prepared.source else { return Ok(None) };
        let found = self.target.sources.iter().find(|source| source.name == *name);
        found.map(Some).ok_or_else(|| {
            not_done(format!("the target {} has no source {name}; `loadline doctor` lists them", self.target.name))
        })
    }
}

impl Hands for RealHands {
    fn act<'a>(&'a self, what: &'a Prepared, stage: Stage<'a>) -> Doing<'a, Outcome> {
        Box::pin(async move {
            if *stage.stop.borrow() {
                return not_done("stopped before it began");
            }
            let _source = match self.source(what) {
                Ok(source) => source,
                Err(outcome) => return outcome,
            };
            match &what.what {
                What::Sh { .. } | What::Kubectl { .. } | What::Http { .. } | What::Sql { .. } | What::Words { .. } => {
                    not_done(format!("not built yet ({:?}, {})", self.grace, self.vars.len()))
                }
            }
        })
    }
}

/// The outcome of what was not even begun.
pub(super) fn not_done(says: impl Into<String>) -> Outcome {
    Outcome {
        ended: Ended::Failed,
        says: says.into(),
        took_ms: 0,
        excerpt: String::new(),
        printed: 0,
        output: None,
        value: None,
    }
}
