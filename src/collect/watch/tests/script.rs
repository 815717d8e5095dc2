//! Sources that do as they are told, and an ear for what a watch tells of them.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::Instant,
};

use crate::{
    check::probe::Probe,
    collect::{
        asker::Asker,
        watch::{LiveProbe, News, Options, Pace, SourceState, Watch, begin, hub::Hub},
    },
    snapshot::{
        Answer, Column, Fault, FaultKind, Kind, Redactor, Snapshot, SourceKind, SourceRecord, Table, TargetRecord,
        Unit, Value,
    },
    source::{Asking, Hello, Question, Source},
};

/// How a server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Health {
    Well,
    /// It answers, but takes so long.
    Slow(Duration),
    /// It takes connections and questions, and says nothing.
    Hung,
    /// Nobody listens, and open connections are cut.
    Dead,
    /// Open connections are cut once; new ones are taken.
    Cut,
    /// It answers who it is, and no question in time.
    Overloaded,
    /// The source itself breaks.
    Broken,
}

/// A server, as seen by all connections to it.
pub(super) struct Server {
    health: Mutex<Health>,
    role: Mutex<Option<&'static str>>,
    began: Instant,
    /// What it was asked, and when: seconds since the beginning.
    asked: Mutex<Vec<(f64, String)>>,
    counter: Mutex<i64>,
}

impl Server {
    pub(super) fn set(&self, health: Health) {
        *self.health.lock().unwrap() = health;
    }

    pub(super) fn play(&self, role: &'static str) {
        *self.role.lock().unwrap() = Some(role);
    }

    /// When it was asked this: whole seconds since the beginning.
    pub(super) fn asked(&self, what: &str) -> Vec<u64> {
        let asked = self.asked.lock().unwrap();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds of a test")]
        asked.iter().filter(|(_, name)| name == what).map(|(at, _)| at.round() as u64).collect()
    }

    fn health(&self) -> Health {
        *self.health.lock().unwrap()
    }

    fn note(&self, what: &str) {
        self.asked.lock().unwrap().push((self.began.elapsed().as_secs_f64(), what.to_owned()));
    }
}

struct Scripted(Arc<Server>);

impl Scripted {
    async fn obeys(&self, deadline: Duration, is_hello: bool) -> Result<(), Fault> {
        match self.0.health() {
            Health::Well => Ok(()),
            Health::Slow(time) => {
                tokio::time::sleep(time).await;
                Ok(())
            }
            Health::Overloaded if is_hello => Ok(()),
            Health::Hung | Health::Overloaded => {
                tokio::time::sleep(deadline).await;
                Err(Fault::new(FaultKind::Deadline, "silence"))
            }
            Health::Dead if is_hello => Err(Fault::new(FaultKind::Unreachable, "connection refused by p4ssw0rd")),
            Health::Cut if is_hello => {
                self.0.set(Health::Well);
                Ok(())
            }
            Health::Dead | Health::Cut => Err(Fault::new(FaultKind::Gone, "closed")),
            Health::Broken => panic!("a source that breaks"),
        }
    }
}

impl Source for Scripted {
    fn address(&self) -> String {
        "script".into()
    }

    fn secrets(&self) -> Vec<String> {
        vec!["p4ssw0rd".into()]
    }

    fn connect(&mut self, deadline: Duration) -> Asking<'_, Hello> {
        self.0.note("hello");
        Box::pin(async move {
            self.obeys(deadline, true).await?;
            let role = *self.0.role.lock().unwrap();
            let facts = role.map(|role| ("role".to_owned(), Value::text(role))).into_iter().collect();
            Ok(Hello { facts, databases: vec!["a".into()], notes: vec!["reached".into()] })
        })
    }

    fn ask<'a>(&'a mut self, question: Question<'a>) -> Asking<'a, Table> {
        self.0.note(&question.probe.id);
        Box::pin(async move {
            self.obeys(question.deadline, false).await?;
            let mut counter = self.0.counter.lock().unwrap();
            *counter += 1;
            let mut table = Table::new(vec![Column::new("n", Kind::Int, Unit::Count, true)]);
            table.push(vec![Value::Int(*counter)]).unwrap();
            Ok(table)
        })
    }
}

/// What a watch tells, and when.
pub(super) struct Ear {
    began: Instant,
    news: UnboundedReceiver<News>,
}

impl Ear {
    /// The next news that this finds something in.
    pub(super) async fn until<T>(&mut self, mut wanted: impl FnMut(&News) -> Option<T>) -> T {
        loop {
            // The clock jumps from timer to timer, so that a wait for ever ends soon.
            let news = tokio::time::timeout(Duration::from_secs(3600), self.news.recv()).await;
            let news = news.expect("news within the hour").expect("the watch goes on");
            if let Some(found) = wanted(&news) {
                return found;
            }
        }
    }

    /// The next snapshot.
    pub(super) async fn snapshot(&mut self) -> Arc<Snapshot> {
        self.snapshot_where(|_| true).await
    }

    /// The next snapshot that is like this.
    pub(super) async fn snapshot_where(&mut self, wanted: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
        self.until(|news| match news {
            News::Snapshot(snapshot) if wanted(snapshot) => Some(snapshot.clone()),
            _ => None,
        })
        .await
    }

    /// The next time that a source stands like this.
    pub(super) async fn state(&mut self, source: &str, wanted: impl Fn(&SourceState) -> bool) -> Arc<SourceState> {
        self.until(|news| match news {
            News::Source(state) if state.record.name == source && wanted(state) => Some(state.clone()),
            _ => None,
        })
        .await
    }

    /// All that was told until so many seconds after the beginning.
    pub(super) async fn listen(&mut self, until: u64) -> Vec<News> {
        let end = self.began + Duration::from_secs(until);
        let mut all = Vec::new();
        while let Ok(Some(news)) = tokio::time::timeout_at(end, self.news.recv()).await {
            all.push(news);
        }
        all
    }

    /// Whole seconds since the beginning.
    pub(super) fn seconds(&self) -> u64 {
        self.began.elapsed().as_secs()
    }
}

/// a scene with servers, watched.
pub(super) struct Scene {
    pub(super) watch: Watch,
    pub(super) ear: Ear,
    servers: BTreeMap<String, Arc<Server>>,
}

impl Scene {
    pub(super) fn server(&self, name: &str) -> &Server {
        &self.servers[name]
    }

    /// Ends the watch; the servers are left.
    pub(super) fn end(self) -> BTreeMap<String, Arc<Server>> {
        self.servers
    }
}

/// A probe, with a counter or without.
pub(super) fn probe(id: &str, counter: bool) -> Probe {
    let text = format!(
        "source = \"postgres\"\nquery = [{{ sql = \"select 1\" }}]\n[columns]\nn = {{ kind = \"int\", counter = {counter} }}"
    );
    Probe { id: id.into(), ..toml::from_str(&text).unwrap() }
}

/// What every scene asks: two live probes, one of them seldom, and one for audits alone; all but the last count.
pub(super) fn probes() -> Vec<Probe> {
    vec![probe("test.live", true), probe("test.large", true), probe("test.still", false)]
}

const LIVE: [LiveProbe; 2] =
    [LiveProbe { id: "test.live", pace: Pace::Round }, LiveProbe { id: "test.large", pace: Pace::Rounds(5) }];

/// Watches servers of these names and in this health.
pub(super) fn scene(servers: &[(&str, Health)]) -> Scene {
    scene_of(servers, probes(), &LIVE)
}

/// Watches them with other questions.
pub(super) fn scene_of(servers: &[(&str, Health)], probes: Vec<Probe>, live: &[LiveProbe]) -> Scene {
    let began = Instant::now();
    let server = |health: Health| {
        Arc::new(Server {
            health: Mutex::new(health),
            role: Mutex::default(),
            began,
            asked: Mutex::default(),
            counter: Mutex::default(),
        })
    };
    let named: Vec<_> = servers.iter().map(|(name, health)| ((*name).to_owned(), server(*health))).collect();
    let redactor = Arc::new(Redactor::new(["p4ssw0rd".to_owned()], false));
    let places = named.iter().map(|(name, server)| {
        let record = SourceRecord {
            name: name.clone(),
            kind: SourceKind::Postgres,
            address: "script".into(),
            facts: BTreeMap::new(),
            fault: None,
            notes: Vec::new(),
        };
        let to = server.clone();
        let open: crate::collect::watch::hub::Open = Box::new(move || Box::new(Scripted(to.clone())));
        (Asker::new(open(), record, redactor.clone()), open)
    });
    let target = TargetRecord { name: "shop".into(), environment: None };
    let hub = Hub::new(target, places.collect(), probes, live, Options::default());
    let (sender, news) = unbounded_channel();
    let watch = begin(hub, move |told| {
        let _ = sender.send(told);
    });
    Scene { watch, ear: Ear { began, news }, servers: named.into_iter().collect() }
}

/// The faults of a source in a snapshot.
pub(super) fn faults(snapshot: &Snapshot, source: &str) -> Vec<FaultKind> {
    let of = snapshot.observations.iter().filter(|observation| observation.source == source);
    of.filter_map(|observation| match &observation.answer {
        Answer::Fault(fault) => Some(fault.kind),
        Answer::Table(_) => None,
    })
    .collect()
}

/// Of each counted answer: now, and in the earlier sample.
pub(super) fn counts(observations: &[crate::snapshot::Observation], probe: &str) -> Vec<(i64, Option<i64>)> {
    let of = observations.iter().filter(|observation| observation.probe == probe);
    let n = |table: &Table| table.get(0, "n").as_i64();
    of.filter_map(|observation| match &observation.answer {
        Answer::Table(table) => Some((n(table)?, observation.earlier.as_ref().and_then(|e| n(&e.table)))),
        Answer::Fault(_) => None,
    })
    .collect()
}
