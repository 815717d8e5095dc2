//! Who a PostgreSQL server is, asked of itself.

use std::{collections::BTreeMap, time::Duration};

use super::server::{Postgres, guarded};
use crate::{
    snapshot::{Fault, FaultKind},
    source::texts,
};

/// The address is the server's own: through a pooler or a forwarded port it is another one than was dialled.
const HERE: &str = "\
select host(inet_server_addr()) || ':' || inet_server_port() as listens,
       nullif(current_setting('cluster_name', true), '') as cluster";

/// One for each data directory that was ever made; replicas share their primary's.
const SYSTEM: &str = "select system_identifier::text as system_id from pg_control_system()";

impl Postgres {
    /// System identifier, database, role, user, version, and the address as the server sees it.
    pub(super) async fn who(&mut self, deadline: Duration) -> Result<BTreeMap<String, String>, Fault> {
        let hello = self.hello(deadline).await?;
        let mut facts = texts(&hello, &["server", "role", "user", "database"]);
        facts.extend(self.one_row(HERE, deadline).await?);
        match self.one_row(SYSTEM, deadline).await {
            Ok(system) => facts.extend(system),
            Err(fault) if matches!(fault.kind, FaultKind::Denied | FaultKind::Missing) => {
                let user = facts.get("user").map_or("this role", String::as_str);
                let why = format!("not visible; grant execute on function pg_control_system() to {user}");
                facts.insert("system_id".to_owned(), why);
            }
            Err(fault) => return Err(fault),
        }
        Ok(facts)
    }

    /// The first row of an answer, without its NULLs.
    async fn one_row(&mut self, select: &str, deadline: Duration) -> Result<BTreeMap<String, String>, Fault> {
        let answer = self.main.simple(&guarded(select, deadline, &[]), deadline).await;
        if answer.is_err() {
            // The batch stopped at the error, and the session may still stand in its transaction.
            let _ = self.main.simple("rollback", deadline).await;
        }
        let rows = answer?;
        let cells = rows.rows.into_iter().next().unwrap_or_default();
        Ok(rows.columns.into_iter().zip(cells).filter_map(|(name, cell)| Some((name, cell?))).collect())
    }
}
