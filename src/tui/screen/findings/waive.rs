//! A fail is accepted for a time: who answers for it, why, until when.

use super::{Purpose, Wish};
use crate::{
    check::finding::Status,
    sign::Waive,
    tui::{
        event::Effect,
        model::{Gravity, Model},
        over::{Field, Form, Grade, Over, Purpose as Of},
        theme::Meaning,
    },
};

/// How long a waiver holds unless something else is typed.
const HOLDS: &str = "30d";

/// Whom a waiver is about, as it is asked.
const SUBJECTS: [&str; 2] = ["this subject", "every subject"];

/// Why what is chosen cannot be accepted.
pub(super) fn why_not(model: &Model) -> Option<&'static str> {
    match model.chosen_finding().map(|finding| finding.status) {
        None => Some("nothing is chosen"),
        Some(Status::Waived) => Some("it is accepted already"),
        Some(Status::Fail) if model.folders.is_none() && model.is_recorded() => {
            Some("a recording, and no folder for waivers: open it with --waivers DIR")
        }
        Some(Status::Fail) if model.folders.is_none() => Some("no folder for waivers: open it with --waivers DIR"),
        Some(Status::Fail) => None,
        Some(_) => Some("only a fail can be accepted"),
    }
}

/// Asks what a waiver needs.
pub(super) fn ask(model: &mut Model) {
    let Some(finding) = model.chosen_finding() else { return };
    let given = Waive {
        check: finding.check.clone(),
        subject: finding.subject.clone(),
        owner: model.person.clone().unwrap_or_default(),
        expires: HOLDS.to_owned(),
        ..Waive::default()
    };
    let subject = finding.subject.clone();
    let form = form(model, &subject, &given);
    model.overs.push(Over::Form(form));
}

/// The form, with what is known filled in. `subject` is that of the finding, the waiver's own may be `*`.
fn form(model: &Model, subject: &str, given: &Waive) -> Form {
    let folder = model.folders.as_ref().and_then(|folders| folders.waivers.as_ref());
    let folder = folder.map_or_else(|| "waivers".to_owned(), |folder| folder.display().to_string());
    let recorded = if model.is_recorded() { "This is a recording; the file" } else { "The file" };
    let about = format!("{recorded} goes into {folder}; who may change it is a matter of its review.");
    let of = usize::from(given.subject == "*");
    let purpose = Purpose::Waive { check: given.check.clone(), subject: subject.to_owned() };
    Form::new("Accept this fail for a time", "accept", Grade::Plain, Of::Findings(purpose))
        .line(Meaning::Title, &format!("{}: {subject}", given.check))
        .line(Meaning::Muted, &about)
        .field(Field::text("reason: why it is accepted", &given.reason))
        .field(Field::text("owner: who answers for it", &given.owner))
        .field(Field::text("until: its last day, or for how long", &given.expires))
        .field(Field::words("for", &SUBJECTS, of))
        .field(Field::text("ticket: where the work is written down", given.ticket.as_deref().unwrap_or("")).optional())
}

/// Takes what was filled in.
pub(super) fn answered(_model: &mut Model, check: &str, subject: &str, values: &[String]) -> Vec<Effect> {
    let value = |at: usize| values.get(at).map(|value| value.trim().to_owned()).unwrap_or_default();
    let every = value(3) == SUBJECTS[1];
    let waive = Waive {
        check: check.to_owned(),
        subject: if every { "*".to_owned() } else { subject.to_owned() },
        reason: value(0),
        owner: value(1),
        expires: value(2),
        ticket: Some(value(4)).filter(|ticket| !ticket.is_empty()),
        approved_by: None,
    };
    vec![Effect::Findings(Wish::Waive(Box::new(waive), subject.to_owned()))]
}

/// Tells what became of it. What was refused is asked again, with everything that was typed.
pub(super) fn told(model: &mut Model, waive: &Waive, subject: &str, result: Result<String, String>) -> Vec<Effect> {
    match result {
        Ok(path) => {
            model.say(Gravity::Info, format!("accepted until {}: {path}", waive.expires));
            if model.is_recorded() { Vec::new() } else { vec![Effect::Refresh(None)] }
        }
        Err(why) => {
            let mut form = form(model, subject, waive);
            form.error = Some(why.clone());
            // The form shows one line of it; all of it is kept among the messages.
            model.say(Gravity::Error, format!("not accepted: {why}"));
            model.overs.push(Over::Form(form));
            Vec::new()
        }
    }
}
