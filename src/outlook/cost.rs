//! The cost curve of a plan: its points, the cost of a volume, what its exponent means.

use super::case::Case;
use crate::{
    capacity::{
        self,
        cost::{Curves, Shape, per_unit, per_unit_of_daily},
    },
    check::derivation::row::Row,
};

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// How many of them a unit cost is of: of things that stand, such as users, and of things that happen.
const UNITS: (f64, f64) = (1_000.0, 1_000_000.0);

/// What a volume costs, a month.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Curve {
    /// What the volume counts.
    pub(crate) metric: String,
    /// Whether that happens (a rate) or stands (users).
    pub(crate) is_rate: bool,
    /// (volume, cost), in rising order of volume; each volume once.
    pub(crate) points: Vec<(f64, f64)>,
    /// The curves through them, or why there are none.
    pub(crate) fitted: capacity::Result<Curves>,
}

/// The cost of a volume.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cost {
    /// Between its neighbours; outside of the points by the line.
    pub(crate) value: f64,
    /// The least of all readings.
    pub(crate) low: f64,
    /// The most of all readings.
    pub(crate) high: f64,
    /// Where it lies.
    pub(crate) place: Place,
}

/// Where a volume lies on a cost curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The plan states its cost.
    Point,
    /// Between two points.
    Between,
    /// Outside of all points: an estimate.
    Beyond,
}

/// The curves of all metrics, in order of first sight.
pub(super) fn curves(case: &Case) -> Vec<Curve> {
    let rows = case.rows("plan.costs");
    let key = |row: &Row| {
        let metric = row.text("metric");
        (if metric.is_empty() { "volume".to_owned() } else { metric }, row.text("volume_measure") == "rate")
    };
    let mut keys: Vec<(String, bool)> = Vec::new();
    for row in &rows {
        if !keys.contains(&key(row)) {
            keys.push(key(row));
        }
    }
    let of = |wanted: (String, bool)| {
        let point = |row: &Row| Some((row.number("volume")?, row.number("cost")?));
        Curve::through(
            wanted.0.clone(),
            wanted.1,
            rows.iter().filter(|row| key(row) == wanted).filter_map(point).collect(),
        )
    };
    keys.into_iter().map(of).collect()
}

impl Curve {
    /// The curve through points in any order.
    pub(crate) fn through(metric: String, is_rate: bool, mut points: Vec<(f64, f64)>) -> Self {
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        // Two tables may price one volume; whether they agree is for a check to say.
        points.dedup_by(|a, b| a.0.total_cmp(&b.0).is_eq());
        let fitted = Curves::fit(&points);
        Self { metric, is_rate, points, fitted }
    }

    /// What a unit cost is of: `1,000 users`, `1 million requests`.
    pub(crate) fn unit(&self) -> String {
        if self.is_rate { format!("1 million {}", self.metric) } else { format!("1,000 {}", self.metric) }
    }

    /// A month's cost of a thousand that stand, or of a million that happen in a month of 30 days.
    pub(crate) fn each(&self, cost: f64, volume: f64) -> capacity::Result<f64> {
        if self.is_rate {
            per_unit_of_daily(cost, volume * DAY, UNITS.1)
        } else {
            per_unit(cost, volume).map(|each| each * UNITS.0)
        }
    }

    /// What one unit more costs, by the line.
    pub(crate) fn marginal(&self) -> Option<f64> {
        let each = self.fitted.as_ref().ok()?.affine.marginal;
        Some(if self.is_rate { each / (30.0 * DAY) * UNITS.1 } else { each * UNITS.0 })
    }

    /// The cost of a volume: a point as it is, between points with what the three readings differ by, outside of
    /// them by both curves.
    pub(crate) fn at(&self, volume: f64) -> capacity::Result<Cost> {
        if let Some((_, cost)) = self.points.iter().find(|(at, _)| at.total_cmp(&volume).is_eq()) {
            return Ok(Cost { value: *cost, low: *cost, high: *cost, place: Place::Point });
        }
        let estimate = self.fitted.clone()?.at(&self.points, volume)?;
        let (low, high) = (estimate.low.max(0.0), estimate.high.max(0.0));
        let place = if estimate.interpolated.is_some() { Place::Between } else { Place::Beyond };
        let value = estimate.interpolated.unwrap_or(f64::midpoint(low, high));
        Ok(Cost { value, low, high, place })
    }

    /// What the exponent means, or why there is none.
    pub(crate) fn reading(&self) -> String {
        let curves = match &self.fitted {
            Ok(curves) => curves,
            Err(error) => return format!("no curve: {error}"),
        };
        let exponent = curves.power.exponent;
        let twice = format!("twice the volume costs {:.2} times as much", 2_f64.powf(exponent));
        let words = match (curves.shape(), exponent) {
            (Shape::Proportional, _) => "each unit costs the same, there is no economy of scale".to_owned(),
            (Shape::Affine, _) => format!("a fixed part and the same cost for each further unit; {twice}"),
            (Shape::Curved, e) if e < 1.0 => format!("units get cheaper with volume; {twice}"),
            (Shape::Curved, _) => format!("units get dearer with volume; {twice}"),
        };
        if self.points.len() < 3 {
            return format!("{words}; two points lie on any curve, so take it as a guess");
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published() -> Curve {
        Curve::through("dau".into(), false, vec![(1e4, 1200.0), (1e3, 400.0), (5e4, 4500.0)])
    }

    #[test]
    fn the_published_curve_has_its_exponent_and_unit_costs() {
        let curve = published();
        assert!((curve.fitted.as_ref().unwrap().power.exponent - 0.609).abs() < 5e-4);
        let each: Vec<_> = curve.points.iter().map(|(volume, cost)| curve.each(*cost, *volume).unwrap()).collect();
        assert_eq!(each, [400.0, 120.0, 90.0]);
        assert!((curve.marginal().unwrap() - 83.3).abs() < 0.05, "{:?}", curve.marginal());
        assert!(
            curve.reading().contains("fixed part") && curve.reading().contains("1.53 times"),
            "{}",
            curve.reading()
        );
    }

    #[test]
    fn a_volume_has_the_cost_of_its_point_or_a_band() {
        let curve = published();
        let point = Cost { value: 1200.0, low: 1200.0, high: 1200.0, place: Place::Point };
        assert_eq!(curve.at(1e4).unwrap(), point);
        let between = curve.at(25e3).unwrap();
        assert!((between.value - 2437.5).abs() < 1e-9 && between.place == Place::Between, "{between:?}");
        assert!((between.low - 2422.1).abs() < 0.1 && (between.high - 2599.7).abs() < 0.1, "{between:?}");
        assert!(curve.at(1e6).unwrap().place == Place::Beyond);
    }

    #[test]
    fn a_million_that_happen_is_priced_over_a_month_of_30_days() {
        let daily = |volume: f64| volume / DAY;
        let curve = Curve::through("tasks".into(), true, vec![(daily(1e5), 2500.0), (daily(1e6), 12_000.0)]);
        assert!((curve.each(2500.0, daily(1e5)).unwrap() - 833.33).abs() < 0.01);
        assert_eq!(curve.unit(), "1 million tasks");
        assert!(curve.reading().contains("guess"), "{}", curve.reading());
    }

    #[test]
    fn one_point_is_no_curve() {
        let curve = Curve::through("users".into(), false, vec![(1e3, 400.0)]);
        assert!(curve.reading().starts_with("no curve") && curve.marginal().is_none() && curve.at(2e3).is_err());
        assert!(curve.at(1e3).is_ok());
    }
}
