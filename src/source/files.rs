//! Folders of files that stand for a server: which files there are, and their bytes.

use std::path::{Path, PathBuf};

use crate::snapshot::{Fault, FaultKind};

/// The most files of one folder that are read.
const CAP_FILES: usize = 1_000;

/// The TOML files of a folder, sorted by name; `expected` says what the folder should hold.
#[expect(clippy::disallowed_methods, reason = "the folder is the source's server")]
pub(super) fn tomls(folder: &Path, expected: &str) -> Result<Vec<PathBuf>, Fault> {
    let unreadable = |why: String| {
        Fault::new(FaultKind::Unreachable, format!("{}: {why}", folder.display())).remedy(expected.to_owned())
    };
    let entries = std::fs::read_dir(folder).map_err(|error| unreadable(error.to_string()))?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(|error| unreadable(error.to_string()))?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    if paths.len() > CAP_FILES {
        return Err(unreadable(format!("more than {CAP_FILES} files")));
    }
    paths.sort();
    Ok(paths)
}

/// A whole file, and no pipe or device, which might never end.
///
/// # Errors
/// Why it cannot be read, in a few words.
#[expect(clippy::disallowed_methods, reason = "the folder is the source's server")]
pub(super) fn bytes(path: &Path, cap_bytes: u64) -> Result<Vec<u8>, String> {
    let about = std::fs::metadata(path).map_err(|error| error.to_string())?;
    if !about.is_file() {
        return Err("it is no file".into());
    }
    if about.len() > cap_bytes {
        return Err(format!("it is larger than {cap_bytes} bytes"));
    }
    std::fs::read(path).map_err(|error| error.to_string())
}

/// The text of a whole file.
///
/// # Errors
/// Why it cannot be read, in a few words.
pub(super) fn text(path: &Path, cap_bytes: u64) -> Result<String, String> {
    String::from_utf8(bytes(path, cap_bytes)?).map_err(|_| "it is no text in UTF-8".into())
}

/// A mistake in a TOML file with its place: `NAME:LINE:COLUMN: …`.
pub(super) fn mistake(name: &str, text: &str, error: &toml::de::Error) -> String {
    let start = error.span().map_or(0, |span| span.start);
    let before = text.get(..start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    format!("{name}:{line}:{column}: {}", error.message())
}

/// Files are read on a thread of their own: a disk that hangs then costs its deadline and no more.
pub(super) async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    let gone = |error: tokio::task::JoinError| Fault::new(FaultKind::Gone, format!("reading files: {error}"));
    tokio::task::spawn_blocking(work).await.map_err(gone)
}
