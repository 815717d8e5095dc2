//! The newest load test of each kind: an old bad run that was made good again must not decide, nor an old good one.

use std::collections::BTreeMap;

use super::{
    Asked, Derivation,
    row::{Row, rows},
};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, Unit},
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
    ],
    derive,
};

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
            let cells = newest.values().map(|(_, row)| columns.clone().map(|(name, ..)| row.value(name)).collect());
            LOADTEST_LATEST.relation(&[runs], cells.collect())
        })
        .collect()
}
