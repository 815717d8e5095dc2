//! A way to a real server that breaks in the middle of the talk.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::{Standin, serve};

/// What becomes of the way.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Break {
    /// It goes silent, in both directions.
    Silence,
    /// It is reset.
    Reset,
    /// It lets this many bytes through every so often, and so never ends.
    Trickle(usize, Duration),
}

/// The way, and how many bytes of the server have come through.
pub(crate) struct Way {
    pub(crate) standin: Standin,
    passed: Arc<AtomicUsize>,
}

impl Way {
    pub(crate) fn passed(&self) -> usize {
        self.passed.load(Ordering::Relaxed)
    }
}

/// A way to this port that breaks when the server has said so many bytes, and stays broken for who comes again.
pub(crate) fn to(port: u16, after: usize, how: Break) -> Way {
    let passed = Arc::new(AtomicUsize::new(0));
    let count = passed.clone();
    let standin = serve(move |client| carry(client, port, after, how, count.clone()));
    Way { standin, passed }
}

async fn carry(mut client: TcpStream, port: u16, after: usize, how: Break, passed: Arc<AtomicUsize>) {
    let Ok(mut server) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await else { return };
    let (mut said, mut asked) = (vec![0; 4096], vec![0; 4096]);
    let mut slow = None;
    loop {
        let left = after.saturating_sub(passed.load(Ordering::Relaxed));
        match (left, how) {
            (0, Break::Reset) => {
                let _ = client.set_zero_linger();
                return;
            }
            // Hears everything and passes nothing on; the server sees a client that asks no more.
            (0, Break::Silence) => return while client.read(&mut asked).await.is_ok_and(|bytes| bytes > 0) {},
            (0, Break::Trickle(bytes, every)) => slow = Some((bytes, every)),
            _ => {}
        }
        let room = slow.map_or(left.min(4096), |(bytes, _)| bytes);
        tokio::select! {
            bytes = client.read(&mut asked) => match bytes {
                Ok(bytes) if bytes > 0 => if server.write_all(&asked[..bytes]).await.is_err() { return },
                _ => return,
            },
            bytes = server.read(&mut said[..room]) => match bytes {
                Ok(bytes) if bytes > 0 => {
                    if let Some((_, every)) = slow {
                        sleep(every).await;
                    }
                    passed.fetch_add(bytes, Ordering::Relaxed);
                    if client.write_all(&said[..bytes]).await.is_err() { return }
                }
                _ => return,
            },
        }
    }
}
