//! The rows of all panels, made from what was said last. Made anew when something was said, never while drawing.

use std::{collections::BTreeSet, time::Duration};

use super::{
    autoscalers::{self, Autoscaler},
    kept::Kept,
    locks::{self, Waiter},
    numbers::{self, Gauge},
    panel::Panel,
    pools::{self, Pool},
    replicas::{self, Replica},
    row::Row,
    series::Series,
    sessions::{self, Session},
    statements::{self, Statement},
};
use crate::snapshot::Answer;

/// The rows of all panels.
#[derive(Debug, Default)]
pub(super) struct Board {
    pub(super) sessions: Vec<Session>,
    /// How many sessions there were before the listing was cut.
    pub(super) all_sessions: usize,
    pub(super) locks: Vec<Waiter>,
    pub(super) replicas: Vec<Replica>,
    pub(super) pools: Vec<Pool>,
    pub(super) gauges: Vec<Gauge>,
    pub(super) statements: Vec<Statement>,
    pub(super) autoscalers: Vec<Autoscaler>,
}

impl Board {
    /// Makes the rows of a panel anew.
    pub(super) fn make(&mut self, panel: Panel, kept: &Kept) {
        match panel {
            Panel::Activity => self.read_sessions(kept),
            Panel::Locks => self.locks = locks::read(&self.sessions),
            Panel::Replication => self.replicas = replicas::read(kept),
            Panel::Pools => self.pools = pools::read(kept),
            Panel::Cache => self.gauges = numbers::read(kept),
            Panel::Statements => self.statements = statements::read(kept),
            Panel::Autoscalers => self.autoscalers = autoscalers::read(kept),
        }
    }

    fn read_sessions(&mut self, kept: &Kept) {
        self.sessions = kept.tables("postgres.activity").flat_map(sessions::read).collect();
        let listed = kept.tables("postgres.activity").map(|observation| match &observation.answer {
            Answer::Table(table) => {
                table.total().map_or(table.rows(), |all| usize::try_from(all).unwrap_or(usize::MAX))
            }
            Answer::Fault(_) => 0,
        });
        self.all_sessions = listed.sum();
    }

    /// How many rows a panel has.
    pub(super) fn len(&self, panel: Panel) -> usize {
        match panel {
            Panel::Activity => self.sessions.len(),
            Panel::Locks => self.locks.len(),
            Panel::Replication => self.replicas.len(),
            Panel::Pools => self.pools.len(),
            Panel::Cache => self.gauges.len(),
            Panel::Statements => self.statements.len(),
            Panel::Autoscalers => self.autoscalers.len(),
        }
    }

    /// A row of a panel.
    pub(super) fn row(&self, panel: Panel, at: usize) -> Option<&dyn Row> {
        fn of<T: Row>(rows: &[T], at: usize) -> Option<&dyn Row> {
            rows.get(at).map(|row| row as &dyn Row)
        }
        match panel {
            Panel::Activity => of(&self.sessions, at),
            Panel::Locks => of(&self.locks, at),
            Panel::Replication => of(&self.replicas, at),
            Panel::Pools => of(&self.pools, at),
            Panel::Cache => of(&self.gauges, at),
            Panel::Statements => of(&self.statements, at),
            Panel::Autoscalers => of(&self.autoscalers, at),
        }
    }

    /// The session that a row of the activity or of the locks is about.
    pub(super) fn session(&self, panel: Panel, at: usize) -> Option<&Session> {
        match panel {
            Panel::Activity => self.sessions.get(at),
            Panel::Locks => self.locks.get(at)?.of(self),
            _ => None,
        }
    }

    /// How a panel stands, in a line; nothing where it has no rows.
    pub(super) fn summary(&self, panel: Panel) -> String {
        if self.len(panel) == 0 {
            return String::new();
        }
        match panel {
            Panel::Activity => sessions::summary(&self.sessions, self.all_sessions),
            Panel::Locks => locks::summary(&self.locks),
            Panel::Replication => replicas::summary(&self.replicas),
            Panel::Pools => pools::summary(&self.pools),
            Panel::Cache => numbers::summary(&self.gauges),
            Panel::Statements => statements::summary(&self.statements),
            Panel::Autoscalers => autoscalers::summary(&self.autoscalers),
        }
    }

    /// Whether a panel holds something that somebody should look at.
    pub(super) fn calls(&self, panel: Panel) -> bool {
        match panel {
            Panel::Activity => self.sessions.iter().any(Session::is_idle_in_transaction),
            Panel::Locks => !self.locks.is_empty(),
            Panel::Replication => self.replicas.iter().any(|replica| replica.stuck),
            Panel::Pools => self.pools.iter().any(|pool| pool.waiting.is_some_and(|waiting| waiting > 0.0)),
            Panel::Autoscalers => self.autoscalers.iter().any(Autoscaler::is_stuck),
            Panel::Cache | Panel::Statements => false,
        }
    }

    /// Adds what panels show now to the numbers that are kept over time.
    pub(super) fn record(&self, series: &mut Series, panels: &BTreeSet<Panel>, every: Duration) {
        for panel in panels {
            let rows = (0..self.len(*panel)).filter_map(|at| self.row(*panel, at));
            for (name, at, value) in rows.filter_map(Row::number) {
                series.push(&name, at, every, value);
            }
        }
    }
}
