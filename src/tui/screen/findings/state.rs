//! The list of findings: which are shown, in which order, which is chosen.

use crossterm::event::KeyCode;
use tui_input::{Input, InputRequest};

use crate::tui::{
    command::Motion,
    filter::Filter,
    key::Key,
    model::Model,
    over,
    widget::{Cursor, Scroll},
};

/// By what findings are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The worst first.
    #[default]
    Worst,
    /// By check.
    Check,
    /// By subject.
    Subject,
    /// By domain.
    Domain,
}

impl Sort {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Worst => "worst first",
            Self::Check => "by check",
            Self::Subject => "by subject",
            Self::Domain => "by domain",
        }
    }

    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Worst => Self::Check,
            Self::Check => Self::Subject,
            Self::Subject => Self::Domain,
            Self::Domain => Self::Worst,
        }
    }
}

/// What the screen knows.
#[derive(Debug, Default)]
pub struct State {
    /// Which findings are shown, in which order, by their place in the audit.
    pub shown: Vec<u32>,
    /// Where the list stands.
    pub cursor: Cursor,
    /// The filter.
    pub filter: Input,
    /// Whether the filter is being typed.
    pub typing: bool,
    /// The order.
    pub sort: Sort,
    /// How far the open finding is scrolled.
    pub scroll: Scroll,
    /// The name of what was chosen last, by check and subject.
    chosen: Option<(String, String)>,
}

/// Makes the list anew: after a judgement, another filter, another order. Never while drawing. What was chosen stays so.
pub(super) fn list(model: &mut Model) {
    let all = model.all();
    let mut shown = Filter::read(model.screens.findings.filter.value()).of(all);
    let of = |at: &u32| &all[*at as usize];
    match model.screens.findings.sort {
        Sort::Worst => {}
        Sort::Check => shown.sort_by(|a, b| of(a).check.cmp(&of(b).check)),
        Sort::Subject => shown.sort_by(|a, b| of(a).subject.cmp(&of(b).subject)),
        Sort::Domain => shown.sort_by(|a, b| of(a).domain.cmp(&of(b).domain)),
    }
    let chosen = model.screens.findings.chosen.as_ref();
    let row = chosen
        .and_then(|(check, subject)| shown.iter().position(|at| of(at).check == *check && of(at).subject == *subject));
    let len = shown.len();
    let state = &mut model.screens.findings;
    state.shown = shown;
    let at = row.unwrap_or(state.cursor.at);
    state.cursor.go(at, len);
}

/// Remembers what is chosen before the list changes.
fn remember(model: &mut Model) {
    let name = super::chosen(model).map(|finding| (finding.check.clone(), finding.subject.clone()));
    model.screens.findings.chosen = name;
}

/// A new judgement is there.
pub(super) fn judged(model: &mut Model) {
    // The rows still mean the findings of the judgement before.
    let before = model.before.clone();
    let at = model.screens.findings.shown.get(model.screens.findings.cursor.at).copied();
    let finding = before.as_ref().zip(at).and_then(|(audit, at)| audit.findings.get(at as usize));
    model.screens.findings.chosen = finding.map(|finding| (finding.check.clone(), finding.subject.clone()));
    list(model);
}

/// Filters by something else.
pub(super) fn filter(model: &mut Model, text: String) {
    remember(model);
    model.screens.findings.filter = Input::new(text);
    list(model);
}

pub(super) fn paste(model: &mut Model, text: &str) {
    for c in text.chars() {
        model.screens.findings.filter.handle(InputRequest::InsertChar(c));
    }
    list(model);
}

/// A key while the filter is typed: the list follows each letter.
pub(super) fn press(model: &mut Model, key: Key) -> bool {
    let motion = match key.code {
        KeyCode::Enter => {
            model.screens.findings.typing = false;
            return true;
        }
        KeyCode::Esc => {
            model.screens.findings.typing = false;
            filter(model, String::new());
            return true;
        }
        KeyCode::Up => Some(Motion::Up),
        KeyCode::Down => Some(Motion::Down),
        _ => None,
    };
    if let Some(motion) = motion {
        super::travel(model, motion);
    } else if let Some(request) = over::request(key) {
        remember(model);
        model.screens.findings.filter.handle(request);
        list(model);
    }
    true
}
