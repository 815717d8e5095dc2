//! Why no connection information came out.
//!
//! No variant carries a value that the user gave, except for names: a mistyped string often has its password in the
//! wrong place, and then a quoted "port" or "host" would be the password.

use std::io;
use std::path::PathBuf;

use super::origin::Origin;

/// The connection information is unusable; the operator can mend it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnInfoError {
    /// Neither of the two forms.
    #[error(
        "read the connection string: it is neither postgresql://… nor key=value pairs; write for example \
         postgresql://user@host:5432/database or \"host=… dbname=…\""
    )]
    Form,
    /// A URI of something else.
    #[error("read the connection string: {scheme}:// is not PostgreSQL; write postgresql://user@host:5432/database")]
    Scheme {
        /// The scheme that was found.
        scheme: String,
    },
    /// A URI that libpq would refuse too.
    #[error("read the connection string as a URI: {what}")]
    Uri {
        /// What is wrong and how to write it.
        what: &'static str,
    },
    /// A broken `key=value` string.
    #[error("read the connection string at character {at}: {what}")]
    KeyValue {
        /// The character, counted from one.
        at: usize,
        /// What is wrong and how to write it.
        what: &'static str,
    },
    /// A parameter that libpq does not know either.
    #[error("use parameter {name} from {origin}: it is unknown; known are {known}")]
    Unknown {
        /// The name as given, or a stand-in when it does not look like a name.
        name: String,
        /// Where it was.
        origin: Origin,
        /// The names that have an effect.
        known: String,
    },
    /// A parameter of libpq that loadline refuses, because ignoring it would change the meaning.
    #[error("use parameter {name} from {origin}: {why}; remove it")]
    Unsupported {
        /// The parameter.
        name: &'static str,
        /// Where it was.
        origin: Origin,
        /// Why it cannot be honoured.
        why: &'static str,
    },
    /// A value that makes no sense.
    #[error("use parameter {name} from {origin}: it must be {expected}")]
    Value {
        /// The parameter.
        name: &'static str,
        /// Where it was.
        origin: Origin,
        /// What would be right.
        expected: &'static str,
    },
    /// Lists of hosts, addresses and ports of different lengths.
    #[error("match the hosts: {hosts} hosts but {others} entries in {name} from {origin}; give one for each host")]
    Lists {
        /// The parameter with the other length.
        name: &'static str,
        /// Where it was.
        origin: Origin,
        /// How many hosts there are.
        hosts: usize,
        /// How many entries there are.
        others: usize,
    },
    /// A service that no file defines.
    #[error("find service \"{service}\" (from {origin}): not defined in {}; add a [{service}] section", searched.join(", "))]
    NoService {
        /// The service.
        service: String,
        /// Where the name came from.
        origin: Origin,
        /// The files that were looked at, or would have been.
        searched: Vec<String>,
    },
    /// A service file with a broken line.
    #[error("read service file {} line {line}: {what}", path.display())]
    ServiceFile {
        /// The file.
        path: PathBuf,
        /// The line, counted from one.
        line: usize,
        /// What is wrong and how to write it.
        what: String,
    },
    /// A file that exists and cannot be read.
    #[error("read {}: {source}; check its permissions", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file that was asked for and is not there.
    #[error("find {} (parameter {name} from {origin}): there is no such file; correct the path", path.display())]
    NoFile {
        /// The parameter.
        name: &'static str,
        /// Where it was.
        origin: Origin,
        /// The file.
        path: PathBuf,
    },
    /// `verify-ca` without anything to verify against.
    #[error(
        "verify the server's certificate chain (sslmode=verify-ca): no root certificate; give sslrootcert, create \
         ~/.postgresql/root.crt, or use sslmode=verify-full to trust the system's roots"
    )]
    NoRoot,
    /// Nobody knows who is connecting.
    #[error("find a user name: the operating system gives none; set user in the connection string or PGUSER")]
    NoUser,
}
