//! Ranges, their words, and no more digits than are known.

/// The digits of an estimate, where its inputs do not justify more.
pub const DIGITS: usize = 2;

/// A range from P10 to P90 around a middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// P10.
    pub low: f64,
    /// P50.
    pub middle: f64,
    /// P90.
    pub high: f64,
}

/// A word for the width of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Firmness {
    /// Narrower than 20 % of its middle.
    Firm,
    /// Narrower than 50 %.
    Fair,
    /// Wider.
    Rough,
}

impl Range {
    /// Its word. A range around zero has no relative width and is rough.
    pub fn firmness(&self) -> Firmness {
        let width = (self.high - self.low).abs() / self.middle.abs();
        match width {
            width if width < 0.2 => Firmness::Firm,
            width if width < 0.5 => Firmness::Fair,
            _ => Firmness::Rough,
        }
    }
}

impl Firmness {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Firm => "firm",
            Self::Fair => "fair",
            Self::Rough => "rough",
        }
    }
}

/// A number cut to so many significant digits (at least one), as a number.
pub fn rounded(value: f64, digits: usize) -> f64 {
    // Decimal text rounds exactly; powers of ten as floats do not.
    format!("{value:.*e}", digits.clamp(1, 17) - 1).parse().unwrap_or(value)
}

/// A number cut to so many significant digits, with commas between thousands and no zeros behind the last digit.
pub fn significant(value: f64, digits: usize) -> String {
    let number = rounded(value, digits);
    let text = number.abs().to_string();
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let mut out = String::from(if number < 0.0 { "-" } else { "" });
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.extend([".", fraction]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_digits_than_are_known() {
        let table = [
            (2437.5, 2, "2,400"),
            (83.33, 2, "83"),
            (17.553, 2, "18"),
            (0.000_218, 2, "0.00022"),
            (27.777_8, 6, "27.7778"),
            (1_234_567.0, 3, "1,230,000"),
            (-1500.0, 2, "-1,500"),
            (0.0, 2, "0"),
            (9.96, 2, "10"),
            (999.6, 3, "1,000"),
            (0.5, 2, "0.5"),
        ];
        for (value, digits, shown) in table {
            assert_eq!(significant(value, digits), shown);
        }
    }

    #[test]
    fn a_width_has_a_word() {
        let word = |low: f64, high: f64| Range { low, middle: 100.0, high }.firmness().word();
        assert_eq!([word(91.0, 110.0), word(90.0, 110.0), word(75.0, 125.0)], ["firm", "fair", "rough"]);
        assert_eq!(Range { low: 0.0, middle: 0.0, high: 0.0 }.firmness(), Firmness::Rough);
    }
}
