//! Workloads read back out of rows of containers. No derivation of its own: what the others share.

use std::collections::BTreeMap;

use super::{Asked, Derivation};
use crate::{check::relation::Relation, snapshot::Value};

/// Environment variables that say how many database connections a container may open, the plainest first.
/// The columns are the probes'; a process of Puma has a pool of its own, so Rails' ones count for each.
const POOL_VARIABLES: [(&str, bool); 9] = [
    ("DB_POOL_SIZE", false),
    ("DATABASE_POOL_SIZE", false),
    ("HIKARI_MAXIMUM_POOL_SIZE", false),
    ("SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE", false),
    ("SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE", false),
    ("QUARKUS_DATASOURCE_JDBC_MAX_SIZE", false),
    ("KC_DB_POOL_MAX_SIZE", false),
    ("DB_POOL", true),
    ("RAILS_MAX_THREADS", true),
];

/// By namespace and name.
pub(super) type Workloads = BTreeMap<(String, String), Workload>;

/// The autoscalers of one cluster beside what they may scale.
pub(super) struct Scaled<'a> {
    pub(super) hpas: &'a Relation<'a>,
    of: [&'a Relation<'a>; 2],
    found: [(&'static str, Workloads); 2],
}

/// What one autoscaler names as its target.
pub(super) struct Aim<'s> {
    pub(super) kind: String,
    pub(super) namespace: String,
    pub(super) name: String,
    /// Whether targets of that kind are read at all.
    pub(super) is_read: bool,
    /// The target, where it was found.
    pub(super) workload: Option<&'s Workload>,
}

/// The autoscalers of all clusters that were asked for them and for workloads.
pub(super) fn scaled<'a>(asked: &'a Asked) -> impl Iterator<Item = Scaled<'a>> {
    asked.all("kubernetes.hpas").iter().filter_map(|hpas| {
        let source = hpas.source.as_deref();
        let deployments = asked.one("kubernetes.deployments", source, None)?;
        let stateful = asked.one("kubernetes.statefulsets", source, None)?;
        let found = [("Deployment", workloads(deployments)), ("StatefulSet", workloads(stateful))];
        Some(Scaled { hpas, of: [deployments, stateful], found })
    })
}

impl Scaled<'_> {
    /// What the autoscaler of a row scales.
    pub(super) fn aim(&self, at: usize) -> Aim<'_> {
        let text = |column: &str| self.hpas.get(at, column).as_str().unwrap_or_default().to_owned();
        let (kind, key) = (text("target_kind"), (text("namespace"), text("target_name")));
        let of_kind = self.found.iter().find(|(known, _)| *known == kind).map(|(_, all)| all);
        let workload = of_kind.and_then(|all| all.get(&key));
        Aim { kind, is_read: of_kind.is_some(), workload, namespace: key.0, name: key.1 }
    }

    /// A row of each autoscaler, as the relation of a derivation.
    pub(super) fn relation(
        &self,
        derivation: &'static Derivation,
        row: impl Fn(usize) -> Vec<Value>,
    ) -> Relation<'static> {
        let rows = (0..self.hpas.table.rows()).map(row).collect();
        derivation.relation(&[self.hpas, self.of[0], self.of[1]], rows)
    }
}

/// What is scaled.
pub(super) struct Workload {
    pub(super) replicas: Option<i64>,
    /// Pods that are ready, as its status says.
    pub(super) ready: Option<i64>,
    /// Database connections of one pod.
    pub(super) pool: Option<i64>,
    /// Whether it reaches the database through the pooler.
    pub(super) pooled: bool,
    containers: Vec<Container>,
    pod_requests: Requests,
}

struct Container {
    name: String,
    requests: Requests,
}

/// Whether a request is made, also by a limit that stands for it.
#[derive(Clone, Copy)]
struct Requests {
    cpu: bool,
    memory: bool,
}

/// What utilisation is a share of.
#[derive(Clone, Copy)]
pub(super) enum Resource {
    Cpu,
    Memory,
}

impl Requests {
    fn has(self, resource: Resource) -> bool {
        match resource {
            Resource::Cpu => self.cpu,
            Resource::Memory => self.memory,
        }
    }
}

/// Workloads from rows of containers.
pub(super) fn workloads(relation: &Relation) -> Workloads {
    let mut found = Workloads::new();
    for at in 0..relation.table.rows() {
        let text = |column: &str| relation.get(at, column).as_str().map(str::to_owned);
        let (Some(namespace), Some(name)) = (text("namespace"), text("name")) else {
            continue;
        };
        let workload = found.entry((namespace, name)).or_insert_with(|| whole(relation, at));
        let has = |column: &str| !relation.get(at, column).is_null();
        workload.containers.push(Container {
            name: text("container").unwrap_or_default(),
            requests: Requests {
                cpu: has("cpu_request") || has("cpu_limit"),
                memory: has("memory_request") || has("memory_limit"),
            },
        });
        // What a person wrote down wins over what was found.
        if annotated(relation, at).is_none()
            && let Some(pool) = pool(relation, at)
        {
            workload.pool = Some(workload.pool.unwrap_or(0).saturating_add(pool));
        }
    }
    found
}

/// What a row says of the whole workload.
fn whole(relation: &Relation, at: usize) -> Workload {
    let has = |column: &str| !relation.get(at, column).is_null();
    let (cpu, memory) =
        (texts(&relation.get(at, "sidecars_with_cpu")), texts(&relation.get(at, "sidecars_with_memory")));
    let sidecars = texts(&relation.get(at, "sidecars"));
    Workload {
        replicas: relation.get(at, "replicas").as_i64(),
        // Left out where none is ready, so that only a status that was written makes it a 0.
        ready: relation.get(at, "ready").as_i64().or_else(|| relation.get(at, "observed").as_i64().map(|_| 0)),
        pool: annotated(relation, at),
        pooled: ["through", "through_pod"].iter().any(|column| relation.get(at, column).as_str() == Some("pgbouncer")),
        pod_requests: Requests { cpu: has("pod_cpu"), memory: has("pod_memory") },
        containers: sidecars
            .into_iter()
            .map(|name| Container {
                requests: Requests { cpu: cpu.contains(&name), memory: memory.contains(&name) },
                name,
            })
            .collect(),
    }
}

fn annotated(relation: &Relation, at: usize) -> Option<i64> {
    ["pool_annotation", "pool_annotation_pod"].iter().find_map(|column| count(&relation.get(at, column)))
}

fn pool(relation: &Relation, at: usize) -> Option<i64> {
    let read = |name: &str| count(&relation.get(at, &format!("env_{}", name.to_ascii_lowercase())));
    POOL_VARIABLES.iter().find_map(|(name, each_process)| {
        let processes = read("WEB_CONCURRENCY").filter(|n| *each_process && *n > 0);
        Some(read(name)?.saturating_mul(processes.unwrap_or(1)))
    })
}

/// A number of connections as people write it; anything else is no number rather than a wrong one.
fn count(value: &Value) -> Option<i64> {
    let count = value.as_str()?.trim().parse::<i64>().ok()?;
    (0..=100_000).contains(&count).then_some(count)
}

/// The texts of a list.
pub(super) fn texts(value: &Value) -> Vec<String> {
    value.as_list().unwrap_or_default().iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

impl Workload {
    /// Containers without a request that a share needs; of all, or of those named.
    pub(super) fn missing(&self, resource: Resource, only: Option<&[String]>) -> Vec<&str> {
        if only.is_none() && self.pod_requests.has(resource) {
            return Vec::new();
        }
        self.containers
            .iter()
            .filter(|c| only.is_none_or(|names| names.contains(&c.name)))
            .filter(|c| !c.requests.has(resource))
            .map(|c| c.name.as_str())
            .collect()
    }
}
