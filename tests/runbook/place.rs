//! The lab as a target, and hands on it.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use loadline::config::{self, Given, Target};
use loadline::runbook::hands::RealHands;
use loadline::runbook::port::{Hands as _, Happening, Prepared, Stage, What};
use loadline::runbook::record::{Ended, Outcome};
use loadline::snapshot::Redactor;
use loadline::source::postgres::conninfo::Env;

use crate::lab::{Lab, Part, Role};

/// What an action left.
pub(crate) struct Acted {
    pub(crate) outcome: Outcome,
    pub(crate) lines: Vec<String>,
}

impl Acted {
    /// The outcome, once it is sure that it ended in this way and says this.
    #[track_caller]
    pub(crate) fn expect(self, ended: Ended, says: &str) -> Self {
        assert_eq!(self.outcome.ended, ended, "{:?}\n{}", self.outcome, self.lines.join("\n"));
        assert!(self.outcome.says.contains(says), "`{says}` in {:?}", self.outcome);
        self
    }

    #[track_caller]
    pub(crate) fn succeeds(self) -> Self {
        self.expect(Ended::Succeeded, "")
    }

    pub(crate) fn value(&self) -> &str {
        self.outcome.value.as_deref().unwrap_or_else(|| panic!("no value: {:?}", self.outcome))
    }
}

/// Waits for something, on threads of its own.
pub(crate) fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().expect("a runtime can be had").block_on(work)
}

/// A target of these servers, as flags would name them: kind, name, address.
pub(crate) fn target(sources: &[(&str, &str, String)]) -> Arc<Target> {
    let of = |kind: &str| {
        let named = sources.iter().filter(|(of, ..)| *of == kind);
        named.map(|(_, name, url)| format!("{name}={url}")).collect::<Vec<_>>()
    };
    let given = Given { postgres: of("postgres"), pgbouncer: of("pgbouncer"), redis: of("redis"), ..Given::default() };
    Arc::new(config::resolve(&given, None, &Env::from_process()).expect("a target").target)
}

/// The address of the Redis primary for whoever may do everything there.
pub(crate) fn redis_admin(lab: &Lab) -> String {
    format!("redis://127.0.0.1:{}/0", lab.state().port(Part::Redis))
}

/// Everything in the lab, as those who may act on it.
pub(crate) fn whole(lab: &Lab) -> Arc<Target> {
    let mut sources = Vec::new();
    if lab.has(Part::Postgres) {
        sources.push(("postgres", "primary", lab.primary_url(Role::Superuser)));
    }
    if lab.has(Part::Replica) {
        sources.push(("postgres", "replica", lab.replica_url(Role::Superuser)));
    }
    if lab.has(Part::PgBouncer) {
        sources.push(("pgbouncer", "pooler", lab.console_url(Role::BouncerAdmin)));
        sources.push(("postgres", "pooled", lab.pgbouncer_url(Role::App)));
    }
    if lab.has(Part::Redis) {
        sources.push(("redis", "cache", redis_admin(lab)));
    }
    if lab.has(Part::RedisReplica) {
        sources.push(("redis", "cache-replica", lab.redis_replica_url()));
    }
    target(&sources)
}

/// The name under which the sessions of tests' actions are found.
pub(crate) const TAG: &str = "loadline r-1/step";

fn prepared(source: &str, what: What) -> Prepared {
    Prepared {
        what,
        shown: String::new(),
        source: Some(source.to_owned()),
        reads_only: false,
        timeout: Duration::from_secs(20),
        tag: TAG.to_owned(),
    }
}

/// A statement in a transaction.
pub(crate) fn sql(source: &str, statement: &str, binds: &[&str]) -> Prepared {
    let binds = binds.iter().map(|bind| (*bind).to_owned()).collect();
    let statement = statement.to_owned();
    prepared(source, What::Sql { statement, binds, database: None, transaction: true, generates: false })
}

/// The same outside of a transaction.
pub(crate) fn outside(source: &str, statement: &str, binds: &[&str]) -> Prepared {
    let mut prepared = sql(source, statement, binds);
    if let What::Sql { transaction, .. } = &mut prepared.what {
        *transaction = false;
    }
    prepared
}

/// What the statement gives is run.
pub(crate) fn made(mut prepared: Prepared) -> Prepared {
    if let What::Sql { generates, .. } = &mut prepared.what {
        *generates = true;
    }
    prepared
}

/// Commands in words.
pub(crate) fn words(source: &str, lines: &[&[&str]]) -> Prepared {
    let lines = lines.iter().map(|line| line.iter().map(|word| (*word).to_owned()).collect()).collect();
    prepared(source, What::Words { lines })
}

pub(crate) fn reading(mut prepared: Prepared) -> Prepared {
    prepared.reads_only = true;
    prepared
}

pub(crate) fn within(mut prepared: Prepared, timeout: Duration) -> Prepared {
    prepared.timeout = timeout;
    prepared
}

/// Does it.
pub(crate) fn act(target: &Arc<Target>, prepared: &Prepared) -> Acted {
    act_until(target, prepared, None)
}

/// Does it, and stops it after a while.
pub(crate) fn act_until(target: &Arc<Target>, prepared: &Prepared, stopped_after: Option<Duration>) -> Acted {
    let lines = Mutex::new(Vec::new());
    let happens = |what: Happening| {
        if let Happening::Line(line) = what {
            lines.lock().expect("no test panics in here").push(line);
        }
    };
    let (sender, stop) = tokio::sync::watch::channel(false);
    let redactor = Redactor::default();
    let outcome = wait(async {
        let hands = RealHands::new(target.clone(), BTreeMap::new());
        let stage = Stage {
            happens: &happens,
            stop,
            redactor: &redactor,
            output: None,
            wants_value: true,
            value_is_secret: false,
        };
        let stopping = async {
            match stopped_after {
                Some(after) => {
                    tokio::time::sleep(after).await;
                    sender.send(true).expect("the action listens");
                    std::future::pending::<()>().await;
                }
                None => std::future::pending::<()>().await,
            }
        };
        tokio::select! {
            outcome = hands.act(prepared, stage) => outcome,
            () = stopping => unreachable!("it waits for ever"),
        }
    });
    Acted { outcome, lines: lines.into_inner().expect("no test panics in here") }
}

/// A process that stands still until this value goes.
pub(crate) struct Stopped(rustix::process::Pid);

impl Stopped {
    pub(crate) fn process(pid: u32) -> Self {
        let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw).expect("a process id");
        rustix::process::kill_process(pid, rustix::process::Signal::STOP).expect("the lab's processes are ours");
        Self(pid)
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        // It may have ended.
        let _ = rustix::process::kill_process(self.0, rustix::process::Signal::CONT);
    }
}
