//! Writes a live audit down, so that the next one can be held against it.

use crate::{
    cli::{AuditArgs, output, sources},
    config,
    history::{History, HistoryError, Origin, Tally, changes, name_of},
    quantity,
    report::Audit,
    snapshot::Unit,
};

/// Writes an audit down and says what changed since the one before it. That it cannot is said, and fails nothing.
pub(in crate::cli) fn remember(args: &AuditArgs, file: &sources::File, audit: &Audit) {
    let quiet = args.judge.ask.quiet;
    let note = |words: String| {
        if !quiet {
            output::talk(&format!("note: {words}"));
        }
    };
    if args.no_history {
        return;
    }
    // A part would look like an audit in which everything else is gone.
    if !args.judge.choose.only.is_empty() {
        return;
    }
    if args.judge.ask.keep_literals {
        return note("this audit is not kept in the history, because it holds literals of statements".into());
    }
    let path = match config::history_file(None, file.as_ref()) {
        Ok(Some(path)) => path,
        Ok(None) => return,
        Err(error) => return note(format!("this audit is not kept in the history: {error}; --no-history keeps none")),
    };
    match write(&path, audit) {
        Ok(Some(since)) if !quiet => output::talk(&since),
        Ok(_) => {}
        // It is no part of the audit: the exit code stays that of the findings.
        Err(error) => note(format!("this audit is not kept in the history: {error}; --no-history keeps none")),
    }
}

/// What changed since the audit before, where there is one.
fn write(path: &std::path::Path, audit: &Audit) -> Result<Option<String>, HistoryError> {
    let mut history = History::open(path)?;
    let id = history.record(audit, Origin::Audit)?;
    let at = audit.snapshot.finished_at;
    let Some(before) = history.before(&name_of(audit), at)? else { return Ok(None) };
    let then = history.findings(before.id.unwrap_or_default())?;
    let tally = Tally::of(&changes(&then, &audit.findings));
    #[expect(clippy::cast_precision_loss, reason = "an age in seconds")]
    let age = quantity::show(at.duration_since(before.at).as_secs() as f64, Unit::Seconds);
    Ok(Some(format!("since the last audit, {age} before: {}; `loadline history show {id}` says what", tally.words())))
}
