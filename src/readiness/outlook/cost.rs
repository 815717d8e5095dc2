//! The cost curve of the plan, what today's volume costs, and what the exponent means.

use super::{
    model::{CostAt, CostCurve, CostItem, CostNow, CostPoint},
    read::{Row, plan, rows},
};
use crate::{
    capacity::cost::{Curves, Shape, per_unit, per_unit_of_daily},
    check::evaluate::Bench,
};

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// How many of them a unit cost is of: of things that stand, such as users, and of things that happen.
const UNITS: (f64, f64) = (1_000.0, 1_000_000.0);

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

/// A month's cost of a thousand that stand, or of a million that happen.
fn each(cost: f64, amount: f64, rate: bool) -> Option<f64> {
    let each = if rate {
        per_unit_of_daily(cost, amount * DAY, UNITS.1)
    } else {
        per_unit(cost, amount).map(|each| each * UNITS.0)
    };
    each.ok()
}

fn curve(bench: &Bench, metric: String, rate: bool, points: &[Point]) -> CostCurve {
    let pairs: Vec<(f64, f64)> = points.iter().map(|p| (p.amount, p.cost)).collect();
    let fitted = Curves::fit(&pairs);
    let shown = points.iter().filter_map(|p| {
        let each = each(p.cost, p.amount, rate)?;
        Some(CostPoint { volume: p.volume.clone(), amount: p.amount, cost: p.cost, each })
    });
    CostCurve {
        unit: if rate { format!("1 million {metric}") } else { format!("1,000 {metric}") },
        points: shown.collect(),
        exponent: fitted.as_ref().ok().map(|curves| curves.power.exponent),
        r2: fitted.as_ref().ok().map(|curves| curves.power.r2),
        reading: match &fitted {
            Ok(curves) => reading(curves, pairs.len()),
            Err(error) => format!("no curve: {error}"),
        },
        now: now(bench, &metric, rate, &pairs),
        metric,
    }
}

/// What the exponent means.
fn reading(curves: &Curves, points: usize) -> String {
    let exponent = curves.power.exponent;
    let twice = format!("twice the volume costs {:.2} times as much", 2_f64.powf(exponent));
    let words = match (curves.shape(), exponent) {
        (Shape::Proportional, _) => "each unit costs the same, there is no economy of scale".to_owned(),
        (Shape::Affine, _) => format!("a fixed part and the same cost for each further unit; {twice}"),
        (Shape::Curved, e) if e < 1.0 => format!("units get cheaper with volume; {twice}"),
        (Shape::Curved, _) => format!("units get dearer with volume; {twice}"),
    };
    if points < 3 { format!("{words}; two points lie on any curve, so take it as a guess") } else { words }
}

/// Today's volume on the curve: the plan's traffic of that metric, or its users.
fn now(bench: &Bench, metric: &str, rate: bool, pairs: &[(f64, f64)]) -> Option<CostNow> {
    let traffic = rows(bench, "plan.traffic");
    let row = traffic.iter().find(|row| row.text("metric").as_deref() == Some(metric));
    let of_traffic = row.and_then(|row| Some((row.number("now")?, row.text("now_text")?)));
    let of_users = || {
        let plan = plan(bench);
        Some((plan.number("users")?, plan.text("users_text")?)).filter(|_| metric.contains("user"))
    };
    let (amount, volume) = of_traffic.or_else(of_users)?;
    let cost = at(pairs, amount)?;
    Some(CostNow { volume, amount, each: each(f64::midpoint(cost.low, cost.high), amount, rate)?, cost })
}

/// The cost of a volume: on the line between its neighbours, or outside of them by both curves.
fn at(pairs: &[(f64, f64)], amount: f64) -> Option<CostAt> {
    if let Some((_, cost)) = pairs.iter().find(|(volume, _)| volume.total_cmp(&amount).is_eq()) {
        return Some(CostAt { low: *cost, high: *cost, ground: "a point of the plan's cost curve".into() });
    }
    let estimate = Curves::fit(pairs).ok()?.at(pairs, amount).ok()?;
    let between = estimate.interpolated.map(|cost| CostAt {
        low: cost,
        high: cost,
        ground: "between its neighbours on the plan's cost curve".into(),
    });
    between.or(Some(CostAt {
        low: estimate.low.max(0.0),
        high: estimate.high,
        ground: "beyond the plan's cost curve, by a line and by a power of it: an estimate".into(),
    }))
}

/// The cost of a multiple of today's volume.
pub(super) fn of_multiple(curve: &CostCurve, multiple: f64) -> Option<CostAt> {
    let pairs: Vec<(f64, f64)> = curve.points.iter().map(|p| (p.amount, p.cost)).collect();
    at(&pairs, curve.now.as_ref()?.amount * multiple)
}
