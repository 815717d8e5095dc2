//! What the plan comes to, a row for each figure, for checks and criteria.

use jiff::Timestamp;

use super::{Asked, Derivation};
use crate::{
    check::relation::Relation,
    outlook::{self, Case, Flags, Line},
    snapshot::{Kind, Unit, Value},
};

pub(super) const CAPACITY: Derivation = Derivation {
    id: "capacity",
    about: "What the plan comes to: load, required capacity, dates, instances, connections, caches, cost, error budgets",
    inputs: &outlook::SECTIONS,
    columns: &[
        // Which figure, as `loadline capacity --format json` names it.
        ("name", Kind::Text, Unit::Count),
        // Whose: a measure of traffic, a fleet, an objective.
        ("subject", Kind::Text, Unit::Count),
        // In base units; NULL where the plan does not say enough.
        ("value", Kind::Double, Unit::Count),
        ("low", Kind::Double, Unit::Count),
        ("high", Kind::Double, Unit::Count),
        // What it counts: /s, months, share, times, instances, money, ….
        ("unit", Kind::Text, Unit::Count),
        // firm, fair or rough; empty where there is no value.
        ("word", Kind::Text, Unit::Count),
        // The value for a person, with what must be known beside it.
        ("text", Kind::Text, Unit::Count),
        // The formula with its inputs, each with where it comes from.
        ("ground", Kind::Text, Unit::Count),
        // What is missing in the plan; empty where nothing is.
        ("needs", Kind::Text, Unit::Count),
    ],
    derive,
};

/// Only the plan speaks, so that a check on it asks no server.
fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    let from: Option<Vec<&Relation>> = CAPACITY.inputs.iter().map(|id| asked.all(id).first()).collect();
    let Some(from) = from else {
        return Vec::new();
    };
    let now = from.iter().filter_map(|relation| relation.at).min().unwrap_or(Timestamp::UNIX_EPOCH);
    let answers = |probe: &str| if CAPACITY.inputs.contains(&probe) { asked.all(probe) } else { &[] };
    let rows = outlook::lines(&Case::new(&answers, &Flags::default(), now)).iter().map(cells).collect();
    vec![CAPACITY.relation(&from, rows)]
}

fn cells(line: &Line) -> Vec<Value> {
    let figure = &line.plan;
    let number = |value: Option<f64>| value.map_or(Value::Null, Value::double);
    let note = figure.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
    vec![
        Value::text(line.name),
        Value::text(if line.subject.is_empty() { "plan" } else { line.subject.as_str() }),
        number(figure.value),
        number(figure.low),
        number(figure.high),
        Value::text(line.unit.word()),
        Value::text(figure.word.unwrap_or_default()),
        Value::text(format!("{}{note}", figure.text)),
        Value::text(line.ground(figure)),
        Value::text(figure.needs.join("; ")),
    ]
}

#[cfg(test)]
mod tests {
    use crate::{check::evaluate::Bench, outlook::planned};

    /// The value and the needs of a figure.
    fn figure(bench: &Bench, name: &str, subject: &str) -> (Option<f64>, String) {
        let [relation] = bench.relations("capacity") else { panic!("one relation") };
        let is = |row: &usize| {
            let text = |column: &str| relation.get(*row, column).as_str().unwrap_or_default().to_owned();
            text("name") == name && (subject.is_empty() || text("subject") == subject)
        };
        let row = (0..relation.table.rows()).find(is).unwrap_or_else(|| panic!("{name} of {subject}"));
        (relation.get(row, "value").as_f64(), relation.get(row, "needs").as_str().unwrap_or_default().to_owned())
    }

    const SHOP: &str = r#"
        safety = 1.5
        growth = "30%"
        peak_factor = 6
        [[traffic]]
        metric = "requests"
        now = "800/s"
        target = "2400/s"
        [[instances]]
        name = "web"
        count = 8
        capacity = "800/s"
        [[costs]]
        metric = "dau"
        volume = "1K"
        cost = 400
        [[costs]]
        metric = "dau"
        volume = "10K"
        cost = 1200
        [[costs]]
        metric = "dau"
        volume = "50K"
        cost = 4500
        [[slos]]
        name = "availability"
        target = ">= 99.9%"
    "#;

    #[test]
    fn the_published_numbers_come_out_as_rows() {
        let (library, snapshot) = planned(SHOP);
        let bench = Bench::new(&library, &snapshot);
        for (name, subject, expected, within) in [
            ("load-peak", "requests", 4800.0, 1e-9),
            ("required-now", "requests", 7200.0, 1e-9),
            ("required", "requests", 21_600.0, 1e-6),
            ("headroom", "web", 8.0 / 6.0, 1e-9),
            ("months-to", "2x", 2.642, 5e-4),
            ("months-to", "10x", 8.776, 5e-4),
            ("months-to", "100x", 17.553, 5e-4),
            ("cost-exponent", "dau", 0.609, 5e-4),
            ("cost-marginal-per-thousand", "dau", 83.3, 0.05),
            ("error-budget", "availability", 2592.0, 1e-6),
        ] {
            let (value, needs) = figure(&bench, name, subject);
            let value = value.unwrap_or_else(|| panic!("{name} needs {needs}"));
            assert!((value - expected).abs() < within, "{name}: {value}");
        }
    }

    #[test]
    fn what_the_plan_does_not_say_is_null_and_named() {
        let (library, snapshot) = planned("");
        let bench = Bench::new(&library, &snapshot);
        for (name, need) in [("pool-sum", "`[[pools]]`"), ("load-now", "`[[traffic]]`")] {
            let (value, needs) = figure(&bench, name, "");
            assert!(value.is_none() && needs.contains(need), "{needs}");
        }
    }

    #[test]
    fn without_a_plan_there_is_nothing_to_judge() {
        let (library, mut snapshot) = planned("");
        snapshot.observations.clear();
        assert!(Bench::new(&library, &snapshot).relations("capacity").is_empty());
    }
}
