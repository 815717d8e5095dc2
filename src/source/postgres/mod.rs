//! PostgreSQL, and everything that speaks its protocol.

pub mod connect;
pub mod conninfo;
pub mod simple;
