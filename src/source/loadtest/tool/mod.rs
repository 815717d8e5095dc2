//! The tools whose results are read: one small pure file each, from text to a [`Measured`].

mod artillery;
mod hey;
mod jmeter;
mod k6;
mod locust;
mod oha;
mod vegeta;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value as Json;

use super::measured::Measured;

/// A tool that makes load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Tool {
    K6,
    Locust,
    Artillery,
    Jmeter,
    Oha,
    Vegeta,
    Hey,
}

impl Tool {
    const ALL: [Self; 7] = [Self::K6, Self::Locust, Self::Artillery, Self::Jmeter, Self::Oha, Self::Vegeta, Self::Hey];

    /// The word for it in files and rows.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::K6 => "k6",
            Self::Locust => "locust",
            Self::Artillery => "artillery",
            Self::Jmeter => "jmeter",
            Self::Oha => "oha",
            Self::Vegeta => "vegeta",
            Self::Hey => "hey",
        }
    }

    /// How its result is made.
    fn made_by(self) -> &'static str {
        match self {
            Self::K6 => "k6's JSON summary (--summary-export FILE, or data of handleSummary)",
            Self::Locust => "Locust's PREFIX_stats.csv (--csv PREFIX) or JSON (--json-file FILE)",
            Self::Artillery => "Artillery's JSON report (--output FILE)",
            Self::Jmeter => "JMeter's statistics.json, or a JTL in CSV with its header",
            Self::Oha => "oha's JSON (--output-format json)",
            Self::Vegeta => "vegeta's JSON (vegeta report -type=json)",
            Self::Hey => "hey's CSV (-o csv)",
        }
    }

    /// Reads a result; where no tool is named, the text's shape says whose it is.
    ///
    /// # Errors
    /// What is wrong and what was expected.
    pub(super) fn read(named: Option<Self>, text: &str) -> Result<(Self, Measured), String> {
        let text = text.trim_start_matches('\u{feff}');
        let content = Content::of(text);
        let Some(tool) = named.or_else(|| content.as_ref().ok().and_then(Content::tool)) else {
            return Err(unrecognised(content.err()));
        };
        let expected = |what: String| format!("{what}; expected {}", tool.made_by());
        let measured = match (tool, content.map_err(expected)?) {
            (Self::K6, Content::Json(json)) => k6::read(json),
            (Self::Locust, Content::Json(json)) => locust::json(json),
            (Self::Locust, Content::Csv(text)) => locust::csv(text),
            (Self::Artillery, Content::Json(json)) => artillery::read(json),
            (Self::Jmeter, Content::Json(json)) => jmeter::json(json),
            (Self::Jmeter, Content::Csv(text)) => jmeter::csv(text),
            (Self::Oha, Content::Json(json)) => oha::read(json),
            (Self::Vegeta, Content::Json(json)) => vegeta::read(json),
            (Self::Hey, Content::Csv(text)) => hey::read(text),
            (_, Content::Json(_)) => Err("it is JSON".into()),
            (_, Content::Csv(_)) => Err("it is no JSON".into()),
        };
        let measured = measured.map_err(expected)?;
        match measured.requests {
            Some(0) | None => Err(expected("it holds no requests".into())),
            Some(_) => Ok((tool, measured)),
        }
    }
}

fn unrecognised(why: Option<String>) -> String {
    let why = why.unwrap_or_else(|| "its shape is of no tool that is known".into());
    format!("{why}; expected a result of {}", Tool::ALL.map(Tool::word).join(", "))
}

/// A result file, told apart by its first character: all JSON results are objects or arrays.
enum Content<'t> {
    Json(Json),
    Csv(&'t str),
}

impl<'t> Content<'t> {
    fn of(text: &'t str) -> Result<Self, String> {
        if text.trim_start().starts_with(['{', '[']) {
            serde_json::from_str(text).map(Self::Json).map_err(|error| format!("it is no whole JSON: {error}"))
        } else {
            Ok(Self::Csv(text))
        }
    }

    /// Whose result it is.
    fn tool(&self) -> Option<Tool> {
        let is = |tool| match tool {
            Tool::K6 => self.has("/results/metrics") || (self.has("/metrics") && self.has("/root_group")),
            Tool::Locust => self.has("/0/num_requests") || self.header("Type,Name,Request Count,"),
            Tool::Artillery => self.has("/aggregate"),
            Tool::Jmeter => self.has("/Total/sampleCount") || (self.column("timeStamp") && self.column("elapsed")),
            Tool::Oha => self.has("/summary/requestsPerSec"),
            Tool::Vegeta => self.has("/latencies") && self.has("/bytes_in"),
            Tool::Hey => self.header("response-time,DNS+dialup,"),
        };
        Tool::ALL.into_iter().find(|tool| is(*tool))
    }

    fn has(&self, pointer: &str) -> bool {
        matches!(self, Self::Json(json) if json.pointer(pointer).is_some())
    }

    fn header(&self, start: &str) -> bool {
        matches!(self, Self::Csv(text) if text.starts_with(start))
    }

    fn column(&self, word: &str) -> bool {
        matches!(self, Self::Csv(text) if text.lines().next().is_some_and(|line| line.contains(word)))
    }
}

/// A JSON document as what a tool writes.
fn shaped<T: DeserializeOwned>(json: Json) -> Result<T, String> {
    serde_json::from_value(json).map_err(|error| error.to_string())
}

/// The rows of a CSV, by the names in its header; `delimiter` stands between the fields.
fn rows<T: DeserializeOwned>(text: &str, delimiter: u8) -> impl Iterator<Item = Result<T, String>> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .from_reader(text.as_bytes())
        .into_deserialize()
        .map(|row| row.map_err(|error| error.to_string()))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The recorded or documented output of a tool; its README says which is which.
    #[expect(clippy::disallowed_methods, reason = "what real programs wrote stands in files of its own")]
    pub(in crate::source::loadtest) fn fixture(name: &str) -> String {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/loadtests");
        std::fs::read_to_string(std::path::Path::new(folder).join(name)).unwrap()
    }

    #[test]
    fn what_is_no_result_says_what_was_expected() {
        let why = |named, text: &str| Tool::read(named, text).unwrap_err();
        assert!(why(None, "hello").contains("expected a result of k6, locust"));
        assert!(why(None, "{\"a\": 1}").contains("of no tool that is known"));
        assert!(why(None, "{\"metrics\": ").contains("no whole JSON"), "a file that was cut off");
        assert!(why(Some(Tool::Vegeta), "a,b\n1,2\n").contains("it is no JSON; expected vegeta's JSON"));
        assert!(why(Some(Tool::Hey), "{}").contains("it is JSON; expected hey's CSV"));
        assert!(why(Some(Tool::Oha), "{}").contains("missing field `summary`; expected oha's JSON"));
    }

    #[test]
    fn numbers_at_the_end_of_their_range_overflow_nothing() {
        let (most, least) = (u64::MAX, i64::MIN);
        let texts = [
            format!(
                r#"{{"aggregate": {{"counters": {{"http.requests": 1, "http.codes.500": {most}, "errors.X": {most}}},
                "summaries": {{}}, "firstMetricAt": {least}, "lastMetricAt": {}}}}}"#,
                i64::MAX
            ),
            format!(
                r#"{{"latencies": {{}}, "bytes_in": {{}}, "duration": {most}, "wait": {most}, "requests": {most},
                "status_codes": {{"0": {most}, "500": {most}}}}}"#
            ),
            format!("timeStamp,elapsed,success\n{most},{most},true\n0,0,false\n"),
            format!(
                r#"{{"summary": {{"total": 0, "requestsPerSec": 1}}, "latencyPercentiles": {{}},
                "statusCodeDistribution": {{"200": {most}, "500": {most}}}, "errorDistribution": {{"x": {most}}}}}"#
            ),
            fixture("locust.json").replace("257", &most.to_string()),
        ];
        for text in texts {
            assert!(Tool::read(None, &text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_result_cut_off_at_any_byte_is_refused_or_read_and_never_a_panic() {
        let names = ["k6-legacy.json", "locust_stats.csv", "locust.json", "oha.json", "vegeta.json", "jmeter.jtl"];
        for name in names {
            let whole = fixture(name);
            for end in (0..whole.len()).step_by(7) {
                if let Some(part) = whole.get(..end) {
                    let read = Tool::read(None, part);
                    assert!(read.is_err() || !name.ends_with("json"), "{name} cut off at {end} was read");
                }
            }
        }
    }
}
