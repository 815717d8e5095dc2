//! Which trend, and whether there is enough to see one.

use super::left::{self, Left};
use super::shift::last_ramp;
use super::trend::{Kind, Trend};
use crate::capacity::error::{points, positive};
use crate::capacity::number::median;
use crate::capacity::{CapacityError, Result};

/// Fewer days than this show no trend.
pub const ENOUGH_DAYS: usize = 14;

/// A series reaches at most so many times its own length into the future.
const REACH: f64 = 3.0;

/// The last fifth of the points is held back to choose the trend that forecasts it best.
const HELD_BACK: usize = 5;

/// A trend of the days since the last level shift.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The trend that forecast the last fifth of the days best.
    pub trend: Trend,
    /// The days that it rests on.
    pub days: Vec<(f64, f64)>,
}

impl Forecast {
    /// Finds the trend of (day, value) points, to look so many days ahead.
    ///
    /// Needs 14 days or more after the last level shift, over a third of the horizon or more: with less there is
    /// nothing to see, and that is an error, not a guess.
    pub fn new(series: &[(f64, f64)], horizon: f64) -> Result<Self> {
        points("days", series, ENOUGH_DAYS)?;
        if let Some(pair) = series.windows(2).find(|pair| pair[1].0 <= pair[0].0) {
            return Err(CapacityError::new(format!("day {} follows day {}", pair[1].0, pair[0].0), "days in order"));
        }
        let days = last_ramp(series);
        if days.len() < ENOUGH_DAYS {
            let what = format!("{} days since the last level shift", days.len());
            return Err(CapacityError::new(what, format!("{ENOUGH_DAYS} or more")));
        }
        let span = days[days.len() - 1].0 - days[0].0;
        if span < positive("the horizon", horizon)? / REACH {
            let what = format!("{span} days to look {horizon} days ahead");
            return Err(CapacityError::new(what, "a third of the horizon or more"));
        }
        Ok(Self { trend: choose(days)?, days: days.to_vec() })
    }

    /// Days from the last point until a usable capacity is reached.
    pub fn left(&self, threshold: f64, seed: u64) -> Result<Left> {
        left::until(&self.trend, &self.days, threshold, seed)
    }
}

/// The kind with the smaller median error over the last fifth, fitted to all days.
fn choose(days: &[(f64, f64)]) -> Result<Trend> {
    let linear = Kind::Linear.fit(days)?;
    let (seen, held) = days.split_at(days.len() - (days.len() / HELD_BACK).max(1));
    let error = |kind: Kind| {
        let trend = kind.fit(seen).ok()?;
        let mut errors: Vec<f64> =
            held.iter().map(|(day, value)| (kind.back(trend.scaled(*day)) - value).abs()).collect();
        median(&mut errors)
    };
    let by_share = Kind::LogLinear.fit(days).ok();
    match (by_share, error(Kind::Linear), error(Kind::LogLinear)) {
        // The simpler one unless the other is clearly closer.
        (Some(by_share), Some(straight), Some(curved)) if curved < straight * 0.95 => Ok(by_share),
        _ => Ok(linear),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capacity::rng::SEED;

    fn days(count: u32, value: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
        (0..count).map(|t| (f64::from(t), value(f64::from(t)))).collect()
    }

    #[test]
    fn the_kind_that_forecasts_better_is_taken() {
        let straight = Forecast::new(&days(60, |t| 50.0 + t), 90.0).unwrap();
        assert_eq!(straight.trend.kind, Kind::Linear);
        let curved = Forecast::new(&days(60, |t| 10.0 * 1.05_f64.powf(t)), 90.0).unwrap();
        assert_eq!(curved.trend.kind, Kind::LogLinear);
    }

    #[test]
    fn too_little_to_see_is_an_error() {
        let few = Forecast::new(&days(13, |t| t), 10.0).unwrap_err();
        assert_eq!(few.to_string(), "too few days: 13; expected 14 or more");
        assert!(Forecast::new(&days(20, |t| t), 90.0).is_err(), "19 days do not reach 90 ahead");
        let cleaned = days(30, |t| if t < 20.0 { 5.0 * t } else { 5.0 * (t - 20.0) });
        let error = Forecast::new(&cleaned, 20.0).unwrap_err();
        assert!(error.what.contains("10 days since the last level shift"), "{error}");
        let mut mixed = days(20, |t| t);
        mixed.swap(3, 9);
        assert!(Forecast::new(&mixed, 20.0).is_err());
    }

    #[test]
    fn the_time_left_counts_from_the_last_day() {
        let forecast = Forecast::new(&days(30, |t| 50.0 + t), 60.0).unwrap();
        let left = forecast.left(100.0, SEED).unwrap();
        assert!((left.middle.unwrap() - 21.0).abs() < 1e-9 && left.is_certain(), "{left:?}");
    }
}
