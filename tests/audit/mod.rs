//! What an audit promises, proven on the program itself and on real servers.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what is missing is a failed test")]

mod ailments;
mod autoscalers;
mod faults;
mod footprint;
mod headroom;
mod hostile;
mod plans;
mod replay;
mod rights;
mod secrets;
