//! x
pub mod snapshot;
pub mod quantity;
pub mod text;
pub mod check;
