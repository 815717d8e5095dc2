//! Replicas for a load, also after one of them, or a zone, is gone.

use super::error::{finite, positive, share};
use super::number::{real, whole_up};
use super::{CapacityError, Result};

/// The share of its capacity that a replica may be used to, so that bursts still fit.
pub const MOST_UTILISATION: f64 = 0.7;

fn machines(load: f64, each: f64) -> Result<f64> {
    finite("the number of replicas", positive("the load", load)? / positive("the capacity of a replica", each)?)
}

/// Just enough, with none to lose: ceil(load / capacity).
pub fn just_enough(load: f64, each: f64) -> Result<u64> {
    whole_up("the number of replicas", machines(load, each)?)
}

/// Enough to lose one, and to run below a utilisation:
/// max(ceil(load / (capacity x most)), ceil(load / capacity) + 1).
pub fn with_spare(load: f64, each: f64, most: f64) -> Result<u64> {
    let roomy = whole_up("the number of replicas", machines(load, each)? / share("the utilisation", most)?)?;
    Ok(roomy.max(just_enough(load, each)? + 1))
}

/// Replicas over several zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zoned {
    /// The fewest in total by the formula: ceil(load / capacity x z / (z - 1)).
    pub least: u64,
    /// In each zone, when all zones are equal.
    pub per_zone: u64,
    /// In total, when all zones are equal: no zone holds more than the others can lose.
    pub total: u64,
}

/// Enough that the other zones carry the peak when one is lost.
pub fn zoned(load: f64, each: f64, zones: u64) -> Result<Zoned> {
    if zones < 2 {
        return Err(CapacityError::new(format!("{zones} zones"), "2 or more"));
    }
    let (machines, left) = (machines(load, each)?, real(zones - 1));
    let least = whole_up("the number of replicas", machines * real(zones) / left)?;
    let per_zone = whole_up("the number of replicas", machines / left)?;
    let total = per_zone.checked_mul(zones);
    let total = total.ok_or_else(|| CapacityError::new(format!("{zones} zones"), "a number of zones that exists"))?;
    Ok(Zoned { least, per_zone, total })
}

/// Utilisation of n replicas, and of the rest when one is lost; none where there is no rest.
pub fn utilisation(load: f64, each: f64, replicas: u64) -> Result<(f64, Option<f64>)> {
    let machines = machines(load, each)?;
    let all =
        finite("the utilisation", machines / super::error::at_least("the number of replicas", real(replicas), 1.0)?)?;
    Ok((all, (replicas > 1).then(|| machines / real(replicas - 1))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_needs_a_fifth_replica() {
        assert_eq!(just_enough(10_000.0, 3000.0), Ok(4));
        let (all, rest) = utilisation(10_000.0, 3000.0, 4).unwrap();
        assert!((all - 0.833).abs() < 5e-4 && (rest.unwrap() - 1.111).abs() < 5e-4);
        assert_eq!(with_spare(10_000.0, 3000.0, MOST_UTILISATION), Ok(5));
        assert!(just_enough(0.0, 1.0).is_err() && with_spare(1.0, 1.0, 0.0).is_err());
        assert_eq!(utilisation(1.0, 2.0, 1).unwrap().1, None);
    }

    #[test]
    fn the_rest_carries_the_peak_when_a_zone_is_lost() {
        let zoned = zoned(10_000.0, 3000.0, 3).unwrap();
        assert_eq!(zoned, Zoned { least: 5, per_zone: 2, total: 6 });
        assert!(f64::from(3000 * 4) >= 10_000.0, "two zones of two carry it; five would leave three");
        assert!(super::zoned(1.0, 1.0, 1).is_err());
    }
}
