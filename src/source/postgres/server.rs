//! PostgreSQL: every question in a read-only transaction of its own, under guards that a transaction
//! pooler in between cannot lose or leak to others.

use std::{collections::BTreeMap, time::Duration};

use super::{conninfo::ConnInfo, session::Session};
use crate::{
    snapshot::{Fault, FaultKind, Table, Value},
    source::{Asking, Hello, Question, Source, decode},
};

/// How long a question may wait for a lock. Short: an audit that queues behind a lock makes others
/// queue behind the audit. pgmetrics uses 50 ms; catalogs of busy systems want a little more.
const LOCK_TIMEOUT_MS: u32 = 200;

/// What the server says of itself, of our role and of its databases, in one row.
const HELLO: &str = "\
select current_setting('server_version') as server,
       case when pg_is_in_recovery() then 'replica' else 'primary' end as role,
       current_user as \"user\",
       current_database() as database,
       pg_has_role(current_user, 'pg_monitor', 'usage') as \"member.pg_monitor\",
       pg_has_role(current_user, 'pg_read_all_stats', 'usage') as \"member.pg_read_all_stats\",
       pg_has_role(current_user, 'pg_read_all_settings', 'usage') as \"member.pg_read_all_settings\",
       (select json_object_agg(extname, extversion) from pg_extension) as extensions,
       (select json_agg(distinct quote_ident(nspname)) from pg_extension e join pg_namespace n on n.oid = e.extnamespace) as schemas,
       (select json_agg(datname order by datname) from pg_database
         where datallowconn and not datistemplate and has_database_privilege(datname, 'connect')) as databases";

pub(crate) struct Postgres {
    pub(super) main: Session,
    /// Databases wished for; `*` stands for all that accept connections.
    wished: Vec<String>,
    /// Sessions with other databases than the main one.
    others: BTreeMap<String, Session>,
    /// Where extensions live, quoted, for the search path.
    schemas: Vec<String>,
}

impl Postgres {
    pub(crate) fn new(info: ConnInfo, wished: Vec<String>) -> Self {
        Self { main: Session::new(info), wished, others: BTreeMap::new(), schemas: Vec::new() }
    }

    pub(super) async fn hello(&mut self, deadline: Duration) -> Result<Hello, Fault> {
        self.main.open(deadline).await?;
        let sql = guarded(HELLO, deadline, &[]);
        let rows = self.main.simple(&sql, deadline).await?;
        let row =
            rows.rows.first().ok_or_else(|| Fault::new(FaultKind::Rubbish, "the server did not say who it is"))?;
        let said: BTreeMap<&str, &str> =
            rows.columns.iter().zip(row).filter_map(|(name, cell)| Some((name.as_str(), cell.as_deref()?))).collect();
        self.schemas = list(said.get("schemas"));
        let mut hello = Hello::default();
        for (name, text) in said.iter().filter(|(name, _)| !matches!(**name, "extensions" | "schemas" | "databases")) {
            let value = if name.starts_with("member.") { Value::Bool(*text == "t") } else { Value::text(*text) };
            hello.facts.insert((*name).to_owned(), value);
        }
        let extensions: BTreeMap<String, String> =
            said.get("extensions").and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
        hello
            .facts
            .extend(extensions.into_iter().map(|(name, version)| (format!("extension.{name}"), Value::text(version))));
        hello.databases =
            self.databases(said.get("database").copied().unwrap_or_default(), &list(said.get("databases")));
        Ok(hello)
    }

    fn databases(&self, own: &str, all: &[String]) -> Vec<String> {
        if self.wished.iter().any(|name| name == "*") {
            return all.to_vec();
        }
        if self.wished.is_empty() { vec![own.to_owned()] } else { self.wished.clone() }
    }

    async fn answer(&mut self, question: Question<'_>) -> Result<Table, Fault> {
        let select = question.query.sql.as_deref().unwrap_or_default();
        let sql = guarded(select, question.deadline, &self.schemas);
        let main = question.database.is_none_or(|database| database == self.main.info().database());
        let session = if main {
            &mut self.main
        } else {
            let database = question.database.unwrap_or_default();
            let info = self.main.info().with_database(database);
            self.others.entry(database.to_owned()).or_insert_with(|| Session::new(info))
        };
        let answer = session.simple(&sql, question.deadline).await;
        if matches!(&answer, Err(fault) if !matches!(fault.kind, FaultKind::Gone | FaultKind::Unreachable)) {
            // The statement failed inside its transaction; without this the next one would fail, too.
            let _ = session.simple("rollback", question.deadline).await;
        }
        let rows = answer?;
        if let Some(missing) = decode::undelivered(question.probe, &rows.columns) {
            return Err(Fault::new(FaultKind::Missing, format!("the query gives no column `{missing}`")));
        }
        decode::texts(question.probe, &rows.columns, &rows.rows, question.redactor)
    }
}

/// A question inside its guards. It ends with a rollback: what little a read-only transaction lets a function
/// change (a large object, a notification) is not kept.
/// SET LOCAL and not SET, nor startup options: a transaction pooler keeps
/// a transaction on one server, and hands whatever a session has set on to its next client.
pub(super) fn guarded(select: &str, deadline: Duration, schemas: &[String]) -> String {
    let timeout = deadline.as_millis();
    let mut path = vec!["pg_catalog"];
    path.extend(schemas.iter().map(String::as_str).filter(|schema| *schema != "pg_catalog"));
    let path = path.join(", ");
    let select = select.trim().trim_end_matches(';');
    format!(
        "begin transaction read only; set local statement_timeout = {timeout}; set local lock_timeout = {LOCK_TIMEOUT_MS}; \
         set local idle_in_transaction_session_timeout = {timeout}; set local jit = off; set local timezone = 'UTC'; \
         set local datestyle = 'ISO'; set local search_path = {path}; {select}; rollback"
    )
}

fn list(json: Option<&&str>) -> Vec<String> {
    json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
}

impl Source for Postgres {
    fn address(&self) -> String {
        self.main.info().describe()
    }

    fn secrets(&self) -> Vec<String> {
        self.main.secrets()
    }

    fn notes(&self) -> Vec<String> {
        self.main.notes()
    }

    fn connect(&mut self, deadline: Duration) -> Asking<'_, Hello> {
        Box::pin(self.hello(deadline))
    }

    fn ask<'a>(&'a mut self, question: Question<'a>) -> Asking<'a, Table> {
        Box::pin(self.answer(question))
    }

    fn identify(&mut self, deadline: Duration) -> Asking<'_, BTreeMap<String, String>> {
        Box::pin(self.who(deadline))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_is_read_only_and_guarded_for_its_transaction_alone() {
        let sql = guarded("select 1;\n", Duration::from_secs(5), &["public".into(), "pg_catalog".into()]);
        assert!(sql.starts_with("begin transaction read only;"), "{sql}");
        assert!(
            sql.contains("set local statement_timeout = 5000;") && sql.contains("set local lock_timeout = 200;"),
            "{sql}"
        );
        assert!(sql.contains("set local jit = off;") && sql.contains("search_path = pg_catalog, public;"), "{sql}");
        assert!(sql.ends_with("select 1; rollback"), "{sql}");
        assert!(!sql.replace("set local", "").contains("set "), "nothing is set for the session: {sql}");
    }
}
