//! Numbers as people print them, with how exactly they are meant: `800`, `1.5`, `40K`, `1M`.

use super::{CapacityError, Result};

/// A number as it was printed, with how exactly it was meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Printed {
    /// The number.
    pub value: f64,
    /// The digits that were printed, without leading zeros.
    pub digits: usize,
    /// Half a unit of the last printed digit, as a share of the number: 0.0125 for `40K`.
    pub tolerance: f64,
}

impl Printed {
    /// Reads `800`, `1.5`, `40K`, `1M` or `2B` (thousand, million, billion).
    pub fn read(text: &str) -> Result<Self> {
        let wrong = || CapacityError::new(format!("`{text}` is no number"), "for example 800, 1.5, 40K, 1M or 2B");
        let (number, factor) = match text.char_indices().next_back() {
            Some((at, 'k' | 'K')) => (&text[..at], 1e3),
            Some((at, 'M')) => (&text[..at], 1e6),
            Some((at, 'B')) => (&text[..at], 1e9),
            _ => (text, 1.0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(fraction) || number.ends_with('.') {
            return Err(wrong());
        }
        let amount: f64 = number.parse().map_err(|_| wrong())?;
        if amount == 0.0 || !(amount * factor).is_finite() {
            return Err(CapacityError::new(format!("`{text}`"), "a finite number above 0"));
        }
        let places = i32::try_from(fraction.len()).map_err(|_| wrong())?;
        let digits = number.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count();
        let tolerance = 0.5 * 10_f64.powi(-places) / amount;
        Ok(Self { value: amount * factor, digits, tolerance })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_tolerance_are_those_that_were_printed() {
        for (text, value, digits, tolerance) in
            [("40K", 40e3, 2, 0.0125), ("0.05", 0.05, 1, 0.1), ("2B", 2e9, 1, 0.25), ("3333", 3333.0, 4, 0.5 / 3333.0)]
        {
            let read = Printed::read(text).unwrap();
            assert!((read.value - value).abs() < 1e-9 && (read.tolerance / tolerance - 1.0).abs() < 1e-9, "{read:?}");
            assert_eq!(read.digits, digits, "{text}");
        }
        for text in ["", "K", "0", "-1", "1m", "1e3", "1,000", ".5", "5.", "1 K", "NaN"] {
            assert!(Printed::read(text).is_err(), "{text}");
        }
    }
}
