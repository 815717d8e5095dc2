//! Trends that a few outliers do not bend.

use crate::capacity::error::{finite, points};
use crate::capacity::number::median;
use crate::capacity::{CapacityError, Result};

/// Above so many points the slopes of all pairs are too many; evenly chosen ones stand for them.
const MOST_POINTS: usize = 500;

/// How a trend grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// By the same amount each day.
    Linear,
    /// By the same share each day.
    LogLinear,
}

/// A trend over days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// How it grows.
    pub kind: Kind,
    /// Its value on day 0; for a log-linear one the logarithm of it.
    pub intercept: f64,
    /// Its growth in a day; for a log-linear one that of the logarithm.
    pub slope: f64,
}

impl Trend {
    /// Its value on a day.
    pub fn at(&self, day: f64) -> Result<f64> {
        finite("the forecast", self.kind.back(self.scaled(day)))
    }

    /// Its value on a day, in the scale in which it is a line.
    pub(super) fn scaled(&self, day: f64) -> f64 {
        self.intercept + self.slope * day
    }

    /// The day on which it reaches a value; none where it never does.
    pub fn reaches(&self, threshold: f64) -> Option<f64> {
        let day = (self.kind.scale(threshold) - self.intercept) / self.slope;
        (self.slope > 0.0 && day.is_finite()).then_some(day)
    }

    /// The growth of a log-linear trend in 30 days, as a share; none of a linear one.
    pub fn monthly_growth(&self) -> Option<f64> {
        (self.kind == Kind::LogLinear).then(|| (self.slope * 30.0).exp_m1()).filter(|growth| growth.is_finite())
    }
}

impl Kind {
    /// Into the scale in which the trend is a line.
    pub(super) fn scale(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::LogLinear => value.ln(),
        }
    }

    pub(super) fn back(self, scaled: f64) -> f64 {
        match self {
            Self::Linear => scaled,
            Self::LogLinear => scaled.exp(),
        }
    }

    /// Fits a trend of this kind.
    pub(super) fn fit(self, series: &[(f64, f64)]) -> Result<Trend> {
        match self {
            Self::Linear => theil_sen(series),
            Self::LogLinear => log_linear(series),
        }
    }
}

/// The median of the slopes of all pairs (Theil, 1950; Sen, 1968): up to 29 % of the points may be wild.
pub fn theil_sen(series: &[(f64, f64)]) -> Result<Trend> {
    points("points", series, 2)?;
    let chosen = thinned(series, MOST_POINTS);
    let mut slopes = Vec::with_capacity(chosen.len() * chosen.len() / 2);
    for (at, (day, value)) in chosen.iter().enumerate() {
        let later = chosen[at + 1..].iter().filter(|(other, _)| other > day);
        slopes.extend(later.map(|(other, later)| (later - value) / (other - day)));
    }
    let none = || CapacityError::new("all points are of the same day", "points of different days");
    let slope = finite("the slope", median(&mut slopes).ok_or_else(none)?)?;
    let mut rests: Vec<f64> = series.iter().map(|(day, value)| value - slope * day).collect();
    let intercept = finite("the intercept", median(&mut rests).ok_or_else(none)?)?;
    Ok(Trend { kind: Kind::Linear, intercept, slope })
}

/// The same of the logarithms: for what grows by a share.
pub fn log_linear(series: &[(f64, f64)]) -> Result<Trend> {
    if let Some((_, value)) = series.iter().find(|(_, value)| *value <= 0.0) {
        return Err(CapacityError::new(format!("a value is {value}"), "values above 0 for growth by a share"));
    }
    let logs: Vec<(f64, f64)> = series.iter().map(|(day, value)| (*day, value.ln())).collect();
    Ok(Trend { kind: Kind::LogLinear, ..theil_sen(&logs)? })
}

/// Evenly chosen points, the last among them.
pub(super) fn thinned(series: &[(f64, f64)], most: usize) -> Vec<(f64, f64)> {
    let step = series.len().div_ceil(most).max(1);
    let mut chosen: Vec<(f64, f64)> = series.iter().rev().step_by(step).copied().collect();
    chosen.reverse();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outlier() -> Vec<(f64, f64)> {
        (0..10).map(|t| (f64::from(t), if t == 5 { 90.0 } else { 50.0 + f64::from(t) })).collect()
    }

    #[test]
    fn an_outlier_bends_nothing() {
        let trend = theil_sen(&outlier()).unwrap();
        assert_eq!((trend.slope, trend.intercept, trend.reaches(80.0)), (1.0, 50.0, Some(30.0)));
    }

    #[test]
    fn a_sawtooth_has_the_published_slopes() {
        let values = [50.0, 55.0, 60.0, 65.0, 70.0, 40.0, 45.0, 50.0, 55.0, 60.0];
        let saw: Vec<(f64, f64)> = (0_u32..).map(f64::from).zip(values).collect();
        assert!((theil_sen(&saw).unwrap().slope - 0.625).abs() < 1e-12);
        let line = crate::capacity::linear::Line::fit(&saw).unwrap();
        assert!((line.slope + 0.303).abs() < 5e-4 && line.reaches(80.0).is_err());
    }

    #[test]
    fn growth_by_a_share_is_a_line_of_logarithms() {
        let series: Vec<(f64, f64)> =
            (0..60).map(|t| (f64::from(t), 100.0 * 1.3_f64.powf(f64::from(t) / 30.0))).collect();
        let trend = log_linear(&series).unwrap();
        assert!((trend.monthly_growth().unwrap() - 0.3).abs() < 1e-9);
        assert!((trend.reaches(200.0).unwrap() - 30.0 * 2.642).abs() < 0.02);
        assert!((trend.at(30.0).unwrap() - 130.0).abs() < 1e-9);
        assert!(log_linear(&[(0.0, 0.0), (1.0, 1.0)]).is_err());
    }

    #[test]
    fn what_falls_never_reaches_and_one_day_is_no_trend() {
        assert_eq!(theil_sen(&[(0.0, 2.0), (1.0, 1.0)]).unwrap().reaches(5.0), None);
        assert!(theil_sen(&[(1.0, 2.0), (1.0, 3.0)]).is_err() && theil_sen(&[(1.0, 2.0)]).is_err());
    }

    #[test]
    fn a_long_series_is_thinned_and_keeps_its_end() {
        let series: Vec<(f64, f64)> = (0..1201).map(|t| (f64::from(t), f64::from(t) * 2.0)).collect();
        let chosen = thinned(&series, MOST_POINTS);
        assert!(chosen.len() <= MOST_POINTS && chosen.last() == series.last());
        assert!((theil_sen(&series).unwrap().slope - 2.0).abs() < 1e-12);
    }
}
