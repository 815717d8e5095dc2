//! Trying one host after another until one lets us in or the time is up.

use std::time::Duration;

use tokio::time::{Instant, timeout};
use tokio_postgres::SimpleQueryMessage;

use super::dial::{self, Lock, Peer, Progress};
use super::error::{ConnectError, ConnectKind};
use super::failure::Failure;
use super::session::Connected;
use super::tls::Prepared;
use crate::source::postgres::conninfo::{ConnInfo, Endpoint, HostSpec, SslMode, TargetSession};

/// Adding more than this to a clock may overflow it.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Connects to the first host that lets us in.
///
/// The deadline is for the whole call. What is left of it is shared evenly among the hosts and addresses still to be
/// tried, so that one silent host does not use up the time of the next.
pub async fn connect(info: &ConnInfo, deadline: Duration) -> Result<Connected, ConnectError> {
    let deadline = deadline.min(LONGEST);
    let end = Instant::now() + deadline;
    let mut failures: Vec<(String, Failure)> = Vec::new();
    let prepared = match prepare(info, deadline).await {
        Ok(prepared) => prepared,
        Err(failure) => return Err(report(info, vec![(info.describe(), failure)])),
    };
    let rounds: &[TargetSession] = match info.target() {
        TargetSession::PreferStandby => &[TargetSession::Standby, TargetSession::Any],
        TargetSession::Any => &[TargetSession::Any],
        TargetSession::ReadWrite => &[TargetSession::ReadWrite],
        TargetSession::ReadOnly => &[TargetSession::ReadOnly],
        TargetSession::Primary => &[TargetSession::Primary],
        TargetSession::Standby => &[TargetSession::Standby],
    };
    let visits: Vec<_> = rounds.iter().flat_map(|target| info.hosts().iter().map(|host| (*target, host))).collect();
    for (index, (target, host)) in visits.iter().enumerate() {
        let share = share(end, visits.len() - index);
        match visit(info, host, *target, prepared.as_ref(), share).await {
            Ok(connected) => return Ok(connected),
            Err(failure) => {
                let stop = !failure.leaves_hope();
                failures.push((format!("{}/{} as {}", host.describe(), info.database(), info.user()), failure));
                if stop {
                    break;
                }
            }
        }
    }
    Err(report(info, failures))
}

fn share(end: Instant, parts: usize) -> Duration {
    let left = end.saturating_duration_since(Instant::now());
    left / u32::try_from(parts.max(1)).unwrap_or(u32::MAX)
}

/// A time for people: a share of a deadline has more digits than sense.
fn to_tenths(time: Duration) -> Duration {
    let tenths = u64::try_from(time.as_millis().div_ceil(100)).unwrap_or(u64::MAX);
    Duration::from_millis(tenths.saturating_mul(100))
}

/// Reads certificates, unless nothing will be encrypted.
async fn prepare(info: &ConnInfo, within: Duration) -> Result<Option<Prepared>, Failure> {
    let local = info.hosts().iter().all(|host| matches!(host.endpoint, Endpoint::Socket(_)));
    if local || info.ssl().mode == SslMode::Disable {
        return Ok(None);
    }
    let ssl = info.ssl().clone();
    match timeout(within, tokio::task::spawn_blocking(move || Prepared::load(&ssl))).await {
        Ok(Ok(prepared)) => prepared.map(Some),
        Ok(Err(_)) => Err(Failure::new(ConnectKind::Other, "reading the certificates was interrupted")),
        Err(_) => Err(Failure::new(ConnectKind::Timeout, "reading the certificates took too long")),
    }
}

/// Tries all addresses of one host.
async fn visit(
    info: &ConnInfo,
    host: &HostSpec,
    target: TargetSession,
    prepared: Option<&Prepared>,
    within: Duration,
) -> Result<Connected, Failure> {
    let end = Instant::now() + within;
    let peers = timeout(within, dial::addresses(host))
        .await
        .map_err(|_| Failure::new(ConnectKind::Timeout, "looking up the name took too long"))??;
    let mut last = Failure::new(ConnectKind::Unresolvable, "the name has no address");
    for (index, peer) in peers.iter().enumerate() {
        let share = share(end, peers.len() - index);
        let share = info.connect_timeout().map_or(share, |limit| limit.min(share));
        let progress = Progress::default();
        let attempt = async {
            let connected = negotiate(info, host, peer, prepared, &progress).await?;
            suits(&connected, target).await.map(|()| connected)
        };
        last = match timeout(share, attempt).await {
            Ok(Ok(connected)) => return Ok(connected),
            Ok(Err(failure)) => failure,
            Err(_) => {
                Failure::new(ConnectKind::Timeout, format!("{} within {:?}", progress.silence(), to_tenths(share)))
            }
        };
        if !last.leaves_hope() {
            break;
        }
    }
    Err(last)
}

/// One address, with the two tries that `allow` and `prefer` may take.
async fn negotiate(
    info: &ConnInfo,
    host: &HostSpec,
    peer: &Peer,
    prepared: Option<&Prepared>,
    progress: &Progress,
) -> Result<Connected, Failure> {
    let handshake = match (prepared, peer) {
        (Some(prepared), Peer::Tcp(addr)) => Some(prepared.with(host, addr.ip())?),
        _ => None,
    };
    let login = |lock| Connected::login(info, host, peer, lock, handshake.as_ref(), progress);
    if handshake.is_none() {
        return login(Lock::Clear).await;
    }
    match info.ssl().mode {
        SslMode::Disable => login(Lock::Clear).await,
        SslMode::Allow => match login(Lock::Clear).await {
            Err(first) if first.is_about_encryption() => login(Lock::Must).await.map_err(|_| first),
            outcome => outcome,
        },
        SslMode::Prefer => match login(Lock::IfOffered).await {
            Err(first) if first.encrypted && first.is_about_encryption() => login(Lock::Clear).await.map_err(|_| first),
            Err(first) if first.kind == ConnectKind::Tls => login(Lock::Clear).await.map_err(|mut second| {
                second.detail = format!("{} (and before, with TLS: {})", second.detail, first.detail);
                second
            }),
            outcome => outcome,
        },
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => login(Lock::Must).await,
    }
}

/// Whether the server is of the kind that was asked for. Nothing is asked when any will do.
async fn suits(connected: &Connected, target: TargetSession) -> Result<(), Failure> {
    let (sql, wanted, complaint) = match target {
        TargetSession::Any | TargetSession::PreferStandby => return Ok(()),
        TargetSession::ReadWrite => ("SHOW transaction_read_only", "off", "the session is read-only"),
        TargetSession::ReadOnly => ("SHOW transaction_read_only", "on", "the session is not read-only"),
        TargetSession::Primary => ("SELECT pg_catalog.pg_is_in_recovery()", "f", "the server is a standby"),
        TargetSession::Standby => ("SELECT pg_catalog.pg_is_in_recovery()", "t", "the server is not a standby"),
    };
    let unsuited = || Failure::new(ConnectKind::Unsuited, format!("{complaint}, and another kind was asked for"));
    let Some(client) = connected.client() else {
        return Err(unsuited());
    };
    let answer = client.simple_query(sql).await.map_err(|error| Failure::login(&error))?;
    let suits = answer.iter().any(
        |message| matches!(message, SimpleQueryMessage::Row(row) if row.try_get(0).ok().flatten() == Some(wanted)),
    );
    if suits { Ok(()) } else { Err(unsuited()) }
}

/// The failure that says most is the last one: either the server's own word, or what was left to try.
fn report(info: &ConnInfo, mut failures: Vec<(String, Failure)>) -> ConnectError {
    let secrets = info.secrets();
    let clean = |text: &str| secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "(hidden)"));
    let (place, last) = failures
        .pop()
        .unwrap_or_else(|| (info.describe(), Failure::new(ConnectKind::Other, "there is no host to try")));
    ConnectError {
        kind: last.kind,
        place,
        detail: clean(&last.detail),
        sqlstate: last.sqlstate,
        others: failures.iter().map(|(place, failure)| format!("{place}: {}", clean(&failure.detail))).collect(),
    }
}
