//! What load was really held under test, beside the load that the plan speaks of.
//!
//! A test of steps has a row for each of its plateaus beside the one for the whole: a mean over a ramp is less than
//! what its top held.

use super::{
    Asked, Derivation,
    row::{Row, maybe, rows},
};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, Unit, Value},
};

pub(super) const LOADTEST_HELD: Derivation = Derivation {
    id: "loadtest.held",
    about: "Load that tests held, a row a test and a row a plateau, as multiples of the plan's traffic",
    inputs: &["loadtest.runs", "loadtest.levels", "plan.traffic", "plan.summary"],
    columns: &[
        ("test", Kind::Text, Unit::Count),
        // 0 for the whole test.
        ("step", Kind::Int, Unit::Count),
        ("kind", Kind::Text, Unit::Count),
        // Requests a second, and the same as multiples; NULL where the plan states no such rate.
        ("load", Kind::Double, Unit::Count),
        ("of_now", Kind::Double, Unit::Count),
        ("of_peak", Kind::Double, Unit::Count),
        ("of_target", Kind::Double, Unit::Count),
        ("p95", Kind::Double, Unit::Milliseconds),
        ("error_rate", Kind::Double, Unit::Ratio),
        // NULL for a plateau: record files do not say how long one lasted.
        ("duration", Kind::Double, Unit::Seconds),
        ("chaos", Kind::Text, Unit::Count),
        ("recovered", Kind::Double, Unit::Seconds),
        ("age", Kind::Double, Unit::Seconds),
        ("fault", Kind::Text, Unit::Count),
    ],
    derive,
};

/// The plan's traffic in requests a second.
#[derive(Debug, Default, Clone, Copy)]
struct Traffic {
    now: Option<f64>,
    peak: Option<f64>,
    target: Option<f64>,
}

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    let (Some(traffic), Some(summary)) = (asked.all("plan.traffic").first(), asked.all("plan.summary").first()) else {
        return Vec::new();
    };
    let planned = planned(traffic, summary);
    asked
        .all("loadtest.runs")
        .iter()
        .filter_map(|runs| {
            let levels = asked.one("loadtest.levels", runs.source.as_deref(), None)?;
            let held = rows(runs).flat_map(|run| held(run, levels, planned)).collect();
            let mut relation = LOADTEST_HELD.relation(&[runs, levels, traffic, summary], held);
            relation.source.clone_from(&runs.source);
            Some(relation)
        })
        .collect()
}

/// The first traffic that is a rate. Where no peak is stated, it is now times the peak factor.
fn planned(traffic: &Relation, summary: &Relation) -> Traffic {
    let is_rate = |row: &Row| row.text("now_measure") == "rate";
    let factor = rows(summary).next().and_then(|row| row.number("peak_factor"));
    rows(traffic).find(is_rate).map_or_else(Traffic::default, |row| {
        let now = row.number("now");
        let by_factor = now.zip(factor).map(|(now, factor)| now * factor);
        Traffic { now, peak: row.number("peak").or(by_factor), target: row.number("target") }
    })
}

/// The whole test, and its plateaus.
fn held(run: Row, levels: &Relation, planned: Traffic) -> Vec<Vec<Value>> {
    let whole = cells(run, 0, run, run.number("rps"), planned);
    let of_it = rows(levels).filter(|level| level.text("test") == run.text("name"));
    let steps =
        of_it.map(|level| cells(run, level.int("step").unwrap_or_default(), level, level.number("load"), planned));
    std::iter::once(whole).chain(steps).collect()
}

/// One row; `measured` has latency, errors and the fault, if any.
fn cells(run: Row, step: i64, measured: Row, load: Option<f64>, planned: Traffic) -> Vec<Value> {
    let of = |base: Option<f64>| {
        let times = load.zip(base.filter(|base| *base > 0.0)).map(|(load, base)| load / base);
        maybe(times)
    };
    vec![
        Value::text(run.text("name")),
        Value::Int(step),
        Value::text(run.text("kind")),
        maybe(load),
        of(planned.now),
        of(planned.peak),
        of(planned.target),
        maybe(measured.number("p95")),
        maybe(measured.number("error_rate")),
        maybe(run.number("duration").filter(|_| step == 0)),
        Value::text(run.text("chaos")),
        maybe(run.number("recovered")),
        maybe(run.number("age")),
        Value::text(measured.text("fault")),
    ]
}

#[cfg(test)]
mod tests {
    use super::LOADTEST_HELD;
    use crate::{
        assets,
        check::{case, definition::Given, evaluate::Bench, library::Library},
        snapshot::Value,
    };

    fn held(traffic: &str) -> Vec<[Value; 5]> {
        let given = |probe: &str, source: &str, rows: &str| -> Given {
            toml::from_str(&format!("probe = \"{probe}\"\nsource = \"{source}\"\nrows = [{rows}]")).unwrap()
        };
        let given = [
            given(
                "loadtest.runs",
                "tests",
                r#"{ name = "ramp", rps = 900.0, duration = 60.0 }, { name = "base", rps = 800.0 }"#,
            ),
            given("loadtest.levels", "tests", r#"{ test = "ramp", step = 2, load = 1600.0, p95 = 480.0 }"#),
            given("plan.traffic", "plan", traffic),
            given("plan.summary", "plan", "{ peak_factor = 2.0 }"),
        ];
        let library = Library::load(&assets::embedded()).unwrap();
        let snapshot = case::snapshot_of(&library, None, &given).unwrap();
        let bench = Bench::new(&library, &snapshot);
        let [relation] = bench.relations(LOADTEST_HELD.id) else { panic!("one source of tests, one relation") };
        let columns = ["test", "step", "of_now", "of_peak", "duration"];
        (0..relation.table.rows()).map(|row| columns.map(|column| relation.get(row, column))).collect()
    }

    #[test]
    fn a_plateau_is_a_row_of_its_own_test() {
        let double = Value::double;
        let found = held(
            r#"{ metric = "dau", now = 5.0, now_measure = "number" }, { metric = "requests", now = 800.0, now_measure = "rate" }"#,
        );
        let expected = [
            [Value::text("ramp"), Value::Int(0), double(1.125), double(0.5625), double(60.0)],
            [Value::text("ramp"), Value::Int(2), double(2.0), double(1.0), Value::Null],
            [Value::text("base"), Value::Int(0), double(1.0), double(0.5), Value::Null],
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_plan_without_a_rate_leaves_the_multiples_unknown() {
        let found = held(r#"{ metric = "dau", now = 5.0, now_measure = "number" }"#);
        assert!(found.iter().all(|row| row[2] == Value::Null && row[3] == Value::Null), "{found:?}");
    }
}
