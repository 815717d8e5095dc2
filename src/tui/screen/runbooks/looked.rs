//! How the list was looked at last, to be looked at like that again.

use serde::{Deserialize, Serialize};

use super::{Sort, State, state};
use crate::tui::{model::Model, views::clipped};

/// How the list is looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Looked {
    #[serde(skip_serializing_if = "String::is_empty")]
    filter: String,
    sort: Sort,
}

impl Looked {
    /// How it is looked at now.
    pub fn of(state: &State) -> Self {
        Self { filter: clipped(state.filter.value()), sort: state.sort }
    }

    /// Looks at it like this again.
    pub fn lay(&self, model: &mut Model) {
        model.screens.runbooks.sort = self.sort;
        state::filter(model, self.filter.clone());
    }
}
