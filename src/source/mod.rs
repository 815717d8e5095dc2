//! The sources: the only code that talks to servers.

pub mod postgres;
