//! What is set before a statement runs, and what a read-only transaction does not keep from acting.

use std::time::Duration;

/// How long a statement may wait for a lock: behind one that waits, everybody else waits, too.
const LOCK: Duration = Duration::from_secs(5);

/// Functions that change something in spite of a read-only transaction.
const ACTING: [&str; 27] = [
    "pg_terminate_backend",
    "pg_cancel_backend",
    "pg_promote",
    "pg_reload_conf",
    "pg_rotate_logfile",
    "pg_switch_wal",
    "pg_create_restore_point",
    "pg_wal_replay_pause",
    "pg_wal_replay_resume",
    "pg_backup_start",
    "pg_backup_stop",
    "pg_start_backup",
    "pg_stop_backup",
    "pg_create_physical_replication_slot",
    "pg_create_logical_replication_slot",
    "pg_copy_physical_replication_slot",
    "pg_copy_logical_replication_slot",
    "pg_drop_replication_slot",
    "pg_replication_slot_advance",
    "pg_logical_slot_get_changes",
    "pg_logical_emit_message",
    "pg_stat_reset",
    "pg_log_backend_memory_contexts",
    "pg_advisory_lock",
    "pg_stat_statements_reset",
    "dblink",
    "lo_export",
];

/// Why a statement that is to read only is not run: it calls a function that acts in spite of a read-only transaction.
pub(super) fn acts_although_it_reads(statement: &str) -> Option<String> {
    let text = statement.to_ascii_lowercase();
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = text.split(|c: char| !word(c));
    // Families such as pg_stat_reset_shared begin with the name of their first member.
    let acts = |name: &&str| ACTING.iter().any(|acting| name.starts_with(acting));
    let name = words.into_iter().find(acts)?;
    Some(format!("{name} acts although its transaction is read-only; a step that calls it is `danger=change` or more"))
}

/// The timeouts of a session whose action may take so long, in milliseconds: of the statement, for locks.
pub(super) fn timeouts(left: Duration) -> (u128, u128) {
    // The server's own word comes before ours, so that we know what became of it.
    let margin = (left / 10).min(Duration::from_secs(1));
    let statement = left.saturating_sub(margin).max(Duration::from_millis(1));
    (statement.as_millis().max(1), LOCK.min(statement).as_millis().max(1))
}

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Read, and nothing else.
    Read,
    /// Write, also where the role or the database reads only by default.
    Write,
    /// What a standby lets it: it knows no other word.
    Standby,
}

/// Whether a server is a standby.
pub(super) const STANDBY: &str = "select pg_is_in_recovery()";

/// Begins a transaction with its guards, and asks whether they hold. `set local`, because a pooler hands on what a session
/// has set.
pub(super) fn begin(access: Access, left: Duration) -> String {
    let (statement, lock) = timeouts(left);
    let access = match access {
        Access::Read => " read only",
        Access::Write => " read write",
        Access::Standby => "",
    };
    format!(
        "begin transaction{access}; set local statement_timeout = {statement}; set local lock_timeout = {lock}; \
         set local idle_in_transaction_session_timeout = {statement}; {WHO}"
    )
}

/// The same for a session that runs a statement outside of a transaction; they hold from the next statement on.
pub(super) fn set(reads: bool, left: Duration) -> String {
    let (statement, lock) = timeouts(left);
    let access = if reads { "on" } else { "off" };
    format!(
        "set statement_timeout = {statement}; set lock_timeout = {lock}; \
         set default_transaction_read_only = {access}"
    )
}

/// Who serves the session, and whether it would write.
pub(super) const WHO: &str = "select pg_backend_pid(), current_setting('transaction_read_only')";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_gives_up_before_we_do() {
        let (statement, lock) = timeouts(Duration::from_secs(30));
        assert_eq!((statement, lock), (29_000, 5_000));
        assert_eq!(timeouts(Duration::from_secs(1)), (900, 900));
        assert_eq!(timeouts(Duration::ZERO), (1, 1), "0 would mean no limit");
    }

    #[test]
    fn in_a_transaction_nothing_is_set_for_the_session() {
        let sql = begin(Access::Read, Duration::from_secs(10));
        assert!(sql.starts_with("begin transaction read only;"), "{sql}");
        assert!(!sql.replace("set local", "").contains("set "), "{sql}");
        assert!(begin(Access::Write, Duration::from_secs(10)).starts_with("begin transaction read write;"));
        assert!(begin(Access::Standby, Duration::from_secs(10)).starts_with("begin transaction;"));
    }

    #[test]
    fn functions_that_act_are_no_reading() {
        for acts in
            ["select pg_terminate_backend($1::int)", "SELECT PG_STAT_RESET_SHARED('io')", "select \"pg_promote\"()"]
        {
            assert!(acts_although_it_reads(acts).is_some(), "{acts}");
        }
        for reads in ["select 1", "select * from my_pg_promote", "select pg_blocking_pids(1)", "select pg_advisory"] {
            assert_eq!(acts_although_it_reads(reads), None, "{reads}");
        }
    }
}
