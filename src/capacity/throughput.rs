//! Throughput of equal instances.

use super::Result;
use super::error::{at_least, finite, positive};
use super::number::{real, whole_up};
use super::rate::Per;

/// Above this multiple of the load, a stated capacity is more likely a mistake than a reserve.
pub const SUSPICIOUS_TIMES: f64 = 10.0;

/// Throughput of n instances that do not disturb each other: n x one. What coordination costs is in [`super::usl`].
pub fn linear(instances: u64, each: f64) -> Result<f64> {
    finite("the throughput", real(instances) * positive("the throughput of an instance", each)?)
}

/// Instances for a load, both for the same time: load / one, rounded up.
pub fn instances(load: f64, each: f64) -> Result<u64> {
    whole_up("the number of instances", positive("the load", load)? / positive("the throughput of an instance", each)?)
}

/// A rate for each time that it can be stated for.
pub fn in_all_units(per_second: f64) -> Result<Vec<(Per, f64)>> {
    let per_second = positive("the rate", per_second)?;
    Per::ALL.into_iter().map(|per| Ok((per, finite("the rate", per_second * per.seconds())?))).collect()
}

/// Load over capacity: above 1 it does not fit.
pub fn use_of(load: f64, instances: u64, each: f64) -> Result<f64> {
    let instances = at_least("the number of instances", real(instances), 1.0)?;
    let capacity = instances * positive("the throughput of an instance", each)?;
    finite("the utilisation", positive("the load", load)? / finite("the capacity", capacity)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capacity::rate::Rate;

    #[test]
    fn instances_multiply() {
        for (n, expected) in [(1, 3333.0), (2, 6666.0), (5, 16_665.0), (10, 33_330.0)] {
            assert_eq!(linear(n, 3333.0), Ok(expected));
        }
    }

    #[test]
    fn instances_for_a_daily_volume() {
        for (load, expected) in [(1e6, 3), (1e7, 30), (1e8, 300), (1e9, 3000)] {
            assert_eq!(instances(load, 333_333.0), Ok(expected));
        }
        let each = Rate::read("3333/s").unwrap().per(Per::Day);
        assert_eq!(instances(1e9, each), Ok(4), "a rate per second is no rate per day");
        assert!(instances(1e6, 0.0).is_err() && instances(f64::INFINITY, 1.0).is_err());
    }

    #[test]
    fn units_of_a_rate() {
        let hourly = Rate::read("100000/h").unwrap();
        assert!((hourly.per_second - 27.78).abs() < 5e-3);
        let events = in_all_units(linear(100, 1.0).unwrap()).unwrap();
        let of = |per: Per| events.iter().find(|(unit, _)| *unit == per).unwrap().1;
        assert_eq!((of(Per::Hour), of(Per::Day)), (360_000.0, 8_640_000.0));
    }

    #[test]
    fn a_capacity_far_above_the_load_is_suspicious() {
        let used = use_of(100.0, 2, 3333.0).unwrap();
        assert!(1.0 / used > SUSPICIOUS_TIMES);
        assert!(use_of(100.0, 0, 1.0).is_err());
    }
}
