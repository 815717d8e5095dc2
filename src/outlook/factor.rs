//! An input of a formula: its value, how far it may lie elsewhere, and where it comes from.

use schemars::JsonSchema;
use serde::Serialize;

use crate::capacity::uncertainty::{SWING, Spread};

/// Who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The plan.
    Plan,
    /// A server, when it was asked.
    Measured,
    /// The command line, instead of the plan.
    Flag,
    /// Nobody: the usual number.
    Assumed,
}

impl Origin {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Measured => "measured",
            Self::Flag => "flag",
            Self::Assumed => "assumed",
        }
    }
}

/// A number that went into a figure, as it was said.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Input {
    /// What it is.
    pub name: String,
    /// In base units: seconds, bytes, things per second, shares of one.
    pub value: f64,
    /// The least that is reckoned with.
    pub low: f64,
    /// The most that is reckoned with.
    pub high: f64,
    /// As it was written, or shown.
    pub text: String,
    /// Who says so.
    pub origin: Origin,
    /// Where: the key of the plan, the probe and the instant, the flag, or why it is assumed.
    pub from: String,
}

/// A number with its ground; a product of several keeps the ground of each.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    /// The number.
    pub value: f64,
    /// The least that is reckoned with.
    pub low: f64,
    /// The most that is reckoned with.
    pub high: f64,
    /// What it was made from.
    pub inputs: Vec<Input>,
}

impl Factor {
    /// One input, with no range.
    pub fn exact(name: &str, value: f64, text: impl Into<String>, origin: Origin, from: impl Into<String>) -> Self {
        let input = Input {
            name: name.to_owned(),
            value,
            low: value,
            high: value,
            text: text.into(),
            origin,
            from: from.into(),
        };
        Self { value, low: value, high: value, inputs: vec![input] }
    }

    /// The same with a range.
    #[must_use]
    pub(super) fn between(mut self, low: f64, high: f64) -> Self {
        (self.low, self.high) = (low.min(self.value), high.max(self.value));
        if let [input] = self.inputs.as_mut_slice() {
            (input.low, input.high) = (self.low, self.high);
        }
        self
    }

    /// The same as a guess: where nobody gave a range, 20 % to both sides are reckoned with. For what a plan can
    /// only assume: growth, the height of a peak, what an instance carries.
    #[must_use]
    pub(super) fn guessed(self) -> Self {
        if self.high - self.low > self.value.abs() * SWING {
            return self;
        }
        let (low, high) = (self.value * (1.0 - SWING), self.value * (1.0 + SWING));
        self.between(low, high)
    }

    /// Both multiplied, with the ground of both.
    #[must_use]
    pub(super) fn times(&self, other: &Self) -> Self {
        Self {
            value: self.value * other.value,
            low: self.low * other.low,
            high: self.high * other.high,
            inputs: [self.inputs.as_slice(), &other.inputs].concat(),
        }
    }

    /// Both added, with the ground of both.
    #[must_use]
    pub(super) fn plus(&self, other: &Self) -> Self {
        Self {
            value: self.value + other.value,
            low: self.low + other.low,
            high: self.high + other.high,
            inputs: [self.inputs.as_slice(), &other.inputs].concat(),
        }
    }

    /// This over another, with the ground of both; none where the other is not above zero.
    pub(super) fn over(&self, other: &Self) -> Option<Self> {
        (other.low > 0.0).then(|| Self {
            value: self.value / other.value,
            low: self.low / other.high,
            high: self.high / other.low,
            inputs: [self.inputs.as_slice(), &other.inputs].concat(),
        })
    }

    /// How it is drawn.
    pub(super) fn spread(&self) -> Spread {
        if self.low < self.high {
            Spread::Triangular { least: self.low, likely: self.value, most: self.high }
        } else {
            Spread::Exact(self.value)
        }
    }
}

/// An input, or what to write where so that it is there.
pub(super) type Wanted = Result<Factor, String>;

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(value: f64) -> Factor {
        Factor::exact("load", value, "", Origin::Plan, "traffic")
    }

    #[test]
    fn a_guess_has_twenty_percent_to_both_sides_unless_a_range_is_stated() {
        let guessed = factor(10.0).guessed();
        assert_eq!((guessed.low, guessed.high), (8.0, 12.0));
        let stated = factor(10.0).between(5.0, 20.0).guessed();
        assert_eq!((stated.low, stated.high), (5.0, 20.0));
        assert!((stated.inputs[0].high - 20.0).abs() < 1e-12);
    }

    #[test]
    fn products_and_quotients_keep_ground_and_range() {
        let (a, b) = (factor(10.0).between(8.0, 12.0), factor(2.0).between(1.0, 4.0));
        let product = a.times(&b);
        assert_eq!((product.low, product.value, product.high, product.inputs.len()), (8.0, 20.0, 48.0, 2));
        let ratio = a.over(&b).unwrap();
        assert_eq!((ratio.low, ratio.value, ratio.high), (2.0, 5.0, 12.0));
        assert_eq!(a.over(&factor(0.0)), None);
        assert!((a.plus(&b).high - 16.0).abs() < 1e-12);
        assert_eq!(factor(3.0).spread(), Spread::Exact(3.0));
    }
}
