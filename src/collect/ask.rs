//! One source's part of a run: connect, first samples, everything else, second samples.

use std::{sync::Arc, time::Duration};

use tokio::{sync::mpsc::UnboundedSender, time::Instant};

use super::{Options, Progress, Report, plan};
use crate::{
    check::probe::{Each, Probe, Rows},
    clock,
    snapshot::{Answer, Earlier, Fault, FaultKind, Observation, Redactor, SourceRecord, Table},
    source::{Question, Source, within},
};

/// After so many questions in a row without an answer in time, the rest is not asked: a server that
/// hangs would otherwise eat the budget one deadline at a time.
const PATIENCE: usize = 2;

/// All that the task of a source needs.
pub(super) struct Job {
    pub(super) at: usize,
    pub(super) source: Box<dyn Source>,
    pub(super) record: SourceRecord,
    pub(super) probes: Arc<[Probe]>,
    pub(super) redactor: Arc<Redactor>,
    pub(super) options: Options,
    pub(super) sender: UnboundedSender<Report>,
    /// How many questions were due to be answered and were not, and why the first of them.
    pub(super) lost: (usize, Option<Fault>),
}

/// A probe in one place, and its first sample.
struct Task<'p> {
    probe: &'p Probe,
    database: Option<String>,
    earlier: Option<Earlier>,
}

impl Job {
    pub(super) async fn run(mut self) {
        let name = self.record.name.clone();
        match self.connect().await {
            Ok(databases) => {
                self.send(Report::Progress(Progress::Reached(name.clone())));
                self.record();
                self.ask_all(&databases).await;
                if let (lost, Some(first)) = &self.lost {
                    let note = format!("{lost} questions had no answer; the first of them: {first}");
                    self.record.notes.push(note.clone());
                    self.send(Report::Progress(Progress::Failed(name.clone(), note)));
                    self.record();
                }
                self.send(Report::Progress(Progress::Done(name)));
            }
            Err(fault) => {
                let fault = self.redacted(fault);
                self.send(Report::Progress(Progress::Failed(name, fault.to_string())));
                self.record.fault = Some(fault.clone());
                self.record();
                let mut faults = Vec::new();
                plan::fill(&mut faults, &self.record, &self.probes, &fault);
                for fault in faults {
                    self.observed(fault);
                }
            }
        }
        self.send(Report::Done(self.at));
    }

    async fn connect(&mut self) -> Result<Vec<String>, Fault> {
        let deadline = self.options.connect;
        let hello = within(deadline, "connecting", self.source.connect(deadline)).await?;
        self.record.facts = hello.facts;
        self.record.notes.extend(hello.notes.iter().map(|note| self.redactor.text(note)));
        Ok(hello.databases)
    }

    async fn ask_all(&mut self, databases: &[String]) {
        let probes = self.probes.clone();
        let mut tasks = self.tasks(&probes, databases);
        let two_samples = !self.options.window.is_zero();
        let (mut counters, mut once): (Vec<_>, Vec<_>) =
            tasks.drain(..).partition(|task| two_samples && task.probe.has_counters());
        let of = counters.len() * 2 + once.len();
        let (mut done, mut silent) = (0, 0);
        let sampled_at = Instant::now();
        for task in &mut counters {
            if let Ok(table) = self.ask(task, &mut silent).await {
                task.earlier = Some(Earlier { at: clock::now(), table: for_rates(task.probe, &table) });
            }
            self.step(&mut done, of);
        }
        for task in &mut once {
            self.finish(task, &mut silent).await;
            self.step(&mut done, of);
        }
        // The time that the other questions took is part of the window.
        let rest = self.options.window.saturating_sub(sampled_at.elapsed());
        if !counters.is_empty() && !rest.is_zero() && silent < PATIENCE {
            self.send(Report::Progress(Progress::Waiting(self.record.name.clone(), rest)));
            tokio::time::sleep(rest).await;
        }
        for task in &mut counters {
            self.finish(task, &mut silent).await;
            self.step(&mut done, of);
        }
    }

    /// Every probe that is for this server, in every database where it is asked in each.
    fn tasks<'p>(&self, probes: &'p [Probe], databases: &[String]) -> Vec<Task<'p>> {
        let mut tasks = Vec::new();
        for probe in probes.iter().filter(|probe| probe.is_for(&self.record)) {
            match probe.each {
                Each::Server => tasks.push(Task { probe, database: None, earlier: None }),
                Each::Database => {
                    tasks.extend(databases.iter().map(|d| Task { probe, database: Some(d.clone()), earlier: None }));
                }
            }
        }
        tasks
    }

    async fn finish(&mut self, task: &mut Task<'_>, silent: &mut usize) {
        let started = Instant::now();
        let answer = match self.ask(task, silent).await {
            Ok(table) if table.rows() == 0 && task.probe.rows == Rows::Some => {
                Answer::Fault(Fault::new(FaultKind::Empty, "the answer has no rows where there is always one"))
            }
            Ok(table) => Answer::Table(table),
            Err(fault) => {
                if fault.kind.is_loss() {
                    self.lost.0 += 1;
                    self.lost.1.get_or_insert_with(|| fault.clone());
                }
                Answer::Fault(fault)
            }
        };
        let mut observation = plan::observation(task.probe, &self.record, task.database.as_deref(), answer);
        observation.took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        observation.earlier = task.earlier.take();
        self.observed(observation);
    }

    async fn ask(&mut self, task: &Task<'_>, silent: &mut usize) -> Result<Table, Fault> {
        if *silent >= PATIENCE {
            return Err(Fault::new(
                FaultKind::Deadline,
                format!("not asked: {PATIENCE} questions in a row had no answer in time"),
            ));
        }
        let query = plan::wording(task.probe, &self.record.facts)?;
        let deadline = task.probe.deadline();
        let question = Question {
            probe: task.probe,
            query,
            database: task.database.as_deref(),
            deadline,
            redactor: &self.redactor,
        };
        // The source keeps the deadline itself; this is for one that cannot.
        let result = within(deadline + Duration::from_secs(2), "the answer", self.source.ask(question)).await;
        match &result {
            Err(fault) if fault.kind == FaultKind::Deadline => *silent += 1,
            _ => *silent = 0,
        }
        result.map_err(|fault| self.redacted(self.with_grant(task.probe, fault)))
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

    fn step(&self, done: &mut usize, of: usize) {
        *done += 1;
        self.send(Report::Progress(Progress::Asked { source: self.record.name.clone(), done: *done, of }));
    }

    fn record(&self) {
        self.send(Report::Record(self.at, Box::new(self.record.clone())));
    }

    fn observed(&self, observation: Observation) {
        self.send(Report::Observation(self.at, Box::new(observation)));
    }

    /// The receiver is gone only when the budget is spent; then nobody misses the report.
    fn send(&self, report: Report) {
        let _ = self.sender.send(report);
    }
}

/// Of a first sample only what rates need.
fn for_rates(probe: &Probe, table: &Table) -> Table {
    table.project(|column| {
        let name = column.name();
        column.counter() || probe.key.iter().chain(&probe.resets).any(|needed| needed == name)
    })
}
