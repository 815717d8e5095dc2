//! Eyes on a recording: the demo, and `--snapshot FILE`. What was recorded is judged; nothing can run there.

use super::{choose, lookout::Lookout};
use crate::{
    check::{library::Library, params::Overrides},
    runbook::{
        model::{Condition, Runbook, TargetRef},
        port::{Doing, Eyes, Identity, Sight, Values},
        record::Seen,
    },
    snapshot::{Fault, FaultKind, Snapshot},
};

/// Facts of a recording that say who a source was.
const FACTS: [&str; 5] = ["server", "role", "user", "database", "mode"];

/// Eyes on a recording.
pub struct RecordedEyes {
    snapshot: Snapshot,
    lookout: Lookout,
}

impl RecordedEyes {
    /// Eyes on a snapshot, with the checks that it is judged by and the thresholds that are applied.
    pub fn new(snapshot: Snapshot, library: Library, overrides: Overrides) -> Self {
        Self { snapshot, lookout: Lookout::new(library, overrides) }
    }

    fn identify(&self, name: &str) -> Result<Identity, Fault> {
        let record = self
            .snapshot
            .source(name)
            .ok_or_else(|| Fault::new(FaultKind::Missing, format!("the recording has no source {name}")))?;
        if let Some(fault) = &record.fault {
            return Err(fault.clone());
        }
        let known = record.facts.iter().filter(|(fact, _)| FACTS.contains(&fact.as_str()));
        let mut facts: std::collections::BTreeMap<String, String> =
            known.filter_map(|(fact, value)| Some((fact.clone(), value.as_str()?.to_owned()))).collect();
        facts.insert("recorded".to_owned(), self.snapshot.finished_at.to_string());
        Ok(Identity {
            source: name.to_owned(),
            kind: record.kind,
            address: record.address.clone(),
            environment: self.snapshot.target.environment.clone(),
            facts,
        })
    }

    fn who(&self, target: &TargetRef, values: &Values) -> Result<Identity, Fault> {
        let sources: Vec<_> = self.snapshot.sources.iter().map(|record| (record.name.as_str(), record.kind)).collect();
        let candidates = choose::candidates(target, values, &sources)?;
        let asked = candidates.into_iter().map(|(name, _)| (name.to_owned(), self.identify(name)));
        choose::one(target, asked.collect())
    }
}

impl Eyes for RecordedEyes {
    fn target(&self) -> (String, Option<String>) {
        (self.snapshot.target.name.clone(), self.snapshot.target.environment.clone())
    }

    fn resolve<'a>(&'a self, target: &'a TargetRef, values: &'a Values) -> Doing<'a, Result<Identity, Fault>> {
        Box::pin(async move { self.who(target, values) })
    }

    fn look<'a>(
        &'a self,
        book: &'a Runbook,
        conditions: &'a [&'a Condition],
        values: &'a Values,
    ) -> Doing<'a, Vec<Seen>> {
        Box::pin(async move {
            let wanted = self.lookout.wanted(book, conditions);
            self.lookout.judge(&wanted, conditions, &self.snapshot, values)
        })
    }

    fn survey(&self) -> Doing<'_, Result<Sight, Fault>> {
        Box::pin(async move { Ok(self.lookout.sight(self.snapshot.clone())) })
    }

    fn secrets(&self) -> Vec<String> {
        // A snapshot holds none: they were taken out before it was written.
        Vec::new()
    }
}
