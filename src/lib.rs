//! x
pub mod assets;
pub mod check;
pub mod quantity;
pub mod snapshot;
pub mod text;
