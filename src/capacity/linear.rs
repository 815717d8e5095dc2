//! A straight line through measured points: used = idle + slope x load.

use super::error::{finite, points};
use super::number::length;
use super::{CapacityError, Result};

/// The 90 % point of Student's t distribution for 1 to 30 degrees of freedom: a two-sided interval of 80 %, P10 to P90.
const T90: [f64; 30] = [
    3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356, 1.350, 1.345, 1.341, 1.337,
    1.333, 1.330, 1.328, 1.325, 1.323, 1.321, 1.319, 1.318, 1.316, 1.315, 1.314, 1.313, 1.311, 1.310,
];

/// The same for the normal distribution, and the first term of its correction for few degrees of freedom.
const NORMAL90: (f64, f64) = (1.2816, 0.8467);

/// A line by ordinary least squares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// What is used without load.
    pub idle: f64,
    /// What one more unit of load uses.
    pub slope: f64,
    /// The share of the variance that the line explains.
    pub r2: f64,
    /// The interval of the slope, P10 to P90; none of two points.
    pub slope_interval: Option<(f64, f64)>,
    count: f64,
    mean: (f64, f64),
    spread: f64,
    /// Variance around the line times the square of t; none of two points.
    noise: Option<f64>,
}

/// The load at which a line reaches a level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoadAt {
    /// By the line itself.
    pub load: f64,
    /// P10; none where the points do not bound it.
    pub low: Option<f64>,
    /// P90; none where the points do not bound it.
    pub high: Option<f64>,
}

impl Line {
    /// Fits a line through (load, used) points: two or more, at two or more different loads.
    pub fn fit(measured: &[(f64, f64)]) -> Result<Self> {
        points("points", measured, 2)?;
        let count = length(measured);
        let mean_x = measured.iter().map(|(x, _)| x).sum::<f64>() / count;
        let mean_y = measured.iter().map(|(_, y)| y).sum::<f64>() / count;
        let spread: f64 = measured.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
        if spread <= 0.0 {
            return Err(CapacityError::new("all points have the same load", "two or more different loads"));
        }
        let slope = measured.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum::<f64>() / spread;
        let slope = finite("the slope", slope)?;
        let idle = finite("the idle part", mean_y - slope * mean_x)?;
        let squares: f64 = measured.iter().map(|(x, y)| (y - idle - slope * x).powi(2)).sum();
        let all: f64 = measured.iter().map(|(_, y)| (y - mean_y).powi(2)).sum();
        let r2 = finite("R2", if squares == 0.0 || all == 0.0 { 1.0 } else { 1.0 - squares / all })?;
        let noise = (measured.len() > 2).then(|| squares / (count - 2.0) * t90(measured.len() - 2).powi(2));
        let slope_interval = noise.map(|noise| (noise / spread).sqrt());
        let slope_interval = slope_interval.filter(|half| half.is_finite()).map(|half| (slope - half, slope + half));
        Ok(Self { idle, slope, r2, slope_interval, count, mean: (mean_x, mean_y), spread, noise })
    }

    /// What is used at a load.
    pub fn at(&self, load: f64) -> Result<f64> {
        finite("what is used", self.idle + self.slope * finite("the load", load)?)
    }

    /// The load at which a ceiling is reached, with the interval of inverse regression (Fieller, 1954).
    pub fn reaches(&self, ceiling: f64) -> Result<LoadAt> {
        if self.slope <= 0.0 {
            return Err(CapacityError::new("use does not rise with the load", "points of one growing load"));
        }
        let load = finite("the load", (finite("the ceiling", ceiling)? - self.idle) / self.slope)?;
        let bounds = self.noise.and_then(|noise| self.bounds(ceiling - self.mean.1, noise));
        Ok(LoadAt { load, low: bounds.map(|(low, _)| low), high: bounds.map(|(_, high)| high) })
    }

    /// Both loads at which a rise above the mean is as far from the line as the noise allows; none where the slope
    /// could as well be zero.
    fn bounds(&self, rise: f64, noise: f64) -> Option<(f64, f64)> {
        let certain = self.slope.powi(2) - noise / self.spread;
        if certain <= 0.0 {
            return None;
        }
        let under = (self.slope * rise).powi(2) - certain * (rise.powi(2) - noise / self.count);
        let half = under.max(0.0).sqrt();
        let bound = |half: f64| self.mean.0 + (self.slope * rise + half) / certain;
        Some((bound(-half), bound(half))).filter(|(low, high)| low.is_finite() && high.is_finite())
    }
}

fn t90(freedom: usize) -> f64 {
    let (limit, correction) = NORMAL90;
    T90.get(freedom.saturating_sub(1)).copied().unwrap_or_else(|| {
        let freedom = u32::try_from(freedom).map_or(f64::from(u32::MAX), f64::from);
        limit + correction / freedom
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_noise_is_found_and_bounded_by_itself() {
        let points: Vec<(f64, f64)> = (1..=5).map(|x| (f64::from(x), 20.0 + 2.0 * f64::from(x))).collect();
        let line = Line::fit(&points).unwrap();
        assert!((line.idle - 20.0).abs() < 1e-9 && (line.slope - 2.0).abs() < 1e-9 && line.r2 > 0.999_999);
        let at = line.reaches(100.0).unwrap();
        assert!((at.load - 40.0).abs() < 1e-9);
        assert!((at.low.unwrap() - 40.0).abs() < 1e-6 && (at.high.unwrap() - 40.0).abs() < 1e-6);
        assert_eq!(line.at(10.0), Ok(40.0));
    }

    #[test]
    fn noise_widens_the_interval_and_more_so_further_out() {
        let points = [(1.0, 12.0), (2.0, 13.5), (3.0, 16.8), (4.0, 17.6), (5.0, 20.4), (6.0, 21.9)];
        let line = Line::fit(&points).unwrap();
        let width = |ceiling: f64| {
            let at = line.reaches(ceiling).unwrap();
            assert!(at.low.unwrap() < at.load && at.load < at.high.unwrap());
            at.high.unwrap() - at.low.unwrap()
        };
        assert!(width(80.0) > 2.0 * width(20.0));
        let (low, high) = line.slope_interval.unwrap();
        assert!(low < line.slope && line.slope < high);
    }

    #[test]
    fn what_could_be_flat_has_no_bound() {
        let line = Line::fit(&[(1.0, 10.0), (2.0, 30.0), (3.0, 5.0), (4.0, 26.0)]).unwrap();
        let at = line.reaches(100.0).unwrap();
        assert!(at.load.is_finite() && at.low.is_none() && at.high.is_none());
        let two = Line::fit(&[(1.0, 10.0), (2.0, 20.0)]).unwrap().reaches(100.0).unwrap();
        assert_eq!((two.load, two.low), (10.0, None));
    }

    #[test]
    fn ordinary_least_squares_follows_an_outlier() {
        let points: Vec<(f64, f64)> =
            (0..10).map(|t| (f64::from(t), if t == 5 { 90.0 } else { 50.0 + f64::from(t) })).collect();
        let line = Line::fit(&points).unwrap();
        assert!((line.slope - 1.2121).abs() < 5e-5 && (line.idle - 52.545).abs() < 5e-4);
        assert!((line.reaches(80.0).unwrap().load - 22.65).abs() < 5e-3);
    }

    #[test]
    fn what_is_no_line_is_refused() {
        assert!(Line::fit(&[]).is_err() && Line::fit(&[(1.0, 1.0), (1.0, 2.0)]).is_err());
        assert!(Line::fit(&[(1.0, f64::NAN), (2.0, 1.0)]).is_err());
        assert!(Line::fit(&[(1.0, 2.0), (2.0, 1.0)]).unwrap().reaches(5.0).is_err());
        assert!((t90(31) - 1.309).abs() < 1e-3);
    }
}
