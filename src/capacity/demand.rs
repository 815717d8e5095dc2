//! What a system must be able to carry, and what a load test must show.

use super::Result;
use super::error::{at_least, finite, positive};

/// The margin above a forecast peak that is planned for where nobody says otherwise.
pub const SAFETY: f64 = 1.5;

/// A load test drives three times the rate that production is to carry.
pub const TEST_TIMES: f64 = 3.0;

/// A stress test runs twice to three times today's users.
pub const STRESS_TIMES: (f64, f64) = (2.0, 3.0);

/// A spike test runs ten times today's users.
pub const SPIKE_TIMES: f64 = 10.0;

/// Capacity to have: peak x growth x safety, in the unit of the peak.
pub fn required(peak: f64, growth: f64, safety: f64) -> Result<f64> {
    let growth = positive("the growth", growth)?;
    // A margin below one would plan for less than the peak.
    let safety = at_least("the safety factor", safety, 1.0)?;
    finite("the required capacity", positive("the peak", peak)? * growth * safety)
}

/// The peak of a spike: base x spike factor.
pub fn spike(base: f64, factor: f64) -> Result<f64> {
    finite("the spike", positive("the base load", base)? * at_least("the spike factor", factor, 1.0)?)
}

/// The rate that a load test drives, for a rate that is to be carried.
pub fn test_rate(target_rate: f64) -> Result<f64> {
    finite("the test rate", positive("the target rate", target_rate)? * TEST_TIMES)
}

/// Users of a stress test, from and to, for the users of today.
pub fn stress_users(users: f64) -> Result<(f64, f64)> {
    let users = positive("the number of users", users)?;
    Ok((finite("the users", users * STRESS_TIMES.0)?, finite("the users", users * STRESS_TIMES.1)?))
}

/// Users of a spike test, for the users of today.
pub fn spike_users(users: f64) -> Result<f64> {
    finite("the users", positive("the number of users", users)? * SPIKE_TIMES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn required_capacity_is_peak_times_growth_times_safety() {
        assert_eq!(required(800.0, 1.0, SAFETY), Ok(1200.0));
        assert_eq!(required(1000.0, 3.0, SAFETY), Ok(4500.0));
        assert_eq!(required(-3.0, 1.0, 1.5).unwrap_err().to_string(), "the peak is -3; expected a number above 0");
        assert!(required(1000.0, 3.0, 0.5).is_err() && required(f64::MAX, 2.0, 1.0).is_err());
    }

    #[test]
    fn spikes_and_tests() {
        assert_eq!(spike(800.0, 6.0), Ok(4800.0));
        assert_eq!(test_rate(1600.0), Ok(4800.0));
        assert_eq!(stress_users(50.0), Ok((100.0, 150.0)));
        assert_eq!(spike_users(50.0), Ok(500.0));
        assert!(test_rate(0.0).is_err() && stress_users(-1.0).is_err() && spike_users(f64::MAX).is_err());
    }
}
