//! Replication: who follows whom, how far behind, and which slots keep WAL.

use jiff::Timestamp;

use super::{
    board::Board,
    detail::Detail,
    kept::Kept,
    row::{Cell, Point, Row, Shown},
    words::{many, span, tight},
};
use crate::{
    check::{
        derivation::row::{Row as TableRow, rows},
        relation::Relation,
    },
    snapshot::Unit,
    tui::{theme::Meaning, widget::Column},
};

/// Something that follows a stream, or keeps it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Replica {
    at: Timestamp,
    source: String,
    kind: Kind,
    who: String,
    follows: String,
    state: String,
    /// Whether the state is one in which nothing flows.
    pub(super) stuck: bool,
    bytes: Option<f64>,
    /// How old the oldest of it is: at least, at most.
    seconds: (Option<f64>, Option<f64>),
    /// Bytes not received, and received and not replayed.
    parts: (Option<f64>, Option<f64>),
    note: String,
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Standby,
    Receiver,
    Slot,
    Redis,
}

impl Kind {
    /// What stands before a name that does not say it by itself.
    fn prefix(self) -> &'static str {
        match self {
            Self::Standby | Self::Redis => "",
            Self::Receiver => "to ",
            Self::Slot => "slot ",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Standby => "standby",
            Self::Receiver => "receiver",
            Self::Slot => "slot",
            Self::Redis => "redis",
        }
    }
}

/// The columns of the panel.
pub(super) const COLUMNS: &[Column] = &[
    Column { title: "WHO", least: 18, grows: 2, right: false, rank: 20 },
    Column { title: "FOLLOWS", least: 10, grows: 1, right: false, rank: 3 },
    Column { title: "STATE", least: 9, grows: 0, right: false, rank: 16 },
    Column { title: "BEHIND", least: 9, grows: 0, right: true, rank: 18 },
    Column { title: "TIME", least: 8, grows: 0, right: true, rank: 17 },
    Column { title: "TO SEND", least: 9, grows: 0, right: true, rank: 8 },
    Column { title: "TO REPLAY", least: 9, grows: 0, right: true, rank: 9 },
    Column { title: "LATELY", least: 8, grows: 3, right: false, rank: 12 },
];

/// Reads all that is known of replication.
pub(super) fn read(kept: &Kept) -> Vec<Replica> {
    let mut all: Vec<Replica> = kept.derive("postgres.replication").iter().flat_map(of(|_| true, standby)).collect();
    let senders: Vec<_> = kept.tables("postgres.replication-senders").map(Relation::observed).collect();
    all.extend(senders.iter().flat_map(of(|row| row.denies("is_standby"), receiver)));
    let slots: Vec<_> = kept.tables("postgres.slots").map(Relation::observed).collect();
    all.extend(slots.iter().flat_map(of(|_| true, slot)));
    all.extend(kept.derive("redis.replication").iter().flat_map(of(|_| true, redis)));
    let infos: Vec<_> = kept.tables("redis.info").map(Relation::observed).collect();
    all.extend(infos.iter().flat_map(of(|row| row.text("role") == "slave", redis_itself)));
    all
}

type Read = fn((&str, Timestamp), &TableRow) -> Replica;

/// Which rows are meant.
type Keep = fn(&TableRow) -> bool;

/// The rows of a relation that are meant, with the source that they are from.
fn of<'r>(keep: Keep, read: Read) -> impl Fn(&'r Relation<'r>) -> Vec<Replica> {
    move |relation| {
        let (source, Some(at)) = (relation.source.clone().unwrap_or_default(), relation.at) else { return Vec::new() };
        rows(relation).filter(keep).map(|row| read((&source, at), &row)).collect()
    }
}

fn standby((source, at): (&str, Timestamp), row: &TableRow) -> Replica {
    let (paused, cut_off) = (row.is("paused"), row.is("cut_off"));
    let state = match (paused, cut_off, row.text("state")) {
        (true, ..) => "paused".into(),
        (_, true, _) => "cut off".into(),
        (_, _, state) if state.is_empty() => "follows".into(),
        (_, _, state) => state,
    };
    Replica {
        at,
        source: source.to_owned(),
        kind: Kind::Standby,
        who: row.text("replica"),
        follows: row.text("primary"),
        state,
        stuck: paused || cut_off,
        bytes: row.number("lag_bytes"),
        seconds: (row.number("lag_least_s"), row.number("lag_s")),
        parts: (row.number("unreceived_bytes"), row.number("unreplayed_bytes")),
        note: row.text("note").trim_start_matches([';', ' ']).to_owned(),
    }
}

/// Whoever takes WAL and is no standby: a logical subscription, a base backup, an archiver that streams.
fn receiver((source, at): (&str, Timestamp), row: &TableRow) -> Replica {
    let gap = |from: &str, to: &str| Some((row.number(from)? - row.number(to)?).max(0.0));
    Replica {
        at,
        source: source.to_owned(),
        kind: Kind::Receiver,
        who: row.text("application"),
        follows: source.to_owned(),
        state: row.text("state"),
        stuck: false,
        bytes: gap("current_lsn", "replay_lsn"),
        seconds: (None, row.number("replay_lag_s")),
        parts: (gap("current_lsn", "sent_lsn"), gap("sent_lsn", "replay_lsn")),
        note: row.text("slot_type"),
    }
}

fn slot((source, at): (&str, Timestamp), row: &TableRow) -> Replica {
    let status = row.text("wal_status");
    let (active, synced) = (row.is("active"), row.is("synced"));
    let state = match (status.as_str(), active, synced) {
        ("lost", ..) => "lost",
        (_, true, _) => "in use",
        (_, _, true) => "a copy",
        _ => "unused",
    };
    let left = row.number("safe_wal_size").map(|left| format!("{} more until it is lost", tight(left, Unit::Bytes)));
    Replica {
        at,
        source: source.to_owned(),
        kind: Kind::Slot,
        who: row.text("slot"),
        follows: source.to_owned(),
        state: state.into(),
        stuck: matches!(state, "lost" | "unused"),
        bytes: row.number("retained_bytes"),
        seconds: (None, row.number("inactive_s").filter(|_| !active)),
        parts: (None, None),
        note: [row.text("slot_type"), left.unwrap_or_else(|| "nothing bounds it".into())].join(", "),
    }
}

fn redis((source, at): (&str, Timestamp), row: &TableRow) -> Replica {
    let state = row.text("state");
    Replica {
        at,
        source: source.to_owned(),
        kind: Kind::Redis,
        who: row.text("replica"),
        follows: source.to_owned(),
        stuck: state != "online",
        state,
        bytes: row.number("gap"),
        seconds: (None, row.number("lag").filter(|lag| *lag >= 0.0)),
        parts: (row.number("gap"), None),
        note: row.number("backlog").map_or_else(String::new, |b| format!("backlog of {}", tight(b, Unit::Bytes))),
    }
}

/// A replica that was asked itself: whether its link is up is known to nobody better.
fn redis_itself((source, at): (&str, Timestamp), row: &TableRow) -> Replica {
    let port = row.int("master_port").map_or_else(String::new, |port| format!(":{port}"));
    let up = row.text("link_status") == "up";
    let syncing = row.int("sync_in_progress") == Some(1);
    let silent = if up { row.number("link_last_io") } else { row.number("link_down_for") };
    Replica {
        at,
        source: source.to_owned(),
        kind: Kind::Redis,
        who: source.to_owned(),
        follows: format!("{}{port}", row.text("master_host")),
        state: if syncing {
            "copies"
        } else if up {
            "link up"
        } else {
            "link down"
        }
        .into(),
        stuck: !up,
        bytes: None,
        seconds: (None, silent.filter(|seconds| *seconds >= 0.0)),
        parts: (None, None),
        note: if up { "time is since it heard of its primary" } else { "time is since its link went down" }.into(),
    }
}

impl Replica {
    fn moves(&self) -> String {
        format!("{} behind", self.name())
    }

    /// Its time behind, in a few cells: at most so long.
    fn time(&self) -> String {
        match self.seconds {
            (Some(least), Some(most)) if least < most => format!("<={}", span(most)),
            (_, Some(most)) => span(most),
            (Some(least), None) => format!(">{}", span(least)),
            (None, None) => "-".into(),
        }
    }
}

fn size(bytes: Option<f64>) -> String {
    bytes.map_or_else(|| "-".into(), |bytes| tight(bytes, Unit::Bytes))
}

impl Row for Replica {
    fn name(&self) -> String {
        format!("{} {} of {}", self.kind.word(), self.who, self.source)
    }

    fn source(&self) -> &str {
        &self.source
    }

    fn text(&self) -> String {
        format!(
            "kind:{} who:{} server:{} state:{} follows:{} {}",
            self.kind.word(),
            self.who,
            self.source,
            self.state,
            self.follows,
            self.note
        )
    }

    fn cells(&self, _shown: &Shown) -> Vec<Cell> {
        let meaning = if self.stuck { Meaning::Warn } else { Meaning::Text };
        vec![
            Cell::outside(&format!("{}{}", self.kind.prefix(), self.who)),
            Cell::outside(&self.follows),
            Cell::outside(&self.state).means(meaning),
            Cell::text(size(self.bytes)).means(meaning),
            Cell::text(self.time()),
            Cell::text(size(self.parts.0)),
            Cell::text(size(self.parts.1)),
            Cell::Moves(self.moves(), None),
        ]
    }

    fn number(&self) -> Option<Point> {
        Some((self.moves(), self.at, self.bytes))
    }

    fn detail(&self, _board: &Board) -> Detail {
        let size = |bytes: Option<f64>| bytes.map_or_else(String::new, |bytes| tight(bytes, Unit::Bytes));
        let time = self.time();
        let (behind, since) = match self.kind {
            Kind::Slot => ("keeps WAL", "unused for"),
            _ => ("behind", "behind by time"),
        };
        Detail::new(self.name())
            .means("state", &*self.state, if self.stuck { Meaning::Warn } else { Meaning::Text })
            .fact("follows", &*self.follows)
            .fact(behind, size(self.bytes))
            .fact(since, if time == "-" { String::new() } else { time })
            .fact("not received", size(self.parts.0))
            .fact("received, not replayed", size(self.parts.1))
            .fact("besides", &*self.note)
    }
}

/// How replication stands, in a line.
pub(super) fn summary(replicas: &[Replica]) -> String {
    let of = |kinds: &[Kind]| replicas.iter().filter(|replica| kinds.contains(&replica.kind)).count();
    let stuck = replicas.iter().filter(|replica| replica.stuck).count();
    let slots = of(&[Kind::Slot]);
    let streams = replicas.len() - slots;
    let slots = if slots > 0 { format!(", {}", many(slots, "slot", "slots")) } else { String::new() };
    let stuck = if stuck > 0 { format!("; {stuck} stuck or unused") } else { String::new() };
    format!("{}{slots}{stuck}", many(streams, "stream", "streams"))
}
