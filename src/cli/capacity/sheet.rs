//! One calculation, as it is shown: inputs, formula, results, source.

use super::read::Written;
use crate::capacity::rate::{Per, Rate};
use crate::capacity::uncertainty::{DIGITS, significant};

/// A calculation.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) title: &'static str,
    pub(super) inputs: Vec<Input>,
    /// The formula in words.
    pub(super) formula: String,
    pub(super) results: Vec<Line>,
    /// What a reader must know to use the results.
    pub(super) notes: Vec<String>,
    /// Where the formula comes from.
    pub(super) source: &'static str,
    /// Whether what was asked for is possible.
    pub(super) fits: bool,
}

/// A number that went in.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) name: String,
    pub(super) value: f64,
    pub(super) unit: String,
    /// As it was written.
    pub(super) text: String,
    pub(super) origin: Origin,
}

/// Where an input comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// From the command line.
    Given,
    /// Nobody gave it.
    Default,
}

/// A number that came out.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) name: String,
    /// None where there is no such number, as the text says.
    pub(super) value: Option<f64>,
    pub(super) unit: String,
    pub(super) text: String,
}

/// What a number counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Measure {
    /// Whole things, shown in full: a decision, no estimate.
    Whole(&'static str),
    /// Things per time.
    Rate(Per),
    Bytes,
    Seconds,
    Share,
    /// Anything else, with its unit.
    In(String),
}

impl Measure {
    fn unit(&self) -> String {
        match self {
            Self::Whole(things) => (*things).to_owned(),
            Self::Rate(per) => format!("/{}", per.word()),
            Self::Bytes => "bytes".to_owned(),
            Self::Seconds => "s".to_owned(),
            Self::Share => "share".to_owned(),
            Self::In(unit) => unit.clone(),
        }
    }

    fn show(&self, value: f64, digits: usize) -> String {
        match self {
            Self::Whole(things) => format!("{} {things}", significant(value, 17)),
            Self::Rate(per) => format!("{}/{}", significant(value, digits), per.word()),
            Self::Bytes => scaled(value, digits, &BYTES),
            Self::Seconds => scaled(value, digits, &SECONDS),
            Self::Share => format!("{} %", significant(value * 100.0, digits)),
            Self::In(unit) => format!("{} {unit}", significant(value, digits)).trim_end().to_owned(),
        }
    }
}

const BYTES: [(f64, &str); 5] =
    [(1_099_511_627_776.0, "TiB"), (1_073_741_824.0, "GiB"), (1_048_576.0, "MiB"), (1024.0, "KiB"), (1.0, "B")];

const SECONDS: [(f64, &str); 6] =
    [(86_400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms"), (1e-6, "us")];

/// In the largest unit of which there is one or more.
fn scaled(value: f64, digits: usize, units: &[(f64, &str)]) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let found = units.iter().find(|(size, _)| value.abs() >= *size).or(units.last());
    found.map_or_else(
        || significant(value, digits),
        |(size, unit)| format!("{} {unit}", significant(value / size, digits)),
    )
}

impl Sheet {
    pub(super) fn new(title: &'static str, formula: impl Into<String>, source: &'static str) -> Self {
        let formula = formula.into();
        Self { title, inputs: vec![], formula, results: vec![], notes: vec![], source, fits: true }
    }

    pub(super) fn given(&mut self, name: &str, value: f64, unit: &str, text: impl Into<String>) {
        self.input(name, value, unit, text.into(), Origin::Given);
    }

    pub(super) fn rate(&mut self, name: &str, rate: &Rate) {
        self.given(name, rate.printed.value, &format!("/{}", rate.per.word()), rate.text.clone());
    }

    /// Notes an argument or, where it was left out, its default; returns the number that counts.
    pub(super) fn or_default(&mut self, name: &str, given: Option<&Written>, unit: &str, default: (f64, &str)) -> f64 {
        let (value, text, origin) = match given {
            Some(written) => (written.value, written.text.as_str(), Origin::Given),
            None => (default.0, default.1, Origin::Default),
        };
        self.input(name, value, unit, text.to_owned(), origin);
        value
    }

    fn input(&mut self, name: &str, value: f64, unit: &str, text: String, origin: Origin) {
        self.inputs.push(Input { name: name.to_owned(), value, unit: unit.to_owned(), text, origin });
    }

    /// An estimate: two significant digits for a person.
    pub(super) fn result(&mut self, name: impl Into<String>, value: f64, measure: &Measure) {
        self.exact(name, value, measure, DIGITS);
    }

    /// A result that justifies so many digits.
    pub(super) fn exact(&mut self, name: impl Into<String>, value: f64, measure: &Measure, digits: usize) {
        let text = measure.show(value, digits);
        self.results.push(Line { name: name.into(), value: Some(value), unit: measure.unit(), text });
    }

    /// A result that does not exist, with the reason in words.
    pub(super) fn none(&mut self, name: impl Into<String>, measure: &Measure, reason: &str) {
        self.results.push(Line { name: name.into(), value: None, unit: measure.unit(), text: reason.to_owned() });
    }

    /// A result that may not exist.
    pub(super) fn maybe(&mut self, name: impl Into<String>, value: Option<f64>, measure: &Measure, reason: &str) {
        match value {
            Some(value) => self.result(name, value, measure),
            None => self.none(name, measure, reason),
        }
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_in_the_unit_that_reads_best() {
        let table = [
            (Measure::Bytes, 16_106_127_360.0, "15 GiB"),
            (Measure::Bytes, 85e6, "81 MiB"),
            (Measure::Seconds, 0.000_088_2, "88 us"),
            (Measure::Seconds, 2592.0, "43 min"),
            (Measure::Seconds, 0.0, "0"),
            (Measure::Share, 0.5882, "59 %"),
            (Measure::Rate(Per::Second), 2437.5, "2,400/s"),
            (Measure::Whole("connections"), 1234.0, "1,234 connections"),
            (Measure::In("months".into()), 2.642, "2.6 months"),
        ];
        for (measure, value, shown) in table {
            assert_eq!(measure.show(value, DIGITS), shown);
        }
    }
}
