//! For tests of this screen: tables as servers give them, in samples.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::Sample;
use crate::{
    snapshot::{
        Answer, Column, Earlier, Fault, FaultKind, Kind, Observation, Pairing, SourceKind, SourceRecord, Table, Unit,
        Value,
    },
    tui::{
        event::Event,
        model::{Model, SourceFault, SourceState},
        update::update,
    },
};

/// A source as the model knows it.
pub(super) fn source(name: &str, kind: SourceKind, at: Timestamp) -> SourceState {
    SourceState {
        name: name.into(),
        kind,
        about: String::new(),
        answered_at: Some(at),
        took_s: None,
        every: Some(std::time::Duration::from_secs(2)),
        per_minute: 0.0,
        asking: None,
        fault: None,
        lost: None,
    }
}

/// A source that does not answer.
pub(super) fn failed(mut state: SourceState, words: &str, since: Timestamp, next: Option<Timestamp>) -> SourceState {
    state.fault = Some(SourceFault { words: words.into(), remedy: None, since, next });
    state
}

/// A cell, as JSON writes it.
pub(super) fn cell(value: &serde_json::Value) -> Value {
    serde_json::from_value(value.clone()).unwrap()
}

/// A table of rows that name their columns.
pub(super) fn table(rows: &[serde_json::Value]) -> Table {
    let mut names: Vec<String> = Vec::new();
    for row in rows {
        names.extend(row.as_object().unwrap().keys().filter(|name| !names.contains(name)).cloned().collect::<Vec<_>>());
    }
    let kind = |name: &String| {
        let values = rows.iter().filter_map(|row| row.get(name)).map(cell);
        let kinds: Vec<Kind> = values.filter_map(|value| kind_of(&value)).collect();
        if kinds.contains(&Kind::Double) { Kind::Double } else { kinds.first().copied().unwrap_or(Kind::Text) }
    };
    let columns = names.iter().map(|name| Column::new(name.clone(), kind(name), Unit::Count, false)).collect();
    let mut table = Table::new(columns);
    for row in rows {
        table.push(names.iter().map(|name| row.get(name).map_or(Value::Null, cell)).collect()).unwrap();
    }
    table
}

fn kind_of(value: &Value) -> Option<Kind> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(_) => Kind::Bool,
        Value::Int(_) => Kind::Int,
        Value::Double(_) => Kind::Double,
        Value::Text(_) => Kind::Text,
        Value::List(_) => Kind::List,
    })
}

/// An answer to a question as the shipped probes have it: with their keys and reset marks.
pub(super) fn answer(probe: &str, source: &str, at: Timestamp, rows: &[serde_json::Value]) -> Observation {
    Observation {
        probe: probe.into(),
        source: source.into(),
        database: None,
        at,
        took_ms: 1,
        not_visible: None,
        pairing: pairing(probe),
        earlier: None,
        answer: Answer::Table(table(rows)),
    }
}

fn pairing(probe: &str) -> Pairing {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let (key, resets, from_zero) = match probe {
        "postgres.databases" => (texts(&["database"]), texts(&["counting_since"]), false),
        "postgres.statements-counters" => {
            (texts(&["user_id", "database_id", "query_id", "toplevel"]), texts(&["stats_reset"]), true)
        }
        "pgbouncer.stats" => (texts(&["database"]), Vec::new(), false),
        "redis.info" => (Vec::new(), texts(&["run_id"]), false),
        _ => (Vec::new(), Vec::new(), false),
    };
    Pairing { key, resets, since: None, new_rows_from_zero: from_zero }
}

/// The same with a sample of so many seconds before.
pub(super) fn since(mut now: Observation, seconds: i64, rows: &[serde_json::Value]) -> Observation {
    now.earlier = Some(Earlier { at: now.at - SignedDuration::from_secs(seconds), table: table(rows) });
    now
}

/// No answer.
pub(super) fn denied(probe: &str, source: &str, at: Timestamp) -> Observation {
    let fault = Fault::new(FaultKind::Denied, "permission denied").remedy("grant pg_monitor to loadline");
    Observation { answer: Answer::Fault(fault), ..answer(probe, source, at, &[]) }
}

/// A round of one source.
pub(super) fn sample(name: &str, kind: SourceKind, observations: Vec<Observation>) -> Arc<Sample> {
    let source = SourceRecord {
        name: name.into(),
        kind,
        address: "127.0.0.1".into(),
        facts: [("role".to_owned(), Value::text("primary"))].into(),
        fault: None,
        notes: Vec::new(),
    };
    Arc::new(Sample { source, observations })
}

/// Tells a model of a round, as the work does.
pub(super) fn tell(model: &mut Model, sample: Arc<Sample>) {
    update(model, Event::Sampled(sample));
}

/// A session of `postgres.activity`.
pub(super) fn session(pid: i64, state: &str, ages: (f64, f64), blocked_by: &[i64], query: &str) -> serde_json::Value {
    let waits = !blocked_by.is_empty();
    serde_json::json!({
        "pid": pid, "user_name": "shop_app", "database": "shop", "application": "checkout", "client": "10.0.3.7",
        "backend_type": "client backend", "backend_start": "2026-01-02T01:00:00.000000Z", "state": state,
        "wait_event_type": if waits { "Lock" } else { "" }, "wait_event": if waits { "transactionid" } else { "" },
        "xact_age_s": ages.1, "state_age_s": ages.0, "query_age_s": ages.0, "wait_s": if waits { ages.0 } else { 0.0 },
        "xmin_age": 0, "blocked_by": blocked_by, "query": query, "lock_waiters": 0
    })
}
