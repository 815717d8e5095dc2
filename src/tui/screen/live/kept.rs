//! What each source said last: the latest table of every question, however many rounds ago, and what went wrong since.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Timestamp;

use super::Sample;
use crate::{
    check::{
        derivation::{self, Asked},
        relation::Relation,
    },
    snapshot::{Answer, Fault, Observation, SourceKind, SourceRecord},
};

/// All that was said.
#[derive(Debug, Default)]
pub(super) struct Kept {
    sources: BTreeMap<String, Source>,
}

/// What one source said.
#[derive(Debug)]
struct Source {
    record: SourceRecord,
    answers: BTreeMap<(String, Option<String>), Said>,
}

/// The answers to one question.
#[derive(Debug, Default)]
struct Said {
    /// The latest table: the sample that brought it, and its place there.
    table: Option<(Arc<Sample>, usize)>,
    /// Why there is no newer one.
    fault: Option<Fault>,
}

impl Said {
    fn observation(&self) -> Option<&Observation> {
        let (sample, at) = self.table.as_ref()?;
        sample.observations.get(*at)
    }
}

impl Kept {
    /// Takes a round. Returns the probes that were answered, well or not.
    pub(super) fn take(&mut self, sample: &Arc<Sample>) -> BTreeSet<String> {
        let source = self
            .sources
            .entry(sample.source.name.clone())
            .or_insert_with(|| Source { record: sample.source.clone(), answers: BTreeMap::new() });
        source.record = sample.source.clone();
        let mut probes = BTreeSet::new();
        for (at, observation) in sample.observations.iter().enumerate() {
            probes.insert(observation.probe.clone());
            let said = source.answers.entry((observation.probe.clone(), observation.database.clone())).or_default();
            match &observation.answer {
                Answer::Table(_) => *said = Said { table: Some((Arc::clone(sample), at)), fault: None },
                // What was known stays, until there is something newer.
                Answer::Fault(fault) => said.fault = Some(fault.clone()),
            }
        }
        probes
    }

    /// Whether a source has said anything.
    pub(super) fn knows(&self, source: &str) -> bool {
        self.sources.contains_key(source)
    }

    /// The names of the sources of a kind that have said something.
    pub(super) fn of_kind(&self, kinds: &[SourceKind]) -> Vec<&str> {
        let fits = self.sources.iter().filter(|(_, source)| kinds.contains(&source.record.kind));
        fits.map(|(name, _)| name.as_str()).collect()
    }

    /// The latest tables of a probe, from whatever source and database.
    pub(super) fn tables<'k>(&'k self, probe: &'k str) -> impl Iterator<Item = &'k Observation> {
        self.sources
            .values()
            .flat_map(|source| source.answers.iter())
            .filter(move |((id, _), _)| id == probe)
            .filter_map(|(_, said)| said.observation())
    }

    /// The latest tables of some probes from one source, with when each came.
    pub(super) fn latest(&self, source: &str, probes: &[&str]) -> Option<Timestamp> {
        let answers = &self.sources.get(source)?.answers;
        let of = answers.iter().filter(|((id, _), _)| probes.contains(&id.as_str()));
        of.filter_map(|(_, said)| Some(said.observation()?.at)).max()
    }

    /// Why the latest answer of one of some probes from a source is missing.
    pub(super) fn fault(&self, source: &str, probes: &[&str]) -> Option<&Fault> {
        let answers = &self.sources.get(source)?.answers;
        let mut of = answers.iter().filter(|((id, _), _)| probes.contains(&id.as_str()));
        of.find_map(|(_, said)| said.fault.as_ref())
    }

    /// What the role of a source could not see in one of some probes.
    pub(super) fn not_visible(&self, source: &str, probes: &[&str]) -> Option<&str> {
        let answers = &self.sources.get(source)?.answers;
        let mut of = answers.iter().filter(|((id, _), _)| probes.contains(&id.as_str()));
        of.find_map(|(_, said)| said.observation()?.not_visible.as_deref())
    }

    /// What a derivation makes of the latest tables.
    pub(super) fn derive(&self, id: &str) -> Vec<Relation<'static>> {
        let Some(derivation) = derivation::find(id) else { return Vec::new() };
        let mut relations: BTreeMap<&str, Vec<Relation>> = BTreeMap::new();
        for probe in derivation.inputs {
            relations.insert(probe, self.tables(probe).map(Relation::observed).collect());
        }
        let sources: Vec<SourceRecord> = self.sources.values().map(|source| source.record.clone()).collect();
        (derivation.derive)(&Asked { sources: &sources, relations: &relations })
    }
}
