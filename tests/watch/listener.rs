//! The lab under watch, and all that is told of it.

use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use loadline::assets;
use loadline::check::library::Library;
use loadline::collect::watch::{self, News, Options, Order, Sample, SourceState, Watch};
use loadline::config::{self, Given};
use loadline::snapshot::{Answer, FaultKind, Observation, Snapshot};
use loadline::source::postgres::conninfo::Env;

use crate::lab::{Lab, Part, Role};

/// A machine that is busy with other tests is slow; a watch that does not notice is slower.
const PATIENCE: Duration = Duration::from_secs(120);

type Told = Arc<(Mutex<Vec<News>>, Condvar)>;

/// A watch over a lab, with everything that it ever told.
pub(crate) struct Listener {
    told: Told,
    watch: Option<Watch>,
    runtime: Option<tokio::runtime::Runtime>,
}

/// Everything in the lab, as the monitor sees it.
fn given(lab: &Lab) -> Given {
    let mut given = Given::default();
    if lab.has(Part::Postgres) {
        given.postgres.push(format!("primary={}", lab.primary_url(Role::Monitor)));
    }
    if lab.has(Part::Replica) {
        given.postgres.push(format!("replica={}", lab.replica_url(Role::Monitor)));
    }
    if lab.has(Part::PgBouncer) {
        given.pgbouncer.push(format!("pooler={}", lab.console_url(Role::Monitor)));
    }
    if lab.has(Part::Redis) {
        given.redis.push(format!("cache={}", lab.redis_url()));
    }
    given
}

impl Listener {
    /// Watches everything in the lab, more hastily than one does in earnest.
    pub(crate) fn of(lab: &Lab) -> Self {
        let target = config::resolve(&given(lab), None, &Env::from_process()).expect("a target").target;
        let library = Library::load(&assets::embedded()).expect("what ships is right");
        let probes = library.probes().cloned().collect();
        let options = Options {
            live: Duration::from_millis(500),
            audit: Duration::from_secs(10),
            window: Duration::from_secs(2),
            least_window: Duration::from_millis(300),
            connect: Duration::from_secs(5),
            ..Options::default()
        };
        let runtime = tokio::runtime::Runtime::new().expect("a runtime can be had");
        let told = Told::default();
        let watch = {
            let (_inside, told) = (runtime.enter(), told.clone());
            watch::watch(target, probes, watch::live::PROBES, options, move |news| {
                told.0.lock().expect("no listener panics").push(news);
                told.1.notify_all();
            })
        };
        Self { told, watch: Some(watch), runtime: Some(runtime) }
    }

    pub(crate) fn order(&self, order: Order) {
        self.watch.as_ref().expect("it goes on until it is dropped").order(order);
    }

    /// A mark: what is told from here on.
    pub(crate) fn mark(&self) -> usize {
        self.told.0.lock().expect("no listener panics").len()
    }

    /// The first news since a mark that this finds something in.
    pub(crate) fn since<T>(&self, mark: usize, what: &str, mut wanted: impl FnMut(&News) -> Option<T>) -> T {
        let end = Instant::now() + PATIENCE;
        let mut looked = mark;
        let mut told = self.told.0.lock().expect("no listener panics");
        loop {
            if let Some(found) = told[looked..].iter().find_map(&mut wanted) {
                return found;
            }
            looked = told.len();
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "waited in vain until {what}; the sources stand like this:\n{}", states(&told));
            told = self.told.1.wait_timeout(told, left).expect("no listener panics").0;
        }
    }

    /// The first time since a mark that a source stands like this.
    pub(crate) fn state(
        &self,
        mark: usize,
        source: &str,
        what: &str,
        wanted: impl Fn(&SourceState) -> bool,
    ) -> Arc<SourceState> {
        self.since(mark, &format!("{source} {what}"), |news| match news {
            News::Source(state) if state.record.name == source && wanted(state) => Some(state.clone()),
            _ => None,
        })
    }

    /// The first snapshot since a mark that is like this.
    pub(crate) fn snapshot(&self, mark: usize, what: &str, wanted: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
        self.since(mark, what, |news| match news {
            News::Snapshot(snapshot) if wanted(snapshot) => Some(snapshot.clone()),
            _ => None,
        })
    }

    /// The samples of a source between two marks.
    pub(crate) fn samples(&self, source: &str, from: usize, to: usize) -> Vec<Arc<Sample>> {
        let told = self.told.0.lock().expect("no listener panics");
        let of = told[from..to].iter().filter_map(|news| match news {
            News::Sample(sample) if sample.source.name == source => Some(sample.clone()),
            _ => None,
        });
        of.collect()
    }

    /// Waits until everything was asked and counters have rates; gives the snapshot.
    pub(crate) fn settled(&self) -> Arc<Snapshot> {
        self.snapshot(0, "everything is answered twice", |snapshot| {
            let answered = |name: &str| losses(snapshot, name).is_empty();
            let rated = snapshot.sources.iter().all(|source| {
                let mut of = snapshot.observations.iter().filter(|o| o.source == source.name);
                of.any(|observation| observation.earlier.is_some())
            });
            rated && snapshot.sources.iter().all(|source| answered(&source.name))
        })
    }

    /// Everything that was told, as text.
    pub(crate) fn text(&self) -> String {
        format!("{:?}", self.told.0.lock().expect("no listener panics"))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        drop(self.watch.take());
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(5));
        }
    }
}

/// Why answers of a source that were due are missing.
pub(crate) fn losses(snapshot: &Snapshot, source: &str) -> Vec<FaultKind> {
    let of = snapshot.observations.iter().filter(|observation| observation.source == source);
    of.filter_map(|observation| match &observation.answer {
        Answer::Fault(fault) if fault.kind.is_loss() => Some(fault.kind),
        _ => None,
    })
    .collect()
}

/// A source's answer to a probe.
pub(crate) fn answer<'s>(observations: &'s [Observation], source: &str, probe: &str) -> Option<&'s Observation> {
    observations.iter().find(|observation| observation.source == source && observation.probe == probe)
}

fn states(told: &[News]) -> String {
    let mut last = std::collections::BTreeMap::new();
    for news in told {
        if let News::Source(state) = news {
            last.insert(state.record.name.clone(), format!("{state:?}"));
        }
    }
    last.into_values().collect::<Vec<_>>().join("\n")
}
