//! Past audits, on the command line: what is written down, what is told of it, and that it never fails an audit.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test says by failing")]

mod cli;
mod live;
