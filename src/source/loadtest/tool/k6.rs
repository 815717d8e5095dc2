//! k6: the legacy summary (`--summary-export`), the data of `handleSummary`, and the machine-readable summary
//! (`--new-machine-readable-summary`). Times are in milliseconds in all of them.
//!
//! Two traps of the legacy form: `"thresholds": {"p(95)<500": true}` means that the threshold was *crossed*, and
//! `passes` of a rate counts the samples that were true, which for `http_req_failed` are the failed requests. The
//! machine-readable form keeps no thresholds: without its exit code nobody knows whether they held.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::shaped;
use crate::source::loadtest::measured::{Gates, Latency, Measured, real};

pub(super) fn read(json: Json) -> Result<Measured, String> {
    if json.get("results").is_some() {
        return machine_readable(shaped(json)?);
    }
    let summary: Summary = shaped(json)?;
    let legacy = summary.metrics.values().all(|metric| !metric.contains_key("values"));
    let values: BTreeMap<_, _> = summary
        .metrics
        .iter()
        .map(|(name, metric)| {
            let nested = metric.get("values").and_then(Json::as_object);
            (name.as_str(), if legacy { Some(metric) } else { nested })
        })
        .filter_map(|(name, values)| Some((name, values?)))
        .collect();
    let mut thresholds = Vec::new();
    for (name, metric) in &summary.metrics {
        for (expression, outcome) in metric.get("thresholds").and_then(Json::as_object).into_iter().flatten() {
            let held = match outcome {
                Json::Bool(crossed) => Some(!crossed),
                other => other.get("ok").and_then(Json::as_bool),
            };
            let held = held.ok_or_else(|| format!("`{outcome}` is no outcome of a threshold"))?;
            thresholds.push((format!("{name}: {expression}"), held));
        }
    }
    let mut measured = of_values(&values)?;
    measured.gates = Some(Gates::of(thresholds));
    let ran = summary.state.and_then(|state| state.test_run_duration_ms);
    measured.duration_s = ran.map(|ms| ms / 1000.0).or(measured.duration_s);
    Ok(measured)
}

/// Both older forms: metrics by name; in the legacy form their values lie flat beside the thresholds.
#[derive(Deserialize)]
struct Summary {
    metrics: BTreeMap<String, Map<String, Json>>,
    state: Option<State>,
}

#[derive(Deserialize)]
struct State {
    #[serde(rename = "testRunDurationMs")]
    test_run_duration_ms: Option<f64>,
}

#[derive(Deserialize)]
struct Machine {
    config: Config,
    metadata: Metadata,
    results: Results,
}

#[derive(Deserialize)]
struct Config {
    duration: Option<f64>,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(rename = "k6Version")]
    version: Option<String>,
    /// When the test had ended.
    #[serde(rename = "generatedAt")]
    generated: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Results {
    metrics: Vec<Metric>,
}

#[derive(Deserialize)]
struct Metric {
    name: String,
    values: Map<String, Json>,
}

fn machine_readable(summary: Machine) -> Result<Measured, String> {
    let values = summary.results.metrics.iter().map(|metric| (metric.name.as_str(), &metric.values)).collect();
    let mut measured = of_values(&values)?;
    measured.version = summary.metadata.version;
    measured.duration_s = summary.config.duration.or(measured.duration_s);
    let ran = measured.duration_s.and_then(|seconds| SignedDuration::try_from_secs_f64(seconds).ok());
    measured.started = summary.metadata.generated.zip(ran).and_then(|(ended, ran)| ended.checked_sub(ran).ok());
    let rate = measured.requests.zip(measured.duration_s).filter(|(_, seconds)| *seconds > 0.0);
    measured.rps = measured.rps.or(rate.map(|(requests, seconds)| real(requests) / seconds));
    Ok(measured)
}

fn of_values(metrics: &BTreeMap<&str, &Map<String, Json>>) -> Result<Measured, String> {
    let number = |metric: &str, value: &str| metrics.get(metric)?.get(value)?.as_f64();
    let whole = |metric: &str, value: &str| metrics.get(metric)?.get(value)?.as_u64();
    let requests = whole("http_reqs", "count").ok_or("no count of http_reqs in it")?;
    let rps = number("http_reqs", "rate");
    let time = |value: &str| number("http_req_duration", value);
    Ok(Measured {
        duration_s: rps.filter(|rps| *rps > 0.0).map(|rps| real(requests) / rps),
        requests: Some(requests),
        // `passes` and `matches` count what was true: here the failed requests.
        errors: whole("http_req_failed", "passes").or_else(|| whole("http_req_failed", "matches")),
        rps,
        users: whole("vus", "max").or_else(|| whole("vus_max", "max")),
        latency: Latency {
            p50: time("med"),
            p90: time("p(90)"),
            p95: time("p(95)"),
            p99: time("p(99)"),
            max: time("max"),
        },
        ..Measured::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::loadtest::tool::{Tool, tests::fixture};

    #[test]
    fn a_crossed_threshold_of_the_legacy_form_says_true() {
        let (tool, of) = Tool::read(None, &fixture("k6-legacy.json")).unwrap();
        assert_eq!(tool, Tool::K6);
        // `rate<0.01: true` at a rate of 0.5 is crossed; `p(95)<200: false` at 4.1 ms holds.
        assert_eq!(of.gates, Some(Gates { total: 2, crossed: vec!["http_req_failed: rate<0.01".into()] }));
        assert_eq!((of.requests, of.errors, of.error_rate()), (Some(5364), Some(2682), Some(0.5)));
        assert_eq!((of.users, of.latency.p95, of.latency.p99), (Some(20), Some(4.122_257_799_999_998), None));
        assert!(of.duration_s.is_some_and(|s| (10.0..10.2).contains(&s)), "{:?}", of.duration_s);
    }

    #[test]
    fn the_data_of_handle_summary_says_ok_plainly() {
        let (_, of) = Tool::read(None, &fixture("k6-handle-summary.json")).unwrap();
        assert_eq!(of.gates, Some(Gates { total: 2, crossed: vec!["http_req_duration: p(95)<200".into()] }));
        assert_eq!((of.requests, of.errors, of.users), (Some(1000), Some(4), Some(50)));
        assert_eq!((of.latency.p95, of.latency.p99, of.duration_s), (Some(212.5), Some(340.0), Some(10.25)));
    }

    #[test]
    fn the_machine_readable_form_knows_no_thresholds() {
        let (_, of) = Tool::read(None, &fixture("k6-machine-readable.json")).unwrap();
        assert_eq!((of.gates, of.version.as_deref()), (None, Some("2.2.0")));
        assert_eq!((of.requests, of.errors, of.rps, of.duration_s), (Some(1000), Some(4), Some(100.0), Some(10.0)));
        assert_eq!(of.started.map(|at| at.to_string()).as_deref(), Some("2026-11-20T10:00:00Z"));
    }

    #[test]
    fn a_test_without_http_requests_is_refused() {
        let why = Tool::read(Some(Tool::K6), r#"{"metrics": {}, "root_group": {}}"#).unwrap_err();
        assert!(why.contains("http_reqs") && why.contains("--summary-export"), "{why}");
        let why = Tool::read(
            None,
            r#"{"metrics": {"http_reqs": {"count": 1, "thresholds": {"rate>1": 3}}}, "root_group": {}}"#,
        );
        assert!(why.unwrap_err().contains("no outcome of a threshold"));
    }
}
