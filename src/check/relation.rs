//! What checks judge: the table of one observation, or one that a derivation made from several.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::snapshot::{Answer, Change, Fault, Observation, Rates, Table, Value};

/// A table with all that its ground needs.
#[derive(Debug)]
pub struct Relation<'a> {
    /// The probe or derivation.
    pub id: &'a str,
    /// The source that answered; a derivation over several names the one it is about, or none.
    pub source: Option<String>,
    /// The database.
    pub database: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// What the role could not see.
    pub not_visible: Option<String>,
    /// Why there is no table.
    pub fault: Option<Fault>,
    /// The rows; empty under a fault.
    pub table: Cow<'a, Table>,
    /// What its counters did, where it comes straight from a probe.
    rates: Option<Rates<'a>>,
    /// The column that says since when counters count.
    since: Option<&'a str>,
    /// The window of a derivation whose columns already are changes.
    window: Option<f64>,
}

impl<'a> Relation<'a> {
    /// The relation of an observation.
    pub fn observed(observation: &'a Observation) -> Self {
        let (table, fault) = match &observation.answer {
            Answer::Table(table) => (Cow::Borrowed(table), None),
            Answer::Fault(fault) => (Cow::Owned(Table::default()), Some(fault.clone())),
        };
        Self {
            id: &observation.probe,
            source: Some(observation.source.clone()),
            database: observation.database.clone(),
            at: Some(observation.at),
            not_visible: observation.not_visible.clone(),
            fault,
            table,
            rates: Some(Rates::new(observation)),
            since: observation.pairing.since.as_deref(),
            window: None,
        }
    }

    /// A relation worked out from others. It is as old as the oldest of them, sees as little as the
    /// blindest, and has a fault where one of them has.
    pub fn derived(id: &'static str, from: &[&Relation], table: Table) -> Relation<'static> {
        let same = |read: fn(&Relation) -> Option<String>| {
            let mut values = from.iter().map(|r| read(r));
            let head = values.next().flatten();
            if values.all(|v| v == head) { head } else { None }
        };
        let fault = from.iter().find_map(|r| r.fault.clone());
        Relation {
            id,
            source: same(|r| r.source.clone()),
            database: same(|r| r.database.clone()),
            at: from.iter().filter_map(|r| r.at).min(),
            not_visible: from.iter().find_map(|r| r.not_visible.clone()),
            table: Cow::Owned(if fault.is_some() { Table::default() } else { table }),
            fault,
            rates: None,
            since: None,
            window: from.iter().filter_map(|r| r.window()).reduce(f64::min),
        }
    }

    /// The same, with a fault instead of rows.
    #[must_use]
    pub fn with_fault(mut self, fault: Fault) -> Self {
        self.fault = Some(fault);
        self.table = Cow::Owned(Table::default());
        self
    }

    /// The cell of a row.
    pub fn get(&self, row: usize, column: &str) -> Value {
        self.table.get(row, column)
    }

    /// What a counter of a row did between the samples.
    pub fn change(&self, row: usize, column: &str) -> Change {
        self.rates.as_ref().map_or(Change::NoSample, |rates| rates.change(row, column))
    }

    /// The same per second.
    pub fn rate(&self, row: usize, column: &str) -> Change {
        self.rates.as_ref().map_or(Change::NoSample, |rates| rates.rate(row, column))
    }

    /// Seconds between the samples, where there are two.
    pub fn window(&self) -> Option<f64> {
        self.window.or_else(|| self.rates.as_ref().map(Rates::seconds).filter(|s| *s > 0.0))
    }

    /// Since when the counters of a row count, as the server says it.
    pub fn counting_since(&self, row: usize) -> Option<String> {
        // A derivation passes the mark on under this name.
        let column = self.since.unwrap_or("counting_since");
        self.get(row, column).as_str().map(str::to_owned)
    }

    /// The source and database, as a subject of last resort.
    pub fn place(&self) -> String {
        match (&self.source, &self.database) {
            (Some(source), Some(database)) => format!("{source}/{database}"),
            (Some(source), None) => source.clone(),
            _ => "target".into(),
        }
    }
}
