//! Runs the program as a user does: as its own process, in a clean environment and a home of its own.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a program that cannot run is a failed test"
)]

mod folder;
pub(crate) mod pty;
mod report;
mod run;
mod session;

pub(crate) use folder::Folder;
pub(crate) use report::{Report, word};
pub(crate) use run::{Loadline, Run, loadline};
pub(crate) use session::Session;
