//! The error budget of an availability objective.

use super::Result;
use super::error::{finite, inner_share, not_negative, positive};

/// The window of an objective where nobody says otherwise, in days.
pub const WINDOW_DAYS: f64 = 30.0;

/// Seconds that a service may be down within a window of so many days: (1 - objective) x window.
pub fn budget(objective: f64, days: f64) -> Result<f64> {
    let window = positive("the window", days)? * 86_400.0;
    finite("the budget", (1.0 - inner_share("the objective", objective)?) * window)
}

/// The share of a budget that an outage takes; above 1 the objective is missed. Both in seconds.
pub fn share_used(outage: f64, budget: f64) -> Result<f64> {
    finite("the share", not_negative("the outage", outage)? / positive("the budget", budget)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_of_a_month() {
        for (objective, minutes) in [(0.999, 43.2), (0.9999, 4.32)] {
            let seconds = budget(objective, WINDOW_DAYS).unwrap();
            assert!((seconds / 60.0 - minutes).abs() < 1e-6, "{seconds}");
        }
        assert!(budget(1.0, 30.0).is_err() && budget(0.999, 0.0).is_err() && budget(f64::NAN, 30.0).is_err());
    }

    #[test]
    fn five_minutes_are_an_eighth_of_three_nines() {
        let used = share_used(300.0, budget(0.999, WINDOW_DAYS).unwrap()).unwrap();
        assert!((used - 0.1157).abs() < 5e-5, "{used}");
    }
}
