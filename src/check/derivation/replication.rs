//! Each replica, as its primary and it itself see it, and how far it is behind.
//!
//! Neither side alone knows. The age of the last replayed commit grows on an idle primary, and the
//! primary's `replay_lag` stands still when replay does. Positions say whether there is a lag at all; the
//! two samples say whether it is older than the window.

use std::collections::BTreeSet;

use super::{
    Asked, Derivation,
    replication_lag::Lag,
    row::{Row, maybe, rows},
};
use crate::{
    check::relation::Relation,
    snapshot::{Kind, Unit, Value},
};

const SENDERS: &str = "postgres.replication-senders";
const STATUS: &str = "postgres.replica-status";

pub(super) static REPLICATION: Derivation = Derivation {
    id: "postgres.replication",
    about: "A replica, who feeds it, and how far it is behind",
    inputs: &[SENDERS, STATUS],
    columns: &[
        ("replica", Kind::Text, Unit::Count),
        ("primary", Kind::Text, Unit::Count),
        ("asked", Kind::Bool, Unit::Count),
        ("slot", Kind::Text, Unit::Count),
        ("state", Kind::Text, Unit::Count),
        ("sync_state", Kind::Text, Unit::Count),
        ("lag_bytes", Kind::Int, Unit::Bytes),
        ("lag_s", Kind::Double, Unit::Seconds),
        ("lag_least_s", Kind::Double, Unit::Seconds),
        ("unreceived_bytes", Kind::Int, Unit::Bytes),
        ("unreplayed_bytes", Kind::Int, Unit::Bytes),
        ("replay_age_s", Kind::Double, Unit::Seconds),
        ("paused", Kind::Bool, Unit::Count),
        ("cut_off", Kind::Bool, Unit::Count),
        ("apply_delay_s", Kind::Double, Unit::Seconds),
        ("note", Kind::Text, Unit::Count),
    ],
    derive,
};

/// A server that is fed, as its sender sees it.
struct Sender<'a> {
    relation: &'a Relation<'a>,
    row: Row<'a>,
}

/// A replica that was asked.
struct Replica<'a> {
    relation: &'a Relation<'a>,
    row: Row<'a>,
}

fn derive(asked: &Asked) -> Vec<Relation<'static>> {
    let senders = asked
        .all(SENDERS)
        .iter()
        .flat_map(|relation| rows(relation).map(move |row| Sender { relation, row }))
        .filter(|sender| sender.row.is("is_standby"))
        .collect();
    let replicas: Vec<_> = asked
        .all(STATUS)
        .iter()
        .filter_map(|relation| {
            let row = rows(relation).next()?;
            Some(Replica { relation, row })
        })
        .collect();
    let (fed_by, unasked) = pair(&replicas, senders);
    let mut relations = Vec::new();
    for (replica, sender) in replicas.iter().zip(&fed_by) {
        let inputs: Vec<_> = std::iter::once(replica.relation).chain(sender.as_ref().map(|s| s.relation)).collect();
        let row = cells(sender.as_ref(), Some(replica));
        let mut relation = REPLICATION.relation(&inputs, vec![row]);
        relation.source.clone_from(&replica.relation.source);
        relations.push(relation);
    }
    // A fault stays one; it must not look as if nothing were behind.
    let faults: Vec<_> = asked.all(STATUS).iter().filter(|r| r.fault.is_some()).collect();
    relations.extend(faults.iter().map(|r| REPLICATION.relation(&[r], Vec::new())));
    let told = |relation: &Relation| relation.fault.is_some() && faults.iter().any(|f| f.source == relation.source);
    for relation in asked.all(SENDERS).iter().filter(|relation| !told(relation)) {
        let of_it = unasked.iter().filter(|s| std::ptr::eq(s.relation, relation));
        let rows: Vec<_> = of_it.map(|sender| cells(Some(sender), None)).collect();
        // A server that feeds nobody else has nothing to add, unless it could not say so.
        if !rows.is_empty() || relation.fault.is_some() {
            relations.push(REPLICATION.relation(&[relation], rows));
        }
    }
    relations
}

/// The sender's row about each replica, and the rows about standbys that were not asked.
///
/// Both sides name the slot; else a replica may have given its own name. Where as many rows as replicas
/// remain, they are the same ones, and how far each has come tells which is which.
fn pair<'a>(replicas: &[Replica<'a>], mut senders: Vec<Sender<'a>>) -> (Vec<Option<Sender<'a>>>, Vec<Sender<'a>>) {
    let mut paired: Vec<Option<Sender>> = replicas.iter().map(|_| None).collect();
    let by_slot = |r: &Replica, s: &Sender| {
        let slot = r.row.text("slot");
        !slot.is_empty() && slot == s.row.text("slot")
    };
    let by_name = |r: &Replica, s: &Sender| r.relation.source == Some(s.row.text("application"));
    for fits in [&by_slot as &dyn Fn(&Replica, &Sender) -> bool, &by_name] {
        for (replica, place) in replicas.iter().zip(&mut paired).filter(|(_, p)| p.is_none()) {
            let found = senders.iter().position(|s| replica.may_have(s) && fits(replica, s));
            *place = found.map(|at| senders.swap_remove(at));
        }
    }
    let systems: BTreeSet<String> = senders.iter().map(|s| s.row.text("system_id")).collect();
    for system in systems {
        let (mut rest, others): (Vec<_>, Vec<_>) = senders.into_iter().partition(|s| s.row.text("system_id") == system);
        senders = others;
        let mut open: Vec<usize> = (0..replicas.len())
            .filter(|at| paired[*at].is_none())
            .filter(|at| !replicas[*at].row.denies("streaming"))
            .filter(|at| rest.iter().all(|s| replicas[*at].may_have(s)))
            .collect();
        if open.len() == rest.len() {
            rest.sort_by_key(|s| s.row.int("replay_lsn"));
            open.sort_by_key(|at| replicas[*at].row.int("replay_lsn"));
            for (at, sender) in open.into_iter().zip(rest) {
                paired[at] = Some(sender);
            }
        } else {
            senders.extend(rest);
        }
    }
    (paired, senders)
}

impl Replica<'_> {
    /// Whether the row may be about this replica.
    fn may_have(&self, sender: &Sender) -> bool {
        sender.row.text("system_id") == self.row.text("system_id") && sender.relation.source != self.relation.source
    }
}

fn cells(sender: Option<&Sender>, replica: Option<&Replica>) -> Vec<Value> {
    let from_sender = |column: &str| sender.map(|s| s.row.text(column)).unwrap_or_default();
    let from_replica = |column: &str| replica.map(|r| r.row.text(column)).unwrap_or_default();
    let name = match (replica, sender) {
        (Some(replica), _) => replica.relation.place(),
        (None, Some(s)) => format!("{} at {}", s.row.text("application"), s.row.text("client")),
        (None, None) => String::new(),
    };
    let slot = Some(from_sender("slot")).filter(|slot| !slot.is_empty());
    let lag = Lag::of(sender.map(|s| &s.row), replica.map(|r| &r.row));
    let paused = replica.is_some_and(|r| r.row.is("paused"));
    let cut_off = replica.is_some_and(|r| r.row.denies("streaming"));
    let delay = replica.and_then(|r| r.row.number("apply_delay_s")).unwrap_or_default();
    let note = if paused {
        "; its replay is paused"
    } else if cut_off {
        "; it does not stream from anybody"
    } else if delay > 0.0 {
        "; it is delayed on purpose (recovery_min_apply_delay)"
    } else if replica.is_none() {
        "; it was not asked itself"
    } else if sender.is_none() {
        "; its primary was not asked, so what was not sent yet is not in this"
    } else {
        ""
    };
    vec![
        Value::text(name),
        Value::text(sender.map(|s| s.relation.place()).unwrap_or_default()),
        Value::Bool(replica.is_some()),
        Value::text(slot.unwrap_or_else(|| from_replica("slot"))),
        Value::text(from_sender("state")),
        Value::text(from_sender("sync_state")),
        lag.bytes,
        maybe(lag.seconds.map(|(_, most)| most)),
        maybe(lag.seconds.map(|(least, _)| least)),
        lag.unreceived,
        lag.unreplayed,
        maybe(replica.and_then(|r| r.row.number("replay_age_s"))),
        Value::Bool(paused),
        Value::Bool(cut_off),
        Value::double(delay),
        Value::text(note),
    ]
}
