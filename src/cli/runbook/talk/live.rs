//! What a session tells while it works, as lines.

use crate::{
    runbook::{
        incident,
        model::Runbook,
        port::Happening,
        record::Record,
        session::{Event, Work},
        words,
    },
    text,
};

/// A line to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// One that stays.
    Line(String),
    /// One that stands until the next comes: what is looked at while waiting.
    Passing(String),
}

/// The line of an event, where the operator wants to see one.
pub(crate) fn told(book: &Runbook, event: &Event) -> Option<Told> {
    let line = |words: String| Some(Told::Line(text::screen(&words).into_owned()));
    match event {
        Event::Happens { what: Happening::Line(output), .. } => line(format!("  | {output}")),
        Event::Happens { .. } => None,
        Event::Began(work) => began(work).map(Told::Passing),
        Event::Wrote(stamped) => match &stamped.record {
            Record::Sample { seen, .. } => Some(Told::Passing(format!("  looking: {}", words::seen_words(seen)))),
            Record::Outcome { .. }
            | Record::Verified { .. }
            | Record::Regressed { .. }
            | Record::Snapshot { .. }
            | Record::SnapshotFailed { .. } => line(format!("  {}", incident::words(book, &stamped.record)?)),
            Record::Param { value: Some(value), name, origin } => line(format!("  {name} = {value}, from {origin}")),
            _ => None,
        },
    }
}

/// What takes time, while nothing else is told of it.
fn began(work: &Work) -> Option<String> {
    Some(match work {
        Work::Watching => "  looking whether what was verified still holds".to_owned(),
        Work::Surveying(_) => "  looking at the whole target".to_owned(),
        Work::Acting { within, .. } => format!("  running, for at most {}", words::shown(*within)),
        Work::Waiting { lasts, .. } => format!("  waiting {}", words::shown(*lasts)),
        Work::Verifying { within, .. } if within.is_zero() => return None,
        Work::Verifying { within, .. } => format!("  looking at its checks, for at most {}", words::shown(*within)),
        Work::Preparing(_) => return None,
    })
}
