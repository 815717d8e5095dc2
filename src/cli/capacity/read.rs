//! What the arguments are written like.

use crate::capacity::printed::Printed;
use crate::capacity::rate::Rate;
use crate::outlook::written as outlook;
use crate::quantity;
use crate::snapshot::Unit;

/// A number with the words that it was given in.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Written {
    /// In base units.
    pub(super) value: f64,
    pub(super) text: String,
}

fn written(text: &str, unit: Unit) -> Result<Written, String> {
    Ok(Written { value: quantity::parse(text, unit)?, text: text.trim().to_owned() })
}

pub(super) fn rate(text: &str) -> Result<Rate, String> {
    Rate::read(text).map_err(|error| error.to_string())
}

pub(super) fn seconds(text: &str) -> Result<Written, String> {
    written(text, Unit::Seconds)
}

pub(super) fn bytes(text: &str) -> Result<Written, String> {
    written(text, Unit::Bytes)
}

/// A share: `95%` or `0.95`.
pub(super) fn share(text: &str) -> Result<Written, String> {
    Ok(Written { value: outlook::share(text)?, text: text.trim().to_owned() })
}

/// A number above 0, with K, M and B for thousands, millions and billions.
pub(super) fn number(text: &str) -> Result<Written, String> {
    Ok(Written { value: outlook::number(text)?, text: text.to_owned() })
}

/// A factor or an overhead, which may be 0.
pub(super) fn factor(text: &str) -> Result<Written, String> {
    written(text, Unit::Count)
}

/// Two numbers with a colon between them, such as `10K:1200`.
pub(super) fn point(text: &str) -> Result<(f64, f64), String> {
    let wrong = || format!("`{text}` is no point; expected for example 10K:1200");
    let (x, y) = text.split_once(':').ok_or_else(wrong)?;
    let read = |part: &str| Printed::read(part.trim()).map(|printed| printed.value).map_err(|_| wrong());
    Ok((read(x)?, read(y)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forgotten_percent_sign_is_noticed() {
        assert!((share("30%").unwrap().value - 0.3).abs() < 1e-12);
        assert!(share("0.3").is_ok() && share("250%").is_ok());
        assert_eq!(share("30").unwrap_err(), "`30` is no share; expected for example 30% or 0.5");
    }

    #[test]
    fn points_are_two_numbers() {
        assert_eq!(point("10K:1200"), Ok((10_000.0, 1200.0)));
        for text in ["10K", "1:2:3", "a:b", ":", "1:0", "1:-2"] {
            assert!(point(text).unwrap_err().starts_with(&format!("`{text}` is no point")), "{text}");
        }
    }
}
