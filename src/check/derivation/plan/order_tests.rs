//! Percentiles within a test, and tests under load against a single execution.

use super::{
    say,
    table::{Compared, Quantity, Sections, quantity},
};
use crate::check::derivation::row::Row;

const PERCENTILES: [&str; 7] = ["p50", "p75", "p90", "p95", "p99", "p999", "max"];

pub(super) fn tests(plan: &Sections) -> Vec<Compared> {
    let rows = plan.rows("plan.tests");
    let mut all: Vec<_> = rows.iter().flat_map(|row| percentiles(*row)).collect();
    let singles = rows.iter().filter(|row| row.text("kind") == "single");
    let loaded = |row: &&Row| matches!(row.text("kind").as_str(), "sustained" | "soak" | "stress" | "spike");
    for single in singles {
        all.extend(rows.iter().filter(loaded).flat_map(|row| under_load(*single, *row)));
    }
    all.extend(spikes(&rows));
    all
}

fn percentiles(row: Row) -> Vec<Compared> {
    let said: Vec<(&str, Quantity)> =
        PERCENTILES.into_iter().filter_map(|name| Some((name, quantity(row, name)?))).collect();
    let compared = |pair: &[(&str, Quantity)]| {
        let [(low, one), (high, next)] = pair else {
            return None;
        };
        // A maximum that equals the 99.9th percentile is one number under two names.
        let rule = if (*low, *high) == ("p999", "max") { "label" } else { "percentile" };
        let how = format!("{low} is {} and {high} is {}", one.text, next.text);
        Some(Compared::numbers(rule, row.text("name"), one.value, next.value, how).texts(&one.text, &next.text))
    };
    said.windows(2).filter_map(compared).collect()
}

/// Latency under load is above that of one request alone.
fn under_load(single: Row, loaded: Row) -> Vec<Compared> {
    let what = loaded.text("name");
    let alone = single.text("name");
    let mut all: Vec<_> = ["p50", "p95", "p99", "max"]
        .into_iter()
        .filter_map(|name| {
            let (one, under) = (quantity(single, name)?, quantity(loaded, name)?);
            let how = format!("{name} is {} under load and {} in `{alone}`", under.text, one.text);
            let found = Compared::numbers("under-load", &what, one.value, under.value, how);
            Some(found.texts(&one.text, &under.text))
        })
        .collect();
    // The mean of one test as a percentile of another: a number that was carried over.
    if let (Some(mean), Some(p75)) = (quantity(loaded, "mean"), quantity(single, "p75")) {
        let how = format!("the mean under load is {}, p75 of `{alone}` is {}", mean.text, p75.text);
        all.push(Compared::numbers("mean", &what, p75.value, mean.value, how).texts(&p75.text, &mean.text));
    }
    all
}

/// Nothing jumps to a load that was never held.
fn spikes(rows: &[Row]) -> Vec<Compared> {
    let mut all = Vec::new();
    let of = |kind: &'static str| rows.iter().filter(move |row| row.text("kind") == kind);
    for spike in of("spike") {
        for stress in of("stress") {
            for column in ["users", "load"] {
                if let (Some(jump), Some(held)) = (quantity(*spike, column), quantity(*stress, column)) {
                    let how = format!(
                        "the spike goes to {} {column}, the stress test only to {}: {} times",
                        jump.text,
                        held.text,
                        say::figure(jump.value / held.high)
                    );
                    let found = Compared::numbers("spike", spike.text("name"), jump.value, held.high, how);
                    all.push(found.texts(&jump.text, &held.text));
                }
            }
        }
    }
    all
}
