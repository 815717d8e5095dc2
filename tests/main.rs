//! The one integration binary.

#![allow(clippy::disallowed_methods, reason = "a test is an edge: it reads files and starts programs")]

mod audit;
mod check;
mod cli;
mod docs;
mod history;
mod lab;
mod pictures;
mod readiness;
mod recorded;
mod runbook;
mod source;
mod standin;
mod support;
mod tui;
mod watch;
