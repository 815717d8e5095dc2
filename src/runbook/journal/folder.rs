//! The folder of a run: how it is named, made, and what it holds.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    hash::{BuildHasher as _, RandomState},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::{JournalError, RUNBOOK};
use crate::runbook::record::Way;

/// What a new run's folder is made from.
#[derive(Debug, Clone, Copy)]
pub struct New<'a> {
    /// The folder of all runs; made where it is missing.
    pub runs: &'a Path,
    /// The runbook's id.
    pub runbook: &'a str,
    /// Its text, of which a copy is kept.
    pub text: &'a str,
    /// The machine's name, for whoever finds the lock taken.
    pub host: &'a str,
    /// When the run begins.
    pub at: Timestamp,
}

/// The most characters of a runbook's or step's id in the name of a file.
const WORD_CAP: usize = 80;

/// The file that takes all output of an attempt.
pub fn output_name(step: &str, way: Way, attempt: u32) -> String {
    let undo = match way {
        Way::Act => "",
        Way::Undo => "-undo",
    };
    format!("out-{}{undo}-{attempt}.txt", word(step))
}

/// Makes the folder of a run, which nobody else may read, and says its id and path.
pub(super) fn make(new: &New<'_>) -> Result<(String, PathBuf), JournalError> {
    DirBuilder::new().recursive(true).mode(0o700).create(new.runs).map_err(JournalError::make(new.runs))?;
    let mut taken = io::Error::from(io::ErrorKind::AlreadyExists);
    for _ in 0..64 {
        let id = id(new.at, new.runbook);
        let path = new.runs.join(&id);
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => return Ok((id, path)),
            Err(why) if why.kind() == io::ErrorKind::AlreadyExists => taken = why,
            Err(why) => return Err(JournalError::Make { path, why }),
        }
    }
    Err(JournalError::Make { path: new.runs.to_owned(), why: taken })
}

/// Keeps the copy of the runbook's text.
pub(super) fn keep_text(folder: &Path, text: &str) -> Result<(), JournalError> {
    let path = folder.join(RUNBOOK);
    keep(&path, text.as_bytes()).map_err(JournalError::write(&path))
}

/// Writes a file beside the journal that only its owner may read, and syncs it.
pub(super) fn keep(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Syncs the names in a folder: a file that was just made is otherwise lost with the power.
pub(super) fn sync(folder: &Path) -> Result<(), JournalError> {
    File::open(folder).and_then(|file| file.sync_all()).map_err(JournalError::write(folder))
}

/// Ids sort by time and say what was walked; the end tells two of the same second apart.
fn id(at: Timestamp, runbook: &str) -> String {
    let chance = RandomState::new().hash_one(at) & 0xffff;
    format!("{}-{}-{chance:04x}", at.strftime("%Y%m%dT%H%M%SZ"), word(runbook))
}

/// An id as part of a file's name: nothing in it can leave the folder, hide, or confuse a shell.
fn word(id: &str) -> String {
    let harmless = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let word: String = id.chars().take(WORD_CAP).map(harmless).collect();
    if word.is_empty() { "x".to_owned() } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_say_what_was_walked() {
        let at: Timestamp = "2026-11-21T05:15:00.9Z".parse().unwrap();
        let id = id(at, "idle-in-transaction");
        assert!(id.starts_with("20261121T051500Z-idle-in-transaction-"), "{id}");
        assert_eq!(id.rsplit('-').next().map(str::len), Some(4), "{id}");
    }

    #[test]
    fn a_hostile_id_stays_a_plain_file_name() {
        assert_eq!(output_name("../../etc/x y", Way::Act, 1), "out-------etc-x-y-1.txt");
        assert_eq!(output_name("raise", Way::Undo, 2), "out-raise-undo-2.txt");
        assert_eq!(output_name("", Way::Act, 1), "out-x-1.txt");
    }
}
