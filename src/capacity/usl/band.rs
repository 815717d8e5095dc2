//! How sure a fitted law is: its residuals, drawn again.

use super::Fit;
use super::fit::best;
use crate::capacity::number::quantile;
use crate::capacity::rng::Rng;
use crate::capacity::{CapacityError, Result};

/// How often the points are drawn again.
pub const RUNS: usize = 200;

/// P5 to P95 over the runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// The N of the highest throughput; none where a bound is beyond any N.
    pub peak: (Option<f64>, Option<f64>),
    /// The throughput at the planned N.
    pub throughput: (f64, f64),
}

/// Draws the residuals of a fit again and fits anew, [`RUNS`] times.
pub fn band(measured: &[(f64, f64)], fit: &Fit, planned: f64, seed: u64) -> Result<Band> {
    let fitted = measured.iter().map(|(n, _)| fit.model.throughput(*n)).collect::<Result<Vec<f64>>>()?;
    let residuals: Vec<f64> = measured.iter().zip(&fitted).map(|((_, x), fitted)| x - fitted).collect();
    let (mut rng, mut peaks, mut throughputs) = (Rng::new(seed), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let drawn: Vec<(f64, f64)> = measured
            .iter()
            .zip(&fitted)
            .map(|((n, _), fitted)| (*n, fitted + rng.pick(&residuals).unwrap_or(0.0)))
            .collect();
        let Some(model) = best(&drawn) else { continue };
        peaks.push(model.peak().unwrap_or(f64::INFINITY));
        throughputs.push(model.throughput(planned)?);
    }
    let at = |values: &mut [f64], share: f64| {
        quantile(values, share).ok_or_else(|| CapacityError::new("no drawn points could be fitted", "less noise"))
    };
    let known = |value: f64| value.is_finite().then_some(value);
    Ok(Band {
        peak: (known(at(&mut peaks, 0.05)?), known(at(&mut peaks, 0.95)?)),
        throughput: (at(&mut throughputs, 0.05)?, at(&mut throughputs, 0.95)?),
    })
}
