//! The stream below the protocol: one type for sockets, networks and TLS, with a look at the first answer.

use std::error::Error;
use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready as await_ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_postgres_rustls::MakeRustlsConnect;

pub(super) type Encrypted = <MakeRustlsConnect as MakeTlsConnect<TcpStream>>::Stream;

/// The bytes that came first are not what a PostgreSQL server says after a login request.
#[derive(Debug, thiserror::Error)]
#[error("an answer that is not PostgreSQL's")]
pub(super) struct NotPostgres;

enum Io {
    Tcp(TcpStream),
    Unix(UnixStream),
    Tls(Box<Encrypted>),
}

trait Duplex: AsyncRead + AsyncWrite + Unpin {}
impl<T: AsyncRead + AsyncWrite + Unpin> Duplex for T {}

/// An open way to a server.
pub(super) struct Wire {
    io: Io,
    /// Kind and length of the first message, as far as they have come.
    head: Vec<u8>,
    /// Leave the hanging up to the other side.
    stays_open: bool,
}

const HEAD: usize = 5;

/// libpq's own bound for a sane first message; text such as `HTTP/1.1` reads as a far longer one.
const LONGEST_FIRST_MESSAGE: u32 = 30_000;

impl Wire {
    pub(super) fn tcp(stream: TcpStream) -> Self {
        Self { io: Io::Tcp(stream), head: Vec::new(), stays_open: false }
    }

    pub(super) fn unix(stream: UnixStream) -> Self {
        Self { io: Io::Unix(stream), head: Vec::new(), stays_open: false }
    }

    pub(super) fn tls(stream: Encrypted) -> Self {
        Self { io: Io::Tls(Box::new(stream)), head: Vec::new(), stays_open: false }
    }

    /// A wire for a request to stop: it is not closed when the library thinks that it is done.
    pub(super) fn staying_open(self) -> Self {
        Self { stays_open: true, ..self }
    }

    fn io(self: Pin<&mut Self>) -> Pin<&mut dyn Duplex> {
        match &mut self.get_mut().io {
            Io::Tcp(stream) => Pin::new(stream),
            Io::Unix(stream) => Pin::new(stream),
            Io::Tls(stream) => Pin::new(stream.as_mut()),
        }
    }

    /// Looks at the start of the first message. Without this, rubbish whose fifth byte reads as a huge length would be
    /// waited for until the deadline, and would then look like silence.
    fn look(&mut self, fresh: &[u8]) -> io::Result<()> {
        if self.head.len() >= HEAD {
            return Ok(());
        }
        self.head.extend(fresh.iter().take(HEAD - self.head.len()));
        let sane = match *self.head.as_slice() {
            [] => true,
            [kind, a, b, c, d] => is_first(kind) && u32::from_be_bytes([a, b, c, d]) <= LONGEST_FIRST_MESSAGE,
            [kind, ..] => is_first(kind),
        };
        if sane { Ok(()) } else { Err(io::Error::new(io::ErrorKind::InvalidData, NotPostgres)) }
    }
}

/// Authentication, error, notice, or a word about protocol versions.
fn is_first(kind: u8) -> bool {
    matches!(kind, b'R' | b'E' | b'N' | b'v')
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        await_ready!(self.as_mut().io().poll_read(cx, buf))?;
        let fresh = buf.filled().get(before..).unwrap_or_default();
        Poll::Ready(self.get_mut().look(fresh))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.io().poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io().poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.stays_open {
            return Poll::Ready(Ok(()));
        }
        self.io().poll_shutdown(cx)
    }
}

impl TlsStream for Wire {
    fn channel_binding(&self) -> ChannelBinding {
        match &self.io {
            Io::Tls(stream) => stream.channel_binding(),
            Io::Tcp(_) | Io::Unix(_) => ChannelBinding::none(),
        }
    }
}

impl TlsStream for &mut Wire {
    fn channel_binding(&self) -> ChannelBinding {
        (**self).channel_binding()
    }
}

/// Hands an open wire to the library, which believes that it has just made a TLS handshake.
///
/// This is its only door for a foreign stream that also carries channel binding.
pub(super) struct Opened<W>(pub(super) W);

impl<S, W: TlsStream + Unpin> TlsConnect<S> for Opened<W> {
    type Stream = W;
    type Error = Box<dyn Error + Sync + Send>;
    type Future = Ready<Result<W, Self::Error>>;

    fn connect(self, _: S) -> Self::Future {
        ready(Ok(self.0))
    }
}
