//! What the command line promises to shells, pipes and programs.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what is missing is a failed test")]

mod capacity;
mod contract;
mod filters;
mod screens;
mod templates;
mod whatif;
