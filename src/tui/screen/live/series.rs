//! How numbers moved since the screens were opened: a ring of points for each, so that memory stays flat.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use jiff::Timestamp;

/// The most points of a number: an hour of one a second, two of one in two.
pub(super) const POINTS: usize = 3_600;

/// The most numbers. What was not heard of for longest goes first.
const NUMBERS: usize = 400;

/// All numbers, by names that stay the same.
#[derive(Debug, Default)]
pub(super) struct Series {
    rings: BTreeMap<String, Ring>,
}

/// One number. A point that is missing is kept as NaN; four bytes a point are enough for a picture.
#[derive(Debug)]
pub(super) struct Ring {
    points: VecDeque<f32>,
    last: Timestamp,
    /// The shortest time between two points so far, in seconds: some questions are asked in each fifth round only.
    usual: f64,
}

impl Series {
    /// Adds a point, or a gap where the number is not known. What is not newer than the last point is not added.
    /// `every` is the time between rounds: rounds that were missed become gaps.
    pub(super) fn push(&mut self, name: &str, at: Timestamp, every: Duration, value: Option<f64>) {
        if let Some(ring) = self.rings.get_mut(name) {
            ring.push(at, every, value);
            return;
        }
        if self.rings.len() >= NUMBERS
            && let Some(oldest) = self.rings.iter().min_by_key(|(_, ring)| ring.last).map(|(name, _)| name.clone())
        {
            self.rings.remove(&oldest);
        }
        let mut points = VecDeque::new();
        points.push_back(point(value));
        self.rings.insert(name.to_owned(), Ring { points, last: at, usual: f64::INFINITY });
    }

    /// A number.
    pub(super) fn get(&self, name: &str) -> Option<&Ring> {
        self.rings.get(name)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "seven places are more than a bar of eight steps shows")]
fn point(value: Option<f64>) -> f32 {
    value.map_or(f32::NAN, |value| value as f32)
}

impl Ring {
    fn push(&mut self, at: Timestamp, every: Duration, value: Option<f64>) {
        let passed = at.duration_since(self.last).as_secs_f64();
        if passed <= 0.0 {
            return;
        }
        let step = if self.usual.is_finite() { self.usual.max(every.as_secs_f64()) } else { passed };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "from 0 to POINTS"
        )]
        let missed = ((passed / step).round() - 1.0).clamp(0.0, POINTS as f64) as usize;
        // One late answer is no gap.
        if missed > 1 {
            (0..missed).for_each(|_| self.add(f32::NAN));
        }
        self.add(point(value));
        self.usual = self.usual.min(passed);
        self.last = at;
    }

    fn add(&mut self, point: f32) {
        if self.points.len() == POINTS {
            self.points.pop_front();
        }
        self.points.push_back(point);
    }

    /// The latest points, the newest last.
    pub(super) fn latest(&self, points: usize) -> Vec<Option<f64>> {
        let skipped = self.points.len().saturating_sub(points);
        self.points.iter().skip(skipped).map(|p| (!p.is_nan()).then_some(f64::from(*p))).collect()
    }

    /// The least and the most of all points; nothing where there are none.
    pub(super) fn extremes(&self) -> Option<(f64, f64)> {
        let known = self.points.iter().filter(|point| !point.is_nan());
        let (least, most) = known.fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), p| (a.min(*p), b.max(*p)));
        (least <= most).then_some((f64::from(least), f64::from(most)))
    }

    /// How many points there are, gaps among them.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.points.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: Duration = Duration::from_secs(2);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    fn of(points: &[(i64, Option<f64>)]) -> Vec<Option<f64>> {
        let mut series = Series::default();
        for (second, value) in points {
            series.push("n", at(*second), EVERY, *value);
        }
        series.get("n").unwrap().latest(100)
    }

    #[test]
    fn rounds_that_were_missed_are_gaps_and_a_late_one_is_none() {
        assert_eq!(of(&[(0, Some(1.0)), (2, Some(2.0)), (5, Some(3.0))]), [Some(1.0), Some(2.0), Some(3.0)]);
        let lost = of(&[(0, Some(1.0)), (2, Some(2.0)), (10, Some(3.0))]);
        assert_eq!(lost, [Some(1.0), Some(2.0), None, None, None, Some(3.0)]);
        assert_eq!(of(&[(0, Some(1.0)), (2, None), (4, Some(2.0))]), [Some(1.0), None, Some(2.0)]);
    }

    #[test]
    fn what_is_asked_less_often_has_no_gaps_for_that() {
        let slow: Vec<_> = (0..5).map(|n| (n * 15, Some(1.0))).collect();
        assert_eq!(of(&slow).len(), 5);
    }

    #[test]
    fn the_same_answer_is_no_second_point() {
        assert_eq!(of(&[(0, Some(1.0)), (0, Some(2.0)), (-4, Some(2.0))]), [Some(1.0)]);
    }

    #[test]
    fn memory_stays_flat_over_a_day_and_over_names_that_come_and_go() {
        let mut series = Series::default();
        for second in 0..20_000 {
            series.push("n", at(second), EVERY, Some(1.0));
        }
        // A long sleep of the machine adds no more gaps than there is room for.
        series.push("n", at(10_000_000), EVERY, Some(2.0));
        assert_eq!(series.get("n").unwrap().len(), POINTS);
        for name in 0..2_000 {
            series.push(&format!("pool {name}"), at(10_000_000 + name), EVERY, Some(1.0));
        }
        assert_eq!(series.rings.len(), NUMBERS);
        assert!(series.get("n").is_none() && series.get("pool 1999").is_some());
    }

    #[test]
    fn the_least_and_the_most_pass_over_gaps() {
        let mut series = Series::default();
        for (second, value) in [(0, Some(4.0)), (2, None), (4, Some(-1.5)), (6, Some(9.0))] {
            series.push("n", at(second), EVERY, value);
        }
        assert_eq!(series.get("n").unwrap().extremes(), Some((-1.5, 9.0)));
        series.push("none", at(0), EVERY, None);
        assert_eq!(series.get("none").unwrap().extremes(), None);
    }
}
