//! One failed attempt, told apart by phase and by what the server said.

use std::error::Error as _;
use std::io;

use super::error::ConnectKind;
use super::wire::NotPostgres;

/// Why one attempt failed.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) kind: ConnectKind,
    pub(super) detail: String,
    pub(super) sqlstate: Option<String>,
    /// Whether the login went over TLS.
    pub(super) encrypted: bool,
}

impl Failure {
    pub(super) fn new(kind: ConnectKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), sqlstate: None, encrypted: false }
    }

    /// Whether the server may think differently of the other kind of connection, clear or encrypted.
    ///
    /// libpq tries again after every refusal. Here it must be one that has to do with access rules: a wrong password
    /// would count twice towards a lockout, and a full server would be knocked at twice.
    pub(super) fn is_about_encryption(&self) -> bool {
        self.sqlstate.as_deref().is_some_and(|code| code == "28000" || code.starts_with("08"))
    }

    /// Whether another server is worth trying: this one gave no verdict on who we are.
    pub(super) fn leaves_hope(&self) -> bool {
        match self.sqlstate.as_deref() {
            Some(code) => code == "57P03",
            None => self.kind != ConnectKind::Auth,
        }
    }

    /// A failure to open the socket.
    pub(super) fn dialing(error: &io::Error) -> Self {
        let kind = match error.kind() {
            io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound => ConnectKind::Refused,
            io::ErrorKind::TimedOut => ConnectKind::Timeout,
            io::ErrorKind::PermissionDenied => ConnectKind::Denied,
            io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => ConnectKind::Closed,
            _ => ConnectKind::Other,
        };
        let detail = match error.kind() {
            io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
            io::ErrorKind::NotFound => "there is no such socket".to_owned(),
            _ => plain(error),
        };
        Self::new(kind, detail)
    }

    /// A failure while talking.
    pub(super) fn talking(error: &io::Error) -> Self {
        if let Some(inner) = error.get_ref() {
            if inner.is::<NotPostgres>() {
                return Self::new(ConnectKind::Protocol, inner.to_string());
            }
            if let Some(tls) = inner.downcast_ref::<rustls::Error>() {
                return Self::new(ConnectKind::Tls, super::tls::explain(tls));
            }
        }
        match error.kind() {
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe => {
                Self::new(ConnectKind::Closed, "the other side hung up before the login was complete")
            }
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                Self::new(ConnectKind::Protocol, format!("an answer that makes no sense ({error})"))
            }
            io::ErrorKind::TimedOut => Self::new(ConnectKind::Timeout, "the connection went silent"),
            _ => Self::new(ConnectKind::Other, plain(error)),
        }
    }

    /// A failure of the login.
    pub(super) fn login(error: &tokio_postgres::Error) -> Self {
        if let Some(db) = error.as_db_error() {
            return Self::refusal(db.code().code(), db.message());
        }
        if let Some(io) = error.source().and_then(|source| source.downcast_ref::<io::Error>()) {
            return Self::talking(io);
        }
        if error.is_closed() {
            return Self::new(ConnectKind::Closed, "the other side hung up before the login was complete");
        }
        // The library keeps its kinds private; their texts are all there is.
        let cause = error.source().map(ToString::to_string);
        match (error.to_string().as_str(), cause) {
            ("invalid configuration", Some(cause)) if cause == "password missing" => {
                Self::new(ConnectKind::Auth, "the server wants a password and none is known")
            }
            ("authentication error", Some(cause)) => Self::new(ConnectKind::Auth, cause),
            (text, Some(cause)) => Self::new(ConnectKind::Protocol, format!("{text} ({cause})")),
            (text, None) => Self::new(ConnectKind::Protocol, text),
        }
    }

    /// The server's or the pooler's own word.
    pub(super) fn refusal(code: &str, message: &str) -> Self {
        let message = message.replace(char::is_control, " ");
        let kind = match code {
            "28000" | "28P01" => ConnectKind::Auth,
            "3D000" | "42501" => ConnectKind::Denied,
            "53300" => ConnectKind::TooMany,
            // PgBouncer says most things with the one code for protocol violations.
            "08P01" => pooler_refusal(&message),
            _ => ConnectKind::Other,
        };
        let detail = format!("the server said \"{message}\" ({code})");
        Self { kind, detail, sqlstate: Some(code.to_owned()), encrypted: false }
    }
}

fn pooler_refusal(message: &str) -> ConnectKind {
    let text = message.to_ascii_lowercase();
    let has = |part: &str| text.contains(part);
    if has("no more connections") || has("max_client_conn") || has("too many") {
        ConnectKind::TooMany
    } else if has("ssl required") || has("tls") {
        ConnectKind::Tls
    } else if has("auth") || has("password") || has("no such user") || has("login rejected") {
        ConnectKind::Auth
    } else if has("no such database") || has("not allowed") || has("disabled") {
        ConnectKind::Denied
    } else {
        ConnectKind::Other
    }
}

/// The system's text without its number, in lower case as the rest of the sentence.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
