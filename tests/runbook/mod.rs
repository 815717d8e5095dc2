//! Runbooks: read, walked, recorded.

#![allow(clippy::expect_used, clippy::panic, reason = "a set-up that fails is a failed test")]

mod crash;
mod eyes;
mod hands;
mod kubectl;
mod links;
mod place;
mod sql;
mod walk;
mod watch;
mod words;
