//! Runbooks: the embedded ones, with the user's folders laid over them.

use std::path::Path;

use include_dir::{Dir, include_dir};

use super::AssetError;

static RUNBOOKS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/runbooks");

/// How deep folders of runbooks are searched: deeper ones are not meant, or are a circle of links.
const DEEPEST: usize = 8;
/// The largest file that is read as a runbook, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// A runbook's file, wherever it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunbookFile {
    /// Its path inside the folder: what an overriding file is called.
    pub path: String,
    /// The user's folder it comes from; none for what is embedded.
    pub folder: Option<String>,
    /// Its text.
    pub text: String,
}

impl RunbookFile {
    /// How messages name it.
    pub fn shown(&self) -> String {
        match &self.folder {
            Some(folder) => Path::new(folder).join(&self.path).display().to_string(),
            None => format!("runbooks/{}", self.path),
        }
    }
}

/// A file that is there and cannot be read as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// How messages name it.
    pub shown: String,
    /// Why.
    pub why: String,
}

/// The embedded runbooks, by path.
pub fn embedded() -> Vec<RunbookFile> {
    let file = |file: &include_dir::File<'_>| {
        let (path, text) = (file.path().to_str()?, file.contents_utf8()?);
        is_runbook(file.path()).then(|| RunbookFile { path: path.to_owned(), folder: None, text: text.to_owned() })
    };
    let mut files: Vec<_> = RUNBOOKS.files().filter_map(file).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// Markdown, but for the file that tells what a folder is.
fn is_runbook(path: &Path) -> bool {
    let ending = path.extension().is_some_and(|ending| ending == "md");
    ending && !path.file_stem().is_some_and(|stem| stem.eq_ignore_ascii_case("readme"))
}

/// The embedded runbooks with the folders laid over them, the last one strongest: a file of the same path replaces the
/// one below. One of the same id but another path replaces it, too, when the runbooks are read: later files win. A file
/// that cannot be read hides no other.
///
/// # Errors
/// A folder that cannot be read.
pub fn layered(folders: &[String]) -> Result<(Vec<RunbookFile>, Vec<Unread>), AssetError> {
    let (mut files, mut unread) = (embedded(), Vec::new());
    for folder in folders {
        let mut found = of_folder(folder, &mut unread)?;
        files.retain(|file| !found.iter().any(|over| over.path == file.path));
        files.append(&mut found);
    }
    Ok((files, unread))
}

/// The runbooks of one folder and those below it, by path; what cannot be read is added to `unread`.
///
/// # Errors
/// A folder that cannot be read.
pub fn of_folder(folder: &str, unread: &mut Vec<Unread>) -> Result<Vec<RunbookFile>, AssetError> {
    let mut files = Vec::new();
    let root = Path::new(folder);
    walk(root, root, 0, &mut files, unread).map_err(|source| AssetError {
        what: "runbooks in",
        path: folder.to_owned(),
        source,
    })?;
    Ok(files)
}

/// One file, whatever its name.
///
/// # Errors
/// Why it cannot be read as a runbook.
#[expect(clippy::disallowed_methods, reason = "the user's files are read here")]
pub fn of_file(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > LARGEST {
        return Err(format!("it has {size} bytes, and a runbook has at most {LARGEST}"));
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| format!("it is no UTF-8 after byte {}", error.utf8_error().valid_up_to()))
}

#[expect(clippy::disallowed_methods, reason = "the user's folders are read here")]
fn walk(
    root: &Path,
    folder: &Path,
    depth: usize,
    files: &mut Vec<RunbookFile>,
    unread: &mut Vec<Unread>,
) -> Result<(), std::io::Error> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::path);
    for path in entries.into_iter().map(|entry| entry.path()) {
        if path.is_dir() {
            if depth < DEEPEST {
                walk(root, &path, depth + 1, files, unread)?;
            }
        } else if is_runbook(&path) {
            match of_file(&path) {
                Ok(text) => files.push(RunbookFile {
                    path: path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/"),
                    folder: Some(root.to_string_lossy().into_owned()),
                    text,
                }),
                Err(why) => unread.push(Unread { shown: path.display().to_string(), why }),
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test writes its own files")]
    fn a_file_of_the_same_path_replaces_the_one_below_and_a_broken_one_hides_no_other() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("idle-in-transaction.md"), "# Ours").unwrap();
        std::fs::write(dir.path().join("broken.md"), [0xff, 0xfe]).unwrap();
        std::fs::write(dir.path().join("README.md"), "no runbook").unwrap();
        let (files, unread) = layered(&[dir.path().to_string_lossy().into_owned()]).unwrap();
        let ours: Vec<_> = files.iter().filter(|file| file.path == "idle-in-transaction.md").collect();
        assert_eq!((ours.len(), ours[0].text.as_str(), ours[0].folder.is_some()), (1, "# Ours", true));
        assert_eq!(files.len(), embedded().len());
        assert!(unread.len() == 1 && unread[0].shown.ends_with("broken.md"), "{unread:?}");
    }
}
