//! Knowledge is data: one file makes a check, and a broken one is refused with its place.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what is missing is a failed test")]

mod broken;
mod dropped_in;
mod templates;
