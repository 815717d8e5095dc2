//! `JMeter`: the dashboard's `statistics.json` and a JTL in CSV. Times are in milliseconds.
//!
//! `pct1ResTime` to `pct3ResTime` are the 90th, 95th and 99th percentile unless `aggregate_rpt_pct1..3` were
//! changed, which the file does not say. A JTL's columns, their order and the delimiter are configurable, so its
//! header is read.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;

use super::{rows, shaped};
use crate::source::loadtest::measured::{Latency, Measured, Model, real};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Total {
    sample_count: u64,
    error_count: u64,
    median_res_time: f64,
    max_res_time: f64,
    #[serde(rename = "pct1ResTime")]
    p90: f64,
    #[serde(rename = "pct2ResTime")]
    p95: f64,
    #[serde(rename = "pct3ResTime")]
    p99: f64,
    throughput: f64,
}

pub(super) fn json(mut json: Json) -> Result<Measured, String> {
    let total: Total = shaped(json.get_mut("Total").map(Json::take).ok_or("it has no entry `Total`")?)?;
    Ok(Measured {
        duration_s: (total.throughput > 0.0).then(|| real(total.sample_count) / total.throughput),
        model: Some(Model::Closed),
        requests: Some(total.sample_count),
        errors: Some(total.error_count),
        rps: Some(total.throughput),
        latency: Latency {
            p50: Some(total.median_res_time),
            p90: Some(total.p90),
            p95: Some(total.p95),
            p99: Some(total.p99),
            max: Some(total.max_res_time),
        },
        ..Measured::default()
    })
}

#[derive(Deserialize)]
struct Sample {
    #[serde(rename = "timeStamp")]
    at: u64,
    elapsed: u64,
    success: String,
    #[serde(rename = "allThreads")]
    threads: Option<u64>,
}

pub(super) fn csv(text: &str) -> Result<Measured, String> {
    let header = text.lines().next().unwrap_or_default();
    let delimiter = [b',', b'\t', b';', b'|'].into_iter().max_by_key(|d| header.bytes().filter(|b| b == d).count());
    let (mut errors, mut users, mut counts) = (0, None, Vec::new());
    let mut span: Option<(u64, u64)> = None;
    for sample in rows::<Sample>(text, delimiter.unwrap_or(b',')) {
        let sample = sample.map_err(|error| format!("{error} (instants in milliseconds are read)"))?;
        let end = sample.at.saturating_add(sample.elapsed);
        span = Some(span.map_or((sample.at, end), |(first, last)| (first.min(sample.at), last.max(end))));
        errors += u64::from(sample.success != "true");
        users = users.max(sample.threads);
        counts.push((real(sample.elapsed), 1));
    }
    let requests = counts.len() as u64;
    let duration_s = span.map(|(first, last)| real(last - first) / 1000.0).filter(|seconds| *seconds > 0.0);
    Ok(Measured {
        started: span
            .and_then(|(first, _)| i64::try_from(first).ok())
            .and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        duration_s,
        model: Some(Model::Closed),
        requests: Some(requests),
        errors: Some(errors),
        rps: duration_s.map(|seconds| real(requests) / seconds),
        users,
        latency: Latency::of_counts(counts),
        ..Measured::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::loadtest::tool::{Tool, tests::fixture};

    #[test]
    fn the_total_of_the_dashboard_is_the_result() {
        let (tool, of) = Tool::read(None, &fixture("jmeter-statistics.json")).unwrap();
        assert_eq!((tool, of.model), (Tool::Jmeter, Some(Model::Closed)));
        assert_eq!((of.requests, of.errors, of.rps), (Some(1000), Some(5), Some(50.0)));
        assert_eq!((of.latency.p90, of.latency.p95, of.latency.p99), (Some(120.0), Some(180.0), Some(320.0)));
        assert_eq!(of.duration_s, Some(20.0));
    }

    #[test]
    fn a_jtl_is_read_by_its_header() {
        let (_, of) = Tool::read(None, &fixture("jmeter.jtl")).unwrap();
        assert_eq!((of.requests, of.errors, of.users), (Some(60), Some(29), Some(4)));
        let shuffled = "success;elapsed;timeStamp\ntrue;10;1000\nfalse;30;1010\n";
        let (_, of) = Tool::read(None, shuffled).unwrap();
        assert_eq!((of.requests, of.errors, of.users), (Some(2), Some(1), None));
        assert_eq!((of.latency.p50, of.latency.max, of.duration_s), (Some(10.0), Some(30.0), Some(0.04)));
    }

    #[test]
    fn an_instant_in_words_is_refused_with_its_line() {
        let why = Tool::read(None, "timeStamp,elapsed,success\n2026/11/20 10:00:00,10,true\n").unwrap_err();
        assert!(why.contains("line: 2") && why.contains("milliseconds"), "{why}");
    }
}
