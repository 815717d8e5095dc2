//! The error budgets of availability objectives.

use super::{
    case::{Case, stated},
    factor::{Factor, Origin},
    line::{Group, Line, Measure, What},
};
use crate::{
    capacity::downtime::{WINDOW_DAYS, budget},
    check::derivation::row::Row,
};

/// Seconds of a day.
const DAY: f64 = 86_400.0;

pub(super) fn lines(case: &Case) -> Vec<Line> {
    let is_availability = |row: &Row| {
        let target = row.number("target").filter(|target| (0.5..1.0).contains(target));
        target.is_some() && row.text("target_measure") == "share" && row.text("target_sense") != "below"
    };
    let all: Vec<_> = case.rows("plan.slos").into_iter().filter(is_availability).map(line).collect();
    if all.is_empty() {
        let need = "an objective such as `target = \">= 99.9%\"` in the plan's slos".to_owned();
        return vec![what("").needs(vec![need])];
    }
    all
}

fn what(subject: &str) -> What<'_> {
    let formula = "(1 - objective) x window";
    What { group: Group::Objectives, name: "error-budget", subject, unit: Measure::Seconds, formula, like: "" }
}

fn line(row: Row) -> Line {
    let name = row.text("name");
    let place = format!("slos {name}");
    // An objective is a definition: what its last digit leaves open is not uncertain.
    let exact = |factor: Factor| Factor { low: factor.value, high: factor.value, ..factor };
    let target = stated(row, "target", "objective", &place).map(exact).ok_or_else(|| format!("`target` of {name}"));
    let usual =
        || Factor::exact("window", WINDOW_DAYS * DAY, "30d", Origin::Assumed, "usual; the objective has no `window`");
    let window = stated(row, "window", "window", &place).map_or_else(usual, exact);
    what(&name).made(&[target, Ok(window)], |v| budget(v[0], v[1] / DAY))
}
