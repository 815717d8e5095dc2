//! The only code that talks to servers. One folder a kind: connect, ask, decode.
//!
//! To add a kind: a folder with a type that implements [`Source`], a word in
//! [`SourceKind`](crate::snapshot::SourceKind), and a line each in [`Endpoint`] and [`open`].

mod attestation;
mod decode;
mod files;
mod kubernetes;
mod loadtest;
mod pgbouncer;
mod plan;
pub mod postgres;
mod redis;
mod runs;

pub use attestation::{AnswerFile, Evidence, Folders, Piece, WaiverFile, Word, evidence_words, sha256};
pub use kubernetes::Place as KubernetesPlace;
use postgres::conninfo::ConnInfo;
pub use runs::{Known as KnownRunbook, RunsPlace};

use std::{collections::BTreeMap, future::Future, path::PathBuf, pin::Pin, sync::Arc, time::Duration};

use crate::{
    check::probe::{Probe, Query},
    plan::Plan,
    snapshot::{Fault, FaultKind, Redactor, SourceKind, Table, Value},
};

/// An answer that is being waited for.
pub(crate) type Asking<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send + 'a>>;

/// What a source says of itself once it is reached.
#[derive(Debug, Default)]
pub(crate) struct Hello {
    /// Versions, role, memberships, extensions; conditions of queries and rights look here.
    pub(crate) facts: BTreeMap<String, Value>,
    /// The databases in which probes with `each = "database"` are asked.
    pub(crate) databases: Vec<String>,
    /// What the operator should know about it, now that it was reached.
    pub(crate) notes: Vec<String>,
}

/// One question, worded for the server at hand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) probe: &'a Probe,
    pub(crate) query: &'a Query,
    pub(crate) database: Option<&'a str>,
    pub(crate) deadline: Duration,
    pub(crate) redactor: &'a Redactor,
}

/// Something that can be asked. One connection each; questions come one after the other.
pub(crate) trait Source: Send {
    /// Where it is, without secrets.
    fn address(&self) -> String;
    /// The secrets that this connection uses, for the redactor.
    fn secrets(&self) -> Vec<String>;
    /// What to know of the way there even where it leads nowhere: an ignored password file may be why.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
    /// Reaches the server and learns who it is.
    fn connect(&mut self, deadline: Duration) -> Asking<'_, Hello>;
    /// Asks one question.
    fn ask<'a>(&'a mut self, question: Question<'a>) -> Asking<'a, Table>;
    /// Reaches it and learns what tells it from every other of its kind, by name. What cannot be learnt is left out or
    /// says why; nothing in it changes while it stays the same one in the same role.
    fn identify(&mut self, deadline: Duration) -> Asking<'_, BTreeMap<String, String>> {
        Box::pin(async move { Ok(texts(&self.connect(deadline).await?, &["server", "role", "user"])) })
    }
}

/// Some facts of a source, as text.
pub(crate) fn texts(hello: &Hello, names: &[&str]) -> BTreeMap<String, String> {
    let known = hello.facts.iter().filter(|(name, _)| names.contains(&name.as_str()));
    known.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

/// Where a source is and how it is reached.
#[derive(Debug, Clone)]
pub enum Endpoint {
    /// A PostgreSQL server.
    Postgres(ConnInfo),
    /// The admin console of a PgBouncer, which speaks PostgreSQL's protocol.
    PgBouncer(ConnInfo),
    /// A Redis server.
    Redis(::redis::ConnectionInfo),
    /// A Kubernetes API or a folder of its answers.
    Kubernetes(KubernetesPlace),
    /// The target's own plan, which is asked like any other.
    Plan(Arc<Plan>),
    /// A folder of load-test results.
    LoadTest(PathBuf),
    /// Folders of answers and waivers.
    Attestation(Folders),
    /// The journals of runs.
    Runs(RunsPlace),
}

impl Endpoint {
    /// What kind of source is there.
    pub fn kind(&self) -> SourceKind {
        match self {
            Self::Postgres(_) => SourceKind::Postgres,
            Self::PgBouncer(_) => SourceKind::PgBouncer,
            Self::Redis(_) => SourceKind::Redis,
            Self::Kubernetes(_) => SourceKind::Kubernetes,
            Self::Plan(_) => SourceKind::Plan,
            Self::LoadTest(_) => SourceKind::LoadTest,
            Self::Attestation(_) => SourceKind::Attestation,
            Self::Runs(_) => SourceKind::Runs,
        }
    }
}

/// The source at an endpoint; `databases` are those in which a PostgreSQL server is asked.
pub(crate) fn open(endpoint: &Endpoint, databases: &[String]) -> Box<dyn Source> {
    match endpoint {
        Endpoint::Postgres(info) => Box::new(postgres::Postgres::new(info.clone(), databases.to_vec())),
        Endpoint::PgBouncer(info) => Box::new(pgbouncer::PgBouncer::new(info.clone())),
        Endpoint::Redis(info) => Box::new(redis::Redis::new(info.clone())),
        Endpoint::Kubernetes(place) => Box::new(kubernetes::Kubernetes::new(place.clone())),
        Endpoint::Plan(plan) => Box::new(plan::Planned::new(plan.clone())),
        Endpoint::LoadTest(folder) => Box::new(loadtest::LoadTest::new(folder.clone())),
        Endpoint::Attestation(folders) => Box::new(attestation::Attested::new(folders.clone())),
        Endpoint::Runs(place) => Box::new(runs::Runs::new(place.clone())),
    }
}

/// Whether a probe may send this command of Redis: whoever asks no more than that reads only, too.
pub(crate) fn redis_probe_may_send(words: &[String]) -> bool {
    redis::command::allowed(words).is_ok()
}

/// Waits no longer than the deadline.
pub(crate) async fn within<T>(
    deadline: Duration,
    what: &str,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    if let Ok(result) = tokio::time::timeout(deadline, work).await {
        result
    } else {
        let seconds = crate::quantity::duration(deadline);
        Err(Fault::new(FaultKind::Deadline, format!("{what} took longer than {seconds}")))
    }
}
