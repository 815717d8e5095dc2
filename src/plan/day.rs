//! Days of a plan, and dates with a weekday that can be checked.

use std::borrow::Cow;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::SerializeMap};

/// A day: `2027-01-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.trim().parse().map(Self).map_err(|_| D::Error::custom("this is no day; expected for example `2027-01-31`"))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("day", &self.0.to_string())?;
        map.end()
    }
}

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

/// Days from an instant until a day begins (UTC); negative for a day that has passed.
pub(super) fn days_until(day: &str, now: Timestamp) -> Option<f64> {
    let day: Date = day.parse().ok()?;
    let begins = day.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some((begins.duration_since(now)).as_secs_f64() / 86_400.0)
}

/// What a date as people write it says: the day, and the weekday that it claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) day: Date,
    pub(super) weekday: Option<&'static str>,
}

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// `2024-12-01`, `Sun, 01 Dec 2024 10:00:00 GMT`, `Sunday 1 December 2024`, `December 1, 2024`.
pub(super) fn written(text: &str) -> Option<Written> {
    let mut words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let named = words.first().and_then(|first| weekday_named(first));
    if named.is_some() {
        words.remove(0);
    }
    let head = words.iter().take(3).copied().collect::<Vec<_>>().join(" ");
    let first = words.first().copied().unwrap_or_default();
    let formats = ["%d %b %Y", "%d %B %Y", "%B %d %Y", "%b %d %Y"];
    let day = first.parse().ok().or_else(|| formats.iter().find_map(|format| Date::strptime(format, &head).ok()))?;
    Some(Written { day, weekday: named })
}

fn weekday_named(word: &str) -> Option<&'static str> {
    let word = word.trim_end_matches('.').to_lowercase();
    let fits = |day: &&&str| word.len() >= 3 && day.to_lowercase().starts_with(&word);
    WEEKDAYS.iter().find(fits).copied()
}

/// The weekday of a day.
pub(super) fn weekday(day: Date) -> &'static str {
    WEEKDAYS[usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default() % 7]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_as_people_write_it_keeps_its_claimed_weekday() {
        for (text, claimed) in [
            ("Thu, 01 Dec 2024 10:00:00 GMT", Some("Thursday")),
            ("Sunday 1 December 2024", Some("Sunday")),
            ("December 1, 2024", None),
            ("2024-12-01", None),
        ] {
            let read = written(text).unwrap();
            assert_eq!((read.day.to_string().as_str(), read.weekday), ("2024-12-01", claimed), "{text}");
            assert_eq!(weekday(read.day), "Sunday");
        }
        assert_eq!(written("some day"), None);
    }

    #[test]
    fn days_are_counted_from_the_asking() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        assert_eq!(days_until("2026-11-22", now), Some(0.5));
        assert_eq!(days_until("2026-11-20", now), Some(-1.5));
    }
}
