//! The panels: their names, keys, questions and columns.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{autoscalers, locks, numbers, pools, replicas, sessions, statements};
use crate::{snapshot::SourceKind, tui::widget::Column};

/// A panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Panel {
    /// Sessions.
    #[default]
    Activity,
    /// Who waits for whom.
    Locks,
    /// Who follows whom.
    Replication,
    /// Pools of PgBouncer.
    Pools,
    /// Cache, memory and rates.
    Cache,
    /// Statements by load.
    Statements,
    /// Autoscalers.
    Autoscalers,
}

impl Panel {
    /// All of them, in order.
    pub const ALL: [Self; 7] =
        [Self::Activity, Self::Locks, Self::Replication, Self::Pools, Self::Cache, Self::Statements, Self::Autoscalers];

    /// Its place among all.
    pub(super) fn at(self) -> usize {
        self as usize
    }

    /// Its name in settings: the id of the command that goes to it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::Locks => "locks",
            Self::Replication => "replication",
            Self::Pools => "pools",
            Self::Cache => "cache",
            Self::Statements => "statements",
            Self::Autoscalers => "autoscalers",
        }
    }

    /// Its name.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Activity => "Activity",
            Self::Locks => "Locks",
            Self::Replication => "Replication",
            Self::Pools => "Pools",
            Self::Cache => "Cache and memory",
            Self::Statements => "Statements",
            Self::Autoscalers => "Autoscalers",
        }
    }

    /// Its name where there is little room, and where there is less.
    pub(super) fn short(self) -> [&'static str; 2] {
        match self {
            Self::Activity => ["Activity", "Act"],
            Self::Locks => ["Locks", "Lock"],
            Self::Replication => ["Replicas", "Repl"],
            Self::Pools => ["Pools", "Pool"],
            Self::Cache => ["Cache", "Mem"],
            Self::Statements => ["Statements", "Stmt"],
            Self::Autoscalers => ["Scaling", "Scal"],
        }
    }

    /// The panel of a name, as [`Panel::title`] has it.
    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|panel| panel.title() == name)
    }

    /// Its key where nobody says otherwise.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Activity => "a",
            Self::Locks => "L",
            Self::Replication => "e",
            Self::Pools => "o",
            Self::Cache => "c",
            Self::Statements => "t",
            Self::Autoscalers => "u",
        }
    }

    /// The kinds of source that it shows.
    pub(super) fn kinds(self) -> &'static [SourceKind] {
        match self {
            Self::Activity | Self::Locks | Self::Statements => &[SourceKind::Postgres],
            Self::Replication | Self::Cache => &[SourceKind::Postgres, SourceKind::Redis],
            Self::Pools => &[SourceKind::PgBouncer],
            Self::Autoscalers => &[SourceKind::Kubernetes],
        }
    }

    /// How these are called where there is none.
    pub(super) fn sources(self) -> &'static str {
        match self {
            Self::Activity | Self::Locks | Self::Statements => "PostgreSQL",
            Self::Replication | Self::Cache => "PostgreSQL and no Redis",
            Self::Pools => "PgBouncer",
            Self::Autoscalers => "Kubernetes",
        }
    }

    /// The questions that it shows the answers to.
    pub(super) fn probes(self) -> &'static [&'static str] {
        match self {
            Self::Activity | Self::Locks => &["postgres.activity"],
            Self::Replication => &[
                "postgres.replication-senders",
                "postgres.replica-status",
                "postgres.slots",
                "redis.replicas",
                "redis.info",
            ],
            Self::Pools => &["pgbouncer.pools", "pgbouncer.stats", "pgbouncer.databases", "pgbouncer.users"],
            Self::Cache => &["postgres.connections", "postgres.databases", "redis.info"],
            Self::Statements => &["postgres.statements-counters", "postgres.statements-texts"],
            Self::Autoscalers => &["kubernetes.hpas"],
        }
    }

    /// What it says where an answer is there and nothing in it.
    pub(super) fn nothing(self) -> &'static str {
        match self {
            Self::Activity => "nobody runs a statement or holds a transaction open",
            Self::Locks => "nobody waits for a lock",
            Self::Replication => "nobody follows, and no slot is kept",
            Self::Pools => "no pool yet: no client has connected",
            Self::Cache => "no numbers yet",
            Self::Statements => "no statement ran",
            Self::Autoscalers => "no autoscaler",
        }
    }

    /// Its columns.
    pub(super) fn columns(self) -> &'static [Column] {
        match self {
            Self::Activity => sessions::COLUMNS,
            Self::Locks => locks::COLUMNS,
            Self::Replication => replicas::COLUMNS,
            Self::Pools => pools::COLUMNS,
            Self::Cache => numbers::COLUMNS,
            Self::Statements => statements::COLUMNS,
            Self::Autoscalers => autoscalers::COLUMNS,
        }
    }

    /// The one behind it among some; the first of them behind the last, and behind one that is not among them.
    pub(super) fn next(self, among: &[Self]) -> Self {
        let after = among.iter().position(|panel| *panel == self).map_or(0, |at| at + 1);
        among.get(after).or(among.first()).copied().unwrap_or(self)
    }
}
