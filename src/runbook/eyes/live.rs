//! Eyes on a live target: connections of their own for each look, and never longer than a budget.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures_util::future::join_all;

use super::{choose, lookout::Lookout};
use crate::{
    check::{library::Library, params::Overrides, probe::Probe},
    collect::{self, Options},
    config::{SourceConfig, Target},
    runbook::{
        model::{Condition, Runbook, TargetRef},
        port::{Doing, Eyes, Identity, Sight, Values},
        record::Seen,
    },
    snapshot::{Fault, Redactor, Snapshot, SourceKind},
    source::{self, within},
};

/// The longest that a look, and asking who somebody is, may take besides its window.
const BUDGET: Duration = Duration::from_secs(10);

/// The longest that a look at everything may take besides its window.
const SURVEY_BUDGET: Duration = Duration::from_secs(30);

/// Between two samples of counters: short, for somebody waits.
const WINDOW: Duration = Duration::from_secs(2);

/// Eyes on a live target.
pub struct LiveEyes {
    target: Arc<Target>,
    lookout: Lookout,
    budget: Duration,
}

impl LiveEyes {
    /// Eyes on a target, with the checks that it is judged by and the thresholds that are applied to it.
    pub fn new(target: Arc<Target>, library: Library, overrides: Overrides) -> Self {
        Self { target, lookout: Lookout::new(library, overrides), budget: BUDGET }
    }

    /// Another budget for each look.
    #[must_use]
    pub fn with_budget(mut self, budget: Duration) -> Self {
        self.budget = budget;
        self
    }

    /// Asks those sources that the probes are for.
    async fn ask(&self, probes: Vec<Probe>, window: Duration, budget: Duration) -> Snapshot {
        let asks = |source: &&SourceConfig| probes.iter().any(|probe| probe.source == source.kind());
        let target = Target {
            name: self.target.name.clone(),
            environment: self.target.environment.clone(),
            sources: self.target.sources.iter().filter(asks).cloned().collect(),
        };
        let mut options = Options::with_window(window);
        options.budget = window + budget;
        options.connect = options.connect.min(budget);
        collect::collect(target, probes, &options, |_| {}).await
    }

    async fn look_at(&self, book: &Runbook, conditions: &[&Condition], values: &Values) -> Vec<Seen> {
        if conditions.is_empty() {
            return Vec::new();
        }
        let wanted = self.lookout.wanted(book, conditions);
        let window = if wanted.window { WINDOW } else { Duration::ZERO };
        let snapshot = self.ask(wanted.probes.clone(), window, self.budget).await;
        self.lookout.judge(&wanted, conditions, &snapshot, values)
    }

    async fn who(&self, target: &TargetRef, values: &Values) -> Result<Identity, Fault> {
        let sources: Vec<_> = self.target.sources.iter().map(|source| (source.name.as_str(), source.kind())).collect();
        let candidates = choose::candidates(target, values, &sources)?;
        // Without a role nobody's answer could decide between several.
        let nobody = candidates.len() > 1 && matches!(target, TargetRef::Kind { role: None, .. });
        let asked = join_all(candidates.iter().map(|(name, kind)| async move {
            let said = if nobody { Ok(self.unasked(name, *kind)) } else { self.identify(name).await };
            ((*name).to_owned(), said)
        }));
        choose::one(target, asked.await)
    }

    fn unasked(&self, name: &str, kind: SourceKind) -> Identity {
        let environment = self.target.environment.clone();
        Identity { source: name.to_owned(), kind, address: String::new(), environment, facts: BTreeMap::new() }
    }

    /// Who a source says that it is.
    async fn identify(&self, name: &str) -> Result<Identity, Fault> {
        let found = self.target.sources.iter().find(|source| source.name == name);
        let config =
            found.ok_or_else(|| Fault::new(crate::snapshot::FaultKind::Missing, format!("no source {name}")))?;
        let mut source = source::open(&config.endpoint, &config.databases);
        let redactor = Redactor::new(self.secrets(), false);
        let address = redactor.text(&source.address());
        let facts = within(self.budget, &format!("asking {name} who it is"), source.identify(self.budget)).await;
        let facts = facts.map_err(|fault| Fault {
            kind: fault.kind,
            message: format!("{name}: {}", redactor.text(&fault.message)),
            remedy: fault.remedy.map(|remedy| redactor.text(&remedy)),
        })?;
        let facts = facts.into_iter().map(|(fact, value)| (fact, redactor.text(&value))).collect();
        Ok(Identity { address, facts, ..self.unasked(name, config.kind()) })
    }
}

impl Eyes for LiveEyes {
    fn target(&self) -> (String, Option<String>) {
        (self.target.name.clone(), self.target.environment.clone())
    }

    fn resolve<'a>(&'a self, target: &'a TargetRef, values: &'a Values) -> Doing<'a, Result<Identity, Fault>> {
        Box::pin(self.who(target, values))
    }

    fn look<'a>(
        &'a self,
        book: &'a Runbook,
        conditions: &'a [&'a Condition],
        values: &'a Values,
    ) -> Doing<'a, Vec<Seen>> {
        Box::pin(self.look_at(book, conditions, values))
    }

    fn survey(&self) -> Doing<'_, Result<Sight, Fault>> {
        Box::pin(async move {
            let snapshot = self.ask(self.lookout.probes(), WINDOW, SURVEY_BUDGET.max(self.budget)).await;
            Ok(self.lookout.sight(snapshot))
        })
    }

    fn secrets(&self) -> Vec<String> {
        let all = self.target.sources.iter();
        all.flat_map(|config| source::open(&config.endpoint, &config.databases).secrets()).collect()
    }
}
