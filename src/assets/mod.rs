//! The knowledge that ships inside the binary, with the user's folders laid over it, file by file.

pub mod runbooks;
pub mod templates;

use std::path::Path;

use include_dir::{Dir, include_dir};

static CHECKS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/checks");

/// A file of knowledge, wherever it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetFile {
    /// Its path inside `checks/`: what an overriding file must be called.
    pub path: String,
    /// The user's folder it comes from; none for what is embedded.
    pub folder: Option<String>,
    /// Its text.
    pub text: String,
}

impl AssetFile {
    /// How messages name it.
    pub fn shown(&self) -> String {
        match &self.folder {
            Some(folder) => format!("{folder}/{}", self.path),
            None => format!("checks/{}", self.path),
        }
    }
}

/// Why a folder of the user cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("read the {what} {path}: {source}")]
pub struct AssetError {
    what: &'static str,
    path: String,
    source: std::io::Error,
}

/// The embedded checks and probes.
pub fn embedded() -> Vec<AssetFile> {
    let mut files = Vec::new();
    walk(&CHECKS, &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn walk(dir: &Dir<'_>, files: &mut Vec<AssetFile>) {
    for file in dir.files().filter(|file| is_knowledge(file.path())) {
        if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
            files.push(AssetFile { path: path.replace('\\', "/"), folder: None, text: text.to_owned() });
        }
    }
    dir.dirs().for_each(|dir| walk(dir, files));
}

fn is_knowledge(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "toml" || ending == "yaml" || ending == "yml")
}

/// The embedded files with the folders laid over them: a file of the same path replaces the one below.
/// One of the same id but another path replaces it too, when the library is loaded: later files win.
///
/// # Errors
/// A folder or file that cannot be read.
pub fn layered(folders: &[String]) -> Result<Vec<AssetFile>, AssetError> {
    let mut files = embedded();
    for folder in folders {
        let mut found = Vec::new();
        read_folder(Path::new(folder), Path::new(folder), &mut found).map_err(|source| AssetError {
            what: "checks in",
            path: folder.clone(),
            source,
        })?;
        files.retain(|file| !found.iter().any(|over| over.path == file.path));
        files.append(&mut found);
    }
    Ok(files)
}

#[expect(clippy::disallowed_methods, reason = "the user's folders are read here and nowhere else")]
fn read_folder(root: &Path, folder: &Path, files: &mut Vec<AssetFile>) -> Result<(), std::io::Error> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            read_folder(root, &path, files)?;
        } else if is_knowledge(&path) {
            let text = std::fs::read_to_string(&path)?;
            let inside = path.strip_prefix(root).unwrap_or(&path);
            files.push(AssetFile {
                path: inside.to_string_lossy().replace('\\', "/"),
                folder: Some(root.to_string_lossy().into_owned()),
                text,
            });
        }
    }
    Ok(())
}
