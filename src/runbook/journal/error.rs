//! Why a journal cannot be written or read, and what the operator can do about it.

use std::{io, path::Path, path::PathBuf};

use super::lock::Holder;

/// Why a journal cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The folder of runs, or that of this run, cannot be made.
    #[error("make {}: {why}. A run needs a folder that you may write to, for its journal", path.display())]
    Make {
        /// Which.
        path: PathBuf,
        /// What the system said.
        why: io::Error,
    },
    /// Something cannot be written or synced.
    #[error(
        "write {}: {why}. Nothing more is done, because it could not be written down; make room or mend the disk, then resume the run",
        path.display()
    )]
    Write {
        /// Which.
        path: PathBuf,
        /// What the system said.
        why: io::Error,
    },
    /// An earlier write failed, and none is tried again.
    #[error("{} could not be written before; resume the run to go on from what was written", path.display())]
    Stopped {
        /// Which.
        path: PathBuf,
    },
    /// A file cannot be read.
    #[error("read {}: {why}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system said.
        why: io::Error,
    },
    /// Another process writes it.
    #[error("the run {run} is being walked elsewhere: {}. Let it end there, or stop it there first", .by.as_ref().map_or("who holds its lock is not known".to_owned(), Holder::to_string))]
    Held {
        /// The run.
        run: String,
        /// Who, where the lock says so.
        by: Option<Holder>,
    },
    /// A line before the end is not what was written.
    #[error(
        "{}:{line}: {what}. The journal is not what was written, so it cannot be gone on with; read it with care, and start a new run",
        path.display()
    )]
    Broken {
        /// Which.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// It was written by a later version.
    #[error(
        "{} has format {format}; this loadline reads up to {}. Use the loadline that wrote it, or a later one",
        path.display(), super::super::record::FORMAT
    )]
    Newer {
        /// Which.
        path: PathBuf,
        /// Its format.
        format: u64,
    },
    /// The process ended before anything was written.
    #[error("{} has no record: the program ended before the run began, and nothing was done", path.display())]
    Empty {
        /// Which.
        path: PathBuf,
    },
    /// There is no such run.
    #[error("there is no run {run:?} in {}", folder.display())]
    Missing {
        /// What was asked for.
        run: String,
        /// Where.
        folder: PathBuf,
    },
    /// More than one run is meant.
    #[error("{run:?} may be any of {}: write more of it", .runs.join(", "))]
    Ambiguous {
        /// What was asked for.
        run: String,
        /// Which runs fit.
        runs: Vec<String>,
    },
}

impl JournalError {
    pub(super) fn make(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |why| Self::Make { path: path.to_owned(), why }
    }

    pub(super) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |why| Self::Write { path: path.to_owned(), why }
    }

    pub(super) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |why| Self::Read { path: path.to_owned(), why }
    }
}
