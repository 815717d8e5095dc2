//! What a volume costs: unit costs from points, and curves through them.
//!
//! Currencies stay as they were given; nothing is converted.

mod curve;
mod point;

pub use curve::{Affine, Curves, Estimate, Power, Proportional, Shape};
pub use point::{break_even, interpolate, itemised, marginals, per_unit, per_unit_of_daily};
