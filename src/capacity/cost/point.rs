//! Costs straight from the points, without a curve.

use crate::capacity::error::{finite, not_negative, points, positive};
use crate::capacity::{CapacityError, Result};

/// Cost of one unit: cost / volume.
pub fn per_unit(cost: f64, volume: f64) -> Result<f64> {
    finite("the unit cost", not_negative("the cost", cost)? / positive("the volume", volume)?)
}

/// Cost of so many tasks (a million, say), from a monthly cost and a daily volume, over a month of 30 days.
pub fn per_unit_of_daily(monthly_cost: f64, daily_volume: f64, tasks: f64) -> Result<f64> {
    let month = positive("the daily volume", daily_volume)? * 30.0;
    finite("the unit cost", per_unit(monthly_cost, month)? * positive("the number of tasks", tasks)?)
}

/// What one more unit costs between neighbours, for (volume, cost) points in rising order.
pub fn marginals(curve: &[(f64, f64)]) -> Result<Vec<f64>> {
    rising(curve)?;
    curve
        .windows(2)
        .map(|pair| finite("the marginal cost", (pair[1].1 - pair[0].1) / (pair[1].0 - pair[0].0)))
        .collect()
}

/// Cost at a volume on the straight line between its neighbours; none outside the points.
pub fn interpolate(curve: &[(f64, f64)], volume: f64) -> Result<Option<f64>> {
    rising(curve)?;
    let volume = positive("the volume", volume)?;
    let between = curve.windows(2).find(|pair| (pair[0].0..=pair[1].0).contains(&volume));
    between
        .map(|pair| {
            let share = (volume - pair[0].0) / (pair[1].0 - pair[0].0);
            finite("the cost", pair[0].1 + share * (pair[1].1 - pair[0].1))
        })
        .transpose()
}

/// The volume from which a price per unit pays for a fixed part and the marginal cost: fixed / (price - marginal).
pub fn break_even(fixed: f64, marginal: f64, price: f64) -> Result<f64> {
    let margin = positive("the price", price)? - not_negative("the marginal cost", marginal)?;
    if margin <= 0.0 {
        let what = format!("the price of {price} is no more than the marginal cost of {marginal}");
        return Err(CapacityError::new(what, "a price above the marginal cost"));
    }
    finite("the break-even volume", not_negative("the fixed part", fixed)? / margin)
}

/// The sum of items that each cost from so much to so much.
pub fn itemised(items: &[(f64, f64)]) -> Result<(f64, f64)> {
    points("items", items, 1)?;
    if let Some((low, high)) = items.iter().find(|(low, high)| *low < 0.0 || high < low) {
        return Err(CapacityError::new(format!("an item costs {low} to {high}"), "0 or more, and no less at most"));
    }
    let low = finite("the sum", items.iter().map(|(low, _)| low).sum())?;
    Ok((low, finite("the sum", items.iter().map(|(_, high)| high).sum())?))
}

/// Two or more (volume, cost) points, all above zero, with rising volumes.
pub(super) fn rising(curve: &[(f64, f64)]) -> Result<()> {
    points("points", curve, 2)?;
    for (volume, cost) in curve {
        positive("a volume", *volume)?;
        positive("a cost", *cost)?;
    }
    match curve.windows(2).find(|pair| pair[1].0 <= pair[0].0) {
        Some(pair) => Err(CapacityError::new(format!("{} follows {}", pair[1].0, pair[0].0), "rising volumes")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAU: [(f64, f64); 3] = [(1000.0, 400.0), (10_000.0, 1200.0), (50_000.0, 4500.0)];

    #[test]
    fn cost_per_user() {
        for (users, cost, each) in [(50.0, 50.0, 1.0), (100.0, 75.0, 0.75), (500.0, 200.0, 0.4), (1000.0, 350.0, 0.35)]
        {
            assert_eq!(per_unit(cost, users), Ok(each));
        }
        for ((users, cost), each) in DAU.into_iter().zip([0.4, 0.12, 0.09]) {
            assert_eq!(per_unit(cost, users), Ok(each));
        }
        assert!(per_unit(1.0, 0.0).is_err());
    }

    #[test]
    fn cost_per_million_tasks() {
        let table = [
            (1e5, 2500.0, 833.33),
            (5e5, 6500.0, 433.33),
            (1e6, 12_000.0, 400.0),
            (5e6, 35_000.0, 233.33),
            (1e7, 65_000.0, 216.67),
        ];
        for (daily, monthly, each) in table {
            assert!((per_unit_of_daily(monthly, daily, 1e6).unwrap() - each).abs() < 5e-3);
        }
    }

    #[test]
    fn marginal_costs_and_what_lies_between() {
        let each: Vec<f64> = marginals(&DAU).unwrap().iter().map(|each| each * 1000.0).collect();
        assert!((each[0] - 88.89).abs() < 5e-3 && (each[1] - 82.5).abs() < 5e-3, "{each:?}");
        assert_eq!(interpolate(&DAU, 25_000.0), Ok(Some(2437.5)));
        assert_eq!(interpolate(&DAU, 60_000.0), Ok(None));
        assert!(marginals(&DAU[..1]).is_err() && marginals(&[(2.0, 1.0), (1.0, 2.0)]).is_err());
    }

    #[test]
    fn sums_and_break_even() {
        assert_eq!(itemised(&[(20.0, 50.0), (15.0, 30.0), (0.0, 10.0), (0.0, 20.0)]), Ok((35.0, 110.0)));
        assert!(itemised(&[]).is_err() && itemised(&[(5.0, 1.0)]).is_err());
        assert_eq!(break_even(339.0, 0.5, 1.0), Ok(678.0));
        assert!(break_even(339.0, 1.0, 1.0).is_err());
    }
}
