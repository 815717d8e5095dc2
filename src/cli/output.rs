//! Data on standard output, talk on standard error, and the only places that print.

use std::{
    io::{self, IsTerminal, Write},
    path::Path,
};

use super::CliError;
use crate::snapshot::Snapshot;

/// Writes data. A reader that has seen enough (`| head`) is no error.
pub(super) fn data(text: &str) -> Result<(), CliError> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(CliError::Internal(format!("write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Says something that is no data.
pub(super) fn talk(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Says what went wrong, in red where colours are wished.
pub(super) fn complain(text: &str) {
    let style = anstyle::Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into()));
    talk(&format!("{style}error{style:#}: {text}"));
}

/// Writes a file.
#[expect(clippy::disallowed_methods, reason = "the file that the operator asked for")]
pub(super) fn file(path: &Path, text: &str) -> Result<(), CliError> {
    std::fs::write(path, text).map_err(|error| CliError::Usage(format!("write {}: {error}", path.display())))
}

/// Writes a snapshot into a file.
pub(super) fn snapshot(path: &Path, snapshot: &Snapshot) -> Result<(), CliError> {
    file(path, &snapshot_text(snapshot)?)
}

/// The text of a snapshot's file.
pub(super) fn snapshot_text(snapshot: &Snapshot) -> Result<String, CliError> {
    snapshot.write().map_err(|error| CliError::Internal(format!("write the snapshot: {error}")))
}

/// Reads a file.
#[expect(clippy::disallowed_methods, reason = "the file that the operator named")]
pub(super) fn read(path: &Path) -> Result<String, CliError> {
    std::fs::read_to_string(path).map_err(|error| CliError::Usage(format!("read {}: {error}", path.display())))
}

/// Whether standard error is watched by a person, on a terminal that can take a line back.
#[expect(clippy::disallowed_methods, reason = "the terminal's own word on what it can do")]
pub(super) fn is_watched() -> bool {
    io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// The width to write for: the terminal's, but no wider than reads well; 80 where there is none.
pub(super) fn width() -> usize {
    let found = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    found.filter(|_| io::stdout().is_terminal()).unwrap_or(80).clamp(40, 110)
}

/// Whether standard output shows colours: NO_COLOR, CLICOLOR, TERM and pipes are heeded.
pub(super) fn is_colourful() -> bool {
    !matches!(anstream::AutoStream::choice(&io::stdout()), anstream::ColorChoice::Never)
}
