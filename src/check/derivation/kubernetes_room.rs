//! What is left of the database's connections for one autoscaler now, and how many pods it has ready.
//!
//! The budget adds up what all pods may open at their most; this is for the moment in which somebody wants more pods.
//! A row stands even where the database does not answer: how many pods are ready is known all the same.

use super::{
    Asked, Derivation,
    kubernetes_workloads::{Scaled, Workload, scaled},
    pgbouncer_settings::setting,
};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, Unit, Value},
};

pub(super) const KUBERNETES_ROOM: Derivation = Derivation {
    id: "kubernetes.scale-out-room",
    about: "Each autoscaler: its replicas, how many are ready, the connections of a pod, and how many are left now",
    inputs: &[
        "kubernetes.hpas",
        "kubernetes.deployments",
        "kubernetes.statefulsets",
        "postgres.connections",
        "pgbouncer.config",
        "pgbouncer.lists",
    ],
    columns: &[
        ("namespace", Kind::Text, Unit::Count),
        ("name", Kind::Text, Unit::Count),
        ("target_kind", Kind::Text, Unit::Count),
        ("target_name", Kind::Text, Unit::Count),
        ("min", Kind::Int, Unit::Count),
        ("max", Kind::Int, Unit::Count),
        ("current", Kind::Int, Unit::Count),
        // Of the workload's own status; NULL where nobody says.
        ("ready", Kind::Int, Unit::Count),
        // Database connections of one pod; NULL where the workload does not say.
        ("pool", Kind::Int, Unit::Count),
        ("limit", Kind::Int, Unit::Count),
        ("used", Kind::Int, Unit::Count),
        // NULL where `unknown` says why.
        ("left", Kind::Int, Unit::Count),
        ("limit_of", Kind::Text, Unit::Count),
        // Whether the target names a database or pooler of this kind at all.
        ("asked", Kind::Bool, Unit::Count),
        ("unknown", Kind::Text, Unit::Count),
    ],
    derive,
};

/// What one way to the database has left.
struct Room {
    limit: Option<i64>,
    used: Option<i64>,
    of: String,
    asked: bool,
    unknown: String,
}

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    let (direct, pooled) = (primary(asked), poolers(asked));
    scaled(asked).map(|scaled| scaled.relation(&KUBERNETES_ROOM, |at| row(&scaled, at, &direct, &pooled))).collect()
}

fn row(scaled: &Scaled, at: usize, direct: &Room, pooled: &Room) -> Vec<Value> {
    let (hpas, aim) = (scaled.hpas, scaled.aim(at));
    let target = aim.workload;
    let room = if target.is_some_and(|workload| workload.pooled) { pooled } else { direct };
    // The server leaves the number of replicas out where it is 0, and never the number that is wished for.
    let current = match hpas.get(at, "current") {
        Value::Null if !hpas.get(at, "desired").is_null() => Value::Int(0),
        current => current,
    };
    let int = |number: Option<i64>| number.map_or(Value::Null, Value::Int);
    vec![
        Value::text(aim.namespace.as_str()),
        hpas.get(at, "name"),
        Value::text(aim.kind.as_str()),
        Value::text(aim.name.as_str()),
        hpas.get(at, "min"),
        hpas.get(at, "max"),
        current,
        int(target.and_then(|workload| workload.ready)),
        int(target.and_then(|workload| workload.pool)),
        int(room.limit),
        int(room.used),
        int(room.left(target)),
        Value::text(room.of.as_str()),
        Value::Bool(room.asked),
        Value::text(unknown(target, room)),
    ]
}

/// Why it is not known whether there is room; empty where it is.
fn unknown(target: Option<&Workload>, room: &Room) -> String {
    match target.map(|workload| workload.pool) {
        None => "what it scales was not found, or is of a kind that is not read".into(),
        Some(None) => "the workload does not say how many database connections a pod opens; annotate it with \
                       loadline.dev/db-pool-size, 0 for none"
            .into(),
        Some(Some(0)) => String::new(),
        Some(Some(_)) => room.unknown.clone(),
    }
}

impl Room {
    fn nothing(of: &str, asked: bool, unknown: impl Into<String>) -> Self {
        Self { limit: None, used: None, of: of.into(), asked, unknown: unknown.into() }
    }

    fn left(&self, target: Option<&Workload>) -> Option<i64> {
        // Where a pod opens none, none needs to be left, and nobody needs to know how many are.
        if target.is_some_and(|workload| workload.pool == Some(0)) {
            return Some(0);
        }
        if !self.unknown.is_empty() {
            return None;
        }
        Some(self.limit?.saturating_sub(self.used?).max(0))
    }
}

/// Slots of the one primary that nobody holds.
fn primary(asked: &Asked) -> Room {
    let primaries: Vec<_> =
        asked.all("postgres.connections").iter().filter(|relation| !asked.is_replica(relation)).collect();
    let primary = match primaries.as_slice() {
        [] => return Room::nothing("", false, "the target names no primary to hold connections against"),
        [primary] => primary,
        several => {
            let why = format!("the target has {} primaries; which one the workload uses is not known", several.len());
            return Room::nothing("", true, why);
        }
    };
    let cell = |column: &str| primary.get(0, column).as_i64();
    let unknown = match (&primary.fault, &primary.not_visible) {
        (Some(fault), _) => format!("{}: {}", primary.place(), fault.message),
        // Sessions that are not seen would count as room.
        (_, Some(hidden)) => format!("{}: not all sessions are visible: {hidden}", primary.place()),
        _ => String::new(),
    };
    Room {
        limit: cell("max_connections").zip(cell("reserved")).map(|(most, reserved)| most - reserved),
        used: cell("used"),
        of: primary.place(),
        asked: true,
        unknown,
    }
}

/// Clients that all poolers together still take.
fn poolers(asked: &Asked) -> Room {
    let poolers = asked.all("pgbouncer.config");
    if poolers.is_empty() {
        return Room::nothing("", false, "the workload says that it goes through PgBouncer, but the target names none");
    }
    let names: Vec<_> = poolers.iter().map(Relation::place).collect();
    let of = names.join(" and ");
    let (mut limit, mut used) = (0, 0);
    for config in poolers {
        let lists = asked.one("pgbouncer.lists", config.source.as_deref(), None);
        let fault = config.fault.as_ref().or_else(|| lists.and_then(|lists| lists.fault.as_ref()));
        if let Some(fault) = fault {
            return Room::nothing(&of, true, format!("{}: {}", config.place(), fault.message));
        }
        match (setting(config, "max_client_conn"), lists.and_then(clients)) {
            (Some(most), Some(clients)) => (limit, used) = (limit + whole(most), used + clients),
            _ => return Room::nothing(&of, true, format!("{} does not say how many clients it has", config.place())),
        }
    }
    Room { limit: Some(limit), used: Some(used), of, asked: true, unknown: String::new() }
}

/// `used_clients` of SHOW LISTS.
fn clients(lists: &Relation) -> Option<i64> {
    (0..lists.table.rows())
        .find(|at| lists.get(*at, "list").as_str() == Some("used_clients"))
        .and_then(|at| lists.get(at, "items").as_i64())
}

#[expect(clippy::cast_possible_truncation, reason = "a number of connections, far below 2^53")]
fn whole(number: f64) -> i64 {
    number as i64
}
