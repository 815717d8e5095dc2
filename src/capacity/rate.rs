//! Rates as people write them: `800/s`, `40K/h`, `1M/day`, `100M/year`.
//!
//! A month has 30 days and a year 365, as in plans and service objectives; no calendar is consulted.

use super::printed::Printed;
use super::{CapacityError, Result};

/// Two statements with a single digit each, such as `1M/day`, are meant as round numbers, not as anything from 0.5M
/// to 1.5M: no statement is taken as less exact than this.
const WIDEST_TOLERANCE: f64 = 0.025;

/// The time that a rate refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Per {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day of 24 hours.
    Day,
    /// A week of 7 days.
    Week,
    /// A month of 30 days.
    Month,
    /// A year of 365 days.
    Year,
}

impl Per {
    /// All of them, from the shortest.
    pub const ALL: [Self; 7] = [Self::Second, Self::Minute, Self::Hour, Self::Day, Self::Week, Self::Month, Self::Year];

    /// Its length.
    pub fn seconds(self) -> f64 {
        match self {
            Self::Second => 1.0,
            Self::Minute => 60.0,
            Self::Hour => 3600.0,
            Self::Day => 86_400.0,
            Self::Week => 604_800.0,
            Self::Month => 2_592_000.0,
            Self::Year => 31_536_000.0,
        }
    }

    /// How it is written behind the stroke.
    pub fn word(self) -> &'static str {
        match self {
            Self::Second => "s",
            Self::Minute => "min",
            Self::Hour => "h",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    fn read(word: &str) -> Option<Self> {
        Some(match word {
            "s" | "sec" | "second" => Self::Second,
            "min" | "minute" => Self::Minute,
            "h" | "hour" => Self::Hour,
            "d" | "day" => Self::Day,
            "w" | "week" => Self::Week,
            "mo" | "month" => Self::Month,
            "y" | "year" => Self::Year,
            _ => return None,
        })
    }
}

/// A rate, with the words that it was given in.
#[derive(Debug, Clone, PartialEq)]
pub struct Rate {
    /// Things per second.
    pub per_second: f64,
    /// The time that it was stated for.
    pub per: Per,
    /// The number as it was stated for that time.
    pub printed: Printed,
    /// The text as it was written.
    pub text: String,
}

impl Rate {
    /// Reads a rate such as `800/s`, `40K/h`, `4000/min` or `100M/year`.
    pub fn read(text: &str) -> Result<Self> {
        let text = text.trim();
        let wrong = || {
            CapacityError::new(
                format!("`{text}` is no rate"),
                "for example 800/s, 4000/min, 40K/h, 1M/day or 100M/year",
            )
        };
        let (number, unit) = text.split_once('/').ok_or_else(wrong)?;
        let per = Per::read(unit.trim()).ok_or_else(wrong)?;
        let printed = Printed::read(number.trim()).map_err(|_| wrong())?;
        let per_second = printed.value / per.seconds();
        if per_second == 0.0 {
            return Err(wrong());
        }
        Ok(Self { per_second, per, printed, text: text.to_owned() })
    }

    /// The same rate for another time.
    pub fn per(&self, per: Per) -> f64 {
        self.per_second * per.seconds()
    }

    /// Whether two statements can be the same quantity: within half a unit of the last digit that each prints, and
    /// within 2.5 % where a statement prints a single digit.
    ///
    /// Between a month and a year, twelve months are as good as 365 days.
    pub fn agrees(&self, other: &Self) -> bool {
        let range = |rate: &Self, value: f64| {
            let tolerance = rate.printed.tolerance.min(WIDEST_TOLERANCE);
            (value * (1.0 - tolerance), value * (1.0 + tolerance))
        };
        let (low, high) = range(self, self.per_second);
        let near = |value: f64| {
            let (from, to) = range(other, value);
            from <= high && low <= to
        };
        let twelve_months = match (self.per, other.per) {
            (Per::Month, Per::Year) => Some(365.0 / 360.0),
            (Per::Year, Per::Month) => Some(360.0 / 365.0),
            _ => None,
        };
        near(other.per_second) || twelve_months.is_some_and(|factor| near(other.per_second * factor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Rate {
        Rate::read(text).unwrap()
    }

    #[test]
    fn what_people_write_is_read_per_second() {
        let table = [
            ("800/s", 800.0, 3, 0.5 / 800.0),
            ("40K/h", 40_000.0 / 3600.0, 2, 0.0125),
            ("1M/day", 1e6 / 86_400.0, 1, 0.5),
            ("4000/min", 4000.0 / 60.0, 4, 0.5 / 4000.0),
            ("100M/year", 1e8 / 31_536_000.0, 3, 0.005),
            ("8.64M/day", 100.0, 3, 0.005 / 8.64),
            ("0.05k / month", 50.0 / 2_592_000.0, 1, 0.1),
            ("2B/week", 2e9 / 604_800.0, 1, 0.25),
        ];
        for (text, per_second, digits, tolerance) in table {
            let read = rate(text);
            assert!((read.per_second / per_second - 1.0).abs() < 1e-12, "{read:?}");
            assert_eq!(read.printed.digits, digits, "{text}");
            assert!((read.printed.tolerance / tolerance - 1.0).abs() < 1e-9, "{read:?}");
            assert_eq!(read.text, text);
        }
    }

    #[test]
    fn nonsense_is_refused_with_an_example() {
        for text in [
            "",
            "800",
            "/s",
            "800/",
            "800/parsec",
            "-1/s",
            "1e3/s",
            "1,000/s",
            "1.2.3/s",
            ".5/s",
            "5./s",
            "0/s",
            "NaN/s",
            "5m/s",
            "K/s",
            "1KM/s",
            "8é/s",
        ] {
            let error = Rate::read(text).unwrap_err();
            assert!(error.to_string().contains("expected for example 800/s"), "{text}: {error}");
        }
    }

    #[test]
    fn statements_of_one_quantity_agree_within_what_they_print() {
        let table = [
            ("100000/h", "27.8/s", true),
            ("100000/h", "27/s", false),
            ("40K/h", "960K/day", true),
            ("40K/h", "1M/day", false),
            ("1M/year", "83K/month", true),
            ("1M/year", "100K/month", false),
            ("100M/year", "8.33M/month", true),
            ("100M/year", "8.22M/month", true),
            ("8.33M/month", "100M/year", true),
            ("1M/day", "365M/year", true),
        ];
        for (left, right, agree) in table {
            assert_eq!(rate(left).agrees(&rate(right)), agree, "{left} and {right}");
            assert_eq!(rate(right).agrees(&rate(left)), agree, "{right} and {left}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_read_as_nonsense(text in "[0-9.kKMBe+-]{0,12}(/[a-z]{0,6})?") {
            if let Ok(rate) = Rate::read(&text) {
                proptest::prop_assert!(rate.per_second.is_finite() && rate.per_second > 0.0);
                proptest::prop_assert!(rate.printed.tolerance > 0.0 && rate.printed.digits > 0);
            }
        }

        #[test]
        fn a_printed_rate_is_read_back(number in 1_u32..1_000_000, unit in 0_usize..7) {
            let per = Per::ALL[unit];
            let read = Rate::read(&format!("{number}/{}", per.word())).unwrap();
            proptest::prop_assert!((read.per(per) / f64::from(number) - 1.0).abs() < 1e-12);
            proptest::prop_assert!(read.agrees(&read.clone()));
        }
    }
}
