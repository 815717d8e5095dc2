//! x
pub mod assets;
pub mod check;
pub mod cli;
mod clock;
pub mod collect;
pub mod config;
pub mod exit;
pub mod panics;
pub mod quantity;
pub mod report;
pub mod secret;
pub mod snapshot;
pub mod source;
pub mod text;
