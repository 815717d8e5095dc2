//! PostgreSQL, and everything that speaks its protocol.

pub mod connect;
pub mod conninfo;
mod identity;
mod server;
pub(crate) mod session;
pub mod simple;

pub(crate) use server::Postgres;
