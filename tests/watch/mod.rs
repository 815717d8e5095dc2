//! Real servers, watched: what is told of them while they are well, killed, standing still, and back.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a watch that cannot begin is a failed test"
)]

mod frozen;
mod killed;
mod listener;
mod well;
