//! What every load-test tool's result comes to, in one shape.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How a tool makes load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Model {
    /// Requests start on a schedule, whether or not earlier ones were answered.
    Open,
    /// A user waits for the answer before it asks again: a slow system is asked less, and its worst moments are
    /// measured least (coordinated omission).
    Closed,
}

/// A result. What the tool does not say is `None`, never zero.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Measured {
    /// The tool's version.
    pub(super) version: Option<String>,
    /// When the first request was made.
    pub(super) started: Option<Timestamp>,
    /// Seconds of load.
    pub(super) duration_s: Option<f64>,
    /// How load was made, where the tool knows one way only.
    pub(super) model: Option<Model>,
    /// Requests made.
    pub(super) requests: Option<u64>,
    /// Requests that failed: no answer, or one that the tool counts as a failure (for HTTP 4xx and 5xx).
    pub(super) errors: Option<u64>,
    /// Requests a second, failed ones included.
    pub(super) rps: Option<f64>,
    /// The most users at the same time.
    pub(super) users: Option<u64>,
    /// Response times.
    pub(super) latency: Latency,
    /// The tool's own thresholds; `None` where its file keeps none.
    pub(super) gates: Option<Gates>,
}

impl Measured {
    /// Failed requests of all requests.
    pub(super) fn error_rate(&self) -> Option<f64> {
        let requests = self.requests.filter(|n| *n > 0)?;
        Some(real(self.errors?) / real(requests))
    }
}

/// Response times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Latency {
    pub(super) p50: Option<f64>,
    pub(super) p90: Option<f64>,
    pub(super) p95: Option<f64>,
    pub(super) p99: Option<f64>,
    pub(super) max: Option<f64>,
}

impl Latency {
    /// From response times in milliseconds, each with how often it was seen: the smallest time within which that
    /// share of all requests was answered (nearest rank).
    pub(super) fn of_counts(mut counts: Vec<(f64, u64)>) -> Self {
        counts.sort_by(|a, b| a.0.total_cmp(&b.0));
        let all = total(counts.iter().map(|(_, n)| *n));
        let within = |percent: u64| {
            let mut seen: u64 = 0;
            counts.iter().find_map(|(ms, n)| {
                seen = seen.saturating_add(*n);
                (u128::from(seen) * 100 >= u128::from(all) * u128::from(percent) && seen > 0).then_some(*ms)
            })
        };
        Self { p50: within(50), p90: within(90), p95: within(95), p99: within(99), max: within(100) }
    }

    /// The same times in another unit.
    pub(super) fn times(self, factor: f64) -> Self {
        let times = |ms: Option<f64>| ms.map(|ms| ms * factor);
        Self {
            p50: times(self.p50),
            p90: times(self.p90),
            p95: times(self.p95),
            p99: times(self.p99),
            max: times(self.max),
        }
    }
}

/// A tool's own thresholds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Gates {
    pub(super) total: u64,
    /// Those that were crossed, as they are written.
    pub(super) crossed: Vec<String>,
}

impl Gates {
    /// From each and whether it held.
    pub(super) fn of(all: Vec<(String, bool)>) -> Self {
        let total = all.len() as u64;
        Self { total, crossed: all.into_iter().filter(|(_, held)| !held).map(|(gate, _)| gate).collect() }
    }
}

/// A sum that a hostile file cannot make overflow.
pub(super) fn total(counts: impl IntoIterator<Item = u64>) -> u64 {
    counts.into_iter().fold(0, u64::saturating_add)
}

/// A count as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53 requests or milliseconds")]
pub(super) fn real(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_nearest_rank() {
        let hundred: Vec<_> = (1..=100).rev().map(|ms| (f64::from(ms), 1)).collect();
        let of = Latency::of_counts(hundred);
        assert_eq!((of.p50, of.p95, of.p99, of.max), (Some(50.0), Some(95.0), Some(99.0), Some(100.0)));
        let of = Latency::of_counts(vec![(1000.0, 1), (2.0, 98), (5.0, 1)]);
        assert_eq!((of.p50, of.p95, of.p99, of.max), (Some(2.0), Some(2.0), Some(5.0), Some(1000.0)));
        assert_eq!(Latency::of_counts(Vec::new()), Latency::default(), "nothing measured is no number");
    }

    #[test]
    fn a_rate_of_nothing_is_no_number() {
        let of = |requests, errors| Measured { requests, errors, ..Measured::default() }.error_rate();
        assert_eq!(of(Some(200), Some(1)), Some(0.005));
        assert_eq!(of(Some(0), Some(0)), None);
        assert_eq!(of(Some(200), None), None);
    }
}
