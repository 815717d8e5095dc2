//! A small runbook, eyes and hands that do as they are told, and a run over them.

use std::{
    collections::{BTreeMap, VecDeque},
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    runbook::{
        journal,
        machine::{Asks, Consent, Decision, Situation},
        model::{
            Action, ActionKind, Condition, Danger, Expectation, Form, Param, ParamKind, Phase, PhaseKind, Place,
            Runbook, Step, TargetRef, Verify,
        },
        port::{Doing, Eyes, Hands, Happening, Identity, Prepared, Sight, Stage, Values},
        record::{Ended, Mode, Outcome, Record, Seen},
        session::{Event, Opening, Session, SessionError},
    },
    snapshot::{FORMAT, Fault, Snapshot, SourceKind, TargetRecord, VERSION},
};

pub(super) fn param(name: &str) -> Param {
    Param {
        name: name.into(),
        about: name.into(),
        kind: ParamKind::Text,
        pattern: None,
        default: None,
        secret: false,
        from: None,
        place: Place::default(),
    }
}

pub(super) fn action(kind: ActionKind) -> Action {
    Action {
        kind,
        danger: Danger::Change,
        target: None,
        timeout: Duration::from_secs(10),
        idempotent: false,
        sets: None,
        temporary: None,
        second_person: false,
        reads: Vec::new(),
        body: "true".into(),
        place: Place::default(),
    }
}

pub(super) fn sh() -> Action {
    action(ActionKind::Sh { pty: false, expect: vec![0] })
}

pub(super) fn on_primary(action: Action) -> Action {
    Action { target: Some(TargetRef::Kind { kind: SourceKind::Postgres, role: None }), ..action }
}

pub(super) fn condition(check: &str) -> Condition {
    Condition { check: check.into(), subject: None, expect: Expectation::Passes, says: None, place: Place::default() }
}

pub(super) fn verify(check: &str, within: u64, every: u64, hold: u64) -> Verify {
    let secs = Duration::from_secs;
    Verify { condition: condition(check), within: secs(within), every: secs(every), hold: secs(hold) }
}

pub(super) fn step(id: &str, action: Option<Action>) -> Step {
    Step {
        id: id.into(),
        title: id.into(),
        prose: String::new(),
        items: Vec::new(),
        require: Vec::new(),
        action,
        verify: Vec::new(),
        undo: None,
        branches: Vec::new(),
        place: Place::default(),
        hash: format!("hash of {id}"),
    }
}

pub(super) fn book(params: Vec<Param>, steps: Vec<Step>) -> Runbook {
    let phase = Phase {
        kind: PhaseKind::Mitigate,
        title: "Mitigate".into(),
        prose: String::new(),
        steps,
        place: Place::default(),
    };
    Runbook {
        id: "small".into(),
        title: "Small".into(),
        owner: None,
        reviewed: None,
        severity: None,
        estimate: None,
        danger: Danger::Change,
        fixes: Vec::new(),
        applies: BTreeMap::new(),
        params,
        programs: Vec::new(),
        form: Form::Native,
        phases: vec![phase],
        shown: "small.md".into(),
        hash: "hash".into(),
        text: "# Small\n".into(),
    }
}

/// What eyes see; the last look is seen again and again.
pub(super) struct FakeEyes {
    pub(super) target: Mutex<String>,
    pub(super) looks: Mutex<VecDeque<Option<bool>>>,
    pub(super) identity: Mutex<Result<Identity, Fault>>,
    pub(super) secrets: Vec<String>,
    pub(super) survey: Mutex<Result<(), Fault>>,
    /// Whether looks and surveys never come back.
    pub(super) hang: Mutex<bool>,
}

impl Default for FakeEyes {
    fn default() -> Self {
        Self {
            target: Mutex::new("shop".into()),
            looks: Mutex::new([Some(true)].into()),
            identity: Mutex::new(Ok(identity("7301"))),
            secrets: Vec::new(),
            survey: Mutex::new(Ok(())),
            hang: Mutex::new(false),
        }
    }
}

pub(super) fn identity(system: &str) -> Identity {
    Identity {
        source: "primary".into(),
        kind: SourceKind::Postgres,
        address: "db1:5432".into(),
        environment: None,
        facts: [("database".to_owned(), "shop".to_owned()), ("system".to_owned(), system.to_owned())].into(),
    }
}

impl FakeEyes {
    pub(super) fn sees(&self, looks: &[Option<bool>]) {
        *self.looks.lock().unwrap() = looks.iter().copied().collect();
    }

    fn next(&self) -> Option<bool> {
        let mut looks = self.looks.lock().unwrap();
        let first = looks.front().copied().flatten();
        if looks.len() > 1 {
            looks.pop_front();
        }
        first
    }

    async fn hangs(&self) {
        if *self.hang.lock().unwrap() {
            std::future::pending::<()>().await;
        }
    }
}

impl Eyes for FakeEyes {
    fn target(&self) -> (String, Option<String>) {
        (self.target.lock().unwrap().clone(), Some("production".into()))
    }

    fn resolve<'a>(&'a self, _: &'a TargetRef, _: &'a Values) -> Doing<'a, Result<Identity, Fault>> {
        Box::pin(async { self.identity.lock().unwrap().clone() })
    }

    fn look<'a>(&'a self, _: &'a Runbook, conditions: &'a [&'a Condition], _: &'a Values) -> Doing<'a, Vec<Seen>> {
        Box::pin(async {
            self.hangs().await;
            let seen = |condition: &&Condition| Seen {
                condition: condition.check.clone(),
                holds: self.next(),
                says: "as told".into(),
            };
            conditions.iter().map(seen).collect()
        })
    }

    fn survey(&self) -> Doing<'_, Result<Sight, Fault>> {
        Box::pin(async {
            self.hangs().await;
            self.survey.lock().unwrap().clone()?;
            let at = "2026-11-21T05:15:00Z".parse().unwrap();
            let snapshot = Snapshot {
                format: FORMAT.into(),
                version: VERSION,
                tool: "0".into(),
                target: TargetRecord { name: "shop".into(), environment: None },
                started_at: at,
                finished_at: at,
                window_ms: 0,
                load: None,
                sources: Vec::new(),
                observations: Vec::new(),
            };
            Ok(Sight { snapshot, findings: Vec::new() })
        })
    }

    fn secrets(&self) -> Vec<String> {
        self.secrets.clone()
    }
}

/// What hands do: the outcomes that they are told, and what they were given.
#[derive(Default)]
pub(super) struct FakeHands {
    pub(super) outcomes: Mutex<VecDeque<Outcome>>,
    pub(super) given: Mutex<Vec<Prepared>>,
    /// Whether they act until they are stopped.
    pub(super) until_stopped: bool,
    /// Whether they never come back, whatever they are told.
    pub(super) deaf: bool,
    pub(super) spawns: Option<(u32, Option<u64>)>,
}

pub(super) fn outcome(ended: Ended, value: Option<&str>) -> Outcome {
    Outcome {
        ended,
        says: "as told".into(),
        took_ms: 1,
        excerpt: "printed".into(),
        printed: 7,
        output: None,
        value: value.map(str::to_owned),
    }
}

impl Hands for FakeHands {
    fn act<'a>(&'a self, what: &'a Prepared, mut stage: Stage<'a>) -> Doing<'a, Outcome> {
        Box::pin(async move {
            self.given.lock().unwrap().push(what.clone());
            if let Some((pid, started)) = self.spawns {
                (stage.happens)(Happening::Spawned { pid, started });
            }
            (stage.happens)(Happening::Line("working".into()));
            if self.deaf {
                std::future::pending::<()>().await;
            }
            if self.until_stopped {
                stage.stop.wait_for(|stop| *stop).await.unwrap();
                return outcome(Ended::Cancelled, None);
            }
            self.outcomes.lock().unwrap().pop_front().unwrap_or_else(|| outcome(Ended::Succeeded, None))
        })
    }
}

/// A run in a folder of its own.
pub(super) struct Stand {
    pub(super) folder: TempDir,
    pub(super) book: Arc<Runbook>,
    pub(super) eyes: Arc<FakeEyes>,
    pub(super) hands: Arc<FakeHands>,
    pub(super) events: Arc<Mutex<Vec<Event>>>,
}

impl Stand {
    pub(super) fn new(book: Runbook) -> Self {
        Self::with(book, FakeEyes::default(), FakeHands::default())
    }

    pub(super) fn with(book: Runbook, eyes: FakeEyes, hands: FakeHands) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            book: Arc::new(book),
            eyes: Arc::new(eyes),
            hands: Arc::new(hands),
            events: Arc::default(),
        }
    }

    pub(super) fn opening(&self, mode: Mode, values: &[(&str, &str)]) -> Opening {
        let value = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned(), "flag".to_owned());
        Opening {
            mode,
            operator: "ann".into(),
            host: "box".into(),
            folder: self.folder.path().to_owned(),
            finding: None,
            values: values.iter().map(value).collect(),
            second_person: false,
            survey: false,
            stop: tokio::sync::watch::channel(false).0,
        }
    }

    fn listener(&self) -> impl Fn(Event) + Send + Sync + 'static {
        let events = Arc::clone(&self.events);
        move |event| events.lock().unwrap().push(event)
    }

    pub(super) async fn open(&self, opening: Opening) -> Result<Session, SessionError> {
        let hands: Arc<dyn Hands> = self.hands.clone();
        Session::start(self.book.clone(), self.eyes.clone(), Some(hands), opening, self.listener()).await
    }

    pub(super) async fn start(&self, values: &[(&str, &str)]) -> Session {
        self.open(self.opening(Mode::Run, values)).await.unwrap()
    }

    pub(super) async fn resume(&self, run: &str, values: &[(&str, &str)]) -> Result<Session, SessionError> {
        let hands: Arc<dyn Hands> = self.hands.clone();
        let opening = self.opening(Mode::Run, values);
        Session::resume(self.book.clone(), self.eyes.clone(), Some(hands), opening, run, self.listener()).await
    }

    /// The kinds of records in the journal of a run.
    pub(super) fn records(&self, run: &str) -> Vec<Record> {
        let reading = journal::read(&self.folder.path().join(run)).unwrap();
        reading.records.into_iter().map(|stamped| stamped.record).collect()
    }

    pub(super) fn kinds(&self, run: &str) -> Vec<String> {
        self.records(run).iter().map(kind).collect()
    }

    /// All that lies in the folder of runs, as text.
    pub(super) fn all_text(&self) -> String {
        let mut text = String::new();
        read_all(self.folder.path(), &mut text);
        text
    }
}

fn kind(record: &Record) -> String {
    serde_json::to_value(record).unwrap()["record"].as_str().unwrap().to_owned()
}

#[expect(clippy::disallowed_methods, reason = "a test looks into the files that were written")]
fn read_all(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, text);
        } else {
            text.push_str(&String::from_utf8_lossy(&std::fs::read(&path).unwrap()));
        }
    }
}

/// Agrees to whatever is asked.
pub(super) fn go(session: &Session) -> Decision {
    let typed = match session.situation() {
        Situation::Step { asks: Asks::Typed { name, .. }, .. }
        | Situation::RollingBack { asks: Asks::Typed { name, .. }, .. } => Some(name),
        _ => None,
    };
    Decision::Go(Consent { typed, reason: Some("because".into()), approved_by: None })
}
