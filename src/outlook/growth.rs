//! Growth a month, and when a multiple of today's load is there.

use super::{
    case::Case,
    factor::Factor,
    line::{Figure, Group, Line, Measure, What},
    say,
};
use crate::capacity::growth::months_to;

/// The multiples that every roadmap names.
pub(crate) const MULTIPLES: [f64; 3] = [2.0, 10.0, 100.0];

fn what<'a>(name: &'static str, subject: &'a str, unit: Measure, formula: &'static str) -> What<'a> {
    What { group: Group::Growth, name, subject, unit, formula, like: "" }
}

pub(super) fn lines(case: &Case) -> Vec<Line> {
    let monthly = case.monthly();
    let growth = what("growth", "", Measure::Share, "a month, stated or (target / today)^(1 / months) - 1");
    let mut all = vec![growth.made(std::slice::from_ref(&monthly), |v| Ok(v[0]))];
    let mut reached = |subject: &str, multiple: Factor, due: Option<(f64, String)>| {
        let what = what("months-to", subject, Measure::Months, "ln(multiple) / ln(1 + growth)");
        let line = what.made(&[Ok(multiple), monthly.clone()], |v| months_to(v[0].max(1.0), v[1]));
        all.push(line.note(|figure| dates(case, figure, due)));
    };
    let flagged = case.flags.multiple.iter().map(|multiple| multiple.value);
    let mut multiples: Vec<f64> = MULTIPLES.into_iter().chain(flagged).collect();
    multiples.sort_by(f64::total_cmp);
    multiples.dedup();
    for multiple in multiples {
        let text = format!("{multiple}x");
        // The line's own name says it; that is no input that somebody stated.
        reached(&text, Factor { value: multiple, low: multiple, high: multiple, inputs: Vec::new() }, None);
    }
    for traffic in case.plain().traffic() {
        let target = case.plain().aim(&traffic).ok().zip(Case::load(&traffic).ok());
        if let Some(multiple) = target.and_then(|(target, now)| target.over(&now)) {
            reached(&format!("target of {}", traffic.metric), multiple, Case::due(&traffic));
        }
    }
    all
}

/// The day, with its range; and the day by which the plan wants it.
pub(super) fn dates(case: &Case, figure: &Figure, due: Option<(f64, String)>) -> Option<String> {
    let day = |months: Option<f64>| say::after(case.from(), months?).map(|day| day.to_string());
    let (on, from, to) = (day(figure.value)?, day(figure.low)?, day(figure.high)?);
    let range = if from == to { on } else { format!("{on} ({from} to {to})") };
    Some(match due {
        Some((months, by)) if figure.value? > months => format!("{range}, after {by}, when the plan wants it"),
        Some((_, by)) => format!("{range}, before {by}, when the plan wants it"),
        None => range,
    })
}
