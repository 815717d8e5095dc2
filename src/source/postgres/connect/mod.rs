//! From connection information to a session that answers.
//!
//! Sockets, the question for TLS and the handshake are done here rather than in `tokio-postgres`, for three reasons: its
//! errors do not say in which phase they happened, it knows neither `allow` nor `verify-*`, and a cancel request has to
//! take the same way as the session did.
//!
//! Deviations from libpq:
//!
//! - certificates are judged by rustls: a common name does not count as a host name, and one of version 1 can only be
//!   used where nothing is verified, with TLS 1.3.
//! - `allow` and `prefer` try the other kind of connection only after a refusal that has to do with access rules, not
//!   after a wrong password.
//! - a broken client certificate is an error under `prefer` too, instead of quietly giving clear text.
//! - a refusal in answer to the question for TLS is classified by its words, because a full pooler says so there.

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
