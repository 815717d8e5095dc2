//! Three curves through (volume, cost): proportional, affine and power.

use super::point::{interpolate, rising};
use crate::capacity::Result;
use crate::capacity::error::{finite, positive};
use crate::capacity::linear::Line;
use crate::capacity::number::length;

/// From this R2 on a curve is said to describe its points.
const DESCRIBES: f64 = 0.99;

/// An exponent this near to 1 is no economy of scale.
const PROPORTIONAL_WITHIN: f64 = 0.05;

/// cost = each x volume.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proportional {
    /// Cost of one unit.
    pub each: f64,
    /// The share of the variance that it explains; negative where it is worse than the mean.
    pub r2: f64,
}

/// cost = fixed + marginal x volume.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affine {
    /// Cost without any volume.
    pub fixed: f64,
    /// Cost of one more unit.
    pub marginal: f64,
    /// The share of the variance that it explains.
    pub r2: f64,
}

/// cost = factor x volume ^ exponent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Power {
    /// Cost of a volume of one.
    pub factor: f64,
    /// 1 where costs are proportional, less with economies of scale.
    pub exponent: f64,
    /// The share of the variance of the logarithms that it explains.
    pub r2: f64,
}

/// What may be said of a curve in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Each unit costs the same; no economy of scale.
    Proportional,
    /// Linear with a fixed part: the average cost falls while the marginal cost stays.
    Affine,
    /// Neither describes the points; the exponent says how fast costs grow.
    Curved,
}

/// The three curves through the same points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curves {
    /// Through zero.
    pub proportional: Proportional,
    /// With a fixed part.
    pub affine: Affine,
    /// With an exponent.
    pub power: Power,
}

/// The cost at a volume, by each way of reading the points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Between neighbours; none outside the points.
    pub interpolated: Option<f64>,
    /// On the affine line.
    pub affine: f64,
    /// On the power curve.
    pub power: f64,
    /// The lowest of them.
    pub low: f64,
    /// The highest of them.
    pub high: f64,
}

impl Curves {
    /// Fits all three through points in rising order of volume.
    pub fn fit(points: &[(f64, f64)]) -> Result<Self> {
        rising(points)?;
        let line = Line::fit(points)?;
        let logs: Vec<(f64, f64)> = points.iter().map(|(volume, cost)| (volume.ln(), cost.ln())).collect();
        let log = Line::fit(&logs)?;
        Ok(Self {
            proportional: proportional(points)?,
            affine: Affine { fixed: line.idle, marginal: line.slope, r2: line.r2 },
            power: Power { factor: finite("the factor", log.idle.exp())?, exponent: log.slope, r2: log.r2 },
        })
    }

    /// What may be said of them. Two points lie on any curve: they have no shape.
    pub fn shape(&self) -> Shape {
        if self.proportional.r2 >= DESCRIBES && (self.power.exponent - 1.0).abs() <= PROPORTIONAL_WITHIN {
            Shape::Proportional
        } else if self.affine.r2 >= DESCRIBES && self.affine.fixed >= 0.0 {
            Shape::Affine
        } else {
            Shape::Curved
        }
    }

    /// The cost at a volume.
    pub fn at(&self, points: &[(f64, f64)], volume: f64) -> Result<Estimate> {
        let volume = positive("the volume", volume)?;
        let interpolated = interpolate(points, volume)?;
        let affine = finite("the cost", self.affine.fixed + self.affine.marginal * volume)?;
        let power = finite("the cost", self.power.factor * volume.powf(self.power.exponent))?;
        let all = [affine, power, interpolated.unwrap_or(affine)];
        let (low, high) = (all.into_iter().fold(affine, f64::min), all.into_iter().fold(affine, f64::max));
        Ok(Estimate { interpolated, affine, power, low, high })
    }
}

fn proportional(points: &[(f64, f64)]) -> Result<Proportional> {
    let product: f64 = points.iter().map(|(volume, cost)| volume * cost).sum();
    let square: f64 = points.iter().map(|(volume, _)| volume * volume).sum();
    let each = finite("the cost of a unit", product / square)?;
    let mean = points.iter().map(|(_, cost)| cost).sum::<f64>() / length(points);
    let all: f64 = points.iter().map(|(_, cost)| (cost - mean).powi(2)).sum();
    let rest: f64 = points.iter().map(|(volume, cost)| (cost - each * volume).powi(2)).sum();
    let r2 = if rest == 0.0 { 1.0 } else { 1.0 - rest / all.max(f64::MIN_POSITIVE) };
    Ok(Proportional { each, r2: finite("R2", r2)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The points; exponent and its R2; fixed part, cost of a thousand and their R2; the shape.
    type Published = (&'static [(f64, f64)], [f64; 2], [f64; 3], Shape);

    #[test]
    fn the_published_points_have_the_published_curves() {
        let table: [Published; 4] = [
            (&[(1e3, 400.0), (1e4, 1200.0), (5e4, 4500.0)], [0.609, 0.976], [339.0, 83.3, 0.9999], Shape::Affine),
            (
                &[(1e5, 2500.0), (5e5, 6500.0), (1e6, 12e3), (5e6, 35e3), (1e7, 65e3)],
                [0.707, 0.996],
                [3725.0, 6.17, 0.997],
                Shape::Affine,
            ),
            (
                &[(50.0, 50.0), (100.0, 75.0), (500.0, 200.0), (1000.0, 350.0)],
                [0.641, 0.997],
                [40.0, 312.0, 0.999],
                Shape::Affine,
            ),
            (&[(1e4, 200.0), (1e5, 2000.0), (1e6, 20e3)], [1.0, 1.0], [0.0, 20.0, 1.0], Shape::Proportional),
        ];
        for (points, [exponent, r2_log], [fixed, per_thousand, r2], shape) in table {
            let curves = Curves::fit(points).unwrap();
            assert!((curves.power.exponent - exponent).abs() < 6e-4, "{curves:?}");
            assert!((curves.power.r2 - r2_log).abs() < 6e-4, "{curves:?}");
            assert!((curves.affine.fixed - fixed).abs() < 0.6, "{curves:?}");
            assert!((curves.affine.marginal * 1000.0 / per_thousand - 1.0).abs() < 2e-3, "{curves:?}");
            assert!((curves.affine.r2 - r2).abs() < 6e-4, "{curves:?}");
            assert_eq!(curves.shape(), shape, "{curves:?}");
        }
    }

    #[test]
    fn the_cost_at_a_volume_is_a_band() {
        let points = [(1e3, 400.0), (1e4, 1200.0), (5e4, 4500.0)];
        let curves = Curves::fit(&points).unwrap();
        let at = curves.at(&points, 25e3).unwrap();
        assert_eq!(at.interpolated, Some(2437.5));
        assert!((at.affine - 2422.1).abs() < 0.05 && (at.power - 2599.7).abs() < 0.05, "{at:?}");
        assert_eq!((at.low, at.high), (at.affine, at.power));
        assert_eq!(curves.at(&points, 1e5).unwrap().interpolated, None);
        assert!(curves.at(&points, 0.0).is_err() && Curves::fit(&points[..1]).is_err());
    }

    #[test]
    fn what_falls_off_has_no_line() {
        let curves = Curves::fit(&[(1.0, 10.0), (10.0, 20.0), (100.0, 40.0), (1000.0, 80.0)]).unwrap();
        assert_eq!(curves.shape(), Shape::Curved);
    }
}
