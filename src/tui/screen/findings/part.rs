//! What of a finding the columns of a list may show beside its status.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::tui::widget::Column;

/// A part of a finding that a column shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// How bad it is.
    Severity,
    /// Its check.
    Check,
    /// What it is about.
    Subject,
    /// The number that decides.
    Number,
    /// How it moved since the judgement before, where there is one.
    Trend,
    /// How long ago it was measured; a recording is of one time, which stands above.
    Age,
    /// What was found.
    Message,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Severity, Self::Check, Self::Subject, Self::Number, Self::Trend, Self::Age, Self::Message];

    /// Those that stand in a list, in this order, where nobody says otherwise: what was found stands beside or below the
    /// list, and would cut the names of all.
    pub const USUAL: &'static [Self] =
        &[Self::Severity, Self::Check, Self::Subject, Self::Number, Self::Trend, Self::Age];

    /// Its name in settings.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Check => "check",
            Self::Subject => "subject",
            Self::Number => "number",
            Self::Trend => "trend",
            Self::Age => "age",
            Self::Message => "message",
        }
    }

    /// Its column.
    pub(super) fn column(self) -> Column {
        let (title, least, grows, right, rank) = match self {
            Self::Severity => ("severity", 8, 0, false, 3),
            Self::Check => ("check", 24, 2, false, 9),
            Self::Subject => ("subject", 14, 3, false, 7),
            Self::Number => ("number", 9, 0, true, 8),
            Self::Trend => ("trend", 6, 0, false, 5),
            Self::Age => ("age", 4, 0, true, 4),
            // A sentence needs no heading.
            Self::Message => ("", 44, 6, false, 2),
        };
        Column { title, least, grows, right, rank }
    }
}
