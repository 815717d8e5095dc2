//! What judging a whole snapshot costs, as it is done after each audit round of a watch: the demo, and the demo with up
//! to 100,000 slots that have lost their WAL. A check tells of its worst rows and counts the rest, so that it is the rows
//! that cost, and not the findings. `cargo bench --bench judge`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot run should stop, and says counts"
)]

use divan::Bencher;
use loadline::{
    assets,
    check::{evaluate::Bench, library::Library, params::Overrides},
    readiness::{Knowledge, Packs, Wish},
    report::Audit,
    snapshot::{Answer, Column, Kind, Snapshot, Table, Value},
};

/// A probe whose every row is judged.
const PROBE: &str = "postgres.slots";

fn main() {
    let knowledge = knowledge();
    let (few, many) = (judge(&knowledge, &demo()), judge(&knowledge, &lost_slots(1_000)));
    println!("{few} findings of the demo, {many} with 1,000 lost slots");
    divan::main();
}

fn knowledge() -> Knowledge {
    let files = assets::embedded();
    let mut library = Library::load(&files).unwrap();
    let packs = Packs::load(&files, &mut library).unwrap();
    Knowledge { library, packs }
}

fn demo() -> Snapshot {
    Snapshot::read(include_str!("../src/assets/demo.json")).unwrap()
}

/// The demo, with so many slots that have lost their WAL.
fn lost_slots(rows: usize) -> Snapshot {
    let library = Library::load(&assets::embedded()).unwrap();
    let probe = library.probe(PROBE).unwrap();
    let columns = probe.columns.iter().map(|(name, def)| Column::new(name, def.kind, def.unit, def.counter)).collect();
    let mut table = Table::new(columns);
    for row in 0..rows {
        let cells = probe.columns.iter().map(|(name, def)| match (name.as_str(), def.kind) {
            ("wal_status", _) => Value::text("lost"),
            (_, Kind::Int) => Value::Int(i64::try_from(row).unwrap()),
            (_, Kind::Double) => Value::Double(0.5),
            (_, Kind::Bool) => Value::Bool(false),
            (name, Kind::Text) => Value::text(format!("{name}-{row}")),
            (_, Kind::List) => Value::List(Vec::new()),
        });
        table.push(cells.collect()).unwrap();
    }
    let mut snapshot = demo();
    let observation = snapshot.observations.iter_mut().find(|observation| observation.probe == PROBE).unwrap();
    observation.answer = Answer::Table(table);
    observation.earlier = None;
    snapshot
}

/// Judges as a front end does; gives the number of findings.
fn judge(knowledge: &Knowledge, snapshot: &Snapshot) -> usize {
    let bench = Bench::new(&knowledge.library, snapshot);
    let judged = knowledge.judge(&Overrides::default(), &bench, &[], |_| true, Some(&Wish::default())).unwrap();
    Audit::new(snapshot, judged).findings.len()
}

#[divan::bench(sample_count = 20)]
fn the_demo(bencher: Bencher) {
    let (knowledge, snapshot) = (knowledge(), demo());
    bencher.bench_local(|| judge(&knowledge, &snapshot));
}

#[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 5)]
fn with_lost_slots(bencher: Bencher, rows: usize) {
    let (knowledge, snapshot) = (knowledge(), lost_slots(rows));
    bencher.bench_local(|| judge(&knowledge, &snapshot));
}
