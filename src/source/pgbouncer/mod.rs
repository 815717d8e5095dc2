//! The admin console of PgBouncer: SHOW and nothing else, over the simple protocol, read by column name.

use std::{collections::BTreeMap, time::Duration};

use super::{
    Asking, Hello, Question, Source, decode,
    postgres::session::{Session, TextRows},
    texts,
};
use crate::{
    snapshot::{Fault, FaultKind, Table, Value},
    source::postgres::conninfo::ConnInfo,
};

/// What may follow SHOW. FDS is left out: it stops the whole pooler while it runs.
const SHOWS: [&str; 8] = ["POOLS", "DATABASES", "STATS", "LISTS", "CONFIG", "VERSION", "USERS", "STATE"];

pub(crate) struct PgBouncer {
    session: Session,
}

impl PgBouncer {
    pub(crate) fn new(info: ConnInfo) -> Self {
        Self { session: Session::new(info) }
    }

    async fn show(&mut self, what: &str, deadline: Duration) -> Result<TextRows, Fault> {
        if !SHOWS.iter().any(|allowed| allowed.eq_ignore_ascii_case(what)) {
            let message = format!("SHOW {what} is not on the list; allowed are {}", SHOWS.join(", "));
            return Err(Fault::new(FaultKind::Denied, message));
        }
        self.session.simple(&format!("SHOW {what}"), deadline).await
    }

    async fn hello(&mut self, deadline: Duration) -> Result<Hello, Fault> {
        self.session.open(deadline).await?;
        let rows = self.show("VERSION", deadline).await?;
        let version = rows.rows.first().and_then(|row| row.first()?.clone()).unwrap_or_default();
        let number: String = version
            .chars()
            .skip_while(|c| !c.is_ascii_digit())
            .take_while(|c| c.is_ascii_digit() || *c == '.')
            .collect();
        if number.is_empty() {
            return Err(Fault::new(FaultKind::Rubbish, "SHOW VERSION names no version: this is no PgBouncer console"));
        }
        let mut hello = Hello::default();
        hello.facts.insert("server".into(), Value::text(number));
        hello.facts.insert("user".into(), Value::text(self.session.info().user()));
        Ok(hello)
    }
}

impl PgBouncer {
    /// Version, where it listens, and the databases that it fronts.
    async fn who(&mut self, deadline: Duration) -> Result<BTreeMap<String, String>, Fault> {
        let hello = self.hello(deadline).await?;
        let mut facts = texts(&hello, &["server", "user"]);
        let databases = self.show("DATABASES", deadline).await?;
        let mut names = column(&databases, "name");
        names.retain(|name| name != "pgbouncer");
        names.sort_unstable();
        facts.insert("fronts".to_owned(), names.join(", "));
        let config = self.show("CONFIG", deadline).await?;
        let keys = column(&config, "key");
        let values = column(&config, "value");
        let setting = |name: &str| Some(values.get(keys.iter().position(|key| key == name)?)?.as_str());
        if let (Some(address), Some(port)) = (setting("listen_addr"), setting("listen_port")) {
            facts.insert("listens".to_owned(), format!("{address}:{port}"));
        }
        Ok(facts)
    }
}

/// The cells of a column, an empty text for NULL.
fn column(rows: &TextRows, name: &str) -> Vec<String> {
    let Some(at) = rows.columns.iter().position(|column| column == name) else { return Vec::new() };
    rows.rows.iter().map(|row| row.get(at).cloned().flatten().unwrap_or_default()).collect()
}

impl Source for PgBouncer {
    fn address(&self) -> String {
        self.session.info().describe()
    }

    fn secrets(&self) -> Vec<String> {
        self.session.secrets()
    }

    fn notes(&self) -> Vec<String> {
        self.session.notes()
    }

    fn connect(&mut self, deadline: Duration) -> Asking<'_, Hello> {
        Box::pin(async move {
            self.hello(deadline).await.map_err(|fault| {
                let refused = fault.message.contains("not allowed");
                if refused { fault.remedy("add the role to stats_users in pgbouncer.ini and RELOAD") } else { fault }
            })
        })
    }

    fn ask<'a>(&'a mut self, question: Question<'a>) -> Asking<'a, Table> {
        Box::pin(async move {
            let what = question.query.show.clone().unwrap_or_default();
            let rows = self.show(&what, question.deadline).await?;
            decode::texts(question.probe, &rows.columns, &rows.rows, question.redactor)
        })
    }

    fn identify(&mut self, deadline: Duration) -> Asking<'_, BTreeMap<String, String>> {
        Box::pin(self.who(deadline))
    }
}
