//! The folder of record and result files: this source's server.

use std::path::Path;

use super::{super::files, record::Record, rows::Evidence, tool::Tool};
use crate::snapshot::Fault;

/// The largest file that is read: a JTL of two million samples.
const CAP_BYTES: u64 = 256 * 1024 * 1024;

/// A record file: the test's name, and what the file says or why it says nothing.
pub(super) type Test = (String, Result<Record, String>);

/// Reads every record file of the folder, sorted by name.
pub(super) fn records(folder: &Path) -> Result<Vec<Test>, Fault> {
    let paths = files::tomls(folder, "name a folder of record files, one a load test: NAME.toml")?;
    Ok(paths.iter().map(|path| test(path)).collect())
}

fn test(path: &Path) -> Test {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    (name, files::text(path, CAP_BYTES).and_then(|text| Record::parse(&file, &text)))
}

/// Reads the result file of a record.
///
/// # Errors
/// The file's name, what is wrong with it and what was expected.
pub(super) fn result(folder: &Path, record: &Record) -> Result<Evidence, String> {
    let read = || {
        let bytes = files::bytes(&folder.join(&record.result), CAP_BYTES)?;
        let sha256 = crate::digest::sha256(&bytes);
        let (tool, measured) = Tool::read(record.tool, &text(bytes)?)?;
        Ok(Evidence { tool, measured, sha256 })
    };
    read().map_err(|why: String| format!("{}: {why}", record.result))
}

fn text(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|_| "it is no text in UTF-8".into())
}
