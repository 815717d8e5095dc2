//! Scaling rules that must not chase their own tail.

use super::error::inner_share;
use super::number::real;
use super::{CapacityError, Result};

/// Utilisation after scaling in from n instances at the scale-in threshold: down x n / (n - 1).
pub fn after_scale_in(down: f64, instances: u64) -> Result<f64> {
    let down = inner_share("the scale-in threshold", down)?;
    if instances < 2 {
        return Err(CapacityError::new(format!("{instances} instances"), "2 or more to scale in from"));
    }
    Ok(down * real(instances) / real(instances - 1))
}

/// Whether scaling in from n instances stays below the scale-out threshold, so that it is not undone at once.
pub fn is_stable(down: f64, up: f64, instances: u64) -> Result<bool> {
    Ok(after_scale_in(down, instances)? < inner_share("the scale-out threshold", up)?)
}

/// The fewest instances that may be left when scaling in is stable: the floor for an autoscaler with these thresholds.
/// None where no number is enough.
pub fn least_left(down: f64, up: f64) -> Result<Option<u64>> {
    let (down, up) = (inner_share("the scale-in threshold", down)?, inner_share("the scale-out threshold", up)?);
    if down >= up {
        return Ok(None);
    }
    // down x n / (n - 1) < up  <=>  n - 1 > down / (up - down); the bound itself is not enough.
    let bound = down / (up - down);
    if bound > 1e9 {
        return Ok(None);
    }
    let left = super::number::whole_up("the instances", bound)?;
    Ok(Some(if is_stable(down, up, left + 1)? { left } else { left + 1 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaling_in_must_not_cross_the_scale_out_threshold() {
        for (instances, after) in [(2, 0.60), (3, 0.45), (4, 0.40)] {
            assert!((after_scale_in(0.30, instances).unwrap() - after).abs() < 1e-12);
            assert_eq!(is_stable(0.30, 0.70, instances), Ok(true));
        }
        assert_eq!(is_stable(0.50, 0.70, 2), Ok(false), "100 % is above 70 %");
        assert!(after_scale_in(0.3, 1).is_err() && is_stable(0.3, 1.0, 2).is_err());
    }

    #[test]
    fn close_thresholds_need_many_instances() {
        assert_eq!(least_left(0.30, 0.70), Ok(Some(1)));
        assert_eq!(least_left(0.50, 0.70), Ok(Some(3)), "from 4 to 3: 67 %; from 3 to 2: 75 %");
        assert_eq!(least_left(0.35, 0.70), Ok(Some(2)), "from 2 to 1 is 70 %, and that scales out again");
        assert_eq!(least_left(0.70, 0.65), Ok(None));
    }
}
