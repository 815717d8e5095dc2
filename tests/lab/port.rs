//! Free ports.

use std::net::{Ipv4Addr, TcpListener};

/// A port that nobody listens on now. Somebody may take it before the server does; starting a server tries again
/// with another one then.
pub(crate) fn free() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}
