//! Templates of reports: the embedded ones, with the user's laid over them file by file.

use std::path::Path;

use include_dir::{Dir, include_dir};

use super::AssetError;

static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// The folder of the parts that templates include.
const PARTS: &str = "parts";

/// A template, wherever it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFile {
    /// Its name inside the folder, by which others include it: `report.md`, `parts/findings.md`.
    pub name: String,
    /// How messages name it.
    pub shown: String,
    /// Its text.
    pub text: String,
}

/// The embedded templates.
pub fn embedded() -> Vec<TemplateFile> {
    let mut files = Vec::new();
    for dir in [Some(&TEMPLATES), TEMPLATES.get_dir(PARTS)].into_iter().flatten() {
        for file in dir.files() {
            if let (Some(name), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
                let name = name.replace('\\', "/");
                files.push(TemplateFile { shown: format!("templates/{name}"), name, text: text.to_owned() });
            }
        }
    }
    files
}

/// The embedded templates with the folders laid over them, the last one strongest. Of a folder only these are read:
/// files named as embedded ones, the template that is wanted, and everything in its `parts/`; a folder of templates
/// may belong to another program, too.
///
/// # Errors
/// A folder or file that cannot be read.
pub fn layered(folders: &[String], wanted: &str) -> Result<Vec<TemplateFile>, AssetError> {
    let mut files = embedded();
    let mut names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
    names.push(wanted.to_owned());
    for folder in folders {
        for name in names.iter().cloned().chain(parts(folder)?) {
            let Some(text) = read(folder, &name)? else { continue };
            let shown = Path::new(folder).join(&name).display().to_string();
            files.retain(|file| file.name != name);
            files.push(TemplateFile { name, shown, text });
        }
    }
    Ok(files)
}

#[expect(clippy::disallowed_methods, reason = "the user's folders are read here")]
fn read(folder: &str, name: &str) -> Result<Option<String>, AssetError> {
    let path = Path::new(folder).join(name);
    if !path.is_file() {
        return Ok(None);
    }
    let error = |source| AssetError { what: "template", path: path.display().to_string(), source };
    std::fs::read_to_string(&path).map(Some).map_err(error)
}

/// The names of the parts in a folder.
#[expect(clippy::disallowed_methods, reason = "the user's folders are read here")]
fn parts(folder: &str) -> Result<Vec<String>, AssetError> {
    let dir = Path::new(folder).join(PARTS);
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let error = |source| AssetError { what: "templates in", path: dir.display().to_string(), source };
    let entries = std::fs::read_dir(&dir).map_err(error)?;
    let names: Result<Vec<_>, _> = entries.map(|entry| entry.map(|entry| entry.file_name())).collect();
    let names = names.map_err(error)?;
    let mut names: Vec<String> = names
        .iter()
        .filter_map(|name| name.to_str())
        .filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "md"))
        .map(|name| format!("{PARTS}/{name}"))
        .collect();
    names.sort();
    Ok(names)
}
