//! The checklist for people, spreadsheets and programs.

mod csv;
mod human;
mod markdown;

pub use csv::csv;
pub use human::human;
pub use markdown::markdown;

use serde_json::{Value as Json, json};

use crate::readiness::checklist::{Checklist, Item, State};

/// What is shown of a checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// What holds and what does not apply, too.
    pub all: bool,
    /// An empty line to sign for each item.
    pub signatures: bool,
}

/// The checklist for programs: one object, always whole.
///
/// # Errors
/// None in practice: every number in it is finite.
pub fn json(checklist: &Checklist, signatures: bool) -> Result<String, serde_json::Error> {
    let mut value = serde_json::to_value(checklist)?;
    let items = value.get_mut("items").and_then(Json::as_array_mut).filter(|_| signatures);
    for item in items.into_iter().flatten().filter_map(Json::as_object_mut) {
        item.insert("signature".into(), json!({ "by": "", "on": "" }));
    }
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

fn is_shown(shown: Shown, state: State) -> bool {
    shown.all || !matches!(state, State::Holds | State::NotApplicable)
}

/// Who answered, since when, until when; empty where nobody did.
fn answered(item: &Item) -> String {
    let Some(by) = &item.answered_by else {
        return item.until.map(|until| format!("until {until}{}", left(item))).unwrap_or_default();
    };
    let on = item.answered_on.map(|on| format!(" on {on}")).unwrap_or_default();
    let approved = item.approved_by.as_ref().map(|by| format!(", approved by {by}")).unwrap_or_default();
    let until = item.until.map(|until| format!(", until {until}{}", left(item))).unwrap_or_default();
    format!("{by}{on}{approved}{until}")
}

fn left(item: &Item) -> String {
    match item.days_left {
        None => String::new(),
        Some(0) => " (today)".into(),
        Some(days) if days < 0 => format!(" ({} ago)", plural(days.unsigned_abs() as usize, "day")),
        Some(days) => format!(" ({} left)", plural(days.unsigned_abs() as usize, "day")),
    }
}

/// The question with the evidence that is wanted.
fn asks(item: &Item) -> Option<String> {
    let question = item.question.as_ref()?;
    let evidence =
        if question.evidence.is_empty() { String::new() } else { format!(" Evidence: {}.", question.evidence) };
    let second = if question.two_person { ", by two persons" } else { "" };
    Some(format!("{}{evidence} (an answer holds at most {}{second})", question.text, question.max_age))
}

/// `1 item`, `3 items`.
fn plural(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}

/// The whole in a line: how many items are in which state.
fn summary(checklist: &Checklist) -> String {
    let words = checklist.counts.iter().map(|(state, n)| format!("{n} {}", state.words().to_lowercase()));
    let items = plural(checklist.items.len(), "item");
    if checklist.items.is_empty() { items } else { format!("{items}: {}", words.collect::<Vec<_>>().join(", ")) }
}

/// A waiver in a line.
pub(super) fn waiver(line: &crate::readiness::model::WaiverLine) -> String {
    let w = &line.waiver;
    let state = format!("{:?}", line.state).to_lowercase();
    let until = w.expires.map(|day| format!(" until {day}")).unwrap_or_default();
    let subject = if w.subject == "*" { String::new() } else { format!(" of {}", w.subject) };
    let what = if w.check.is_empty() { w.file.clone() } else { format!("{}{subject}", w.check) };
    let ground = if w.reason.is_empty() { String::new() } else { format!(", {}{until}: {}", w.owner, w.reason) };
    let ticket = w.ticket.as_ref().map(|ticket| format!(" ({ticket})")).unwrap_or_default();
    let why = if line.why.is_empty() { String::new() } else { format!("; {}", line.why) };
    format!("{state}: {what}{ground}{ticket}{why}")
}
