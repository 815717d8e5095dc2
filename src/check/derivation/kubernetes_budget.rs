//! What all pods together may open at the top of their range, against what there is.
//!
//! Whatever connects directly is set against the primary's own slots, whatever goes through the pooler
//! against the pooler's. A workload that does not say its pool size is named, never guessed.

use super::{
    Asked, Derivation,
    kubernetes_workloads::{Workload, workloads},
    pgbouncer_settings::setting,
};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, Unit, Value},
};

pub(super) const KUBERNETES_BUDGET: Derivation = Derivation {
    id: "kubernetes.connection-budget",
    about: "Connections that all pods may open at the most, and how many there are, directly and through the pooler",
    inputs: &[
        "kubernetes.hpas",
        "kubernetes.deployments",
        "kubernetes.statefulsets",
        "postgres.connections",
        "pgbouncer.config",
    ],
    columns: &[
        // postgres or pgbouncer
        ("route", Kind::Text, Unit::Count),
        ("demand", Kind::Int, Unit::Count),
        // NULL where `ceiling_of` says why.
        ("ceiling", Kind::Int, Unit::Count),
        ("ceiling_of", Kind::Text, Unit::Count),
        ("known", Kind::Bool, Unit::Count),
        ("workloads", Kind::Int, Unit::Count),
        ("counted", Kind::Int, Unit::Count),
        ("uncounted", Kind::Int, Unit::Count),
        ("uncounted_names", Kind::Text, Unit::Count),
        ("breakdown", Kind::Text, Unit::Count),
    ],
    derive,
};

/// The most names that a sentence holds.
const NAMES: usize = 10;

/// One way to the database.
#[derive(Default)]
struct Route {
    demand: i64,
    workloads: usize,
    parts: Vec<(i64, String)>,
    uncounted: Vec<String>,
}

pub(super) fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    if asked.all("kubernetes.hpas").is_empty() || asked.all("postgres.connections").is_empty() {
        return Vec::new();
    }
    let (mut direct, mut pooled) = (Route::default(), Route::default());
    let mut from = Vec::new();
    for hpas in asked.all("kubernetes.hpas") {
        let source = hpas.source.as_deref();
        from.push(hpas);
        for (kind, probe) in [("Deployment", "kubernetes.deployments"), ("StatefulSet", "kubernetes.statefulsets")] {
            let Some(relation) = asked.one(probe, source, None) else {
                continue;
            };
            from.push(relation);
            for ((namespace, name), workload) in workloads(relation) {
                let most = most(hpas, kind, &namespace, &name);
                let route = if workload.pooled { &mut pooled } else { &mut direct };
                route.add(format!("{namespace}/{name}"), &workload, most);
            }
        }
    }
    let mut relations = Vec::new();
    if !direct.is_empty() || pooled.is_empty() {
        let (ceiling, of, faulty) = primary(asked);
        let from: Vec<_> = from.iter().copied().chain(faulty).collect();
        let row = direct.row("postgres", ceiling, of);
        relations.push(KUBERNETES_BUDGET.relation(&from, vec![row]));
    }
    if !pooled.is_empty() {
        let (ceiling, of, faulty) = poolers(asked);
        let from: Vec<_> = from.iter().copied().chain(faulty).collect();
        let row = pooled.row("pgbouncer", ceiling, of);
        relations.push(KUBERNETES_BUDGET.relation(&from, vec![row]));
    }
    relations
}

/// The top of a workload's range, where an autoscaler gives it one.
fn most(hpas: &Relation, kind: &str, namespace: &str, name: &str) -> Option<i64> {
    (0..hpas.table.rows())
        .find(|at| {
            let is = |column: &str, wanted: &str| hpas.get(*at, column).as_str() == Some(wanted);
            is("target_kind", kind) && is("target_name", name) && is("namespace", namespace)
        })
        .and_then(|at| hpas.get(at, "max").as_i64())
}

impl Route {
    fn add(&mut self, name: String, workload: &Workload, most: Option<i64>) {
        self.workloads += 1;
        match (workload.pool, most.or(workload.replicas)) {
            (Some(pool), Some(replicas)) => {
                let demand = pool.saturating_mul(replicas);
                self.demand = self.demand.saturating_add(demand);
                let part = format!("{name} {replicas} x {pool} = {demand}");
                self.parts.push((demand, part));
            }
            // One that says nothing may have no database at all; only its owner knows.
            _ => self.uncounted.push(name),
        }
    }

    fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.uncounted.is_empty()
    }

    fn row(mut self, route: &str, ceiling: Option<i64>, of: String) -> Vec<Value> {
        let int = |n: usize| Value::Int(i64::try_from(n).unwrap_or(i64::MAX));
        self.parts.sort_by_key(|(demand, _)| std::cmp::Reverse(*demand));
        let parts: Vec<_> = self.parts.into_iter().map(|(_, part)| part).collect();
        vec![
            Value::text(route),
            Value::Int(self.demand),
            ceiling.map_or(Value::Null, Value::Int),
            Value::text(of),
            Value::Bool(ceiling.is_some()),
            int(self.workloads),
            int(parts.len()),
            int(self.uncounted.len()),
            Value::text(some(&self.uncounted)),
            Value::text(some(&parts)),
        ]
    }
}

/// The first few, and how many more.
fn some(names: &[String]) -> String {
    let shown = names.iter().take(NAMES).cloned().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(NAMES) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}

type Ceiling<'a> = (Option<i64>, String, Option<&'a Relation<'a>>);

/// What the one primary has. Its fault is passed on; whose sessions are seen does not matter here.
fn primary<'a>(asked: &Asked<'a>) -> Ceiling<'a> {
    let primaries: Vec<_> =
        asked.all("postgres.connections").iter().filter(|relation| !asked.is_replica(relation)).collect();
    match primaries.as_slice() {
        [] => (None, "the target names replicas but no primary to hold the connections against".into(), None),
        [primary] => {
            let cell = |column: &str| primary.get(0, column).as_i64();
            let usable = cell("max_connections").zip(cell("reserved"));
            (
                usable.map(|(most, reserved)| most - reserved),
                primary.place(),
                primary.fault.is_some().then_some(*primary),
            )
        }
        several => (
            None,
            format!("the target has {} primaries; which one each workload uses is not known", several.len()),
            None,
        ),
    }
}

/// What all poolers have together.
fn poolers<'a>(asked: &Asked<'a>) -> Ceiling<'a> {
    let poolers = asked.all("pgbouncer.config");
    if poolers.is_empty() {
        return (None, "workloads say that they go through PgBouncer, but the target names none".into(), None);
    }
    let slots: Option<Vec<f64>> = poolers.iter().map(|config| setting(config, "max_client_conn")).collect();
    let names: Vec<_> = poolers.iter().map(Relation::place).collect();
    (
        slots.map(|slots| whole(slots.iter().sum())),
        names.join(" and "),
        poolers.iter().find(|config| config.fault.is_some()),
    )
}

#[expect(clippy::cast_possible_truncation, reason = "a number of connections, far below 2^53")]
fn whole(number: f64) -> i64 {
    number as i64
}
