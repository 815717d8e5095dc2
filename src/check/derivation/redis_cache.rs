//! What a Redis does with its limit: the memory facts beside how many keys could be evicted at all.
//!
//! INFO says them in two layouts (one row of facts, one line a logical database); the policy can only
//! be judged with both.

use super::{Asked, Derivation};
use crate::{
    check::relation::Relation,
    snapshot::{Change, Kind, Unit, Value},
};

pub(super) const REDIS_CACHE: Derivation = Derivation {
    id: "redis.cache",
    about: "A server's memory limit, its policy, and which keys that policy may evict",
    inputs: &["redis.info", "redis.keyspace"],
    columns: &[
        ("role", Kind::Text, Unit::Count),
        // What the limit is compared with.
        ("counted", Kind::Int, Unit::Bytes),
        ("maxmemory", Kind::Int, Unit::Bytes),
        ("policy", Kind::Text, Unit::Count),
        // any, expiring or none; NULL for a policy that we do not know.
        ("evicts", Kind::Text, Unit::Count),
        ("keys", Kind::Int, Unit::Count),
        ("expires", Kind::Int, Unit::Count),
        // In the window; NULL where `changes` says why.
        ("evicted", Kind::Double, Unit::Count),
        ("evicted_per_s", Kind::Double, Unit::Count),
        // measured, or why not.
        ("changes", Kind::Text, Unit::Count),
    ],
    derive,
};

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    asked
        .all("redis.info")
        .iter()
        .filter_map(|info| {
            let keyspace = asked.one("redis.keyspace", info.source.as_deref(), None)?;
            let rows = (0..info.table.rows()).map(|at| row(info, at, keyspace));
            Some(REDIS_CACHE.relation(&[info, keyspace], rows.collect()))
        })
        .collect()
}

fn row(info: &Relation, at: usize, keyspace: &Relation) -> Vec<Value> {
    let counted = match (info.get(at, "used_memory").as_i64(), info.get(at, "not_counted").as_i64()) {
        (Some(used), Some(not_counted)) => Value::Int(used.saturating_sub(not_counted)),
        _ => Value::Null,
    };
    let policy = info.get(at, "maxmemory_policy");
    let evicts = policy.as_str().and_then(evicts);
    let (evicted, per_second, changes) = evictions(info, at);
    vec![
        info.get(at, "role"),
        counted,
        info.get(at, "maxmemory"),
        policy.clone(),
        evicts.map_or(Value::Null, Value::text),
        sum(keyspace, "keys"),
        sum(keyspace, "expires"),
        evicted,
        per_second,
        Value::text(changes),
    ]
}

/// Newer servers add policies; their names keep the scheme.
fn evicts(policy: &str) -> Option<&'static str> {
    if policy == "noeviction" {
        Some("none")
    } else if policy.starts_with("allkeys-") {
        Some("any")
    } else if policy.starts_with("volatile-") {
        Some("expiring")
    } else {
        None
    }
}

/// Over all logical databases; one that is not reported makes the sum unknown.
fn sum(keyspace: &Relation, column: &str) -> Value {
    (0..keyspace.table.rows())
        .map(|row| keyspace.get(row, column).as_i64())
        .sum::<Option<i64>>()
        .map_or(Value::Null, Value::Int)
}

fn evictions(info: &Relation, at: usize) -> (Value, Value, &'static str) {
    match (info.change(at, "evicted_keys"), info.rate(at, "evicted_keys")) {
        (Change::By(by), Change::By(rate)) => (Value::double(by), Value::double(rate), "measured"),
        (Change::Reset, _) => (Value::Null, Value::Null, "counters were reset between the two samples; run again"),
        _ => (Value::Null, Value::Null, "evictions are only seen between two samples; run with --window 10s"),
    }
}
