//! Servers that are broken from the first moment on.

use std::net::{Ipv4Addr, TcpListener};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{Standin, serve};

/// How a server is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Takes the connection and everything that is said, and says nothing.
    Silent,
    /// Resets the connection at once.
    Resetting,
    /// Hears the first words, then resets.
    ResettingLater,
    /// Hears the first words, then hangs up.
    HangingUp,
    /// Speaks another protocol.
    Foreign,
    /// Bytes without any sense, without end.
    Rubbish,
}

impl Manner {
    pub(crate) const ALL: [Self; 6] =
        [Self::Silent, Self::Resetting, Self::ResettingLater, Self::HangingUp, Self::Foreign, Self::Rubbish];

    pub(crate) fn serve(self) -> Standin {
        serve(move |mut stream| async move {
            let mut heard = [0; 1024];
            match self {
                Self::Resetting => stream.set_zero_linger().expect("a socket can be told"),
                Self::Silent => while stream.read(&mut heard).await.is_ok_and(|bytes| bytes > 0) {},
                _ => {
                    let _ = stream.read(&mut heard).await;
                }
            }
            match self {
                Self::ResettingLater => stream.set_zero_linger().expect("a socket can be told"),
                Self::Foreign => {
                    let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
                    // Until the other side has read it and gone, so that no reset overtakes it.
                    while stream.read(&mut heard).await.is_ok_and(|bytes| bytes > 0) {}
                }
                Self::Rubbish => while stream.write_all(&[0xfe, 0x00, 0xc3, b'$', b'R', 0x1b, 0xff]).await.is_ok() {},
                _ => {}
            }
        })
    }
}

/// A port that nobody listens on.
pub(crate) fn closed_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}
