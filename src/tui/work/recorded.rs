//! A recording: everything is there, nobody is asked.

use std::sync::Arc;

use super::{Events, Ground};
use crate::{
    snapshot::{Snapshot, SourceRecord, Value},
    tui::{
        event::Event,
        model::{SourceFault, SourceState},
        screen::live::Sample,
    },
};

/// Judges a recording, and shows it as if its sources had just answered.
pub(in crate::tui) fn show(ground: &Ground, events: &Events) {
    let Some(snapshot) = ground.latest() else { return };
    let _ = events.send(Event::Sources(snapshot.sources.iter().map(|source| state(source, &snapshot)).collect()));
    for source in &snapshot.sources {
        let of = snapshot.observations.iter().filter(|observation| observation.source == source.name);
        let sample = Sample { source: source.clone(), observations: of.cloned().collect() };
        let _ = events.send(Event::Sampled(Arc::new(sample)));
    }
    let _ = events.send(match ground.judge(&snapshot) {
        Ok(audit) => Event::Judged(Arc::new(audit)),
        Err(words) => Event::Failed(words),
    });
}

/// How a source of a recording stood.
fn state(source: &SourceRecord, snapshot: &Snapshot) -> SourceState {
    let fault = source.fault.as_ref().map(|fault| SourceFault {
        words: fault.message.clone(),
        remedy: fault.remedy.clone(),
        since: snapshot.finished_at,
        next: None,
    });
    let answered = snapshot.observations.iter().filter(|o| o.source == source.name).map(|o| o.at).max();
    SourceState {
        name: source.name.clone(),
        kind: source.kind,
        about: about(source),
        answered_at: answered.filter(|_| fault.is_none()),
        took_s: None,
        every: None,
        per_minute: 0.0,
        asking: None,
        fault,
        lost: None,
    }
}

/// What a source says of itself, in a few words: `postgres 16.4 primary`.
pub(super) fn about(source: &SourceRecord) -> String {
    let fact = |name: &str| source.facts.get(name).and_then(Value::as_str).unwrap_or_default();
    // Distributions write more behind the number: `16.4 (Debian 16.4-1)`.
    let version = fact("server").split_whitespace().next().unwrap_or_default();
    let words: Vec<_> = [source.kind.word(), version, fact("role")].into_iter().filter(|w| !w.is_empty()).collect();
    if version.is_empty() && fact("role").is_empty() { String::new() } else { words.join(" ") }
}
