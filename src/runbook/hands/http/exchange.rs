//! One request and its answer, on a thread of its own: the library blocks, and an action may be left.

use std::{io::Read as _, sync::Arc, time::Duration};

use tokio::sync::mpsc::Sender;
use ureq::{
    Agent, Error, Timeout,
    config::Config,
    http::{Method, Request, Response, Uri, header::LOCATION},
    tls::{Certificate, RootCerts, TlsConfig, TlsProvider},
    unversioned::{
        resolver::DefaultResolver,
        transport::{Connector as _, DefaultConnector},
    },
};
use url::Url;

use super::sent::Sent;

/// The most of an answer that is read, in bytes.
pub(super) const CAP: u64 = 8 * 1024 * 1024;

/// How often a reading request follows to another address.
const REDIRECTS: usize = 5;

/// Headers that may go along to another host: all others may be credentials.
const HARMLESS: [&str; 4] = ["accept", "accept-language", "content-type", "user-agent"];

/// A request, ready to be sent.
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<String>,
    pub(super) timeout: Duration,
    pub(super) sent: Sent,
}

/// What is heard of it, in this order.
pub(super) enum Heard {
    /// By this it can be broken off.
    Agent(Agent),
    /// The answer has begun.
    Status(u16),
    /// A piece of it.
    Body(Vec<u8>),
    /// It is longer than is read.
    Capped,
    /// That was all, or why there is no more.
    End(Result<(), Failure>),
}

/// Why there is no answer, or not all of it.
pub(super) struct Failure {
    pub(super) late: bool,
    pub(super) says: String,
}

impl Asked {
    fn reads(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD)
    }
}

/// Sends it and hears it out.
pub(super) fn exchange(asked: &Asked, heard: &Sender<Heard>) {
    let end = answer(asked, heard);
    let _ = heard.blocking_send(Heard::End(end));
}

fn answer(asked: &Asked, heard: &Sender<Heard>) -> Result<(), Failure> {
    let agent = agent(asked);
    let _ = heard.blocking_send(Heard::Agent(agent.clone()));
    let response = follow(asked, &agent)?;
    let _ = heard.blocking_send(Heard::Status(response.status().as_u16()));
    let (mut reader, mut piece, mut left) = (response.into_body().into_reader(), vec![0; 16 * 1024], CAP);
    loop {
        let bytes = reader.read(&mut piece).map_err(|error| failure(&Error::from(error)))? as u64;
        let taken = usize::try_from(bytes.min(left)).unwrap_or(0);
        left -= taken as u64;
        let body = piece.get(..taken).unwrap_or_default().to_vec();
        if bytes == 0 || heard.blocking_send(Heard::Body(body)).is_err() {
            return Ok(());
        }
        if left == 0 {
            let _ = heard.blocking_send(Heard::Capped);
            return Ok(());
        }
    }
}

/// Only what reads is sent to where an answer points, and to another host without what may be a credential.
fn follow(asked: &Asked, agent: &Agent) -> Result<Response<ureq::Body>, Failure> {
    let mut url = asked.url.clone();
    for _ in 0..=REDIRECTS {
        let response = send(asked, agent, &url).map_err(|error| failure(&error))?;
        let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok()).and_then(|to| url.join(to).ok());
        let next = match to {
            Some(next) if asked.reads() && response.status().is_redirection() => next,
            _ => return Ok(response),
        };
        let safe = next.scheme() == "https" || (next.scheme() == "http" && url.scheme() == "http");
        if !safe {
            return Err(Failure { late: false, says: format!("it points to {next}, which is not followed") });
        }
        url = next;
    }
    Err(Failure { late: false, says: format!("it points elsewhere more than {REDIRECTS} times") })
}

fn send(asked: &Asked, agent: &Agent, url: &Url) -> Result<Response<ureq::Body>, Error> {
    let uri: Uri = url.as_str().parse().map_err(|_| Error::BadUri(url.to_string()))?;
    let mut request = Request::builder().method(asked.method.clone()).uri(uri);
    let home = url.origin() == asked.url.origin();
    for (name, value) in &asked.headers {
        if home || HARMLESS.contains(&name.to_ascii_lowercase().as_str()) {
            request = request.header(name, value);
        }
    }
    let wants_body = matches!(asked.method, Method::POST | Method::PUT | Method::PATCH);
    match &asked.body {
        None if !wants_body => agent.run(request.body(())?),
        body => agent.run(request.body(body.clone().unwrap_or_default())?),
    }
}

fn agent(asked: &Asked) -> Agent {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = TlsConfig::builder().provider(TlsProvider::Rustls).unversioned_rustls_crypto_provider(provider);
    if asked.url.scheme() == "https" {
        let roots = rustls_native_certs::load_native_certs().certs;
        tls = tls.root_certs(RootCerts::from(roots.iter().map(|cert| Certificate::from_der(cert).to_owned())));
    }
    let config = Config::builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .allow_non_standard_methods(true)
        .timeout_global(Some(asked.timeout))
        .user_agent(concat!("loadline/", env!("CARGO_PKG_VERSION")))
        .tls_config(tls.build())
        .build();
    Agent::with_parts(config, DefaultConnector::default().chain(asked.sent.clone()), DefaultResolver::default())
}

fn failure(error: &Error) -> Failure {
    let timed = |error: &std::io::Error| error.kind() == std::io::ErrorKind::TimedOut;
    let late = match error {
        Error::Timeout(Timeout::Await100) => false,
        Error::Timeout(_) => true,
        Error::Io(error) => timed(error),
        _ => false,
    };
    Failure { late, says: error.to_string() }
}
