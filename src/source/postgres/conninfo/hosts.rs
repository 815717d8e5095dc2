//! The hosts to try, in order.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use crate::secret::Secret;

use super::env::Env;
use super::error::ConnInfoError;
use super::origin::{Origin, Settings};

pub(super) const DEFAULT_PORT: u16 = 5432;

/// The directories where the common packages put the server's socket.
const SOCKET_DIRS: [&str; 2] = ["/var/run/postgresql", "/tmp"];

/// How a server is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// Over the network, by a name that has to be looked up or that is an address itself.
    Name(String),
    /// Over the network, by an address; the name, if any, is only for the certificate and the password file.
    Address {
        /// The name that goes with the address.
        name: Option<String>,
        /// Where to connect.
        addr: IpAddr,
    },
    /// By a socket in this directory.
    Socket(PathBuf),
}

/// One server to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostSpec {
    /// How it is reached.
    pub endpoint: Endpoint,
    /// Its port, which is part of the socket's name too.
    pub port: u16,
    /// The password for this server; the password file may know a different one for each.
    pub password: Option<Secret>,
}

impl HostSpec {
    /// The name that a certificate is checked against. Nothing for sockets and for bare addresses from `hostaddr`.
    pub fn server_name(&self) -> Option<&str> {
        match &self.endpoint {
            Endpoint::Name(name) => Some(name),
            Endpoint::Address { name, .. } => name.as_deref(),
            Endpoint::Socket(_) => None,
        }
    }

    /// The socket's path, when this is one.
    pub fn socket_path(&self) -> Option<PathBuf> {
        match &self.endpoint {
            Endpoint::Socket(dir) => Some(dir.join(format!(".s.PGSQL.{}", self.port))),
            Endpoint::Name(_) | Endpoint::Address { .. } => None,
        }
    }

    /// `host:port` for people.
    pub fn describe(&self) -> String {
        let host = match &self.endpoint {
            Endpoint::Name(name) | Endpoint::Address { name: Some(name), .. } => name.clone(),
            Endpoint::Address { name: None, addr } => addr.to_string(),
            Endpoint::Socket(dir) => dir.display().to_string(),
        };
        if host.contains(':') { format!("[{host}]:{}", self.port) } else { format!("{host}:{}", self.port) }
    }

    /// What the password file calls this server: `localhost` for a socket in a usual place, else the host as given.
    pub(super) fn passfile_name(&self) -> String {
        match &self.endpoint {
            Endpoint::Name(name) => name.clone(),
            Endpoint::Address { name, addr } => name.clone().unwrap_or_else(|| addr.to_string()),
            Endpoint::Socket(dir) if SOCKET_DIRS.iter().any(|usual| dir == Path::new(usual)) => "localhost".to_owned(),
            Endpoint::Socket(dir) => dir.display().to_string(),
        }
    }
}

/// Pairs up `host`, `hostaddr` and `port`, without passwords.
pub(super) fn resolve(settings: &Settings, env: &Env) -> Result<Vec<HostSpec>, ConnInfoError> {
    let names = list(settings, "host");
    let addrs = list(settings, "hostaddr");
    let count = names.len().max(addrs.len()).max(1);
    if !names.is_empty() && !addrs.is_empty() && names.len() != addrs.len() {
        return Err(lists("hostaddr", settings, names.len(), addrs.len()));
    }
    let ports = ports(settings, count)?;
    let mut hosts = Vec::with_capacity(count);
    for (index, port) in ports.into_iter().enumerate() {
        let name = names.get(index).copied().filter(|name| !name.is_empty());
        let addr = addrs.get(index).copied().filter(|addr| !addr.is_empty());
        hosts.push(HostSpec { endpoint: endpoint(name, addr, port, settings, env)?, port, password: None });
    }
    Ok(hosts)
}

fn list<'a>(settings: &'a Settings, name: &str) -> Vec<&'a str> {
    settings.value(name).map(|value| value.split(',').map(str::trim).collect()).unwrap_or_default()
}

fn lists(name: &'static str, settings: &Settings, hosts: usize, others: usize) -> ConnInfoError {
    ConnInfoError::Lists { name, origin: settings.origin(name), hosts, others }
}

fn ports(settings: &Settings, count: usize) -> Result<Vec<u16>, ConnInfoError> {
    let mut ports = Vec::new();
    for text in list(settings, "port") {
        ports.push(match text.parse::<u16>() {
            _ if text.is_empty() => DEFAULT_PORT,
            Ok(port) if port > 0 => port,
            _ => {
                let expected = "a number from 1 to 65535 (if a password stands there, encode its special characters)";
                return Err(ConnInfoError::Value { name: "port", origin: settings.origin("port"), expected });
            }
        });
    }
    match ports.as_slice() {
        [] => Ok(vec![DEFAULT_PORT; count]),
        [port] => Ok(vec![*port; count]),
        ports if ports.len() == count => Ok(ports.to_vec()),
        ports => Err(lists("port", settings, count, ports.len())),
    }
}

fn endpoint(
    name: Option<&str>,
    addr: Option<&str>,
    port: u16,
    settings: &Settings,
    env: &Env,
) -> Result<Endpoint, ConnInfoError> {
    if let Some(addr) = addr {
        let expected = "an IP address; put names into host";
        let addr = addr.parse().map_err(|_| ConnInfoError::Value {
            name: "hostaddr",
            origin: settings.origin("hostaddr"),
            expected,
        })?;
        return Ok(Endpoint::Address { name: name.map(str::to_owned), addr });
    }
    match name {
        Some(dir) if dir.starts_with('/') => Ok(Endpoint::Socket(PathBuf::from(dir))),
        Some(name) if name.starts_with('@') => Err(ConnInfoError::Value {
            name: "host",
            origin: settings.origin("host"),
            expected: "a name, an address or a directory; abstract sockets are not supported",
        }),
        Some(name) => Ok(Endpoint::Name(name.to_owned())),
        None => Ok(default_endpoint(port, env)),
    }
}

/// The socket when one is there, else `localhost`: what `psql` finds on this machine, whatever it was compiled with.
fn default_endpoint(port: u16, env: &Env) -> Endpoint {
    SOCKET_DIRS
        .iter()
        .map(PathBuf::from)
        .find(|dir| env.exists(&dir.join(format!(".s.PGSQL.{port}"))))
        .map_or_else(|| Endpoint::Name("localhost".to_owned()), Endpoint::Socket)
}

/// Whether any host was named at all; for the note where the default came from.
pub(super) fn origin(settings: &Settings) -> Origin {
    match settings.origin("host") {
        Origin::Default => settings.origin("hostaddr"),
        origin => origin,
    }
}
