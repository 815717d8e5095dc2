//! Servers that are none: they misbehave in ways that a real one cannot be made to.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a stand-in that fails is a failed test")]

pub(crate) mod broken;
pub(crate) mod cluster;
pub(crate) mod living;
mod serve;
pub(crate) mod way;

pub(crate) use serve::{Standin, serve};
