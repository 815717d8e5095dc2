//! From a finding or a runbook to a run: which runbook, with which values, on whom.

use super::{Chosen, Purpose, Walk, Wish, ask, news};
use crate::{
    check::finding::Finding,
    runbook::{model::Runbook, open::Known},
    tui::{
        event::Effect,
        model::{Gravity, Model},
        nav::Place,
        over::{Choice, Over, Purpose as Of},
    },
};
use std::sync::Arc;

/// Whether some runbook is for a finding. Cheap: it is asked on every frame.
pub(in crate::tui::screen) fn cures(model: &Model, finding: &Finding) -> bool {
    let named = finding.runbooks.iter().any(|id| model.books.get(id).is_some());
    named || model.books.iter().any(|book| book.fixes.contains(&finding.check))
}

/// Opens the best runbook for the finding that is chosen or open; asks where there are several.
pub(in crate::tui::screen) fn for_finding(model: &mut Model) -> Vec<Effect> {
    let Some(finding) = model.chosen_finding().cloned() else {
        model.say(Gravity::Info, "no finding is chosen");
        return Vec::new();
    };
    let books: Vec<Arc<Runbook>> = model.books.curing(&finding.check, &finding.runbooks).into_iter().cloned().collect();
    match books.as_slice() {
        [] => {
            model.say(Gravity::Info, "no runbook is for this finding");
            Vec::new()
        }
        [only] => begin(model, &only.id.clone(), Some(&finding), Vec::new()),
        several => {
            let rows = several.iter().map(|book| offered(book)).collect();
            let ids = several.iter().map(|book| book.id.clone()).collect();
            let purpose = Purpose::Book { ids, check: finding.check.clone(), subject: finding.subject.clone() };
            model.overs.push(Over::Choice(Choice::new("Which runbook, the best first", rows, Of::Run(purpose))));
            Vec::new()
        }
    }
}

fn offered(book: &Runbook) -> String {
    format!("{} ({}, {})", book.title, book.danger.word(), book.id)
}

pub(super) fn chose_book(model: &mut Model, ids: &[String], row: usize, check: &str, subject: &str) -> Vec<Effect> {
    let Some(id) = ids.get(row) else { return Vec::new() };
    let finding = model.finding(check, subject).cloned();
    if finding.is_none() {
        model.say(Gravity::Warning, "the finding is gone by now; values are not filled in from it");
    }
    begin(model, id, finding.as_ref(), Vec::new())
}

/// Opens a runbook, with values that are known; a finding gives more of them. Where another run is under way, the operator
/// is asked about that one first.
pub fn begin(model: &mut Model, id: &str, finding: Option<&Finding>, given: Vec<Known>) -> Vec<Effect> {
    let wish = Wish::Choose { book: id.to_owned(), finding: finding.cloned().map(Box::new), given };
    first_the_other(model, wish)
}

/// Takes a run up again.
pub fn resume(model: &mut Model, run: &str) -> Vec<Effect> {
    let walked = model.screens.run.walk.as_ref().filter(|walk| walk.is_open());
    if walked.is_some_and(|walk| walk.run.as_deref() == Some(run)) {
        model.nav.enter(Place::Run);
        return Vec::new();
    }
    first_the_other(model, Wish::Resume(run.to_owned()))
}

/// Asks about a run that is under way; else goes on at once.
fn first_the_other(model: &mut Model, wish: Wish) -> Vec<Effect> {
    let Some(walk) = model.screens.run.walk.as_ref().filter(|walk| walk.is_open()) else {
        return go_on(model, wish);
    };
    let title = walk.book.as_ref().map_or_else(|| "a run".to_owned(), |book| book.title.clone());
    let stop = if walk.acts() { "stop its step and leave it" } else { "leave it" };
    let rows = vec![format!("go back to it: {title}"), format!("{stop}; it can be taken up again")];
    let choice = Choice::new("Another run is under way", rows, Of::Run(Purpose::Other(Box::new(wish))));
    model.overs.push(Over::Choice(choice));
    Vec::new()
}

pub(super) fn chose_other(model: &mut Model, row: usize, wish: &Wish) -> Vec<Effect> {
    if row == 0 {
        model.nav.enter(Place::Run);
        return Vec::new();
    }
    // The run may have come to its end while the question stood there.
    if !model.screens.run.walk.as_ref().is_some_and(Walk::is_open) {
        return go_on(model, wish.clone());
    }
    model.screens.run.next = Some(wish.clone());
    vec![Effect::Run(Wish::Leave)]
}

/// Nothing is begun: the operator does not want to wait until it is known who is meant.
pub(super) fn stop(model: &mut Model) -> Vec<Effect> {
    model.screens.run.choosing = None;
    news::leave_place(model);
    model.say(Gravity::Info, "stopped asking who is meant; no run was begun");
    vec![Effect::Run(Wish::Forget)]
}

/// Goes on with what was asked for, once no other run is under way.
pub(super) fn go_on(model: &mut Model, wish: Wish) -> Vec<Effect> {
    model.screens.run.chosen = None;
    match &wish {
        Wish::Choose { book, .. } => {
            if model.books.get(book).is_none() {
                let why = model.books.no_such(book);
                model.say(Gravity::Error, why);
                return Vec::new();
            }
            model.screens.run.walk = None;
            model.screens.run.choosing = Some(book.clone());
            model.nav.enter(Place::Run);
        }
        Wish::Resume(run) => news::put(model, Walk::opening(None, Some(run.clone()))),
        _ => {}
    }
    vec![Effect::Run(wish)]
}

/// Values are filled in: the operator sees whom it is about and says whether to begin.
pub(super) fn ready(model: &mut Model, chosen: Box<Chosen>) -> Vec<Effect> {
    // Who has gone elsewhere meanwhile is not called back by a dialog.
    let wanted = model.screens.run.choosing.take().is_some_and(|id| id == chosen.book.id);
    if !wanted {
        return vec![Effect::Run(Wish::Forget)];
    }
    model.screens.run.chosen = Some(chosen);
    if *model.nav.place() == Place::Run {
        ask::begin(model);
    }
    Vec::new()
}

/// The operator's word: the run is begun.
pub(super) fn start(model: &mut Model) -> Vec<Effect> {
    let Some(chosen) = model.screens.run.chosen.take() else { return Vec::new() };
    news::put(model, Walk::opening(Some(Arc::clone(&chosen.book)), None));
    vec![Effect::Run(Wish::Start)]
}
