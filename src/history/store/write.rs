//! Writing audits down, and forgetting old ones.

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

use super::{History, HistoryError};
use crate::{
    history::past::{Origin, PastAudit, PastFinding},
    report::Audit,
};

/// The most findings of one audit that are kept; the worst come first, and how many were left off is kept too.
pub const MOST_FINDINGS: usize = 10_000;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// After how many milliseconds only the last audit of each hour is kept.
pub const HOURLY_AFTER: i64 = 2 * DAY_MS;

/// After how many milliseconds only the last audit of each day is kept.
const DAILY_AFTER: i64 = 14 * DAY_MS;

/// After how many milliseconds an audit is forgotten.
const FORGOTTEN_AFTER: i64 = 400 * DAY_MS;

impl History {
    /// Writes an audit down and thins out the older ones of its target. One of the same target and time is there
    /// already, and stays. The number of the audit in the history is returned.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn record(&mut self, audit: &Audit, origin: Origin) -> Result<i64, HistoryError> {
        self.put(audit, origin, None)
    }

    /// Writes an audit down in place of one that was written before, under the number of that one: the latest of a
    /// session that goes on.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn record_instead(&mut self, audit: &Audit, origin: Origin, of: i64) -> Result<i64, HistoryError> {
        self.put(audit, origin, Some(of))
    }

    fn put(&mut self, audit: &Audit, origin: Origin, instead: Option<i64>) -> Result<i64, HistoryError> {
        let remembered = PastAudit::of(audit);
        let written = (|| {
            // Immediately, because two that read first and write then would each wait for the other.
            let work = Transaction::new(&mut self.db, TransactionBehavior::Immediate)?;
            let id = write(&work, &remembered, &audit.snapshot.tool, origin, instead)?;
            thin(&work, &remembered.past.target)?;
            work.commit()?;
            Ok(id)
        })();
        written.map_err(|why| self.failed(why))
    }
}

fn write(
    work: &Transaction,
    audit: &PastAudit,
    tool: &str,
    origin: Origin,
    instead: Option<i64>,
) -> rusqlite::Result<i64> {
    let past = &audit.past;
    let at = past.at.as_millisecond();
    let same = "select id from audit where target = ?1 and at = ?2";
    if let Some(id) = work.query_row(same, params![past.target, at], |row| row.get(0)).optional()? {
        return Ok(id);
    }
    if let Some(id) = instead {
        work.execute("delete from audit where id = ?1", [id])?;
    }
    let (verdict, summary) = (past.verdict.as_ref(), past.summary);
    work.execute(
        "insert into audit (id, target, at, origin, tool, stage, stage_title, verdict, score_low, score_high, coverage,
                            fail, warn, unknown, waived, pass, not_applicable, left_off)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        params![
            instead,
            past.target,
            at,
            origin.word(),
            tool,
            verdict.map(|verdict| &verdict.stage),
            verdict.map(|verdict| &verdict.title),
            verdict.map(|verdict| &verdict.words),
            verdict.map(|verdict| verdict.low),
            verdict.map(|verdict| verdict.high),
            verdict.map(|verdict| verdict.coverage),
            count(summary.fail),
            count(summary.warn),
            count(summary.unknown),
            count(summary.waived),
            count(summary.pass),
            count(summary.not_applicable),
            count(audit.findings.len().saturating_sub(MOST_FINDINGS)),
        ],
    )?;
    let id = work.last_insert_rowid();
    findings(work, id, audit.findings.iter().take(MOST_FINDINGS))?;
    Ok(id)
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn findings<'a>(work: &Transaction, id: i64, all: impl Iterator<Item = &'a PastFinding>) -> rusqlite::Result<()> {
    let mut finding = work.prepare_cached("insert into finding values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
    let mut number = work.prepare_cached("insert into number values (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for (n, of) in all.enumerate() {
        let n = count(n);
        finding.execute(params![id, n, of.check, of.subject, of.source, word(&of.status), of.message, of.limits])?;
        for (place, one) in of.numbers.iter().enumerate() {
            number.execute(params![id, n, count(place), one.name, one.value, word(&one.unit)])?;
        }
    }
    Ok(())
}

/// The word of a status or unit in files.
fn word(of: &impl serde::Serialize) -> Option<String> {
    serde_json::to_value(of).ok()?.as_str().map(str::to_owned)
}

/// Forgets what is too old and thins out what is old, by the age against the target's latest audit: a target that is
/// audited no more loses nothing.
fn thin(work: &Transaction, target: &str) -> rusqlite::Result<usize> {
    let later_in_the_same = |length: i64| {
        format!(
            "exists (select 1 from audit later where later.target = audit.target
                       and later.at > audit.at and later.at / {length} = audit.at / {length})"
        )
    };
    let query = format!(
        "delete from audit where target = ?1 and (
           at < (select max(at) from audit where target = ?1) - {FORGOTTEN_AFTER}
           or (at < (select max(at) from audit where target = ?1) - {DAILY_AFTER} and {})
           or (at < (select max(at) from audit where target = ?1) - {HOURLY_AFTER} and {}))",
        later_in_the_same(DAY_MS),
        later_in_the_same(HOUR_MS)
    );
    work.execute(&query, [target])
}
