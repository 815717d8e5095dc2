//! One session: opened on demand, its errors put into the operator's terms.

use std::time::Duration;

pub(crate) use super::simple::TextRows;
use super::{
    connect::{ConnectError, ConnectKind, Connected, connect},
    conninfo::ConnInfo,
    simple::{AskError, query_simple},
};
use crate::snapshot::{Fault, FaultKind};

/// The most rows of one answer. A catalog of 100,000 tables has some 300,000 indexes.
const CAP_ROWS: usize = 500_000;

/// The most bytes of one answer.
const CAP_BYTES: usize = 256 * 1024 * 1024;

/// A session with one server and database.
pub(crate) struct Session {
    info: ConnInfo,
    connected: Option<Connected>,
}

impl Session {
    pub(crate) fn new(info: ConnInfo) -> Self {
        Self { info, connected: None }
    }

    pub(crate) fn info(&self) -> &ConnInfo {
        &self.info
    }

    pub(crate) fn secrets(&self) -> Vec<String> {
        self.info.secrets().into_iter().map(str::to_owned).collect()
    }

    /// What the operator should know of how the server was reached.
    pub(crate) fn notes(&self) -> Vec<String> {
        self.info.notes().to_vec()
    }

    /// Connects, or connects again where the connection has gone.
    pub(crate) async fn open(&mut self, deadline: Duration) -> Result<&Connected, Fault> {
        let alive = self.connected.take().filter(|connected| !connected.is_closed());
        let connected = if let Some(connected) = alive {
            connected
        } else {
            let deadline = self.info.connect_timeout().map_or(deadline, |own| own.min(deadline));
            connect(&self.info, deadline).await.map_err(|error| refused(&error))?
        };
        Ok(self.connected.insert(connected))
    }

    /// Asks by the simple protocol, which needs no prepared statement and so survives any pooler.
    pub(crate) async fn simple(&mut self, sql: &str, deadline: Duration) -> Result<TextRows, Fault> {
        let connected = self.open(deadline).await?;
        let rows = query_simple(connected, sql, deadline, CAP_ROWS, CAP_BYTES).await.map_err(|error| asked(&error))?;
        if rows.truncated {
            return Err(Fault::new(
                FaultKind::Rubbish,
                format!("the answer has more than {CAP_ROWS} rows or {CAP_BYTES} bytes"),
            ));
        }
        Ok(rows)
    }
}

fn refused(error: &ConnectError) -> Fault {
    let kind = match error.kind() {
        ConnectKind::Timeout => FaultKind::Deadline,
        ConnectKind::Protocol => FaultKind::Rubbish,
        _ => FaultKind::Unreachable,
    };
    Fault::new(kind, error.account()).remedy(error.remedy())
}

fn asked(error: &AskError) -> Fault {
    match error {
        AskError::Denied { message } => Fault::new(FaultKind::Denied, message),
        AskError::Deadline { message } => Fault::new(FaultKind::Deadline, message),
        AskError::LockTimeout { message } => Fault::new(FaultKind::Deadline, message)
            .remedy("a lock is in the way; see which session holds it and run again"),
        AskError::Missing { message } => Fault::new(FaultKind::Missing, message),
        AskError::Server { code, message } => Fault::new(FaultKind::Server, format!("{message} (SQLSTATE {code})")),
        AskError::Gone { message } => Fault::new(FaultKind::Gone, message),
        AskError::Protocol { message } => Fault::new(FaultKind::Rubbish, message),
    }
}
