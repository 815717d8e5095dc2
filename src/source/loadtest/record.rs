//! A record file: what a person says of one test, because no result file says it.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, de::Error as _};

use super::{super::files, measured::Model, tool::Tool};
use crate::{check::definition::ParamValue, quantity, snapshot::Unit};

/// One test. Times are in seconds and rates in requests a second, unless the name says otherwise.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    /// What the test was for.
    pub(super) kind: TestKind,
    /// The result file, beside this one.
    #[serde(deserialize_with = "beside")]
    pub(super) result: String,
    /// Whose result it is; told by its shape where left out.
    #[serde(default)]
    pub(super) tool: Option<Tool>,
    /// When it began; the result's own word counts more.
    #[serde(default, deserialize_with = "instant")]
    pub(super) started: Option<Timestamp>,
    /// How long load was made; the result's own word counts more.
    #[serde(default, deserialize_with = "seconds")]
    pub(super) duration: Option<f64>,
    /// The load aimed at.
    #[serde(default, deserialize_with = "rate")]
    pub(super) target: Option<f64>,
    /// The multiple of today's peak aimed at.
    #[serde(default)]
    pub(super) multiple: Option<f64>,
    /// The most users at the same time; the result's own word counts more.
    #[serde(default)]
    pub(super) users: Option<u64>,
    /// How load was made; counts more than what its tool does by habit.
    #[serde(default)]
    pub(super) model: Option<Model>,
    /// The version that was tested.
    #[serde(default)]
    pub(super) release: Option<String>,
    /// What was broken on purpose.
    #[serde(default)]
    pub(super) chaos: Option<String>,
    /// How long after a spike the objectives held again.
    #[serde(default, deserialize_with = "seconds")]
    pub(super) recovered: Option<f64>,
    /// What the tool exited with.
    #[serde(default)]
    pub(super) exit_code: Option<u8>,
    /// Thresholds, where the tool's file keeps none.
    #[serde(default)]
    pub(super) gates: Vec<Gate>,
    /// The plateaus of a stepped test.
    #[serde(default)]
    pub(super) levels: Vec<Level>,
}

/// What a test is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum TestKind {
    /// Today's load, flat.
    Baseline,
    /// Steps above today's peak.
    Stress,
    /// Hours below the peak: what leaks shows.
    Soak,
    /// From nothing to the peak within a minute.
    Spike,
    /// More and more, until it breaks.
    Breakpoint,
}

impl TestKind {
    /// The word for it in files and rows.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Stress => "stress",
            Self::Soak => "soak",
            Self::Spike => "spike",
            Self::Breakpoint => "breakpoint",
        }
    }
}

/// A threshold and whether it held.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Gate {
    pub(super) expression: String,
    pub(super) ok: bool,
}

/// A plateau of a stepped test, as it was measured.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Level {
    /// Load achieved.
    #[serde(default, deserialize_with = "rate")]
    pub(super) load: Option<f64>,
    /// Milliseconds.
    #[serde(default, deserialize_with = "milliseconds")]
    pub(super) p95: Option<f64>,
    /// Failed requests of all requests.
    #[serde(default, deserialize_with = "share")]
    pub(super) errors: Option<f64>,
    /// Users at the same time.
    #[serde(default)]
    pub(super) users: Option<u64>,
}

impl Record {
    /// Reads the text of a record file.
    ///
    /// # Errors
    /// Unknown keys and wrong values, with line and column.
    pub(super) fn parse(file: &str, text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| files::mistake(file, text, &error))
    }
}

/// A quantity that is not below zero.
fn quantity<'de, D: Deserializer<'de>>(deserializer: D, unit: Unit) -> Result<Option<f64>, D::Error> {
    let number = ParamValue::deserialize(deserializer)?.read(unit).map_err(D::Error::custom)?;
    if number < 0.0 { Err(D::Error::custom("it is below zero")) } else { Ok(Some(number)) }
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    quantity(deserializer, Unit::Seconds)
}

fn milliseconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    quantity(deserializer, Unit::Milliseconds)
}

fn share<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    quantity(deserializer, Unit::Ratio)
}

/// `"1600/s"`, `"96000/min"`, or a number of requests a second.
fn rate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let number = match ParamValue::deserialize(deserializer)? {
        ParamValue::Number(number) => Some(number),
        ParamValue::Quantity(text) => {
            let (number, per) = text.split_once('/').unwrap_or((&text, "s"));
            let seconds = match per.trim() {
                "s" => Some(1.0),
                "m" | "min" => Some(60.0),
                "h" => Some(3600.0),
                _ => None,
            };
            quantity::parse(number, Unit::Count).ok().zip(seconds).map(|(number, seconds)| number / seconds)
        }
    };
    match number.filter(|number| number.is_finite() && *number >= 0.0) {
        Some(number) => Ok(Some(number)),
        None => Err(D::Error::custom("this is no rate; expected for example \"1600/s\" or \"96000/min\"")),
    }
}

/// An instant, as TOML writes it or as text.
fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Instant(toml::value::Datetime),
        Text(String),
    }
    let text = match Written::deserialize(deserializer)? {
        Written::Instant(instant) => instant.to_string(),
        Written::Text(text) => text,
    };
    let wrong = || D::Error::custom("this is no instant; expected for example \"2026-11-01T10:00:00Z\"");
    text.parse().map(Some).map_err(|_| wrong())
}

/// The name of a file in the same folder: a record leads nowhere else.
fn beside<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    if name.is_empty() || name == ".." || name.contains(['/', '\\', '\0']) {
        return Err(D::Error::custom("expected the name of a file beside this one, without a folder"));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
        kind = "stress"
        started = "2026-11-01T10:00:00Z"
        target = "96000/min"
        users = 200
        duration = "30m"
        multiple = 3
        model = "open"
        release = "2026.11.1"
        chaos = "one replica killed at 10:14"
        recovered = "4m"
        result = "k6-summary.json"
        tool = "k6"
        exit_code = 99
        gates = [ { expression = "p(95)<500", ok = true }, { expression = "rate<0.01", ok = false } ]
        [[levels]]
        load = "800/s"
        p95 = "280ms"
        errors = "0.1%"
        users = 50
        [[levels]]
        load = 1600
    "#;

    #[test]
    fn everything_that_can_be_said_is_read_in_base_units() {
        let of = Record::parse("a.toml", WHOLE).unwrap();
        assert_eq!((of.kind, of.tool, of.model), (TestKind::Stress, Some(Tool::K6), Some(Model::Open)));
        assert_eq!((of.target, of.duration, of.recovered), (Some(1600.0), Some(1800.0), Some(240.0)));
        assert_eq!((of.multiple, of.users, of.exit_code), (Some(3.0), Some(200), Some(99)));
        assert_eq!(of.gates.iter().map(|gate| gate.ok).collect::<Vec<_>>(), [true, false]);
        let level = Level { load: Some(800.0), p95: Some(280.0), errors: Some(0.001), users: Some(50) };
        assert_eq!(of.levels, [level, Level { load: Some(1600.0), p95: None, errors: None, users: None }]);
    }

    #[test]
    fn an_instant_may_be_written_as_toml_writes_it() {
        let bare = "kind = \"soak\"\nresult = \"a.json\"\nstarted = 2026-11-01T10:00:00Z\n";
        let quoted = bare.replace("2026-11-01T10:00:00Z", "\"2026-11-01T11:00:00+01:00\"");
        let read = |text: &str| Record::parse("a.toml", text).unwrap().started.unwrap().to_string();
        assert_eq!(read(bare), "2026-11-01T10:00:00Z");
        assert_eq!(read(&quoted), "2026-11-01T10:00:00Z");
    }

    #[test]
    fn a_mistake_is_refused_with_its_place() {
        let cases = [
            ("result = \"a.json\"\n", "a.toml:1:1: missing field `kind`"),
            ("kind = \"soak\"\nresult = \"a.json\"\ntargett = 3\n", "a.toml:3:1: unknown field `targett`"),
            ("kind = \"long\"\n", "a.toml:1:8: unknown variant `long`"),
            ("kind = \"soak\"\nresult = \"../a.json\"\n", "a.toml:2:10: expected the name of a file beside"),
            ("kind = \"soak\"\nresult = \"a\"\ntarget = \"fast\"\n", "a.toml:3:10: this is no rate"),
            ("kind = \"soak\"\nresult = \"a\"\nduration = \"-3m\"\n", "a.toml:3:12: it is below zero"),
            ("kind = \"soak\"\nresult = \"a\"\nstarted = \"today\"\n", "a.toml:3:11: this is no instant"),
            ("kind = \"soak\"\nresult = \"a\"\n[[levels]]\np95 = \"quick\"\n", "a.toml:4:7: `quick` is no duration"),
        ];
        for (text, expected) in cases {
            let error = Record::parse("a.toml", text).unwrap_err();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
    }
}
