//! A session that answers.

use std::fmt;
use std::time::Duration;

use tokio::io::{AsyncReadExt, empty};
use tokio::net::UnixStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::config::{ChannelBinding as Binding, SslMode, SslNegotiation};
use tokio_postgres::{Client, Config};

use super::dial::{self, Lock, Peer, Progress, Way};
use super::failure::Failure;
use super::tls::Handshake;
use super::wire::{Opened, Wire};
use crate::source::postgres::conninfo::{ChannelBinding, ConnInfo, HostSpec};

/// How long a request to stop may linger in the background; poolers hold it back while their servers are busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// Length, code, process id and key of a request to stop, in bytes.
const REQUEST: usize = 16;

/// A session, the task that drives it, and the way it took.
///
/// Dropping it ends the session at once; [`Connected::close`] takes leave first.
pub struct Connected {
    client: Option<Client>,
    driver: JoinHandle<()>,
    place: String,
    peer: Peer,
    handshake: Option<Handshake>,
}

impl Connected {
    /// Logs in over an open way.
    pub(super) async fn login(
        info: &ConnInfo,
        host: &HostSpec,
        peer: &Peer,
        lock: Lock,
        handshake: Option<&Handshake>,
        progress: &Progress,
    ) -> Result<Self, Failure> {
        let Way { wire, encrypted } = dial::open(peer, lock, handshake, progress).await?;
        progress.reach_login();
        let (client, connection) = config(info, host)
            .connect_raw(empty(), Opened(wire))
            .await
            .map_err(|error| Failure { encrypted, ..Failure::login(&error) })?;
        let driver = tokio::spawn(async move {
            // Its error reaches whoever waits for an answer, as a closed connection.
            let _ended = connection.await;
        });
        Ok(Self {
            client: Some(client),
            driver,
            place: format!("{}/{} as {}", host.describe(), info.database(), info.user()),
            peer: peer.clone(),
            handshake: handshake.filter(|_| encrypted).cloned(),
        })
    }

    /// The session itself; nothing only after [`Connected::close`] has begun.
    pub fn client(&self) -> Option<&Client> {
        self.client.as_ref()
    }

    /// Whether the session is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.handshake.is_some()
    }

    /// The host that answered: `host:port/database as user`.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Whether the session has ended, by whomever.
    pub fn is_closed(&self) -> bool {
        self.client.as_ref().is_none_or(Client::is_closed)
    }

    /// Asks the server to stop the running question, over the same way as the session.
    ///
    /// Returns whether the request was delivered in time. The server's hanging up is waited for, because a request that
    /// arrives late would stop the next question instead.
    ///
    /// We never hang up first, not even when the time is up: `PgBouncer` 1.18 stops altogether, with every client it
    /// has, when the sender of a request is gone before the request has been passed on. What is not done in time goes
    /// on in the background.
    pub async fn cancel(&self, within: Duration) -> bool {
        let Some(token) = self.client.as_ref().map(Client::cancel_token) else {
            return false;
        };
        let lock = if self.is_encrypted() { Lock::Must } else { Lock::Clear };
        let (peer, handshake) = (self.peer.clone(), self.handshake.clone());
        let deliver = async move {
            let way = dial::open(&peer, lock, handshake.as_ref(), &Progress::default()).await;
            let Ok(Way { wire, .. }) = way else {
                return false;
            };
            let mut wire = wire.staying_open();
            let sent = token.cancel_query_raw(empty(), Opened(&mut wire)).await;
            // Nothing is ever said here; the end of the stream is the answer.
            let _end = wire.read_u8().await;
            sent.is_ok()
        };
        let delivery = tokio::spawn(timeout(PATIENCE, deliver));
        matches!(timeout(within, delivery).await, Ok(Ok(Ok(true))))
    }

    /// The process id that the login announced. A pooler announces one of its own, and so gives itself away.
    pub async fn announced_pid(&self) -> Option<i32> {
        let token = self.client.as_ref()?.cancel_token();
        // Nothing else tells it than the request to stop, which names it; it is written to ourselves.
        let (mut ours, theirs) = UnixStream::pair().ok()?;
        token.cancel_query_raw(empty(), Opened(Wire::unix(theirs))).await.ok()?;
        let mut request = [0; REQUEST];
        ours.read_exact(&mut request).await.ok()?;
        let [_, _, _, _, _, _, _, _, a, b, c, d, ..] = request;
        Some(i32::from_be_bytes([a, b, c, d]))
    }

    /// Ends the session politely, so that the server's log has nothing to say about it.
    pub async fn close(mut self, within: Duration) {
        drop(self.client.take());
        let _ended = timeout(within, &mut self.driver).await;
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl fmt::Debug for Connected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connected")
            .field("place", &self.place)
            .field("encrypted", &self.is_encrypted())
            .finish_non_exhaustive()
    }
}

/// Only what every pooler takes, unless the user wants more.
fn config(info: &ConnInfo, host: &HostSpec) -> Config {
    let mut config = Config::new();
    config
        .user(info.user())
        .dbname(info.database())
        .application_name(info.application_name())
        .channel_binding(match info.channel_binding() {
            ChannelBinding::Disable => Binding::Disable,
            ChannelBinding::Prefer => Binding::Prefer,
            ChannelBinding::Require => Binding::Require,
        })
        // The way is open already; this makes the library take it as it is, without asking for TLS again.
        .ssl_mode(SslMode::Require)
        .ssl_negotiation(SslNegotiation::Direct);
    if let Some(password) = &host.password {
        config.password(password.expose());
    }
    if let Some(options) = info.options() {
        config.options(options);
    }
    config
}
