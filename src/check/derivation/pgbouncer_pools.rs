//! Pools beside the size that they may have.
//!
//! SHOW POOLS says what is in use; how much may be is said per database by SHOW DATABASES and, from
//! 1.23 on, per user by SHOW USERS, which wins.

use std::collections::BTreeMap;

use super::{Asked, Derivation};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, Unit, Value},
};

pub(super) const PGBOUNCER_POOLS: Derivation = Derivation {
    id: "pgbouncer.pool-usage",
    about: "Each pool: server connections in use and allowed, clients waiting and how long",
    inputs: &["pgbouncer.pools", "pgbouncer.databases", "pgbouncer.users"],
    columns: &[
        ("database", Kind::Text, Unit::Count),
        ("user", Kind::Text, Unit::Count),
        ("clients_active", Kind::Int, Unit::Count),
        ("clients_waiting", Kind::Int, Unit::Count),
        ("servers_active", Kind::Int, Unit::Count),
        ("servers_idle", Kind::Int, Unit::Count),
        ("servers_login", Kind::Int, Unit::Count),
        ("pool_size", Kind::Int, Unit::Count),
        ("longest_wait", Kind::Double, Unit::Seconds),
        ("pool_mode", Kind::Text, Unit::Count),
    ],
    derive,
};

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    asked
        .all("pgbouncer.pools")
        .iter()
        .filter_map(|pools| {
            let source = pools.source.as_deref();
            let databases = asked.one("pgbouncer.databases", source, None)?;
            let users = asked.one("pgbouncer.users", source, None)?;
            let sizes = Sizes::new(databases, users);
            let rows =
                (0..pools.table.rows()).filter(|at| !is_console(pools, *at)).map(|at| row(pools, at, &sizes)).collect();
            Some(PGBOUNCER_POOLS.relation(&[pools, databases, users], rows))
        })
        .collect()
}

/// The admin console's own pool, which has no server.
pub(super) fn is_console(pools: &Relation, at: usize) -> bool {
    pools.get(at, "database").as_str() == Some("pgbouncer")
}

fn row(pools: &Relation, at: usize, sizes: &Sizes) -> Vec<Value> {
    let wait = match (pools.get(at, "maxwait").as_f64(), pools.get(at, "maxwait_us").as_f64()) {
        (Some(seconds), Some(micros)) => Value::double(seconds + micros / 1e6),
        _ => Value::Null,
    };
    vec![
        pools.get(at, "database"),
        pools.get(at, "user"),
        pools.get(at, "cl_active"),
        pools.get(at, "cl_waiting"),
        pools.get(at, "sv_active"),
        pools.get(at, "sv_idle"),
        pools.get(at, "sv_login"),
        sizes.of(pools, at).map_or(Value::Null, Value::Int),
        wait,
        pools.get(at, "pool_mode"),
    ]
}

/// How many server connections a pool may have.
pub(super) struct Sizes {
    databases: BTreeMap<String, i64>,
    users: BTreeMap<String, i64>,
}

impl Sizes {
    pub(super) fn new(databases: &Relation, users: &Relation) -> Self {
        let named = |relation: &Relation, size: &dyn Fn(Value) -> Option<i64>| {
            (0..relation.table.rows())
                .filter_map(|at| {
                    let name = relation.get(at, "name").as_str()?.to_owned();
                    Some((name, size(relation.get(at, "pool_size"))?))
                })
                .collect()
        };
        Self {
            databases: named(databases, &|size| size.as_i64()),
            users: named(users, &|size| size.as_str()?.trim().parse().ok()),
        }
    }

    pub(super) fn of(&self, pools: &Relation, at: usize) -> Option<i64> {
        let user = pools.get(at, "user");
        let database = pools.get(at, "database");
        let own = user.as_str().and_then(|user| self.users.get(user));
        own.or_else(|| self.databases.get(database.as_str()?)).copied()
    }
}
