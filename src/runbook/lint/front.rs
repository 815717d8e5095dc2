//! What the front matter promises, against what stands below it and what there is.

use super::{Around, Notes};
use crate::runbook::{
    document::Facts,
    model::{Danger, Place, Runbook},
};

/// After how many days nobody can rely on a reading any more.
const STALE_DAYS: i32 = 365;

pub(super) fn look(book: &Runbook, facts: &Facts, around: &Around<'_>, notes: &mut Notes) {
    let at = |key: &str| facts.front.get(key).copied().unwrap_or(Place { line: 1, column: 1 });
    if let Some(reviewed) = book.reviewed {
        let days = around.today.since(reviewed).map_or(0, |span| span.get_days());
        if days > STALE_DAYS {
            let message = format!(
                "it was last read through on {reviewed}, more than a year ago: read it, try it, and write the new day"
            );
            notes.lesser(at("reviewed"), message);
        } else if days < 0 {
            notes.lesser(
                at("reviewed"),
                format!("{reviewed} is in the future; write the day on which it was last read through"),
            );
        }
    }
    danger(book, at("danger"), notes);
    for check in book.fixes.iter().filter(|check| around.library.check(check).is_none()) {
        notes.grave(at("fixes"), format!("no check `{check}`; `loadline check list` shows them"));
    }
    let file = book.shown.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = file.strip_suffix(".md").unwrap_or(file);
    if stem != book.id {
        notes.lesser(
            at("id"),
            format!(
                "the file is called `{file}` and the runbook `{}`: links lead to the file, runs to the id",
                book.id
            ),
        );
    }
    let kubectl = |book: &Runbook| {
        book.steps().any(|(_, step)| {
            step.action.iter().chain(&step.undo).any(|action| action.kind.word(action.target.as_ref()) == "kubectl")
        })
    };
    if !book.programs.iter().any(|program| program == "kubectl") && kubectl(book) {
        notes.lesser(
            at("programs"),
            "its steps run kubectl; write `programs: [kubectl]`, so that it is looked for at the beginning",
        );
    }
}

fn danger(book: &Runbook, place: Place, notes: &mut Notes) {
    let of = |action: &crate::runbook::model::Action| action.danger;
    let highest = book.steps().flat_map(|(_, step)| step.action.iter().chain(&step.undo).map(of)).max();
    let highest = highest.unwrap_or(Danger::Observe);
    if book.danger < highest {
        let (said, word) = (book.danger.word(), highest.word());
        notes.grave(place, format!("it says danger {said}, and one of its steps is {word}; write `danger: {word}`"));
    } else if book.danger > highest {
        let (said, word) = (book.danger.word(), highest.word());
        notes.lesser(place, format!("it says danger {said}, and none of its steps is more than {word}"));
    }
}
