//! The newest load test of each kind: an old bad run that was made good again must not decide, nor an old good one.

use std::collections::BTreeMap;

use super::{
    Asked, Derivation,
    row::{Row, rows},
};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, Unit, Value},
};

const RUNS: &str = "loadtest.runs";

pub(super) const LOADTEST_LATEST: Derivation = Derivation {
    id: "loadtest.latest",
    about: "The newest load test of each kind whose result could be read",
    inputs: &[RUNS],
    columns: &[
        ("name", Kind::Text, Unit::Count),
        ("kind", Kind::Text, Unit::Count),
        ("age", Kind::Double, Unit::Seconds),
        ("multiple", Kind::Double, Unit::Count),
        ("rps", Kind::Double, Unit::Count),
        ("p95", Kind::Double, Unit::Milliseconds),
        ("error_rate", Kind::Double, Unit::Ratio),
        ("gates_failed", Kind::Int, Unit::Count),
        ("tool", Kind::Text, Unit::Count),
        ("users", Kind::Int, Unit::Count),
        ("requests", Kind::Int, Unit::Count),
        ("target_rps", Kind::Double, Unit::Count),
        ("duration", Kind::Double, Unit::Seconds),
        ("p50", Kind::Double, Unit::Milliseconds),
        ("p99", Kind::Double, Unit::Milliseconds),
        ("max", Kind::Double, Unit::Milliseconds),
        // Why it proves nothing; empty where it may.
        ("flaw", Kind::Text, Unit::Count),
    ],
    derive,
};

/// After so many days it is another system: two quarters of releases. Our judgement.
const OLD_DAYS: f64 = 180.0;

/// From this share of failed requests on, how long they took says nothing: refusing is fast. Our judgement.
const MOST_ERRORS: f64 = 0.05;

/// Why a run proves nothing, however good its figures look.
fn flaw(row: &Row) -> String {
    let number = |name: &str| row.number(name);
    let below = |name: &str| number(name).is_some_and(|n| n < 0.0);
    let days = number("age").map(|age| age / 86_400.0);
    match () {
        () if days.is_none() => "nobody says when it ran".into(),
        () if days.is_some_and(|days| days < 0.0) => "it is dated in the future".into(),
        () if days.is_some_and(|days| days > OLD_DAYS) => "it is older than 180 days".into(),
        () if number("requests") == Some(0.0) || number("rps") == Some(0.0) => "it made no requests".into(),
        () if ["error_rate", "p50", "p95", "p99", "max", "rps", "users"].iter().any(|name| below(name)) => {
            "its figures are impossible".into()
        }
        () if number("error_rate").is_some_and(|rate| rate > MOST_ERRORS) => {
            "more than 5 % of its requests failed".into()
        }
        () if number("gates_failed").is_some_and(|failed| failed > 0.0) => "it crossed its own thresholds".into(),
        () => String::new(),
    }
}

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    asked
        .all(RUNS)
        .iter()
        .map(|runs| {
            let mut newest: BTreeMap<String, (f64, Row)> = BTreeMap::new();
            for row in rows(runs).filter(|row| row.text("fault").is_empty()) {
                // A run without a date is older than any with one.
                let age = row.number("age").unwrap_or(f64::INFINITY);
                if newest.get(&row.text("kind")).is_none_or(|(least, _)| age < *least) {
                    newest.insert(row.text("kind"), (age, row));
                }
            }
            let columns = LOADTEST_LATEST.columns.iter();
            let cell = |row: &Row, name: &str| match name {
                "flaw" => Value::text(flaw(row)),
                name => row.value(name),
            };
            let cells = newest.values().map(|(_, row)| columns.clone().map(|(name, ..)| cell(row, name)).collect());
            LOADTEST_LATEST.relation(&[runs], cells.collect())
        })
        .collect()
}
