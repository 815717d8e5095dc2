//! Questions to the person at the terminal, for words that the command line left out.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use crate::cli::CliError;

/// A word of the command line, or the answer of whoever sits there.
///
/// # Errors
/// Nobody sits there, or says nothing.
pub(super) fn required(given: Option<&str>, flag: &str, label: &str) -> Result<String, CliError> {
    let said = given.map(str::to_owned).or_else(|| ask(label));
    let said = said.map(|said| said.trim().to_owned()).filter(|said| !said.is_empty());
    said.ok_or_else(|| CliError::Usage(format!("--{flag} is missing ({label})")))
}

/// Whether whoever sits there says yes.
pub(super) fn confirmed(label: &str) -> bool {
    ask(&format!("{label} [y/N]")).is_some_and(|said| matches!(said.trim(), "y" | "Y" | "yes"))
}

/// Asks, where standard input is a terminal.
pub(super) fn ask(label: &str) -> Option<String> {
    if !io::stdin().is_terminal() {
        return None;
    }
    let _ = write!(io::stderr(), "{label}: ");
    let _ = io::stderr().flush();
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).ok()?;
    Some(line)
}
