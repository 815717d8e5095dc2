//! What a fitted law says of a planned N, and where it must not be asked.

use super::Fit;
use crate::capacity::Result;

/// Plans beyond this share of the peak leave no room: throughput hardly grows there, and falls after it.
pub const SAFE_SHARE_OF_PEAK: f64 = 0.8;

/// Beyond this multiple of the largest N that was tested, a fit is a guess.
pub const TESTED_TIMES: f64 = 2.0;

/// A planned N under a fitted law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlook {
    /// The planned N.
    pub planned: f64,
    /// Its throughput.
    pub throughput: f64,
    /// What twice as many would add, as a share; negative beyond the peak.
    pub gain_of_doubling: f64,
    /// It lies beyond 80 % of the peak.
    pub beyond_safe: bool,
    /// It lies beyond twice the largest N that was tested.
    pub beyond_tested: bool,
}

/// Looks at a planned N.
pub fn outlook(fit: &Fit, planned: f64) -> Result<Outlook> {
    let throughput = fit.model.throughput(planned)?;
    let doubled = fit.model.throughput(2.0 * planned)?;
    Ok(Outlook {
        planned,
        throughput,
        gain_of_doubling: crate::capacity::error::finite("the gain", doubled / throughput - 1.0)?,
        beyond_safe: fit.model.peak().is_some_and(|peak| planned > SAFE_SHARE_OF_PEAK * peak),
        beyond_tested: planned > TESTED_TIMES * fit.largest,
    })
}
