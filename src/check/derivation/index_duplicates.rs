//! Indexes that another one makes superfluous.

use std::collections::BTreeMap;

use super::{
    Asked, Derivation,
    index::{Family, Index},
    row::cut,
};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, Unit, Value},
};

pub(super) static INDEX_DUPLICATES: Derivation = Derivation {
    id: "postgres.index-duplicates",
    about: "An index that another one on the same table makes superfluous",
    inputs: &["postgres.indexes"],
    columns: &[
        ("schema", Kind::Text, Unit::Count),
        ("table", Kind::Text, Unit::Count),
        ("drop", Kind::Text, Unit::Count),
        ("drop_constraint", Kind::Text, Unit::Count),
        ("keep", Kind::Text, Unit::Count),
        ("exact", Kind::Bool, Unit::Count),
        ("partitioned", Kind::Bool, Unit::Count),
        ("bytes", Kind::Int, Unit::Bytes),
        ("keep_bytes", Kind::Int, Unit::Bytes),
        ("scans", Kind::Int, Unit::Count),
        ("keep_scans", Kind::Int, Unit::Count),
        ("index_id", Kind::Int, Unit::Id),
        ("keep_id", Kind::Int, Unit::Id),
    ],
    derive,
};

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    asked
        .all("postgres.indexes")
        .iter()
        .map(|catalog| {
            let rows = duplicates(&Index::all(catalog));
            let mut relation = INDEX_DUPLICATES.relation(&[catalog], rows);
            relation.not_visible = relation.not_visible.or_else(|| cut(catalog));
            relation
        })
        .collect()
}

fn duplicates(indexes: &[Index]) -> Vec<Vec<Value>> {
    let bytes = Family::sum(indexes, |index| index.bytes);
    let scans = Family::sum(indexes, |index| index.scans);
    let mut tables: BTreeMap<i64, Vec<&Index>> = BTreeMap::new();
    for index in indexes.iter().filter(|index| index.settled) {
        tables.entry(index.table_id).or_default().push(index);
    }
    let mut rows = Vec::new();
    for table in tables.values().filter(|table| table.len() > 1) {
        for index in table {
            // A part goes with the index that it is a part of.
            if index.parent.is_some() {
                continue;
            }
            let Some((keep, exact)) = better(index, table) else {
                continue;
            };
            rows.push(vec![
                Value::text(index.schema.as_str()),
                Value::text(index.table.as_str()),
                Value::text(index.name.as_str()),
                Value::text(index.constraint.as_str()),
                Value::text(keep.name.as_str()),
                Value::Bool(exact),
                Value::Bool(index.partitioned),
                Value::Int(bytes.of(index)),
                Value::Int(bytes.of(keep)),
                Value::Int(scans.of(index)),
                Value::Int(scans.of(keep)),
                Value::Int(index.id),
                Value::Int(keep.id),
            ]);
        }
    }
    rows
}

/// The index that makes this one superfluous, and whether the two are equal.
fn better<'a>(index: &Index, table: &[&'a Index]) -> Option<(&'a Index, bool)> {
    let others = || table.iter().copied();
    if let Some(twin) = others()
        .filter(|other| index.is_equalled_by(other) && worth(other) > worth(index))
        .max_by_key(|other| worth(other))
    {
        return Some((twin, true));
    }
    others()
        .filter(|other| index.is_covered_by(other))
        // One that is itself superfluous is the worse reason.
        .max_by_key(|other| {
            let stays = !others().any(|third| {
                (other.is_equalled_by(third) && worth(third) > worth(other)) || other.is_covered_by(third)
            });
            (stays, worth(other))
        })
        .map(|other| (other, false))
}

/// Which of two equal indexes stays: what more rests on, then the older one.
fn worth(index: &Index) -> (bool, bool, bool, bool, bool, std::cmp::Reverse<i64>) {
    (
        index.is_primary,
        !index.constraint.is_empty(),
        index.is_replica_identity,
        index.is_unique,
        index.parent.is_some(),
        std::cmp::Reverse(index.id),
    )
}
