//! What all poolers may open on a database server, against what that server has.
//!
//! A pool exists from its first client on, so the sum over the pools there are is the least that can
//! be demanded; pools of users who have not come yet are not in it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Asked, Derivation,
    pgbouncer_pools::{Sizes, is_console},
};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, Unit, Value},
};

pub(super) const PGBOUNCER_BUDGET: Derivation = Derivation {
    id: "pgbouncer.server-budget",
    about: "Each database server behind the poolers: connections that they may open, and that it has",
    inputs: &["pgbouncer.pools", "pgbouncer.databases", "pgbouncer.users", "postgres.connections"],
    columns: &[
        ("server", Kind::Text, Unit::Count),
        // The source that is this server; NULL where it cannot be told.
        ("postgres", Kind::Text, Unit::Count),
        ("demand", Kind::Int, Unit::Count),
        ("pools", Kind::Int, Unit::Count),
        ("max_connections", Kind::Int, Unit::Count),
        ("reserved", Kind::Int, Unit::Count),
        ("breakdown", Kind::Text, Unit::Count),
    ],
    derive,
};

/// What is demanded of one server.
#[derive(Default)]
struct Demand<'a> {
    connections: Option<i64>,
    pools: i64,
    parts: Vec<String>,
    from: Vec<&'a Relation<'a>>,
}

pub(super) fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    let servers = asked.all("postgres.connections");
    if servers.is_empty() || asked.all("pgbouncer.pools").is_empty() {
        return Vec::new();
    }
    let mut demands: BTreeMap<String, Demand> = BTreeMap::new();
    let mut unmeasured = Vec::new();
    for pools in asked.all("pgbouncer.pools") {
        let source = pools.source.as_deref();
        let (Some(databases), Some(users)) =
            (asked.one("pgbouncer.databases", source, None), asked.one("pgbouncer.users", source, None))
        else {
            continue;
        };
        let from = [pools, databases, users];
        if from.iter().any(|r| r.fault.is_some()) {
            unmeasured.push(PGBOUNCER_BUDGET.relation(&from, Vec::new()));
        }
        add(&mut demands, &from, &Sizes::new(databases, users));
    }
    if demands.is_empty() && unmeasured.is_empty() {
        let from: Vec<_> = asked.all("pgbouncer.pools").iter().collect();
        return vec![PGBOUNCER_BUDGET.relation(&from, Vec::new())];
    }
    // Poolers and we may know a server by different names; where there is only one it could be, it is.
    let mut primaries = servers.iter().filter(|p| !asked.is_replica(p));
    let only = match (demands.len(), primaries.next(), primaries.next()) {
        (1, Some(only), None) => Some(only),
        _ => None,
    };
    let judged = demands.into_iter().map(|(server, demand)| {
        let postgres = servers.iter().find(|p| address(asked, p) == Some(&server)).or(only);
        relation(&server, demand, postgres)
    });
    unmeasured.into_iter().chain(judged).collect()
}

/// Adds the pools of one pooler to the servers that they lead to.
fn add<'a>(demands: &mut BTreeMap<String, Demand<'a>>, from: &[&'a Relation<'a>; 3], sizes: &Sizes) {
    let [pools, databases, _] = from;
    let mut by_database: BTreeMap<String, (Option<i64>, i64)> = BTreeMap::new();
    for at in (0..pools.table.rows()).filter(|at| !is_console(pools, *at)) {
        let Some(name) = pools.get(at, "database").as_str().map(str::to_owned) else {
            continue;
        };
        let entry = by_database.entry(name).or_insert((Some(0), 0));
        entry.0 = entry.0.zip(sizes.of(pools, at)).map(|(a, b)| a + b);
        entry.1 += 1;
    }
    let mut seen = BTreeSet::new();
    for at in 0..databases.table.rows() {
        let name = databases.get(at, "name");
        let Some((size, count)) = name.as_str().and_then(|name| by_database.get(name)) else {
            continue;
        };
        let reserve = ["reserve_pool", "reserve_pool_size"]
            .into_iter()
            .find_map(|column| databases.get(at, column).as_i64())
            .unwrap_or(0);
        let cap = databases.get(at, "max_connections").as_i64().filter(|most| *most > 0).unwrap_or(i64::MAX);
        let most = size.map(|size| size.saturating_add(reserve * count).min(cap));
        let server = server(databases, at);
        let demand =
            demands.entry(server.clone()).or_insert_with(|| Demand { connections: Some(0), ..Demand::default() });
        demand.connections = demand.connections.zip(most).map(|(a, b)| a + b);
        demand.pools += count;
        demand.parts.push(format!(
            "{} {}",
            name.as_str().unwrap_or_default(),
            most.map_or_else(|| "?".to_owned(), |most| most.to_string())
        ));
        if seen.insert(server) {
            demand.from.extend(from);
        }
    }
}

fn relation(server: &str, demand: Demand, postgres: Option<&Relation>) -> Relation<'static> {
    let cell = |column: &str| postgres.map_or(Value::Null, |p| p.get(0, column));
    let row = vec![
        Value::text(server),
        postgres.and_then(|p| p.source.clone()).map_or(Value::Null, Value::text),
        demand.connections.map_or(Value::Null, Value::Int),
        Value::Int(demand.pools),
        cell("max_connections"),
        cell("reserved"),
        Value::text(demand.parts.join(", ")),
    ];
    let mut from = demand.from;
    // Whose sessions the role sees does not matter for the limits, so `not_visible` is not inherited
    // from the server; its fault is.
    from.extend(postgres.filter(|p| p.fault.is_some()));
    PGBOUNCER_BUDGET.relation(&from, vec![row])
}

fn server(databases: &Relation, at: usize) -> String {
    let host = databases.get(at, "host");
    let host = host.as_str().filter(|host| !host.is_empty()).unwrap_or("local");
    match databases.get(at, "port").as_i64() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// `host:port` of a source, out of `host:port/database as user`.
fn address<'a>(asked: &'a Asked, relation: &Relation) -> Option<&'a str> {
    asked.source(relation)?.address.split('/').next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::{Observation, SourceRecord};
    use serde_json::json;

    fn observation(probe: &str, source: &str, columns: &serde_json::Value) -> Observation {
        serde_json::from_value(json!({
            "probe": probe, "source": source, "at": "2026-01-01T00:00:00Z", "took_ms": 1,
            "answer": { "table": { "rows": 1, "columns": columns } },
        }))
        .unwrap()
    }

    fn text(name: &str, value: &str) -> serde_json::Value {
        json!({ "name": name, "kind": "text", "words": [value], "values": [0] })
    }

    fn int(name: &str, value: i64) -> serde_json::Value {
        json!({ "name": name, "kind": "int", "values": [value] })
    }

    /// The server that the pools of a pooler to `host` are set against.
    fn matched(host: &str) -> Value {
        let pools = json!([text("database", "shop"), text("user", "app")]);
        let size = int("pool_size", 20);
        let databases = json!([text("name", "shop"), text("host", host), int("port", 5432), size]);
        let limits = json!([int("max_connections", 100), int("reserved", 3)]);
        let answers = [
            observation("pgbouncer.pools", "pooler", &pools),
            observation("pgbouncer.databases", "pooler", &databases),
            observation("pgbouncer.users", "pooler", &json!([text("name", "app")])),
            observation("postgres.connections", "primary", &limits),
            observation("postgres.connections", "replica", &limits),
        ];
        let source = |name: &str, address: &str| -> SourceRecord {
            serde_json::from_value(json!({
                "name": name, "kind": "postgres", "address": address, "facts": { "role": name },
            }))
            .unwrap()
        };
        let sources =
            [source("primary", "10.0.0.1:5432/shop as loadline"), source("replica", "10.0.0.2:5432/shop as loadline")];
        let mut relations: BTreeMap<&str, Vec<Relation>> = BTreeMap::new();
        for answer in &answers {
            relations.entry(&answer.probe).or_default().push(Relation::observed(answer));
        }
        let found = derive(&Asked { sources: &sources, relations: &relations });
        found[0].get(0, "postgres")
    }

    #[test]
    fn a_server_is_found_by_its_address_or_as_the_only_primary() {
        assert_eq!(matched("10.0.0.2"), Value::text("replica"));
        assert_eq!(matched("10.0.0.1"), Value::text("primary"));
        assert_eq!(matched("db.internal"), Value::text("primary"));
    }
}
