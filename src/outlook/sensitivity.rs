//! Which guess matters most: growth, the height of the peak, what an instance carries.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    case::Case,
    cost::curves,
    factor::Wanted,
    fleet::{Fleet, fleets},
    line::Measure,
    say,
};
use crate::capacity::{
    self,
    growth::{months_to, multiple_after},
    number::real,
    replicas::with_spare,
    uncertainty::{Firmness, SWING, sensitivity},
};

/// What an input does to a result when it alone is 20 % less and 20 % more.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Sensitivity {
    /// The result.
    pub result: String,
    /// What it counts.
    pub unit: Measure,
    /// As it is.
    pub value: f64,
    /// As it is, for a person.
    pub text: String,
    /// The inputs, the one that moves it most first.
    pub inputs: Vec<Moved>,
    /// The inputs that move it most, more than one where they move it alike; empty where none does.
    pub dominant: Vec<String>,
}

/// One input moved.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Moved {
    /// The input.
    pub input: String,
    /// The result with 20 % less of it.
    pub with_less: f64,
    /// The result with 20 % more of it.
    pub with_more: f64,
    /// Both, for a person.
    pub text: String,
}

/// Two inputs whose swings differ by no more than this share move a result alike.
const ALIKE: f64 = 0.01;

/// How far ahead a cost is looked at where neither plan nor flags say it.
const MONTHS: f64 = 12.0;

/// The day when the machines are full, and what it costs ahead; each where its inputs are known.
pub(super) fn all(case: &Case) -> Vec<Sensitivity> {
    let fleets = fleets(case);
    let full = fleets.iter().find_map(|fleet| full(case, fleet).ok());
    let cost = fleets.iter().find_map(|fleet| machines(case, fleet).ok()).or_else(|| curve(case));
    full.into_iter().chain(cost).collect()
}

fn full(case: &Case, fleet: &Fleet) -> Result<Sensitivity, String> {
    let inputs = guesses(case, fleet)?;
    let room = fleet.most()?.value * fleet.ceiling.value;
    let formula = |v: &[f64]| match room * v[2] / v[1] {
        ratio if ratio <= 1.0 => Ok(0.0),
        ratio => months_to(ratio, v[0]),
    };
    let when = |months: f64| say::after(case.from(), months).map_or_else(|| "never".to_owned(), |day| day.to_string());
    moved(format!("{} is full", fleet.name), Measure::Months, &inputs, formula, when).ok_or_else(String::new)
}

fn machines(case: &Case, fleet: &Fleet) -> Result<Sensitivity, String> {
    let (inputs, months) = (guesses(case, fleet)?, ahead(case));
    let cost = fleet.cost.clone().ok_or_else(|| format!("`cost` of {}", fleet.name))?.value;
    let ceiling = fleet.ceiling.value;
    let formula = |v: &[f64]| Ok(real(with_spare(v[1] * multiple_after(v[0], months)?, v[2], ceiling)?) * cost);
    let currency = case.currency();
    let money = |value: f64| say::show(value, Measure::Money, &currency, Firmness::Firm);
    let result = format!("cost of {} in {months} months", fleet.name);
    moved(result, Measure::Money, &inputs, formula, money).ok_or_else(String::new)
}

/// Without the cost of a machine only growth moves the bill.
fn curve(case: &Case) -> Option<Sensitivity> {
    let (months, currency) = (ahead(case), case.currency());
    let (curve, now) = curves(case).into_iter().find_map(|curve| {
        let now = case.traffic().into_iter().find(|traffic| traffic.metric == curve.metric)?;
        Some((curve, Case::load(&now).ok()?))
    })?;
    let inputs = [("growth", case.monthly().ok()?.value)];
    let formula = |v: &[f64]| Ok(curve.at(now.value * multiple_after(v[0], months)?)?.value);
    let money = |value: f64| say::show(value, Measure::Money, &currency, Firmness::Firm);
    moved(format!("cost of {} in {months} months", curve.metric), Measure::Money, &inputs, formula, money)
}

fn ahead(case: &Case) -> f64 {
    case.months().map_or(MONTHS, |months| months.value)
}

fn guesses(case: &Case, fleet: &Fleet) -> Result<[(&'static str, f64); 3], String> {
    let value = |wanted: Wanted| wanted.map(|factor| factor.value);
    let peak = value(fleet.peak.clone())?;
    Ok([("growth", value(case.monthly())?), ("peak factor", peak), ("capacity of one", value(fleet.each.clone())?)])
}

fn moved(
    result: String,
    unit: Measure,
    inputs: &[(&str, f64)],
    formula: impl Fn(&[f64]) -> capacity::Result<f64>,
    show: impl Fn(f64) -> String,
) -> Option<Sensitivity> {
    let values: Vec<f64> = inputs.iter().map(|(_, value)| *value).collect();
    let value = formula(&values).ok()?;
    let influences = sensitivity(inputs, SWING, formula).ok()?;
    let most = influences.first().map_or(0.0, capacity::uncertainty::Influence::swing);
    let leads = |influence: &&capacity::uncertainty::Influence| most > 0.0 && influence.swing() >= most * (1.0 - ALIKE);
    let dominant = influences.iter().filter(leads).map(|influence| influence.input.clone()).collect();
    let one = |influence: &capacity::uncertainty::Influence| Moved {
        input: influence.input.clone(),
        with_less: influence.with_less,
        with_more: influence.with_more,
        text: format!("{} to {}", show(influence.with_less), show(influence.with_more)),
    };
    Some(Sensitivity { result, unit, value, text: show(value), inputs: influences.iter().map(one).collect(), dominant })
}
