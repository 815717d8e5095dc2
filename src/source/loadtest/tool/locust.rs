//! Locust: `PREFIX_stats.csv` and the JSON of `--json-file`. Times are in milliseconds.
//!
//! The CSV's percentiles are rounded by Locust to two digits. The JSON has neither percentiles nor a total: both
//! come from its histograms.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value as Json;

use super::{rows, shaped};
use crate::source::loadtest::measured::{Latency, Measured, Model, real, total};

/// A line of the CSV. Where no request was made, times are `N/A`.
#[derive(Deserialize)]
struct Line {
    #[serde(rename = "Name")]
    name: String,
    #[serde(rename = "Request Count")]
    requests: u64,
    #[serde(rename = "Failure Count")]
    failures: u64,
    #[serde(rename = "Requests/s")]
    rps: f64,
    #[serde(rename = "50%")]
    p50: String,
    #[serde(rename = "90%")]
    p90: String,
    #[serde(rename = "95%")]
    p95: String,
    #[serde(rename = "99%")]
    p99: String,
    #[serde(rename = "Max Response Time")]
    max: String,
}

pub(super) fn csv(text: &str) -> Result<Measured, String> {
    for line in rows::<Line>(text, b',') {
        let line = line?;
        if line.name != "Aggregated" {
            continue;
        }
        let time = |text: &str| text.parse().ok();
        return Ok(Measured {
            duration_s: (line.rps > 0.0).then(|| real(line.requests) / line.rps),
            model: Some(Model::Closed),
            requests: Some(line.requests),
            errors: Some(line.failures),
            rps: Some(line.rps),
            latency: Latency {
                p50: time(&line.p50),
                p90: time(&line.p90),
                p95: time(&line.p95),
                p99: time(&line.p99),
                max: time(&line.max),
            },
            ..Measured::default()
        });
    }
    Err("it has no row `Aggregated`".into())
}

/// One endpoint of the JSON. Instants are seconds since 1970.
#[derive(Deserialize)]
struct Endpoint {
    num_requests: u64,
    num_failures: u64,
    start_time: f64,
    last_request_timestamp: Option<f64>,
    max_response_time: f64,
    /// How often each rounded time was seen.
    response_times: BTreeMap<String, u64>,
}

pub(super) fn json(json: Json) -> Result<Measured, String> {
    let endpoints: Vec<Endpoint> = shaped(json)?;
    let mut counts = Vec::new();
    for (time, count) in endpoints.iter().flat_map(|endpoint| &endpoint.response_times) {
        counts.push((time.parse().map_err(|_| format!("`{time}` in response_times is no time"))?, *count));
    }
    let requests = total(endpoints.iter().map(|endpoint| endpoint.num_requests));
    let started = endpoints.iter().map(|endpoint| endpoint.start_time).min_by(f64::total_cmp);
    let ended = endpoints.iter().filter_map(|endpoint| endpoint.last_request_timestamp).max_by(f64::total_cmp);
    let duration_s = started.zip(ended).map(|(started, ended)| ended - started).filter(|seconds| *seconds > 0.0);
    // The histogram is rounded; the maximum is not.
    let max = endpoints.iter().map(|endpoint| endpoint.max_response_time).max_by(f64::total_cmp);
    Ok(Measured {
        started: started
            .and_then(|seconds| SignedDuration::try_from_secs_f64(seconds).ok())
            .and_then(|since| Timestamp::from_duration(since).ok()),
        duration_s,
        model: Some(Model::Closed),
        requests: Some(requests),
        errors: Some(total(endpoints.iter().map(|endpoint| endpoint.num_failures))),
        rps: duration_s.map(|seconds| real(requests) / seconds),
        latency: Latency { max, ..Latency::of_counts(counts) },
        ..Measured::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::loadtest::tool::{Tool, tests::fixture};

    #[test]
    fn the_aggregated_row_of_the_csv_is_the_result() {
        let (tool, of) = Tool::read(None, &fixture("locust_stats.csv")).unwrap();
        assert_eq!((tool, of.model), (Tool::Locust, Some(Model::Closed)));
        assert_eq!((of.requests, of.errors), (Some(252), Some(17)));
        assert_eq!((of.latency.p50, of.latency.p95, of.latency.p99), (Some(20.0), Some(32.0), Some(46.0)));
        assert!(of.duration_s.is_some_and(|s| (6.0..8.5).contains(&s)), "{:?}", of.duration_s);
    }

    #[test]
    fn percentiles_of_the_json_come_from_its_histograms() {
        let (_, of) = Tool::read(None, &fixture("locust.json")).unwrap();
        // A second more of the same run: the CSV is written a little before the end.
        assert_eq!((of.requests, of.errors), (Some(276), Some(19)));
        assert_eq!((of.latency.p50, of.latency.p95), (Some(19.0), Some(32.0)));
        assert!(of.latency.max.is_some_and(|ms| (1052.0..1053.0).contains(&ms)), "{:?}", of.latency.max);
        assert_eq!(of.started.map(Timestamp::as_second), Some(1_795_226_526));
    }

    #[test]
    fn a_file_without_the_total_or_without_requests_is_refused() {
        let header = fixture("locust_stats.csv").lines().next().unwrap().to_owned();
        assert!(Tool::read(None, &header).unwrap_err().contains("Aggregated"));
        let none = format!("{header}\n,Aggregated,0,0,0,0,0,0,0,0.0,0.0,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A\n");
        assert!(Tool::read(None, &none).unwrap_err().contains("no requests"));
    }
}
