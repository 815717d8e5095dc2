//! Headroom from several points. The formulas are those of [`crate::capacity`]; here is when each is due.

use super::{arithmetic, levels::shown};
use crate::{
    capacity::{
        linear::Line,
        usl::{self, Caution},
    },
    quantity,
    snapshot::Unit,
};

/// How far apart the lowest and the highest load must be at the least: closer together, noise looks like a slope.
/// Our judgement.
const SPREAD: f64 = 1.2;

/// From so many load levels on work in progress follows the scalability law: it has three numbers, and a fourth
/// point can contradict them.
const FOR_LAW: usize = 4;

/// Beyond this multiple of the highest load seen a fit is a direction and no promise; as for the scalability law.
const SEEN_TIMES: f64 = usl::TESTED_TIMES;

/// The seed of the interval's drawing, so that a judgement can be made again.
const SEED: u64 = 1;

/// What several points come to.
#[derive(Debug, PartialEq)]
pub(super) struct Fitted {
    pub(super) headroom: Option<f64>,
    pub(super) interval: Option<(f64, f64)>,
    /// What is used without load, where a line says so.
    pub(super) idle: Option<f64>,
    pub(super) days_left: Option<f64>,
    pub(super) ground: String,
}

/// Points of (load, used), and the load of today.
pub(super) fn by_load(points: &[(f64, f64)], today: f64, ceiling: f64, concurrency: bool) -> Result<Fitted, String> {
    let lowest = points.iter().map(|(load, _)| *load).fold(f64::INFINITY, f64::min);
    let highest = points.iter().map(|(load, _)| *load).fold(0.0, f64::max);
    if points.len() < 2 {
        return Err("no other snapshot holds both its load and its use".into());
    }
    if highest < SPREAD * lowest {
        let (lowest, highest) = (shown(lowest), shown(highest));
        return Err(format!("the loads ({lowest} to {highest}) are too close together; {SPREAD}x is the least"));
    }
    let law = concurrency && points.len() >= FOR_LAW;
    let mut fitted = match law.then(|| by_law(points, today, ceiling)) {
        Some(Ok(fitted)) => fitted,
        // Points that no law fits may still lie on a line.
        Some(Err(_)) | None => by_line(points, today, ceiling)?,
    };
    let reached = fitted.headroom.unwrap_or_default() * today;
    if reached > SEEN_TIMES * highest {
        fitted.ground = format!(
            "{}; {} is beyond {SEEN_TIMES}x of the highest load seen ({}): a direction, no promise",
            fitted.ground,
            shown(reached),
            shown(highest)
        );
    }
    Ok(fitted)
}

fn by_line(points: &[(f64, f64)], today: f64, ceiling: f64) -> Result<Fitted, String> {
    let line = Line::fit(points).map_err(|error| error.to_string())?;
    let at = line.reaches(ceiling).map_err(|error| error.to_string())?;
    let interval = at.low.zip(at.high).map(|(low, high)| (low.max(0.0) / today, high.max(0.0) / today));
    let bound = if interval.is_some() { "P10 to P90" } else { "two points give no interval" };
    let ground = format!("a line, {} idle, R2 {:.2}, {bound}", quantity::show(line.idle, Unit::Count), line.r2);
    Ok(Fitted {
        headroom: Some(at.load.max(0.0) / today),
        interval,
        idle: Some(line.idle.max(0.0)),
        days_left: None,
        ground,
    })
}

/// Throughput at the ceiling, or at the peak where that comes first, by today's load.
fn by_law(points: &[(f64, f64)], today: f64, ceiling: f64) -> Result<Fitted, String> {
    let measured: Vec<(f64, f64)> = points.iter().map(|(load, used)| (*used, *load)).collect();
    let fit = usl::fit(&measured).map_err(|error| error.to_string())?;
    let most = fit.model.peak().map_or(ceiling, |peak| peak.min(ceiling));
    let carried = fit.model.throughput(most).map_err(|error| error.to_string())?;
    let band = usl::band(&measured, &fit, most, SEED).ok();
    let few = if fit.cautions.contains(&Caution::FewPoints) {
        format!("; fewer than {} points", usl::ENOUGH_POINTS)
    } else {
        String::new()
    };
    let peak = if most < ceiling { "; throughput peaks below the ceiling" } else { "" };
    Ok(Fitted {
        headroom: Some(carried / today),
        interval: band.map(|band| (band.throughput.0 / today, band.throughput.1 / today)),
        idle: None,
        days_left: None,
        ground: format!("Universal Scalability Law, R2 {:.2}, P5 to P95{few}{peak}", fit.r2),
    })
}

/// Points of (seconds from now, used).
pub(super) fn by_time(points: &[(f64, f64)], ceiling: f64) -> Result<Fitted, String> {
    let line = Line::fit(points).map_err(|error| error.to_string())?;
    let now = points.first().map_or(0.0, |(_, used)| *used);
    let days_left = arithmetic::days(now, ceiling, line.slope);
    let days_left = days_left.ok_or_else(|| "it did not fill over the snapshots given".to_owned())?;
    let ground = format!("{} points in time, a line, R2 {:.2}", points.len(), line.r2);
    Ok(Fitted { headroom: None, interval: None, idle: None, days_left: Some(days_left), ground })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_loads_tell_the_idle_part_from_the_rest() {
        let fitted = by_load(&[(60.0, 80.0), (20.0, 40.0)], 60.0, 85.0, false).unwrap();
        assert!((fitted.headroom.unwrap() - 65.0 / 60.0).abs() < 1e-9, "{fitted:?}");
        assert_eq!((fitted.idle, fitted.interval), (Some(20.0), None));
    }

    #[test]
    fn three_loads_give_an_interval_around_it() {
        let fitted = by_load(&[(10.0, 31.0), (20.0, 39.0), (30.0, 51.0), (40.0, 59.0)], 40.0, 85.0, false).unwrap();
        let (low, high) = fitted.interval.unwrap();
        assert!(low < fitted.headroom.unwrap() && fitted.headroom.unwrap() < high, "{fitted:?}");
        assert!(!fitted.ground.contains("beyond"), "{fitted:?}");
        let far = by_load(&[(10.0, 31.0), (20.0, 39.0)], 20.0, 850.0, false).unwrap();
        assert!(far.ground.contains("beyond 2x of the highest load seen"), "{far:?}");
    }

    #[test]
    fn loads_too_close_and_use_that_does_not_follow_are_refused() {
        assert!(by_load(&[(60.0, 80.0)], 60.0, 85.0, false).is_err());
        assert!(by_load(&[(60.0, 80.0), (59.0, 40.0)], 60.0, 85.0, false).unwrap_err().contains("too close"));
        assert!(by_load(&[(60.0, 10.0), (20.0, 40.0)], 60.0, 85.0, false).is_err());
    }

    #[test]
    fn work_in_progress_follows_the_law_from_four_levels_on() {
        let law = usl::Model { lambda: 100.0, sigma: 0.05, kappa: 0.001 };
        let points: Vec<(f64, f64)> =
            [2.0, 4.0, 8.0, 12.0, 16.0, 20.0].map(|n| (law.throughput(n).unwrap(), n)).to_vec();
        let today = law.throughput(16.0).unwrap();
        let fitted = by_load(&points, today, 24.0, true).unwrap();
        assert!((fitted.headroom.unwrap() - law.throughput(24.0).unwrap() / today).abs() < 1e-3, "{fitted:?}");
        assert!(fitted.ground.contains("Universal Scalability Law"), "{fitted:?}");
        let beyond = by_load(&points, today, 500.0, true).unwrap();
        assert!(beyond.ground.contains("peaks below the ceiling"), "{beyond:?}");
        assert!(by_load(&points[..3], today, 24.0, true).unwrap().ground.contains("a line"));
    }

    #[test]
    fn time_is_read_off_the_snapshots() {
        let day = 86_400.0;
        let fitted = by_time(&[(0.0, 80.0), (-10.0 * day, 70.0)], 100.0).unwrap();
        assert!((fitted.days_left.unwrap() - 20.0).abs() < 1e-9, "{fitted:?}");
        assert!(by_time(&[(0.0, 60.0), (-day, 70.0)], 100.0).is_err());
    }
}
