//! From connection information to a session that answers.
//!
//! Sockets, the question for TLS and the handshake are done here rather than in `tokio-postgres`, for three reasons: its
//! errors do not say in which phase they happened, it knows neither `allow` nor `verify-*`, and a cancel request has to
//! take the same way as the session did.

mod attempt;
mod der;
mod dial;
mod error;
mod failure;
mod session;
#[cfg(test)]
mod tests;
mod tls;
#[cfg(test)]
mod tls_tests;
mod verifier;
mod wire;

pub use attempt::connect;
pub use error::{ConnectError, ConnectKind};
pub use session::Connected;
