//! Numbers outside the domain of a formula.

use super::Result;

/// A formula cannot be applied: what is wrong, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}; expected {expected}")]
pub struct CapacityError {
    /// What was given, as a fragment: "the peak is -3".
    pub what: String,
    /// What the formula needs.
    pub expected: String,
}

impl CapacityError {
    /// What is wrong, and what would be right.
    pub fn new(what: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { what: what.into(), expected: expected.into() }
    }
}

fn demand(name: &str, value: f64, holds: bool, expected: &str) -> Result<f64> {
    if holds { Ok(value) } else { Err(CapacityError::new(format!("{name} is {value}"), expected)) }
}

/// A number above 0.
pub(crate) fn positive(name: &str, value: f64) -> Result<f64> {
    demand(name, value, value.is_finite() && value > 0.0, "a number above 0")
}

/// A number of 0 or more.
pub(crate) fn not_negative(name: &str, value: f64) -> Result<f64> {
    demand(name, value, value.is_finite() && value >= 0.0, "a number of 0 or more")
}

/// A number of so much or more.
pub(crate) fn at_least(name: &str, value: f64, least: f64) -> Result<f64> {
    demand(name, value, value.is_finite() && value >= least, &format!("a number of {least} or more"))
}

/// A share between 0 and 1, both excluded.
pub(crate) fn inner_share(name: &str, value: f64) -> Result<f64> {
    demand(name, value, value > 0.0 && value < 1.0, "a share above 0 % and below 100 %")
}

/// A share above 0 and up to 1.
pub(crate) fn share(name: &str, value: f64) -> Result<f64> {
    demand(name, value, value > 0.0 && value <= 1.0, "a share above 0 % and up to 100 %")
}

/// Any number but NaN and the infinities.
pub(crate) fn finite(name: &str, value: f64) -> Result<f64> {
    demand(name, value, value.is_finite(), "a finite number")
}

/// A number of things, at least one.
pub(crate) fn some(name: &str, value: u64) -> Result<u64> {
    if value > 0 { Ok(value) } else { Err(CapacityError::new(format!("{name} is 0"), "1 or more")) }
}

/// At least so many points, all of them finite.
pub(crate) fn points(name: &str, points: &[(f64, f64)], least: usize) -> Result<()> {
    if points.len() < least {
        return Err(CapacityError::new(format!("too few {name}: {}", points.len()), format!("{least} or more")));
    }
    points.iter().try_for_each(|(x, y)| finite(name, *x).and(finite(name, *y)).map(|_| ()))
}
