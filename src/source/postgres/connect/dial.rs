//! Opening the way to one address: socket, the question for TLS, the handshake.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream, lookup_host};

use super::error::ConnectKind;
use super::failure::Failure;
use super::tls::Handshake;
use super::wire::Wire;
use crate::source::postgres::conninfo::{Endpoint, HostSpec};

/// One place to connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Peer {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

/// Whether to encrypt on the way to one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
    Clear,
    IfOffered,
    Must,
}

/// How far an attempt came, so that a silence can be told from another.
#[derive(Debug, Default)]
pub(super) struct Progress(AtomicU8);

impl Progress {
    const CONNECTED: u8 = 1;
    const TLS: u8 = 2;
    const LOGIN: u8 = 3;

    fn reach(&self, step: u8) {
        self.0.store(step, Ordering::Relaxed);
    }

    pub(super) fn reach_login(&self) {
        self.reach(Self::LOGIN);
    }

    pub(super) fn silence(&self) -> &'static str {
        match self.0.load(Ordering::Relaxed) {
            Self::CONNECTED => "the connection was accepted and then nothing was said",
            Self::TLS => "the TLS handshake did not end",
            Self::LOGIN => "the login was not answered",
            _ => "nothing answered",
        }
    }
}

/// All addresses of a host, in the order of the resolver.
pub(super) async fn addresses(host: &HostSpec) -> Result<Vec<Peer>, Failure> {
    if let Some(path) = host.socket_path() {
        return Ok(vec![Peer::Unix(path)]);
    }
    let name = match &host.endpoint {
        Endpoint::Address { addr, .. } => {
            return Ok(vec![Peer::Tcp(SocketAddr::new(*addr, host.port))]);
        }
        Endpoint::Name(name) => name.as_str(),
        Endpoint::Socket(_) => "",
    };
    if let Ok(addr) = name.parse::<IpAddr>() {
        return Ok(vec![Peer::Tcp(SocketAddr::new(addr, host.port))]);
    }
    let unresolved = |why: String| Failure::new(ConnectKind::Unresolvable, why);
    let found =
        lookup_host((name, host.port)).await.map_err(|_| unresolved(format!("the name {name} has no address")))?;
    let mut peers: Vec<Peer> = Vec::new();
    for addr in found.map(Peer::Tcp) {
        if !peers.contains(&addr) {
            peers.push(addr);
        }
    }
    if peers.is_empty() { Err(unresolved(format!("the name {name} has no address"))) } else { Ok(peers) }
}

/// A way to a server, and whether it is encrypted.
pub(super) struct Way {
    pub(super) wire: Wire,
    pub(super) encrypted: bool,
}

/// Opens the way. Sockets of the file system are never encrypted, as in libpq.
pub(super) async fn open(
    peer: &Peer,
    lock: Lock,
    handshake: Option<&Handshake>,
    progress: &Progress,
) -> Result<Way, Failure> {
    let mut stream = match peer {
        Peer::Unix(path) => {
            let stream = UnixStream::connect(path).await.map_err(|error| Failure::dialing(&error))?;
            progress.reach(Progress::CONNECTED);
            return Ok(Way { wire: Wire::unix(stream), encrypted: false });
        }
        Peer::Tcp(addr) => TcpStream::connect(addr).await.map_err(|error| Failure::dialing(&error))?,
    };
    progress.reach(Progress::CONNECTED);
    // Questions are small and wait for their answer; without this, some would wait for an acknowledgement too.
    stream.set_nodelay(true).map_err(|error| Failure::dialing(&error))?;
    let Some(handshake) = handshake.filter(|_| lock != Lock::Clear) else {
        return Ok(Way { wire: Wire::tcp(stream), encrypted: false });
    };
    if !handshake.is_direct() && !offers_tls(&mut stream).await? {
        return match lock {
            Lock::Must => Err(Failure::new(ConnectKind::Tls, "the server does not offer TLS")),
            Lock::Clear | Lock::IfOffered => Ok(Way { wire: Wire::tcp(stream), encrypted: false }),
        };
    }
    progress.reach(Progress::TLS);
    let stream = handshake.perform(stream).await?;
    Ok(Way { wire: Wire::tls(stream), encrypted: true })
}

/// Length eight, then the number that stands for "do you speak TLS?".
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

async fn offers_tls(stream: &mut TcpStream) -> Result<bool, Failure> {
    stream.write_all(&SSL_REQUEST).await.map_err(|error| Failure::talking(&error))?;
    // Exactly one byte: what an attacker may have put after it must go into the handshake, not into the session.
    match stream.read_u8().await.map_err(|error| Failure::talking(&error))? {
        b'S' => Ok(true),
        b'N' => Ok(false),
        b'E' => Err(early_refusal(stream).await),
        _ => Err(Failure::new(ConnectKind::Protocol, "an answer that is not PostgreSQL's")),
    }
}

/// A refusal before anything was encrypted: what a full pooler says to whoever knocks.
///
/// Nobody has proved to be the server yet, so the words decide about the class of the failure and nothing else.
async fn early_refusal(stream: &mut TcpStream) -> Failure {
    let rubbish = || Failure::new(ConnectKind::Protocol, "an answer that is not PostgreSQL's");
    let length = match stream.read_u32().await {
        Ok(length @ 4..=LONGEST_REFUSAL) => length - 4,
        Ok(_) => return rubbish(),
        Err(error) => return Failure::talking(&error),
    };
    let mut body = Vec::new();
    if let Err(error) = stream.take(u64::from(length)).read_to_end(&mut body).await {
        return Failure::talking(&error);
    }
    let text = String::from_utf8_lossy(&body);
    let field = |kind| text.split('\0').find_map(|field| field.strip_prefix(kind));
    match (field('C'), field('M')) {
        (Some(code), Some(message)) => Failure::refusal(code, message),
        _ => rubbish(),
    }
}

const LONGEST_REFUSAL: u32 = 2_000;
