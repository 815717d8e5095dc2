//! The runs of a folder: listed and found.

use std::path::{Path, PathBuf};

use super::RunsArg;
use crate::{
    cli::{CliError, sources},
    clock, config, quantity,
    report::lines::Lines,
    runbook::runs::{self, Run},
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
