//! Numbers of a plan in words, in the units that the plan itself uses.

use crate::{plan::time_word, quantity::show, snapshot::Unit};

/// A count, or money: whole, with thousands set apart.
pub(super) fn count(number: f64) -> String {
    show(if number.abs() >= 100.0 { number.round() } else { number }, Unit::Count)
}

/// A share in percent.
pub(super) fn percent(share: f64) -> String {
    show(share, Unit::Ratio)
}

/// A time.
pub(super) fn time(seconds: f64) -> String {
    show(seconds, Unit::Seconds)
}

/// A size.
pub(super) fn size(bytes: f64) -> String {
    let step = [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("KB", 1e3)].into_iter().find(|(_, size)| bytes >= *size);
    step.map_or_else(|| format!("{} B", figure(bytes)), |(word, size)| format!("{} {word}", figure(bytes / size)))
}

/// A number as plans print it: `9999`, `12.3`, `864M`.
pub(super) fn figure(number: f64) -> String {
    let size = number.abs();
    let scale = [("B", 1e9), ("M", 1e6), ("K", 1e3)].into_iter().find(|(_, scale)| size >= *scale && size >= 1e5);
    let (shown, word) = scale.map_or((number, ""), |(word, scale)| (number / scale, word));
    let places = match shown.abs() {
        n if n >= 99.95 => 0,
        n if n >= 9.995 => 1,
        _ => 2,
    };
    let text = format!("{shown:.places$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}{word}")
}

/// A rate in the unit of another text: `1M/day` makes it per day.
pub(super) fn rate(per_second: f64, like: &str) -> String {
    let word = like.rsplit_once('/').map_or("s", |(_, word)| word.trim());
    let (word, seconds) = time_word(word).map_or(("s", 1.0), |seconds| (word, seconds));
    format!("{}/{word}", figure(per_second * seconds))
}

/// A value in the unit of a measure.
pub(super) fn measured(value: f64, measure: &str, like: &str) -> String {
    match measure {
        "rate" => rate(value, like),
        "share" => percent(value),
        "time" => time(value),
        "size" => size(value),
        _ => figure(value),
    }
}

/// How many times one is the other, whichever is larger.
pub(super) fn times(one: f64, other: f64) -> String {
    let factor = if one > other { one / other } else { other / one };
    if factor.is_finite() { figure(factor) } else { "infinitely many".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short_and_in_the_plans_own_units() {
        assert_eq!(rate(9999.0, "1M/day"), "864M/day");
        assert_eq!(rate(9999.0, "3333/s"), "9999/s");
        assert_eq!(figure(12.346), "12.3");
        assert_eq!(size(2.5e7), "25 MB");
        assert_eq!(count(34_761.9), "34,762");
        assert_eq!(times(3333.0, 12.34), "270");
    }
}
