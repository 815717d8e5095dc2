//! A port of our own, and somebody behind it.

use std::future::Future;
use std::net::Ipv4Addr;

use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

/// A server in this process. It ends with this value, and its connections with it.
pub(crate) struct Standin {
    pub(crate) port: u16,
    _runtime: Runtime,
}

/// Answers each connection.
pub(crate) fn serve<F, A>(answer: F) -> Standin
where
    F: Fn(TcpStream) -> A + Send + 'static,
    A: Future<Output = ()> + Send + 'static,
{
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime starts");
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("loopback has a free port");
    let port = listener.local_addr().expect("a bound socket has an address").port();
    runtime.spawn(async move {
        loop {
            if let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream));
            }
        }
    });
    Standin { port, _runtime: runtime }
}
