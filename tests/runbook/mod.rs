//! Runbooks: read, walked, recorded.

#![allow(clippy::expect_used, clippy::panic, reason = "a set-up that fails is a failed test")]

mod crash;
mod hands;
mod kubectl;
mod links;
mod watch;
