//! What is started: a program found in the search path, its arguments, its whole environment.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// A program to be started.
pub(in crate::runbook::hands) struct Program {
    /// Where it is.
    pub(in crate::runbook::hands) path: PathBuf,
    /// Its arguments.
    pub(in crate::runbook::hands) args: Vec<String>,
    /// Its whole environment.
    pub(in crate::runbook::hands) env: BTreeMap<String, String>,
    /// Whether it gets a terminal.
    pub(in crate::runbook::hands) pty: bool,
}

/// Where a program is that is named as on a command line.
///
/// # Errors
/// Where it was looked for.
pub(in crate::runbook::hands) fn find(name: &str, env: &BTreeMap<String, String>) -> Result<PathBuf, String> {
    if name.contains('/') {
        return Ok(name.into());
    }
    let search = env.get("PATH").map(String::as_str).unwrap_or_default();
    // A relative folder in the search path would run whatever lies where the operator happens to be.
    let folders = search.split(':').map(Path::new).filter(|folder| folder.is_absolute());
    let mut candidates = folders.map(|folder| folder.join(name)).filter(|path| path.is_file());
    let found = candidates.clone().find(|path| executable(path)).or_else(|| candidates.next());
    found.ok_or_else(|| format!("there is no program {name} in PATH ({search}); install it, or extend PATH"))
}

fn executable(path: &Path) -> bool {
    rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok()
}
