//! Sessions of PostgreSQL: what runs, what waits, who holds a transaction open.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    board::Board,
    detail::Detail,
    row::{Cell, Row, Shown, text_of},
    words::{many, span, whole},
};
use crate::{
    snapshot::{Answer, Observation, Value},
    tui::{theme::Meaning, widget::Column},
};

/// A session as it was when it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Session {
    pub(super) source: Arc<str>,
    pub(super) pid: i64,
    /// When it began: tells it from a later one with the same process id.
    pub(super) started: Arc<str>,
    pub(super) user: Arc<str>,
    database: Arc<str>,
    application: Arc<str>,
    client: Arc<str>,
    backend: Arc<str>,
    pub(super) state: Arc<str>,
    wait_kind: Arc<str>,
    wait_event: Arc<str>,
    /// Seconds of age: of its transaction, of its state, of its statement; and how long it has waited for a lock.
    pub(super) transaction_s: f64,
    state_s: f64,
    pub(super) statement_s: f64,
    pub(super) waited_s: f64,
    /// How many transactions its snapshot holds vacuum back.
    held_back: i64,
    pub(super) blocked_by: Vec<i64>,
    pub(super) query: Arc<str>,
}

/// The columns of the panel.
pub(super) const COLUMNS: &[Column] = &[
    Column { title: "PID", least: 7, grows: 0, right: true, rank: 20 },
    Column { title: "SERVER", least: 10, grows: 1, right: false, rank: 3 },
    Column { title: "USER", least: 9, grows: 1, right: false, rank: 10 },
    Column { title: "DATABASE", least: 9, grows: 1, right: false, rank: 4 },
    Column { title: "APPLICATION", least: 12, grows: 1, right: false, rank: 2 },
    Column { title: "STATE", least: 7, grows: 0, right: false, rank: 16 },
    Column { title: "WAITS FOR", least: 14, grows: 1, right: false, rank: 12 },
    Column { title: "QUERY", least: 6, grows: 0, right: true, rank: 17 },
    Column { title: "TRANS.", least: 6, grows: 0, right: true, rank: 15 },
    Column { title: "STATEMENT", least: 20, grows: 9, right: false, rank: 18 },
];

/// Reads the answers to `postgres.activity`.
pub(super) fn read(observation: &Observation) -> Vec<Session> {
    let Answer::Table(table) = &observation.answer else { return Vec::new() };
    let source: Arc<str> = observation.source.as_str().into();
    // Looked up once, and not for each of ten thousand rows.
    let of = |name: &str| table.column(name);
    let columns = [
        "pid",
        "backend_start",
        "user_name",
        "database",
        "application",
        "client",
        "backend_type",
        "state",
        "wait_event_type",
        "wait_event",
        "xact_age_s",
        "state_age_s",
        "query_age_s",
        "wait_s",
        "xmin_age",
        "blocked_by",
        "query",
    ]
    .map(of);
    let cell = |column: usize, row: usize| columns[column].map_or(Value::Null, |column| column.get(row));
    let session = |row: usize| {
        let text = |column: usize| text_of(&cell(column, row));
        let seconds = |column: usize| cell(column, row).as_f64().unwrap_or_default();
        let blockers = cell(15, row);
        let pid = cell(0, row).as_i64()?;
        Some(Session {
            source: Arc::clone(&source),
            pid,
            started: text(1),
            user: text(2),
            database: text(3),
            application: text(4),
            client: text(5),
            backend: text(6),
            state: text(7),
            wait_kind: text(8),
            wait_event: text(9),
            transaction_s: seconds(10),
            state_s: seconds(11),
            statement_s: seconds(12),
            waited_s: seconds(13),
            held_back: cell(14, row).as_i64().unwrap_or_default(),
            blocked_by: blockers.as_list().unwrap_or_default().iter().filter_map(Value::as_i64).collect(),
            query: text(16),
        })
    };
    (0..table.rows()).filter_map(session).collect()
}

impl Session {
    /// Whether it has begun a transaction and does nothing.
    pub(super) fn is_idle_in_transaction(&self) -> bool {
        self.state.starts_with("idle in transaction")
    }

    /// Its state in seven cells.
    pub(super) fn state_word(&self) -> &'static str {
        match &*self.state {
            "active" | "fastpath function call" => "active",
            "idle" => "idle",
            "idle in transaction" => "idle tx",
            "idle in transaction (aborted)" => "aborted",
            "" if self.backend.starts_with("autovacuum") => "vacuum",
            "" => "server",
            _ => "?",
        }
    }

    /// What its state means for colours; the word stands beside it.
    pub(super) fn meaning(&self) -> Meaning {
        if self.is_idle_in_transaction() { Meaning::Warn } else { Meaning::Text }
    }

    /// What it waits for: another session before anything else.
    fn waits_for(&self) -> (String, Meaning) {
        match (self.blocked_by.as_slice(), &*self.wait_kind, &*self.wait_event) {
            ([0], ..) => ("prepared tx".into(), Meaning::Warn),
            ([one], ..) => (format!("pid {one}"), Meaning::Warn),
            ([first, more @ ..], ..) => (format!("pid {first} +{}", more.len()), Meaning::Warn),
            ([], "", _) => ("-".into(), Meaning::Muted),
            ([], kind, "") => (kind.into(), Meaning::Text),
            // The event alone tells; its kind stands on the page.
            ([], _, event) => (event.into(), Meaning::Text),
        }
    }

    /// One line that names it: `pid 4370 shop_app, idle in transaction`.
    pub(super) fn line(&self) -> String {
        let state = if self.state.is_empty() { &self.backend } else { &self.state };
        format!("pid {} {}, {state} for {}: {}", self.pid, self.user, span(self.state_s), self.query)
    }
}

impl Row for Session {
    fn name(&self) -> String {
        format!("{}/{}", self.source, self.pid)
    }

    fn source(&self) -> &str {
        &self.source
    }

    fn text(&self) -> String {
        let Self { source, pid, user, database, application, client, state, query, .. } = self;
        let (waits, _) = self.waits_for();
        format!(
            "pid:{pid} server:{source} user:{user} db:{database} app:{application} client:{client} state:{state} \
             wait:{waits} {}\n{query}",
            self.wait_event
        )
    }

    fn cells(&self, _shown: &Shown) -> Vec<Cell> {
        let (waits, meaning) = self.waits_for();
        let age = |seconds: f64| Cell::text(if seconds > 0.0 { span(seconds) } else { "-".into() });
        vec![
            Cell::text(self.pid.to_string()),
            Cell::outside(&self.source),
            Cell::outside(&self.user),
            Cell::outside(&self.database),
            Cell::outside(&self.application),
            Cell::text(self.state_word()).means(self.meaning()),
            Cell::outside(&waits).means(meaning),
            age(self.statement_s),
            age(self.transaction_s).means(self.meaning()),
            Cell::outside(&self.query),
        ]
    }

    fn detail(&self, board: &Board) -> Detail {
        let age = |seconds: f64| if seconds > 0.0 { span(seconds) } else { String::new() };
        let state = if self.state.is_empty() { &self.backend } else { &self.state };
        let (waits, meaning) = self.waits_for();
        let held = if self.held_back > 0 { format!("{} transactions", self.held_back) } else { String::new() };
        let mut detail = Detail::new(format!("Session {} on {}", self.pid, self.source))
            .means("state", format!("{state} for {}", span(self.state_s)), self.meaning())
            .fact("transaction open for", age(self.transaction_s))
            .fact("statement began", age(self.statement_s) + if self.statement_s > 0.0 { " ago" } else { "" })
            .means("waits for", if waits == "-" { String::new() } else { waits }, meaning)
            .fact("waits on", [&*self.wait_kind, &*self.wait_event].join(" ").trim())
            .fact("waited for the lock", age(self.waited_s))
            .fact("user", &*self.user)
            .fact("database", &*self.database)
            .fact("application", &*self.application)
            .fact("client", &*self.client)
            .fact("kind", &*self.backend)
            .fact("connected since", &*self.started)
            .fact("holds vacuum back by", held)
            .heading(if &*self.state == "active" { "Statement" } else { "Last statement" })
            .code(if self.query.is_empty() { "(none to be seen)" } else { &self.query });
        let others = |pids: &dyn Fn(&&Session) -> bool| -> Vec<&Session> {
            board.sessions.iter().filter(|other| other.source == self.source).filter(pids).collect()
        };
        for (heading, sessions) in [
            ("It waits for", others(&|other| self.blocked_by.contains(&other.pid))),
            ("Directly behind it wait", others(&|other| other.blocked_by.contains(&self.pid) && other.pid != self.pid)),
        ] {
            detail = listed(detail, heading, &sessions);
        }
        if self.blocked_by.contains(&0) {
            detail = detail.text("It waits for a prepared transaction, which has no session.", Meaning::Warn);
        }
        detail
    }
}

/// Sessions under a heading, a line each.
fn listed(detail: Detail, heading: &str, sessions: &[&Session]) -> Detail {
    /// The most that are listed.
    const LISTED: usize = 50;
    if sessions.is_empty() {
        return detail;
    }
    let mut detail = detail.heading(heading);
    for session in sessions.iter().take(LISTED) {
        detail = detail.text(&session.line(), Meaning::Text);
    }
    let more = sessions.len().saturating_sub(LISTED);
    if more > 0 { detail.text(&format!("and {} more", whole(more)), Meaning::Muted) } else { detail }
}

/// By what sessions are sorted; the longest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Sort {
    /// How long ago the statement began.
    #[default]
    Statement,
    /// The age of the transaction.
    Transaction,
    /// How long a lock was waited for.
    Wait,
    /// The user's name.
    User,
}

impl Sort {
    /// Its words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Statement => "by query age",
            Self::Transaction => "by transaction age",
            Self::Wait => "by wait for locks",
            Self::User => "by user",
        }
    }

    /// The next one.
    pub(super) fn next(self) -> Self {
        match self {
            Self::Statement => Self::Transaction,
            Self::Transaction => Self::Wait,
            Self::Wait => Self::User,
            Self::User => Self::Statement,
        }
    }

    /// Sorts places in a list of sessions.
    pub(super) fn sort(self, places: &mut [u32], sessions: &[Session]) {
        let of = |at: &u32| &sessions[*at as usize];
        let by = |age: fn(&Session) -> f64| move |a: &u32, b: &u32| age(of(b)).total_cmp(&age(of(a)));
        match self {
            Self::Statement => places.sort_by(by(|s| s.statement_s)),
            Self::Transaction => places.sort_by(by(|s| s.transaction_s)),
            Self::Wait => places.sort_by(by(|s| s.waited_s)),
            Self::User => places.sort_by(|a, b| of(a).user.cmp(&of(b).user).then(by(|s| s.statement_s)(a, b))),
        }
    }
}

/// How many sessions there are in which state, in a line.
pub(super) fn summary(sessions: &[Session], listed: usize) -> String {
    let count = |is: &dyn Fn(&Session) -> bool| sessions.iter().filter(|session| is(session)).count();
    let mut parts = Vec::new();
    let mut add = |number: usize, words: &str| {
        if number > 0 {
            parts.push(format!("{} {words}", whole(number)));
        }
    };
    add(count(&|s| &*s.state == "active"), "active");
    add(count(&Session::is_idle_in_transaction), "idle in tx");
    add(count(&|s| !s.blocked_by.is_empty()), "blocked");
    add(listed.saturating_sub(sessions.len()), "more not listed");
    let all = many(sessions.len(), "session", "sessions");
    if parts.is_empty() { all } else { format!("{all}: {}", parts.join(", ")) }
}
