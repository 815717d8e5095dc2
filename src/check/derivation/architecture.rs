//! The parts of the architecture: which are there, which are not, and who says so.
//!
//! What was measured wins over what the plan says; where neither says anything, nobody knows, which is not
//! the same as "not there".

use super::{
    Asked, Derivation,
    row::{Row, rows},
};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, SourceKind, Unit, Value},
};

const SENDERS: &str = "postgres.replication-senders";
const REPLICAS: &str = "postgres.replica-status";
const POOLS: &str = "pgbouncer.pools";
const REDIS: &str = "redis.info";
const HPAS: &str = "kubernetes.hpas";
const DEPLOYMENTS: &str = "kubernetes.deployments";
const SERVICES: &str = "kubernetes.services";
const PLAN: &str = "plan.components";

/// What the architecture rests on; derivations that ask [`presence`] list these among their inputs.
pub(super) const INPUTS: [&str; 8] = [SENDERS, REPLICAS, POOLS, REDIS, HPAS, DEPLOYMENTS, SERVICES, PLAN];

pub(super) const ARCHITECTURE: Derivation = Derivation {
    id: "architecture",
    about: "A part of the architecture, whether it is there, and who says so",
    inputs: &INPUTS,
    columns: &[
        ("component", Kind::Text, Unit::Count),
        // NULL where nobody knows; `known` says the same without a NULL.
        ("present", Kind::Bool, Unit::Count),
        ("known", Kind::Bool, Unit::Count),
        // measured, plan, or empty where nobody knows.
        ("by", Kind::Text, Unit::Count),
        ("evidence", Kind::Text, Unit::Count),
    ],
    derive,
};

/// The words for parts, as `plan.components` takes them. `primary` is the database that takes writes.
const COMPONENTS: [&str; 16] = [
    "primary",
    "cdn",
    "load-balancer",
    "app-servers",
    "read-replica",
    "cache",
    "queue",
    "pooler",
    "autoscaling",
    "api-gateway",
    "search",
    "sharding",
    "microservices",
    "tracing",
    "circuit-breakers",
    "multi-region",
];

/// Whether a part is there, and how that is known.
pub(super) struct Presence {
    /// None where nobody knows.
    pub(super) present: Option<bool>,
    by: &'static str,
    evidence: String,
}

impl Presence {
    fn measured(present: bool, evidence: impl Into<String>) -> Self {
        Self { present: Some(present), by: "measured", evidence: evidence.into() }
    }

    fn unknown(evidence: impl Into<String>) -> Self {
        Self { present: None, by: "", evidence: evidence.into() }
    }
}

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    let row = |component: &&str| {
        let Presence { present, by, evidence } = presence(asked, component);
        vec![
            Value::text(*component),
            present.map_or(Value::Null, Value::Bool),
            Value::Bool(present.is_some()),
            Value::text(by),
            Value::text(evidence),
        ]
    };
    vec![ARCHITECTURE.relation(&[], COMPONENTS.iter().map(row).collect())]
}

/// Whether a part is there: as measured, else as the plan says, else unknown with the reason.
pub(super) fn presence(asked: &Asked, component: &str) -> Presence {
    let measured = match component {
        "primary" => primary(asked),
        "read-replica" => read_replica(asked),
        "cache" => answers(asked, SourceKind::Redis, REDIS),
        "pooler" => answers(asked, SourceKind::PgBouncer, POOLS),
        "autoscaling" => autoscaling(asked),
        "app-servers" => app_servers(asked),
        "load-balancer" => load_balancer(asked),
        _ => None,
    };
    match (measured, planned(asked, component)) {
        (Some(found), _) if found.present.is_some() => found,
        (_, Some(planned)) => planned,
        (Some(found), None) => found,
        (None, None) => Presence::unknown(format!("nothing that was asked knows of `{component}`, nor does the plan")),
    }
}

fn planned(asked: &Asked, component: &str) -> Option<Presence> {
    let row = asked.all(PLAN).iter().flat_map(rows).find(|row| row.text("name") == component)?;
    let present = row.value("present").as_bool()?;
    let evidence = if present { "the plan says that it is there" } else { "the plan says that it is not there" };
    Some(Presence { present: Some(present), by: "plan", evidence: evidence.into() })
}

/// Where a relation came from, for a sentence.
fn name(relation: &Relation) -> String {
    relation.source.clone().unwrap_or_else(|| "target".into())
}

/// A kind of server that is there because it answers; one that does not answer is not known to be there.
fn answers(asked: &Asked, kind: SourceKind, probe: &str) -> Option<Presence> {
    if let Some(relation) = asked.all(probe).iter().find(|relation| relation.fault.is_none()) {
        return Some(Presence::measured(true, format!("{} `{}` answered", kind.word(), name(relation))));
    }
    let source = asked.sources.iter().find(|source| source.kind == kind)?;
    Some(Presence::unknown(format!("{} `{}` did not answer", kind.word(), source.name)))
}

/// A server that follows another, by what it says of itself or by its having answered as a replica.
fn follows(asked: &Asked, relation: &Relation) -> bool {
    let answered = asked.all(REPLICAS).iter().any(|r| r.source == relation.source && r.fault.is_none());
    answered || asked.is_replica(relation)
}

fn primary(asked: &Asked) -> Option<Presence> {
    let found = asked.all(SENDERS).iter().find(|r| r.fault.is_none() && !follows(asked, r));
    if let Some(relation) = found {
        return Some(Presence::measured(true, format!("postgres `{}` answered and takes writes", name(relation))));
    }
    let source = asked.sources.iter().find(|source| source.kind == SourceKind::Postgres)?;
    Some(Presence::unknown(format!("no primary answered; `{}` was asked", source.name)))
}

fn read_replica(asked: &Asked) -> Option<Presence> {
    let answered = asked.all(REPLICAS).iter().find(|r| r.fault.is_none() && r.table.rows() > 0);
    if let Some(relation) = answered {
        return Some(Presence::measured(true, format!("replica `{}` answered", name(relation))));
    }
    let primaries = || asked.all(SENDERS).iter().filter(|r| r.fault.is_none() && !follows(asked, r));
    let fed = primaries().find_map(|relation| {
        let standbys = rows(relation).filter(|row| row.is("is_standby")).count();
        (standbys > 0).then(|| {
            let word = if standbys == 1 { "standby streams" } else { "standbys stream" };
            Presence::measured(true, format!("{standbys} {word} from `{}`", name(relation)))
        })
    });
    if fed.is_some() {
        return fed;
    }
    // Only a primary that shows all of its senders can say that there is none.
    if let Some(relation) = primaries().find(|r| r.not_visible.is_none()) {
        return Some(Presence::measured(false, format!("no standby streams from `{}`", name(relation))));
    }
    let source = asked.sources.iter().find(|source| source.kind == SourceKind::Postgres)?;
    Some(Presence::unknown(format!("`{}` did not say whether it feeds a standby", source.name)))
}

fn autoscaling(asked: &Asked) -> Option<Presence> {
    if let Some(relation) = asked.all(HPAS).iter().find(|r| r.fault.is_none()) {
        let of = name(relation);
        return Some(match relation.table.rows() {
            0 => Presence::measured(false, format!("no autoscaler in `{of}`")),
            1 => Presence::measured(true, format!("1 autoscaler in `{of}`")),
            n => Presence::measured(true, format!("{n} autoscalers in `{of}`")),
        });
    }
    let source = asked.sources.iter().find(|source| source.kind == SourceKind::Kubernetes)?;
    Some(Presence::unknown(format!("`{}` did not list its autoscalers", source.name)))
}

/// Several copies of one deployment; how many machines they stand on is not looked at.
fn app_servers(asked: &Asked) -> Option<Presence> {
    let most = asked.all(DEPLOYMENTS).iter().flat_map(rows).max_by_key(|row| row.int("replicas"))?;
    let replicas = most.int("replicas")?;
    let of = format!("{}/{}", most.text("namespace"), most.text("name"));
    Some(Presence::measured(replicas >= 2, format!("deployment {of} has {replicas} replicas, more than any other")))
}

/// One inside the cluster can be seen; one outside of it cannot, so that its absence is not known.
fn load_balancer(asked: &Asked) -> Option<Presence> {
    let balances = |row: &Row| row.text("type") == "LoadBalancer";
    let row = asked.all(SERVICES).iter().flat_map(rows).find(balances)?;
    let of = format!("{}/{}", row.text("namespace"), row.text("name"));
    Some(Presence::measured(true, format!("service {of} is a load balancer")))
}
