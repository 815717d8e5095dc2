//! What a large system costs after it was asked: a snapshot of 100,000 rows, written, read and judged.
//!
//! The rows-as-objects form stands beside the columnar one, so that the ratio is seen in one run:
//! `cargo bench`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot run should stop, and says sizes"
)]

use std::collections::BTreeMap;

use divan::Bencher;
use jiff::Timestamp;
use loadline::{
    assets,
    check::{evaluate, library::Library, params::Overrides},
    snapshot::{
        Answer, Column, FORMAT, Observation, Pairing, Snapshot, SourceKind, SourceRecord, Table, TargetRecord, VERSION,
        Value,
    },
};

const ROWS: usize = 100_000;

/// The probe whose answer is made large: any of the shipped ones that lists catalog objects will do.
const PROBE: &str = "postgres.slots";
const CHECK: &str = "postgres.slots-retaining-wal";

fn main() {
    let snapshot = snapshot(ROWS);
    let columnar = snapshot.write().unwrap().len();
    let objects = rows_as_objects(&snapshot).len();
    println!(
        "{ROWS} rows: {columnar} bytes columnar, {objects} bytes as one object a row ({:.1}x)",
        ratio(objects, columnar)
    );
    divan::main();
}

#[expect(clippy::cast_precision_loss, reason = "sizes in bytes")]
fn ratio(a: usize, b: usize) -> f64 {
    a as f64 / b as f64
}

fn library() -> Library {
    Library::load(&assets::embedded()).unwrap()
}

/// A snapshot whose one table has this many rows, with values that a healthy server gives.
fn snapshot(rows: usize) -> Snapshot {
    let library = library();
    let probe = library.probe(PROBE).unwrap();
    let columns = probe.columns.iter().map(|(name, def)| Column::new(name, def.kind, def.unit, def.counter)).collect();
    let mut table = Table::new(columns);
    for row in 0..rows {
        let cells = probe.columns.iter().map(|(name, def)| match def.kind {
            loadline::snapshot::Kind::Int => Value::Int(i64::try_from(row % 1000).unwrap()),
            loadline::snapshot::Kind::Double => Value::Double(0.5),
            loadline::snapshot::Kind::Bool => Value::Bool(true),
            loadline::snapshot::Kind::Text => Value::text(format!("{name}-{row}")),
            loadline::snapshot::Kind::List => Value::List(Vec::new()),
        });
        table.push(cells.collect()).unwrap();
    }
    let now = Timestamp::UNIX_EPOCH;
    Snapshot {
        format: FORMAT.into(),
        version: VERSION,
        tool: "bench".into(),
        target: TargetRecord { name: "bench".into(), environment: None },
        started_at: now,
        finished_at: now,
        window_ms: 0,
        load: None,
        sources: vec![SourceRecord {
            name: "primary".into(),
            kind: SourceKind::Postgres,
            address: "bench".into(),
            facts: BTreeMap::new(),
            fault: None,
            notes: Vec::new(),
        }],
        observations: vec![Observation {
            probe: PROBE.into(),
            source: "primary".into(),
            database: None,
            at: now,
            took_ms: 0,
            not_visible: None,
            pairing: Pairing::default(),
            earlier: None,
            answer: Answer::Table(table),
        }],
    }
}

/// The same rows as a naive format would write them.
fn rows_as_objects(snapshot: &Snapshot) -> String {
    let Answer::Table(table) = &snapshot.observations[0].answer else { return String::new() };
    let rows: Vec<BTreeMap<&str, Value>> =
        (0..table.rows()).map(|row| table.columns().iter().map(|c| (c.name(), c.get(row))).collect()).collect();
    serde_json::to_string(&rows).unwrap()
}

#[divan::bench(sample_count = 10)]
fn write_columnar(bencher: Bencher) {
    let snapshot = snapshot(ROWS);
    bencher.bench_local(|| snapshot.write().unwrap().len());
}

#[divan::bench(sample_count = 10)]
fn write_objects(bencher: Bencher) {
    let snapshot = snapshot(ROWS);
    bencher.bench_local(|| rows_as_objects(&snapshot).len());
}

#[divan::bench(sample_count = 10)]
fn read_columnar(bencher: Bencher) {
    let text = snapshot(ROWS).write().unwrap();
    bencher.bench_local(|| Snapshot::read(&text).unwrap().observations.len());
}

#[divan::bench(sample_count = 10)]
fn read_objects(bencher: Bencher) {
    let text = rows_as_objects(&snapshot(ROWS));
    bencher.bench_local(|| serde_json::from_str::<Vec<BTreeMap<String, Value>>>(&text).unwrap().len());
}

#[divan::bench(sample_count = 10)]
fn judge_every_row(bencher: Bencher) {
    let (library, snapshot) = (library(), snapshot(ROWS));
    bencher.bench_local(|| evaluate::judge(&library, &Overrides::default(), &snapshot, |c| c.def.id == CHECK).len());
}

#[divan::bench(sample_count = 10)]
fn load_the_library() -> usize {
    library().checks().count()
}
