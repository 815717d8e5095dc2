//! One index as the catalog defines it, and what it has in common with others.

use std::collections::BTreeMap;

use super::row::{Row, rows};
use crate::check::relation::Relation;

/// An index of a user's table.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "so many flags has the catalog")]
pub(super) struct Index {
    pub(super) id: i64,
    pub(super) table_id: i64,
    pub(super) schema: String,
    pub(super) table: String,
    pub(super) name: String,
    pub(super) parent: Option<i64>,
    pub(super) partitioned: bool,
    pub(super) bytes: i64,
    pub(super) scans: i64,
    pub(super) is_unique: bool,
    pub(super) is_primary: bool,
    pub(super) is_replica_identity: bool,
    /// Usable, and no build on its table is under way.
    pub(super) settled: bool,
    pub(super) constraint: String,
    pub(super) expressions: String,
    method: String,
    nulls_not_distinct: bool,
    keys: Vec<Key>,
    included: Vec<String>,
    predicate: String,
}

/// A key column: its number, operator class, collation and options.
type Key = [String; 4];

impl Index {
    /// All of one database.
    pub(super) fn all(catalog: &Relation) -> Vec<Self> {
        rows(catalog).filter_map(|row| Self::read(&row)).collect()
    }

    fn read(row: &Row) -> Option<Self> {
        let words = |column: &str| -> Vec<String> { row.text(column).split_whitespace().map(str::to_owned).collect() };
        let (columns, classes) = (words("columns"), words("classes"));
        let (collations, options) = (words("collations"), words("options"));
        // No more keys than columns, whatever a damaged snapshot says.
        let keys = usize::try_from(row.int("key_columns")?).ok()?.min(columns.len());
        let part = |list: &[String], at: usize| list.get(at).cloned().unwrap_or_default();
        Some(Self {
            id: row.int("index_id")?,
            table_id: row.int("table_id")?,
            schema: row.text("schema"),
            table: row.text("table"),
            name: row.text("index"),
            parent: row.int("parent_id"),
            partitioned: row.is("partitioned"),
            bytes: row.int("bytes").unwrap_or_default(),
            scans: row.int("scans")?,
            is_unique: row.is("is_unique"),
            is_primary: row.is("is_primary"),
            is_replica_identity: row.is("is_replica_identity"),
            settled: row.is("is_valid") && !row.is("in_build"),
            constraint: row.text("constraint_name"),
            expressions: row.text("expressions"),
            method: row.text("method"),
            nulls_not_distinct: row.is("nulls_not_distinct"),
            keys: (0..keys)
                .map(|at| [part(&columns, at), part(&classes, at), part(&collations, at), part(&options, at)])
                .collect(),
            included: columns.iter().skip(keys).cloned().collect(),
            predicate: row.text("predicate"),
        })
    }

    /// Whether something other than queries rests on it.
    pub(super) fn is_needed(&self) -> bool {
        self.is_unique || self.is_primary || self.is_replica_identity || !self.constraint.is_empty()
    }

    /// Whether the two are the same to every query, and `other` forbids all that this one forbids.
    pub(super) fn is_equalled_by(&self, other: &Self) -> bool {
        self.is_comparable(other)
            && self.keys == other.keys
            && self.included == other.included
            && self.expressions == other.expressions
            && (!self.is_unique || (other.is_unique && self.nulls_not_distinct == other.nulls_not_distinct))
    }

    /// Whether `other` begins with the same keys and so serves all that this one serves.
    pub(super) fn is_covered_by(&self, other: &Self) -> bool {
        // Expressions have no number of their own, so a part of a list of them is not compared.
        let plain = self.expressions.is_empty() && self.keys.iter().all(|key| key[0] != "0");
        let holds = |column: &String| other.included.contains(column) || other.keys.iter().any(|key| key[0] == *column);
        plain
            && self.method == "btree"
            && !self.is_needed()
            && self.is_comparable(other)
            && other.keys.starts_with(&self.keys)
            && self.included.iter().all(holds)
            && (other.keys.len(), other.included.len()) != (self.keys.len(), self.included.len())
    }

    fn is_comparable(&self, other: &Self) -> bool {
        self.id != other.id
            && self.table_id == other.table_id
            && self.method == other.method
            && self.predicate == other.predicate
            && !self.keys.is_empty()
    }
}

/// Sums of a number over each index of a partitioned table and all its parts.
pub(super) struct Family(BTreeMap<i64, i64>);

impl Family {
    /// Adds up what `read` says of each index, at the topmost one that it is a part of.
    pub(super) fn sum(indexes: &[Index], read: impl Fn(&Index) -> i64) -> Self {
        let parents: BTreeMap<i64, i64> = indexes.iter().filter_map(|index| Some((index.id, index.parent?))).collect();
        let mut sums = BTreeMap::new();
        for index in indexes {
            let number = read(index);
            let mut top = index.id;
            // The catalog has no circles; a damaged file might.
            for _ in 0..100 {
                let sum: &mut i64 = sums.entry(top).or_default();
                *sum = sum.saturating_add(number);
                match parents.get(&top) {
                    Some(parent) => top = *parent,
                    None => break,
                }
            }
        }
        Self(sums)
    }

    /// The sum of an index and its parts.
    pub(super) fn of(&self, index: &Index) -> i64 {
        self.0.get(&index.id).copied().unwrap_or_default()
    }
}
