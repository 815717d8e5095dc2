//! Runbooks: read, walked, recorded.

#![allow(clippy::expect_used, clippy::panic, reason = "a set-up that fails is a failed test")]

mod crash;
mod document;
mod eyes;
mod hands;
mod kubectl;
mod links;
mod operator;
mod place;
mod sql;
mod terminal;
mod walk;
mod walks_other;
mod walks_postgres;
mod watch;
mod words;
