//! oha's JSON. `summary` and `latencyPercentiles` are in seconds; `metrics.latency_ms`, where there is one, says
//! the same in milliseconds and is not needed.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

use super::shaped;
use crate::source::loadtest::measured::{Latency, Measured, real, total};

/// Requests that were under way when time was up: cut off by the tool, not failed by the system.
const CUT_OFF: &str = "aborted due to deadline";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    summary: Summary,
    latency_percentiles: Percentiles,
    #[serde(default)]
    status_code_distribution: BTreeMap<String, u64>,
    #[serde(default)]
    error_distribution: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    total: f64,
    slowest: Option<f64>,
}

#[derive(Deserialize)]
struct Percentiles {
    p50: Option<f64>,
    p90: Option<f64>,
    p95: Option<f64>,
    p99: Option<f64>,
}

pub(super) fn read(json: Json) -> Result<Measured, String> {
    let report: Report = shaped(json)?;
    let of = &report.latency_percentiles;
    let latency = Latency { p50: of.p50, p90: of.p90, p95: of.p95, p99: of.p99, max: report.summary.slowest };
    let codes = &report.status_code_distribution;
    let refused = codes.iter().filter(|(code, _)| code.parse::<u16>().is_ok_and(|code| code >= 400));
    let unanswered = report.error_distribution.iter().filter(|(error, _)| *error != CUT_OFF);
    let errors = total(refused.chain(unanswered.clone()).map(|(_, n)| *n));
    let requests = total(codes.iter().chain(unanswered).map(|(_, n)| *n));
    let seconds = report.summary.total;
    Ok(Measured {
        duration_s: Some(seconds),
        // Closed without -q, open with it; the file does not say.
        model: None,
        requests: Some(requests),
        errors: Some(errors),
        // The file's own figure counts those cut off too.
        rps: (seconds > 0.0).then(|| real(requests) / seconds),
        latency: latency.times(1000.0),
        ..Measured::default()
    })
}

#[cfg(test)]
mod tests {
    use crate::source::loadtest::tool::{Tool, tests::fixture};

    #[test]
    fn seconds_become_milliseconds_and_the_cut_off_are_no_errors() {
        let (tool, of) = Tool::read(None, &fixture("oha.json")).unwrap();
        assert_eq!((tool, of.model, of.errors), (Tool::Oha, None, Some(0)));
        assert_eq!((of.requests, of.latency.p95), (Some(160), Some(29.545_078)), "one more was cut off");
        assert!(of.rps.is_some_and(|rps| (39.9..40.0).contains(&rps)), "{:?}", of.rps);
        let text = r#"{"summary": {"total": 2.0, "requestsPerSec": 50.0, "slowest": 0.5},
            "latencyPercentiles": {"p95": 0.25}, "statusCodeDistribution": {"200": 90, "503": 4},
            "errorDistribution": {"aborted due to deadline": 4, "Connection refused": 6}}"#;
        let (_, of) = Tool::read(None, text).unwrap();
        assert_eq!((of.requests, of.errors, of.error_rate()), (Some(100), Some(10), Some(0.1)));
        assert_eq!((of.latency.p95, of.latency.p99, of.latency.max), (Some(250.0), None, Some(500.0)));
    }
}
