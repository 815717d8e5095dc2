//! The outcome: where and how to connect.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::secret::Secret;

use super::hosts::HostSpec;
use super::origin::Origin;
use super::ssl::SslInfo;
use super::target::{ChannelBinding, TargetSession};

/// Complete information for a connection, with the origin of every part.
///
/// Its `Debug` is safe to print: passwords are [`Secret`]s.
#[derive(Debug, Clone)]
pub struct ConnInfo {
    pub(super) hosts: Vec<HostSpec>,
    pub(super) user: String,
    pub(super) database: String,
    pub(super) application_name: String,
    pub(super) options: Option<String>,
    pub(super) connect_timeout: Option<Duration>,
    pub(super) ssl: SslInfo,
    pub(super) channel_binding: ChannelBinding,
    pub(super) target: TargetSession,
    pub(super) origins: BTreeMap<&'static str, Origin>,
    pub(super) notes: Vec<String>,
}

impl ConnInfo {
    /// The servers to try in order, at least one.
    pub fn hosts(&self) -> &[HostSpec] {
        &self.hosts
    }

    /// Who logs in.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The database to log in to.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// How the server lists this session; `loadline` unless the user said otherwise.
    pub fn application_name(&self) -> &str {
        &self.application_name
    }

    /// Startup options, only when the string or the service has them.
    pub fn options(&self) -> Option<&str> {
        self.options.as_deref()
    }

    /// The user's own limit for each attempt.
    pub fn connect_timeout(&self) -> Option<Duration> {
        self.connect_timeout
    }

    /// What is asked of TLS.
    pub fn ssl(&self) -> &SslInfo {
        &self.ssl
    }

    /// Whether the login must be tied to the TLS session.
    pub fn channel_binding(&self) -> ChannelBinding {
        self.channel_binding
    }

    /// Which kind of server will do.
    pub fn target(&self) -> TargetSession {
        self.target
    }

    /// Each parameter that has an effect, and the layer it came from.
    pub fn origins(&self) -> impl Iterator<Item = (&'static str, &Origin)> {
        self.origins.iter().map(|(name, origin)| (*name, origin))
    }

    /// Where a parameter came from.
    pub fn origin(&self, name: &str) -> &Origin {
        self.origins.get(name).unwrap_or(&Origin::Default)
    }

    /// What the operator should know although it is no error, such as an ignored password file.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The same information for another database of the same server, such as the `pgbouncer` console.
    ///
    /// The password stays, even when the password file has another one for that database.
    #[must_use]
    pub fn with_database(&self, database: impl Into<String>) -> Self {
        Self { database: database.into(), ..self.clone() }
    }

    /// The same information under another name of the session.
    #[must_use]
    pub fn with_application_name(&self, name: impl Into<String>) -> Self {
        Self { application_name: name.into(), ..self.clone() }
    }

    /// The same information with a password that wins over every other, for one that a configuration names.
    #[must_use]
    pub fn with_password(mut self, password: impl Into<String>) -> Self {
        let password = crate::secret::Secret::new(password);
        self.hosts.iter_mut().for_each(|host| host.password = Some(password.clone()));
        self
    }

    /// `host:port/database as user`, without any secret.
    pub fn describe(&self) -> String {
        let hosts: Vec<String> = self.hosts.iter().map(HostSpec::describe).collect();
        format!("{}/{} as {}", hosts.join(","), self.database, self.user)
    }

    /// The secret texts, for the redactor.
    pub fn secrets(&self) -> Vec<&str> {
        let mut secrets: Vec<&str> =
            self.hosts.iter().filter_map(|host| host.password.as_ref()).map(Secret::expose).collect();
        secrets.sort_unstable();
        secrets.dedup();
        secrets
    }
}
