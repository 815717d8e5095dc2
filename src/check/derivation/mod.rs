//! Tables that no single question answers: related in memory from what was asked anyway.
//!
//! A derivation is a pure function over relations. Rules see its rows as those of any probe. To add
//! one: a file here with its `pub(super) const … : Derivation`, and its name in [`ALL`].

mod architecture;
mod capacity;
mod connection_budget;
mod headroom;
mod index;
mod index_duplicates;
mod index_use;
mod kubernetes_autoscalers;
mod kubernetes_budget;
mod kubernetes_rollouts;
mod kubernetes_room;
mod kubernetes_workloads;
mod loadtest_held;
mod loadtest_latest;
mod lock_tree;
mod pgbouncer_budget;
mod pgbouncer_pools;
mod pgbouncer_settings;
mod plan;
mod postgres_standbys;
mod read_distribution;
mod redis_cache;
mod redis_replication;
mod replication;
mod replication_lag;
pub(crate) mod row;
mod statement_mix;
mod statements;

use std::collections::BTreeMap;

pub(crate) use headroom::{HEADROOM, table as headroom_table};

use super::{probe::ColumnDef, relation::Relation};
use crate::snapshot::{Column, Fault, FaultKind, Kind, SourceRecord, Table, Unit};

/// A table worked out from others.
pub struct Derivation {
    /// Its id, as checks name it in `from`.
    pub id: &'static str,
    /// What a row is.
    pub about: &'static str,
    /// The probes it reads.
    pub inputs: &'static [&'static str],
    /// Its columns: name, kind, unit.
    pub columns: &'static [(&'static str, Kind, Unit)],
    /// The work: one relation per server, database or target, as suits it.
    pub derive: fn(&Asked) -> Vec<Relation<'static>>,
}

impl std::fmt::Debug for Derivation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Derivation({})", self.id)
    }
}

/// All of them.
pub static ALL: &[&Derivation] = &[
    &architecture::ARCHITECTURE,
    &capacity::CAPACITY,
    &connection_budget::CONNECTION_BUDGET,
    &kubernetes_autoscalers::KUBERNETES_AUTOSCALERS,
    &kubernetes_budget::KUBERNETES_BUDGET,
    &kubernetes_rollouts::KUBERNETES_ROLLOUTS,
    &kubernetes_room::KUBERNETES_ROOM,
    &pgbouncer_budget::PGBOUNCER_BUDGET,
    &pgbouncer_pools::PGBOUNCER_POOLS,
    &pgbouncer_settings::PGBOUNCER_SETTINGS,
    &redis_cache::REDIS_CACHE,
    &redis_replication::REDIS_REPLICATION,
    &headroom::DERIVATION,
    &index_duplicates::INDEX_DUPLICATES,
    &index_use::INDEX_USE,
    &loadtest_held::LOADTEST_HELD,
    &loadtest_latest::LOADTEST_LATEST,
    &lock_tree::LOCK_TREE,
    &plan::CAPACITY,
    &plan::COSTS,
    &plan::COVERAGE,
    &plan::DATES,
    &plan::GROWTH,
    &plan::LIMITS,
    &plan::LITTLE,
    &plan::LOGIC,
    &plan::ORDER,
    &plan::SUMS,
    &plan::UNITS,
    &plan::UTILISATION,
    &read_distribution::READ_DISTRIBUTION,
    &postgres_standbys::STANDBYS,
    &replication::REPLICATION,
    &statement_mix::STATEMENT_MIX,
    &statements::LIFETIME,
    &statements::STATEMENTS,
];

/// The derivation of an id.
pub fn find(id: &str) -> Option<&'static Derivation> {
    ALL.iter().find(|d| d.id == id).copied()
}

/// What a derivation may read: the run's relations by probe, and who was asked.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The sources of the run.
    pub sources: &'a [SourceRecord],
    /// Relations by probe id, in the order in which sources were given.
    pub relations: &'a BTreeMap<&'a str, Vec<Relation<'a>>>,
}

impl<'a> Asked<'a> {
    /// All answers to a probe.
    pub fn all(&self, probe: &str) -> &'a [Relation<'a>] {
        self.relations.get(probe).map_or(&[], Vec::as_slice)
    }

    /// The answer to a probe from one source and database.
    pub fn one(&self, probe: &str, source: Option<&str>, database: Option<&str>) -> Option<&'a Relation<'a>> {
        self.all(probe).iter().find(|r| r.source.as_deref() == source && r.database.as_deref() == database)
    }
}

impl Asked<'_> {
    /// Who gave an answer.
    pub fn source(&self, relation: &Relation) -> Option<&SourceRecord> {
        let name = relation.source.as_deref()?;
        self.sources.iter().find(|source| source.name == name)
    }

    /// Whether the server that answered follows another.
    pub fn is_replica(&self, relation: &Relation) -> bool {
        let role = self.source(relation).and_then(|s| s.facts.get("role"));
        role.and_then(crate::snapshot::Value::as_str) == Some("replica")
    }
}

impl Derivation {
    /// An empty table of its columns.
    pub fn table(&self) -> Table {
        Table::new(self.columns.iter().map(|(name, kind, unit)| Column::new(*name, *kind, *unit, false)).collect())
    }

    /// A relation of its rows, as old and as blind as what it was made from.
    ///
    /// A row that does not fit the declared columns is a bug of the derivation; it shows as a fault and
    /// so as unknown, never as a missing row.
    pub fn relation(&'static self, from: &[&Relation], rows: Vec<Vec<crate::snapshot::Value>>) -> Relation<'static> {
        let mut table = self.table();
        let pushed: Result<(), _> = rows.into_iter().try_for_each(|row| table.push(row));
        let relation = Relation::derived(self.id, from, table);
        match pushed {
            Ok(()) => relation,
            Err(error) => relation.with_fault(Fault::new(FaultKind::Rubbish, format!("derive {}: {error}", self.id))),
        }
    }

    /// Its columns, as rules see them.
    pub fn column_defs(&self) -> BTreeMap<String, ColumnDef> {
        self.columns
            .iter()
            .map(|(name, kind, unit)| {
                let def = ColumnDef {
                    kind: *kind,
                    unit: *unit,
                    counter: false,
                    about: String::new(),
                    when_null: None,
                    unless: None,
                    holds: super::probe::Holds::Text,
                    field: None,
                };
                ((*name).to_owned(), def)
            })
            .collect()
    }
}
