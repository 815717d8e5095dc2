//! Asking one source, question after question: its deadline, our patience, what is redacted, what is said when a right
//! is missing. A run that asks once and a watch that asks again and again share it.

use std::{collections::BTreeMap, time::Duration};

use std::sync::Arc;

use tokio::time::Instant;

use super::plan;
use crate::{
    check::probe::{Each, Probe, Rows},
    clock,
    config::SourceConfig,
    snapshot::{Answer, Earlier, Fault, FaultKind, Observation, Redactor, SourceRecord, Table},
    source::{self, Question, Source, within},
};

/// After so many questions in a row without an answer in time, the rest is not asked: a server that
/// hangs would otherwise eat the budget one deadline at a time.
pub(super) const PATIENCE: usize = 2;

/// One source, what it said of itself, and how long it has been silent.
pub(super) struct Asker {
    source: Box<dyn Source>,
    /// Who was asked, as whom, and what it said of itself.
    pub(super) record: SourceRecord,
    /// What is to know of the way there, whatever is found at its end.
    notes: Vec<String>,
    redactor: Arc<Redactor>,
    /// How many questions in a row had no answer in time.
    silent: usize,
}

/// A probe in one place.
#[derive(Debug, Clone)]
pub(super) struct Place<'p> {
    pub(super) probe: &'p Probe,
    pub(super) database: Option<String>,
}

/// The sources of a target, each with its record, and the one redactor that knows the passwords of them all.
pub(super) fn line_up(sources: &[SourceConfig], keep_literals: bool) -> Vec<Asker> {
    let opened: Vec<_> =
        sources.iter().map(|config| (config, source::open(&config.endpoint, &config.databases))).collect();
    let redactor = Arc::new(redactor(opened.iter().map(|(_, source)| source.as_ref()), keep_literals));
    opened
        .into_iter()
        .map(|(config, source)| {
            let record = SourceRecord {
                name: config.name.clone(),
                kind: config.kind(),
                address: redactor.text(&source.address()),
                facts: BTreeMap::new(),
                fault: None,
                notes: Vec::new(),
            };
            Asker::new(source, record, redactor.clone())
        })
        .collect()
}

/// Knows the passwords of all sources, so that one server's error cannot leak another's.
///
/// A password that is also the name of the host, role or database next to it (`postgres:postgres@…`)
/// hides nothing, and masking it everywhere would blacken half of the report. Where it stands as a
/// password, in a URL or a `password=` pair, it is still masked.
fn redactor<'a>(sources: impl Iterator<Item = &'a dyn Source>, keep_literals: bool) -> Redactor {
    let secrets = sources.flat_map(|source| {
        let address = source.address();
        let public = move |secret: &String| {
            address.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').any(|word| word == secret)
        };
        source.secrets().into_iter().filter(move |secret| !public(secret))
    });
    Redactor::new(secrets, keep_literals)
}

impl Asker {
    /// One that has not been reached yet.
    pub(super) fn new(source: Box<dyn Source>, mut record: SourceRecord, redactor: Arc<Redactor>) -> Self {
        let notes: Vec<_> = source.notes().iter().map(|note| redactor.text(note)).collect();
        record.notes.clone_from(&notes);
        Self { source, record, notes, redactor, silent: 0 }
    }

    /// Starts over with another connection to the same place, not reached yet.
    pub(super) fn renew(&mut self, source: Box<dyn Source>) {
        self.source = source;
        self.silent = 0;
    }

    /// Reaches the source, or asks one that was reached who it is now. Gives the databases to ask in.
    pub(super) async fn connect(&mut self, deadline: Duration) -> Result<Vec<String>, Fault> {
        let hello = within(deadline, "connecting", self.source.connect(deadline)).await;
        let hello = hello.map_err(|fault| self.redacted(fault))?;
        self.record.facts = hello.facts;
        self.record.notes.clone_from(&self.notes);
        self.record.notes.extend(hello.notes.iter().map(|note| self.redactor.text(note)));
        Ok(hello.databases)
    }

    /// Every probe that is for this server, in every database where it is asked in each.
    pub(super) fn places<'p>(
        &self,
        probes: impl IntoIterator<Item = &'p Probe>,
        databases: &[String],
    ) -> Vec<Place<'p>> {
        let mut places = Vec::new();
        for probe in probes.into_iter().filter(|probe| probe.is_for(&self.record)) {
            match probe.each {
                Each::Server => places.push(Place { probe, database: None }),
                Each::Database => {
                    places.extend(databases.iter().map(|d| Place { probe, database: Some(d.clone()) }));
                }
            }
        }
        places
    }

    /// Whether it has been silent for so long that nothing more is asked of it.
    pub(super) fn is_given_up(&self) -> bool {
        self.silent >= PATIENCE
    }

    /// Asks again, however silent it was before.
    pub(super) fn take_heart(&mut self) {
        self.silent = 0;
    }

    /// Asks, and puts the answer or the fault on record.
    pub(super) async fn observe(&mut self, place: &Place<'_>) -> Observation {
        let started = Instant::now();
        let answer = match self.ask(place).await {
            Ok(table) if table.rows() == 0 && place.probe.rows == Rows::Some => {
                Answer::Fault(Fault::new(FaultKind::Empty, "the answer has no rows where there is always one"))
            }
            Ok(table) => Answer::Table(table),
            Err(fault) => Answer::Fault(fault),
        };
        let mut observation = plan::observation(place.probe, &self.record, place.database.as_deref(), answer);
        observation.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        observation
    }

    /// A first sample: only what rates need of it.
    pub(super) async fn sample(&mut self, place: &Place<'_>) -> Result<Earlier, Fault> {
        let table = self.ask(place).await?;
        Ok(Earlier { at: clock::now(), table: for_rates(place.probe, &table) })
    }

    async fn ask(&mut self, place: &Place<'_>) -> Result<Table, Fault> {
        let Place { probe, database } = place;
        if self.is_given_up() {
            return Err(Fault::new(
                FaultKind::Deadline,
                format!("not asked: {PATIENCE} questions in a row had no answer in time"),
            ));
        }
        let query = plan::wording(probe, &self.record.facts)?;
        let deadline = probe.deadline();
        let question = Question { probe, query, database: database.as_deref(), deadline, redactor: &self.redactor };
        // The source keeps the deadline itself; this is for one that cannot.
        let result = within(deadline + Duration::from_secs(2), "the answer", self.source.ask(question)).await;
        match &result {
            Err(fault) if fault.kind == FaultKind::Deadline => self.silent += 1,
            _ => self.silent = 0,
        }
        result.map_err(|fault| self.redacted(self.with_grant(probe, fault)))
    }

    /// A denied question comes with what to grant.
    fn with_grant(&self, probe: &Probe, fault: Fault) -> Fault {
        let user = self.record.facts.get("user").and_then(|u| u.as_str()).unwrap_or("this role");
        match (&fault.kind, &fault.remedy, &probe.grant) {
            (FaultKind::Denied | FaultKind::Missing, None, Some(grant)) => fault.remedy(grant.replace("{user}", user)),
            _ => fault,
        }
    }

    fn redacted(&self, fault: Fault) -> Fault {
        Fault {
            kind: fault.kind,
            message: self.redactor.text(&fault.message),
            remedy: fault.remedy.map(|remedy| self.redactor.text(&remedy)),
        }
    }
}

/// Of a sample only what rates need.
pub(super) fn for_rates(probe: &Probe, table: &Table) -> Table {
    table.project(|column| {
        let name = column.name();
        column.counter() || probe.key.iter().chain(&probe.resets).any(|needed| needed == name)
    })
}
