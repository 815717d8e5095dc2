//! The file: audits, their findings, and the numbers of findings.

mod read;
mod tables;
mod told;
mod write;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags};

pub use told::{Listed, Series};
pub use write::{HOURLY_AFTER, MOST_FINDINGS};

/// How long one program waits for another that writes, in milliseconds.
const PATIENCE_MS: u64 = 5_000;

/// Why the history cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// Its folder or file cannot be made or read.
    #[error("open the history {}: {why}; say where it may be kept by `history = \"FILE\"` in loadline.toml", path.display())]
    Place {
        /// Which.
        path: PathBuf,
        /// What the system said.
        why: std::io::Error,
    },
    /// A later program wrote it.
    #[error(
        "open the history {}: its format is {found}, and this program reads up to {}; install a newer loadline, or name another file",
        path.display(), tables::VERSION
    )]
    Later {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
    },
    /// It is a database of something else.
    #[error("open the history {}: it is a database of another program; name another file", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The database complained.
    #[error("use the history {}: {why}; {}", path.display(), remedy(why))]
    Database {
        /// The file.
        path: PathBuf,
        /// What it said.
        why: rusqlite::Error,
    },
    /// Whoever wanted to read it does not any more.
    #[error("reading the history {} was stopped", path.display())]
    Stopped {
        /// The file.
        path: PathBuf,
    },
    /// There is no such audit in it.
    #[error("the history {} has no audit {id}; `loadline history` lists those it has", path.display())]
    NoAudit {
        /// The file.
        path: PathBuf,
        /// The number that was asked for.
        id: i64,
    },
}

fn remedy(why: &rusqlite::Error) -> &'static str {
    match why.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            "it is damaged or no history: move it away, and the next audit begins a new one"
        }
        Some(ErrorCode::DiskFull) => "make room on its disk",
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "make it and its folder writable for you, or name another file"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program has it open and writes; try again"
        }
        _ => "name another file by `history = \"FILE\"` in loadline.toml",
    }
}

/// Past audits, in a file.
pub struct History {
    path: PathBuf,
    db: Connection,
}

impl std::fmt::Debug for History {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "History({})", self.path.display())
    }
}

impl History {
    /// Opens the file to write, and makes it and its folder where they are not there, for nobody else to read.
    ///
    /// # Errors
    /// A place that cannot be written, a file of a later format, or one that is no history.
    pub fn open(path: &Path) -> Result<Self, HistoryError> {
        make(path).map_err(|why| HistoryError::Place { path: path.to_owned(), why })?;
        let history = Self::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        match tables::make(&history.db).map_err(|why| history.failed(why))? {
            tables::Found::Ours => Ok(history),
            found => Err(history.refused(found)),
        }
    }

    /// Opens the file to read; none where there is none yet.
    ///
    /// # Errors
    /// A file that cannot be read, is of a later format, or is no history.
    pub fn read(path: &Path) -> Result<Option<Self>, HistoryError> {
        // A file that may not be looked at is an error, and not an empty history.
        match path.try_exists() {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(why) => return Err(HistoryError::Place { path: path.to_owned(), why }),
        }
        let history = Self::connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        match tables::found(&history.db).map_err(|why| history.failed(why))? {
            tables::Found::Ours => Ok(Some(history)),
            // Made a moment ago by a program that has not written yet.
            tables::Found::Empty => Ok(None),
            found => Err(history.refused(found)),
        }
    }

    fn connect(path: &Path, access: OpenFlags) -> Result<Self, HistoryError> {
        let of = |why| HistoryError::Database { path: path.to_owned(), why };
        let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags).map_err(of)?;
        // Two programs may write at the same moment; one of them waits. The journal is a file beside it only while
        // somebody writes, so that a history on a read-only disk can still be read.
        db.busy_timeout(std::time::Duration::from_millis(PATIENCE_MS)).map_err(of)?;
        db.pragma_update(None, "foreign_keys", true).map_err(of)?;
        // What is in the file comes from outside; nothing in it may run.
        db.pragma_update(None, "trusted_schema", false).map_err(of)?;
        Ok(Self { path: path.to_owned(), db })
    }

    fn refused(self, found: tables::Found) -> HistoryError {
        match found {
            tables::Found::Later(found) => HistoryError::Later { path: self.path, found },
            _ => HistoryError::Foreign { path: self.path },
        }
    }

    fn failed(&self, why: rusqlite::Error) -> HistoryError {
        HistoryError::Database { path: self.path.clone(), why }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Makes the file and its folder, for their owner alone: findings name hosts, databases and users.
fn make(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(why) if why.kind() != std::io::ErrorKind::AlreadyExists => Err(why),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
