//! Numbers of this screen in few cells, with their units.

use crate::{quantity, snapshot::Unit};

/// A length of time in six cells at most: `85us`, `240ms`, `32.6s`, `12m05s`, `5h12m`, `3d04h`, `400d`.
pub(super) fn span(seconds: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "ages are positive, and finite below")]
    let whole = if seconds.is_finite() { seconds.max(0.0).round() as u64 } else { return "?".into() };
    match whole {
        _ if seconds < 0.000_000_5 => "0s".into(),
        _ if seconds < 0.000_999_5 => format!("{:.0}us", seconds * 1e6),
        _ if seconds < 0.999_5 => format!("{:.0}ms", seconds * 1000.0),
        _ if seconds < 59.95 => format!("{seconds:.1}s"),
        0..3_600 => format!("{}m{:02}s", whole / 60, whole % 60),
        3_600..172_800 => format!("{}h{:02}m", whole / 3_600, whole % 3_600 / 60),
        172_800..8_640_000 => format!("{}d{:02}h", whole / 86_400, whole % 86_400 / 3_600),
        _ => format!("{}d", whole / 86_400),
    }
}

/// An age in words: `2s ago`, `2m10s ago`.
pub(super) fn ago(seconds: i64) -> String {
    match seconds.max(0) {
        0 => "now".into(),
        seconds @ 1..60 => format!("{seconds}s ago"),
        seconds @ 60..3_600 => format!("{}m{:02}s ago", seconds / 60, seconds % 60),
        seconds @ 3_600..172_800 => format!("{}h{:02}m ago", seconds / 3_600, seconds % 3_600 / 60),
        seconds => format!("{}d ago", seconds / 86_400),
    }
}

/// A number of a unit, without the space before the unit.
pub(super) fn tight(number: f64, unit: Unit) -> String {
    match unit {
        Unit::Seconds => span(number),
        Unit::Milliseconds => span(number / 1000.0),
        unit => quantity::show(number, unit).replace(' ', ""),
    }
}

/// A rate: `12.5/s`.
pub(super) fn per_second(number: f64) -> String {
    format!("{}/s", quantity::show(number, Unit::Count))
}

/// So many of a thing: `1 session`, `2 sessions`.
pub(super) fn many(number: usize, one: &str, more: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {more}", whole(number)) }
}

/// A whole number with thousands set apart.
pub(super) fn whole(number: usize) -> String {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    quantity::show(f64::from(number), Unit::Count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_fit_six_cells() {
        let cases = [
            (0.0, "0s"),
            (0.000_085, "85us"),
            (0.24, "240ms"),
            (0.9999, "1.0s"),
            (32.56, "32.6s"),
            (59.99, "1m00s"),
            (725.0, "12m05s"),
            (3_599.6, "1h00m"),
            (18_720.0, "5h12m"),
            (273_600.0, "3d04h"),
            (34_560_000.0, "400d"),
            (-3.0, "0s"),
            (f64::NAN, "?"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(span(seconds), expected);
            assert!(expected.len() <= 6);
        }
        assert_eq!(ago(130), "2m10s ago");
    }
}
