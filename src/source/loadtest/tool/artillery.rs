//! Artillery's report: that of version 2 (`aggregate.counters`, `aggregate.summaries`) and the older one. Times are
//! in milliseconds, instants in milliseconds since 1970.
//!
//! `vusers.failed` and `maxErrorRate` count users, not requests, so errors are counted here: answers of 400 and
//! above, and requests without an answer (`errors.*`). The report keeps no verdict of `ensure`: its exit code does.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;

use super::shaped;
use crate::source::loadtest::measured::{Latency, Measured, Model, real, total};

#[derive(Deserialize)]
struct Times {
    max: Option<f64>,
    median: Option<f64>,
    p90: Option<f64>,
    p95: Option<f64>,
    p99: Option<f64>,
}

impl Times {
    fn latency(&self) -> Latency {
        Latency { p50: self.median, p90: self.p90, p95: self.p95, p99: self.p99, max: self.max }
    }
}

#[derive(Deserialize)]
struct Report {
    aggregate: Aggregate,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Aggregate {
    counters: BTreeMap<String, u64>,
    summaries: BTreeMap<String, Times>,
    first_metric_at: Option<i64>,
    last_metric_at: Option<i64>,
}

#[derive(Deserialize)]
struct OldReport {
    aggregate: OldAggregate,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OldAggregate {
    requests_completed: u64,
    rps: OldRate,
    latency: Times,
    #[serde(default)]
    codes: BTreeMap<String, u64>,
    #[serde(default)]
    errors: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
struct OldRate {
    /// Requests made, answered or not.
    count: u64,
    mean: f64,
}

pub(super) fn read(json: Json) -> Result<Measured, String> {
    // Late reports of the older shape have `counters` too, for own metrics.
    let is_old = json.pointer("/aggregate/requestsCompleted").is_some();
    if is_old { Ok(old(shaped(json)?)) } else { new(shaped(json)?) }
}

fn new(Report { aggregate }: Report) -> Result<Measured, String> {
    let of = &aggregate.counters;
    let requests = of.get("http.requests").copied().ok_or("no counter http.requests in it")?;
    let codes = of.iter().filter_map(|(name, n)| Some((name.strip_prefix("http.codes.")?, *n)));
    let unanswered = of.iter().filter(|(name, _)| name.starts_with("errors.")).map(|(_, n)| *n);
    let (first, last) = (aggregate.first_metric_at, aggregate.last_metric_at);
    let took =
        first.zip(last).and_then(|(first, last)| u64::try_from(last.checked_sub(first)?).ok()).filter(|ms| *ms > 0);
    let duration_s = took.map(|ms| real(ms) / 1000.0);
    Ok(Measured {
        started: first.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        duration_s,
        model: Some(Model::Open),
        requests: Some(requests),
        // A failed expectation is counted in `errors.*` beside its answer: no more errors than requests.
        errors: Some(total(refused(codes).chain(unanswered)).min(requests)),
        // `rates` is the mean of time slices and not of the whole.
        rps: duration_s.map(|seconds| real(requests) / seconds),
        latency: aggregate.summaries.get("http.response_time").map(Times::latency).unwrap_or_default(),
        ..Measured::default()
    })
}

fn old(OldReport { aggregate }: OldReport) -> Measured {
    let codes = aggregate.codes.iter().map(|(code, n)| (code.as_str(), *n));
    let requests = aggregate.rps.count.max(aggregate.requests_completed);
    let errors = total(refused(codes).chain(aggregate.errors.values().copied()));
    let rps = aggregate.rps.mean;
    Measured {
        duration_s: (rps > 0.0).then(|| real(requests) / rps),
        model: Some(Model::Open),
        requests: Some(requests),
        errors: Some(errors.min(requests)),
        rps: Some(rps),
        latency: aggregate.latency.latency(),
        ..Measured::default()
    }
}

/// Answers of 400 and above.
fn refused<'a>(codes: impl Iterator<Item = (&'a str, u64)>) -> impl Iterator<Item = u64> {
    codes.filter(|(code, _)| code.parse::<u16>().is_ok_and(|code| code >= 400)).map(|(_, n)| n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::loadtest::tool::{Tool, tests::fixture};

    #[test]
    fn answers_of_400_and_above_are_errors() {
        let (tool, of) = Tool::read(None, &fixture("artillery.json")).unwrap();
        assert_eq!((tool, of.model), (Tool::Artillery, Some(Model::Open)));
        assert_eq!((of.requests, of.errors, of.error_rate()), (Some(120), Some(60), Some(0.5)));
        assert!(of.duration_s.is_some_and(|s| (5.0..7.0).contains(&s)), "{:?}", of.duration_s);
        assert!(of.rps.is_some_and(|rps| (17.0..24.0).contains(&rps)), "{:?}", of.rps);
        assert!(of.latency.p95 <= of.latency.p99 && of.latency.p99 <= of.latency.max && of.started.is_some());
    }

    #[test]
    fn a_request_without_an_answer_is_an_error_too() {
        let text = r#"{"aggregate": {"counters": {"http.requests": 10, "http.codes.200": 7, "http.codes.503": 1,
            "errors.ETIMEDOUT": 2}, "summaries": {}}}"#;
        let (_, of) = Tool::read(None, text).unwrap();
        assert_eq!((of.errors, of.latency.p95, of.duration_s), (Some(3), None, None));
    }

    #[test]
    fn the_older_report_is_read_and_its_missing_percentile_stays_missing() {
        let (_, of) = Tool::read(None, &fixture("artillery-legacy.json")).unwrap();
        assert_eq!((of.requests, of.errors), (Some(300), Some(3)));
        assert_eq!((of.latency.p50, of.latency.p95, of.latency.p99), (Some(21.3), Some(48.2), None));
        assert_eq!(of.duration_s, Some(30.0));
    }
}
