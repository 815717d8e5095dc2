//! How one source is asked, by a source that follows a script.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::sync::mpsc;

use super::{Options, Report, ask::Job, asker::Asker};
use crate::{
    check::probe::Probe,
    snapshot::{
        Answer, Column, Fault, FaultKind, Kind, Observation, Redactor, SourceKind, SourceRecord, Table, Unit, Value,
    },
    source::{Asking, Hello, Question, Source},
};

/// Answers by the name of the probe: `rows`, `empty`, `silent`, `denied`. Notes what it was asked.
struct Scripted {
    facts: BTreeMap<String, Value>,
    asked: Arc<std::sync::Mutex<Vec<String>>>,
}

impl Source for Scripted {
    fn address(&self) -> String {
        "script".into()
    }

    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }

    fn connect(&mut self, _: Duration) -> Asking<'_, Hello> {
        let hello = Hello { facts: self.facts.clone(), databases: vec!["a".into(), "b".into()], notes: Vec::new() };
        Box::pin(async { Ok(hello) })
    }

    fn ask<'a>(&'a mut self, question: Question<'a>) -> Asking<'a, Table> {
        let name = question.probe.id.clone();
        let place = question.database.map(|d| format!("@{d}")).unwrap_or_default();
        self.asked.lock().unwrap().push(format!("{name}{place}"));
        Box::pin(async move {
            let mut table = Table::new(vec![Column::new("n", Kind::Int, Unit::Count, true)]);
            match name.split('-').next().unwrap_or_default() {
                "test.rows" => table.push(vec![Value::Int(1)]).map(|()| table).map_err(|_| unreachable!()),
                "test.empty" => Ok(table),
                "test.denied" => Err(Fault::new(FaultKind::Denied, "permission denied")),
                _ => Err(Fault::new(FaultKind::Deadline, "no answer")),
            }
        })
    }
}

fn probe(text: &str) -> Probe {
    let plain = "source = \"postgres\"\nquery = [{ sql = \"select 1\" }]\n";
    toml::from_str(&format!("{plain}{text}\n[columns]\nn = {{ kind = \"int\" }}")).unwrap()
}

fn counting(text: &str) -> Probe {
    let mut probe = probe(text);
    probe.columns.values_mut().for_each(|column| column.counter = true);
    probe
}

/// Runs the probes and gives what was asked and what came of it.
async fn run(probes: Vec<Probe>, facts: &[(&str, &str)], window: Duration) -> (Vec<String>, Vec<Observation>) {
    let asked = Arc::default();
    let facts = facts.iter().map(|(name, value)| ((*name).to_owned(), Value::text(*value))).collect();
    let record = SourceRecord {
        name: "primary".into(),
        kind: SourceKind::Postgres,
        address: "script".into(),
        facts: BTreeMap::new(),
        fault: None,
        notes: Vec::new(),
    };
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let source = Box::new(Scripted { facts, asked: Arc::clone(&asked) });
    let redactor = Arc::new(Redactor::default());
    let options = Options::with_window(window);
    let asking = Asker::new(source, record, redactor);
    Job { at: 0, asker: asking, probes: probes.into(), options, sender, lost: (0, None) }.run().await;
    let mut observations = Vec::new();
    while let Ok(report) = receiver.try_recv() {
        if let Report::Observation(_, observation) = report {
            observations.push(*observation);
        }
    }
    let asked = asked.lock().unwrap().clone();
    (asked, observations)
}

fn fault(observation: &Observation) -> &Fault {
    match &observation.answer {
        Answer::Fault(fault) => fault,
        Answer::Table(_) => panic!("a fault is due: {observation:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn no_rows_where_rows_are_due_is_not_measured() {
    let probes = vec![probe("id = \"test.empty-due\"\nrows = \"some\""), probe("id = \"test.empty\"")];
    let (_, observations) = run(probes, &[], Duration::ZERO).await;
    assert_eq!(fault(&observations[0]).kind, FaultKind::Empty);
    assert!(matches!(observations[1].answer, Answer::Table(_)), "elsewhere no rows are an answer");
}

#[tokio::test(start_paused = true)]
async fn counters_are_asked_twice_all_else_once() {
    let probes = vec![counting("id = \"test.rows-counted\""), probe("id = \"test.rows\"")];
    let (asked, observations) = run(probes, &[], Duration::from_secs(10)).await;
    assert_eq!(asked, ["test.rows-counted", "test.rows", "test.rows-counted"]);
    let earlier = |name: &str| observations.iter().find(|o| o.probe == name).map(|o| o.earlier.is_some());
    assert_eq!((earlier("test.rows-counted"), earlier("test.rows")), (Some(true), Some(false)));
}

#[tokio::test(start_paused = true)]
async fn without_a_window_everything_is_asked_once() {
    let (asked, _) = run(vec![counting("id = \"test.rows\"")], &[], Duration::ZERO).await;
    assert_eq!(asked, ["test.rows"]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stays_silent_is_not_asked_for_ever() {
    let probes = (1..=5).map(|n| probe(&format!("id = \"test.silent-{n}\""))).collect();
    let (asked, observations) = run(probes, &[], Duration::ZERO).await;
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert_eq!(observations.len(), 5, "and yet every question has its fault");
    assert!(fault(&observations[4]).message.starts_with("not asked"), "{:?}", observations[4]);
}

#[tokio::test(start_paused = true)]
async fn wordings_go_by_version_and_a_missing_one_says_what_is_needed() {
    let mut by_version = probe("id = \"test.rows\"");
    by_version.query[0].when = BTreeMap::from([("extension.pg_stat_statements".into(), ">=1.8".into())]);
    let (asked, observations) = run(vec![by_version.clone()], &[("server", "15.8")], Duration::ZERO).await;
    assert!(asked.is_empty());
    let remedy = fault(&observations[0]).remedy.clone().unwrap_or_default();
    assert!(remedy.contains("create extension pg_stat_statements"), "{remedy}");
    let facts = [("server", "15.8"), ("extension.pg_stat_statements", "1.10")];
    let (asked, _) = run(vec![by_version], &facts, Duration::ZERO).await;
    assert_eq!(asked, ["test.rows"]);
}

#[tokio::test(start_paused = true)]
async fn roles_databases_and_rights_are_heeded() {
    let probes = vec![
        probe("id = \"test.rows-replica\"\non = \"replica\""),
        probe("id = \"test.rows-each\"\neach = \"database\""),
        probe("id = \"test.rows-rights\"\nrights = \"member.pg_monitor\"\ngrant = \"grant pg_monitor to {user}\""),
        probe("id = \"test.denied\"\ngrant = \"grant pg_monitor to {user}\""),
    ];
    let facts = [("role", "primary"), ("user", "audit")];
    let (asked, observations) = run(probes, &facts, Duration::ZERO).await;
    assert_eq!(asked, ["test.rows-each@a", "test.rows-each@b", "test.rows-rights", "test.denied"]);
    let hidden = observations[2].not_visible.clone().unwrap_or_default();
    assert!(hidden.contains("grant pg_monitor to audit"), "{hidden}");
    assert_eq!(fault(&observations[3]).remedy.as_deref(), Some("grant pg_monitor to audit"));
}
