//! Who answers the reads: scans of users' tables on the primary and on each replica.
//!
//! Each server counts its own scans, and catalogs are left out, so that audits hardly show.

use std::collections::BTreeMap;

use super::{
    Asked, Derivation,
    row::{Row, count, maybe, rows},
};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, Unit, Value},
};

const TABLES: &str = "postgres.tables";
const STATUS: &str = "postgres.replica-status";
const SENDERS: &str = "postgres.replication-senders";

pub(super) const READ_DISTRIBUTION: Derivation = Derivation {
    id: "postgres.read-distribution",
    about: "Scans of users' tables, on the primary and on its replicas",
    inputs: &[TABLES, STATUS, SENDERS],
    columns: &[
        ("scans", Kind::Double, Unit::Count),
        ("replicas", Kind::Int, Unit::Count),
        // Standbys that the primary feeds and that were not asked.
        ("unasked", Kind::Int, Unit::Count),
        ("replica_share", Kind::Double, Unit::Ratio),
        // The most that one replica answers, as a multiple of an even part; 1 where there is one replica.
        ("skew", Kind::Double, Unit::Count),
        ("over", Kind::Text, Unit::Count),
    ],
    derive,
};

/// Fewer scans than this between the samples say nothing; all since statistics began are taken then.
const ENOUGH: f64 = 100.0;

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    let tables = asked.all(TABLES);
    if tables.is_empty() {
        return Vec::new();
    }
    let window = scans(tables, "between the two samples", Row::grown);
    let found = if window.all() >= ENOUGH { window } else { scans(tables, "since statistics began", Row::number) };
    let answered: Vec<&str> = asked.all(STATUS).iter().filter(|r| r.fault.is_none()).filter_map(source).collect();
    let fed = asked.all(SENDERS).iter().map(|r| rows(r).filter(|row| row.is("is_standby")).count()).sum::<usize>();
    let replicas: Vec<f64> =
        found.by_server.iter().filter(|(server, _)| answered.contains(&server.as_str())).map(|(_, n)| *n).collect();
    let of_replicas: f64 = replicas.iter().sum();
    let even = of_replicas / f64::from(u32::try_from(replicas.len()).unwrap_or(u32::MAX));
    let most = replicas.iter().copied().fold(0.0, f64::max);
    let row = vec![
        Value::double(found.all()),
        count(replicas.len()),
        count(fed.saturating_sub(replicas.len())),
        maybe((found.all() > 0.0).then(|| of_replicas / found.all())),
        maybe((even > 0.0).then(|| most / even)),
        Value::text(found.over),
    ];
    let inputs: Vec<_> = tables.iter().collect();
    vec![READ_DISTRIBUTION.relation(&inputs, vec![row])]
}

fn source<'a>(relation: &'a Relation) -> Option<&'a str> {
    relation.source.as_deref()
}

struct Scans {
    by_server: BTreeMap<String, f64>,
    over: &'static str,
}

impl Scans {
    fn all(&self) -> f64 {
        self.by_server.values().sum()
    }
}

fn scans<'a>(tables: &'a [Relation<'a>], over: &'static str, read: impl Fn(&Row<'a>, &str) -> Option<f64>) -> Scans {
    let mut by_server: BTreeMap<String, f64> = BTreeMap::new();
    for relation in tables {
        let sum: f64 = rows(relation)
            .map(|row| ["seq_scan", "idx_scan"].iter().filter_map(|column| read(&row, column)).sum::<f64>())
            .sum();
        *by_server.entry(source(relation).unwrap_or("target").to_owned()).or_default() += sum;
    }
    Scans { by_server, over }
}
