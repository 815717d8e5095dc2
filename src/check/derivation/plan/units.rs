//! One quantity, several statements.

use super::{
    say,
    table::{COLUMNS, Compared, Quantity, Sections, compare, quantity},
};
use crate::check::{
    derivation::{Asked, Derivation, row::Row},
    relation::Relation,
};

pub(in super::super) const UNITS: Derivation = Derivation {
    id: "plan.compared-units",
    about: "Statements of one quantity in different units or places, each against each",
    inputs: &["plan.same", "plan.slos", "plan.tests"],
    columns: COLUMNS,
    derive,
};

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    compare(&UNITS, asked, |plan| {
        let mut all = same(plan);
        all.extend(thresholds(plan));
        all.extend(scaling(plan));
        all
    })
}

/// Every two statements of a name.
fn same(plan: &Sections) -> Vec<Compared> {
    let said: Vec<_> = plan
        .rows("plan.same")
        .into_iter()
        .filter_map(|row| Some((row.text("name"), quantity(row, "value")?)))
        .collect();
    let mut all = Vec::new();
    for (at, (name, one)) in said.iter().enumerate() {
        for (_, other) in said[at + 1..].iter().filter(|(other, _)| other == name) {
            all.push(pair("same", name, one, other));
        }
    }
    all
}

/// Two statements, the nearest ends of ranges set against each other.
fn pair(rule: &'static str, what: &str, one: &Quantity, other: &Quantity) -> Compared {
    if one.measure != other.measure {
        let how = format!("{} is a {}, {} a {}", one.text, one.measure, other.text, other.measure);
        return Compared::fact("measure", what, true, how).texts(&one.text, &other.text);
    }
    let (stated, against) = if one.low > other.high {
        (one.low, other.high)
    } else if other.low > one.high {
        (one.high, other.low)
    } else {
        (one.value, one.value)
    };
    let shown = say::measured(one.value, &one.measure, &other.text);
    let how = format!("{} is {shown}, and elsewhere it is {}", one.text, other.text);
    let found = Compared::numbers(rule, what, stated, against, how).texts(&one.text, &other.text);
    Compared { tolerance: one.tolerance, other_tolerance: other.tolerance, ..found }
}

/// Two objectives for one indicator.
fn thresholds(plan: &Sections) -> Vec<Compared> {
    let slos: Vec<(String, Quantity)> = plan
        .rows("plan.slos")
        .into_iter()
        .filter_map(|row| Some((row.text("sli"), quantity(row, "target")?)))
        .filter(|(sli, _)| !sli.is_empty())
        .collect();
    let mut all = Vec::new();
    for (at, (sli, one)) in slos.iter().enumerate() {
        for (_, other) in slos[at + 1..].iter().filter(|(other, _)| other == sli) {
            all.push(pair("threshold", &format!("objective of {sli}"), one, other));
        }
    }
    all
}

/// A scaling table that is multiplied out: where most rows are exact multiples of one instance, all must be.
fn scaling(plan: &Sections) -> Vec<Compared> {
    let read = |row: Row<'_>| Some((row.text("name"), quantity(row, "instances")?, quantity(row, "load")?));
    let rows: Vec<_> =
        plan.rows("plan.tests").into_iter().filter(|row| row.text("kind") == "scaling").filter_map(read).collect();
    let Some((_, _, one)) = rows.iter().find(|(_, n, _)| (n.value - 1.0).abs() < 1e-9) else {
        return Vec::new();
    };
    let off = |n: f64, load: f64| (load - n * one.value).abs() / load;
    let exact = rows.iter().filter(|(_, n, load)| n.value > 1.0 && off(n.value, load.value) < 1e-9).count();
    let near = rows.iter().filter(|(_, n, load)| n.value > 1.0 && off(n.value, load.value) < 0.01);
    near.filter(|_| exact >= 2)
        .map(|(name, n, load)| {
            let due = n.value * one.value;
            let how = format!(
                "{} x {} = {}, and {} is printed; {exact} rows are exact multiples",
                say::count(n.value),
                one.text,
                say::rate(due, &load.text),
                load.text
            );
            let found = Compared::numbers("scaling", name, load.value, due, how);
            Compared { tolerance: load.tolerance, ..found }.texts(&load.text, &one.text)
        })
        .collect()
}
