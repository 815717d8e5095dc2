//! The arithmetic of capacity and cost: one small pure file per family of formulas.
//!
//! Every function takes plain numbers in base units (seconds, bytes, things per second, shares of one), says which
//! formula it is and where that comes from, and refuses what lies outside the formula's domain. None ever returns a
//! NaN or an infinity: what is out of reach is a [`CapacityError`] or `None`.
//!
//! Where chance is needed (bootstrap, Monte Carlo) the seed is an argument, so that a report can be made again to
//! the digit.

pub mod cache;
pub mod cost;
pub mod demand;
pub mod downtime;
pub(crate) mod error;
pub mod forecast;
pub mod growth;
pub mod hysteresis;
pub mod linear;
pub mod little;
pub mod memory;
pub(crate) mod number;
pub mod pool;
pub mod printed;
#[cfg(test)]
mod properties;
pub mod queueing;
pub mod rate;
pub mod redis;
pub mod replicas;
pub mod rng;
pub mod sharding;
mod solve;
pub mod throughput;
pub mod uncertainty;
pub mod usl;
pub mod utilisation;

pub use error::CapacityError;

/// What the formulas of this room return.
pub type Result<T> = std::result::Result<T, CapacityError>;
