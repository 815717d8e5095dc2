//! The cost curve, and whatever else says what something costs.

use super::{
    say,
    table::{COLUMNS, Compared, Quantity, Sections, compare, quantity},
};
use crate::{
    capacity::cost::{Curves, interpolate, per_unit_of_daily},
    check::{
        derivation::{Asked, Derivation, row::Row},
        relation::Relation,
    },
};

pub(in super::super) const COSTS: Derivation = Derivation {
    id: "plan.compared-costs",
    about: "The cost curve against scenarios, itself, the claim that it is linear and the cost per user",
    inputs: &["plan.summary", "plan.costs", "plan.scenarios", "plan.claims"],
    columns: COLUMNS,
    derive,
};

/// A point of the curve.
struct Point {
    name: String,
    metric: String,
    volume: Quantity,
    cost: Quantity,
    instances: Option<Quantity>,
}

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    compare(&COSTS, asked, |plan| {
        let mut points: Vec<_> = plan.rows("plan.costs").into_iter().filter_map(point).collect();
        points.sort_by(|one, other| one.volume.value.total_cmp(&other.volume.value));
        let mut all = Vec::new();
        for row in plan.rows("plan.scenarios") {
            all.extend(on_curve(&points, row));
            all.extend(per_instance(&points, row));
        }
        all.extend(twice(&points));
        all.extend(rising(&points));
        all.extend(linear(plan, &points));
        all.extend(per_user(plan, &points));
        all
    })
}

fn point(row: Row) -> Option<Point> {
    let (volume, cost) = (quantity(row, "volume")?, quantity(row, "cost")?);
    let instances = quantity(row, "instances");
    Some(Point { name: row.text("name"), metric: row.text("metric"), volume, cost, instances })
}

/// The points of the first curve over a rate: others may count something else.
fn curve(points: &[Point]) -> Vec<&Point> {
    let rates = || points.iter().filter(|point| point.volume.measure == "rate");
    let of = rates().next().map(|first| (&first.metric, &first.name));
    rates().filter(|point| of == Some((&point.metric, &point.name))).collect()
}

/// What a scenario is said to cost, against a straight line between its neighbours on the curve.
fn on_curve(points: &[Point], row: Row) -> Option<Compared> {
    let load = quantity(row, "peak").or_else(|| quantity(row, "load"))?;
    let cost = quantity(row, "cost")?;
    let points = curve(points);
    let same = |point: &&&Point| (point.volume.value / load.value - 1.0).abs() < 1e-6;
    let (due, ground) = if let Some(point) = points.iter().find(same) {
        (point.cost.value, format!("the cost table says {}", say::count(point.cost.value)))
    } else {
        let pairs: Vec<_> = points.iter().map(|point| (point.volume.value, point.cost.value)).collect();
        let due = interpolate(&pairs, load.value).ok()??;
        let upper = points.iter().position(|point| point.volume.value > load.value)?;
        let (lower, upper) = (points.get(upper.checked_sub(1)?)?, points.get(upper)?);
        let between = format!("{} and {}", lower.volume.text, upper.volume.text);
        (due, format!("between {between} the cost table comes to {}", say::count(due)))
    };
    let factor = say::times(cost.value, due);
    let how = format!(
        "{} is {} a month; for {} {ground}: {factor} times apart",
        cost.text,
        say::count(cost.value),
        load.text
    );
    Some(Compared::numbers("curve", row.text("name"), cost.value, due, how).texts(&cost.text, &load.text))
}

/// What an instance costs in a scenario, against the table.
fn per_instance(points: &[Point], row: Row) -> Option<Compared> {
    let (n, cost) = (quantity(row, "instances")?, quantity(row, "cost")?);
    let (at, of) = points.iter().find_map(|point| Some((point, point.instances.as_ref()?)))?;
    let (own, due) = (cost.value / n.value, at.cost.value / of.value);
    let how = format!(
        "{} / {} = {} an instance; the table has {} / {} = {} for {}",
        say::count(cost.value),
        n.text,
        say::count(own),
        say::count(at.cost.value),
        of.text,
        say::count(due),
        at.volume.text
    );
    Some(Compared::numbers("per-instance", row.text("name"), own, due, how).texts(&cost.text, &at.cost.text))
}

/// One volume with two costs, the nearest ends of ranges set against each other.
fn twice(points: &[Point]) -> Vec<Compared> {
    let mut all = Vec::new();
    for (at, one) in points.iter().enumerate() {
        let same = |other: &&Point| {
            let volume = (other.volume.value / one.volume.value - 1.0).abs() < 1e-6;
            volume && other.metric == one.metric && other.volume.measure == one.volume.measure
        };
        for other in points[at + 1..].iter().filter(same) {
            let (more, less) = if one.cost.value > other.cost.value { (one, other) } else { (other, one) };
            let (high, low) = (more.cost.low.max(less.cost.high), less.cost.high);
            let how = format!(
                "{} {}: {} in `{}`, {} in `{}`: {} times apart",
                one.volume.text,
                one.metric,
                less.cost.text,
                less.name,
                more.cost.text,
                more.name,
                say::times(high, low)
            );
            let found = Compared::numbers("twice", format!("cost of {}", one.volume.text), high, low, how);
            all.push(found.texts(&more.cost.text, &less.cost.text));
        }
    }
    all
}

/// More volume does not cost less.
fn rising(points: &[Point]) -> Vec<Compared> {
    let next = |(at, lower): (usize, &Point)| {
        let upper = points[at + 1..].iter().find(|point| {
            let more = point.volume.value > lower.volume.value * (1.0 + 1e-6);
            more && point.metric == lower.metric && point.name == lower.name
        })?;
        let how = format!(
            "{} costs {} and {} costs {}",
            lower.volume.text, lower.cost.text, upper.volume.text, upper.cost.text
        );
        let what = format!("cost of {}", upper.volume.text);
        let found = Compared::numbers("falling", what, lower.cost.low, upper.cost.high, how);
        Some(found.texts(&lower.cost.text, &upper.cost.text))
    };
    points.iter().enumerate().filter_map(next).collect()
}

/// The exponent of a curve that is called linear: 1 where cost is in proportion to volume.
fn linear(plan: &Sections, points: &[Point]) -> Vec<Compared> {
    if !plan.rows("plan.claims").iter().any(|row| row.text("name") == "linear-cost") {
        return Vec::new();
    }
    let of = |what: &str, curve: Vec<(f64, f64)>| {
        let (first, last) = (*curve.first()?, *curve.last()?);
        let power = Curves::fit(&curve).ok()?.power.exponent;
        let unit = |(volume, cost): (f64, f64)| per_unit_of_daily(cost, volume * 86_400.0, 1e6).ok();
        let how = format!(
            "volume grows {} times and cost {} times: exponent {}; a million costs {} at first and {} at last",
            say::figure(last.0 / first.0),
            say::figure(last.1 / first.1),
            say::figure(power),
            say::count(unit(first)?),
            say::count(unit(last)?)
        );
        Some(Compared::numbers("linear", what, power, 1.0, how).texts("linear", say::figure(power)))
    };
    let table = curve(points).into_iter().map(|point| (point.volume.value, point.cost.value)).collect();
    let read = |row: Row<'_>| Some((quantity(row, "load")?.value, quantity(row, "cost")?.value));
    let mut scenarios: Vec<_> = plan.rows("plan.scenarios").into_iter().filter_map(read).collect();
    scenarios.sort_by(|one, other| one.0.total_cmp(&other.0));
    [of("cost table", table), of("scenarios", scenarios)].into_iter().flatten().collect()
}

/// The cost per user that is aimed at, against the first and the last row about users.
fn per_user(plan: &Sections, points: &[Point]) -> Vec<Compared> {
    let Some(target) = plan.summary("cost_per_user") else {
        return Vec::new();
    };
    let users: Vec<_> = points.iter().filter(|point| matches!(point.metric.as_str(), "users" | "dau")).collect();
    let at = |rule: &'static str, point: &&Point| {
        let each = point.cost.value / point.volume.value;
        let how = format!(
            "at {} {} each costs {} ({} / {}), the target is {}",
            point.volume.text,
            point.metric,
            say::figure(each),
            point.cost.text,
            point.volume.text,
            target.text
        );
        Compared::numbers(rule, "cost per user", each, target.value, how).texts(&point.cost.text, &target.text)
    };
    let first = users.first().map(|point| at("met-at-first", point));
    first.into_iter().chain(users.last().map(|point| at("met-at-last", point))).collect()
}
