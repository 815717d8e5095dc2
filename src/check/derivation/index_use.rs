//! How often each index was used, on all servers that hold it.

use std::collections::HashMap;

use super::{
    Asked, Derivation,
    index::{Family, Index},
    row::{count, cut, maybe, rows},
};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, SourceKind, Unit, Value},
};

const CATALOG: &str = "postgres.indexes";
const SCANS: &str = "postgres.index-scans";
const SENDERS: &str = "postgres.replication-senders";

pub(super) static INDEX_USE: Derivation = Derivation {
    id: "postgres.index-use",
    about: "An index and its scans on the primary and all replicas that were asked",
    inputs: &[CATALOG, SCANS, SENDERS],
    columns: &[
        ("schema", Kind::Text, Unit::Count),
        ("table", Kind::Text, Unit::Count),
        ("index", Kind::Text, Unit::Count),
        ("partitioned", Kind::Bool, Unit::Count),
        ("bytes", Kind::Int, Unit::Bytes),
        ("scans", Kind::Int, Unit::Count),
        ("needed", Kind::Bool, Unit::Count),
        ("expressions", Kind::Bool, Unit::Count),
        ("replicas_asked", Kind::Int, Unit::Count),
        ("replicas_unasked", Kind::Int, Unit::Count),
        ("unanswered", Kind::Text, Unit::Count),
        ("counting_s", Kind::Double, Unit::Seconds),
        ("counting_since", Kind::Text, Unit::Count),
        ("index_id", Kind::Int, Unit::Id),
    ],
    derive,
};

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    asked
        .all(CATALOG)
        .iter()
        .map(|catalog| {
            let mut relation = INDEX_USE.relation(&[catalog], uses(asked, catalog));
            relation.not_visible = relation.not_visible.or_else(|| cut(catalog));
            relation
        })
        .collect()
}

fn uses(asked: &Asked, catalog: &Relation) -> Vec<Vec<Value>> {
    let elsewhere = Elsewhere::read(asked, catalog);
    let mut indexes = Index::all(catalog);
    for index in &mut indexes {
        let elsewhere = elsewhere.scans.get(&index.id).copied().unwrap_or_default();
        index.scans = index.scans.saturating_add(elsewhere);
    }
    let bytes = Family::sum(&indexes, |index| index.bytes);
    let scans = Family::sum(&indexes, |index| index.scans);
    let (age, since) = elsewhere.youngest;
    indexes
        .iter()
        // A part cannot be dropped; the index that it is a part of speaks for all.
        .filter(|index| index.parent.is_none())
        .map(|index| {
            vec![
                Value::text(index.schema.as_str()),
                Value::text(index.table.as_str()),
                Value::text(index.name.as_str()),
                Value::Bool(index.partitioned),
                Value::Int(bytes.of(index)),
                Value::Int(scans.of(index)),
                Value::Bool(index.is_needed() || !index.settled),
                Value::Bool(!index.expressions.is_empty()),
                count(elsewhere.asked),
                count(elsewhere.unasked),
                Value::text(elsewhere.unanswered.join(", ")),
                maybe(age),
                Value::text(since.as_str()),
                Value::Int(index.id),
            ]
        })
        .collect()
}

/// What servers other than the primary say, and which of them say nothing.
struct Elsewhere {
    scans: HashMap<i64, i64>,
    asked: usize,
    /// Standbys that the primary feeds and that are not among those asked.
    unasked: usize,
    /// Servers that should have answered: their scans may be the only ones.
    unanswered: Vec<String>,
    /// The shortest statistics of all servers.
    youngest: (Option<f64>, String),
}

impl Elsewhere {
    fn read(asked: &Asked, catalog: &Relation) -> Self {
        let first = |relation: &Relation| rows(relation).next().map(|row| row.text("system_id"));
        let mut found = Self {
            scans: HashMap::new(),
            asked: 0,
            unasked: 0,
            unanswered: Vec::new(),
            youngest: (None, String::new()),
        };
        found.note_age(catalog);
        let same_database = |relation: &&Relation| relation.database == catalog.database;
        for replica in asked.all(SCANS).iter().filter(same_database) {
            if replica.fault.is_some() {
                found.unanswered.extend(replica.source.clone());
            } else if first(replica) == first(catalog) {
                found.asked += 1;
                found.note_age(replica);
                for row in rows(replica) {
                    if let (Some(id), Some(scans)) = (row.int("index_id"), row.int("scans")) {
                        let sum: &mut i64 = found.scans.entry(id).or_default();
                        *sum = sum.saturating_add(scans);
                    }
                }
            }
        }
        // Nobody knows the role of a server that did not answer at all.
        let silent = asked
            .sources
            .iter()
            .filter(|s| s.kind == SourceKind::Postgres && s.fault.is_some())
            .map(|s| s.name.clone());
        found.unanswered.extend(silent);
        found.unanswered.sort();
        found.unanswered.dedup();
        let fed = asked
            .one(SENDERS, catalog.source.as_deref(), None)
            .map_or(0, |senders| rows(senders).filter(|row| row.is("is_standby")).count());
        found.unasked = fed.saturating_sub(found.asked);
        found
    }

    fn note_age(&mut self, relation: &Relation) {
        if let Some(row) = rows(relation).next() {
            let age = row.number("counting_s");
            if let Some(age) = age.filter(|age| self.youngest.0.is_none_or(|least| *age < least)) {
                self.youngest = (Some(age), row.text("counting_since"));
            }
        }
    }
}
