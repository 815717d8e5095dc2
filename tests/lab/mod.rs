//! The lab: real servers with real ailments, for tests and for use by hand.
//!
//! [`Lab::start`] brings up `PostgreSQL` with a streaming replica, `PgBouncer` and Redis with a replica, on loopback
//! and in a folder of their own. Whatever becomes of the process that started it, servers and folder go away again
//! (see `sweep.sh`). [`ailment`] makes those servers ill in a known way, and well again.
//!
//! Nothing in here may use the library under test: what the lab says about a server is the measure for what the
//! library says, so the two must not share a mistake.

#![allow(dead_code, unused_imports, reason = "the tests and the hand tool use different halves")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a lab that cannot work is a failed test")]
#![allow(clippy::disallowed_methods, reason = "a lab is an edge: it starts programs and writes their files")]
#![allow(clippy::similar_names, reason = "every part has a port")]

mod account;
pub(crate) mod ailment;
mod clients;
mod crew;
mod fate;
mod guard;
mod newcomer;
mod options;
mod pgbouncer;
mod port;
mod postgres;
mod program;
mod redis;
mod servers;
mod state;
mod template;
#[cfg(test)]
mod tests;
mod traffic;
mod urls;
mod wait;

pub(crate) use account::effective_uid as uid;
pub(crate) use clients::{Role, Server};
pub(crate) use options::{Options, Part};
pub(crate) use servers::Lab;
pub(crate) use state::State;
