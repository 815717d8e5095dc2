//! What the list of findings knows: its filter and order, which row is chosen, what is being made anew.

use std::sync::Arc;

use crossterm::event::KeyCode;
use serde::{Deserialize, Serialize};
use tui_input::Input;

use super::{
    Trend, Wish,
    known::Last,
    list::{AT_ONCE, Job, Listed, Moved},
};
use crate::{
    check::finding::Finding,
    report::Audit,
    tui::{
        command::Motion,
        event::Effect,
        filter::{Filter, narrows},
        key::Key,
        model::Model,
        over,
        pasted::insert,
        widget::{Cursor, Scroll},
    },
};

/// By what findings are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
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
    /// What was measured longest ago first.
    Age,
    /// What became worse first.
    Change,
}

impl Sort {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Worst => "worst first",
            Self::Check => "by check",
            Self::Subject => "by subject",
            Self::Domain => "by domain",
            Self::Age => "oldest first",
            Self::Change => "changes first",
        }
    }

    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Worst => Self::Check,
            Self::Check => Self::Subject,
            Self::Subject => Self::Domain,
            Self::Domain => Self::Age,
            Self::Age => Self::Change,
            Self::Change => Self::Worst,
        }
    }
}

/// What the screen knows.
#[derive(Debug, Default)]
pub struct State {
    /// The judgement that the list is of: a long list of a new one takes a while.
    pub(super) audit: Option<Arc<Audit>>,
    /// Which findings are shown, in which order, by their place in that judgement.
    pub(super) shown: Arc<Vec<u32>>,
    /// What is the same for every list of that judgement.
    moved: Option<Moved>,
    /// Where the list stands.
    pub cursor: Cursor,
    /// The filter.
    pub filter: Input,
    /// Whether the filter is being typed.
    pub typing: bool,
    /// The order.
    pub sort: Sort,
    /// Whether what is in order or does not apply is shown, too.
    pub all: bool,
    /// How far the open finding is scrolled.
    pub scroll: Scroll,
    /// The finding that is open, as it was last judged.
    pub(super) kept: Option<Box<Finding>>,
    /// The list that is wanted; one with a lower number is void.
    number: u64,
    /// By which filter, order and statuses the list that is shown was made.
    made_by: (String, Sort, bool),
}

impl State {
    /// Whether a newer list is being made.
    pub(super) fn is_making(&self) -> bool {
        self.made_by != (self.filter.value().to_owned(), self.sort, self.all)
    }

    /// How many lists were wanted so far.
    #[cfg(test)]
    pub(super) fn lists(&self) -> u64 {
        self.number
    }

    /// A row of the list.
    pub(super) fn row(&self, row: usize) -> Option<&Finding> {
        self.audit.as_ref()?.findings.get(*self.shown.get(row)? as usize)
    }

    /// How the finding of a row moved; nothing where there is nothing to compare with.
    pub(super) fn trend(&self, row: usize) -> Option<Trend> {
        self.moved.as_ref()?.trends.get(*self.shown.get(row)? as usize).copied()
    }

    /// Whether there is a judgement before this one.
    pub(super) fn compares(&self) -> bool {
        self.moved.as_ref().is_some_and(|moved| !moved.trends.is_empty())
    }

    /// How the finding at a place of a judgement moved; nothing where that judgement is not the one of the list.
    pub(super) fn trend_at(&self, audit: &Arc<Audit>, place: usize) -> Option<Trend> {
        let same = self.audit.as_ref().is_some_and(|of| Arc::ptr_eq(of, audit));
        self.moved.as_ref().filter(|_| same)?.trends.get(place).copied()
    }

    /// How a finding moved, by its name; it is looked for.
    pub(super) fn trend_of(&self, finding: &Finding) -> Option<Trend> {
        let is_it = |known: &Finding| known.check == finding.check && known.subject == finding.subject;
        let at = self.audit.as_ref()?.findings.iter().position(is_it)?;
        self.moved.as_ref()?.trends.get(at).copied()
    }

    /// What was known of a finding that is not known now.
    pub(in crate::tui) fn last(&self, finding: &Finding) -> Option<&Last> {
        if finding.status != crate::check::finding::Status::Unknown {
            return None;
        }
        self.moved.as_ref()?.known.get(&(finding.check.clone(), finding.subject.clone()))
    }

    /// What of the filter is not understood.
    pub(super) fn problem(&self) -> Option<String> {
        Filter::read(self.filter.value()).problem().map(str::to_owned)
    }
}

/// Makes the list anew: after a judgement, another filter, another order. Never while drawing. What was chosen stays so.
pub(super) fn list(model: &mut Model) -> Vec<Effect> {
    let Some(audit) = model.audit.clone() else { return Vec::new() };
    let state = &mut model.screens.findings;
    state.number += 1;
    let same = state.audit.as_ref().is_some_and(|of| Arc::ptr_eq(of, &audit));
    let (text, sort, all) = &state.made_by;
    let by_same = same && *sort == state.sort && *all == state.all;
    let narrower = by_same && narrows(text, state.filter.value());
    let job = Job {
        number: state.number,
        moved: state.moved.clone().filter(|_| same),
        before: model.before.clone(),
        known: state.moved.as_ref().map(|moved| Arc::clone(&moved.known)).unwrap_or_default(),
        text: state.filter.value().to_owned(),
        sort: state.sort,
        all: state.all,
        among: narrower.then(|| Arc::clone(&state.shown)),
        audit,
    };
    if job.len() > AT_ONCE {
        return vec![Effect::Findings(Wish::List(Box::new(job)))];
    }
    took(model, job.run());
    Vec::new()
}

/// Takes a list that was made, unless another one is wanted by now.
pub(super) fn took(model: &mut Model, listed: Listed) {
    let state = &mut model.screens.findings;
    if listed.number != state.number {
        return;
    }
    let chosen = state.row(state.cursor.at);
    let is_chosen = |at: &u32| {
        let finding = &listed.audit.findings[*at as usize];
        chosen.is_some_and(|chosen| chosen.check == finding.check && chosen.subject == finding.subject)
    };
    let row = listed.shown.iter().position(is_chosen);
    let refiltered = state.made_by.0 != state.filter.value();
    // What was chosen is gone: under another filter the first row is the worst, else the place is what is known.
    let at = row.unwrap_or(if refiltered { 0 } else { state.cursor.at });
    state.made_by = (state.filter.value().to_owned(), state.sort, state.all);
    state.audit = Some(listed.audit);
    state.moved = Some(listed.moved);
    state.shown = listed.shown;
    state.cursor.go(at, state.shown.len());
}

/// Filters by something else.
pub(in crate::tui::screen) fn filter(model: &mut Model, text: String) -> Vec<Effect> {
    model.screens.findings.filter = Input::new(text);
    list(model)
}

/// Pasted text while the filter is typed: one change, and one list.
pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    insert(&mut model.screens.findings.filter, text);
    list(model)
}

/// A key while the filter is typed: the list follows each letter.
pub(super) fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    let motion = match key.code {
        KeyCode::Enter => {
            model.screens.findings.typing = false;
            return Vec::new();
        }
        KeyCode::Esc => {
            model.screens.findings.typing = false;
            return filter(model, String::new());
        }
        KeyCode::Up => Some(Motion::Up),
        KeyCode::Down => Some(Motion::Down),
        _ => None,
    };
    if let Some(motion) = motion {
        super::travel(model, motion);
    } else if let Some(request) = over::request(key) {
        model.screens.findings.filter.handle(request);
        return list(model);
    }
    Vec::new()
}
