//! The way of a connection from pod to database, hop by hop, and what arrives at the database in all.
//!
//! Pods open connections to poolers or directly to the database, poolers open their own. Each hop has a check of its
//! own; only the sum shows that pools and direct pods together may ask for more than the server has.

use super::{
    Asked, Derivation, kubernetes_budget, pgbouncer_budget,
    row::{Row, rows},
};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, Unit, Value},
};

pub(super) static CONNECTION_BUDGET: Derivation = Derivation {
    id: "connection-budget",
    about: "Connections that may be asked for and that there are: pods to poolers, poolers to servers, pods to servers, and all at a server",
    inputs: &[
        "kubernetes.hpas",
        "kubernetes.deployments",
        "kubernetes.statefulsets",
        "pgbouncer.config",
        "pgbouncer.pools",
        "pgbouncer.databases",
        "pgbouncer.users",
        "postgres.connections",
    ],
    columns: &[
        // pods to pooler, pooler to server, pods to server, or total
        ("hop", Kind::Text, Unit::Count),
        // Who has the slots; empty where that cannot be told.
        ("server", Kind::Text, Unit::Count),
        ("demand", Kind::Int, Unit::Count),
        ("ceiling", Kind::Int, Unit::Count),
        ("uncounted", Kind::Int, Unit::Count),
        ("uncounted_names", Kind::Text, Unit::Count),
        ("breakdown", Kind::Text, Unit::Count),
    ],
    derive,
};

/// One hop, or all that arrives at a server.
#[derive(Clone)]
struct Hop {
    name: &'static str,
    server: String,
    demand: Option<i64>,
    ceiling: Option<i64>,
    uncounted: i64,
    uncounted_names: String,
    breakdown: String,
}

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    let (pods, pools) = (kubernetes_budget::derive(asked), pgbouncer_budget::derive(asked));
    let from: Vec<&Relation> = pods.iter().chain(&pools).collect();
    if from.is_empty() {
        return Vec::new();
    }
    let by_pods: Vec<Hop> = pods.iter().flat_map(rows).map(of_pods).collect();
    let by_pools: Vec<Hop> = pools.iter().flat_map(rows).map(of_pools).collect();
    let totals: Vec<Hop> = by_pools.iter().filter_map(|pool| total(pool, &by_pods)).collect();
    let hops = by_pods.into_iter().chain(by_pools).chain(totals);
    vec![CONNECTION_BUDGET.relation(&from, hops.map(Hop::row).collect())]
}

fn of_pods(row: Row) -> Hop {
    Hop {
        name: if row.text("route") == "pgbouncer" { "pods to pooler" } else { "pods to server" },
        server: row.text("ceiling_of"),
        demand: row.int("demand"),
        ceiling: row.int("ceiling"),
        uncounted: row.int("uncounted").unwrap_or_default(),
        uncounted_names: row.text("uncounted_names"),
        breakdown: row.text("breakdown"),
    }
}

fn of_pools(row: Row) -> Hop {
    Hop {
        name: "pooler to server",
        server: row.text("postgres"),
        demand: row.int("demand"),
        ceiling: row.int("max_connections").zip(row.int("reserved")).map(|(most, reserved)| most - reserved),
        uncounted: 0,
        uncounted_names: String::new(),
        breakdown: row.text("breakdown"),
    }
}

/// All that arrives at a server, where poolers and pods are both known; a hop alone has its own check.
fn total(pools: &Hop, pods: &[Hop]) -> Option<Hop> {
    if pods.is_empty() {
        return None;
    }
    let direct = pods.iter().find(|hop| hop.name == "pods to server" && hop.server == pools.server);
    let through = pods.iter().find(|hop| hop.name == "pods to pooler");
    let directly = direct.map_or(Some(0), |direct| direct.demand);
    let shown = |number: Option<i64>| number.map_or_else(|| "?".to_owned(), |number| number.to_string());
    let mut parts = vec![format!("pools {} ({})", shown(pools.demand), pools.breakdown)];
    parts.extend(direct.map(|direct| format!("pods directly {} ({})", shown(directly), direct.breakdown)));
    parts.extend(through.map(|through| {
        let (demand, ceiling) = (shown(through.demand), shown(through.ceiling));
        format!("before them, pods to poolers {demand} of {ceiling} ({})", through.breakdown)
    }));
    Some(Hop {
        name: "total",
        demand: pools.demand.zip(directly).map(|(a, b)| a.saturating_add(b)),
        uncounted: direct.map_or(0, |direct| direct.uncounted),
        uncounted_names: direct.map(|direct| direct.uncounted_names.clone()).unwrap_or_default(),
        breakdown: parts.join("; "),
        ..pools.clone()
    })
}

impl Hop {
    fn row(self) -> Vec<Value> {
        let int = |number: Option<i64>| number.map_or(Value::Null, Value::Int);
        vec![
            Value::text(self.name),
            Value::text(self.server),
            int(self.demand),
            int(self.ceiling),
            Value::Int(self.uncounted),
            Value::text(self.uncounted_names),
            Value::text(self.breakdown),
        ]
    }
}
