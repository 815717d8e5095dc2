//! The Universal Scalability Law (Gunther, "Guerrilla Capacity Planning", 2007):
//! X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)).
//!
//! N is either concurrency in one system or a number of instances; one fit never mixes the two.

mod band;
mod fit;
mod least_squares;
mod outlook;
#[cfg(test)]
mod tests;

pub use band::{Band, RUNS, band};
pub use fit::{Caution, ENOUGH_POINTS, Fit, fit, fit_linear_form};
pub use outlook::{Outlook, SAFE_SHARE_OF_PEAK, TESTED_TIMES, outlook};

use super::Result;
use super::error::{finite, positive};

/// The three numbers of the law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Model {
    /// Throughput of one.
    pub lambda: f64,
    /// Contention: the share of the work that only one can do at a time.
    pub sigma: f64,
    /// Coherency: what each pair spends on agreeing.
    pub kappa: f64,
}

impl Model {
    /// Throughput of N.
    pub fn throughput(&self, n: f64) -> Result<f64> {
        finite("the throughput", self.lambda * positive("N", n)? / self.slowdown(n))
    }

    fn slowdown(&self, n: f64) -> f64 {
        1.0 + self.sigma * (n - 1.0) + self.kappa * n * (n - 1.0)
    }

    /// The N of the highest throughput, sqrt((1 - sigma) / kappa); none where it grows for ever.
    pub fn peak(&self) -> Option<f64> {
        let peak = ((1.0 - self.sigma).max(0.0) / self.kappa).sqrt().max(1.0);
        // Below a millionth of a millionth it is the rounding of the fit, and no peak.
        (self.kappa > 1e-12 && peak.is_finite()).then_some(peak)
    }

    /// The throughput that no N exceeds without coherency costs, lambda / sigma (Amdahl); none where there is none.
    pub fn limit(&self) -> Option<f64> {
        let limit = self.lambda / self.sigma;
        (self.kappa == 0.0 && self.sigma > 0.0 && limit.is_finite()).then_some(limit)
    }
}
