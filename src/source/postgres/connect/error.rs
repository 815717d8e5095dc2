//! Why no session came about, in classes that a report can act on.

use std::fmt;

/// What kind of failure it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConnectKind {
    /// Nobody listens there.
    Refused,
    /// Nobody said anything in time.
    Timeout,
    /// Encryption or verification failed.
    Tls,
    /// The server does not believe who we are.
    Auth,
    /// The server believes who we are and does not let us in.
    Denied,
    /// No connection is left.
    TooMany,
    /// Something answered that is not PostgreSQL.
    Protocol,
    /// The other side hung up before the login was complete.
    Closed,
    /// The name has no address.
    Unresolvable,
    /// It is not the kind of server that `target_session_attrs` wants.
    Unsuited,
    /// Anything else.
    Other,
}

impl ConnectKind {
    /// What the operator can do.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Refused => "start the server there, or correct host and port",
            Self::Timeout => "check the address and the firewalls on the way, or allow more time",
            Self::Tls => "check sslmode, sslrootcert and the server's certificate",
            Self::Auth => "check user, password (PGPASSWORD, ~/.pgpass) and the server's pg_hba.conf",
            Self::Denied => "check the database name and the user's right to connect",
            Self::TooMany => "free a connection, or reserve one for audits (superuser_reserved_connections, pool size)",
            Self::Protocol => "check that host and port are those of PostgreSQL or PgBouncer",
            Self::Closed => "check that something stands behind the proxy or port, and look into its log",
            Self::Unresolvable => "correct the host name, or check name resolution",
            Self::Unsuited => "name another host, or correct target_session_attrs",
            Self::Other => "act on what was said, and look into the server's log",
        }
    }
}

/// A connection that did not come about.
///
/// The text has no secrets: a server that repeats the password back finds it blotted out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectError {
    pub(super) kind: ConnectKind,
    pub(super) place: String,
    pub(super) detail: String,
    pub(super) sqlstate: Option<String>,
    pub(super) others: Vec<String>,
}

impl ConnectError {
    /// The class of the failure that says most.
    pub fn kind(&self) -> ConnectKind {
        self.kind
    }

    /// What the operator can do.
    pub fn remedy(&self) -> &'static str {
        self.kind.remedy()
    }

    /// What happened, in one fragment.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// What happened and where, without what to do about it.
    pub fn account(&self) -> String {
        let mut account = format!("connect to {}: {}", self.place, self.detail);
        for other in &self.others {
            account.push_str("; before that ");
            account.push_str(other);
        }
        account
    }

    /// The server's own code, when the server answered.
    pub fn sqlstate(&self) -> Option<&str> {
        self.sqlstate.as_deref()
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.account(), self.remedy())
    }
}

impl std::error::Error for ConnectError {}
