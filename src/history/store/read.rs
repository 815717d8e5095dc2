//! Reading past audits.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use super::{History, HistoryError};
use crate::{
    check::finding::Status,
    history::past::{Past, PastAudit, PastFinding, PastNumber, Point, Verdict},
    report::Summary,
    snapshot::Unit,
};

/// The columns of an audit, in the order of [`past`].
const AUDIT: &str = "select id, target, at, origin, stage, stage_title, verdict, score_low, score_high, coverage,
                            fail, warn, unknown, waived, pass, not_applicable, left_off from audit";

impl History {
    /// The targets that have audits, with how many, by name.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn targets(&self) -> Result<Vec<(String, u32)>, HistoryError> {
        let query = "select target, count(*) from audit group by target order by target";
        self.rows(query, [], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// The audits of a target, the latest first.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn list(&self, target: &str, most: usize) -> Result<Vec<Past>, HistoryError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.rows(&format!("{AUDIT} where target = ?1 order by at desc limit ?2"), params![target, most], past)
    }

    /// The latest audit of a target.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn latest(&self, target: &str) -> Result<Option<Past>, HistoryError> {
        let query = format!("{AUDIT} where target = ?1 order by at desc limit 1");
        self.db.query_row(&query, [target], past).optional().map_err(|why| self.failed(why))
    }

    /// The audit of a target before a time, the latest of them.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn before(&self, target: &str, at: Timestamp) -> Result<Option<Past>, HistoryError> {
        let query = format!("{AUDIT} where target = ?1 and at < ?2 order by at desc limit 1");
        let found = self.db.query_row(&query, params![target, at.as_millisecond()], past).optional();
        found.map_err(|why| self.failed(why))
    }

    /// An audit with its findings.
    ///
    /// # Errors
    /// A number that no audit has, or a file that cannot be read.
    pub fn audit(&self, id: i64) -> Result<PastAudit, HistoryError> {
        let found = self.db.query_row(&format!("{AUDIT} where id = ?1"), [id], past).optional();
        let past = found.map_err(|why| self.failed(why))?;
        let past = past.ok_or_else(|| HistoryError::NoAudit { path: self.path.clone(), id })?;
        Ok(PastAudit { past, findings: self.findings(id)? })
    }

    /// The findings of an audit, the worst first.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn findings(&self, audit: i64) -> Result<Vec<PastFinding>, HistoryError> {
        let query =
            "select check_id, subject, source, status, message, limits from finding where audit = ?1 order by n";
        let mut findings = self.rows(query, [audit], |row| {
            Ok(PastFinding {
                check: row.get(0)?,
                subject: row.get(1)?,
                source: row.get(2)?,
                status: status(row, 3)?,
                message: row.get(4)?,
                limits: row.get(5)?,
                numbers: Vec::new(),
            })
        })?;
        let query = "select n, name, value, unit from number where audit = ?1 order by n, place";
        let numbers = self.rows(query, [audit], |row| {
            Ok((row.get::<_, i64>(0)?, PastNumber { name: row.get(1)?, value: row.get(2)?, unit: unit(row, 3)? }))
        })?;
        for (n, number) in numbers {
            if let Some(finding) = usize::try_from(n).ok().and_then(|n| findings.get_mut(n)) {
                finding.numbers.push(number);
            }
        }
        Ok(findings)
    }

    /// How a number of a finding moved, the oldest first. Where an audit has several of the name, the worst counts.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn trend(&self, target: &str, check: &str, subject: &str, name: &str) -> Result<Vec<Point>, HistoryError> {
        let query = "select a.id, a.at, n.value, n.unit, f.status, min(f.n) from audit a
                       join finding f on f.audit = a.id and f.check_id = ?2 and f.subject = ?3
                       join number n on n.audit = f.audit and n.n = f.n and n.name = ?4
                      where a.target = ?1 group by a.id order by a.at";
        self.rows(query, params![target, check, subject, name], |row| {
            Ok(Point {
                audit: row.get(0)?,
                at: instant(row, 1)?,
                value: row.get(2)?,
                unit: unit(row, 3)?,
                status: status(row, 4)?,
            })
        })
    }

    /// The numbers that a finding ever had, with how often; as its evidence orders them.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn numbers(&self, target: &str, check: &str, subject: &str) -> Result<Vec<(String, Unit)>, HistoryError> {
        let query = "select n.name, n.unit, min(n.place) as place from audit a
                       join finding f on f.audit = a.id and f.check_id = ?2 and f.subject = ?3
                       join number n on n.audit = f.audit and n.n = f.n
                      where a.target = ?1 group by n.name, n.unit order by place, n.name";
        self.rows(query, params![target, check, subject], |row| Ok((row.get(0)?, unit(row, 1)?)))
    }

    /// The checks and subjects of a target that have numbers, by name.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn subjects(&self, target: &str, check: &str) -> Result<Vec<String>, HistoryError> {
        let query = "select distinct f.subject from finding f join audit a on a.id = f.audit
                      where a.target = ?1 and f.check_id = ?2 order by f.subject";
        self.rows(query, params![target, check], |row| row.get(0))
    }

    fn rows<T>(
        &self,
        query: &str,
        of: impl rusqlite::Params,
        row: impl FnMut(&Row) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, HistoryError> {
        let read = || self.db.prepare_cached(query)?.query_map(of, row)?.collect::<rusqlite::Result<Vec<_>>>();
        read().map_err(|why| self.failed(why))
    }
}

fn instant(row: &Row, at: usize) -> rusqlite::Result<Timestamp> {
    Ok(Timestamp::from_millisecond(row.get(at)?).unwrap_or_default())
}

/// A status of the file. One that this program does not know says nothing good.
fn status(row: &Row, at: usize) -> rusqlite::Result<Status> {
    let word: String = row.get(at)?;
    Ok(serde_json::from_value(word.into()).unwrap_or(Status::Unknown))
}

fn unit(row: &Row, at: usize) -> rusqlite::Result<Unit> {
    let word: String = row.get(at)?;
    Ok(serde_json::from_value(word.into()).unwrap_or_default())
}

fn past(row: &Row) -> rusqlite::Result<Past> {
    let verdict = match (row.get(4)?, row.get(6)?) {
        (Some(stage), Some(words)) => Some(Verdict {
            stage,
            title: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
            words,
            low: row.get(7)?,
            high: row.get(8)?,
            coverage: row.get(9)?,
        }),
        _ => None,
    };
    let origin: String = row.get(3)?;
    let count = |at| row.get::<_, u32>(at).map(|n| n as usize);
    Ok(Past {
        id: Some(row.get(0)?),
        target: row.get(1)?,
        at: instant(row, 2)?,
        origin: serde_json::from_value(origin.into()).ok(),
        verdict,
        summary: Summary {
            fail: count(10)?,
            warn: count(11)?,
            unknown: count(12)?,
            waived: count(13)?,
            pass: count(14)?,
            not_applicable: count(15)?,
        },
        left_off: row.get(16)?,
    })
}
