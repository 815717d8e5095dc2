//! `capacity cost`.

use super::read::{self, Written};
use super::sheet::{Measure, Sheet};
use crate::capacity::cost::{self, Curves, Shape};
use crate::capacity::uncertainty::significant;
use crate::capacity::{CapacityError, error};

#[derive(Debug, clap::Args)]
pub(super) struct CostArgs {
    /// A volume and what it costs; two or more, such as 1000:400
    #[arg(long, value_name = "VOLUME:COST", value_parser = read::point, required = true)]
    point: Vec<(f64, f64)>,
    /// A volume to forecast
    #[arg(long, value_name = "VOLUME", value_parser = read::number)]
    at: Vec<Written>,
    /// The currency of the costs; nothing is converted
    #[arg(long, value_name = "WORD", default_value = "", hide_default_value = true)]
    currency: String,
    /// What a unit earns, for the volume from which it pays
    #[arg(long, value_name = "PRICE", value_parser = read::number)]
    price: Option<Written>,
}

pub(super) fn sheet(args: &CostArgs) -> Result<Sheet, CapacityError> {
    let mut points = args.point.clone();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    error::points("points", &points, 2)?;
    let mut sheet = Sheet::new(
        "What a volume costs",
        "proportional: c x volume; affine: fixed + marginal x volume; power: a x volume ^ exponent; each by least \
         squares (power: of the logarithms)",
        "least squares; R2 is the share of the variance that a curve explains",
    );
    let money = Measure::In(args.currency.clone());
    let per_thousand = Measure::In(format!("{} per 1000", args.currency).trim_start().to_owned());
    for (volume, cost) in &points {
        let name = format!("volume {}", significant(*volume, 17));
        let text = format!("{} {}", significant(*cost, 17), args.currency);
        sheet.given(&name, *cost, &args.currency, text.trim_end());
    }
    for (volume, cost) in &points {
        let each = cost::per_unit(*cost, *volume)? * 1000.0;
        sheet.result(format!("average at {}", significant(*volume, 17)), each, &per_thousand);
    }
    for (pair, each) in points.windows(2).zip(cost::marginals(&points)?) {
        let name = format!("marginal {} to {}", significant(pair[0].0, 17), significant(pair[1].0, 17));
        sheet.result(name, each * 1000.0, &per_thousand);
    }
    let curves = Curves::fit(&points)?;
    describe(&mut sheet, &curves, &money, &per_thousand, points.len());
    for at in &args.at {
        sheet.given(&format!("forecast at {}", at.text), at.value, "", significant(at.value, 17));
        forecast(&mut sheet, &curves, &points, at, &money)?;
    }
    if let Some(price) = &args.price {
        sheet.given("price", price.value, &args.currency, price.text.as_str());
        let volume = cost::break_even(curves.affine.fixed.max(0.0), curves.affine.marginal.max(0.0), price.value)?;
        sheet.result("break-even volume", volume, &Measure::In("units".into()));
    }
    Ok(sheet)
}

fn describe(sheet: &mut Sheet, curves: &Curves, money: &Measure, per_thousand: &Measure, points: usize) {
    let plain = Measure::In(String::new());
    sheet.result("affine fixed part", curves.affine.fixed, money);
    sheet.result("affine marginal", curves.affine.marginal * 1000.0, per_thousand);
    sheet.result("proportional", curves.proportional.each * 1000.0, per_thousand);
    sheet.result("exponent", curves.power.exponent, &plain);
    // An R2 differs from 1 in its last digits only.
    for (name, r2) in
        [("affine R2", curves.affine.r2), ("proportional R2", curves.proportional.r2), ("power R2", curves.power.r2)]
    {
        sheet.exact(name, r2, &plain, 4);
    }
    if points < 3 {
        sheet.note("Two points lie on any curve: R2 says nothing, and the forecast is a guess.");
        return;
    }
    sheet.note(match curves.shape() {
        Shape::Proportional => {
            "Costs are proportional: each unit costs the same, there is no economy of scale. A curve \
             this even may be a rule of thumb rather than data."
        }
        Shape::Affine => {
            "Costs are linear with a fixed part: the average falls with the volume, the \
             marginal cost stays."
        }
        Shape::Curved => "Costs are not linear: the exponent says how fast they grow, and a straight line misleads.",
    });
}

fn forecast(
    sheet: &mut Sheet,
    curves: &Curves,
    points: &[(f64, f64)],
    at: &Written,
    money: &Measure,
) -> Result<(), CapacityError> {
    let estimate = curves.at(points, at.value)?;
    sheet.maybe(format!("at {} between points", at.text), estimate.interpolated, money, "outside the points");
    sheet.result(format!("at {} affine", at.text), estimate.affine, money);
    sheet.result(format!("at {} power", at.text), estimate.power, money);
    if estimate.interpolated.is_none() {
        sheet.note(format!("{} lies outside the points: the forecast is an extrapolation.", at.text));
    }
    Ok(())
}
