//! What servers said when they were asked: only a snapshot has it.

use super::{
    case::Case,
    factor::{Factor, Origin},
    line::{Group, Line, Measure, What},
};
use crate::{
    capacity::{
        self,
        error::{finite, not_negative, positive},
        number::length,
    },
    check::{
        derivation::row::{Row, rows},
        relation::Relation,
    },
    quantity,
    snapshot::Unit,
};

/// The probes that are read where they were asked.
pub const PROBES: [&str; 5] =
    ["postgres.connections", "postgres.databases", "postgres.replication-senders", "pgbouncer.stats", "redis.info"];

fn factor(name: &str, value: f64, unit: Unit, relation: &Relation) -> Factor {
    let at = relation.at.map(|at| format!(", {}", at.strftime("%Y-%m-%d %H:%M UTC"))).unwrap_or_default();
    let text = quantity::show(if value > 100.0 { value.round() } else { value }, unit);
    Factor::exact(name, value, text, Origin::Measured, format!("{} of {}{at}", relation.id, relation.place()))
}

/// The sum of a cell over the rows of a relation, where each row has it.
fn sum(relation: &Relation, cell: impl Fn(&Row) -> Option<f64>) -> Option<f64> {
    rows(relation).map(|row| cell(&row)).sum::<Option<f64>>().filter(|_| relation.table.rows() > 0)
}

/// The connections of a server: the one with the most in use speaks.
fn connections<'a>(case: &Case<'a>) -> Option<(&'a Relation<'a>, Row<'a>)> {
    let all = case.relations("postgres.connections").iter().filter_map(|r| Some((r, rows(r).next()?)));
    let used = |row: &Row| row.number("used").unwrap_or_default();
    all.max_by(|(_, a), (_, b)| used(a).total_cmp(&used(b)))
}

/// Connections that clients may have.
pub(super) fn allowed(case: &Case) -> Option<Factor> {
    let (relation, row) = connections(case)?;
    let allowed = row.number("max_connections")? - row.number("reserved").unwrap_or_default();
    Some(factor("allowed", allowed, Unit::Count, relation))
}

/// Connections that ran a statement, or held a transaction open, at one instant.
pub(super) fn busy(case: &Case) -> Option<Factor> {
    let (relation, row) = connections(case)?;
    let busy = row.number("active")? + row.number("idle_in_transaction")?;
    // One instant is a weak sample of what comes and goes.
    Some(factor("busy", busy, Unit::Count, relation).guessed()).filter(|_| busy > 0.0)
}

/// Transactions a second through a pooler, and the mean seconds that one of them takes.
pub(super) fn transactions(relation: &Relation) -> Option<(Factor, Factor)> {
    let window = relation.window()?;
    let (count, micros) =
        (sum(relation, |r| r.grown("total_xact_count"))?, sum(relation, |r| r.grown("total_xact_time"))?);
    let (rate, mean) = (count / window, micros / 1e6 / count);
    (count > 0.0 && micros > 0.0).then(|| {
        let mut shown = factor("transactions a second", rate, Unit::Count, relation);
        shown.inputs.iter_mut().for_each(|input| input.text.push_str("/s"));
        (shown, factor("mean time of one", mean, Unit::Seconds, relation))
    })
}

pub(super) fn lines(case: &Case) -> Vec<Line> {
    let each = |probe: &str, line: fn(&Relation) -> Option<Line>| case.relations(probe).iter().filter_map(line);
    each("postgres.databases", commits)
        .chain(each("postgres.connections", slots))
        .chain(each("postgres.replication-senders", standbys))
        .chain(each("redis.info", memory))
        .collect()
}

fn commits(relation: &Relation) -> Option<Line> {
    let rate = sum(relation, |row| row.grown("xact_commit"))? / relation.window()?;
    let what = What { group: Group::Load, name: "transactions", unit: Measure::Rate, ..what(relation) };
    Some(what.made(&[Ok(factor("commits a second", rate, Unit::Count, relation))], |v| Ok(v[0])))
}

fn slots(relation: &Relation) -> Option<Line> {
    let row = rows(relation).next()?;
    let allowed = row.number("max_connections")? - row.number("reserved").unwrap_or_default();
    let (used, allowed) =
        (factor("used", row.number("used")?, Unit::Count, relation), factor("allowed", allowed, Unit::Count, relation));
    let what = What { name: "connections-used", unit: Measure::Share, formula: "used / allowed", ..what(relation) };
    Some(what.made(&[Ok(used), Ok(allowed)], |v| share(v[0], v[1])))
}

fn standbys(relation: &Relation) -> Option<Line> {
    if relation.fault.is_some() {
        return None;
    }
    let count = length(&rows(relation).filter(|row| row.is("is_standby")).collect::<Vec<_>>());
    let what = What {
        name: "replicas",
        unit: Measure::Instances,
        formula: "standbys that the server feeds",
        ..what(relation)
    };
    Some(what.made(&[Ok(factor("standbys", count, Unit::Count, relation))], |v| Ok(v[0])))
}

fn memory(relation: &Relation) -> Option<Line> {
    let row = rows(relation).next()?;
    let most = row.number("maxmemory").filter(|most| *most > 0.0)?;
    let (used, most) = (
        factor("used", row.number("used_memory")?, Unit::Bytes, relation),
        factor("maxmemory", most, Unit::Bytes, relation),
    );
    let what = What {
        group: Group::Cache,
        name: "cache-used",
        unit: Measure::Share,
        formula: "used memory / maxmemory",
        ..what(relation)
    };
    Some(what.made(&[Ok(used), Ok(most)], |v| share(v[0], v[1])))
}

fn share(part: f64, whole: f64) -> capacity::Result<f64> {
    finite("the share", not_negative("the part", part)? / positive("the whole", whole)?)
}

fn what<'a>(relation: &'a Relation) -> What<'a> {
    What {
        group: Group::Connections,
        name: "",
        subject: relation.source.as_deref().unwrap_or_default(),
        unit: Measure::Number,
        formula: "between two samples",
        like: "",
    }
}
