//! What changes the world: one file a kind of action.
//!
//! Whatever an action prints goes through [`output`] before anybody sees it; whatever it starts is looked after by
//! [`process`], to the last descendant. Nothing here decides: an order of the machine has been written down before.

mod gate;
mod http;
mod kubectl;
mod output;
mod process;
mod sh;
mod sql;
mod surroundings;
mod words;

pub use gate::{Gated, Lock};
pub(super) use process::MARK;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use http::Wanted;
use output::Printed;
use sh::Script;

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
            match &what.what {
                What::Sh { script, env, pty, expect } => {
                    self.sh(Script { text: script, env, pty: *pty, expect }, what, stage).await
                }
                What::Kubectl { args } => self.kubectl(args, what, stage).await,
                What::Http { method, url, headers, body, expect } => {
                    let wanted = Wanted { method, url, headers, body: body.as_deref(), expect };
                    Self::http(&wanted, what, stage).await
                }
                What::Sql { .. } | What::Words { .. } => match self.source(what) {
                    Ok(None) => not_done("the step names no target to act on"),
                    Ok(Some(source)) if matches!(what.what, What::Sql { .. }) => sql::act(source, what, stage).await,
                    Ok(Some(source)) => words::act(source, what, stage).await,
                    Err(outcome) => outcome,
                },
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

/// The outcome of what was begun.
pub(super) fn outcome(ended: Ended, mut says: String, took: Duration, printed: Printed) -> Outcome {
    for note in printed.notes {
        says.push_str("; ");
        says.push_str(&note);
    }
    Outcome {
        ended,
        says,
        took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        excerpt: printed.excerpt,
        printed: printed.bytes,
        output: printed.output,
        value: printed.value.filter(|_| ended == Ended::Succeeded),
    }
}
