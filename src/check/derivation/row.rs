//! Reading one row of a relation, for derivations and for all that reads a snapshot beside the checks.

use crate::check::relation::Relation;
use crate::snapshot::{Change, Value};

/// One row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    relation: &'a Relation<'a>,
    at: usize,
}

/// All rows of a relation.
pub(crate) fn rows<'a>(relation: &'a Relation<'a>) -> impl Iterator<Item = Row<'a>> + Clone {
    (0..relation.table.rows()).map(move |at| Row { relation, at })
}

/// What a listing that was cut does not show: no pass may rest on it.
pub(crate) fn cut(relation: &Relation) -> Option<String> {
    let (read, all) = (relation.table.rows(), relation.table.total()?);
    (all > read as u64).then(|| format!("only {read} of {all} rows were read"))
}

impl Row<'_> {
    /// The cell as it is.
    pub(crate) fn value(&self, column: &str) -> Value {
        self.relation.get(self.at, column)
    }

    /// A number, whole or not; none for NULL.
    pub(crate) fn number(&self, column: &str) -> Option<f64> {
        self.value(column).as_f64()
    }

    /// A whole number; none for NULL.
    pub(crate) fn int(&self, column: &str) -> Option<i64> {
        self.value(column).as_i64()
    }

    /// A text; empty for NULL.
    pub(crate) fn text(&self, column: &str) -> String {
        self.value(column).as_str().unwrap_or_default().to_owned()
    }

    /// A truth value; NULL is not true.
    pub(crate) fn is(&self, column: &str) -> bool {
        self.value(column).as_bool().unwrap_or_default()
    }

    /// Whether a column says no; NULL does not.
    pub(crate) fn denies(&self, column: &str) -> bool {
        self.value(column).as_bool() == Some(false)
    }

    /// What a counter did between the samples.
    pub(crate) fn change(&self, column: &str) -> Change {
        self.relation.change(self.at, column)
    }

    /// Seconds between the samples, where there are two.
    pub(crate) fn window(&self) -> Option<f64> {
        self.relation.window()
    }

    /// The same, where it is known.
    pub(crate) fn grown(&self, column: &str) -> Option<f64> {
        match self.change(column) {
            Change::By(by) => Some(by),
            _ => None,
        }
    }
}

/// A number or NULL.
pub(crate) fn maybe(number: Option<f64>) -> Value {
    number.map_or(Value::Null, Value::double)
}

/// How many there are, as a cell.
pub(crate) fn count(number: usize) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}
