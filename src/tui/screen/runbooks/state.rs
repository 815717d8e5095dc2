//! The lists of runbooks and of runs: which are shown, in which order, which is chosen.

use std::collections::BTreeMap;

use crossterm::event::KeyCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tui_input::Input;

use super::is_plan;
use crate::{
    check::finding::Finding,
    runbook::{
        incident::Incident,
        model::Runbook,
        open::finding::is_bad,
        record::End,
        runs::{Run, Standing},
    },
    tui::{
        command::Motion,
        filter::Words,
        key::Key,
        model::Model,
        over,
        pasted::insert,
        widget::{Cursor, Scroll},
    },
};

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Panel {
    /// Runbooks.
    #[default]
    Books,
    /// Runs of them.
    Runs,
}

/// By what runbooks are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// Those for present findings first, the worst finding first.
    #[default]
    Present,
    /// By id.
    Id,
    /// The least dangerous first.
    Danger,
    /// Those that were not run or rehearsed for the longest time first.
    Stale,
}

impl Sort {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Present => "for present findings first",
            Self::Id => "by id",
            Self::Danger => "least dangerous first",
            Self::Stale => "least rehearsed first",
        }
    }

    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Present => Self::Id,
            Self::Id => Self::Danger,
            Self::Danger => Self::Stale,
            Self::Stale => Self::Present,
        }
    }
}

/// What the screen knows.
#[derive(Debug, Default)]
pub struct State {
    /// What is listed.
    pub panel: Panel,
    /// The ids of the runbooks that are shown, in order.
    pub shown: Vec<String>,
    /// Where their list stands.
    pub cursor: Cursor,
    /// The filter.
    pub filter: Input,
    /// Whether the filter is being typed.
    pub typing: bool,
    /// The order.
    pub sort: Sort,
    /// Which runbooks are for present findings: how many there are, and the place of the worst in the audit.
    pub present: BTreeMap<String, (usize, usize)>,
    /// All runs, those that can be taken up first; none before they were read.
    pub runs: Option<Vec<Run>>,
    /// Where their list stands.
    pub runs_cursor: Cursor,
    /// When each runbook was last run to an end or looked ahead at on this target, and whether it was a plan.
    pub last: BTreeMap<String, (Timestamp, bool)>,
    /// Why runs cannot be read.
    pub failed: Option<String>,
    /// The record of a run that was asked for last.
    pub told: Option<Incident>,
    /// How far the open page is scrolled.
    pub scroll: Scroll,
}

/// A new judgement is there: which runbooks are for what is wrong now.
pub(super) fn judged(model: &mut Model) {
    let mut present: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut of_check: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (at, finding) in model.all().iter().enumerate().filter(|(_, finding)| is_bad(finding)) {
        let ids = of_check.entry(&finding.check).or_insert_with(|| {
            model.books.curing(&finding.check, &finding.runbooks).into_iter().map(|book| book.id.clone()).collect()
        });
        for id in ids.iter() {
            present.entry(id.clone()).or_insert((0, at)).0 += 1;
        }
    }
    model.screens.runbooks.present = present;
    list(model);
}

/// The worst present finding that a runbook is for.
pub(super) fn present_finding<'m>(model: &'m Model, id: &str) -> Option<&'m Finding> {
    let (_, at) = model.screens.runbooks.present.get(id)?;
    model.all().get(*at)
}

/// Makes the list anew. Never while drawing. What was chosen stays so.
pub(super) fn list(model: &mut Model) {
    let before = chosen(model).map(str::to_owned);
    let state = &model.screens.runbooks;
    let words = Words::read(state.filter.value());
    let mut seeker = words.seeker();
    let mut fits = |book: &Runbook| seeker.fits(&format!("{} {}", book.id, book.title), &told(book));
    let mut books: Vec<&Runbook> = model.books.iter().map(AsRef::as_ref).filter(|book| fits(book)).collect();
    let worst = |book: &Runbook| state.present.get(&book.id).map_or(usize::MAX, |(_, at)| *at);
    let last = |book: &Runbook| state.last.get(&book.id).map(|(at, _)| *at);
    match state.sort {
        Sort::Present => books.sort_by_key(|book| worst(book)),
        Sort::Id => {}
        Sort::Danger => books.sort_by_key(|book| book.danger),
        Sort::Stale => books.sort_by_key(|book| last(book)),
    }
    let shown: Vec<String> = books.into_iter().map(|book| book.id.clone()).collect();
    let at = before.and_then(|id| shown.iter().position(|shown| *shown == id));
    let state = &mut model.screens.runbooks;
    // Who stands on the first has chosen none: whatever comes to the top is looked at.
    let at = at.filter(|_| state.cursor.at > 0).unwrap_or(state.cursor.at);
    state.cursor.go(at, shown.len());
    state.shown = shown;
}

/// What else of a runbook a filter finds.
fn told(book: &Runbook) -> String {
    format!("{} {}", book.danger.word(), book.fixes.join(" "))
}

/// The id of the chosen runbook of the list.
pub(super) fn chosen(model: &Model) -> Option<&str> {
    let state = &model.screens.runbooks;
    state.shown.get(state.cursor.at).map(String::as_str)
}

/// The chosen run of the list.
pub(super) fn chosen_run(model: &Model) -> Option<&Run> {
    let state = &model.screens.runbooks;
    state.runs.as_ref()?.get(state.runs_cursor.at)
}

/// Whether something in a run can still be decided: temporary changes of a completed one are taken back by taking it up.
pub(super) fn resumes(run: &Run) -> bool {
    run.standing.resumes() || matches!(run.standing, Standing::Ended(End::CompletedExceptDeferred))
}

/// Runs were read: those of this target that wait come first, then the others that wait, then the latest.
pub(super) fn runs(model: &mut Model, mut runs: Vec<Run>) {
    let before = chosen_run(model).map(|run| run.id.clone());
    let target = model.about.target.clone();
    let rank = |run: &Run| {
        let here = run.started.as_ref().is_some_and(|started| started.target == target);
        (!run.standing.resumes(), !here)
    };
    runs.sort_by_key(rank);
    let state = &mut model.screens.runbooks;
    state.last = last(&runs, &target);
    let at = before.and_then(|id| runs.iter().position(|run| run.id == id)).unwrap_or(state.runs_cursor.at);
    state.runs_cursor.go(at, runs.len());
    state.runs = Some(runs);
    list(model);
}

/// When each runbook was last run to an end, or looked ahead at, on this target: what went well on another, or over the
/// demo, proves nothing here, as for the criterion that asks for rehearsals.
fn last(runs: &[Run], target: &str) -> BTreeMap<String, (Timestamp, bool)> {
    let mut last: BTreeMap<String, (Timestamp, bool)> = BTreeMap::new();
    let is_here = |run: &&Run| run.started.as_ref().is_some_and(|started| started.target == target);
    for run in runs.iter().filter(is_here) {
        let counts = matches!(
            run.standing,
            Standing::Plan | Standing::Ended(End::Completed | End::CompletedExceptDeferred | End::RolledBack)
        );
        if let (true, Some(started), Some(at)) = (counts, &run.started, run.last_at) {
            let known = last.entry(started.runbook.clone()).or_insert((at, is_plan(run)));
            if at > known.0 {
                *known = (at, is_plan(run));
            }
        }
    }
    last
}

/// Filters by something else.
pub(super) fn filter(model: &mut Model, text: String) {
    model.screens.runbooks.filter = Input::new(text);
    list(model);
}

/// Pasted text while the filter is typed: one change, and one list.
pub(super) fn paste(model: &mut Model, text: &str) {
    insert(&mut model.screens.runbooks.filter, text);
    list(model);
}

/// A key while the filter is typed: the list follows each letter.
pub(super) fn press(model: &mut Model, key: Key) -> bool {
    let motion = match key.code {
        KeyCode::Enter => {
            model.screens.runbooks.typing = false;
            return true;
        }
        KeyCode::Esc => {
            model.screens.runbooks.typing = false;
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
        model.screens.runbooks.filter.handle(request);
        list(model);
    }
    true
}
