//! Sizes, times and shares as people write and read them: `"10MiB"`, `"5m"`, `"90%"`.
//!
//! Numbers live in base units (bytes, seconds, milliseconds, shares of one) everywhere else.

use crate::snapshot::Unit;

const BYTES: [(&str, f64); 12] = [
    ("KiB", 1024.0),
    ("MiB", 1_048_576.0),
    ("GiB", 1_073_741_824.0),
    ("TiB", 1_099_511_627_776.0),
    ("PiB", 1_125_899_906_842_624.0),
    ("kB", 1e3),
    ("KB", 1e3),
    ("MB", 1e6),
    ("GB", 1e9),
    ("TB", 1e12),
    ("PB", 1e15),
    ("B", 1.0),
];

const SECONDS: [(&str, f64); 7] =
    [("us", 1e-6), ("ms", 1e-3), ("s", 1.0), ("m", 60.0), ("h", 3600.0), ("d", 86_400.0), ("w", 604_800.0)];

/// Reads a quantity as a number of the unit's base. A bare number is taken as it is.
///
/// # Errors
/// A sentence that says what was expected.
pub fn parse(text: &str, unit: Unit) -> Result<f64, String> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+')).unwrap_or(text.len());
    let (number, suffix) = (&text[..split], text[split..].trim());
    let wrong = || format!("`{text}` is no {}; expected for example {}", name(unit), example(unit));
    let number: f64 = number.parse().map_err(|_| wrong())?;
    if unit == Unit::Ratio && suffix == "%" {
        // Divided, because 95 * 0.01 is a little more than 0.95 and a rate of just 95 % would fall under it.
        return Ok(number / 100.0);
    }
    let find = |table: &[(&str, f64)]| table.iter().find(|(word, _)| *word == suffix).map(|(_, factor)| *factor);
    let factor = match (unit, suffix) {
        (_, "") | (Unit::Millicores, "m") => Some(1.0),
        (Unit::Bytes, _) => find(&BYTES),
        (Unit::Seconds, _) => find(&SECONDS),
        (Unit::Milliseconds, _) => find(&SECONDS).map(|factor| factor * 1000.0),
        _ => None,
    };
    factor.map(|factor| number * factor).ok_or_else(wrong)
}

fn name(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "number",
        Unit::Bytes => "size",
        Unit::Seconds | Unit::Milliseconds => "duration",
        Unit::Ratio => "share",
        Unit::Millicores => "CPU quantity",
        Unit::Id => "id",
    }
}

fn example(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "100",
        Unit::Bytes => "\"10MiB\"",
        Unit::Seconds | Unit::Milliseconds => "\"5m\" or \"250ms\"",
        Unit::Ratio => "\"90%\" or 0.9",
        Unit::Millicores => "\"250m\"",
        Unit::Id => "4711",
    }
}

/// A length of time in words: `1.5 s`, `10 min`.
pub fn duration(time: std::time::Duration) -> String {
    show(time.as_secs_f64(), Unit::Seconds)
}

/// Shows a number of a unit to a person, in three significant places.
pub fn show(number: f64, unit: Unit) -> String {
    match unit {
        Unit::Count => count(number),
        Unit::Bytes => bytes(number),
        Unit::Seconds => seconds(number),
        Unit::Milliseconds => seconds(number / 1000.0),
        Unit::Ratio => format!("{} %", short(number * 100.0)),
        Unit::Millicores => format!("{}m", short(number)),
        Unit::Id => format!("{number:.0}"),
    }
}

/// A whole number in full, with thousands set apart by commas; a broken one in three places.
fn count(number: f64) -> String {
    if number.fract() != 0.0 && number.abs() < 1000.0 {
        return short(number);
    }
    let digits = format!("{:.0}", number.abs());
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if number < 0.0 { format!("-{out}") } else { out }
}

fn bytes(number: f64) -> String {
    let step = [("PiB", 5), ("TiB", 4), ("GiB", 3), ("MiB", 2), ("KiB", 1)]
        .into_iter()
        .map(|(word, power)| (word, 1024_f64.powi(power)))
        .find(|(_, size)| number.abs() >= *size);
    match step {
        Some((word, size)) => format!("{} {word}", short(number / size)),
        None => format!("{} B", short(number)),
    }
}

fn seconds(seconds: f64) -> String {
    let size = seconds.abs();
    if size == 0.0 {
        "0 s".into()
    } else if size < 0.001 {
        format!("{} us", short(seconds * 1e6))
    } else if size < 1.0 {
        format!("{} ms", short(seconds * 1e3))
    } else if size < 120.0 {
        format!("{} s", short(seconds))
    } else if size < 7_200.0 {
        two(seconds, 60.0, "min", 1.0, "s")
    } else if size < 172_800.0 {
        two(seconds, 3600.0, "h", 60.0, "min")
    } else {
        two(seconds, 86_400.0, "d", 3600.0, "h")
    }
}

fn two(seconds: f64, large: f64, large_word: &str, small: f64, small_word: &str) -> String {
    let whole = (seconds / large).trunc();
    let rest = ((seconds - whole * large) / small).trunc();
    if rest == 0.0 {
        format!("{whole:.0} {large_word}")
    } else {
        format!("{whole:.0} {large_word} {rest:.0} {small_word}")
    }
}

/// Three significant places, no trailing zeros.
fn short(number: f64) -> String {
    let places = match number.abs() {
        n if n >= 99.95 => 0,
        n if n >= 9.995 => 1,
        n if n >= 0.9995 || n == 0.0 => 2,
        _ => 3,
    };
    let text = format!("{number:.places$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_read_in_base_units() {
        let cases = [
            ("10MiB", Unit::Bytes, 10_485_760.0),
            ("1.5GB", Unit::Bytes, 1.5e9),
            ("5m", Unit::Seconds, 300.0),
            ("250ms", Unit::Seconds, 0.25),
            ("2s", Unit::Milliseconds, 2000.0),
            ("90%", Unit::Ratio, 0.9),
            ("0.9", Unit::Ratio, 0.9),
            ("250m", Unit::Millicores, 250.0),
        ];
        for (text, unit, expected) in cases {
            let read = parse(text, unit).unwrap();
            assert!((read - expected).abs() < 1e-9 * expected.max(1.0), "{text}: {read}");
        }
    }

    #[test]
    fn a_share_in_percent_is_the_very_number_that_a_rate_comes_to() {
        for (percent, hits) in [("95%", 95.0), ("29%", 29.0), ("57%", 57.0)] {
            let read = parse(percent, Unit::Ratio).unwrap();
            assert!(hits / 100.0 >= read, "{percent}: {read}");
        }
    }

    #[test]
    fn nonsense_is_refused_with_an_example() {
        assert_eq!(
            parse("5 parsecs", Unit::Seconds).unwrap_err(),
            "`5 parsecs` is no duration; expected for example \"5m\" or \"250ms\""
        );
        assert!(parse("", Unit::Bytes).is_err());
        assert!(parse("10m", Unit::Bytes).is_err());
    }

    #[test]
    fn numbers_are_shown_short_and_whole() {
        let cases = [
            (0.914, Unit::Ratio, "91.4 %"),
            (1.0, Unit::Ratio, "100 %"),
            (1_234_567.0, Unit::Count, "1,234,567"),
            (96.0, Unit::Count, "96"),
            (0.5, Unit::Count, "0.5"),
            (6_710_886.0, Unit::Bytes, "6.4 MiB"),
            (512.0, Unit::Bytes, "512 B"),
            (0.0042, Unit::Seconds, "4.2 ms"),
            (61.0, Unit::Seconds, "61 s"),
            (372.0, Unit::Seconds, "6 min 12 s"),
            (90_000.0, Unit::Seconds, "25 h"),
            (4711.0, Unit::Id, "4711"),
            (612.0, Unit::Milliseconds, "612 ms"),
            (-1_000_000.0, Unit::Count, "-1,000,000"),
        ];
        for (number, unit, expected) in cases {
            assert_eq!(show(number, unit), expected);
        }
    }
}
