//! From what the user typed to where to connect, by libpq's conventions.
//!
//! Everything here is pure: environment and files come in through [`Env`], and nothing is sent anywhere. An operator who
//! can reach a server with `psql` reaches it with the same string, service name, environment and password file.
//!
//! Deviations from libpq are on purpose and always to the safe or to the clear side:
//!
//! - `verify-full` without `root.crt` trusts the system's roots instead of failing; `verify-ca` still fails, because a
//!   public root without a host name check proves nothing.
//! - a root certificate that was asked for and is missing is an error in every mode, not only in the verifying ones.
//! - `allow` and `prefer` never verify: libpq does when `root.crt` exists and then falls back to clear text, which is less.
//! - `PGOPTIONS` is ignored, because poolers refuse startup options; options in the string or service are sent.
//! - parameters whose silent loss would weaken a connection (`require_auth`, `requirepeer`, `sslcrl`) are refused.
//! - without a host the socket is looked for in both usual directories, then `localhost` is used; libpq has one compiled in.

mod env;
mod error;
mod hosts;
mod info;
mod keyvalue;
mod origin;
mod params;
mod passfile;
mod resolve;
mod service;
mod ssl;
mod target;
#[cfg(test)]
mod tests;
mod uri;

pub use env::{Env, FileFacts, Files};
pub use error::ConnInfoError;
pub use hosts::{Endpoint, HostSpec};
pub use info::ConnInfo;
pub use origin::Origin;
pub use ssl::{Check, ClientCert, Roots, SslInfo, SslMode, TlsVersions};
pub use target::{ChannelBinding, TargetSession};
