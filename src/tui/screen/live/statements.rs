//! Statements by what they took in the last round; without a second sample by what they took in their lifetime, which it
//! says.

use serde::{Deserialize, Serialize};

use super::{
    board::Board,
    detail::Detail,
    kept::Kept,
    row::{Cell, Row, Shown},
    words::{span, tight, whole},
};
use crate::{
    check::{
        derivation::row::{Row as TableRow, rows},
        relation::Relation,
    },
    quantity,
    snapshot::Unit,
    tui::{theme::Meaning, widget::Column},
};

/// A statement and what it took.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement {
    source: String,
    id: String,
    user: String,
    database: String,
    toplevel: bool,
    head: String,
    query: String,
    /// Its share of the time that all of them took.
    pub(super) share: f64,
    pub(super) calls: f64,
    total_ms: f64,
    pub(super) mean_ms: f64,
    rows_per_call: f64,
    blocks_per_call: f64,
    reads_per_call: f64,
    /// The seconds that this was taken over; none for a lifetime.
    pub(super) window: Option<f64>,
    since: String,
}

/// The columns of the panel.
pub(super) const COLUMNS: &[Column] = &[
    Column { title: "SHARE", least: 6, grows: 0, right: true, rank: 19 },
    Column { title: "TIME", least: 8, grows: 0, right: true, rank: 18 },
    Column { title: "CALLS", least: 9, grows: 0, right: true, rank: 16 },
    Column { title: "PER CALL", least: 8, grows: 0, right: true, rank: 17 },
    Column { title: "ROWS/CALL", least: 9, grows: 0, right: true, rank: 8 },
    Column { title: "SERVER", least: 8, grows: 0, right: false, rank: 5 },
    Column { title: "USER", least: 9, grows: 0, right: false, rank: 4 },
    Column { title: "DATABASE", least: 9, grows: 0, right: false, rank: 3 },
    Column { title: "STATEMENT", least: 24, grows: 1, right: false, rank: 20 },
];

/// Reads the statements of all servers, the costliest first.
pub(super) fn read(kept: &Kept) -> Vec<Statement> {
    let recent = kept.derive("postgres.statements");
    let measured = |relation: &&Relation| relation.fault.is_none();
    let mut all: Vec<Statement> = recent.iter().filter(measured).flat_map(|r| of(r, r.window())).collect();
    if recent.iter().any(|relation| relation.fault.is_some()) {
        let lifetime = kept.derive("postgres.statements-lifetime");
        let unmeasured = |source: &Option<String>| recent.iter().any(|r| r.fault.is_some() && r.source == *source);
        let rest = lifetime.iter().filter(|r| r.fault.is_none() && unmeasured(&r.source));
        all.extend(rest.flat_map(|relation| of(relation, None)));
    }
    all
}

fn of(relation: &Relation, window: Option<f64>) -> Vec<Statement> {
    let source = relation.source.clone().unwrap_or_default();
    // A row without a text stands for a window in which nothing ran.
    let ran = rows(relation).filter(|row| row.number("calls").is_some_and(|calls| calls > 0.0));
    ran.map(|row| statement(&source, &row, window)).collect()
}

fn statement(source: &str, row: &TableRow, window: Option<f64>) -> Statement {
    let number = |column: &str| row.number(column).unwrap_or_default();
    Statement {
        source: source.to_owned(),
        id: row.text("query_id"),
        user: row.text("user_name"),
        database: row.text("database"),
        toplevel: row.is("toplevel"),
        head: row.text("head"),
        query: row.text("query"),
        share: number("share"),
        calls: number("calls"),
        total_ms: number("total_ms"),
        mean_ms: number("mean_ms"),
        rows_per_call: number("rows_per_call"),
        blocks_per_call: number("blocks_per_call"),
        reads_per_call: number("reads_per_call"),
        window,
        since: row.text("counting_since"),
    }
}

impl Statement {
    /// Its text, or what stands for it.
    pub(super) fn words(&self) -> String {
        if self.query.is_empty() { self.head.clone() } else { self.query.clone() }
    }

    /// What it is sorted by: its work in each second, so that servers with different windows compare; of a lifetime its
    /// share.
    fn load(&self) -> f64 {
        self.window.map_or(0.0, |seconds| self.total_ms / seconds.max(0.001)) + self.share / 1e9
    }

    /// Seconds of work in each second: how many sessions it keeps busy.
    fn time(&self) -> String {
        match self.window {
            Some(seconds) if seconds > 0.0 => format!("{}/s", span(self.total_ms / 1000.0 / seconds)),
            _ => span(self.total_ms / 1000.0),
        }
    }

    fn calls_words(&self) -> String {
        match self.window {
            Some(seconds) if seconds > 0.0 => format!("{}/s", quantity::show(self.calls / seconds, Unit::Count)),
            _ => quantity::show(self.calls, Unit::Count),
        }
    }
}

/// A number of things for a call, without more places than it is worth.
fn per_call(number: f64) -> String {
    quantity::show(if number >= 100.0 { number.round() } else { number }, Unit::Count)
}

impl Row for Statement {
    fn name(&self) -> String {
        let inner = if self.toplevel { "" } else { " inside a function" };
        format!("{} {}/{} statement {}{inner}", self.source, self.database, self.user, self.id)
    }

    fn source(&self) -> &str {
        &self.source
    }

    fn text(&self) -> String {
        let Self { source, user, database, id, head, query, .. } = self;
        format!("server:{source} user:{user} db:{database} id:{id} {head}\n{query}")
    }

    fn cells(&self, _shown: &Shown) -> Vec<Cell> {
        let meaning = if self.window.is_some() { Meaning::Text } else { Meaning::Muted };
        vec![
            Cell::text(format!("{:.1}%", self.share * 100.0)),
            Cell::text(self.time()).means(meaning),
            Cell::text(self.calls_words()).means(meaning),
            Cell::text(span(self.mean_ms / 1000.0)),
            Cell::text(per_call(self.rows_per_call)),
            Cell::outside(&self.source),
            Cell::outside(&self.user),
            Cell::outside(&self.database),
            Cell::outside(&self.head),
        ]
    }

    fn detail(&self, _board: &Board) -> Detail {
        let over = match self.window {
            Some(seconds) => format!("over the last {}", span(seconds)),
            None if self.since.is_empty() => "since statistics began: its load now needs a second round".into(),
            None => format!("since {}: its load now needs a second round", self.since),
        };
        let detail = Detail::new(format!("Statement {} on {}", self.id, self.source))
            .fact("taken", over)
            .fact("share of all time", tight(self.share, Unit::Ratio))
            .fact("time", self.time())
            .fact("calls", self.calls_words())
            .fact("time per call", quantity::show(self.mean_ms, Unit::Milliseconds))
            .fact("rows per call", per_call(self.rows_per_call))
            .fact("blocks per call", per_call(self.blocks_per_call))
            .fact("of these read", per_call(self.reads_per_call))
            .fact("user", &*self.user)
            .fact("database", &*self.database)
            .fact("called", if self.toplevel { "by a client" } else { "inside a function" })
            .heading("Statement");
        if self.query.is_empty() { detail.text(&self.head, Meaning::Muted) } else { detail.code(&self.query) }
    }
}

/// By what statements are sorted; the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Sort {
    /// The time they took.
    #[default]
    Time,
    /// How often they were called.
    Calls,
    /// The time of a call.
    PerCall,
}

impl Sort {
    /// Its words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Time => "by time",
            Self::Calls => "by calls",
            Self::PerCall => "by time per call",
        }
    }

    /// The next one.
    pub(super) fn next(self) -> Self {
        match self {
            Self::Time => Self::Calls,
            Self::Calls => Self::PerCall,
            Self::PerCall => Self::Time,
        }
    }

    /// Sorts places in a list of statements.
    pub(super) fn sort(self, places: &mut [u32], statements: &[Statement]) {
        let by = |number: fn(&Statement) -> f64| {
            move |a: &u32, b: &u32| {
                let of = |at: &u32| number(&statements[*at as usize]);
                of(b).total_cmp(&of(a))
            }
        };
        match self {
            Self::Time => places.sort_by(by(Statement::load)),
            Self::Calls => places.sort_by(by(|s| s.calls)),
            Self::PerCall => places.sort_by(by(|s| s.mean_ms)),
        }
    }
}

/// What the numbers are taken over, in a line.
pub(super) fn summary(statements: &[Statement]) -> String {
    let count = whole(statements.len());
    match statements.first().map(|statement| statement.window) {
        None => String::new(),
        Some(Some(seconds)) => format!("{count} ran in the last {}", span(seconds)),
        Some(None) => format!("{count} since statistics began; load now needs a second round"),
    }
}
