//! The utilisation law: busy share = throughput x demand per task (Denning and Buzen, 1978).

use super::error::{finite, positive, share};
use super::linear::Line;
use super::{CapacityError, Result};

/// Below this utilisation a saturation point is an extrapolation.
const EXTRAPOLATED_BELOW: f64 = 0.5;

/// CPU seconds that a task costs: U x cores / X.
pub fn demand(utilisation: f64, cores: f64, throughput: f64) -> Result<f64> {
    let busy = share("the utilisation", utilisation)? * positive("the number of cores", cores)?;
    finite("the demand", busy / positive("the throughput", throughput)?)
}

/// Where utilisation leads, from two or more measured points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Saturation {
    /// The share in use without any load.
    pub idle: f64,
    /// The share that one more per second takes.
    pub per_unit: f64,
    /// Things per second at which nothing is left.
    pub at: f64,
    /// No point was measured at half load or more: the saturation is a guess with a wide band.
    pub extrapolated: bool,
}

/// Fits U = idle + D x X through (throughput, utilisation) points.
pub fn saturation(points: &[(f64, f64)]) -> Result<Saturation> {
    for (throughput, utilisation) in points {
        positive("a throughput", *throughput)?;
        share("a utilisation", *utilisation)?;
    }
    let line = Line::fit(points)?;
    if line.slope <= 0.0 {
        return Err(CapacityError::new("utilisation does not rise with the load", "points of one growing load"));
    }
    let highest = points.iter().map(|(_, utilisation)| *utilisation).fold(0.0, f64::max);
    let at = finite("the saturation", (1.0 - line.idle) / line.slope)?;
    Ok(Saturation { idle: line.idle, per_unit: line.slope, at, extrapolated: highest < EXTRAPOLATED_BELOW })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demand_of_a_task_shows_a_claim_to_be_wrong() {
        let measured = demand(0.45, 10.0, 27.78).unwrap();
        assert!((measured - 0.162).abs() < 5e-4);
        let claimed = demand(1.0, 2.0, 3333.0).unwrap();
        assert!((claimed - 0.0006).abs() < 5e-6);
        assert!((measured / claimed - 270.0).abs() < 1.0, "{}", measured / claimed);
        assert!(demand(0.0, 1.0, 1.0).is_err() && demand(1.2, 1.0, 1.0).is_err());
    }

    #[test]
    fn two_points_give_the_base_and_the_end() {
        let fit = saturation(&[(11.57, 0.35), (27.78, 0.45)]).unwrap();
        assert!((fit.idle - 0.279).abs() < 5e-4 && (fit.per_unit - 0.00617).abs() < 5e-6, "{fit:?}");
        assert!((fit.at - 116.9).abs() < 0.05 && (fit.at / 5.0 - 23.4).abs() < 0.05, "{fit:?}");
        assert!(fit.extrapolated);
        assert!(saturation(&[(1.0, 0.5), (2.0, 0.4)]).is_err() && saturation(&[(1.0, 0.5)]).is_err());
    }
}
