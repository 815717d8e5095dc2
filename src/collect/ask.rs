//! One source's part of a run: connect, first samples, everything else, second samples.

use std::sync::Arc;

use tokio::{sync::mpsc::UnboundedSender, time::Instant};

use super::{
    Options, Progress, Report,
    asker::{Asker, Place},
    plan,
};
use crate::{
    check::probe::Probe,
    snapshot::{Answer, Earlier, Fault, Observation},
};

/// All that the task of a source needs.
pub(super) struct Job {
    pub(super) at: usize,
    pub(super) asker: Asker,
    pub(super) probes: Arc<[Probe]>,
    pub(super) options: Options,
    pub(super) sender: UnboundedSender<Report>,
    /// How many questions were due to be answered and were not, and why the first of them.
    pub(super) lost: (usize, Option<Fault>),
}

/// A probe in one place, and its first sample.
struct Task<'p> {
    place: Place<'p>,
    earlier: Option<Earlier>,
}

impl Job {
    pub(super) async fn run(mut self) {
        let name = self.asker.record.name.clone();
        match self.asker.connect(self.options.connect).await {
            Ok(databases) => {
                self.send(Report::Progress(Progress::Reached(name.clone())));
                self.record();
                self.ask_all(&databases).await;
                if let (lost, Some(first)) = &self.lost {
                    let note = format!("{lost} questions had no answer; the first of them: {first}");
                    self.asker.record.notes.push(note.clone());
                    self.send(Report::Progress(Progress::Failed(name.clone(), note)));
                    self.record();
                }
                self.send(Report::Progress(Progress::Done(name)));
            }
            Err(fault) => {
                self.send(Report::Progress(Progress::Failed(name, fault.to_string())));
                self.asker.record.fault = Some(fault.clone());
                self.record();
                let mut faults = Vec::new();
                plan::fill(&mut faults, &self.asker.record, &self.probes, &fault);
                for fault in faults {
                    self.observed(fault);
                }
            }
        }
        self.send(Report::Done(self.at));
    }

    async fn ask_all(&mut self, databases: &[String]) {
        let probes = self.probes.clone();
        let places = self.asker.places(probes.iter(), databases);
        let two_samples = !self.options.window.is_zero();
        let (mut counters, mut once): (Vec<_>, Vec<_>) = places
            .into_iter()
            .map(|place| Task { place, earlier: None })
            .partition(|task| two_samples && task.place.probe.has_counters());
        let of = counters.len() * 2 + once.len();
        let mut done = 0;
        let sampled_at = Instant::now();
        for task in &mut counters {
            task.earlier = self.asker.sample(&task.place).await.ok();
            self.step(&mut done, of);
        }
        for task in &mut once {
            self.finish(task).await;
            self.step(&mut done, of);
        }
        // The time that the other questions took is part of the window.
        let rest = self.options.window.saturating_sub(sampled_at.elapsed());
        if !counters.is_empty() && !rest.is_zero() && !self.asker.is_given_up() {
            self.send(Report::Progress(Progress::Waiting(self.asker.record.name.clone(), rest)));
            tokio::time::sleep(rest).await;
        }
        for task in &mut counters {
            self.finish(task).await;
            self.step(&mut done, of);
        }
    }

    async fn finish(&mut self, task: &mut Task<'_>) {
        let mut observation = self.asker.observe(&task.place).await;
        if let Answer::Fault(fault) = &observation.answer
            && fault.kind.is_loss()
        {
            self.lost.0 += 1;
            self.lost.1.get_or_insert_with(|| fault.clone());
        }
        observation.earlier = task.earlier.take();
        self.observed(observation);
    }

    fn step(&self, done: &mut usize, of: usize) {
        *done += 1;
        self.send(Report::Progress(Progress::Asked { source: self.asker.record.name.clone(), done: *done, of }));
    }

    fn record(&self) {
        self.send(Report::Record(self.at, Box::new(self.asker.record.clone())));
    }

    fn observed(&self, observation: Observation) {
        self.send(Report::Observation(self.at, Box::new(observation)));
    }

    /// The receiver is gone only when the budget is spent; then nobody misses the report.
    fn send(&self, report: Report) {
        let _ = self.sender.send(report);
    }
}
