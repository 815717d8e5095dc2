//! Ranking, margins and what criteria see, over hand-made snapshots.

use std::collections::BTreeMap;

use super::*;
use crate::{
    check::{case, definition::Given, library::Library},
    readiness::case::tests::knowledge,
    snapshot::{Snapshot, Value},
};

/// A plan in short.
pub(super) struct Plan {
    pub(super) summary: Vec<(&'static str, f64)>,
    pub(super) traffic: Vec<(&'static str, f64, f64)>,
}

type Row = BTreeMap<String, Value>;

pub(super) fn row(cells: &[(&str, Value)]) -> Row {
    cells.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

pub(super) fn given(probe: &str, source: &str, rows: Vec<Row>) -> Given {
    Given {
        probe: Some(probe.into()),
        source: source.into(),
        database: None,
        rows,
        earlier: None,
        fault: None,
        not_visible: None,
    }
}

/// The embedded checks, and a snapshot of a plan and other answers.
pub(super) fn bench_of(plan: &Plan, answers: &[Given]) -> (Library, Snapshot) {
    let (library, _) = knowledge();
    let mut all = answers.to_vec();
    let summary: Vec<_> = plan.summary.iter().map(|(name, number)| (*name, Value::Double(*number))).collect();
    if !summary.is_empty() {
        all.push(given("plan.summary", "plan", vec![row(&summary)]));
    }
    let traffic = plan.traffic.iter().map(|(metric, now, target)| {
        row(&[
            ("metric", Value::text(*metric)),
            ("now", Value::Double(*now)),
            ("target", Value::Double(*target)),
            ("now_text", Value::text(now.to_string())),
            ("target_text", Value::text(target.to_string())),
            ("now_measure", Value::text("number")),
            ("target_measure", Value::text("number")),
        ])
    });
    all.push(given("plan.traffic", "plan", traffic.collect()));
    let snapshot = case::snapshot_of(&library, None, &all).unwrap();
    (library, snapshot)
}

const NO_PLAN: Plan = Plan { summary: Vec::new(), traffic: Vec::new() };

fn slots(used: i64) -> Given {
    let cells = [
        ("max_connections", 103),
        ("reserved", 3),
        ("used", used),
        ("active", 1),
        ("idle", 1),
        ("idle_in_transaction", 0),
    ];
    given("postgres.connections", "primary", vec![row(&cells.map(|(name, n)| (name, Value::Int(n))))])
}

fn redis(used: i64) -> Given {
    let cells =
        [("connected_clients", used), ("connected_replicas", 0), ("cluster_connections", 0), ("maxclients", 1000)];
    given("redis.info", "cache", vec![row(&cells.map(|(name, n)| (name, Value::Int(n))))])
}

fn headrooms(plan: &Plan, answers: &[Given]) -> Vec<Bottleneck> {
    let (library, snapshot) = bench_of(plan, answers);
    let bench = Bench::new(&library, &snapshot);
    let need = Need::of(&bench);
    Headrooms::of(&bench, library.checks(), &Overrides::default(), need.as_ref()).worst()
}

#[test]
fn the_nearest_to_its_ceiling_comes_first_whatever_the_order_of_answers() {
    let found = headrooms(&NO_PLAN, &[redis(400), slots(80)]);
    let names: Vec<_> = found.iter().map(|b| b.check.as_str()).collect();
    assert_eq!(names, ["postgres.connection-saturation", "redis.clients-near-limit"]);
    assert!((found[0].headroom.unwrap() - 85.0 / 80.0).abs() < 1e-9, "{:?}", found[0]);
    assert_eq!((found[0].grade, found[0].margin), (Grade::OnePoint, None));
    assert_eq!(found, headrooms(&NO_PLAN, &[slots(80), redis(400)]));
}

#[test]
fn margins_and_days_follow_from_the_plan() {
    let plan = Plan { summary: vec![("growth", 0.1), ("months", 6.0)], traffic: vec![("users", 100.0, 200.0)] };
    let found = headrooms(&plan, &[slots(80)]);
    let first = &found[0];
    assert!((first.margin.unwrap() - 85.0 / 160.0).abs() < 1e-9, "{first:?}");
    let days = (85.0_f64 / 80.0).ln() / 1.1_f64.ln() * 30.4;
    assert!((first.days_left.unwrap() - days).abs() < 1e-6, "{first:?}");
}

#[test]
fn what_is_not_used_is_not_infinitely_good() {
    let found = headrooms(&NO_PLAN, &[redis(0), slots(80)]);
    let last = found.last().unwrap();
    assert_eq!((last.check.as_str(), last.headroom), ("redis.clients-near-limit", None));
    assert!(last.ground.contains(NOT_LOADED), "{last:?}");
}

#[test]
fn what_was_not_measured_is_a_row_for_criteria_and_not_a_hole() {
    let mut hidden = slots(80);
    hidden.not_visible = Some("other roles' sessions".into());
    let (library, snapshot) = bench_of(&NO_PLAN, &[hidden]);
    let bench = Bench::new(&library, &snapshot);
    let all = Headrooms::of(&bench, library.checks(), &Overrides::default(), None);
    let relation = all.relation(None);
    let of = |check: &str| (0..relation.table.rows()).find(|row| relation.get(*row, "check").as_str() == Some(check));
    let row = of("postgres.connection-saturation").unwrap();
    assert_eq!(relation.get(row, "grade"), Value::text("unmeasured"));
    assert_eq!(relation.get(row, "headroom"), Value::Null);
    assert!(all.worst().iter().all(|b| b.check != "postgres.connection-saturation"));
}
