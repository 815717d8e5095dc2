//! What one source has said: its part of the snapshot of a target.

use std::collections::BTreeMap;

use crate::{
    check::probe::Probe,
    collect::plan,
    snapshot::{Fault, FaultKind, Observation, SourceRecord},
};

/// One source and its latest answers, one for each question; never more.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    record: SourceRecord,
    observations: BTreeMap<(String, Option<String>), Observation>,
}

impl Part {
    /// A source that was not asked yet: nothing is known, and nothing passes.
    pub fn pending(record: SourceRecord, probes: &[Probe]) -> Self {
        let fault = Fault::new(FaultKind::Pending, "its first round is under way");
        Self::of(record, |record, observations| plan::fill(observations, record, probes, &fault))
    }

    /// A source that fails now: every question that it was due to answer has its fault.
    pub fn failed(record: SourceRecord, probes: &[Probe], fault: &Fault) -> Self {
        let record = SourceRecord { fault: Some(fault.clone()), ..record };
        Self::of(record, |record, observations| plan::fill(observations, record, probes, fault))
    }

    /// A source that answered everything.
    pub fn answered(record: SourceRecord, answers: Vec<Observation>) -> Self {
        Self::of(record, |_, observations| *observations = answers)
    }

    /// Takes in the answers to some of the questions.
    pub fn take(&mut self, record: SourceRecord, answers: Vec<Observation>) {
        self.record = record;
        self.observations.extend(answers.into_iter().map(keyed));
    }

    /// Who it is.
    pub fn record(&self) -> &SourceRecord {
        &self.record
    }

    /// Its answers, in the order of probe and database.
    pub fn observations(&self) -> impl Iterator<Item = &Observation> {
        self.observations.values()
    }

    fn of(record: SourceRecord, fill: impl FnOnce(&SourceRecord, &mut Vec<Observation>)) -> Self {
        let mut observations = Vec::new();
        fill(&record, &mut observations);
        Self { record, observations: observations.into_iter().map(keyed).collect() }
    }
}

fn keyed(observation: Observation) -> ((String, Option<String>), Observation) {
    ((observation.probe.clone(), observation.database.clone()), observation)
}
