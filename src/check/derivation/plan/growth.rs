//! Growth: milestones, the monthly rate, and when a phase must be done.

use super::{
    say,
    table::{COLUMNS, Compared, Quantity, Sections, compare, quantity},
};
use crate::{
    capacity::growth::{implied_monthly, months_to},
    check::{
        derivation::{Asked, Derivation, row::Row},
        relation::Relation,
    },
};

pub(in super::super) const GROWTH: Derivation = Derivation {
    id: "plan.compared-growth",
    about: "Targets, the monthly growth and the dates of phases, each from the others",
    inputs: &["plan.summary", "plan.traffic", "plan.phases"],
    columns: COLUMNS,
    derive,
};

const DAYS_OF_MONTH: f64 = 365.0 / 12.0;

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    compare(&GROWTH, asked, |plan| {
        let growth = plan.summary("growth");
        let mut all = usage(plan);
        if let Some(growth) = growth.filter(|growth| growth.value > 0.0) {
            all.extend(plan.rows("plan.traffic").into_iter().filter_map(|row| milestone(plan, row, &growth)));
            all.extend(plan.rows("plan.phases").into_iter().filter_map(|row| phase(row, &growth)));
        }
        all
    })
}

/// The monthly growth that a target and its date imply.
fn milestone(plan: &Sections, row: Row, growth: &Quantity) -> Option<Compared> {
    let (now, target) = (quantity(row, "now")?, quantity(row, "target")?);
    let by_date = row.number("by_days").map(|days| days / DAYS_OF_MONTH);
    let months = by_date.or_else(|| Some(plan.summary("months")?.value)).filter(|months| *months > 0.0)?;
    let implied = implied_monthly(now.value, target.value, months).ok()?;
    let due = months_to(target.value / now.value, growth.value);
    let due = due.map_or_else(|_| "no".to_owned(), say::figure);
    let how = format!(
        "{} to {} in {} months is {} a month; at {} a month it takes {} months",
        now.text,
        target.text,
        say::figure(months),
        say::percent(implied),
        growth.text,
        due
    );
    Some(Compared::numbers("rate", row.text("metric"), growth.value, implied, how).texts(&growth.text, &target.text))
}

/// When traffic reaches the multiple that a phase is for.
fn phase(row: Row, growth: &Quantity) -> Option<Compared> {
    let (multiple, days) = (quantity(row, "multiple")?, row.number("by_days")?);
    let due = months_to(multiple.value, growth.value).ok()? * DAYS_OF_MONTH;
    let how = format!(
        "at {} a month, {} times is reached in {} days; the phase is done in {} ({})",
        growth.text,
        multiple.text,
        say::figure(due),
        say::figure(days),
        row.text("by")
    );
    Some(Compared::numbers("phase", row.text("name"), days, due, how).texts(row.text("by"), &multiple.text))
}

/// Users and what they do must grow alike, or each user does more or less than today.
fn usage(plan: &Sections) -> Vec<Compared> {
    let times = |row: &Row| {
        let (now, target) = (quantity(*row, "now")?, quantity(*row, "target")?);
        Some((row.text("metric"), target.value / now.value, now.measure))
    };
    let rows: Vec<_> = plan.rows("plan.traffic").iter().filter_map(times).collect();
    let people = rows.iter().filter(|(_, _, measure)| measure != "rate");
    let work = |(metric, by, _): &(String, f64, String)| {
        let all = rows.iter().filter(|(_, _, measure)| measure == "rate");
        let compared = |(other, more, _): &(String, f64, String)| {
            let change = more / by - 1.0;
            let word = if change < 0.0 { "less" } else { "more" };
            let how = format!(
                "{metric} grow {} times, {other} {} times: each does {} {word}",
                say::figure(*by),
                say::figure(*more),
                say::percent(change.abs())
            );
            Compared::numbers("usage", format!("{metric} and {other}"), *by, *more, how)
        };
        all.map(compared).collect::<Vec<_>>()
    };
    people.flat_map(work).collect()
}
