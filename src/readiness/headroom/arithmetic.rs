//! The arithmetic of headroom.
//!
//! Sources: utilisation grows in proportion to throughput (the utilisation law, Denning and Buzen, "The
//! Operational Analysis of Queueing Network Models", 1978), here above an idle part that no load causes.

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// Days of a month: a year of 365.25 days by twelve, as the plan's months are counted.
pub(super) const MONTH: f64 = 30.4;

/// The multiple of today's load at which a resource reaches its safe ceiling:
/// (ceiling - idle) / (used - idle). Below 1 it is over already. Nothing where no more than the idle part is
/// used: what load does to it cannot be seen then, and it is never infinite.
pub(super) fn multiple(used: f64, idle: f64, ceiling: f64) -> Option<f64> {
    let by_load = used - idle;
    let headroom = (ceiling - idle) / by_load;
    (by_load > 0.0 && headroom.is_finite()).then(|| headroom.max(0.0))
}

/// Days until what fills at a rate (each second) reaches its ceiling; 0 where it is over already, nothing where
/// it does not fill.
pub(super) fn days(used: f64, ceiling: f64, rate: f64) -> Option<f64> {
    if used >= ceiling {
        return Some(0.0);
    }
    let days = (ceiling - used) / rate / DAY;
    (rate > 0.0 && days.is_finite()).then_some(days)
}

/// Days until load that grows by `growth` a month, compounding, is the multiple of today's:
/// ln(multiple) / ln(1 + growth) months.
pub(super) fn days_by_growth(multiple: f64, growth: f64) -> Option<f64> {
    if multiple <= 1.0 {
        return Some(0.0);
    }
    let days = multiple.ln() / growth.ln_1p() * MONTH;
    (growth > 0.0 && days.is_finite()).then_some(days)
}

/// The multiple of today's load after so many months of growth, at the peak.
pub(super) fn grown(peak_factor: f64, growth: f64, months: f64) -> Option<f64> {
    let multiple = peak_factor * (1.0 + growth).powf(months);
    (multiple.is_finite() && multiple > 0.0).then_some(multiple)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(found: Option<f64>, expected: f64) -> bool {
        found.is_some_and(|found| (found - expected).abs() < 0.005)
    }

    #[test]
    fn eighty_of_a_hundred_slots_twenty_of_them_idle_bear_8_percent_more() {
        assert!(near(multiple(80.0, 20.0, 85.0), 1.083));
        assert!(near(multiple(90.0, 0.0, 85.0), 0.944));
    }

    #[test]
    fn what_is_hardly_used_is_not_infinite() {
        assert_eq!(multiple(0.0, 0.0, 85.0), None);
        assert_eq!(multiple(20.0, 20.0, 85.0), None);
        assert_eq!(multiple(f64::NAN, 0.0, 85.0), None);
    }

    #[test]
    fn time_fills_in_days_and_a_month_of_growth_is_a_month() {
        assert!(near(days(0.0, 86_400.0, 1.0), 1.0));
        assert_eq!(days(5.0, 4.0, 0.0), Some(0.0));
        assert_eq!(days(1.0, 4.0, 0.0), None);
        assert!(near(days_by_growth(1.3, 0.3), 30.4));
        assert_eq!(days_by_growth(0.9, 0.3), Some(0.0));
        assert_eq!(days_by_growth(2.0, 0.0), None);
        assert!(near(grown(3.0, 0.1, 12.0), 9.415));
    }

    proptest! {
        #[test]
        fn more_use_never_gives_more_headroom(used in 1.0..1e6_f64, more in 0.0..1e6_f64, ceiling in 1.0..1e6_f64) {
            let (before, after) = (multiple(used, 0.0, ceiling), multiple(used + more, 0.0, ceiling));
            prop_assert!(after <= before);
        }

        #[test]
        fn at_its_headroom_a_resource_is_at_its_ceiling(idle in 0.0..100.0_f64, load in 1.0..1e4_f64, room in 0.0..1e4_f64) {
            let (used, ceiling) = (idle + load, idle + room);
            let headroom = multiple(used, idle, ceiling).unwrap_or_default();
            prop_assert!((idle + load * headroom - ceiling).abs() < 1e-6 * (1.0 + ceiling));
        }
    }
}
