//! Past audits as commands and screens tell of them.

use serde::Serialize;

use super::{History, HistoryError};
use crate::{
    history::{Past, PastAudit, Point, Tally, changes},
    snapshot::Unit,
};

/// A past audit of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listed {
    /// The audit.
    #[serde(flatten)]
    pub past: Past,
    /// What changed since the audit before it; none of the first.
    pub changed: Option<Tally>,
}

/// A number of a finding over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Series {
    /// The number, as the finding's evidence names it.
    pub name: String,
    /// What it counts.
    pub unit: Unit,
    /// What it was, the oldest first.
    pub points: Vec<Point>,
}

impl History {
    /// The audits of a target with what changed since the one before each, the latest first. All findings of them are read,
    /// which can be millions; before each audit it is asked whether to go on.
    ///
    /// # Errors
    /// A file that cannot be read, and reading that is not to go on.
    pub fn listed(&self, target: &str, most: usize, go_on: impl Fn() -> bool) -> Result<Vec<Listed>, HistoryError> {
        // One more, for the oldest of the list to be held against. Two are in memory at a time.
        let all = self.list(target, most.saturating_add(1))?;
        let findings = |past: &Past| self.findings(past.id.unwrap_or_default());
        let mut listed = Vec::with_capacity(all.len());
        let mut after = all.first().map(findings).transpose()?;
        for (at, past) in all.iter().enumerate().take(most) {
            if !go_on() {
                return Err(HistoryError::Stopped { path: self.path.clone() });
            }
            let before = all.get(at + 1).map(findings).transpose()?;
            let changed = before.as_ref().zip(after.as_ref()).map(|(before, after)| Tally::of(&changes(before, after)));
            listed.push(Listed { past: past.clone(), changed });
            after = before;
        }
        Ok(listed)
    }

    /// An audit, and the one before it where there is one.
    ///
    /// # Errors
    /// A number that no audit has, or a file that cannot be read.
    pub fn with_before(&self, id: i64) -> Result<(PastAudit, Option<PastAudit>), HistoryError> {
        let audit = self.audit(id)?;
        let before = self.before(&audit.past.target, audit.past.at)?.and_then(|past| past.id);
        let before = before.map(|id| self.audit(id)).transpose()?;
        Ok((audit, before))
    }

    /// All numbers of a finding over time, in the order of its evidence. One that a later version of a check counts in
    /// another unit is another number, and one that names something is none.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn series(&self, target: &str, check: &str, subject: &str) -> Result<Vec<Series>, HistoryError> {
        let numbers = self.numbers(target, check, subject)?.into_iter().filter(|(_, unit)| *unit != Unit::Id);
        numbers
            .map(|(name, unit)| {
                let mut points = self.trend(target, check, subject, &name)?;
                points.retain(|point| point.unit == unit);
                Ok(Series { name, unit, points })
            })
            .collect()
    }
}
