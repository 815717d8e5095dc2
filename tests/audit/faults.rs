//! A source that is away, hangs, resets or answers rubbish leaves the others untouched, and the run ends in its budget.

use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use crate::lab::{Lab, Options, Part, Role};
use crate::standin::broken::{Manner, closed_port};
use crate::standin::way::{self, Break};
use crate::support::{Report, Run, loadline};

/// Of each kind of source checks that find a healthy lab in order, whatever else is added to the library.
const ONLY: &str = "postgres.connection-saturation,postgres.idle-in-transaction,postgres.long-transactions,\
                    postgres.deadlocks,pgbouncer.lab-*,redis.clients-near-limit,redis.rejected-connections,\
                    redis.maxmemory-unset";

const BUDGET: Duration = Duration::from_secs(5);

/// A machine that is busy with other tests may be late to start and to end; a run that hangs is later.
const LATE: Duration = Duration::from_secs(10);

const KINDS: [(&str, Part); 3] = [("postgres", Part::Postgres), ("pgbouncer", Part::PgBouncer), ("redis", Part::Redis)];

/// An audit of the lab in which one kind of source is asked at another port.
fn audit(lab: &Lab, moved: Option<(&str, u16)>) -> Run {
    let port = |kind: &str, part| match moved {
        Some((moved, port)) if moved == kind => port,
        _ => lab.state().port(part),
    };
    let mut run = loadline("audit --format json --window 500ms --budget 5s --connect-timeout 2s --only").arg(ONLY);
    run = run.with("--checks", Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/checks"));
    for (kind, part) in KINDS {
        let url = match part {
            Part::Postgres => lab.primary_url(Role::Monitor),
            Part::PgBouncer => lab.console_url(Role::Monitor),
            _ => lab.redis_url(),
        };
        let here = format!(":{}/", lab.state().port(part));
        run = run.with(&format!("--{kind}"), url.replace(&here, &format!(":{}/", port(kind, part))));
    }
    run.run()
}

/// Whatever the fault, it is named, nothing good is said of what was not measured, and the others are as they were.
fn assert_contained(what: &str, run: &Run, kind: &str, healthy: &Report) -> Report {
    assert!(run.took < BUDGET + LATE, "{what}: too late\n{run}");
    assert_eq!(run.code, 20, "{what}\n{run}");
    let report = run.report();
    let time = |name: &str| report.0["snapshot"][name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let asked = time("finished_at").duration_since(time("started_at"));
    assert!(asked.unsigned_abs() < BUDGET + Duration::from_secs(1), "{what}: asked for {asked:?}\n{run}");
    for (other, _) in KINDS.iter().filter(|(other, _)| *other != kind) {
        assert_eq!(report.conclusions(other), healthy.conclusions(other), "{what} touched {other}\n{run}");
        assert!(report.source(other)["fault"].is_null(), "{what}\n{run}");
    }
    let known = healthy.conclusions(kind);
    let (unknown, rest): (Vec<_>, Vec<_>) =
        report.conclusions(kind).into_iter().partition(|line| line.contains(" | unknown | "));
    assert!(!unknown.is_empty(), "{what}: everything was measured\n{run}");
    assert!(unknown.iter().all(|line| line.contains(&format!("| {kind}"))), "{what}: who?\n{run}");
    assert!(run.stderr.contains(&format!("{kind}: ")), "{what}: standard error names the source\n{run}");
    let source = report.source(kind);
    let said = !source["fault"].is_null() || source["notes"].to_string().contains("had no answer");
    assert!(said, "{what}: {source}");
    assert!(rest.iter().all(|line| known.contains(line)), "{what}: it made something up\n{run}");
    report
}

/// A fault from the start: nothing at all was measured, and the source's line says why.
fn assert_not_asked(what: &str, run: &Run, kind: &str, healthy: &Report, faults: &[&str]) {
    let report = assert_contained(what, run, kind, healthy);
    let fault = &report.source(kind)["fault"];
    assert!(faults.iter().any(|name| fault["kind"] == *name), "{what}: {fault}");
    assert!(report.conclusions(kind).iter().all(|line| line.contains(" | unknown | ")), "{what}\n{run}");
}

fn try_all(lab: &Lab, kind: &'static str, part: Part, healthy: &Report) {
    let whole = way::to(lab.state().port(part), usize::MAX, Break::Silence);
    let through = audit(lab, Some((kind, whole.standin.port))).expect(0).report();
    assert_eq!(through.conclusions(kind), healthy.conclusions(kind), "a way that is whole changes nothing");
    let all = whole.passed();
    let mut trials: Vec<Trial> = vec![Box::new(|| {
        let run = audit(lab, Some((kind, closed_port())));
        assert_not_asked(&format!("{kind} stopped"), &run, kind, healthy, &["unreachable"]);
    })];
    for manner in Manner::ALL {
        trials.push(Box::new(move || {
            let standin = manner.serve();
            let run = audit(lab, Some((kind, standin.port)));
            let faults: &[&str] = match manner {
                Manner::Silent => &["deadline"],
                Manner::Foreign | Manner::Rubbish => &["rubbish", "unreachable"],
                _ => &["unreachable"],
            };
            assert_not_asked(&format!("{kind} {manner:?}"), &run, kind, healthy, faults);
        }));
    }
    for (eighths, how) in [0, 2, 4, 7].into_iter().flat_map(|at| [(at, Break::Silence), (at, Break::Reset)]) {
        trials.push(Box::new(move || {
            let after = (all * eighths / 8).max(1);
            let way = way::to(lab.state().port(part), after, how);
            let run = audit(lab, Some((kind, way.standin.port)));
            assert_contained(&format!("{kind} with {how:?} after {after} of {all} bytes"), &run, kind, healthy);
        }));
    }
    go_through(trials);
}

type Trial<'t> = Box<dyn FnOnce() + Send + 't>;

/// Most of them wait most of the time; more at once would only be late for want of a core.
fn go_through(trials: Vec<Trial<'_>>) {
    let left = Mutex::new(trials);
    let next = || left.lock().expect("nobody fails while taking one").pop();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(trial) = next() {
                    trial();
                }
            });
        }
    });
}

#[test]
fn a_broken_source_is_named_and_contained() {
    let lab = Lab::start(Options::of(&[Part::PgBouncer, Part::Redis]));
    let healthy = audit(&lab, None).expect(0).report();
    for (kind, part) in KINDS {
        assert!(healthy.conclusions(kind).len() >= 2, "two questions at least go to {kind}: {}", healthy.lines());
        try_all(&lab, kind, part, &healthy);
    }
}

#[test]
fn a_snapshot_of_a_source_that_went_away_is_no_whole_one() {
    let lab = Lab::start(Options::redis());
    let port = lab.state().port(Part::Redis);
    let collect = |after: usize| {
        let way = way::to(port, after, Break::Reset);
        let url = lab.redis_url().replace(&port.to_string(), &way.standin.port.to_string());
        let run = loadline("collect --window 0 --only redis.* --redis").arg(url).run();
        (run.code, run.stdout, way.passed())
    };
    let (code, whole, bytes) = collect(usize::MAX);
    assert!(code == 0 && !whole.contains("\"fault\""), "{whole}");
    let (code, cut, _) = collect(bytes - 10);
    assert!(code == 20 && cut.contains("\"fault\""), "{cut}");
}

#[test]
fn a_server_that_is_too_slow_ends_with_the_budget() {
    let lab = Lab::start(Options::redis());
    // Each byte of Redis' answers comes, and so no deadline on silence would ever end this.
    let way = way::to(lab.state().port(Part::Redis), 0, Break::Trickle(1, Duration::from_millis(100)));
    let url = lab.redis_url().replace(&lab.state().port(Part::Redis).to_string(), &way.standin.port.to_string());
    let run = loadline("audit --format json --window 0 --budget 2s --connect-timeout 50s --redis").arg(url).run();
    assert!(run.took < Duration::from_secs(2) + LATE && run.took >= Duration::from_secs(2), "{run}");
    let report = run.expect(20).report();
    let fault = &report.source("redis")["fault"];
    assert_eq!(fault["kind"], "deadline", "{fault}");
    assert!(fault["message"].as_str().unwrap().contains("budget of 2 s"), "{fault}");
    assert!(report.conclusions("redis").iter().all(|line| line.contains("| unknown |")), "{}", report.lines());
}
