//! The session of one action: login, guards, the statement, the end of its transaction.

use std::{pin::pin, time::Duration};

use futures_util::StreamExt as _;
use tokio::time::timeout;
use tokio_postgres::{Error, Row, SimpleQueryMessage, types::Type};

use super::{
    Job, cells,
    ending::{Context, Ending, Phase, Why},
    guards::{self, Access},
    reply::{ROWS, Reply},
};
use crate::{
    source::postgres::connect::{Connected, connect},
    text,
};

/// The longest that logging in may take.
const LOGIN: Duration = Duration::from_secs(10);

/// How long the server has to say that it stopped.
const GRACE: Duration = Duration::from_secs(2);

/// How long turning an answer into text, and taking leave, may take.
const AFTER: Duration = Duration::from_secs(3);

/// The longest name of a session that a server keeps, in bytes.
const NAME: usize = 63;

pub(super) struct Session {
    connected: Connected,
    context: Context,
}

/// What came of waiting for something.
enum Waited<T> {
    Came(T),
    /// It came after the server was asked to stop.
    Stopped(T, Why),
    Silent(Why),
}

/// The rows of an answer as they came.
struct Answer {
    columns: Vec<String>,
    rows: Vec<Row>,
    total: u64,
    affected: u64,
}

impl Session {
    /// Logs in under the name of the step and puts up the guards.
    pub(super) async fn open(job: &Job<'_>, reads: bool, transaction: bool) -> Result<Self, Ending> {
        let tag: String = text::screen(&job.prepared.tag).chars().take(NAME).collect();
        let mut info = job.info.with_application_name(tag.clone());
        if let Some(database) = job.database {
            info = info.with_database(database);
        }
        let connected = connect(&info, LOGIN.min(job.left()))
            .await
            .map_err(|error| Ending::not_done(format!("{}; {}; nothing was done", error.account(), error.remedy())))?;
        let phase = if transaction { Phase::Inside } else { Phase::Outside };
        let place = connected.place().to_owned();
        let mut session = Self { connected, context: Context { phase, reads, pid: None, tag, place } };
        session.guard(job).await?;
        Ok(session)
    }

    /// Sets the guards and makes sure that they hold: the server itself refuses to write where only reading was meant.
    async fn guard(&mut self, job: &Job<'_>) -> Result<(), Ending> {
        let inside = self.context.phase == Phase::Inside;
        let left = job.left();
        let asking = async {
            if inside {
                let access = if self.context.reads {
                    Access::Read
                } else if self.simple(guards::STANDBY).await?.first().is_some_and(|standby| standby == "t") {
                    Access::Standby
                } else {
                    Access::Write
                };
                return self.simple(&guards::begin(access, left)).await;
            }
            self.simple(&guards::set(self.context.reads, left)).await?;
            self.simple(guards::WHO).await
        };
        let asked = timeout(left.max(GRACE), asking).await;
        let row = match asked {
            Ok(Ok(row)) => row,
            Ok(Err(error)) => return Err(Ending::not_done(format!("{}; nothing was done", shown(&error)))),
            Err(_) => {
                return Err(Ending::not_done("the server did not answer in time; the statement was not sent"));
            }
        };
        let (pid, read_only) = (row.first().and_then(|pid| pid.parse().ok()), row.get(1).map(String::as_str));
        self.context.pid = pid;
        if self.context.reads && read_only != Some("on") {
            return Err(Ending::not_done(
                "the server did not make the transaction read-only; the statement was not sent",
            ));
        }
        if !inside && self.connected.announced_pid().await != pid {
            return Err(Ending::not_done(
                "this connection goes through a pooler, where a statement outside of a transaction has no session of its \
                 own; name the server itself as the source. Nothing was done",
            ));
        }
        Ok(())
    }

    /// The last row of a few statements that are ours.
    async fn simple(&self, sql: &str) -> Result<Vec<String>, Error> {
        let Some(client) = self.connected.client() else { return Ok(Vec::new()) };
        let mut last = Vec::new();
        for message in client.simple_query(sql).await? {
            if let SimpleQueryMessage::Row(row) = message {
                last = (0..row.len()).map(|at| row.get(at).unwrap_or_default().to_owned()).collect();
            }
        }
        Ok(last)
    }

    /// Runs the statement and ends its transaction.
    pub(super) async fn run(&mut self, job: &Job<'_>, statement: &str, binds: &[String]) -> Result<Reply, Ending> {
        let waited = self.wait(job, self.ask(statement, binds)).await;
        let answer = match waited {
            Waited::Came(Err(error)) => return Err(self.failed(&error, None)),
            Waited::Stopped(Err(error), why) => return Err(self.failed(&error, Some(why))),
            Waited::Stopped(Ok(_), why) if self.context.phase == Phase::Inside => {
                return Err(self.take_back(why).await);
            }
            // Outside of a transaction it is done, however late.
            Waited::Came(Ok(answer)) | Waited::Stopped(Ok(answer), _) => answer,
            Waited::Silent(why) => return Err(self.context.silent(why)),
        };
        if self.context.phase == Phase::Inside {
            self.commit(job).await?;
        }
        let rows = match self.connected.client() {
            Some(client) => timeout(AFTER, cells::texts(client, &answer.rows)).await.unwrap_or_default(),
            None => Vec::new(),
        };
        Ok(Reply { columns: answer.columns, rows, total: answer.total, affected: answer.affected })
    }

    /// Sends the statement with its values as text, unnamed, as every pooler takes it; the server refuses more than one.
    async fn ask(&self, statement: &str, binds: &[String]) -> Result<Answer, Error> {
        let mut answer = Answer { columns: Vec::new(), rows: Vec::new(), total: 0, affected: 0 };
        let Some(client) = self.connected.client() else { return Ok(answer) };
        let binds = binds.iter().map(|value| (value.as_str(), Type::TEXT));
        let stream = client.query_typed_raw(statement, binds).await?;
        let mut stream = pin!(stream);
        while let Some(row) = stream.next().await {
            let row = row?;
            answer.total += 1;
            if answer.columns.is_empty() {
                answer.columns = row.columns().iter().map(|column| column.name().to_owned()).collect();
            }
            if answer.rows.len() < ROWS {
                answer.rows.push(row);
            }
        }
        answer.affected = stream.rows_affected().unwrap_or_default();
        Ok(answer)
    }

    /// Waits for the end, for the time to be up, or for the operator to stop it; then the server is asked to stop.
    async fn wait<T>(&self, job: &Job<'_>, work: impl Future<Output = T>) -> Waited<T> {
        let mut work = pin!(work);
        let mut stop = job.stop.clone();
        let stopped = async {
            if stop.wait_for(|stop| *stop).await.is_err() {
                // Nobody can stop it any more.
                std::future::pending::<()>().await;
            }
        };
        let why = tokio::select! {
            biased;
            done = &mut work => return Waited::Came(done),
            () = stopped => Why::Stopped,
            () = tokio::time::sleep_until(job.end) => Why::Late,
        };
        let stopping = async {
            let (_, done) = tokio::join!(self.connected.cancel(GRACE), work);
            done
        };
        match timeout(GRACE, stopping).await {
            Ok(done) => Waited::Stopped(done, why),
            Err(_) => Waited::Silent(why),
        }
    }

    async fn commit(&mut self, job: &Job<'_>) -> Result<(), Ending> {
        let end = if self.context.reads { "rollback" } else { "commit" };
        self.context.phase = Phase::Commit;
        match self.wait(job, self.simple(end)).await {
            Waited::Came(Ok(_)) | Waited::Stopped(Ok(_), _) => Ok(()),
            // Nothing was changed that an error at the end could take away.
            _ if self.context.reads => Ok(()),
            Waited::Came(Err(error)) => Err(self.failed(&error, None)),
            Waited::Stopped(Err(error), why) => Err(self.failed(&error, Some(why))),
            Waited::Silent(why) => Err(self.context.silent(why)),
        }
    }

    /// It came to its end too late; nothing of it is kept.
    async fn take_back(&self, why: Why) -> Ending {
        match timeout(GRACE, self.simple("rollback")).await {
            Ok(Ok(_)) => Context::taken_back(why),
            _ => self.context.silent(why),
        }
    }

    fn failed(&self, error: &Error, why: Option<Why>) -> Ending {
        match error.as_db_error() {
            Some(said) => self.context.said(said, why),
            None => self.context.lost(&shown(error)),
        }
    }

    pub(super) async fn close(self) {
        self.connected.close(AFTER).await;
    }
}

/// An error with its cause.
fn shown(error: &Error) -> String {
    let cause = std::error::Error::source(error);
    cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
