//! The time left until a threshold, with its uncertainty.

use super::trend::{Trend, thinned};
use crate::capacity::error::finite;
use crate::capacity::number::quantile;
use crate::capacity::rng::Rng;
use crate::capacity::{CapacityError, Result};

/// How often the days are drawn again.
pub const RUNS: usize = 200;

/// Drawing again is done over this many days at most, to stay quick.
const MOST_DAYS: usize = 120;

/// P90 over P10 above which a date is no date.
const TOO_UNCERTAIN: f64 = 4.0;

/// Days left until a threshold is reached; none stands for never, as far as the days tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Left {
    /// One of ten futures is earlier.
    pub p10: Option<f64>,
    /// By the trend itself.
    pub middle: Option<f64>,
    /// One of ten futures is later.
    pub p90: Option<f64>,
}

impl Left {
    /// Whether P10 and P90 are near enough to speak of a date: no more than a factor of 4 apart.
    pub fn is_certain(&self) -> bool {
        match (self.p10, self.p90) {
            (Some(low), Some(high)) => high <= TOO_UNCERTAIN * low,
            // Never in all futures is certain, too.
            (None, None) => true,
            _ => false,
        }
    }
}

/// The days from the last point to a threshold. The interval comes from residuals drawn again; days that resemble
/// their neighbours make it narrower than it should be.
pub(super) fn until(trend: &Trend, days: &[(f64, f64)], threshold: f64, seed: u64) -> Result<Left> {
    let kind = trend.kind;
    if !kind.scale(finite("the threshold", threshold)?).is_finite() {
        return Err(CapacityError::new(format!("the threshold is {threshold}"), "a number above 0"));
    }
    let now = days.last().map_or(0.0, |(day, _)| *day);
    let left = |trend: &Trend| {
        if trend.scaled(now) >= kind.scale(threshold) {
            Some(0.0)
        } else {
            trend.reaches(threshold).map(|day| day - now)
        }
    };
    let chosen = thinned(days, MOST_DAYS);
    let residuals: Vec<f64> = chosen.iter().map(|(day, value)| kind.scale(*value) - trend.scaled(*day)).collect();
    let mut rng = Rng::new(seed);
    let mut futures = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let drawn: Vec<(f64, f64)> = chosen
            .iter()
            .map(|(day, _)| (*day, kind.back(trend.scaled(*day) + rng.pick(&residuals).unwrap_or(0.0))))
            .collect();
        futures.push(left(&kind.fit(&drawn)?).unwrap_or(f64::INFINITY));
    }
    let mut at = |share: f64| quantile(&mut futures, share).filter(|days| days.is_finite());
    Ok(Left { p10: at(0.1), middle: left(trend), p90: at(0.9) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capacity::forecast::theil_sen;
    use crate::capacity::rng::SEED;

    fn noisy(slope: f64, noise: f64) -> Vec<(f64, f64)> {
        let mut rng = Rng::new(7);
        (0..60).map(|t| (f64::from(t), 50.0 + slope * f64::from(t) + noise * rng.normal())).collect()
    }

    fn left(days: &[(f64, f64)], threshold: f64) -> Left {
        until(&theil_sen(days).unwrap(), days, threshold, SEED).unwrap()
    }

    #[test]
    fn noise_widens_the_interval() {
        let little = left(&noisy(0.5, 0.5), 100.0);
        let (low, middle, high) = (little.p10.unwrap(), little.middle.unwrap(), little.p90.unwrap());
        assert!(low < middle && middle < high && little.is_certain(), "{little:?}");
        let much = left(&noisy(0.5, 5.0), 100.0);
        assert!(much.p90.unwrap() - much.p10.unwrap() > 3.0 * (high - low), "{much:?}");
        assert_eq!(little, left(&noisy(0.5, 0.5), 100.0), "the same seed gives the same interval");
    }

    #[test]
    fn a_date_that_could_be_any_is_too_uncertain() {
        let any = left(&noisy(0.02, 10.0), 100.0);
        assert!(!any.is_certain(), "{any:?}");
    }

    #[test]
    fn reached_already_and_never_are_answers() {
        let done = left(&noisy(0.5, 0.1), 60.0);
        assert_eq!((done.p10, done.p90), (Some(0.0), Some(0.0)));
        let never = left(&noisy(-1.0, 0.1), 100.0);
        assert_eq!((never.p10, never.middle, never.p90), (None, None, None));
        assert!(never.is_certain());
        let days = noisy(0.5, 0.1);
        assert!(until(&theil_sen(&days).unwrap(), &days, f64::NAN, SEED).is_err());
    }
}
