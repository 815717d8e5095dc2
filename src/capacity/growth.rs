//! Compound growth per month.

use super::Result;
use super::error::{at_least, finite, positive};

/// Months until a load is so many times itself: ln k / ln(1 + g).
pub fn months_to(times: f64, monthly: f64) -> Result<f64> {
    let times = at_least("the multiple", times, 1.0)?;
    finite("the time", times.ln() / positive("the monthly growth", monthly)?.ln_1p())
}

/// The monthly growth that leads from one load to another: (target / now)^(1 / months) - 1. Negative where it shrinks.
pub fn implied_monthly(now: f64, target: f64, months: f64) -> Result<f64> {
    let ratio = positive("the load at the end", target)? / positive("the load at the start", now)?;
    finite("the growth", (ratio.ln() / positive("the number of months", months)?).exp_m1())
}

/// How many times itself a load is after so many months: (1 + g)^months.
pub fn multiple_after(monthly: f64, months: f64) -> Result<f64> {
    let growth = super::error::not_negative("the monthly growth", monthly)?;
    finite("the multiple", (1.0 + growth).powf(super::error::not_negative("the number of months", months)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: f64, expected: f64, within: f64) {
        assert!((value - expected).abs() <= within, "{value} is not {expected}");
    }

    #[test]
    fn months_to_a_multiple() {
        for (times, months) in [(2.0, 2.642), (10.0, 8.776), (100.0, 17.553)] {
            near(months_to(times, 0.3).unwrap(), months, 5e-4);
            near(multiple_after(0.3, months_to(times, 0.3).unwrap()).unwrap(), times, 1e-9);
        }
        assert_eq!(months_to(1.0, 0.3), Ok(0.0));
        assert!(months_to(2.0, 0.0).is_err() && months_to(0.5, 0.3).is_err());
        assert!(months_to(2.0, 1e-320).is_err(), "no infinity for growth next to nothing");
    }

    #[test]
    fn the_growth_that_a_target_implies() {
        near(implied_monthly(500.0, 25_000.0, 12.0).unwrap(), 0.3854, 5e-5);
        near(implied_monthly(20.0, 800.0, 12.0).unwrap(), 0.3599, 5e-5);
        assert!(implied_monthly(800.0, 400.0, 12.0).unwrap() < 0.0);
        assert!(implied_monthly(0.0, 1.0, 12.0).is_err() && implied_monthly(1.0, 2.0, 0.0).is_err());
    }
}
