//! What the screens cost: the time from start to the first frame, from a key to its frame with 100,000 findings, the
//! share of a core while nobody does anything, and the memory of an hour of samples.
//!
//! `cargo bench --bench screens` prints all four; `cargo bench --bench screens -- key` those whose name has that word.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark is an edge, and stops where it cannot go on"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use jiff::Timestamp;
use loadline::assets;
use loadline::check::evaluate::Bench;
use loadline::check::library::Library;
use loadline::check::params::Overrides;
use loadline::readiness::{Knowledge, Packs, Wish};
use loadline::report::Audit;
use loadline::snapshot::{
    Answer, Column, FORMAT, Kind, Observation, Pairing, Snapshot, SourceKind, SourceRecord, Table, TargetRecord,
    VERSION, Value,
};
use loadline::tui::event::Event;
use loadline::tui::key::Key;
use loadline::tui::model::{About, Mode, Model};
use loadline::tui::screen::live::Sample;
use loadline::tui::update::update;
use loadline::tui::view;
use ratatui::Terminal as Drawn;
use ratatui::backend::TestBackend;

#[path = "../tests/support/pty/mod.rs"]
mod pty;

use pty::Terminal;

const FINDINGS: usize = 100_000;
const SIZE: (u16, u16) = (160, 48);
const IDENTITY: &str = "REPLAY";

fn main() {
    let wanted: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str()));
    let parts: [(&str, fn()); 5] = [
        ("start to first frame", start),
        ("key to frame, update and draw alone", key),
        ("key to frame, the program in a terminal", key_in_a_terminal),
        ("idle share of a core", idle),
        ("memory over an hour of samples", memory),
    ];
    for (name, measure) in parts.iter().filter(|(name, _)| is_wanted(name)) {
        println!("{name}");
        measure();
    }
}

/// Prints a row of percentiles.
fn row(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    println!(
        "  {what:<34} n {:>5}   median {:>9.2?}   p99 {:>9.2?}   most {:>9.2?}",
        times.len(),
        at(50),
        at(99),
        times[times.len() - 1]
    );
}

fn program(words: &[&str], home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
    command.env_clear().env("HOME", home).current_dir(home).args(words);
    command
}

fn start() {
    let home = tempfile::tempdir().unwrap();
    let times = (0..50).map(|_| {
        let start = Instant::now();
        let terminal = Terminal::bare(&program(&["demo", "screens"], home.path()), SIZE);
        terminal.wait_text(IDENTITY);
        start.elapsed()
    });
    row("of the demo", times.collect());
    let times = (0..20).map(|_| {
        let start = Instant::now();
        let terminal = Terminal::bare(&program(&["demo", "screens"], home.path()), SIZE);
        terminal.wait_text("FAIL");
        start.elapsed()
    });
    row("to its judged findings", times.collect());
}

/// The demo's findings again and again, the worst first.
fn audit() -> (Audit, Snapshot) {
    let files = assets::embedded();
    let mut library = Library::load(&files).unwrap();
    let packs = Packs::load(&files, &mut library).unwrap();
    let knowledge = Knowledge { library, packs };
    let snapshot = Snapshot::read(include_str!("../src/assets/demo.json")).unwrap();
    let bench = Bench::new(&knowledge.library, &snapshot);
    let judged = knowledge.judge(&Overrides::default(), &bench, &[], |_| true, Some(&Wish::default())).unwrap();
    (Audit::new(&snapshot, judged), snapshot)
}

fn many(mut audit: Audit) -> Audit {
    let few = std::mem::take(&mut audit.findings);
    audit.findings = (0..FINDINGS)
        .map(|at| {
            let mut finding = few[at % few.len()].clone();
            finding.subject = format!("{} {at}", finding.subject);
            finding
        })
        .collect();
    audit.findings.sort_by_key(|finding| std::cmp::Reverse(finding.status));
    audit
}

fn model() -> Model {
    let mode = Mode::Replay("a benchmark".into());
    let about = About { target: "bench".into(), environment: None, mode, persona: None, targets: Vec::new() };
    let mut model = Model::new(about, Timestamp::UNIX_EPOCH);
    update(&mut model, Event::Resize(SIZE.0, SIZE.1));
    model
}

/// Changes the model and draws it, and says how long that took.
fn step(model: &mut Model, terminal: &mut Drawn<TestBackend>, event: Event) -> Duration {
    let start = Instant::now();
    update(model, event);
    let mut hits = Vec::new();
    terminal.draw(|frame| hits = view::draw(frame.buffer_mut(), model)).unwrap();
    model.hits = hits;
    start.elapsed()
}

fn press(model: &mut Model, terminal: &mut Drawn<TestBackend>, keys: &str) -> Vec<Duration> {
    keys.split_whitespace().map(|key| step(model, terminal, Event::Key(Key::read(key).unwrap()))).collect()
}

fn key() {
    let (mut model, mut terminal) = (model(), Drawn::new(TestBackend::new(SIZE.0, SIZE.1)).unwrap());
    let audit = many(audit().0);
    println!("  {} findings", audit.findings.len());
    row("a new judgement", vec![step(&mut model, &mut terminal, Event::Judged(Arc::new(audit)))]);
    let walks = [
        ("moving on the overview", "1", "down up down down up"),
        ("moving in the findings", "2", "down down up ctrl-d ctrl-u G g"),
        ("opening and leaving a finding", "2", "enter esc down"),
        ("from screen to screen", "1", "2 3 4 5 6 7 8 1"),
        ("typing a filter", "2 /", "l o c k backspace backspace backspace backspace"),
        ("keys and palette", "1", ": esc ? esc"),
    ];
    let mut all = Vec::new();
    for (name, before, keys) in walks {
        press(&mut model, &mut terminal, before);
        let times: Vec<_> = (0..40).flat_map(|_| press(&mut model, &mut terminal, keys)).collect();
        press(&mut model, &mut terminal, "esc esc");
        all.extend_from_slice(&times);
        row(name, times);
    }
    row("all of them", all);
}

/// A probe whose rows are findings.
const PROBE: &str = "postgres.slots";

/// A check that lists every row: the shipped ones list their twenty worst.
fn listing() -> String {
    let sentences = "title = \"A slot\"\ndomain = \"replication\"\nseverity = \"high\"\nwhy = \"why\"\nfix = \"fix\"\n";
    let rows =
        "subject = \"{{ row.slot }}\"\nmessage = \"{{ row.slot }} keeps WAL\"\nevidence = [\"retained_bytes\"]\n";
    format!(
        "id = \"bench.slots\"\n{sentences}{rows}from = \"{PROBE}\"\nlimit = {FINDINGS}\n\
         [[rules]]\nstatus = \"fail\"\nwhen = 'row.retained_bytes > 0'\n"
    )
}

/// A recording whose every row is a finding.
fn recording() -> Snapshot {
    let library = Library::load(&assets::embedded()).unwrap();
    let probe = library.probe(PROBE).unwrap();
    let columns = probe.columns.iter().map(|(name, def)| Column::new(name, def.kind, def.unit, def.counter)).collect();
    let mut table = Table::new(columns);
    for row in 0..FINDINGS {
        let cells = probe.columns.iter().map(|(name, def)| match def.kind {
            Kind::Int => Value::Int(1 << 42),
            Kind::Double => Value::Double(0.5),
            Kind::Bool => Value::Bool(false),
            Kind::Text => Value::text(format!("{name}-{row}")),
            Kind::List => Value::List(Vec::new()),
        });
        table.push(cells.collect()).unwrap();
    }
    let now = Timestamp::UNIX_EPOCH;
    let source = SourceRecord {
        name: "primary".into(),
        kind: SourceKind::Postgres,
        address: "bench".into(),
        facts: BTreeMap::new(),
        fault: None,
        notes: Vec::new(),
    };
    let observation = Observation {
        probe: PROBE.into(),
        source: "primary".into(),
        database: None,
        at: now,
        took_ms: 0,
        not_visible: None,
        pairing: Pairing::default(),
        earlier: None,
        answer: Answer::Table(table),
    };
    Snapshot {
        format: FORMAT.into(),
        version: VERSION,
        tool: "bench".into(),
        target: TargetRecord { name: "bench".into(), environment: None },
        started_at: now,
        finished_at: now,
        window_ms: 0,
        load: None,
        sources: vec![source],
        observations: vec![observation],
    }
}

fn key_in_a_terminal() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("large.json"), recording().write().unwrap()).unwrap();
    fs::create_dir(home.path().join("checks")).unwrap();
    fs::write(home.path().join("checks/slots.toml"), listing()).unwrap();
    let words = ["screens", "--snapshot", "large.json", "--checks", "checks"];
    let terminal = Terminal::bare(&program(&words, home.path()), SIZE);
    terminal.press("2");
    let counts = |view: &pty::View| view.lines().into_iter().find(|line| line.contains(" FAIL  "));
    let view = terminal.wait_for("a judgement", |view| counts(view).is_some());
    println!("  {}", counts(&view).unwrap_or_default().trim());
    thread::sleep(Duration::from_millis(500));
    let times = (0..400).map(|at| {
        // The tick of a second draws as well; what it draws is not the key's.
        let frames = terminal.heard().frames();
        let start = Instant::now();
        terminal.press(if at % 8 < 4 { "down" } else { "up" });
        terminal.heard().wait(Duration::from_secs(10), |heard| (heard.frames() > frames).then_some(())).unwrap();
        let took = start.elapsed();
        thread::sleep(Duration::from_millis(5));
        took
    });
    row("moving in the findings", times.collect());
}

fn idle() {
    const SECONDS: u64 = 20;
    let home = tempfile::tempdir().unwrap();
    let terminal = Terminal::bare(&program(&["demo", "screens"], home.path()), SIZE);
    terminal.wait_text("FAIL");
    thread::sleep(Duration::from_secs(2));
    let before = ticks(terminal.leader());
    thread::sleep(Duration::from_secs(SECONDS));
    let used = ticks(terminal.leader()) - before;
    // The kernel counts in hundredths of a second, whatever its own clock.
    println!("  {used} of {} hundredths of a second: {:.2} %", SECONDS * 100, share(used, SECONDS * 100));
}

#[expect(clippy::cast_precision_loss, reason = "a share that is shown")]
fn share(part: u64, whole: u64) -> f64 {
    part as f64 * 100.0 / whole as f64
}

/// The time that a process has had of the processors, in hundredths of a second.
fn ticks(pid: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// An hour of samples of all sources, two seconds apart, each with a judgement of its own.
fn memory() {
    const ROUNDS: usize = 1800;
    let (audit, snapshot) = audit();
    let (mut model, mut terminal) = (model(), Drawn::new(TestBackend::new(SIZE.0, SIZE.1)).unwrap());
    press(&mut model, &mut terminal, "3");
    for round in 0..=ROUNDS {
        if matches!(round, 0 | 60 | 450 | 900 | 1350 | ROUNDS) {
            println!("  after {round:>4} samples: {:>6} KiB resident", resident());
        }
        let now = snapshot.finished_at + Duration::from_secs(2 * round as u64);
        for source in &snapshot.sources {
            let of = snapshot.observations.iter().filter(|observation| observation.source == source.name);
            let observations = of.cloned().map(|observation| Observation { at: now, ..observation }).collect();
            update(&mut model, Event::Sampled(Arc::new(Sample { source: source.clone(), observations })));
        }
        update(&mut model, Event::Judged(Arc::new(audit.clone())));
        step(&mut model, &mut terminal, Event::Tick(now));
    }
}

fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse().unwrap()
}
