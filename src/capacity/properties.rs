//! What holds for all formulas: a refusal or a finite number, whatever goes in.

use proptest::prelude::*;

use super::*;

/// Numbers as hostile as they come, among ordinary ones.
fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => 1e-3..1e6,
        1 => any::<f64>(),
        1 => prop::sample::select(vec![
            0.0, -0.0, 1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, 5e-324,
        ]),
    ]
}

fn finite(what: &str, result: impl Into<Option<f64>>) -> std::result::Result<(), TestCaseError> {
    if let Some(value) = result.into() {
        prop_assert!(value.is_finite(), "{what} gave {value}");
    }
    Ok(())
}

/// Finite where both are, however large.
fn both(one: f64, other: Option<f64>) -> f64 {
    one / 2.0 + other.unwrap_or(0.0) / 2.0
}

proptest! {
    #[test]
    fn no_formula_gives_nonsense(a in any_number(), b in any_number(), c in any_number(), n in 0_u64..1000) {
        finite("required", demand::required(a, b, c).ok())?;
        finite("spike", demand::spike(a, b).ok())?;
        finite("months", growth::months_to(a, b).ok())?;
        finite("implied", growth::implied_monthly(a, b, c).ok())?;
        finite("multiple", growth::multiple_after(a, b).ok())?;
        finite("concurrency", little::concurrency(a, b).ok())?;
        finite("time", little::time(a, b).ok())?;
        finite("throughput", little::throughput(a, b).ok())?;
        finite("demand", utilisation::demand(a, b, c).ok())?;
        finite("factor", queueing::wait_factor(a).ok())?;
        finite("budget", downtime::budget(a, b).ok())?;
        finite("linear", throughput::linear(n, a).ok())?;
        finite("use", throughput::use_of(a, n, b).ok())?;
        finite("cost", cost::per_unit_of_daily(a, b, c).ok())?;
        finite("break-even", cost::break_even(a, b, c).ok())?;
        finite("scale-in", hysteresis::after_scale_in(a, n).ok())?;
        finite("host", redis::host(a, b, c).ok())?;
        finite("cache", cache::size(a, b).map(|size| both(size.as_share, size.as_factor)).ok())?;
        finite("working set", cache::working_set(a).map(|(low, high)| low + high).ok())?;
        finite("memory", memory::for_tasks(a, b, c).map(|(_, high)| high).ok())?;
        finite("replicas", replicas::utilisation(a, b, n).map(|(all, rest)| both(all, rest)).ok())?;
        if let Ok(queue) = queueing::Queue::new(a, b, n) {
            finite("mean wait", queue.mean_wait())?;
            finite("wait", queue.wait_quantile(c).ok())?;
        }
        let _ = (replicas::with_spare(a, b, c), replicas::zoned(a, b, n), throughput::instances(a, b));
        let _ = (hysteresis::least_left(a, b), pool::per_instance(n, n));
    }

    #[test]
    fn no_fit_gives_nonsense(points in prop::collection::vec((any_number(), any_number()), 0..8), at in any_number()) {
        if let Ok(line) = linear::Line::fit(&points) {
            finite("idle", line.idle)?;
            finite("r2", line.r2)?;
            finite("line", line.at(at).ok())?;
            let load = line.reaches(at).ok();
            finite("load", load.map(|load| both(load.load, load.low)))?;
            finite("load", load.and_then(|load| load.high))?;
        }
        if let Ok(curves) = cost::Curves::fit(&points) {
            finite("exponent", curves.power.exponent)?;
            finite("estimate", curves.at(&points, at).map(|estimate| estimate.high).ok())?;
        }
        if let Ok(fit) = usl::fit(&points) {
            finite("r2", fit.r2)?;
            finite("outlook", usl::outlook(&fit, at).map(|outlook| outlook.gain_of_doubling).ok())?;
            prop_assert!(fit.model.sigma >= 0.0 && fit.model.kappa >= 0.0);
        }
        if let Ok(trend) = forecast::theil_sen(&points) {
            finite("trend", trend.at(at).ok())?;
            finite("day", trend.reaches(at).unwrap_or(0.0))?;
        }
        prop_assert!(forecast::last_ramp(&points).len() <= points.len());
    }

    #[test]
    fn a_pool_of_the_recommended_size_keeps_its_promise(rate in 1.0..2000.0, hold in 0.001..0.1, wait in 0.0..0.05) {
        let queue = queueing::smallest(rate, hold, wait, 0.95).unwrap();
        prop_assert!(queue.wait_quantile(0.95).unwrap() <= wait);
        if let Ok(smaller) = queueing::Queue::new(rate, hold, queue.servers - 1) {
            prop_assert!(smaller.wait_quantile(0.95).unwrap() > wait, "one fewer would do");
        }
    }
}
