//! Statements on a PostgreSQL server: each action a session of its own, under the name of its step, so that it can be found
//! again after a crash.
//!
//! Values are bound as text and never part of a statement. What makes statements (`\gexec`) runs read-only, and what it made
//! runs one by one. What is not known after a lost connection or a deadline is said to be unknown: a transaction that was
//! never committed is gone, but the commit itself, and what runs outside of one, may have been done.

mod cells;
mod ending;
mod guards;
mod reply;
mod session;

use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::{
    outcome,
    output::{Output, Pipe},
};
use crate::{
    config::SourceConfig,
    runbook::{
        port::{Prepared, Stage, What},
        record::{Ended, Outcome},
    },
    source::{Endpoint, postgres::conninfo::ConnInfo},
};
use ending::Ending;
use reply::Reply;
use session::Session;

/// The most statements that one action may make.
const MADE: usize = 1_000;

/// What is to be run, with how it may be stopped.
struct Job<'j> {
    info: &'j ConnInfo,
    prepared: &'j Prepared,
    database: Option<&'j str>,
    transaction: bool,
    stop: watch::Receiver<bool>,
    end: tokio::time::Instant,
}

/// Runs a statement, or the statements that it makes.
pub(super) async fn act(source: &SourceConfig, prepared: &Prepared, stage: Stage<'_>) -> Outcome {
    let started = Instant::now();
    let redactor = stage.redactor;
    let mut output = Output::new(&stage);
    let (ending, value) = run(source, prepared, &stage, &mut output).await;
    let printed = output.finish();
    let outcome = outcome(ending.ended, redactor.text(&ending.says), started.elapsed(), printed);
    // What is printed is a table; the value is its first cell.
    Outcome { value, ..outcome }
}

async fn run(
    source: &SourceConfig,
    prepared: &Prepared,
    stage: &Stage<'_>,
    output: &mut Output<'_>,
) -> (Ending, Option<String>) {
    let (Endpoint::Postgres(info), What::Sql { statement, binds, database, transaction, generates }) =
        (&source.endpoint, &prepared.what)
    else {
        return (Ending::not_done(format!("{} is no PostgreSQL server", source.name)), None);
    };
    let job = Job {
        info,
        prepared,
        database: database.as_deref(),
        transaction: *transaction,
        stop: stage.stop.clone(),
        end: tokio::time::Instant::now() + prepared.timeout,
    };
    if prepared.reads_only
        && let Some(why) = guards::acts_although_it_reads(statement)
    {
        return (Ending::not_done(why), None);
    }
    if *generates {
        return (job.generated(statement, binds, output).await, None);
    }
    match job.one(statement, binds, prepared.reads_only, job.transaction).await {
        Ok(reply) => {
            reply.print(|line| output.push(Pipe::Out, line.as_bytes()));
            let value = stage.wants_value.then(|| reply.value()).flatten();
            (Ending { ended: Ended::Succeeded, says: reply.says() }, value)
        }
        Err(ending) => (ending, None),
    }
}

impl Job<'_> {
    /// One statement in a session of its own, from login to leave.
    async fn one(&self, statement: &str, binds: &[String], reads: bool, transaction: bool) -> Result<Reply, Ending> {
        let mut session = Session::open(self, reads, transaction).await?;
        let reply = session.run(self, statement, binds).await;
        session.close().await;
        reply
    }

    /// The statements that a query makes, one by one, up to the first that fails.
    async fn generated(&self, query: &str, binds: &[String], output: &mut Output<'_>) -> Ending {
        let made = match self.one(query, binds, true, true).await {
            Ok(reply) => reply.all_cells(),
            Err(ending) => return Ending { says: format!("making the statements: {}", ending.says), ..ending },
        };
        let made = match made {
            Ok(made) if made.is_empty() => {
                return Ending::not_done("the query made no statement, so nothing was done");
            }
            Ok(made) if made.len() > MADE => {
                let message =
                    format!("the query made {} statements, and {MADE} are allowed; nothing was done", made.len());
                return Ending::not_done(message);
            }
            Ok(made) => made,
            Err(why) => return Ending::not_done(why),
        };
        let of = made.len();
        for (done, statement) in made.iter().enumerate() {
            output.push(Pipe::Out, format!("{statement}\n").as_bytes());
            let acts = self.prepared.reads_only.then(|| guards::acts_although_it_reads(statement)).flatten();
            let result = match acts {
                Some(why) => Err(Ending::not_done(why)),
                None => self.one(statement, &[], self.prepared.reads_only, self.transaction).await,
            };
            match result {
                Ok(reply) => {
                    reply.print(|line| output.push(Pipe::Out, line.as_bytes()));
                    output.push(Pipe::Out, format!("-- {}\n", reply.says()).as_bytes());
                }
                Err(ending) => {
                    let before =
                        if done == 0 { "none before it".to_owned() } else { format!("{done} before it were done") };
                    let says =
                        format!("statement {} of {of} ({before}; the rest was not begun): {}", done + 1, ending.says);
                    return Ending { says, ..ending };
                }
            }
        }
        let says = if of == 1 {
            "1 statement was made and run".to_owned()
        } else {
            format!("{of} statements were made and run")
        };
        Ending { ended: Ended::Succeeded, says }
    }

    /// What is left of the time.
    fn left(&self) -> Duration {
        self.end.saturating_duration_since(tokio::time::Instant::now())
    }
}
