//! The law on published and made-up points.

use super::*;
use crate::capacity::rng::SEED;

/// Throughput of a Cisco benchmark at 1 to 32 workers, the customary test data of fits of this law.
const CISCO: [f64; 32] = [
    955.16, 1878.91, 2688.01, 3548.68, 4315.54, 5130.43, 5931.37, 6531.08, 7219.8, 7867.61, 8278.71, 8646.7, 9047.84,
    9426.55, 9645.37, 9897.24, 10_097.6, 10_240.5, 10_532.39, 10_798.52, 11_151.43, 11_518.63, 11_806.0, 12_089.37,
    12_075.41, 12_177.29, 12_211.41, 12_158.93, 12_155.27, 12_118.04, 12_140.4, 12_074.39,
];

/// lambda 1000, sigma 0.05, kappa 0.001, without noise.
const EXACT: [(f64, f64); 7] = [
    (1.0, 1000.0),
    (2.0, 1901.141),
    (4.0, 3442.341),
    (8.0, 5689.900),
    (16.0, 8040.201),
    (32.0, 9034.444),
    (64.0, 7822.048),
];

fn cisco() -> Vec<(f64, f64)> {
    (1_u32..).map(f64::from).zip(CISCO).collect()
}

fn near(value: f64, expected: f64, relative: f64) {
    assert!((value / expected - 1.0).abs() < relative, "{value} is not {expected}");
}

#[test]
fn points_without_noise_give_their_numbers_back() {
    let fit = fit(&EXACT).unwrap();
    near(fit.model.lambda, 1000.0, 1e-6);
    near(fit.model.sigma, 0.05, 1e-5);
    near(fit.model.kappa, 0.001, 1e-5);
    near(fit.model.peak().unwrap(), 30.822, 2e-5);
    assert!(fit.r2 > 0.999_999 && fit.cautions.is_empty(), "{fit:?}");
    for (n, x) in EXACT {
        near(fit.model.throughput(n).unwrap(), x, 1e-6);
    }
    let linear = fit_linear_form(&EXACT).unwrap();
    near(linear.sigma, 0.05, 1e-4);
    near(linear.kappa, 0.001, 1e-4);
}

#[test]
fn the_benchmark_gives_the_published_numbers() {
    let fit = fit(&cisco()).unwrap();
    near(fit.model.sigma, 0.026_715_91, 5e-6);
    near(fit.model.kappa, 7.690_945e-4, 5e-6);
    near(fit.model.lambda, 995.6486, 1e-6);
    near(fit.r2, 0.997_15, 5e-6);
    let peak = fit.model.peak().unwrap();
    assert!((35.0..36.0).contains(&peak), "{peak}");
    near(fit.model.throughput(peak.floor()).unwrap(), 12_341.75, 1e-6);
    let linear = fit_linear_form(&cisco()).unwrap();
    near(linear.sigma, 0.0215, 3e-3);
    near(linear.kappa, 8.61e-4, 1e-3);
    near(linear.lambda, 963.5, 1e-4);
    near(linear.peak().unwrap(), 33.7, 1e-3);
}

#[test]
fn multiplied_points_are_no_measurement() {
    let fit = fit(&[(1.0, 3333.0), (2.0, 6667.0), (5.0, 16_665.0), (10.0, 33_330.0)]).unwrap();
    assert_eq!(fit.cautions, [Caution::FewPoints, Caution::NotMeasured]);
    assert!(fit.model.sigma < 1e-4 && fit.model.kappa < 1e-5, "{fit:?}");
}

#[test]
fn better_than_linear_is_held_at_linear() {
    let fit = fit(&[(1.0, 100.0), (2.0, 210.0), (4.0, 440.0), (8.0, 900.0), (16.0, 1900.0), (32.0, 4000.0)]).unwrap();
    assert_eq!((fit.model.sigma, fit.model.kappa), (0.0, 0.0));
    assert_eq!((fit.model.peak(), fit.model.limit()), (None, None));
}

#[test]
fn contention_alone_has_a_limit_and_no_peak() {
    let amdahl = |n: f64| 100.0 * n / (1.0 + 0.1 * (n - 1.0));
    let points = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0].map(|n| (n, amdahl(n)));
    let held = Model { kappa: 0.0, ..fit(&points).unwrap().model };
    near(held.limit().unwrap(), 1000.0, 1e-3);
    assert_eq!(held.peak(), None);
}

#[test]
fn a_plan_is_warned_near_the_peak_and_far_from_the_test() {
    let fit = fit(&EXACT).unwrap();
    let small = outlook(&fit, 8.0).unwrap();
    assert!(!small.beyond_safe && !small.beyond_tested);
    near(small.gain_of_doubling, 8040.201 / 5689.9 - 1.0, 1e-4);
    assert!(outlook(&fit, 25.0).unwrap().beyond_safe, "0.8 x 30.8 is 24.7");
    let far = outlook(&fit, 200.0).unwrap();
    assert!(far.beyond_tested && far.gain_of_doubling < 0.0);
    assert!(outlook(&fit, 0.0).is_err());
}

#[test]
fn the_band_holds_the_fit_and_is_the_same_each_time() {
    let (points, fit) = (cisco(), fit(&cisco()).unwrap());
    let first = band(&points, &fit, 64.0, SEED).unwrap();
    assert_eq!(first, band(&points, &fit, 64.0, SEED).unwrap());
    let (low, high) = (first.peak.0.unwrap(), first.peak.1.unwrap());
    let peak = fit.model.peak().unwrap();
    assert!(low < peak && peak < high && high / low < 1.3, "{first:?}");
    let at = fit.model.throughput(64.0).unwrap();
    assert!(first.throughput.0 < at && at < first.throughput.1, "{first:?}");
    assert_ne!(first, band(&points, &fit, 64.0, SEED + 1).unwrap());
}

#[test]
fn what_is_no_series_is_refused() {
    assert!(fit(&[]).is_err() && fit(&[(1.0, 1.0), (2.0, 2.0), (2.0, 2.1)]).is_err());
    assert!(fit(&[(0.5, 1.0), (2.0, 2.0), (3.0, 2.1)]).is_err());
    assert!(fit(&[(1.0, 0.0), (2.0, 2.0), (3.0, 2.1)]).is_err());
    assert!(fit_linear_form(&[(1.0, f64::INFINITY), (2.0, 2.0), (3.0, 2.1)]).is_err());
}
