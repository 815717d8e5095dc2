//! Little's law: concurrency = throughput x time in the system, for any stable system (Little, 1961).
//!
//! The time is the mean, not a high percentile; where only percentiles are published the mean is taken to lie
//! between p50 and p99.

use super::error::{finite, positive};
use super::{CapacityError, Result};

/// Things in the system at once, from a rate per second and the mean time in seconds.
pub fn concurrency(throughput: f64, seconds: f64) -> Result<f64> {
    finite("the concurrency", positive("the throughput", throughput)? * positive("the time", seconds)?)
}

/// Mean seconds in the system, from what is in it at once and a rate per second.
pub fn time(concurrency: f64, throughput: f64) -> Result<f64> {
    finite("the time", positive("the concurrency", concurrency)? / positive("the throughput", throughput)?)
}

/// Things per second, from what is in the system at once and the mean time in seconds.
pub fn throughput(concurrency: f64, seconds: f64) -> Result<f64> {
    finite("the throughput", positive("the concurrency", concurrency)? / positive("the time", seconds)?)
}

/// Whether three published numbers can be true together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closure {
    /// The mean time that concurrency and throughput imply, in seconds.
    pub implied: f64,
    /// Whether it lies between the published percentiles.
    pub holds: bool,
}

/// Checks a concurrency and a throughput against the published p50 and p99, in seconds.
pub fn closure(concurrency: f64, throughput: f64, p50: f64, p99: f64) -> Result<Closure> {
    let p50 = positive("p50", p50)?;
    if !(p99.is_finite() && p99 >= p50) {
        return Err(CapacityError::new(format!("p99 is {p99}"), format!("no less than p50, which is {p50}")));
    }
    let implied = time(concurrency, throughput)?;
    Ok(Closure { implied, holds: (p50..=p99).contains(&implied) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_two_give_the_third() {
        assert_eq!(concurrency(500.0, 0.020), Ok(10.0));
        assert!((time(250.0, 3333.0).unwrap() - 0.0750).abs() < 5e-5);
        assert!((concurrency(3333.0, 0.062).unwrap() - 206.6).abs() < 0.05);
        assert!((throughput(250.0, 0.062).unwrap() - 4032.0).abs() < 0.5);
        assert!(concurrency(f64::NAN, 1.0).is_err() && time(1.0, 0.0).is_err() && throughput(1.0, -1.0).is_err());
    }

    #[test]
    fn three_published_numbers_must_close() {
        let fits = closure(250.0, 3333.0, 0.045, 0.120).unwrap();
        assert!(fits.holds, "{fits:?}");
        assert!(!closure(250.0, 333.0, 0.045, 0.120).unwrap().holds, "0.75 s is above p99");
        assert!(closure(250.0, 3333.0, 0.2, 0.1).is_err());
    }
}
