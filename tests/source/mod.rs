//! How each kind of source is reached, and what becomes of an answer that is none.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what is missing is a failed test")]

mod connections;
mod kubernetes;
mod loadtest;
mod tls;
