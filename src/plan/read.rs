//! Texts of quantities into amounts. A year has 365 days and a month a twelfth of it.

use super::{figure::Figure, stated::Measure};
use crate::capacity::rate::{Per, Rate};

const DAY: f64 = 86_400.0;
const MONTH: f64 = 365.0 * DAY / 12.0;

/// Time words; `m` is a minute, as everywhere in the configuration.
const TIMES: [(&[&str], f64); 9] = [
    (&["us"], 1e-6),
    (&["ms"], 1e-3),
    (&["s", "sec", "second", "seconds"], 1.0),
    (&["m", "min", "minute", "minutes"], 60.0),
    (&["h", "hour", "hours"], 3600.0),
    (&["d", "day", "days"], DAY),
    (&["w", "week", "weeks"], 7.0 * DAY),
    (&["mo", "month", "months"], MONTH),
    (&["y", "a", "year", "years"], 12.0 * MONTH),
];

/// What one text comes to. `tail` is how many bytes of unit stand at its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    pub(super) figure: Figure,
    pub(super) measure: Measure,
    tail: usize,
}

impl Amount {
    fn new(figure: Figure, measure: Measure, tail: &str) -> Self {
        Self { figure, measure, tail: tail.len() }
    }

    /// The unit at the end of the text that it was read from.
    pub(super) fn unit(self, text: &str) -> &str {
        let text = text.trim();
        &text[text.len().saturating_sub(self.tail)..]
    }
}

/// The two ends of `20-50`.
pub(super) fn range(text: &str) -> Option<(&str, &str)> {
    let (low, high) = text.split_once(['-', '–'])?;
    let (low, high) = (low.trim(), high.trim());
    (!low.is_empty() && !high.is_empty()).then_some((low, high))
}

/// How many seconds a time word means.
pub(crate) fn time_word(word: &str) -> Option<f64> {
    TIMES.iter().find(|(words, _)| words.contains(&word.trim())).map(|(_, seconds)| *seconds)
}

pub(super) fn number(text: &str) -> Option<Amount> {
    let (_, tail) = Figure::lead(text)?;
    let (figure, rest) = Figure::scaled(text)?;
    // `10x` is a number too: a multiple.
    matches!(rest, "" | "x" | "×").then(|| Amount::new(figure, Measure::Number, tail))
}

pub(super) fn share(text: &str) -> Option<Amount> {
    let (figure, tail) = Figure::lead(text)?;
    match tail {
        // Divided, because 95 * 0.01 is a little more than 0.95.
        "%" => Some(Figure { value: figure.value / 100.0, half: figure.half / 100.0 }),
        "" => Some(figure),
        _ => None,
    }
    .map(|figure| Amount::new(figure, Measure::Share, tail))
}

pub(super) fn span(text: &str) -> Option<Amount> {
    let (figure, tail) = Figure::lead(text)?;
    let seconds = time_word(tail)?;
    Some(Amount::new(figure.times(seconds), Measure::Time, tail))
}

pub(super) fn size(text: &str) -> Option<Amount> {
    let (figure, tail) = Figure::lead(text)?;
    let bytes = crate::quantity::parse(&format!("1{tail}"), crate::snapshot::Unit::Bytes).ok()?;
    (!tail.is_empty()).then(|| Amount::new(figure.times(bytes), Measure::Size, tail))
}

/// `800/s`, `1M/day`, `800 rps`; a word between number and stroke says what is counted: `1M tasks/day`.
pub(super) fn rate(text: &str) -> Option<Amount> {
    let text = text.trim();
    let (_, tail) = Figure::lead(text)?;
    let (_, rest) = Figure::scaled(text)?;
    let per = match rest.split_once('/') {
        Some((_, word)) => word,
        None if matches!(rest.to_ascii_lowercase().as_str(), "rps" | "qps" | "tps") => "s",
        None => return None,
    };
    let number = text[..text.len() - rest.len()].replace([',', '_'], "");
    let rate = Rate::read(&format!("{}/{per}", number.trim())).ok()?;
    // Twelve statements for a month add up to that for a year, so a month is a twelfth of it here.
    let seconds = if rate.per == Per::Month { MONTH } else { rate.per.seconds() };
    let value = rate.printed.value / seconds;
    Some(Amount::new(Figure { value, half: value * rate.printed.tolerance }, Measure::Rate, tail))
}

/// Money a month: `4000`, `4K EUR`, `$350`, `8000 USD/week`.
pub(super) fn money(text: &str) -> Option<Amount> {
    let text = text.trim();
    let (before, text) = text.split_at(text.find(|c: char| c.is_ascii_digit())?);
    // `$` or `EUR` may stand before; a word may not.
    if before.trim().chars().count() > 3 || before.contains(|c: char| c.is_ascii_lowercase() || "-+.,<>".contains(c)) {
        return None;
    }
    let (_, tail) = Figure::lead(text)?;
    let (figure, rest) = Figure::scaled(text)?;
    let (currency, per) = match rest.split_once('/') {
        Some((currency, word)) => (currency.trim(), time_word(word)? / MONTH),
        None => (rest.trim(), 1.0),
    };
    (!currency.contains(|c: char| c.is_ascii_digit() || c.is_whitespace() || c == '%'))
        .then(|| Amount::new(Figure { value: figure.value / per, half: figure.half / per }, Measure::Money, tail))
}

/// Whatever it is. `5m` is a time, `5M` a number, `5MB` a size.
pub(super) fn any(text: &str) -> Option<Amount> {
    number(text).or_else(|| rate(text)).or_else(|| share(text)).or_else(|| span(text)).or_else(|| size(text))
}
