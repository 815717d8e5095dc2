//! Pools of PgBouncer: how full they are, who waits, and for how long.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    board::Board,
    detail::Detail,
    kept::Kept,
    row::{Cell, Point, Row, Shown},
    words::{many, span, whole},
};
use crate::{
    check::{
        derivation::row::{Row as TableRow, rows},
        relation::Relation,
    },
    snapshot::{Change, Observation},
    tui::{theme::Meaning, widget::Column},
};

/// A pool.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pool {
    at: Timestamp,
    source: String,
    database: String,
    user: String,
    /// Server connections in use, free, and how many there may be.
    used: Option<f64>,
    free: Option<f64>,
    size: Option<f64>,
    /// Clients served, and waiting.
    served: Option<f64>,
    pub(super) waiting: Option<f64>,
    longest_s: Option<f64>,
    /// Seconds that clients of its database waited, in each second.
    wait_rate: Option<f64>,
    queries: Option<f64>,
    mode: String,
}

/// The columns of the panel.
pub(super) const COLUMNS: &[Column] = &[
    Column { title: "POOLER", least: 8, grows: 0, right: false, rank: 3 },
    Column { title: "POOL", least: 14, grows: 2, right: false, rank: 20 },
    Column { title: "STATE", least: 5, grows: 0, right: false, rank: 16 },
    Column { title: "CONNECTIONS IN USE", least: 18, grows: 1, right: false, rank: 18 },
    Column { title: "WAITING", least: 7, grows: 0, right: true, rank: 19 },
    Column { title: "LONGEST", least: 7, grows: 0, right: true, rank: 17 },
    Column { title: "WAIT/S", least: 7, grows: 0, right: true, rank: 10 },
    Column { title: "QUERIES/S", least: 9, grows: 0, right: true, rank: 6 },
    Column { title: "LATELY", least: 8, grows: 3, right: false, rank: 8 },
];

/// Reads the pools of all poolers. Their sizes come from another question: without its answer they are not known.
pub(super) fn read(kept: &Kept) -> Vec<Pool> {
    let rates: BTreeMap<Of, Rates> = kept.tables("pgbouncer.stats").flat_map(rates).collect();
    let mut pools: Vec<Pool> = Vec::new();
    let sized = kept.derive("pgbouncer.pool-usage");
    for relation in &sized {
        // As old as the pools themselves: their sizes may have been asked long before.
        let at = kept.tables("pgbouncer.pools").find(|o| Some(&o.source) == relation.source.as_ref()).map(|o| o.at);
        pools.extend(at.into_iter().flat_map(|at| rows(relation).map(move |row| with_size((relation, at), &row))));
    }
    for observation in kept.tables("pgbouncer.pools") {
        if pools.iter().all(|pool| pool.source != observation.source) {
            let relation = Relation::observed(observation);
            // The console's own pool has no server.
            let others = rows(&relation).filter(|row| row.text("database") != "pgbouncer");
            pools.extend(others.map(|row| without_size(observation, &row)));
        }
    }
    for pool in &mut pools {
        if let Some((waits, queries)) = rates.get(&(pool.source.clone(), pool.database.clone())) {
            (pool.wait_rate, pool.queries) = (*waits, *queries);
        }
    }
    pools.sort_by(|a, b| b.waiting.unwrap_or(-1.0).total_cmp(&a.waiting.unwrap_or(-1.0)).then(a.name().cmp(&b.name())));
    pools
}

/// A pooler and a database.
type Of = (String, String);

/// Seconds waited and queries, per second.
type Rates = (Option<f64>, Option<f64>);

/// Seconds waited and queries per second, by pooler and database.
fn rates(observation: &Observation) -> Vec<(Of, Rates)> {
    let relation = Relation::observed(observation);
    let rate = |at: usize, column: &str| match relation.rate(at, column) {
        Change::By(by) => Some(by),
        _ => None,
    };
    (0..relation.table.rows())
        .map(|at| {
            let database = relation.get(at, "database").as_str().unwrap_or_default().to_owned();
            let waits = rate(at, "total_wait_time").map(|micros| micros / 1e6);
            ((observation.source.clone(), database), (waits, rate(at, "total_query_count")))
        })
        .collect()
}

fn with_size((relation, at): (&Relation, Timestamp), row: &TableRow) -> Pool {
    Pool {
        at,
        source: relation.source.clone().unwrap_or_default(),
        database: row.text("database"),
        user: row.text("user"),
        used: row.number("servers_active"),
        free: row.number("servers_idle"),
        size: row.number("pool_size"),
        served: row.number("clients_active"),
        waiting: row.number("clients_waiting"),
        longest_s: row.number("longest_wait"),
        wait_rate: None,
        queries: None,
        mode: row.text("pool_mode"),
    }
}

fn without_size(observation: &Observation, row: &TableRow) -> Pool {
    let longest = row.number("maxwait").map(|seconds| seconds + row.number("maxwait_us").unwrap_or_default() / 1e6);
    Pool {
        at: observation.at,
        source: observation.source.clone(),
        database: row.text("database"),
        user: row.text("user"),
        used: row.number("sv_active"),
        free: row.number("sv_idle"),
        size: None,
        served: row.number("cl_active"),
        waiting: row.number("cl_waiting"),
        longest_s: longest,
        wait_rate: None,
        queries: None,
        mode: row.text("pool_mode"),
    }
}

impl Pool {
    fn moves(&self) -> String {
        format!("{} waiting", self.name())
    }

    fn share(&self) -> Option<f64> {
        let (used, size) = (self.used?, self.size?);
        (size > 0.0).then(|| used / size)
    }

    /// Its state in a word.
    fn state(&self) -> (&'static str, Meaning) {
        let waits = self.waiting.is_some_and(|waiting| waiting > 0.0);
        match (self.share(), waits) {
            (Some(share), true) if share >= 1.0 => ("FULL", Meaning::Fail),
            (_, true) => ("WAITS", Meaning::Warn),
            (Some(share), false) if share >= 1.0 => ("full", Meaning::Warn),
            _ if self.used.is_none() => ("?", Meaning::Unknown),
            _ => ("ok", Meaning::Pass),
        }
    }

    fn in_use(&self) -> String {
        match (self.used, self.size) {
            (Some(used), Some(size)) => format!("{used} of {size}"),
            (Some(used), None) => format!("{used}"),
            (None, _) => "?".into(),
        }
    }
}

impl Row for Pool {
    fn name(&self) -> String {
        format!("{} {}/{}", self.source, self.database, self.user)
    }

    fn source(&self) -> &str {
        &self.source
    }

    fn text(&self) -> String {
        let (state, _) = self.state();
        format!("pooler:{} db:{} user:{} state:{state} mode:{}", self.source, self.database, self.user, self.mode)
    }

    fn cells(&self, _shown: &Shown) -> Vec<Cell> {
        let (state, meaning) = self.state();
        let number = |number: Option<f64>| number.map_or_else(|| "-".into(), |number| format!("{number}"));
        let rate = |number: Option<f64>| number.map_or_else(|| "-".into(), |number| format!("{number:.1}"));
        vec![
            Cell::outside(&self.source),
            Cell::outside(&format!("{}/{}", self.database, self.user)),
            Cell::text(state).means(meaning),
            Cell::Share(self.share(), self.in_use(), meaning),
            Cell::text(number(self.waiting)).means(meaning),
            Cell::text(self.longest_s.map_or_else(|| "-".into(), span)),
            Cell::text(self.wait_rate.map_or_else(|| "-".into(), span)),
            Cell::text(rate(self.queries)),
            Cell::Moves(self.moves(), None),
        ]
    }

    fn number(&self) -> Option<Point> {
        Some((self.moves(), self.at, self.waiting))
    }

    fn detail(&self, _board: &Board) -> Detail {
        let (state, meaning) = self.state();
        let number = |number: Option<f64>| number.map_or_else(String::new, |number| format!("{number}"));
        let of = match self.size {
            Some(_) => String::new(),
            None => " (how many there may be is asked in each audit, and not answered yet)".into(),
        };
        Detail::new(format!("Pool of {} for {} at {}", self.database, self.user, self.source))
            .means("state", state, meaning)
            .means("connections in use", self.in_use() + &of, meaning)
            .fact("connections free", number(self.free))
            .fact("clients served", number(self.served))
            .fact("clients waiting", number(self.waiting))
            .fact("longest wait", self.longest_s.map_or_else(String::new, span))
            .fact(
                "waited in each second",
                self.wait_rate
                    .map_or_else(String::new, |s| format!("{}, all clients of the database together", span(s))),
            )
            .fact("queries per second", self.queries.map_or_else(String::new, |q| format!("{q:.1}")))
            .fact("mode", &*self.mode)
    }
}

/// How the pools stand, in a line.
pub(super) fn summary(pools: &[Pool]) -> String {
    let waiting: f64 = pools.iter().filter_map(|pool| pool.waiting).sum();
    let longest = pools.iter().filter_map(|pool| pool.longest_s).fold(0.0, f64::max);
    let count = many(pools.len(), "pool", "pools");
    if waiting == 0.0 {
        return format!("{count}, nobody waits");
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of clients")]
    let clients = waiting as usize;
    let verb = if clients == 1 { "client waits" } else { "clients wait" };
    format!("{count}, {} {verb}, the longest for {}", whole(clients), span(longest))
}
