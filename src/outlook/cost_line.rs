//! What it costs: now, at the target, in a year, and each thousand more.

use super::{
    case::{Case, stated},
    cost::{Curve, Place, curves},
    factor::{Factor, Wanted},
    fleet::fleets,
    line::{Figure, Group, Line, Measure, What},
};
use crate::capacity::{cost::itemised, error::positive, growth::multiple_after, number::real, replicas::with_spare};

/// How far ahead a cost is forecast where neither plan nor flags say it.
const MONTHS: f64 = 12.0;

fn what<'a>(name: &'static str, subject: &'a str, currency: &'a str, formula: &'static str) -> What<'a> {
    What { group: Group::Cost, name, subject, unit: Measure::Money, formula, like: currency }
}

pub(super) fn lines(case: &Case) -> Vec<Line> {
    let (currency, curves) = (case.currency(), curves(case));
    let mut all: Vec<_> = curves.iter().flat_map(|curve| of(case, curve, &currency)).collect();
    if curves.is_empty() {
        let need = "`[[costs]]` in the plan: `metric`, `volume` and `cost` of two volumes or more".to_owned();
        all.push(what("cost-now", "", &currency, "the cost curve at today's volume").needs(vec![need]));
    }
    all.extend(machines(case, &currency));
    all.extend(items(case, &currency));
    all
}

fn of(case: &Case, curve: &Curve, currency: &str) -> Vec<Line> {
    let (now, aim) = volumes(case, curve);
    let unit = format!("{currency} / {}", curve.unit());
    let unit = unit.trim_start_matches([' ', '/']).to_owned();
    let of = |name, formula| what(name, &curve.metric, currency, formula);
    let each = |name, formula| what(name, &curve.metric, &unit, formula);
    let priced = |what: What, volume: &Wanted, unit: bool| priced(what, curve, volume, unit);
    let mut all = vec![
        priced(of("cost-now", "the cost curve at today's volume"), &now, false),
        priced(of("cost-target", "the cost curve at the target"), &aim, false),
        forecast(case, curve, &now, currency),
        priced(each("cost-per-thousand", "cost / volume, today"), &now, true),
        priced(each("cost-per-thousand-target", "cost / volume, at the target"), &aim, true),
    ];
    if let (Ok(curves), Some(marginal)) = (&curve.fitted, curve.marginal()) {
        let marginals = curve.points.windows(2).map(|pair| (pair[1].1 - pair[0].1) / (pair[1].0 - pair[0].0));
        let scale = marginal / curves.affine.marginal;
        let (low, high) =
            marginals.fold((marginal, marginal), |(low, high), each| (low.min(each * scale), high.max(each * scale)));
        all.push(each("cost-marginal-per-thousand", "the slope of the line through the cost curve").ranged(
            marginal,
            low,
            high,
            &[],
        ));
        let exponent = curves.power.exponent;
        let what =
            What { unit: Measure::Number, ..of("cost-exponent", "cost = a x volume ^ exponent, by least squares") };
        let line = what.ranged(exponent, exponent, exponent, &[]);
        all.push(line.note(|_| Some(format!("R2 {:.3}: {}", curves.power.r2, curve.reading()))));
    }
    all.extend(budget(case, curve, &aim));
    all
}

/// Today's volume on the curve and the one that is aimed at: of the traffic of that metric, or the plan's users.
fn volumes(case: &Case, curve: &Curve) -> (Wanted, Wanted) {
    if let Some(traffic) = case.traffic().into_iter().find(|traffic| traffic.metric == curve.metric) {
        return (Case::load(&traffic), case.aim(&traffic));
    }
    let need = || format!("`now` of {} in the plan's traffic", curve.metric);
    let users = case.plan("users").filter(|_| curve.metric.contains("user")).ok_or_else(need);
    let multiple = case.main().and_then(|main| case.multiple(&main));
    let aim = users.clone().and_then(|users| Ok(users.times(&multiple?)));
    (users, aim)
}

/// The cost of a volume, or of a unit of it: the range is that of the readings of the curve.
fn priced(what: What, curve: &Curve, volume: &Wanted, unit: bool) -> Line {
    let volume = match volume {
        Ok(volume) => volume,
        Err(need) => return what.needs(vec![need.clone()]),
    };
    let cost = match curve.at(volume.value) {
        Ok(cost) => cost,
        Err(error) => return what.needs(vec![format!("more of `[[costs]]` in the plan: {error}")]),
    };
    // Dividing by a positive volume cannot fail where the curve had a cost for it.
    let scale = if unit { curve.each(1.0, volume.value).unwrap_or(1.0) } else { 1.0 };
    let line = what.ranged(cost.value * scale, cost.low * scale, cost.high * scale, &[volume]);
    line.note(|figure| beyond(curve, cost.place, figure))
}

fn beyond(curve: &Curve, place: Place, figure: &Figure) -> Option<String> {
    let (low, high) = figure.low.zip(figure.high)?;
    let range = (low < high).then(|| format!("{} to {}", short(low), short(high)));
    let outside = (place == Place::Beyond)
        .then(|| format!("outside of the {} points of the curve: an estimate", curve.points.len()));
    let words: Vec<_> = range.into_iter().chain(outside).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

fn short(value: f64) -> String {
    crate::capacity::uncertainty::significant(value, 3)
}

/// The cost so many months ahead: the curve at today's volume after that growth, with the range of both.
fn forecast(case: &Case, curve: &Curve, now: &Wanted, currency: &str) -> Line {
    let months = case.months();
    let ahead = months.as_ref().map_or(MONTHS, |months| months.value);
    let formula = "the cost curve at today x (1 + growth) ^ months";
    let subject = format!("{} in {ahead} months", curve.metric);
    let what = what("cost-forecast", &subject, currency, formula);
    let months = months.unwrap_or_else(|| Factor::exact("months", MONTHS, "12", super::Origin::Assumed, "a year"));
    let found = now.clone().and_then(|now| Ok((now, case.monthly()?)));
    let (now, monthly) = match found {
        Ok(found) => found,
        Err(need) => return what.needs(vec![need]),
    };
    let cost = |growth: f64| curve.at(now.value * multiple_after(growth, ahead)?);
    match cost(monthly.value).and_then(|cost_at| Ok((cost_at, cost(monthly.low)?, cost(monthly.high)?))) {
        Ok((middle, low, high)) => {
            let line = what.ranged(middle.value, low.low, high.high, &[&now, &monthly, &months]);
            line.note(|figure| beyond(curve, high.place, figure))
        }
        Err(error) => what.needs(vec![format!("more of `[[costs]]` in the plan: {error}")]),
    }
}

/// The target's cost against what it may cost.
fn budget(case: &Case, curve: &Curve, aim: &Wanted) -> Option<Line> {
    let budget = case.plan("budget")?;
    let aim = aim.as_ref().ok()?;
    let cost = curve.at(aim.value).ok()?;
    let what = What { unit: Measure::Share, ..what("budget-used", &curve.metric, "", "cost at the target / budget") };
    let part = |cost: f64| cost / budget.value;
    (budget.value > 0.0).then(|| what.ranged(part(cost.value), part(cost.low), part(cost.high), &[aim, &budget]))
}

/// What the machines cost at the multiple, where the plan says what one costs.
fn machines(case: &Case, currency: &str) -> Vec<Line> {
    let multiple = case.main().and_then(|main| case.multiple(&main));
    let one = |fleet: super::fleet::Fleet| {
        let (formula, cost) = ("instances at the target x cost of one", fleet.cost.clone()?);
        let wanted = [fleet.peak.clone(), multiple.clone(), fleet.each.clone(), Ok(fleet.ceiling.clone()), Ok(cost)];
        let count = |v: &[f64]| Ok(real(with_spare(v[0] * v[1], v[2], v[3])?) * positive("the cost of one", v[4])?);
        Some(what("cost-instances", &fleet.name, currency, formula).made(&wanted, count))
    };
    fleets(case).into_iter().filter_map(one).collect()
}

/// The sum of the bill's items.
fn items(case: &Case, currency: &str) -> Option<Line> {
    let rows = case.rows("plan.cost-items");
    let bounds = |row: &crate::check::derivation::row::Row| {
        let (low, high) = (row.number("low"), row.number("high"));
        Some((low.or(high)?, high.or(low)?))
    };
    let items: Vec<_> = rows.iter().filter_map(bounds).collect();
    let (low, high) = itemised(&items).ok()?;
    let given = rows.iter().flat_map(|row| {
        let place = format!("cost_items {}", row.text("name"));
        [stated(*row, "low", "at least", &place), stated(*row, "high", "at most", &place)]
    });
    let given: Vec<Factor> = given.flatten().collect();
    let what = what("cost-items", "", currency, "the sum of the items, at least and at most");
    let line = what.ranged(f64::midpoint(low, high), low, high, &given.iter().collect::<Vec<_>>());
    Some(line.note(|_| Some(format!("{} to {}", short(low), short(high)))))
}
