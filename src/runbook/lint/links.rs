//! What a runbook leads to: other runbooks, and live checks.

use super::{Around, Notes, params::conditions};
use crate::runbook::{condition, model::Runbook};

pub(super) fn look(book: &Runbook, around: &mut Around<'_>, notes: &mut Notes) {
    for (_, step) in book.steps() {
        for branch in &step.branches {
            if branch.runbook == book.id {
                notes.lesser(branch.place, "this leads to the runbook itself");
            } else if !around.books.contains(&branch.runbook) {
                let message = format!("no runbook `{}`; `loadline runbook list` shows them all", branch.runbook);
                notes.grave(branch.place, message);
            }
        }
        for (nth, of) in conditions(step).enumerate() {
            let name = format!("{} {} lint {nth}", book.id, step.id);
            if let Err(message) = condition::compile(around.library, book, of, &name) {
                notes.grave(of.place, message);
            }
        }
    }
}
