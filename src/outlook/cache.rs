//! The memory that caches take.

use super::{
    case::{Case, stated},
    factor::{Factor, Origin},
    line::{Figure, Group, Line, Measure, What},
};
use crate::{capacity::cache, check::derivation::row::Row, quantity, snapshot::Unit};

/// What a cache takes beyond its data where the plan does not say it.
const OVERHEAD: f64 = 0.5;

pub(super) fn lines(case: &Case) -> Vec<Line> {
    let rows = case.rows("plan.caches");
    let sized: Vec<_> = rows.iter().filter(|row| row.number("working_set").is_some()).map(|row| line(*row)).collect();
    if sized.is_empty() {
        return vec![what("").needs(vec!["`working_set` of a cache in the plan's caches".to_owned()])];
    }
    sized
}

fn what(subject: &str) -> What<'_> {
    let formula = "working set x (1 + overhead)";
    What { group: Group::Cache, name: "cache-size", subject, unit: Measure::Bytes, formula, like: "" }
}

fn line(row: Row) -> Line {
    let layer = row.text("layer");
    let place = format!("caches {layer}");
    let set = stated(row, "working_set", "working set", &place).ok_or_else(|| format!("`working_set` of {layer}"));
    let usual = || Factor::exact("overhead", OVERHEAD, "50%", Origin::Assumed, "usual; the plan has no `overhead`");
    let overhead = stated(row, "overhead", "overhead", &place).unwrap_or_else(usual);
    let factor = overhead.value;
    let size = what(&layer).made(&[set, Ok(overhead)], |v| Ok(cache::size(v[0], v[1])?.as_share));
    size.note(|figure| beside(row, factor, figure))
}

/// The memory that it gets, and the other reading of a large overhead.
fn beside(row: Row, overhead: f64, figure: &Figure) -> Option<String> {
    let bytes = |value: f64| quantity::show(value, Unit::Bytes);
    let memory = row.number("memory").map(|memory| {
        let word = if Some(memory) < figure.value { ", too little" } else { "" };
        format!("it gets {}{word}", bytes(memory))
    });
    let as_factor = (overhead >= 1.0).then(|| {
        let set = row.number("working_set").unwrap_or_default();
        format!("{} where the overhead is meant as the factor itself", bytes(set * overhead))
    });
    let words: Vec<_> = memory.into_iter().chain(as_factor).collect();
    (!words.is_empty()).then(|| words.join("; "))
}
