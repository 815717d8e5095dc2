//! The cost curve of the plan, what today's volume costs, and what the exponent means.

use super::{
    model::{CostAt, CostCurve, CostItem, CostNow, CostPoint},
    read::{Row, plan, rows},
};
use crate::{
    check::evaluate::Bench,
    outlook::{Curve, Place},
};

/// A stated point.
struct Point {
    volume: String,
    amount: f64,
    cost: f64,
}

/// The items of the bill.
pub(super) fn items(bench: &Bench) -> Vec<CostItem> {
    let one = |row: &Row| CostItem {
        name: row.text("name").unwrap_or_default(),
        low: row.number("low"),
        high: row.number("high"),
    };
    rows(bench, "plan.cost-items").iter().map(one).collect()
}

/// The curves of all metrics, in order of first sight.
pub(super) fn curves(bench: &Bench) -> Vec<CostCurve> {
    let rows = rows(bench, "plan.costs");
    let metric = |row: &Row| row.text("metric").unwrap_or_else(|| "volume".to_owned());
    let mut metrics: Vec<(String, bool)> = Vec::new();
    for row in &rows {
        let key = (metric(row), is_rate(row));
        if !metrics.contains(&key) {
            metrics.push(key);
        }
    }
    let of = |(name, rate): (String, bool)| {
        let mut points: Vec<Point> =
            rows.iter().filter(|row| metric(row) == name && is_rate(row) == rate).filter_map(point).collect();
        points.sort_by(|a, b| a.amount.total_cmp(&b.amount));
        (!points.is_empty()).then(|| curve(bench, name, rate, &points))
    };
    metrics.into_iter().filter_map(of).collect()
}

fn is_rate(row: &Row) -> bool {
    row.text("volume_measure").as_deref() == Some("rate")
}

fn point(row: &Row) -> Option<Point> {
    let (amount, cost) = (row.number("volume")?, row.number("cost")?);
    Some(Point { volume: row.text("volume_text").unwrap_or_default(), amount, cost })
}

fn curve(bench: &Bench, metric: String, rate: bool, points: &[Point]) -> CostCurve {
    let curve = Curve::through(metric, rate, points.iter().map(|p| (p.amount, p.cost)).collect());
    let shown = points.iter().filter_map(|p| {
        let each = curve.each(p.cost, p.amount).ok()?;
        Some(CostPoint { volume: p.volume.clone(), amount: p.amount, cost: p.cost, each })
    });
    CostCurve {
        unit: curve.unit(),
        points: shown.collect(),
        exponent: curve.fitted.as_ref().ok().map(|curves| curves.power.exponent),
        r2: curve.fitted.as_ref().ok().map(|curves| curves.power.r2),
        reading: curve.reading(),
        now: now(bench, &curve),
        metric: curve.metric,
    }
}

/// Today's volume on the curve: the plan's traffic of that metric, or its users.
fn now(bench: &Bench, curve: &Curve) -> Option<CostNow> {
    let traffic = rows(bench, "plan.traffic");
    let row = traffic.iter().find(|row| row.text("metric").as_ref() == Some(&curve.metric));
    let of_traffic = row.and_then(|row| Some((row.number("now")?, row.text("now_text")?)));
    let of_users = || {
        let plan = plan(bench);
        Some((plan.number("users")?, plan.text("users_text")?)).filter(|_| curve.metric.contains("user"))
    };
    let (amount, volume) = of_traffic.or_else(of_users)?;
    let cost = at(curve, amount)?;
    let each = curve.each(f64::midpoint(cost.low, cost.high), amount).ok()?;
    Some(CostNow { volume, amount, each, cost })
}

/// The cost of a volume: on the line between its neighbours, or outside of them by both curves.
fn at(curve: &Curve, amount: f64) -> Option<CostAt> {
    let cost = curve.at(amount).ok()?;
    let (low, high, ground) = match cost.place {
        Place::Point => (cost.value, cost.value, "a point of the plan's cost curve"),
        Place::Between => (cost.value, cost.value, "between its neighbours on the plan's cost curve"),
        Place::Beyond => {
            (cost.low, cost.high, "beyond the plan's cost curve, by a line and by a power of it: an estimate")
        }
    };
    Some(CostAt { low, high, ground: ground.into() })
}

/// The cost of a multiple of today's volume.
pub(super) fn of_multiple(curve: &CostCurve, multiple: f64) -> Option<CostAt> {
    let points = curve.points.iter().map(|p| (p.amount, p.cost)).collect();
    // Whether it counts what happens or what stands changes unit costs, and none is asked here.
    at(&Curve::through(curve.metric.clone(), false, points), curve.now.as_ref()?.amount * multiple)
}
