//! The state of the screen: what was said, the rows made from it, and which of them are shown in which order.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc, time::Duration};

use tui_input::Input;

use super::{
    Sample,
    board::Board,
    detail::Detail,
    filter::Words,
    kept::Kept,
    panel::Panel,
    row::Row,
    series::Series,
    sessions::{self, Session},
    statements,
};
use crate::tui::widget::{Cursor, Scroll};

/// What the screen knows.
#[derive(Debug, Default)]
pub struct State {
    pub(super) kept: Kept,
    pub(super) board: Board,
    pub(super) series: Series,
    /// The panel that keys go to.
    pub(super) panel: Panel,
    /// Whether one panel takes all the room, also where there is room for all.
    pub(super) alone: bool,
    /// Whether a filter is being typed.
    pub(super) typing: bool,
    pub(super) sessions_by: sessions::Sort,
    pub(super) statements_by: statements::Sort,
    /// What is open.
    opened: Option<Opened>,
    pub(super) scroll: Scroll,
    /// Whether answers are shown although asking is stopped: somebody asked for them.
    pub(super) wanted: bool,
    lists: [List; 7],
}

/// The list of a panel.
#[derive(Debug, Default)]
pub(super) struct List {
    /// Where it stands.
    pub(super) cursor: Cursor,
    /// The filter.
    pub(super) filter: Input,
    /// Which rows are shown, in which order.
    pub(super) shown: Vec<u32>,
    /// The name of the chosen row.
    chosen: Option<String>,
}

/// A row that is open. It stays to be read when it is gone.
#[derive(Debug)]
struct Opened {
    panel: Panel,
    name: String,
    /// When the session began, where it is one: another with its process id is another one.
    started: Option<Arc<str>>,
    /// Everything about it, as it was last seen.
    detail: Detail,
    /// Whether it is still there.
    is_there: bool,
}

impl State {
    /// Takes a round of answers.
    pub(super) fn take(&mut self, sample: &Arc<Sample>, every: Duration) {
        let probes = self.kept.take(sample);
        let fits = |panel: &Panel| panel.probes().iter().any(|probe| probes.contains(*probe));
        let panels: BTreeSet<Panel> = Panel::ALL.into_iter().filter(fits).collect();
        for panel in &panels {
            self.board.make(*panel, &self.kept);
        }
        self.board.record(&mut self.series, &panels, every);
        for panel in panels {
            self.list(panel);
        }
        self.look_again();
    }

    /// The list of a panel.
    pub(super) fn of(&self, panel: Panel) -> &List {
        &self.lists[panel.at()]
    }

    /// The list of a panel, to be changed.
    pub(super) fn of_mut(&mut self, panel: Panel) -> &mut List {
        &mut self.lists[panel.at()]
    }

    /// A shown row of a panel.
    pub(super) fn row(&self, panel: Panel, at: usize) -> Option<&dyn Row> {
        self.board.row(panel, *self.of(panel).shown.get(at)? as usize)
    }

    /// The chosen row of the panel that keys go to.
    pub(super) fn chosen(&self) -> Option<&dyn Row> {
        self.row(self.panel, self.of(self.panel).cursor.at)
    }

    /// The session that is chosen.
    pub(super) fn chosen_session(&self) -> Option<&Session> {
        let list = self.of(self.panel);
        self.board.session(self.panel, *list.shown.get(list.cursor.at)? as usize)
    }

    /// The session of an open row, while it is there.
    pub(super) fn open_session(&self, panel: Panel, name: &str) -> Option<&Session> {
        if self.opened_as(panel, name).is_some_and(|opened| !opened.is_there) {
            return None;
        }
        let at = (0..self.board.len(panel)).find(|at| self.is_named(panel, *at, name))?;
        self.board.session(panel, at)
    }

    fn is_named(&self, panel: Panel, at: usize, name: &str) -> bool {
        self.board.row(panel, at).is_some_and(|row| row.name() == name)
    }

    /// Makes the list of a panel anew: after answers, another filter, another order. What was chosen stays so.
    pub(super) fn list(&mut self, panel: Panel) {
        let filter = Words::read(self.of(panel).filter.value());
        let rows = 0..u32::try_from(self.board.len(panel)).unwrap_or(u32::MAX);
        let fits = |at: &u32| {
            filter.is_empty() || self.board.row(panel, *at as usize).is_some_and(|row| filter.fits(&row.text()))
        };
        let mut shown: Vec<u32> = rows.filter(fits).collect();
        match panel {
            Panel::Activity => self.sessions_by.sort(&mut shown, &self.board.sessions),
            Panel::Statements => self.statements_by.sort(&mut shown, &self.board.statements),
            _ => {}
        }
        let chosen = self.of(panel).chosen.as_ref();
        let row = chosen.and_then(|name| shown.iter().position(|at| self.is_named(panel, *at as usize, name)));
        let list = self.of_mut(panel);
        list.shown = shown;
        let (at, len) = (row.unwrap_or(list.cursor.at), list.shown.len());
        list.cursor.go(at, len);
    }

    /// Remembers what is chosen, so that it stays so.
    pub(super) fn remember(&mut self, panel: Panel) {
        let list = self.of(panel);
        // At the top one looks at whatever comes first, and not at a row.
        let name = (list.cursor.at > 0).then(|| self.row(panel, list.cursor.at).map(Row::name)).flatten();
        self.of_mut(panel).chosen = name;
    }

    /// Opens the chosen row. Returns its panel and name.
    pub(super) fn open(&mut self) -> Option<(Panel, String)> {
        let row = self.chosen()?;
        let (panel, name, detail) = (self.panel, row.name(), row.detail(&self.board));
        let started = self.chosen_session().map(|session| Arc::clone(&session.started));
        self.opened = Some(Opened { panel, name: name.clone(), started, detail, is_there: true });
        self.scroll.reset();
        Some((panel, name))
    }

    /// Everything about an open row, and whether it is still there. One comes back to a row by the way one went, too.
    pub(super) fn page(&self, panel: Panel, name: &str) -> Option<(Cow<'_, Detail>, bool)> {
        if let Some(opened) = self.opened_as(panel, name) {
            return Some((Cow::Borrowed(&opened.detail), opened.is_there));
        }
        let row =
            (0..self.board.len(panel)).filter_map(|at| self.board.row(panel, at)).find(|row| row.name() == name)?;
        Some((Cow::Owned(row.detail(&self.board)), true))
    }

    fn opened_as(&self, panel: Panel, name: &str) -> Option<&Opened> {
        self.opened.as_ref().filter(|opened| opened.panel == panel && opened.name == name)
    }

    /// Looks whether what is open is still there.
    fn look_again(&mut self) {
        let Some(opened) = &self.opened else { return };
        let (panel, same) = (opened.panel, opened.started.clone());
        let at = (0..self.board.len(panel)).find(|at| self.is_named(panel, *at, &opened.name));
        // A process id that was given to another session is another session.
        let is_same = |at: &usize| match (&same, self.board.session(panel, *at)) {
            (Some(started), Some(session)) => **started == *session.started,
            _ => true,
        };
        let detail = at.filter(is_same).and_then(|at| Some(self.board.row(panel, at)?.detail(&self.board)));
        if let Some(opened) = &mut self.opened {
            opened.is_there = detail.is_some();
            if let Some(detail) = detail {
                opened.detail = detail;
            }
        }
    }
}
