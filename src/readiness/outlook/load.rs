//! Growth, its dates, and the capacity to have.

use super::{
    model::{Growth, Reached, Required, TrafficLine},
    read::{Row, plan, rows},
};
use crate::{
    capacity::{demand, growth},
    check::evaluate::Bench,
    outlook::{MONTH, MULTIPLES, after},
    quantity,
    readiness::{answers::day, bottleneck::Need},
    snapshot::Unit,
};

/// Traffic as the plan states it.
pub(super) fn traffic(bench: &Bench) -> Vec<TrafficLine> {
    let one = |row: &Row| TrafficLine {
        metric: row.text("metric").unwrap_or_default(),
        now: row.text("now_text"),
        peak: row.text("peak_text"),
        target: row.text("target_text"),
        by: row.text("by"),
    };
    rows(bench, "plan.traffic").iter().map(one).collect()
}

/// The growth that the plan states, that the need has, or that the plan's targets imply; the first that there is.
pub(super) fn growth(bench: &Bench, need: Option<&Need>) -> Option<Growth> {
    let of_plan = plan(bench).number("growth").map(|monthly| (monthly, "the plan's growth a month".to_owned()));
    let of_need = || need.and_then(|need| Some((need.growth?, need.origin.clone())));
    let (monthly, origin) = of_plan.or_else(of_need).or_else(|| implied(bench))?;
    let reached = MULTIPLES.iter().filter_map(|multiple| reached(bench, monthly, *multiple)).collect();
    Some(Growth { monthly, origin, reached })
}

/// (target / now)^(1 / months) - 1 of the first measure of traffic that has a target and a day.
fn implied(bench: &Bench) -> Option<(f64, String)> {
    rows(bench, "plan.traffic").iter().find_map(|row| {
        let (now, target, days) = (row.number("now")?, row.number("target")?, row.number("by_days")?);
        let monthly = growth::implied_monthly(now, target, days / MONTH).ok()?;
        let metric = row.text("metric").unwrap_or_default();
        Some((monthly, format!("implied by the plan's target of {metric}")))
    })
}

/// When a multiple is there.
pub(super) fn reached(bench: &Bench, monthly: f64, multiple: f64) -> Option<Reached> {
    let months = growth::months_to(multiple, monthly).ok()?;
    Some(Reached { multiple, months, on: after(day(bench.snapshot().finished_at), months) })
}

/// What a factor is, and who says so.
type Factor = (f64, String);

/// Peak x growth x safety for every measure of traffic whose peak can be told.
pub(super) fn required(bench: &Bench, need: Option<&Need>, growth: Option<&Growth>) -> Vec<Required> {
    let plan = plan(bench);
    let safety = plan.number("safety").map(|safety| (safety, "the plan's safety factor".to_owned()));
    let safety = safety.unwrap_or((demand::SAFETY, "the usual safety factor; the plan has none".to_owned()));
    let one = |row: &Row| {
        let rate = row.text("now_measure").or_else(|| row.text("peak_measure")).as_deref() == Some("rate");
        let (peak, grows) = (peak(row, &plan)?, grows(row, &plan, need, growth)?);
        let capacity = demand::required(peak.0, grows.0, safety.0).ok()?;
        let per = if rate { "/s" } else { "" };
        Some(Required {
            metric: row.text("metric").unwrap_or_default(),
            capacity,
            rate,
            ground: format!(
                "{}{per} ({}) x {} ({}) x {} ({})",
                count(peak.0),
                peak.1,
                count(grows.0),
                grows.1,
                count(safety.0),
                safety.1
            ),
            test_rate: rate.then(|| demand::test_rate(peak.0 * grows.0).ok()).flatten(),
        })
    };
    rows(bench, "plan.traffic").iter().filter_map(one).collect()
}

fn count(number: f64) -> String {
    quantity::show((number * 100.0).round() / 100.0, Unit::Count)
}

fn peak(row: &Row, plan: &Row) -> Option<Factor> {
    let stated = row.number("peak").map(|peak| (peak, "the plan's peak".to_owned()));
    stated.or_else(|| match (row.number("now")?, plan.number("peak_factor")) {
        (now, Some(factor)) => Some((now * factor, format!("today times the plan's peak factor of {factor}"))),
        (now, None) => Some((now, "today; the plan states no peak".to_owned())),
    })
}

fn grows(row: &Row, plan: &Row, need: Option<&Need>, growth: Option<&Growth>) -> Option<Factor> {
    let target = row.number("now").zip(row.number("target")).filter(|(now, _)| *now > 0.0);
    let of_target = target.map(|(now, target)| (target / now, "the plan's target by today".to_owned()));
    let of_need = || need.and_then(|need| Some((need.multiple?, need.origin.clone())));
    let of_months = || {
        let (growth, months) = (growth?, plan.number("months")?);
        let multiple = growth::multiple_after(growth.monthly, months).ok()?;
        Some((multiple, format!("the plan's growth over {months} months")))
    };
    of_target.or_else(of_need).or_else(of_months)
}
