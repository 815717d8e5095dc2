//! The law through measured points.

use super::Model;
use super::least_squares::{Free, search, squares};
use crate::capacity::error::{points, positive};
use crate::capacity::number::length;
use crate::capacity::{CapacityError, Result, solve};

/// Fewer points than this, over the whole range, make no trustworthy fit.
pub const ENOUGH_POINTS: usize = 6;

/// Relative deviation from perfect scaling that only arithmetic keeps within.
const MULTIPLIED_WITHIN: f64 = 5e-4;

/// Why a fit should not be believed as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caution {
    /// There are fewer points than six.
    FewPoints,
    /// All points lie on a straight line through zero: made by multiplication, not measured.
    NotMeasured,
}

/// A fitted law.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Its numbers; sigma and kappa are never negative.
    pub model: Model,
    /// The share of the variance that it explains.
    pub r2: f64,
    /// The largest N that was measured.
    pub largest: f64,
    /// What speaks against it.
    pub cautions: Vec<Caution>,
}

/// Checks (N, throughput) points: all above zero, and three different N or more.
fn check(measured: &[(f64, f64)]) -> Result<()> {
    points("points", measured, 3)?;
    for (n, x) in measured {
        if *n < 1.0 {
            return Err(CapacityError::new(format!("N is {n}"), "1 or more"));
        }
        positive("a throughput", *x)?;
    }
    let mut all: Vec<f64> = measured.iter().map(|(n, _)| *n).collect();
    all.sort_unstable_by(f64::total_cmp);
    all.dedup();
    if all.len() < 3 {
        return Err(CapacityError::new(format!("{} different N", all.len()), "3 or more"));
    }
    Ok(())
}

/// Fits the law by nonlinear least squares.
///
/// Where the best sigma or kappa is negative it is held at zero and the others are fitted again.
pub fn fit(measured: &[(f64, f64)]) -> Result<Fit> {
    check(measured)?;
    let model = best(measured).ok_or_else(unfit)?;
    let count = length(measured);
    let mean = measured.iter().map(|(_, x)| x).sum::<f64>() / count;
    let all: f64 = measured.iter().map(|(_, x)| (x - mean).powi(2)).sum();
    let rest = squares(&model, measured);
    let r2 = if rest == 0.0 || all == 0.0 { 1.0 } else { 1.0 - rest / all };
    let multiplied = measured.iter().all(|(n, x)| (x / n / model.lambda - 1.0).abs() < MULTIPLIED_WITHIN);
    let mut cautions = Vec::new();
    if measured.len() < ENOUGH_POINTS {
        cautions.push(Caution::FewPoints);
    }
    if multiplied {
        cautions.push(Caution::NotMeasured);
    }
    let largest = measured.iter().map(|(n, _)| *n).fold(0.0, f64::max);
    Ok(Fit { model, r2: crate::capacity::error::finite("R2", r2)?, largest, cautions })
}

/// The best model without a negative number.
pub(super) fn best(measured: &[(f64, f64)]) -> Option<Model> {
    let free = search(measured, Free { sigma: true, kappa: true });
    if is_possible(&free) {
        return Some(free);
    }
    let held = [(false, true), (true, false), (false, false)];
    let models = held.map(|(sigma, kappa)| search(measured, Free { sigma, kappa }));
    let error = |model: &Model| squares(model, measured);
    models.into_iter().filter(is_possible).min_by(|a, b| error(a).total_cmp(&error(b)))
}

fn is_possible(model: &Model) -> bool {
    let all = [model.lambda, model.sigma, model.kappa];
    all.iter().all(|value| value.is_finite() && *value >= 0.0) && model.lambda > 0.0
}

fn unfit() -> CapacityError {
    CapacityError::new("no scalability law fits the points", "throughput of one system at different N")
}

/// Fits N / X = a + b (N - 1) + c N (N - 1) by ordinary least squares: lambda = 1 / a, sigma = b / a, kappa = c / a.
///
/// It needs no iteration but weighs small N heavily, and its sigma and kappa can be negative: for comparison, not for
/// planning.
pub fn fit_linear_form(measured: &[(f64, f64)]) -> Result<Model> {
    check(measured)?;
    let (mut rows, mut right) = ([[0.0; 3]; 3], [0.0; 3]);
    for (n, x) in measured {
        let terms = [1.0, n - 1.0, n * (n - 1.0)];
        for row in 0..3 {
            for column in 0..3 {
                rows[row][column] += terms[row] * terms[column];
            }
            right[row] += terms[row] * n / x;
        }
    }
    let [a, b, c] = solve::three(rows, right).ok_or_else(unfit)?;
    if a <= 0.0 {
        return Err(unfit());
    }
    Ok(Model { lambda: 1.0 / a, sigma: b / a, kappa: c / a })
}
