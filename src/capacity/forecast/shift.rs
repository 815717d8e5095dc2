//! Level shifts: what happened before the last one says nothing about the growth after it.

use crate::capacity::number::median;

/// A difference this many times further from the median than usual is a step.
const STEP_DEVIATIONS: f64 = 5.0;

/// So many points on either side say whether a step lasted; one wild point is no new level.
const WINDOW: usize = 3;

/// A step of which less than this share is still there afterwards was an outlier.
const LASTING_SHARE: f64 = 0.5;

/// The points after the last level shift: a step of more than 5 median absolute deviations of the differences, up or
/// down, that lasts. All points where there is none.
pub fn last_ramp(series: &[(f64, f64)]) -> &[(f64, f64)] {
    let steps: Vec<f64> = series.windows(2).map(|pair| pair[1].1 - pair[0].1).collect();
    let Some(usual) = median(&mut steps.clone()) else { return series };
    let mut deviations: Vec<f64> = steps.iter().map(|step| (step - usual).abs()).collect();
    let Some(typical) = median(&mut deviations.clone()) else { return series };
    deviations.truncate(steps.len().saturating_sub(WINDOW - 1));
    // Rounding makes tiny differences of equal ones; they are no steps.
    let noise = 1e-9 * series.iter().map(|(_, value)| value.abs()).fold(0.0, f64::max);
    let is_shift = |at: usize, deviation: f64| {
        deviation > (STEP_DEVIATIONS * typical).max(noise) && lasts(series, at, steps[at] - usual, usual)
    };
    let shift = deviations.iter().enumerate().rev().find(|(at, deviation)| is_shift(*at, **deviation));
    shift.map_or(series, |(at, _)| &series[at + 1..])
}

/// Whether the level after a step differs from that before it by a good part of the step.
fn lasts(series: &[(f64, f64)], at: usize, step: f64, usual: f64) -> bool {
    let level = |part: &[(f64, f64)]| median(&mut part.iter().map(|(_, value)| *value).collect::<Vec<_>>());
    let before = &series[(at + 1).saturating_sub(WINDOW)..=at];
    let after = &series[at + 1..(at + 1 + WINDOW).min(series.len())];
    let (Some(low), Some(high)) = (level(before), level(after)) else { return false };
    // Between the middles of both windows the usual growth goes on.
    let days = crate::capacity::number::length(before).midpoint(crate::capacity::number::length(after));
    let changed = high - low - usual * days;
    changed * step.signum() >= LASTING_SHARE * step.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(values: &[f64]) -> Vec<(f64, f64)> {
        (0_u32..).map(f64::from).zip(values.iter().copied()).collect()
    }

    #[test]
    fn a_cleaned_disk_starts_anew() {
        let saw = series(&[50.0, 55.0, 60.0, 65.0, 70.0, 40.0, 45.0, 50.0, 55.0, 60.0]);
        assert_eq!(last_ramp(&saw), &saw[5..]);
        let twice = series(&[1.0, 2.0, 3.0, 4.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(last_ramp(&twice), &twice[10..]);
    }

    #[test]
    fn a_step_up_is_a_new_level_too() {
        let values: Vec<f64> = (0..20).map(|t| f64::from(t) + if t < 9 { 0.0 } else { 100.0 }).collect();
        let all = series(&values);
        assert_eq!(last_ramp(&all), &all[9..]);
    }

    #[test]
    fn an_outlier_is_no_new_level_wherever_it_stands() {
        for wild in 0..20 {
            for size in [-35.0, 35.0] {
                let values: Vec<f64> =
                    (0..20).map(|t| 50.0 + f64::from(t) + if t == wild { size } else { 0.0 }).collect();
                let all = series(&values);
                let kept = last_ramp(&all).len();
                assert!(kept >= 18, "an outlier on day {wild} leaves {kept} of 20 days");
            }
        }
    }

    #[test]
    fn smooth_growth_and_short_series_are_left_alone() {
        let smooth = series(&(0..30).map(|t| 0.1 * f64::from(t)).collect::<Vec<_>>());
        assert_eq!(last_ramp(&smooth).len(), 30);
        assert_eq!(last_ramp(&[]), &[]);
        assert_eq!(last_ramp(&smooth[..2]).len(), 2);
    }
}
