//! Asks all sources of a target at once and writes down what they say: a snapshot.
//!
//! Every probe has its deadline, every source its own connection, and the whole run a budget. What
//! hangs, resets or answers rubbish becomes a fault beside the answers of the others.

mod ask;
mod asker;
mod plan;
#[cfg(test)]
mod tests;
pub mod watch;

use std::{sync::Arc, time::Duration};

use tokio::{sync::mpsc, task::JoinSet, time::Instant};

use crate::{
    check::probe::Probe,
    clock,
    config::Target,
    snapshot::{FORMAT, Fault, FaultKind, Load, Observation, Snapshot, SourceRecord, TargetRecord, VERSION},
};

/// How a run asks.
#[derive(Debug, Clone)]
pub struct Options {
    /// The time between the two samples of counters; zero for one sample only.
    pub window: Duration,
    /// The longest that the whole run may take. It always ends by then, complete or not.
    pub budget: Duration,
    /// The longest that connecting to one source may take.
    pub connect: Duration,
    /// Whether literals stay in query texts; only where the operator asked for it.
    pub keep_literals: bool,
    /// The load meanwhile, where the operator says it.
    pub load: Option<Load>,
}

impl Options {
    /// Ten seconds between samples, and half a minute on top of that for the asking.
    pub const DEFAULT_WINDOW: Duration = Duration::from_secs(10);

    /// Usual options for a window.
    pub fn with_window(window: Duration) -> Self {
        Self {
            window,
            budget: window + Duration::from_secs(30),
            connect: Duration::from_secs(5),
            keep_literals: false,
            load: None,
        }
    }
}

/// What happens meanwhile, for a progress line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// A source was reached.
    Reached(String),
    /// A source cannot be asked.
    Failed(String, String),
    /// A source answered a question.
    Asked {
        /// The source.
        source: String,
        /// How many questions it has answered.
        done: usize,
        /// How many there are.
        of: usize,
    },
    /// A source waits for the second sample.
    Waiting(String, Duration),
    /// A source is done.
    Done(String),
}

/// What the task of a source reports.
enum Report {
    Record(usize, Box<SourceRecord>),
    Observation(usize, Box<Observation>),
    Progress(Progress),
    Done(usize),
}

/// Asks everything and comes back within the budget.
pub async fn collect(
    target: Target,
    probes: Vec<Probe>,
    options: &Options,
    mut progress: impl FnMut(&Progress),
) -> Snapshot {
    let started_at = clock::now();
    let end = Instant::now() + options.budget;
    let probes: Arc<[Probe]> = probes.into();
    let askers = asker::line_up(&target.sources, options.keep_literals);
    let mut records: Vec<SourceRecord> = askers.iter().map(|asker| asker.record.clone()).collect();
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let mut tasks = JoinSet::new();
    for (at, asker) in askers.into_iter().enumerate() {
        let job = ask::Job {
            at,
            asker,
            probes: probes.clone(),
            options: options.clone(),
            sender: sender.clone(),
            lost: (0, None),
        };
        tasks.spawn(job.run());
    }
    drop(sender);
    let mut observations: Vec<Vec<Observation>> = vec![Vec::new(); records.len()];
    let mut done = vec![false; records.len()];
    // Ends when every task has dropped its sender, or when the budget is spent.
    while let Ok(Some(report)) = tokio::time::timeout_at(end, receiver.recv()).await {
        match report {
            Report::Record(at, record) => records[at] = *record,
            Report::Observation(at, observation) => observations[at].push(*observation),
            Report::Progress(step) => progress(&step),
            Report::Done(at) => done[at] = true,
        }
    }
    tasks.abort_all();
    for (at, record) in records.iter_mut().enumerate() {
        if !done[at] {
            let fault = not_done(end, options.budget);
            plan::fill(&mut observations[at], record, &probes, &fault);
            progress(&Progress::Failed(record.name.clone(), fault.to_string()));
            record.fault.get_or_insert(fault);
        }
    }
    let mut observations: Vec<Observation> = observations.into_iter().flatten().collect();
    // The order of answers depends on timing; that of a snapshot must not.
    observations.sort_by(|a, b| (&a.probe, &a.source, &a.database).cmp(&(&b.probe, &b.source, &b.database)));
    Snapshot {
        format: FORMAT.to_owned(),
        version: VERSION,
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        target: TargetRecord { name: target.name, environment: target.environment },
        started_at,
        finished_at: clock::now(),
        window_ms: u64::try_from(options.window.as_millis()).unwrap_or(u64::MAX),
        load: options.load.clone(),
        sources: records,
        observations,
    }
}

/// Why a source has not come to its end.
fn not_done(end: Instant, budget: Duration) -> Fault {
    if Instant::now() < end {
        return Fault::new(FaultKind::Rubbish, "asking this source ended by itself; that is a bug of loadline")
            .remedy("run again, and report it with the version");
    }
    let spent = crate::quantity::duration(budget);
    Fault::new(FaultKind::Deadline, format!("the run's budget of {spent} was spent"))
}
