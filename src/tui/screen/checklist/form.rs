//! The forms by which a criterion is signed. What was filled in before and refused stands in them again.

use std::path::Path;

use jiff::{civil::Date, tz::TimeZone};

use super::{Act, Purpose};
use crate::{
    readiness::checklist::{Item, ends},
    tui::{
        model::Model,
        over::{Field, Form, Grade},
        screen,
        theme::Meaning,
    },
};

/// What an answer may say.
pub(in crate::tui) const ANSWERS: [&str; 3] = ["yes", "no", "n-a"];

/// What may be said of the evidence of an answer that is renewed.
pub(in crate::tui) const EVIDENCE: [&str; 3] = ["not looked at", "looked at, holds", "new, below"];

/// The form for an item.
pub(super) fn of(model: &Model, act: Act, item: &Item) -> Form {
    let id = item.id.clone();
    let (purpose, title, verb) = match act {
        Act::Approve => (Purpose::Approve(id), "Approve the answer", "approve"),
        Act::Renew => (Purpose::Renew(id), "The answer still holds", "renew"),
        Act::Waive => (Purpose::Waive(id), "Accept the fail for a time", "accept"),
        _ => (Purpose::Answer(id), "Answer", "answer"),
    };
    let draft =
        model.screens.checklist.draft.as_ref().filter(|(of, _)| *of == purpose).map(|(_, values)| values.as_slice());
    let values = Values { draft: draft.unwrap_or_default() };
    let mut form = Form::new(title, verb, Grade::Plain, screen::Purpose::Checklist(purpose.clone()));
    form = said(form, item);
    form = place(form, model, act, item);
    let fields = match purpose {
        Purpose::Answer(_) => answer(model, item, &values),
        Purpose::Approve(_) => vec![values.text(0, "who approves", &other(model, item))],
        Purpose::Renew(_) => renew(model, item, &values),
        Purpose::Waive(_) => waive(model, &values),
    };
    fields.into_iter().fold(form, Form::field)
}

/// What was filled in before.
struct Values<'v> {
    draft: &'v [String],
}

impl Values<'_> {
    fn text(&self, at: usize, label: &str, otherwise: &str) -> Field {
        Field::text(label, self.draft.get(at).map_or(otherwise, String::as_str))
    }

    fn words(&self, at: usize, label: &str, words: &[&str]) -> Field {
        let chosen = self.draft.get(at).and_then(|said| words.iter().position(|word| word == said));
        Field::words(label, words, chosen.unwrap_or(0))
    }
}

/// Says what is signed, so that nobody signs something else.
fn said(form: Form, item: &Item) -> Form {
    let form = form.line(Meaning::Title, &item.title);
    let form = match &item.question {
        Some(question) => {
            let form = form.line(Meaning::Text, &question.text);
            let wanted = if question.evidence.is_empty() {
                String::new()
            } else {
                format!("Evidence wanted: {}. ", question.evidence)
            };
            let second = if question.two_person { ", once a second person approves it" } else { "" };
            form.line(Meaning::Muted, &format!("{wanted}Holds at most {}{second}.", question.max_age))
        }
        None => form.line(Meaning::Text, &item.message),
    };
    match (&item.answered_by, item.answered_on, item.until) {
        (Some(by), Some(on), Some(until)) => {
            form.line(Meaning::Accent, &format!("So far: {by} on {on}, until {until}: {}", item.message))
        }
        _ => form,
    }
}

/// Says where it is written; over a recording, what that means.
fn place(form: Form, model: &Model, act: Act, item: &Item) -> Form {
    let folder = model.folders.as_ref().and_then(|folders| match act {
        Act::Waive => folders.waivers.as_deref(),
        _ => folders.attestations.as_deref(),
    });
    let folder = folder.unwrap_or(Path::new(""));
    let file = if act == Act::Waive { folder.to_owned() } else { folder.join(format!("{}.toml", item.id)) };
    let form = form.line(Meaning::Muted, &format!("Written to {}", file.display()));
    if model.is_recorded() {
        form.line(Meaning::Warn, "A recording: the file is real, and what was recorded is judged with it.")
    } else {
        form
    }
}

fn answer(model: &Model, item: &Item, values: &Values) -> Vec<Field> {
    vec![
        values.words(0, "answer", &ANSWERS),
        values.text(1, "by", model.person.as_deref().unwrap_or_default()),
        values.text(2, "its last day, or 90d", &latest(model, item)),
        values.text(3, "evidence: words or a link; a yes needs one", "").optional(),
        values.text(4, "file of evidence, kept with its SHA-256", "").optional(),
        values.text(5, "note; n-a needs one", "").optional(),
    ]
}

fn renew(model: &Model, item: &Item, values: &Values) -> Vec<Field> {
    vec![
        values.words(0, "its evidence", &EVIDENCE),
        values.text(1, "who says that it still holds", model.person.as_deref().unwrap_or_default()),
        values.text(2, "its last day, or 90d", &latest(model, item)),
        values.text(3, "new evidence: words or a link", "").optional(),
        values.text(4, "new file of evidence", "").optional(),
    ]
}

fn waive(model: &Model, values: &Values) -> Vec<Field> {
    vec![
        values.text(0, "reason", ""),
        values.text(1, "who answers for it", model.person.as_deref().unwrap_or_default()),
        values.text(2, "its last day, or 30d; at most a year", "30d"),
        values.text(3, "ticket", "").optional(),
        values.text(4, "approved by", "").optional(),
    ]
}

/// The latest day that the question allows.
fn latest(model: &Model, item: &Item) -> String {
    let today: Date = model.now.to_zoned(TimeZone::UTC).date();
    let of = |question: &crate::readiness::checklist::Asked| ends::end(&question.max_age, today).ok();
    item.question.as_ref().and_then(of).map(|day| day.to_string()).unwrap_or_default()
}

/// Who sits here, unless the same person answered.
fn other(model: &Model, item: &Item) -> String {
    let answered = item.answered_by.as_deref().unwrap_or_default();
    let person = model.person.clone().unwrap_or_default();
    if crate::readiness::same_person(&person, answered) { String::new() } else { person }
}
