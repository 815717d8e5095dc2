//! Runs without an operator: only where every step can be decided beforehand, and only as long as all goes well.

use super::{Asks, Choice, Consent, Decision, Situation};
use crate::runbook::model::{Action, ActionKind, Danger, Form, Runbook, Step};

/// Whether a runbook can run by itself; `given` are the parameters that have a value before it begins.
///
/// # Errors
/// Every reason why not, each with its step.
pub fn can_be_automatic(book: &Runbook, given: &[&str]) -> Result<(), Vec<String>> {
    let mut reasons = Vec::new();
    if book.form == Form::Published {
        reasons.push("it is written to be walked by hand".to_owned());
    }
    for step in book.forward() {
        reasons.extend(human(book, step, given).into_iter().map(|why| format!("{}: {why}", step.id)));
    }
    if reasons.is_empty() { Ok(()) } else { Err(reasons) }
}

/// What in a step needs a person.
fn human(book: &Runbook, step: &Step, given: &[&str]) -> Vec<String> {
    let mut reasons = Vec::new();
    if !step.items.is_empty() {
        reasons.push("it has items that a person makes sure of".to_owned());
    }
    match &step.action {
        None if step.items.is_empty() => reasons.push("it is done by hand".to_owned()),
        None => {}
        Some(action) => reasons.extend(why_not(book, action, given)),
    }
    reasons
}

fn why_not(book: &Runbook, action: &Action, given: &[&str]) -> Option<String> {
    let has_value = |name: &str| given.contains(&name) || book.param(name).is_some_and(|param| param.default.is_some());
    match &action.kind {
        ActionKind::Ask(name) if !has_value(name) => Some(format!("it asks for `{name}`, which has no value yet")),
        ActionKind::Confirm(_) => Some("it asks a question".to_owned()),
        _ if action.danger == Danger::Dangerous => Some("it is dangerous".to_owned()),
        _ if action.second_person => Some("a second person must agree".to_owned()),
        _ => None,
    }
}

/// What is decided in a run without an operator. A step that must be prepared is prepared first.
///
/// # Errors
/// Why the run stops here and waits for an operator.
pub fn auto_decision(situation: &Situation) -> Result<Decision, String> {
    let Situation::Step { step, asks, may } = situation else {
        return match situation {
            Situation::ToFinish => Ok(Decision::Finish),
            Situation::NeedsParams(names) => Err(format!("there is no value for {}", names.join(", "))),
            Situation::ToPrepare(step) => Err(format!("{step}: its target and its preconditions were not looked at")),
            Situation::RollingBack { step, .. } => Err(format!("{step}: only an operator takes something back")),
            Situation::Step { .. } | Situation::Ended => Err("the run has ended".to_owned()),
        };
    };
    match asks {
        Asks::Enter | Asks::Yes | Asks::Value(_) if may.contains(&Choice::Go) => Ok(Decision::Go(Consent::default())),
        Asks::Enter if may.contains(&Choice::Verify) => Ok(Decision::Verify),
        Asks::Trouble(says) | Asks::Settle(says) => Err(format!("{step}: {says}")),
        _ => Err(format!("{step}: an operator must decide")),
    }
}
