//! Cache and memory: what each server does in a second, and how near it is to its limits.

use jiff::Timestamp;

use super::{
    board::Board,
    detail::Detail,
    kept::Kept,
    row::{Cell, Point, Row, Shown},
    words::{per_second, span, tight},
};
use crate::{
    check::relation::Relation,
    snapshot::{Change, Observation, Unit},
    tui::{theme::Meaning, widget::Column},
};

/// A number of a server.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gauge {
    at: Timestamp,
    source: String,
    what: &'static str,
    value: Option<f64>,
    unit: Form,
    /// The limit, where it has one.
    of: Option<f64>,
    /// What it is taken from: which time, since when, or why there is none.
    ground: String,
    /// Whether it belongs to the picture of the last hour: a lifetime's average does not.
    recent: bool,
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain(Unit),
    PerSecond(Unit),
}

/// The columns of the panel.
pub(super) const COLUMNS: &[Column] = &[
    Column { title: "SERVER", least: 12, grows: 1, right: false, rank: 18 },
    Column { title: "WHAT", least: 19, grows: 1, right: false, rank: 20 },
    Column { title: "NOW", least: 10, grows: 0, right: true, rank: 19 },
    Column { title: "OF", least: 9, grows: 0, right: true, rank: 12 },
    Column { title: "LEAST", least: 9, grows: 0, right: true, rank: 6 },
    Column { title: "MOST", least: 9, grows: 0, right: true, rank: 7 },
    Column { title: "LATELY", least: 8, grows: 4, right: false, rank: 10 },
];

/// The order of numbers.
const ORDER: [&str; 15] = [
    "connections",
    "memory",
    "cache hits",
    "key hits",
    "transactions",
    "commands",
    "idle in transaction",
    "blocked clients",
    "evicted keys",
    "errors",
    "clients",
    "rolled back",
    "deadlocks",
    "temporary files",
    "temporary bytes",
];

/// Reads the numbers of all servers.
pub(super) fn read(kept: &Kept) -> Vec<Gauge> {
    let mut all = Vec::new();
    for name in kept.of_kind(&[crate::snapshot::SourceKind::Postgres]) {
        all.extend(kept.tables("postgres.connections").filter(|o| o.source == name).flat_map(connections));
        all.extend(kept.tables("postgres.databases").filter(|o| o.source == name).flat_map(databases));
    }
    all.extend(kept.tables("redis.info").flat_map(redis));
    // What has a limit comes first, of all servers; what is seldom anything but zero last.
    all.sort_by_key(|gauge| ORDER.iter().position(|what| *what == gauge.what).unwrap_or(ORDER.len()));
    all
}

/// Makes the gauges of one answer.
struct Maker<'a> {
    observation: &'a Observation,
    relation: Relation<'a>,
    all: Vec<Gauge>,
}

impl<'a> Maker<'a> {
    fn new(observation: &'a Observation) -> Self {
        Self { observation, relation: Relation::observed(observation), all: Vec::new() }
    }

    fn number(&self, column: &str) -> Option<f64> {
        self.relation.get(0, column).as_f64()
    }

    /// What a counter did between the samples, over all rows; nothing where one of them was reset.
    fn grown(&self, column: &str) -> Result<f64, &'static str> {
        let mut sum = 0.0;
        for at in 0..self.relation.table.rows() {
            match self.relation.change(at, column) {
                Change::By(by) => sum += by,
                Change::NoSample => return Err("rates need a second round"),
                Change::Reset => return Err("its counters were reset in between"),
                // A database that is new says nothing of the others.
                Change::NewRow => {}
            }
        }
        Ok(sum)
    }

    fn push(&mut self, what: &'static str, value: Option<f64>, unit: Form, of: Option<f64>, ground: &str) {
        let source = self.observation.source.clone();
        self.all.push(Gauge {
            at: self.observation.at,
            source,
            what,
            value,
            unit,
            of,
            ground: ground.to_owned(),
            recent: true,
        });
    }

    /// A number as it is now.
    fn now(&mut self, what: &'static str, column: &str, unit: Unit, of: Option<f64>) {
        let value = self.number(column);
        self.push(what, value, Form::Plain(unit), of, "as it was when asked");
    }

    /// A counter per second.
    fn rate(&mut self, what: &'static str, columns: &[&str], unit: Unit) {
        let grown: Result<f64, &str> = columns.iter().map(|column| self.grown(column)).sum();
        let seconds = self.relation.window().unwrap_or(0.0);
        match grown {
            Ok(by) if seconds > 0.0 => {
                self.push(what, Some(by / seconds), Form::PerSecond(unit), None, &over(seconds));
            }
            Ok(_) => self.push(what, None, Form::PerSecond(unit), None, "rates need a second round"),
            Err(why) => self.push(what, None, Form::PerSecond(unit), None, why),
        }
    }

    /// Hits among hits and misses in the last round; without a second sample since statistics began, which it says.
    fn hits(&mut self, what: &'static str, hits: &str, misses: &str) {
        let unit = Form::Plain(Unit::Ratio);
        let seconds = self.relation.window().unwrap_or(0.0);
        match (self.grown(hits), self.grown(misses)) {
            (Ok(hits), Ok(misses)) if hits + misses > 0.0 => {
                self.push(what, Some(hits / (hits + misses)), unit, None, &over(seconds));
            }
            (Ok(_), Ok(_)) => self.push(what, None, unit, None, "nothing was looked up in the last round"),
            (Err(_), _) | (_, Err(_)) if self.observation.earlier.is_none() => self.lifetime(what, hits, misses),
            (Err(why), _) | (_, Err(why)) => self.push(what, None, unit, None, why),
        }
    }

    fn lifetime(&mut self, what: &'static str, hits: &str, misses: &str) {
        let rows = 0..self.relation.table.rows();
        let sum = |column: &str| rows.clone().filter_map(|at| self.relation.get(at, column).as_f64()).sum::<f64>();
        let (hits, misses) = (sum(hits), sum(misses));
        let share = (hits + misses > 0.0).then(|| hits / (hits + misses));
        self.push(
            what,
            share,
            Form::Plain(Unit::Ratio),
            None,
            "since statistics began: the last round needs a second one",
        );
        if let Some(last) = self.all.last_mut() {
            last.recent = false;
        }
    }
}

fn over(seconds: f64) -> String {
    format!("over the last {}", span(seconds))
}

fn connections(observation: &Observation) -> Vec<Gauge> {
    let mut make = Maker::new(observation);
    let most = make.number("max_connections");
    make.now("connections", "used", Unit::Count, most);
    make.now("idle in transaction", "idle_in_transaction", Unit::Count, None);
    make.all
}

fn databases(observation: &Observation) -> Vec<Gauge> {
    let mut make = Maker::new(observation);
    make.hits("cache hits", "blks_hit", "blks_read");
    make.rate("transactions", &["xact_commit", "xact_rollback"], Unit::Count);
    make.rate("rolled back", &["xact_rollback"], Unit::Count);
    make.rate("temporary files", &["temp_files"], Unit::Count);
    make.rate("temporary bytes", &["temp_bytes"], Unit::Bytes);
    make.rate("deadlocks", &["deadlocks"], Unit::Count);
    make.all
}

fn redis(observation: &Observation) -> Vec<Gauge> {
    let mut make = Maker::new(observation);
    let limit = |column: &str| make.number(column).filter(|limit| *limit > 0.0);
    let (memory, clients) = (limit("maxmemory"), limit("maxclients"));
    make.now("memory", "used_memory", Unit::Bytes, memory);
    make.hits("key hits", "keyspace_hits", "keyspace_misses");
    make.rate("evicted keys", &["evicted_keys"], Unit::Count);
    make.rate("commands", &["commands"], Unit::Count);
    make.rate("errors", &["error_replies"], Unit::Count);
    make.now("clients", "connected_clients", Unit::Count, clients);
    make.now("blocked clients", "blocked_clients", Unit::Count, None);
    make.all
}

impl Gauge {
    fn words(&self, number: f64) -> String {
        match self.unit {
            Form::Plain(unit) => tight(number, unit),
            Form::PerSecond(Unit::Count) => per_second(number),
            Form::PerSecond(unit) => format!("{}/s", tight(number, unit)),
        }
    }

    fn share(&self) -> Option<f64> {
        Some(self.value? / self.of?)
    }

    /// What a picture of it is scaled to.
    fn top(&self) -> Option<f64> {
        if self.unit == Form::Plain(Unit::Ratio) { Some(1.0) } else { self.of }
    }
}

impl Row for Gauge {
    fn name(&self) -> String {
        format!("{} {}", self.source, self.what)
    }

    fn source(&self) -> &str {
        &self.source
    }

    fn text(&self) -> String {
        format!("server:{} {}", self.source, self.what)
    }

    fn cells(&self, shown: &Shown) -> Vec<Cell> {
        let extremes = shown.series.get(&self.name()).and_then(super::series::Ring::extremes);
        let words = |number: Option<f64>| number.map_or_else(|| "-".into(), |number| self.words(number));
        let now = match self.value {
            Some(value) if self.recent => Cell::text(self.words(value)),
            // An average of a lifetime is marked: it hides today.
            Some(value) => Cell::text(format!("~{}", self.words(value))).means(Meaning::Muted),
            None => Cell::text("?").means(Meaning::Unknown),
        };
        vec![
            Cell::outside(&self.source),
            Cell::text(self.what),
            now,
            Cell::text(words(self.of)),
            Cell::text(words(extremes.map(|(least, _)| least))),
            Cell::text(words(extremes.map(|(_, most)| most))),
            Cell::Moves(self.name(), self.top()),
        ]
    }

    fn number(&self) -> Option<Point> {
        self.recent.then(|| (self.name(), self.at, self.value))
    }

    fn detail(&self, _board: &Board) -> Detail {
        let share = self.share().map_or_else(String::new, |share| format!(" ({})", tight(share, Unit::Ratio)));
        let of = self.of.map_or_else(String::new, |of| format!(" of {}{share}", self.words(of)));
        let left = self.of.zip(self.value).map(|(of, value)| self.words((of - value).max(0.0)));
        let value = self.value.map_or_else(|| "not known".into(), |value| self.words(value));
        Detail::new(self.name())
            .fact("now", format!("{value}{of}"))
            .fact("room left", left.unwrap_or_default())
            .fact("taken", &*self.ground)
    }
}

/// What the panel rests on, in a line.
pub(super) fn summary(gauges: &[Gauge]) -> String {
    let mut grounds: Vec<&str> =
        gauges.iter().filter(|gauge| gauge.ground.starts_with("over")).map(|gauge| gauge.ground.as_str()).collect();
    grounds.dedup();
    let lifetime = gauges.iter().any(|gauge| !gauge.recent);
    match (grounds.first(), lifetime) {
        (_, true) => "~ is since statistics began: rates need a second round".into(),
        (Some(first), false) => format!("rates {first}"),
        (None, false) => String::new(),
    }
}
