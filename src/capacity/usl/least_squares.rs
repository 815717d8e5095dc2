//! Nonlinear least squares by Levenberg and Marquardt, for the three numbers of the law.

use super::Model;
use crate::capacity::solve;

/// Where the search starts.
const START: (f64, f64) = (0.1, 0.01);
const MOST_STEPS: usize = 500;

/// Which of sigma and kappa may move; the others stay zero.
#[derive(Debug, Clone, Copy)]
pub(super) struct Free {
    pub(super) sigma: bool,
    pub(super) kappa: bool,
}

/// The sum of squared residuals; infinite where the law has no meaning.
pub(super) fn squares(model: &Model, points: &[(f64, f64)]) -> f64 {
    let mut sum = 0.0;
    for (n, x) in points {
        let slowdown = model.slowdown(*n);
        if slowdown <= 0.0 {
            return f64::INFINITY;
        }
        sum += (x - model.lambda * n / slowdown).powi(2);
    }
    sum
}

/// The normal equations: the Jacobian times itself, and times the residuals.
fn normal(model: &Model, points: &[(f64, f64)], free: Free) -> ([[f64; 3]; 3], [f64; 3]) {
    let (mut product, mut right) = ([[0.0; 3]; 3], [0.0; 3]);
    for (n, x) in points {
        let slowdown = model.slowdown(*n);
        let by_sigma = -model.lambda * n * (n - 1.0) / slowdown.powi(2);
        let slope =
            [n / slowdown, if free.sigma { by_sigma } else { 0.0 }, if free.kappa { by_sigma * n } else { 0.0 }];
        let residual = x - model.lambda * n / slowdown;
        for row in 0..3 {
            for column in 0..3 {
                product[row][column] += slope[row] * slope[column];
            }
            right[row] += slope[row] * residual;
        }
    }
    (product, right)
}

/// The model with the least squares among those with these free parameters; negative ones are possible.
pub(super) fn search(points: &[(f64, f64)], free: Free) -> Model {
    let mut model = Model {
        lambda: points.iter().map(|(n, x)| x / n).fold(0.0, f64::max),
        sigma: if free.sigma { START.0 } else { 0.0 },
        kappa: if free.kappa { START.1 } else { 0.0 },
    };
    let (mut damping, mut error) = (1e-3, squares(&model, points));
    for _ in 0..MOST_STEPS {
        let (mut rows, right) = normal(&model, points, free);
        for (at, row) in rows.iter_mut().enumerate() {
            // A parameter that is held has an empty row: one in the diagonal keeps it where it is.
            row[at] = if row[at] > 0.0 { row[at] * (1.0 + damping) } else { 1.0 };
        }
        let Some([lambda, sigma, kappa]) = solve::three(rows, right) else { break };
        let next = Model { lambda: model.lambda + lambda, sigma: model.sigma + sigma, kappa: model.kappa + kappa };
        let next_error = squares(&next, points);
        if next_error < error {
            let gained = (error - next_error) / error;
            (model, error, damping) = (next, next_error, (damping * 0.1).max(1e-15));
            if error == 0.0 || gained < 1e-14 {
                break;
            }
        } else {
            damping *= 10.0;
            if damping > 1e15 {
                break;
            }
        }
    }
    model
}
