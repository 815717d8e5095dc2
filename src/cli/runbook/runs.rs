//! The runs of a folder: listed, found, and read back with the runbook as it was.

use std::path::{Path, PathBuf};

use super::RunsArg;
use crate::{
    cli::{CliError, output, sources},
    clock, config, quantity,
    report::lines::Lines,
    runbook::{
        document,
        incident::{self, Incident},
        journal,
        model::Runbook,
        record::Stamped,
        runs::{self, Run},
        state::State,
    },
    snapshot::Unit,
    text,
};

/// The word for the latest run.
const LAST: &str = "last";

/// The folder of runs.
pub(super) fn folder(arg: &RunsArg, file: &sources::File) -> Result<PathBuf, CliError> {
    Ok(config::runs_folder(arg.runs.as_deref(), file.as_ref()).map_err(sources::usage)?.folder)
}

/// All runs, the latest first.
pub(super) fn all(folder: &Path) -> Result<Vec<Run>, CliError> {
    runs::list(folder).map_err(sources::usage)
}

/// The id of the run that is meant.
pub(super) fn find(folder: &Path, asked: &str) -> Result<String, CliError> {
    if asked == LAST {
        let latest = all(folder)?.into_iter().next().map(|run| run.id);
        return latest.ok_or_else(|| CliError::Usage(format!("there are no runs in {}", folder.display())));
    }
    runs::find(folder, asked).map_err(sources::usage)
}

/// A run as it was written down.
pub(super) struct Told {
    pub(super) book: Runbook,
    pub(super) records: Vec<Stamped>,
    pub(super) state: State,
    /// What a crash left of a last line, in words.
    pub(super) torn: Option<String>,
}

impl Told {
    /// Its record.
    pub(super) fn incident(&self) -> Incident {
        incident::of(&self.book, &self.records, &self.state, clock::now())
    }
}

/// Reads a run back.
///
/// # Errors
/// A journal or runbook that cannot be read, or records that cannot follow each other.
pub(super) fn tell(folder: &Path, run: &str) -> Result<Told, CliError> {
    let path = folder.join(run);
    let reading = journal::read(&path).map_err(sources::usage)?;
    let book = as_it_was(folder, run)?;
    let state = State::fold(&book, &reading.records)
        .map_err(|refusal| CliError::Usage(format!("{}: {refusal}", path.join(journal::JOURNAL).display())))?;
    let torn = reading.torn.map(|torn| {
        format!("line {} was not written to its end ({} bytes); it was never acted on", torn.line, torn.bytes)
    });
    Ok(Told { book, records: reading.records, state, torn })
}

/// The runbook as it was when the run began: the copy beside the journal.
pub(super) fn as_it_was(folder: &Path, run: &str) -> Result<Runbook, CliError> {
    let path = folder.join(run).join(journal::RUNBOOK);
    let text = output::read(&path)?;
    let shown = path.display().to_string();
    document::read(&shown, &text).map_err(|mistakes| {
        let lines = mistakes.iter().map(|m| format!("{shown}:{}:{}: {}", m.place.line, m.place.column, m.message));
        CliError::Usage(lines.collect::<Vec<_>>().join("\n"))
    })
}

/// The list for a terminal.
pub(super) fn list(all: &[Run], folder: &Path, look: super::talk::Look) -> String {
    let mut lines = Lines::new(look.width, look.colour);
    if all.is_empty() {
        lines.line(&format!("there are no runs in {}", folder.display()));
    }
    for run in all {
        let age = run.last_at.map(|at| format!("{} ago", age(at))).unwrap_or_default();
        let started = run.started.as_ref();
        let what = started.map(|s| format!("{} on {}", s.runbook, s.target)).unwrap_or_default();
        let who = run.operator.as_deref().map(|who| format!(", {who}")).unwrap_or_default();
        lines.line(&lines.paint(&text::screen(&run.id), anstyle::Style::new().bold()));
        let words = format!("{}; {what}{who}; {age}", run.standing.words());
        lines.wrapped("  ", "  ", &text::screen(&words));
    }
    lines.into_text()
}

/// How long ago something was.
pub(super) fn age(at: jiff::Timestamp) -> String {
    #[expect(clippy::cast_precision_loss, reason = "an age in seconds")]
    let seconds = (clock::now().as_second() - at.as_second()).max(0) as f64;
    quantity::show(seconds, Unit::Seconds)
}
