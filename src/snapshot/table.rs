//! A columnar table: what a probe answered.
//!
//! Columns, not rows, so that 100,000 rows stay small: one name per column instead of one per cell,
//! plain vectors in memory, and every distinct text once in the file.

use std::{collections::HashMap, sync::Arc};

use serde::{Deserialize, Serialize, de::Error as _};

use super::value::{Kind, Unit, Value};

/// The cells of one column, all of one kind.
#[derive(Debug, Clone, PartialEq)]
enum Cells {
    Int(Vec<Option<i64>>),
    Double(Vec<Option<f64>>),
    Bool(Vec<Option<bool>>),
    Text(Vec<Option<Arc<str>>>),
    List(Vec<Option<Vec<Value>>>),
}

/// One named column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "ColumnFile", into = "ColumnFile")]
pub struct Column {
    name: String,
    unit: Unit,
    counter: bool,
    cells: Cells,
}

/// Why a table could not be built: a bug in a decoder, or a damaged file.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TableError {
    /// A cell of another kind than its column.
    #[error("column `{column}` holds {kind:?} and was given {given}")]
    Kind {
        /// The column.
        column: String,
        /// What it holds.
        kind: Kind,
        /// What came.
        given: String,
    },
    /// Columns of different lengths, or a row of another width.
    #[error("column `{column}` has {found} cells where {expected} are due")]
    Shape {
        /// The column.
        column: String,
        /// Cells found.
        found: usize,
        /// Cells expected.
        expected: usize,
    },
    /// A text index that points nowhere.
    #[error("column `{column}` points at word {index}, which is not there")]
    Word {
        /// The column.
        column: String,
        /// The index.
        index: usize,
    },
}

impl Column {
    /// An empty column.
    pub fn new(name: impl Into<String>, kind: Kind, unit: Unit, counter: bool) -> Self {
        let cells = match kind {
            Kind::Int => Cells::Int(Vec::new()),
            Kind::Double => Cells::Double(Vec::new()),
            Kind::Bool => Cells::Bool(Vec::new()),
            Kind::Text => Cells::Text(Vec::new()),
            Kind::List => Cells::List(Vec::new()),
        };
        Self { name: name.into(), unit, counter, cells }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its numbers count.
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// Whether it only ever grows, until a reset.
    pub fn counter(&self) -> bool {
        self.counter
    }

    /// What it holds.
    pub fn kind(&self) -> Kind {
        match self.cells {
            Cells::Int(_) => Kind::Int,
            Cells::Double(_) => Kind::Double,
            Cells::Bool(_) => Kind::Bool,
            Cells::Text(_) => Kind::Text,
            Cells::List(_) => Kind::List,
        }
    }

    /// How many cells it has.
    pub fn len(&self) -> usize {
        match &self.cells {
            Cells::Int(v) => v.len(),
            Cells::Double(v) => v.len(),
            Cells::Bool(v) => v.len(),
            Cells::Text(v) => v.len(),
            Cells::List(v) => v.len(),
        }
    }

    /// Whether it has no cell.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell of a row; NULL beyond the end.
    pub fn get(&self, row: usize) -> Value {
        fn cell<T: Clone>(cells: &[Option<T>], row: usize, wrap: impl Fn(T) -> Value) -> Value {
            cells.get(row).cloned().flatten().map_or(Value::Null, wrap)
        }
        match &self.cells {
            Cells::Int(v) => cell(v, row, Value::Int),
            Cells::Double(v) => cell(v, row, Value::double),
            Cells::Bool(v) => cell(v, row, Value::Bool),
            Cells::Text(v) => cell(v, row, Value::Text),
            Cells::List(v) => cell(v, row, Value::List),
        }
    }

    /// Adds a cell. A whole number fits a column of doubles; nothing else is converted.
    pub fn push(&mut self, value: Value) -> Result<(), TableError> {
        match (&mut self.cells, value) {
            (Cells::Int(v), Value::Null) => v.push(None),
            (Cells::Double(v), Value::Null) => v.push(None),
            (Cells::Bool(v), Value::Null) => v.push(None),
            (Cells::Text(v), Value::Null) => v.push(None),
            (Cells::List(v), Value::Null) => v.push(None),
            (Cells::Int(v), Value::Int(i)) => v.push(Some(i)),
            (Cells::Double(v), Value::Double(d)) => v.push(d.is_finite().then_some(d)),
            (Cells::Double(v), number @ Value::Int(_)) => v.push(number.as_f64()),
            (Cells::Bool(v), Value::Bool(b)) => v.push(Some(b)),
            (Cells::Text(v), Value::Text(t)) => v.push(Some(t)),
            (Cells::List(v), Value::List(l)) => v.push(Some(l)),
            (_, given) => {
                return Err(TableError::Kind {
                    column: self.name.clone(),
                    kind: self.kind(),
                    given: format!("{given:?}"),
                });
            }
        }
        Ok(())
    }
}

/// Rows and columns, with how many rows there were before any limit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(try_from = "TableFile", into = "TableFile")]
pub struct Table {
    rows: usize,
    total: Option<u64>,
    columns: Vec<Column>,
}

impl Table {
    /// A table without rows.
    pub fn new(columns: Vec<Column>) -> Self {
        Self { rows: 0, total: None, columns }
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many rows the source had, where a listing was cut; `None` where it was not.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Notes that the source had more rows than these.
    pub fn set_total(&mut self, total: Option<u64>) {
        self.total = total;
    }

    /// Its columns, in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// The cell of a row and a column; NULL where either is missing.
    pub fn get(&self, row: usize, column: &str) -> Value {
        self.column(column).map_or(Value::Null, |c| c.get(row))
    }

    /// Adds a row: a cell per column, in the columns' order.
    pub fn push(&mut self, row: Vec<Value>) -> Result<(), TableError> {
        if row.len() != self.columns.len() {
            return Err(TableError::Shape { column: "the row".into(), found: row.len(), expected: self.columns.len() });
        }
        for (column, value) in self.columns.iter_mut().zip(row) {
            column.push(value)?;
        }
        self.rows += 1;
        Ok(())
    }

    /// The same table with only the columns that `keep` names.
    #[must_use]
    pub fn project(&self, keep: impl Fn(&Column) -> bool) -> Self {
        Self { rows: self.rows, total: self.total, columns: self.columns.iter().filter(|c| keep(c)).cloned().collect() }
    }
}

/// A column as it stands in a file.
#[derive(Serialize, Deserialize)]
struct ColumnFile {
    name: String,
    kind: Kind,
    #[serde(default, skip_serializing_if = "is_default")]
    unit: Unit,
    #[serde(default, skip_serializing_if = "is_default")]
    counter: bool,
    /// Every distinct text once, in order of first sight; only for columns of text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    words: Vec<Arc<str>>,
    /// The cells; for text, indexes into `words`.
    values: Vec<Value>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl From<Column> for ColumnFile {
    fn from(column: Column) -> Self {
        let kind = column.kind();
        let mut words = Vec::new();
        let values = if let Cells::Text(texts) = &column.cells {
            let mut seen: HashMap<Arc<str>, i64> = HashMap::new();
            texts
                .iter()
                .map(|text| {
                    text.as_ref().map_or(Value::Null, |text| {
                        let next = i64::try_from(words.len()).unwrap_or(i64::MAX);
                        Value::Int(*seen.entry(text.clone()).or_insert_with(|| {
                            words.push(text.clone());
                            next
                        }))
                    })
                })
                .collect()
        } else {
            (0..column.len()).map(|row| column.get(row)).collect()
        };
        Self { name: column.name, kind, unit: column.unit, counter: column.counter, words, values }
    }
}

impl TryFrom<ColumnFile> for Column {
    type Error = TableError;

    fn try_from(file: ColumnFile) -> Result<Self, TableError> {
        let mut column = Self::new(file.name, file.kind, file.unit, file.counter);
        for value in file.values {
            let value = match (file.kind, value) {
                (Kind::Text, Value::Int(index)) => {
                    let index = usize::try_from(index).unwrap_or(usize::MAX);
                    let word = file.words.get(index).cloned();
                    Value::Text(word.ok_or_else(|| TableError::Word { column: column.name.clone(), index })?)
                }
                (_, value) => value,
            };
            column.push(value)?;
        }
        Ok(column)
    }
}

/// A table as it stands in a file.
#[derive(Serialize, Deserialize)]
struct TableFile {
    rows: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    columns: Vec<Column>,
}

impl From<Table> for TableFile {
    fn from(table: Table) -> Self {
        Self { rows: table.rows, total: table.total, columns: table.columns }
    }
}

impl TryFrom<TableFile> for Table {
    type Error = serde_json::Error;

    fn try_from(file: TableFile) -> Result<Self, Self::Error> {
        for column in &file.columns {
            if column.len() != file.rows {
                return Err(serde_json::Error::custom(TableError::Shape {
                    column: column.name.clone(),
                    found: column.len(),
                    expected: file.rows,
                }));
            }
        }
        Ok(Self { rows: file.rows, total: file.total, columns: file.columns })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        let mut table = Table::new(vec![
            Column::new("name", Kind::Text, Unit::Count, false),
            Column::new("calls", Kind::Int, Unit::Count, true),
            Column::new("ms", Kind::Double, Unit::Milliseconds, true),
            Column::new("by", Kind::List, Unit::Count, false),
        ]);
        for (name, calls) in [("a", 1), ("b", 2), ("a", 3)] {
            let by = Value::List(vec![Value::Int(calls)]);
            table.push(vec![Value::text(name), Value::Int(calls), Value::Int(calls), by]).unwrap();
        }
        table.push(vec![Value::Null, Value::Null, Value::double(f64::NAN), Value::Null]).unwrap();
        table
    }

    #[test]
    fn a_table_comes_back_from_its_file_as_it_was() {
        let text = serde_json::to_string(&sample()).unwrap();
        assert_eq!(serde_json::from_str::<Table>(&text).unwrap(), sample());
        assert_eq!(text.matches("\"a\"").count(), 1, "every distinct text is written once: {text}");
    }

    #[test]
    fn a_damaged_file_is_refused_with_the_column_named() {
        let text = serde_json::to_string(&sample()).unwrap();
        let error = serde_json::from_str::<Table>(&text.replace("\"rows\":4", "\"rows\":5")).unwrap_err();
        assert!(error.to_string().contains("column `name` has 4 cells where 5 are due"), "{error}");
        let error = serde_json::from_str::<Table>(&text.replace("[0,1,0,null]", "[0,9,0,null]")).unwrap_err();
        assert!(error.to_string().contains("word 9"), "{error}");
    }

    #[test]
    fn a_cell_of_the_wrong_kind_is_refused() {
        let mut table = sample();
        let row = vec![Value::Int(1), Value::Int(1), Value::Int(1), Value::Null];
        assert!(matches!(table.push(row), Err(TableError::Kind { .. })));
    }
}
