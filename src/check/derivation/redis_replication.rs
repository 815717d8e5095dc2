//! Replicas beside the stream that they follow.
//!
//! The primary's offset is read a moment apart from its replicas', and a healthy replica acknowledges
//! only once a second: a gap below what is written in a second or two means nothing.

use super::{Asked, Derivation};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, Unit, Value},
};

pub(super) const REDIS_REPLICATION: Derivation = Derivation {
    id: "redis.replication",
    about: "Each replica of a primary: its state, its silence, and how far it is behind",
    inputs: &["redis.replicas", "redis.info"],
    columns: &[
        ("replica", Kind::Text, Unit::Count),
        ("state", Kind::Text, Unit::Count),
        ("lag", Kind::Int, Unit::Seconds),
        ("gap", Kind::Int, Unit::Bytes),
        ("backlog", Kind::Int, Unit::Bytes),
    ],
    derive,
};

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    asked
        .all("redis.replicas")
        .iter()
        .filter_map(|replicas| {
            let info = asked.one("redis.info", replicas.source.as_deref(), None)?;
            let rows = (0..replicas.table.rows()).map(|at| row(replicas, at, info));
            Some(REDIS_REPLICATION.relation(&[replicas, info], rows.collect()))
        })
        .collect()
}

fn row(replicas: &Relation, at: usize, info: &Relation) -> Vec<Value> {
    let ip = replicas.get(at, "ip");
    let replica = match (ip.as_str(), replicas.get(at, "port").as_i64()) {
        (Some(ip), Some(port)) => Value::text(format!("{ip}:{port}")),
        _ => ip,
    };
    let gap = match (info.get(0, "repl_offset").as_i64(), replicas.get(at, "offset").as_i64()) {
        (Some(primary), Some(replica)) => Value::Int(primary.saturating_sub(replica).max(0)),
        _ => Value::Null,
    };
    vec![replica, replicas.get(at, "state"), replicas.get(at, "lag"), gap, info.get(0, "backlog_size")]
}
