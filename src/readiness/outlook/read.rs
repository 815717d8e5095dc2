//! The plan's relations as rows, and what they state in words.

use super::model::{StatedLine, TestRun};
use crate::{
    check::{evaluate::Bench, relation::Relation},
    snapshot::Value,
};

/// Sections whose statements are shown as they are.
pub(super) const STATED: [&str; 14] = [
    "plan.slis",
    "plan.slos",
    "plan.alerts",
    "plan.caches",
    "plan.components",
    "plan.patterns",
    "plan.pools",
    "plan.limits",
    "plan.instances",
    "plan.sizing",
    "plan.tests",
    "plan.bottlenecks",
    "plan.recovery",
    "plan.workloads",
];

/// The columns that name a row, the best first.
const NAMES: [&str; 6] = ["name", "layer", "resource", "metric", "load", "app"];

/// What follows the name of a quantity in the columns that say how exact it is.
const ASIDES: [&str; 6] = ["_low", "_high", "_tolerance", "_measure", "_sense", "_text"];

/// A row of an answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a>(Option<(&'a Relation<'a>, usize)>);

impl Row<'_> {
    fn value(&self, column: &str) -> Value {
        self.0.map_or(Value::Null, |(relation, row)| relation.get(row, column))
    }

    pub(super) fn text(&self, column: &str) -> Option<String> {
        self.value(column).as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
    }

    pub(super) fn number(&self, column: &str) -> Option<f64> {
        self.value(column).as_f64()
    }

    pub(super) fn list(&self, column: &str) -> Vec<String> {
        let value = self.value(column);
        value.as_list().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    }
}

/// The rows of all answers to a probe.
pub(super) fn rows<'a>(bench: &'a Bench<'_>, probe: &str) -> Vec<Row<'a>> {
    let of = |relation: &'a Relation<'a>| (0..relation.table.rows()).map(move |row| Row(Some((relation, row))));
    bench.relations(probe).iter().flat_map(of).collect()
}

/// The plan's own keys; none of them where there is no plan.
pub(super) fn plan<'a>(bench: &'a Bench<'_>) -> Row<'a> {
    rows(bench, "plan.summary").into_iter().next().unwrap_or(Row(None))
}

/// All that the plan states and that is shown as it is.
pub(super) fn stated(bench: &Bench) -> Vec<StatedLine> {
    STATED.iter().flat_map(|probe| lines(bench, probe)).collect()
}

/// The rows of a section in words.
fn lines(bench: &Bench, probe: &str) -> Vec<StatedLine> {
    let section = probe.trim_start_matches("plan.").to_owned();
    rows(bench, probe).iter().map(|row| line(row, &section)).collect()
}

fn line(row: &Row, section: &str) -> StatedLine {
    let columns: Vec<&str> =
        row.0.iter().flat_map(|(relation, _)| relation.table.columns()).map(crate::snapshot::Column::name).collect();
    let words = |column: &str| row.text(&format!("{column}_text")).or_else(|| words(&row.value(column)));
    let head = NAMES.iter().find_map(|column| Some((*column, words(column)?)));
    let rest = columns.iter().filter(|column| head.as_ref().is_none_or(|(head, _)| head != *column));
    let rest = rest.filter(|column| !is_aside(column, &columns));
    let parts = rest.filter_map(|column| Some(format!("{} {}", column.replace('_', " "), words(column)?)));
    StatedLine {
        section: section.to_owned(),
        words: parts.collect::<Vec<_>>().join(", "),
        name: head.map_or_else(|| section.to_owned(), |(_, name)| name),
    }
}

/// Whether a column only says how exact another is, or how it was written.
fn is_aside(column: &str, columns: &[&str]) -> bool {
    ASIDES.iter().any(|end| column.strip_suffix(*end).is_some_and(|base| columns.contains(&base)))
}

fn words(value: &Value) -> Option<String> {
    match value {
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Text(text) => Some(text.to_string()).filter(|text| !text.trim().is_empty()),
        Value::List(items) if items.is_empty() => None,
        Value::List(items) => Some(items.iter().filter_map(words).collect::<Vec<_>>().join(" + ")),
        Value::Int(_) | Value::Double(_) => {
            value.as_f64().map(|n| crate::quantity::show(n, crate::snapshot::Unit::Count))
        }
        Value::Null => None,
    }
}

/// The load tests of the target.
pub(super) fn runs(bench: &Bench) -> Vec<TestRun> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of thresholds")]
    let count = |row: &Row, column: &str| row.number(column).unwrap_or(0.0).max(0.0) as u64;
    let one = |row: &Row| TestRun {
        name: row.text("name").unwrap_or_default(),
        kind: row.text("kind").unwrap_or_default(),
        started: row.text("started").unwrap_or_default(),
        multiple: row.number("multiple"),
        rps: row.number("rps"),
        p95_ms: row.number("p95"),
        error_rate: row.number("error_rate"),
        gates: count(row, "gates"),
        gates_failed: count(row, "gates_failed"),
        fault: row.text("fault"),
    };
    rows(bench, "loadtest.runs").iter().map(one).collect()
}
