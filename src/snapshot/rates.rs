//! Two samples of a counter become a change and a rate, or honestly nothing.
//!
//! A lifetime average hides today. But a difference of two samples lies when the counters were reset
//! between them, so a reset makes the change unknown, never negative and never small.

use std::collections::HashMap;

use super::{
    observation::{Answer, Observation},
    table::Table,
    value::Value,
};

/// What a counter did between the samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// It grew by this much.
    By(f64),
    /// There is one sample only.
    NoSample,
    /// The counters were reset between the samples, or the server restarted.
    Reset,
    /// The first sample did not have this row.
    NewRow,
}

/// The changes of one observation's counters.
#[derive(Debug)]
pub struct Rates<'a> {
    table: Option<&'a Table>,
    earlier: Option<&'a Table>,
    observation: &'a Observation,
    /// Rows of the first sample by their key.
    by_key: HashMap<Vec<String>, usize>,
    seconds: f64,
}

impl<'a> Rates<'a> {
    /// Pairs the two samples of an observation.
    #[expect(clippy::cast_precision_loss, reason = "a window of milliseconds is far below 2^53")]
    pub fn new(observation: &'a Observation) -> Self {
        let table = match &observation.answer {
            Answer::Table(table) => Some(table),
            Answer::Fault(_) => None,
        };
        let earlier = observation.earlier.as_ref();
        let seconds = earlier
            .map_or(0.0, |e| observation.at.as_millisecond().saturating_sub(e.at.as_millisecond()) as f64 / 1000.0);
        let earlier = earlier.map(|e| &e.table);
        let by_key = earlier
            .map(|t| (0..t.rows()).map(|row| (key_of(t, row, &observation.pairing.key), row)).collect())
            .unwrap_or_default();
        Self { table, earlier, observation, by_key, seconds }
    }

    /// The time between the samples, in seconds; 0 where there is one sample only.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    /// What a counter of a row did between the samples.
    pub fn change(&self, row: usize, column: &str) -> Change {
        let (Some(table), Some(earlier)) = (self.table, self.earlier) else {
            return Change::NoSample;
        };
        if self.seconds <= 0.0 {
            return Change::NoSample;
        }
        let pairing = &self.observation.pairing;
        let now = table.get(row, column).as_f64();
        let Some(before_row) = self.by_key.get(&key_of(table, row, &pairing.key)).copied() else {
            return match now {
                Some(now) if pairing.new_rows_from_zero => Change::By(now),
                _ => Change::NewRow,
            };
        };
        let was_reset = |mark: &String| earlier.get(before_row, mark) != table.get(row, mark);
        if pairing.resets.iter().any(was_reset) {
            return Change::Reset;
        }
        match (earlier.get(before_row, column).as_f64(), now) {
            (Some(before), Some(now)) if now < before => Change::Reset,
            (Some(before), Some(now)) => Change::By(now - before),
            _ => Change::NoSample,
        }
    }

    /// The change per second.
    pub fn rate(&self, row: usize, column: &str) -> Change {
        match self.change(row, column) {
            Change::By(by) => Change::By(by / self.seconds),
            other => other,
        }
    }
}

/// The values that name a row. Text of each, so that 1 and 1.0 are one key whatever the file said.
fn key_of(table: &Table, row: usize, key: &[String]) -> Vec<String> {
    key.iter()
        .map(|column| match table.get(row, column) {
            Value::Text(text) => text.to_string(),
            Value::Null => "\u{0}".into(),
            // Exactly: a query id fills all 64 bits, of which a double keeps 53.
            Value::Int(whole) => whole.to_string(),
            other => other.as_f64().map_or_else(|| format!("{other:?}"), |n| n.to_string()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, ToSpan};

    use super::*;
    use crate::snapshot::{Column, Earlier, Kind, Pairing, Unit};

    fn table(rows: &[(&str, i64, &str)]) -> Table {
        let mut table = Table::new(vec![
            Column::new("db", Kind::Text, Unit::Count, false),
            Column::new("hits", Kind::Int, Unit::Count, true),
            Column::new("reset", Kind::Text, Unit::Count, false),
        ]);
        for (db, hits, reset) in rows {
            table.push(vec![Value::text(*db), Value::Int(*hits), Value::text(*reset)]).unwrap();
        }
        table
    }

    fn observed(before: &[(&str, i64, &str)], now: &[(&str, i64, &str)], from_zero: bool) -> Observation {
        let start = Timestamp::UNIX_EPOCH;
        Observation {
            probe: "p".into(),
            source: "s".into(),
            database: None,
            at: start + 10.seconds(),
            took_ms: 1,
            not_visible: None,
            pairing: Pairing {
                key: vec!["db".into()],
                resets: vec!["reset".into()],
                since: None,
                new_rows_from_zero: from_zero,
            },
            earlier: Some(Earlier { at: start, table: table(before) }),
            answer: Answer::Table(table(now)),
        }
    }

    #[test]
    fn a_counter_becomes_a_change_and_a_rate() {
        let observation = observed(&[("b", 5, "x"), ("a", 100, "x")], &[("a", 150, "x")], false);
        let rates = Rates::new(&observation);
        assert_eq!(rates.change(0, "hits"), Change::By(50.0));
        assert_eq!(rates.rate(0, "hits"), Change::By(5.0));
    }

    #[test]
    fn a_reset_is_unknown_by_mark_or_by_a_counter_that_falls() {
        let marked = observed(&[("a", 100, "x")], &[("a", 150, "y")], false);
        assert_eq!(Rates::new(&marked).change(0, "hits"), Change::Reset);
        let fell = observed(&[("a", 100, "x")], &[("a", 3, "x")], false);
        assert_eq!(Rates::new(&fell).rate(0, "hits"), Change::Reset);
    }

    #[test]
    fn a_new_row_counts_from_zero_only_where_the_probe_says_so() {
        let (before, now) = ([("a", 1, "x")], [("b", 7, "x")]);
        assert_eq!(Rates::new(&observed(&before, &now, false)).change(0, "hits"), Change::NewRow);
        assert_eq!(Rates::new(&observed(&before, &now, true)).change(0, "hits"), Change::By(7.0));
    }

    #[test]
    fn one_sample_gives_no_rate() {
        let mut observation = observed(&[], &[("a", 1, "x")], true);
        observation.earlier = None;
        assert_eq!(Rates::new(&observation).change(0, "hits"), Change::NoSample);
    }
}
