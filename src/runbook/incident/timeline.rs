//! What happened, in order, a sentence a record. What only fills the journal (samples, processes) is left out.

use jiff::Timestamp;

use super::Entry;
use crate::{
    quantity,
    runbook::{
        model::Runbook,
        record::{End, Ended, Mode, Outcome, Record, Seen, Stamped, Verdict, Way, When, Word},
        state::State,
    },
    snapshot::Unit,
};

/// The entries of a journal.
pub(super) fn of(book: &Runbook, records: &[Stamped]) -> Vec<Entry> {
    let began = records.first().map(|first| first.at);
    let entry = |stamped: &Stamped| {
        let (step, who, what) = told(book, &stamped.record)?;
        let since_ms = began.map_or(0, |began| ms_between(began, stamped.at));
        Some(Entry { at: stamped.at, since_ms, step, who, what })
    };
    records.iter().filter_map(entry).collect()
}

/// How a run stands, in words.
pub(super) fn came_to(state: &State) -> &'static str {
    if state.started.as_ref().is_some_and(|started| started.mode == Mode::Plan) {
        return "rehearsed";
    }
    match &state.ended {
        Some((End::Completed, _)) => "completed",
        Some((End::CompletedExceptDeferred, _)) => "completed, except for what was deferred or still stands",
        Some((End::Aborted, _)) => "given up",
        Some((End::RolledBack, _)) => "rolled back",
        None if state.paused => "paused",
        None => "open",
    }
}

/// Everybody who decided something, each once, in order of first sight.
pub(super) fn operators(records: &[Stamped]) -> Vec<String> {
    let by = |stamped: &Stamped| match &stamped.record {
        Record::Started(started) => Some(started.operator.clone()),
        Record::Resumed { operator, .. } => Some(operator.clone()),
        Record::Decided { by, .. } => Some(by.clone()),
        _ => None,
    };
    each_once(records.iter().filter_map(by))
}

/// Second persons, each once.
pub(super) fn second_persons(records: &[Stamped]) -> Vec<String> {
    let by = |stamped: &Stamped| match &stamped.record {
        Record::Decided { approved_by, .. } => approved_by.clone(),
        _ => None,
    };
    each_once(records.iter().filter_map(by))
}

fn each_once(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

/// How long nobody was there: from the record before each resumption to it.
pub(super) fn paused_ms(records: &[Stamped]) -> u64 {
    let pairs = records.iter().zip(records.iter().skip(1));
    pairs
        .filter(|(_, next)| matches!(next.record, Record::Resumed { .. }))
        .map(|(last, next)| ms_between(last.at, next.at))
        .sum()
}

/// Milliseconds from one instant to a later one; none where the clock went back.
pub(super) fn ms_between(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.as_millisecond() - from.as_millisecond()).unwrap_or(0)
}

pub(super) type Told = (Option<String>, Option<String>, String);

pub(super) fn told(book: &Runbook, record: &Record) -> Option<Told> {
    let program = |step: &String, what: String| Some((Some(step.clone()), None, what));
    match record {
        Record::Started(started) => {
            let for_finding = started.finding.as_ref().map(|f| format!(" for {f}")).unwrap_or_default();
            Some((None, Some(started.operator.clone()), format!("started on {}{for_finding}", started.target)))
        }
        Record::Resumed { operator, host, changed, .. } => {
            let changed =
                if changed.is_empty() { String::new() } else { format!("; changed since: {}", changed.join("; ")) };
            Some((None, Some(operator.clone()), format!("taken up again on {host}{changed}")))
        }
        Record::Param { name, value, origin } => {
            let value = value.as_ref().map_or(" is a secret".to_owned(), |value| format!(" = {value}"));
            Some((None, None, format!("{name}{value} (from {origin})")))
        }
        Record::Decided { step, what, by, approved_by, reason } => {
            let approved = approved_by.as_ref().map(|who| format!(", agreed by {who}")).unwrap_or_default();
            let reason = reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
            let what = format!("{}{approved}{reason}", decided(book, what));
            Some((step.clone(), Some(by.clone()), what))
        }
        Record::Intent { step, attempt, way, .. } => {
            let again = if *attempt > 1 { format!(", attempt {attempt}") } else { String::new() };
            program(step, format!("{} begun{again}", way_word(*way)))
        }
        Record::Outcome { step, way, outcome, .. } => program(step, format!("{} {}", way_word(*way), ended(outcome))),
        Record::Required { step, seen } if seen.holds != Some(true) => {
            program(step, format!("precondition not met: {}", seen_words(seen)))
        }
        Record::Unresolved { step, says } => program(step, format!("its target could not be asked who it is: {says}")),
        Record::Verified { step, verdict, seen, took_ms } => {
            let seen: Vec<_> = seen.iter().map(seen_words).collect();
            let seen = if seen.is_empty() { String::new() } else { format!(": {}", seen.join("; ")) };
            program(step, format!("{} after {}{seen}", verdict_word(*verdict), shown_ms(*took_ms)))
        }
        Record::Regressed { step, seen } => program(step, format!("no longer verified: {}", seen_words(seen))),
        Record::Snapshot { when, findings, .. } => {
            let when = match when {
                When::Before => "before the first action",
                When::After => "at the end",
            };
            Some((None, None, format!("target looked at {when}: {} not in order", count(findings.len(), "finding"))))
        }
        Record::SnapshotFailed { why, .. } => Some((None, None, format!("the target could not be looked at: {why}"))),
        Record::Ended { how } => Some((None, None, ended_run(*how).to_owned())),
        Record::Resolved { .. }
        | Record::Required { .. }
        | Record::UndoRegistered { .. }
        | Record::Spawned { .. }
        | Record::Sample { .. } => None,
    }
}

fn decided(book: &Runbook, word: &Word) -> String {
    match word {
        Word::Confirmed => "said go".into(),
        Word::Overridden => "went on in spite of what the check says".into(),
        Word::Retry => "decided to try again".into(),
        Word::Skipped => "left out".into(),
        Word::Deferred => "left for later".into(),
        Word::Ticked { item } => format!("made sure of: {item}"),
        Word::DoneByHand { evidence } => format!("done by hand, seen by: {evidence}"),
        Word::SettledDone { evidence } => format!("settled as done, seen by: {evidence}"),
        Word::SettledNotDone { evidence } => format!("settled as not done, seen by: {evidence}"),
        Word::RollBack => "decided to take back what was done".into(),
        Word::WentTo { to } => {
            let title = book.step(to).map_or(to.as_str(), |step| step.title.as_str());
            format!("went to: {title}")
        }
        Word::Paused => "paused".into(),
        Word::Aborted => "gave up".into(),
        Word::Note { text } => format!("noted: {text}"),
    }
}

fn way_word(way: Way) -> &'static str {
    match way {
        Way::Act => "action",
        Way::Undo => "undo",
    }
}

/// How an action ended, in a sentence.
pub(super) fn ended(outcome: &Outcome) -> String {
    let took = shown_ms(outcome.took_ms);
    let says = if outcome.says.is_empty() { String::new() } else { format!(": {}", outcome.says) };
    match outcome.ended {
        Ended::Succeeded => format!("done after {took}{says}"),
        Ended::Failed => format!("failed after {took}{says}"),
        Ended::TimedOut => format!("over its time after {took}; whether it was done is not known{says}"),
        Ended::Cancelled => format!("stopped after {took}; whether it was done is not known{says}"),
        Ended::Unknown => format!("outcome unknown after {took}{says}"),
    }
}

/// What a verdict is called.
pub(super) fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Held => "verified",
        Verdict::NotHeld => "not verified",
        Verdict::Unknown => "could not be measured",
        Verdict::Stopped => "verifying stopped",
    }
}

fn ended_run(how: End) -> &'static str {
    match how {
        End::Completed => "completed",
        End::CompletedExceptDeferred => "completed, except for what was deferred or still stands",
        End::Aborted => "given up; what was done stays",
        End::RolledBack => "rolled back",
    }
}

fn seen_words(seen: &Seen) -> String {
    format!("{} ({})", seen.condition, seen.says)
}

fn count(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}

#[expect(clippy::cast_precision_loss, reason = "durations of a run, shown in three places")]
fn shown_ms(ms: u64) -> String {
    quantity::show(ms as f64, Unit::Milliseconds)
}
