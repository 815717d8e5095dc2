//! What the screen knows of the history.

use crate::{
    check::finding::Status,
    history::{Kind, Listed, Past, PastAudit, Series},
    report::changes::{Comparison, Row, compare},
    tui::{nav::Place, widget::Cursor},
};

/// How reading stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Reading {
    /// Nobody has asked yet.
    #[default]
    NotYet,
    /// It is being read for the first time.
    Begun,
    /// What is shown was read.
    Done,
    /// It cannot be read, in words.
    Failed(String),
}

impl Reading {
    /// Reading begins; what was read before stays shown meanwhile.
    pub(super) fn begin(&mut self) {
        if *self != Self::Done {
            *self = Self::Begun;
        }
    }
}

/// What the screen knows.
#[derive(Debug, Default)]
pub struct State {
    /// How reading stands.
    pub reading: Reading,
    /// The past audits, the latest first.
    pub audits: Vec<Listed>,
    /// Where the list stands.
    pub cursor: Cursor,
    /// The audit that is open.
    pub shown: Option<Shown>,
    /// Where its rows stand.
    pub row: Cursor,
    /// The finding whose numbers are open.
    pub traced: Option<Traced>,
    /// Which of its numbers is shown.
    pub number: Cursor,
}

/// An audit, and what it changed.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The audit.
    pub audit: Past,
    /// Against the audit before it; none where it is the first.
    pub since: Option<Comparison>,
    /// What is listed, what needs an eye first.
    pub rows: Vec<(Option<Kind>, Row)>,
}

/// A finding over time.
#[derive(Debug, Clone)]
pub struct Traced {
    /// The check.
    pub check: String,
    /// What it is about.
    pub subject: String,
    /// Its numbers.
    pub series: Vec<Series>,
}

impl Shown {
    /// Puts an audit and the one before it together. It is work for a task.
    pub fn new(audit: &PastAudit, before: Option<&PastAudit>) -> Self {
        let since = before.map(|before| compare(before, audit));
        let of = |kind, rows: &[Row]| rows.iter().map(|row| (Some(kind), row.clone())).collect::<Vec<_>>();
        let rows = since.as_ref().map(|since| {
            [
                of(Kind::New, &since.new),
                of(Kind::Worse, &since.worse),
                of(Kind::Unmeasured, &since.unmeasured),
                of(Kind::Better, &since.better),
                of(Kind::Same, &since.same),
            ]
            .concat()
        });
        let rows = rows.unwrap_or_else(|| first(audit));
        Self { audit: audit.past.clone(), since, rows }
    }
}

/// Nothing to hold the first one against: its own findings, the worst first.
fn first(audit: &PastAudit) -> Vec<(Option<Kind>, Row)> {
    let findings = compare(&PastAudit { past: audit.past.clone(), findings: Vec::new() }, audit);
    let mut all: Vec<_> = [findings.new, findings.unmeasured].concat().into_iter().map(|row| (None, row)).collect();
    all.sort_by_key(|(_, row)| std::cmp::Reverse(row.after.unwrap_or(Status::Pass)));
    all
}

impl State {
    /// Takes a list; what was chosen stays so.
    pub(super) fn listed(&mut self, audits: Vec<Listed>) {
        let chosen = self.audits.get(self.cursor.at).and_then(|listed| listed.past.id);
        let at = chosen.and_then(|id| audits.iter().position(|listed| listed.past.id == Some(id)));
        // On the latest one stays on the latest: it is what one looks at.
        let at = if self.cursor.at == 0 { 0 } else { at.unwrap_or(self.cursor.at) };
        self.audits = audits;
        self.cursor.go(at, self.audits.len());
        self.reading = Reading::Done;
    }

    /// The chosen row of the audit that is open.
    pub(super) fn chosen_row(&self, place: &Place) -> Option<&Row> {
        let Place::Past(id) = place else { return None };
        let shown = self.shown.as_ref().filter(|shown| shown.audit.id == Some(*id))?;
        shown.rows.get(self.row.at).map(|(_, row)| row)
    }

    /// The numbers of a finding, where they have been read.
    pub(super) fn traced_of(&self, check: &str, subject: &str) -> Option<&Traced> {
        self.traced.as_ref().filter(|traced| traced.check == check && traced.subject == subject)
    }
}
