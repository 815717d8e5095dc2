//! How the list was looked at last, to be looked at like that again.

use serde::{Deserialize, Serialize};

use super::{State, state};
use crate::tui::{model::Model, views::clipped};

/// How the list is looked at. Its order is that of packs and levels; what is chosen is how much of it is listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Looked {
    #[serde(skip_serializing_if = "String::is_empty")]
    filter: String,
    /// Whether only what is open is listed.
    open: bool,
    /// Whether all packs are listed, beside the stage.
    packs: bool,
}

impl Looked {
    /// How it is looked at now.
    pub fn of(state: &State) -> Self {
        Self { filter: clipped(state.filter.value()), open: state.open_only, packs: state.all_packs }
    }

    /// Looks at it like this again.
    pub fn lay(&self, model: &mut Model) {
        let state = &mut model.screens.checklist;
        (state.open_only, state.all_packs) = (self.open, self.packs);
        state.filter.set(&self.filter);
        state::rows(model);
    }
}
