//! Numbers of a what-if as people type them: on the command line and on the screen.

use crate::{capacity::printed::Printed, quantity, snapshot::Unit};

/// A number above 0, with K, M and B for thousands, millions and billions.
///
/// # Errors
/// What was expected.
pub(crate) fn number(text: &str) -> Result<f64, String> {
    Printed::read(text.trim()).map(|printed| printed.value).map_err(|error| error.to_string())
}

/// A share: `95%` or `0.95`. A bare number above 1 is a forgotten percent sign more often than not.
///
/// # Errors
/// What was expected.
pub(crate) fn share(text: &str) -> Result<f64, String> {
    let share = quantity::parse(text.trim(), Unit::Ratio)?;
    if share > 1.0 && !text.contains('%') {
        return Err(format!("`{text}` is no share; expected for example {text}% or 0.5"));
    }
    Ok(share)
}

/// `6x` or `6`; less than one would be no peak, no safety and no growth.
///
/// # Errors
/// What was expected.
pub(crate) fn times(text: &str) -> Result<f64, String> {
    let wrong = || format!("`{text}` is no multiple; expected 1 or more, such as 1.5 or 10x");
    let read = number(text.trim().trim_end_matches('x')).map_err(|_| wrong())?;
    (read >= 1.0).then_some(read).ok_or_else(wrong)
}

/// How many of something: a whole number of 1 or more.
///
/// # Errors
/// What was expected.
pub(crate) fn count(text: &str) -> Result<f64, String> {
    let wrong = || format!("`{text}` is no count; expected a whole number of 1 or more, such as 6");
    let read = number(text).map_err(|_| wrong())?;
    (read >= 1.0 && read.fract() == 0.0).then_some(read).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_read_or_refused_with_an_example() {
        assert_eq!((times("6x"), times(" 1.5 "), count("6"), share("30%")), (Ok(6.0), Ok(1.5), Ok(6.0), Ok(0.3)));
        assert_eq!(number("1K"), Ok(1_000.0));
        for (wrong, expected) in [
            (times("0.5"), "1.5 or 10x"),
            (times(""), "1.5 or 10x"),
            (count("2.5"), "such as 6"),
            (count("-1"), "such as 6"),
            (share("30"), "30%"),
        ] {
            assert!(wrong.clone().unwrap_err().contains(expected), "{wrong:?}");
        }
    }
}
