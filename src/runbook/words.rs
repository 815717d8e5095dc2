//! What is said of steps, targets and checks, in a line each, harmless for a screen. One wording for every front end.

use std::time::Duration;

use super::{
    condition,
    model::{Danger, Runbook, Step, Verify},
    port::{Identity, Values},
    record::Seen,
};
use crate::{quantity, snapshot::Unit, text};

/// Where a step is, in words: its place among the steps of its way.
pub fn place(book: &Runbook, step: &Step) -> String {
    let forward: Vec<_> = book.forward().map(|step| step.id.as_str()).collect();
    match forward.iter().position(|id| *id == step.id) {
        Some(at) => format!("step {} of {}", at + 1, forward.len()),
        None => "on the way back".to_owned(),
    }
}

/// A target with what tells it from others, in a line.
pub fn target(identity: &Identity) -> String {
    let environment = identity.environment.as_ref().map(|e| format!(" [{}]", e.to_uppercase())).unwrap_or_default();
    let facts: Vec<_> = identity.facts.iter().map(|(name, value)| format!("{name} {value}")).collect();
    let facts = if facts.is_empty() { String::new() } else { format!(": {}", facts.join(", ")) };
    let words = format!("{} ({}){environment} at {}{facts}", identity.name(), identity.kind.word(), identity.address);
    text::screen(&words).into_owned()
}

/// What a check said.
pub fn seen_words(seen: &Seen) -> String {
    let word = match seen.holds {
        Some(true) => "holds",
        Some(false) => "DOES NOT HOLD",
        None => "NOT MEASURED",
    };
    let says = if seen.says.is_empty() { String::new() } else { format!("; {}", seen.says) };
    text::screen(&format!("{}: {word}{says}", seen.condition)).into_owned()
}

/// A condition with its patience.
pub fn verify_words(verify: &Verify, values: &Values) -> String {
    let within = (!verify.within.is_zero()).then(|| format!(", within {}", shown(verify.within)));
    let hold = (!verify.hold.is_zero()).then(|| format!(", for {} without a break", shown(verify.hold)));
    let words = [Some(condition::words(&verify.condition, values)), within, hold];
    let words: String = words.into_iter().flatten().collect();
    text::screen(&words).into_owned()
}

/// A duration as people read it.
pub fn shown(time: Duration) -> String {
    quantity::show(time.as_secs_f64(), Unit::Seconds)
}

/// How much an action can harm, in words: `it only reads`.
pub fn harm(danger: Danger) -> &'static str {
    match danger {
        Danger::Observe => "it only reads",
        Danger::Change => "it changes something",
        Danger::Dangerous => "it disrupts, or cannot be taken back",
    }
}
