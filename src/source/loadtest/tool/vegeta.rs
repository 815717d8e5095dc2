//! vegeta's JSON report. Times are in nanoseconds.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;

use super::shaped;
use crate::source::loadtest::measured::{Latency, Measured, Model, real, total};

#[derive(Deserialize)]
struct Report {
    latencies: Latencies,
    earliest: Option<Timestamp>,
    /// From the first request to the last.
    duration: u64,
    /// From the last request to its answer.
    wait: u64,
    requests: u64,
    /// By code; `0` is no answer.
    #[serde(default)]
    status_codes: BTreeMap<u16, u64>,
}

#[derive(Deserialize)]
struct Latencies {
    #[serde(rename = "50th")]
    p50: Option<f64>,
    #[serde(rename = "90th")]
    p90: Option<f64>,
    #[serde(rename = "95th")]
    p95: Option<f64>,
    #[serde(rename = "99th")]
    p99: Option<f64>,
    max: Option<f64>,
}

pub(super) fn read(json: Json) -> Result<Measured, String> {
    let report: Report = shaped(json)?;
    let of = report.latencies;
    let seconds = real(report.duration.saturating_add(report.wait)) / 1e9;
    let failed = report.status_codes.iter().filter(|(code, _)| !(200..400).contains(*code));
    Ok(Measured {
        started: report.earliest,
        duration_s: Some(seconds),
        model: Some(Model::Open),
        requests: Some(report.requests),
        errors: Some(total(failed.map(|(_, n)| *n))),
        // `rate` is how fast they were sent and `throughput` leaves the failed ones out.
        rps: (seconds > 0.0).then(|| real(report.requests) / seconds),
        latency: Latency { p50: of.p50, p90: of.p90, p95: of.p95, p99: of.p99, max: of.max }.times(1e-6),
        ..Measured::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::loadtest::tool::{Tool, tests::fixture};

    #[test]
    fn nanoseconds_become_milliseconds_and_no_answer_is_an_error() {
        let (tool, of) = Tool::read(None, &fixture("vegeta.json")).unwrap();
        assert_eq!((tool, of.model), (Tool::Vegeta, Some(Model::Open)));
        assert_eq!((of.requests, of.errors, of.rps), (Some(500), Some(5), Some(50.0)));
        assert!(of.latency.p95.is_some_and(|ms| (ms - 31.25).abs() < 1e-9), "{:?}", of.latency.p95);
        assert_eq!(of.started.map(|at| at.to_string()).as_deref(), Some("2026-11-20T10:00:00Z"));
    }
}
