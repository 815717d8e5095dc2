//! What a load test carried: the headroom of the whole system is at least that.

use super::super::bottleneck::{Bottleneck, Grade, Grows};
use crate::{
    check::{evaluate::Bench, relation::Relation},
    quantity,
    snapshot::Unit,
};

/// The probes of load tests.
pub(super) const RUNS: &str = "loadtest.runs";
pub(super) const LEVELS: &str = "loadtest.levels";

/// Kinds of test that push a system beyond its usual load.
const PUSHING: [&str; 2] = ["stress", "breakpoint"];

/// The share of errors below which a load counts as carried: `loadtest.error-rate` fails from here on.
const ERRORS: f64 = 0.005;

/// How old a test may be: `loadtest.age` fails from here on.
const AGE: f64 = 180.0 * 86_400.0;

/// A load that was carried.
struct Carried {
    test: String,
    /// The multiple of today's load.
    multiple: f64,
    rps: f64,
    age_days: f64,
}

/// The highest load that a test carried, as a row of its own; nothing where none did.
pub(super) fn carried(bench: &Bench) -> Option<Bottleneck> {
    let runs = bench.relations(RUNS).iter();
    let all = runs.flat_map(|runs| (0..runs.table.rows()).flat_map(|row| of_run(bench, runs, row)).collect::<Vec<_>>());
    let best = all.max_by(|a, b| a.multiple.total_cmp(&b.multiple).then_with(|| b.test.cmp(&a.test)))?;
    Some(Bottleneck {
        check: "loadtest.target-reached".into(),
        subject: "the whole system".into(),
        resource: "load carried in a test".into(),
        domain: "testing".into(),
        grows: Grows::Traffic,
        used: 1.0,
        ceiling: best.multiple,
        idle: 0.0,
        unit: Unit::Count,
        headroom: Some(best.multiple),
        headroom_interval: None,
        days_left: None,
        margin: None,
        grade: Grade::LoadTest,
        ground: format!(
            "the test {} carried {}/s with at most {} of errors, {:.0} days ago; the least that the system bears",
            best.test,
            quantity::show(best.rps, Unit::Count),
            quantity::show(ERRORS, Unit::Ratio),
            best.age_days
        ),
        fix: "Test at a higher load to learn where the system breaks.".into(),
        advice: None,
    })
}

/// What a run carried as a whole, and on each of its plateaus.
fn of_run(bench: &Bench, runs: &Relation, row: usize) -> Vec<Carried> {
    let text = |column: &str| runs.get(row, column).as_str().unwrap_or_default().to_owned();
    let number = |column: &str| runs.get(row, column).as_f64().filter(|number| number.is_finite());
    let fresh = number("age").filter(|age| (0.0..AGE).contains(age));
    let (Some(age), Some(multiple), true, true) =
        (fresh, number("multiple"), text("fault").is_empty(), PUSHING.contains(&text("kind").as_str()))
    else {
        return Vec::new();
    };
    let carried = |multiple: f64, rps: f64| Carried { test: text("name"), multiple, rps, age_days: age / 86_400.0 };
    // A test that fell short of its aim proves the load that it made. Without an aim there is nothing to scale by.
    let Some(today) = number("target_rps").map(|target| target / multiple).filter(|today| *today > 0.0) else {
        return Vec::new();
    };
    let within = |errors: Option<f64>| errors.is_some_and(|errors| errors < ERRORS);
    let mut all = Vec::new();
    if let Some(rps) = number("rps").filter(|_| within(number("error_rate")) && number("gates_failed") == Some(0.0)) {
        all.push(carried((rps / today).min(multiple), rps));
    }
    let of_source = bench.relations(LEVELS).iter().filter(|levels| levels.source == runs.source);
    for levels in of_source {
        let of_test =
            (0..levels.table.rows()).filter(|level| levels.get(*level, "test").as_str() == Some(&text("name")));
        for level in of_test.filter(|level| within(levels.get(*level, "error_rate").as_f64())) {
            all.extend(levels.get(level, "load").as_f64().map(|rps| carried(rps / today, rps)));
        }
    }
    all
}
