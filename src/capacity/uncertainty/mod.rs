//! How sure a number is, and how to say so.

mod monte_carlo;
mod sensitivity;
mod words;

pub use monte_carlo::{DRAWS, Spread, simulate};
pub use sensitivity::{Influence, SWING, sensitivity};
pub use words::{DIGITS, Firmness, Range, rounded, significant};
