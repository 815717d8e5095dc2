//! Numbers for a person: no more digits than are known, in the plan's own time units.

use jiff::{ToSpan as _, civil::Date};

use super::line::Measure;
use crate::{
    capacity::uncertainty::{DIGITS, Firmness, significant},
    plan::time_word,
    quantity,
    snapshot::Unit,
};

/// Days of a mean month: 365.25 / 12.
pub(crate) const MONTH: f64 = 30.4375;

/// A number with its unit. What is firm has a digit more; machines and connections are shown in full.
pub(super) fn show(value: f64, unit: Measure, like: &str, firmness: Firmness) -> String {
    let digits = if firmness == Firmness::Firm { DIGITS + 1 } else { DIGITS };
    let short = |value: f64| significant(value, digits);
    let rounded = |value: f64| crate::capacity::uncertainty::rounded(value, digits);
    match unit {
        Measure::Number => short(value),
        Measure::Rate => {
            let word = like.rsplit_once('/').map_or("s", |(_, word)| word.trim());
            let (word, seconds) = time_word(word).map_or(("s", 1.0), |seconds| (word, seconds));
            format!("{}/{word}", short(value * seconds))
        }
        Measure::Bytes => quantity::show(rounded(value), Unit::Bytes),
        Measure::Seconds => quantity::show(rounded(value), Unit::Seconds),
        Measure::Months => format!("{} months", short(value)),
        Measure::Share => format!("{} %", short(value * 100.0)),
        Measure::Money => format!("{} {like}", short(value)).trim_end().to_owned(),
        Measure::Times => format!("{}x", short(value)),
        Measure::Instances | Measure::Connections => significant(value, 17),
    }
}

/// A rate, with two digits more than nothing, in the time unit of another: `240/s`, `8,640,000/day`.
pub(crate) fn rate(per_second: f64, like: &str) -> String {
    show(per_second, Measure::Rate, like, Firmness::Fair)
}

/// The day so many months later, where the calendar has it.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked first")]
pub(crate) fn after(day: Date, months: f64) -> Option<Date> {
    let days = (months * MONTH).round();
    // A span of days ends near 20,000 years.
    (days.abs() < 3e6).then(|| day.checked_add((days as i64).days()).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_more_digits_than_are_known() {
        for (value, unit, like, firmness, shown) in [
            (1200.0, Measure::Rate, "800/s", Firmness::Firm, "1,200/s"),
            (100.0, Measure::Rate, "8.64M/day", Firmness::Firm, "8,640,000/day"),
            (2437.5, Measure::Money, "EUR", Firmness::Fair, "2,400 EUR"),
            (0.3854, Measure::Share, "", Firmness::Rough, "39 %"),
            (1234.0, Measure::Instances, "", Firmness::Rough, "1,234"),
            (15e9, Measure::Bytes, "", Firmness::Firm, "14 GiB"),
            (2592.0, Measure::Seconds, "", Firmness::Firm, "43 min 10 s"),
            (2.6419, Measure::Months, "", Firmness::Fair, "2.6 months"),
            (3.333, Measure::Times, "", Firmness::Firm, "3.33x"),
        ] {
            assert_eq!(show(value, unit, like, firmness), shown);
        }
    }

    #[test]
    fn a_day_beyond_the_calendar_is_none() {
        let day: Date = "2026-11-21".parse().unwrap();
        assert_eq!(after(day, 12.0).unwrap().to_string(), "2027-11-21");
        assert_eq!(after(day, 1e9), None);
    }
}
