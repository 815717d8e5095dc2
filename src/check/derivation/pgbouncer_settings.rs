//! The settings of a pooler that checks compare with, picked out of SHOW CONFIG, beside what is in use.

use super::{Asked, Derivation};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, Unit, Value},
};

pub(super) const PGBOUNCER_SETTINGS: Derivation = Derivation {
    id: "pgbouncer.settings",
    about: "A pooler's limits and how many clients it has",
    inputs: &["pgbouncer.config", "pgbouncer.lists"],
    columns: &[
        ("used_clients", Kind::Int, Unit::Count),
        ("login_clients", Kind::Int, Unit::Count),
        ("used_servers", Kind::Int, Unit::Count),
        ("max_client_conn", Kind::Int, Unit::Count),
        ("query_wait_timeout", Kind::Double, Unit::Seconds),
        ("pool_mode", Kind::Text, Unit::Count),
    ],
    derive,
};

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    asked
        .all("pgbouncer.config")
        .iter()
        .filter_map(|config| {
            let lists = asked.one("pgbouncer.lists", config.source.as_deref(), None)?;
            let row = vec![
                pick(lists, "list", "used_clients", "items"),
                pick(lists, "list", "login_clients", "items"),
                pick(lists, "list", "used_servers", "items"),
                setting(config, "max_client_conn").map_or(Value::Null, whole),
                setting(config, "query_wait_timeout").map_or(Value::Null, Value::double),
                pick(config, "key", "pool_mode", "value"),
            ];
            Some(PGBOUNCER_SETTINGS.relation(&[config, lists], vec![row]))
        })
        .collect()
}

fn pick(relation: &Relation, name: &str, wanted: &str, value: &str) -> Value {
    (0..relation.table.rows())
        .find(|at| relation.get(*at, name).as_str() == Some(wanted))
        .map_or(Value::Null, |at| relation.get(at, value))
}

/// A setting that is a number; some newer ones write times in broken seconds.
pub(super) fn setting(config: &Relation, name: &str) -> Option<f64> {
    pick(config, "key", name, "value").as_str()?.trim().parse().ok()
}

#[expect(clippy::cast_possible_truncation, reason = "a number of connections, far below 2^53")]
fn whole(number: f64) -> Value {
    Value::Int(number as i64)
}
