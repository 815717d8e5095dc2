//! Redis and Valkey: a few read-only commands over one connection.

pub(super) mod command;
mod info;

use std::{collections::BTreeMap, time::Duration};

use ::redis::{Client, ConnectionInfo, ErrorKind, ServerErrorKind, aio::MultiplexedConnection};

use super::{Asking, Hello, Question, Source, decode, texts, within};
use crate::{
    check::probe::Shape,
    snapshot::{Fault, FaultKind, Table, Value},
};

pub(crate) struct Redis {
    info: ConnectionInfo,
    connection: Option<MultiplexedConnection>,
}

impl Redis {
    pub(crate) fn new(info: ConnectionInfo) -> Self {
        Self { info, connection: None }
    }

    /// Who we are to the server; `default` is the user of connections that name none.
    fn user(&self) -> &str {
        self.info.redis_settings().username().unwrap_or("default")
    }

    async fn open(&mut self) -> Result<(), Fault> {
        if self.connection.is_some() {
            return Ok(());
        }
        let client = Client::open(self.info.clone()).map_err(|error| fault(&error, self.user()))?;
        // The deadline around every call is ours; the crate's own would only hide which one was meant.
        let config = ::redis::AsyncConnectionConfig::new().set_response_timeout(None).set_connection_timeout(None);
        let connection = client.get_multiplexed_async_connection_with_config(&config).await;
        self.connection = Some(connection.map_err(|error| unreachable(&error, self.user()))?);
        Ok(())
    }

    async fn run(&mut self, words: &[String]) -> Result<::redis::Value, Fault> {
        command::allowed(words)?;
        self.open().await?;
        let Some(connection) = &mut self.connection else {
            return Err(Fault::new(FaultKind::Gone, "there is no connection"));
        };
        let mut command = ::redis::Cmd::new();
        for word in words {
            command.arg(word.as_str());
        }
        let result: Result<::redis::Value, _> = command.query_async(connection).await;
        result.map_err(|error| {
            if error.is_connection_dropped() || error.is_io_error() {
                self.connection = None;
            }
            fault(&error, self.user())
        })
    }

    async fn hello(&mut self) -> Result<Hello, Fault> {
        let text = info::text(self.run(&["INFO".into(), "server".into()]).await?)?;
        let replication = info::text(self.run(&["INFO".into(), "replication".into()]).await?)?;
        let mut hello = Hello::default();
        let field = |text: &str, name: &str| info::field(text, name).map(str::to_owned);
        // Valkey says 7.2.4 as redis_version for ever; its own version stands beside it.
        let version = field(&text, "valkey_version").or_else(|| field(&text, "redis_version"));
        let Some(version) = version else {
            return Err(Fault::new(FaultKind::Rubbish, "INFO has no redis_version: this is no Redis"));
        };
        hello.facts.insert("server".into(), Value::text(version));
        let role = if field(&replication, "role").as_deref() == Some("slave") { "replica" } else { "primary" };
        hello.facts.insert("role".into(), Value::text(role));
        if let Some(mode) = field(&text, "redis_mode") {
            hello.facts.insert("mode".into(), Value::text(mode));
        }
        hello.facts.insert("user".into(), Value::text(self.user()));
        Ok(hello)
    }

    async fn answer(&mut self, question: Question<'_>) -> Result<Table, Fault> {
        let words = question.query.command.clone().unwrap_or_default();
        let reply = self.run(&words).await?;
        let (names, rows) = match question.query.shape {
            Shape::Info => info::one_row(&info::text(reply)?),
            Shape::Lines => info::lines(&info::text(reply)?, question.query.prefix.as_deref().unwrap_or_default()),
            Shape::Pairs => info::pairs(reply)?,
        };
        decode::texts(question.probe, &names, &rows, question.redactor)
    }
}

impl Redis {
    /// Run id, role and whom it follows, database.
    async fn who(&mut self) -> Result<BTreeMap<String, String>, Fault> {
        let hello = self.hello().await?;
        let mut facts = texts(&hello, &["server", "role", "user", "mode"]);
        let server = info::text(self.run(&["INFO".into(), "server".into()]).await?)?;
        let replication = info::text(self.run(&["INFO".into(), "replication".into()]).await?)?;
        if let Some(run_id) = info::field(&server, "run_id") {
            facts.insert("run_id".to_owned(), run_id.to_owned());
        }
        let master = (info::field(&replication, "master_host"), info::field(&replication, "master_port"));
        if let (Some(host), Some(port)) = master {
            facts.insert("follows".to_owned(), format!("{host}:{port}"));
        }
        if let Some(link) = info::field(&replication, "master_link_status") {
            facts.insert("link".to_owned(), link.to_owned());
        }
        facts.insert("db".to_owned(), self.info.redis_settings().db().to_string());
        Ok(facts)
    }
}

impl Source for Redis {
    fn address(&self) -> String {
        let user = self.info.redis_settings().username().map(|user| format!(" as {user}")).unwrap_or_default();
        format!("{}{user}", self.info.addr())
    }

    fn secrets(&self) -> Vec<String> {
        self.info.redis_settings().password().map(str::to_owned).into_iter().collect()
    }

    fn connect(&mut self, deadline: Duration) -> Asking<'_, Hello> {
        Box::pin(within(deadline, "connecting", self.hello()))
    }

    fn identify(&mut self, deadline: Duration) -> Asking<'_, BTreeMap<String, String>> {
        Box::pin(within(deadline, "connecting", self.who()))
    }

    fn ask<'a>(&'a mut self, question: Question<'a>) -> Asking<'a, Table> {
        Box::pin(async move {
            let result = within(question.deadline, "the answer", self.answer(question)).await;
            if matches!(&result, Err(fault) if fault.kind == FaultKind::Deadline) {
                // An answer that comes late must not be taken for that of the next question.
                self.connection = None;
            }
            result
        })
    }
}

fn unreachable(error: &::redis::RedisError, user: &str) -> Fault {
    let fault = fault(error, user);
    match fault.kind {
        FaultKind::Gone | FaultKind::Server => Fault { kind: FaultKind::Unreachable, ..fault },
        _ => fault,
    }
}

/// A client error in the operator's terms. `NOPERM` is a missing right, an unknown command one that the
/// service has switched off or renamed; both come with what to do.
fn fault(error: &::redis::RedisError, user: &str) -> Fault {
    let message = error.to_string();
    let code = error.code().unwrap_or_default().to_owned();
    match (error.kind(), code.as_str()) {
        (ErrorKind::AuthenticationFailed, _) | (_, "WRONGPASS" | "NOAUTH") => {
            Fault::new(FaultKind::Unreachable, message)
                .remedy("check user and password; rediss://USER:PASSWORD@HOST:PORT names an ACL user")
        }
        (_, "NOPERM") => Fault::new(FaultKind::Denied, message)
            .remedy(format!("grant the command to this user, for example ACL SETUSER {user} +info +ping")),
        (ErrorKind::Io, _) if error.is_connection_refusal() => {
            Fault::new(FaultKind::Unreachable, message).remedy("is the server up and listening on this address?")
        }
        (ErrorKind::Io, _) if error.is_timeout() => Fault::new(FaultKind::Deadline, message),
        (ErrorKind::Io, _) => Fault::new(FaultKind::Gone, message),
        (ErrorKind::Parse, _) => {
            Fault::new(FaultKind::Rubbish, message).remedy("is this really a Redis port, and is TLS on one side only?")
        }
        (ErrorKind::Server(ServerErrorKind::ResponseError), _) if message.contains("unknown command") => {
            Fault::new(FaultKind::Missing, message).remedy("the command is switched off or renamed on this server")
        }
        _ => Fault::new(FaultKind::Server, message),
    }
}
