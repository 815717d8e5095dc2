//! x
pub mod definition;
pub mod finding;
pub mod probe;
pub mod rule;
