//! The folder of record and result files: this source's server.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{record::Record, rows::Evidence, tool::Tool};
use crate::snapshot::{Fault, FaultKind};

/// The largest file that is read: a JTL of two million samples.
const CAP_BYTES: u64 = 256 * 1024 * 1024;

/// The most record files that are read.
const CAP_RECORDS: usize = 1_000;

/// A record file: the test's name, and what the file says or why it says nothing.
pub(super) type Test = (String, Result<Record, String>);

/// Reads every record file of the folder, sorted by name.
#[expect(clippy::disallowed_methods, reason = "the folder is this source's server")]
pub(super) fn records(folder: &Path) -> Result<Vec<Test>, Fault> {
    let unreadable = |why: String| {
        Fault::new(FaultKind::Unreachable, format!("{}: {why}", folder.display()))
            .remedy("name a folder of record files, one a load test: NAME.toml")
    };
    let entries = std::fs::read_dir(folder).map_err(|error| unreadable(error.to_string()))?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(|error| unreadable(error.to_string()))?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    if paths.len() > CAP_RECORDS {
        return Err(unreadable(format!("more than {CAP_RECORDS} record files")));
    }
    paths.sort();
    Ok(paths.iter().map(|path| test(path)).collect())
}

fn test(path: &Path) -> Test {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    (name, bytes(path).and_then(text).and_then(|text| Record::parse(&file, &text)))
}

/// Reads the result file of a record.
///
/// # Errors
/// The file's name, what is wrong with it and what was expected.
pub(super) fn result(folder: &Path, record: &Record) -> Result<Evidence, String> {
    let read = || {
        let bytes = bytes(&folder.join(&record.result))?;
        let mut sha256 = String::new();
        for byte in Sha256::digest(&bytes) {
            let _ = write!(sha256, "{byte:02x}");
        }
        let (tool, measured) = Tool::read(record.tool, &text(bytes)?)?;
        Ok(Evidence { tool, measured, sha256 })
    };
    read().map_err(|why: String| format!("{}: {why}", record.result))
}

/// A whole file, and no pipe or device, which might never end.
#[expect(clippy::disallowed_methods, reason = "the folder is this source's server")]
fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let about = std::fs::metadata(path).map_err(|error| error.to_string())?;
    if !about.is_file() {
        return Err("it is no file".into());
    }
    if about.len() > CAP_BYTES {
        return Err(format!("it is larger than {CAP_BYTES} bytes"));
    }
    std::fs::read(path).map_err(|error| error.to_string())
}

fn text(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|_| "it is no text in UTF-8".into())
}
