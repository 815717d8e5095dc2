//! Durations and lists as attributes and prose write them.

use std::time::Duration;

use crate::{quantity, snapshot::Unit};

/// The longest duration that makes sense in a runbook: a year.
const LONGEST: f64 = 366.0 * 86_400.0;

/// `10s`, `5m`, `250ms`. A bare number is refused: of what?
///
/// # Errors
/// What was expected.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no duration; expected for example 10s, 5m or 250ms");
    if text.ends_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Err(format!("`{text}` has no unit; write `{text}s` for seconds, `{text}m` for minutes"));
    }
    let seconds = quantity::parse(text, Unit::Seconds).map_err(|_| wrong())?;
    if !(0.0..=LONGEST).contains(&seconds) {
        return Err(format!("`{text}` is out of bounds; expected a duration from 0s to a year"));
    }
    Duration::try_from_secs_f64(seconds).map_err(|_| wrong())
}

/// The same as prose writes it: `10 s`, `5 min`, `2 hours`.
pub(in crate::runbook) fn spoken(text: &str) -> Option<Duration> {
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let unit = match unit.trim().to_lowercase().as_str() {
        "sec" | "second" | "seconds" => "s".to_owned(),
        "min" | "minute" | "minutes" => "m".to_owned(),
        "hour" | "hours" => "h".to_owned(),
        "day" | "days" => "d".to_owned(),
        other => other.to_owned(),
    };
    duration(&format!("{number}{unit}")).ok()
}

/// How prose writes it.
pub(in crate::runbook) fn written(duration: Duration) -> String {
    quantity::duration(duration)
}

/// `0,3`.
///
/// # Errors
/// What was expected.
pub(super) fn numbers<T: std::str::FromStr + PartialOrd + Copy>(
    text: &str,
    from: T,
    to: T,
    what: &str,
) -> Result<Vec<T>, String> {
    let one = |part: &str| {
        let number = part.trim().parse().ok().filter(|n| *n >= from && *n <= to);
        number.ok_or_else(|| format!("`{part}` is no {what}; expected numbers with commas between them, such as 0,3"))
    };
    text.split(',').map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units_and_bounds() {
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(duration("2h"), Ok(Duration::from_secs(7200)));
        for wrong in ["10", "-1s", "1y", "", "999999d", "NaNs"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
        for said in ["10 s", "10s", "10 seconds", "10 sec"] {
            assert_eq!(spoken(said), Some(Duration::from_secs(10)), "{said}");
        }
        assert_eq!(spoken("5 min"), Some(Duration::from_secs(300)));
    }
}
