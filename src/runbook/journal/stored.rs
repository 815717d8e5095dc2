//! Every format that was ever written is read for ever: one stored file each, with every kind of record.

use std::path::Path;

use jiff::Timestamp;

use super::read::parse;
use crate::{
    runbook::{
        port::Identity,
        record::{End, Ended, FORMAT, Mode, Outcome, Record, Seen, Stamped, Started, Verdict, Way, When, Word},
    },
    snapshot::SourceKind,
};

const V1: &str = include_str!("../../../tests/fixtures/journals/v1.jsonl");

fn identity() -> Identity {
    Identity {
        source: "primary".into(),
        kind: SourceKind::Postgres,
        address: "db1.internal:5432".into(),
        environment: Some("production".into()),
        facts: [("database", "shop"), ("role", "primary"), ("system", "7301")]
            .map(|(name, fact)| (name.to_owned(), fact.to_owned()))
            .into(),
    }
}

fn seen(holds: Option<bool>) -> Seen {
    Seen {
        condition: "postgres.idle-in-transaction of primary: does not fail".into(),
        holds,
        says: "pid 4711 is idle in a transaction for 12 m, over 5 m".into(),
    }
}

fn decided(step: Option<&str>, what: Word) -> Record {
    Record::Decided {
        step: step.map(str::to_owned),
        what,
        by: "ann".into(),
        approved_by: Some("ben".into()),
        reason: Some("the pool is full".into()),
    }
}

fn outcome(ended: Ended) -> Record {
    let outcome = Outcome {
        ended,
        says: "exit code 0".into(),
        took_ms: 1_250,
        excerpt: "first line\nlast \"line\"".into(),
        printed: 22,
        output: Some("out-end-the-session-1.txt".into()),
        value: Some("4711".into()),
    };
    Record::Outcome { step: "end-the-session".into(), attempt: 1, way: Way::Act, outcome }
}

fn words() -> Vec<Word> {
    let evidence = || "pg_stat_activity no longer lists it".to_owned();
    vec![
        Word::Confirmed,
        Word::Overridden,
        Word::Retry,
        Word::Skipped,
        Word::Deferred,
        Word::Ticked { item: "The owner of the job was told".into() },
        Word::DoneByHand { evidence: evidence() },
        Word::SettledDone { evidence: evidence() },
        Word::SettledNotDone { evidence: evidence() },
        Word::RollBack,
        Word::WentTo { to: "see-it".into() },
        Word::Paused,
        Word::Aborted,
        Word::Note { text: "the job was a report".into() },
    ]
}

/// Every kind of record and every word, with every optional field given once and left out once.
fn records() -> Vec<Record> {
    let step = || "end-the-session".to_owned();
    let started = |finding: Option<String>| Started {
        format: FORMAT,
        run: "20261121T051500Z-idle-in-transaction-7f3a".into(),
        mode: Mode::Run,
        runbook: "idle-in-transaction".into(),
        title: "End sessions that sit idle in a transaction".into(),
        file: "runbooks/idle-in-transaction.md".into(),
        hash: "9f86d0".into(),
        steps: [(step(), "60303a".to_owned())].into(),
        estimate_s: Some(600),
        tool: "0.1.0".into(),
        operator: "ann".into(),
        host: "jump1".into(),
        target: "shop".into(),
        environment: Some("production".into()),
        finding,
    };
    let mut records = vec![
        Record::Started(Box::new(started(Some("postgres.idle-in-transaction: primary:4711".into())))),
        Record::Param { name: "pid".into(), value: Some("4711".into()), origin: "finding".into() },
        Record::Param { name: "token".into(), value: None, origin: "operator".into() },
        Record::Snapshot {
            when: When::Before,
            file: "before.json".into(),
            findings: [("postgres.idle-in-transaction: primary:4711".to_owned(), "fail".to_owned())].into(),
        },
        Record::Resolved { step: step(), identity: identity() },
        Record::Unresolved { step: step(), says: "not reachable: connection refused".into() },
        Record::Required { step: step(), seen: seen(Some(true)) },
    ];
    records.extend(words().into_iter().map(|word| decided(Some("end-the-session"), word)));
    records.extend([
        decided(None, Word::Paused),
        Record::Resumed {
            operator: "ben".into(),
            host: "jump2".into(),
            tool: "0.1.1".into(),
            hash: "9f86d1".into(),
            changed: vec!["the step see-it is new".into()],
        },
        Record::UndoRegistered {
            step: step(),
            shown: "alter role app set idle_in_transaction_session_timeout = 0".into(),
            due: Some("2026-11-21T07:15:00Z".parse::<Timestamp>().unwrap_or_default()),
        },
        Record::UndoRegistered { step: step(), shown: "nothing".into(), due: None },
        Record::Intent {
            step: step(),
            attempt: 1,
            way: Way::Act,
            shown: "select pg_terminate_backend('4711'::int, 5000)".into(),
            env: vec!["PID".into()],
            identity: Some(identity()),
            timeout_ms: 10_000,
        },
        Record::Spawned { step: step(), pid: 4_711, started: Some(123_456) },
        Record::Spawned { step: step(), pid: 4_712, started: None },
    ]);
    records.extend([Ended::Succeeded, Ended::Failed, Ended::TimedOut, Ended::Cancelled, Ended::Unknown].map(outcome));
    records.extend([
        Record::Sample { step: step(), seen: seen(None) },
        Record::Sample { step: step(), seen: seen(Some(false)) },
    ]);
    records.extend(
        [Verdict::Held, Verdict::NotHeld, Verdict::Unknown, Verdict::Stopped].map(|verdict| Record::Verified {
            step: step(),
            verdict,
            seen: vec![seen(Some(true))],
            took_ms: 4_000,
        }),
    );
    records.extend([
        Record::Regressed { step: step(), seen: seen(Some(false)) },
        Record::SnapshotFailed { when: When::After, why: "the target does not answer".into() },
    ]);
    records.extend(
        [End::Completed, End::CompletedExceptDeferred, End::Aborted, End::RolledBack].map(|how| Record::Ended { how }),
    );
    records
}

#[test]
fn format_1_is_read_record_by_record() {
    let at: Timestamp = "2026-11-21T05:15:00.25Z".parse().unwrap();
    let due: Vec<Stamped> = records().into_iter().map(|record| Stamped { at, record }).collect();
    let reading = parse(Path::new("v1.jsonl"), V1.as_bytes()).unwrap();
    for (read, due) in reading.records.iter().zip(&due) {
        assert_eq!(read, due);
    }
    assert_eq!((reading.records.len(), reading.torn), (due.len(), None));
}

#[test]
fn what_is_written_today_is_format_1_to_the_byte() {
    let at: Timestamp = "2026-11-21T05:15:00.25Z".parse().unwrap();
    let mut sum = String::new();
    let mut text = String::new();
    for (number, record) in (1..).zip(records()) {
        let (line, next) = super::line::write(number, &Stamped { at, record }, &sum).unwrap();
        text.push_str(&line);
        sum = next;
    }
    for (written, stored) in text.lines().zip(V1.lines()) {
        assert_eq!(written, stored, "a change of the format needs a new number and a new file beside this one");
    }
    assert_eq!(text.len(), V1.len());
}
