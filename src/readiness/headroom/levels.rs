//! The same target under several loads: how use follows load, fitted instead of drawn through one point.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    super::bottleneck::{Bottleneck, Grade, Grows},
    fit::{self, Fitted},
};
use crate::{
    check::{evaluate::Bench, library::Check, params::Overrides, relation::Relation},
    quantity,
    snapshot::{Change, Snapshot, Unit},
};

/// The probe whose counters tell how many transactions a server does.
pub(super) const TRANSACTIONS: &str = "postgres.databases";

/// Check, subject and resource: what is the same thing in two snapshots.
type Key = (String, String, String);

/// What a kind of load is called in a ground.
const RECORDED: &str = "the load given with --load";
const MEASURED: &str = "transactions a second of the primaries";

/// One snapshot.
struct Level {
    /// Things a second, of the kind that all levels share; none where it has no such number.
    load: Option<f64>,
    at: Timestamp,
    uses: BTreeMap<Key, f64>,
}

/// All snapshots, the judged one first.
pub(super) struct Levels {
    /// What the load counts.
    kind: &'static str,
    all: Vec<Level>,
}

impl Levels {
    /// Of the judged snapshot and others; nothing where there are no others.
    pub(super) fn of(bench: &Bench, history: &[Snapshot], checks: &[&Check], overrides: &Overrides) -> Option<Self> {
        if history.is_empty() {
            return None;
        }
        let others: Vec<Bench> = history.iter().map(|snapshot| Bench::new(bench.library(), snapshot)).collect();
        let benches = || std::iter::once(bench).chain(&others);
        // One kind of load for all of them: what somebody said, where the judged snapshot and another have it.
        let said = |bench: &Bench| bench.snapshot().load.as_ref().map(|load| load.per_second);
        let is_said = said(bench).is_some() && others.iter().any(|other| said(other).is_some());
        let level = |bench: &Bench| Level {
            load: if is_said { said(bench) } else { transactions(bench) },
            at: bench.snapshot().started_at,
            uses: uses(bench, checks, overrides),
        };
        Some(Self { kind: if is_said { RECORDED } else { MEASURED }, all: benches().map(level).collect() })
    }

    /// Puts what several levels say in the place of what one point said, where they say something.
    pub(super) fn refine(&self, b: &mut Bottleneck, concurrency: bool) {
        if b.grade == Grade::Static {
            return;
        }
        let key = (b.check.clone(), b.subject.clone(), b.resource.clone());
        let refined = match b.grows {
            Grows::Traffic => self.by_load(&key, b.ceiling, concurrency),
            Grows::Time => self.by_time(&key, b.ceiling),
        };
        match refined {
            Ok(Fitted { headroom, interval, idle, days_left, ground }) => {
                b.grade = Grade::Fitted;
                (b.headroom, b.headroom_interval, b.days_left) = (headroom, interval, days_left);
                b.idle = idle.unwrap_or(b.idle);
                b.ground = ground;
            }
            Err(why) => b.ground = format!("{}; not fitted: {why}", b.ground),
        }
    }

    fn by_load(&self, key: &Key, ceiling: f64, concurrency: bool) -> Result<Fitted, String> {
        let points: Vec<(f64, f64)> =
            self.all.iter().filter_map(|level| Some((level.load?, *level.uses.get(key)?))).collect();
        let today = self.all.first().and_then(|level| level.load).filter(|load| *load > 0.0);
        let today = today.ok_or_else(|| format!("the judged snapshot does not hold {}", self.kind))?;
        let mut fitted = fit::by_load(&points, today, ceiling, concurrency)?;
        fitted.ground = format!("{} load levels ({}): {}", points.len(), self.kind, fitted.ground);
        let without = self.all.len() - points.len();
        if without > 0 {
            fitted.ground = format!("{}; {without} snapshots without such a load were left out", fitted.ground);
        }
        Ok(fitted)
    }

    /// Seconds before the judged snapshot are the points in time.
    fn by_time(&self, key: &Key, ceiling: f64) -> Result<Fitted, String> {
        let now = self.all.first().map(|level| level.at).unwrap_or_default();
        let since = |level: &Level| level.at.duration_since(now).as_secs_f64();
        let points: Vec<(f64, f64)> =
            self.all.iter().filter_map(|level| Some((since(level), *level.uses.get(key)?))).collect();
        fit::by_time(&points, ceiling)
    }
}

/// What every check sees used in a snapshot.
fn uses(bench: &Bench, checks: &[&Check], overrides: &Overrides) -> BTreeMap<Key, f64> {
    let of = |check: &&Check| {
        let uses = bench.limits(check, overrides).uses;
        let id = check.def.id.clone();
        uses.into_iter().map(move |used| ((id.clone(), used.subject, used.resource), used.used)).collect::<Vec<_>>()
    };
    checks.iter().flat_map(of).collect()
}

/// Transactions a second of all primaries, ended well or not; nothing where one of them was not measured over a
/// window: a part of the load is no load.
fn transactions(bench: &Bench) -> Option<f64> {
    let primaries: Vec<&Relation> =
        bench.relations(TRANSACTIONS).iter().filter(|relation| !bench.is_replica(relation)).collect();
    let rate = |relation: &Relation, row, column| match relation.rate(row, column) {
        Change::By(rate) => Some(rate),
        _ => None,
    };
    let of = |relation: &&Relation| {
        let rows = (0..relation.table.rows())
            .map(|row| Some(rate(relation, row, "xact_commit")? + rate(relation, row, "xact_rollback")?));
        if relation.table.rows() == 0 { None } else { rows.sum::<Option<f64>>() }
    };
    if primaries.is_empty() { None } else { primaries.iter().map(of).sum() }
}

/// A load, for a ground.
pub(super) fn shown(load: f64) -> String {
    format!("{}/s", quantity::show(load, Unit::Count))
}
