//! How the screen was looked at last, to be looked at like that again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{panel::Panel, sessions, state::State, statements, typed};
use crate::tui::{model::Model, views::clipped};

/// How the screen is looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Looked {
    panel: Panel,
    /// Whether one panel takes all the room.
    zoom: bool,
    sessions: sessions::Sort,
    statements: statements::Sort,
    /// The filters, by panel.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    filters: BTreeMap<Panel, String>,
}

impl Looked {
    /// How it is looked at now.
    pub fn of(state: &State) -> Self {
        let filter = |panel: Panel| (panel, clipped(state.of(panel).filter.value()));
        Self {
            panel: state.panel,
            zoom: state.alone,
            sessions: state.sessions_by,
            statements: state.statements_by,
            filters: Panel::ALL.into_iter().map(filter).filter(|(_, text)| !text.is_empty()).collect(),
        }
    }

    /// Looks at it like this again. A panel that the settings leave out by now is not shown.
    pub fn lay(&self, model: &mut Model) {
        let is_shown = model.layout.panels().contains(&self.panel);
        let state = &mut model.screens.live;
        let first = state.panel;
        (state.alone, state.sessions_by, state.statements_by) = (self.zoom, self.sessions, self.statements);
        for panel in Panel::ALL {
            state.panel = panel;
            typed::filter(state, self.filters.get(&panel).cloned().unwrap_or_default());
        }
        state.panel = if is_shown { self.panel } else { first };
    }
}
