//! hey's CSV: a line an answered request, times in seconds.
//!
//! Requests without an answer are not in it at all (a run against a closed port leaves the bare header), so how
//! many failed is not known from it.

use serde::Deserialize;

use super::rows;
use crate::source::loadtest::measured::{Latency, Measured, Model, real};

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "response-time")]
    took: f64,
    /// Since the start of the test.
    offset: f64,
}

pub(super) fn read(text: &str) -> Result<Measured, String> {
    let answers: Vec<Answer> = rows(text, b',').collect::<Result<_, _>>()?;
    let duration_s = answers.iter().map(|a| a.offset + a.took).max_by(f64::total_cmp).filter(|seconds| *seconds > 0.0);
    let requests = answers.len() as u64;
    Ok(Measured {
        duration_s,
        model: Some(Model::Closed),
        requests: Some(requests),
        errors: None,
        rps: duration_s.map(|seconds| real(requests) / seconds),
        latency: Latency::of_counts(answers.iter().map(|a| (a.took * 1000.0, 1)).collect()),
        ..Measured::default()
    })
}

#[cfg(test)]
mod tests {
    use crate::source::loadtest::tool::{Tool, tests::fixture};

    #[test]
    fn how_many_failed_is_not_known() {
        let (tool, of) = Tool::read(None, &fixture("hey.csv")).unwrap();
        assert_eq!((tool, of.requests, of.errors, of.error_rate()), (Tool::Hey, Some(160), None, None));
        assert!(of.latency.p95.is_some_and(|ms| (20.0..60.0).contains(&ms)), "{:?}", of.latency);
        assert!(of.duration_s.is_some_and(|s| (3.9..4.2).contains(&s)), "{:?}", of.duration_s);
    }

    #[test]
    fn a_server_that_never_answered_leaves_nothing_to_judge() {
        let header = fixture("hey.csv").lines().next().unwrap().to_owned();
        assert!(Tool::read(None, &header).unwrap_err().contains("no requests"));
    }
}
