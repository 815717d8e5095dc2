//! Writing a signed file: values change, comments and everything else stay.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use toml_edit::{Array, Datetime, DocumentMut, InlineTable, Value};

use crate::source;

/// A file that is being written.
#[derive(Debug)]
pub(super) struct Document(DocumentMut);

impl Document {
    pub(super) fn parse(path: &Path, text: &str) -> Result<Self, String> {
        let wrong = |error| format!("{}: {error}; mend it or remove it first", path.display());
        text.parse().map(Self).map_err(wrong)
    }

    /// Sets a key; a comment behind its old value stays.
    pub(super) fn set(&mut self, key: &str, value: impl Into<Value>) {
        let mut value = value.into();
        if let Some(old) = self.0.get(key).and_then(toml_edit::Item::as_value) {
            *value.decor_mut() = old.decor().clone();
        }
        self.0[key] = toml_edit::Item::Value(value);
    }

    pub(super) fn set_day(&mut self, key: &str, day: Date) -> Result<(), String> {
        let day: Datetime = day.to_string().parse().map_err(|_| format!("{day}: no year of four digits"))?;
        self.set(key, day);
        Ok(())
    }

    pub(super) fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }

    pub(super) fn text(&self) -> String {
        let text = self.0.to_string();
        if text.ends_with('\n') { text } else { text + "\n" }
    }

    /// Writes it, once its own reader has understood it.
    pub(super) fn write<T>(&self, path: &Path, read: impl Fn(&str, &str) -> Result<T, String>) -> Result<(), String> {
        let text = self.text();
        read(&path.display().to_string(), &text)?;
        if let Some(folder) = path.parent() {
            make(folder)?;
        }
        put(path, &text)
    }
}

#[expect(clippy::disallowed_methods, reason = "the folder of the file that the operator signs")]
fn make(folder: &Path) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|error| format!("make {}: {error}", folder.display()))
}

#[expect(clippy::disallowed_methods, reason = "the file that the operator signs")]
fn put(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("write {}: {error}", path.display()))
}

/// Evidence as it stands in a file: one text, or a list of links, files and words.
pub(super) fn evidence(folder: &Path, texts: &[String], files: &[PathBuf]) -> Result<Option<Value>, String> {
    let is_link = |text: &str| text.starts_with("https://") || text.starts_with("http://");
    match (texts, files) {
        ([], []) => return Ok(None),
        ([only], []) if !is_link(only) => return Ok(Some(only.as_str().into())),
        _ => {}
    }
    let mut pieces = Array::new();
    for text in texts {
        let mut piece = InlineTable::new();
        piece.insert(if is_link(text) { "url" } else { "summary" }, text.as_str().into());
        pieces.push(piece);
    }
    for file in files {
        let sha256 = source::sha256(file).map_err(|why| format!("{}: {why}", file.display()))?;
        let mut piece = InlineTable::new();
        piece.insert("file", relative(folder, file)?.into());
        piece.insert("sha256", sha256.into());
        pieces.push(piece);
    }
    Ok(Some(pieces.into()))
}

/// A file as it is found from a folder, so that the repository can be moved.
fn relative(folder: &Path, file: &Path) -> Result<String, String> {
    let whole = |path: &Path| std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()));
    let (folder, file) = (whole(folder)?, whole(file)?);
    let shared = folder.components().zip(file.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| "..".into());
    let down = file.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    Ok(up.chain(down).collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_stay_where_values_change() {
        let text = "# Asked by audit.\nby = \"a\" # on call\n# Why so long?\nexpires = 2026-01-01\n";
        let mut document = Document::parse(Path::new("a.toml"), text).unwrap();
        document.set("by", "b");
        document.set_day("expires", "2026-02-01".parse().unwrap()).unwrap();
        let expected = text.replace("\"a\"", "\"b\"").replace("2026-01-01", "2026-02-01");
        assert_eq!(document.text(), expected);
    }

    #[test]
    fn evidence_is_a_text_or_a_list() {
        let of = |texts: &[&str]| {
            let texts: Vec<_> = texts.iter().map(|text| (*text).to_owned()).collect();
            evidence(Path::new("a"), &texts, &[]).unwrap().map(|value| value.to_string())
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&["seen \"it\""]).unwrap(), "'seen \"it\"'");
        assert_eq!(of(&["https://h/1", "seen"]).unwrap(), "[{ url = \"https://h/1\" }, { summary = \"seen\" }]");
    }

    #[test]
    fn a_file_is_named_from_the_folder_of_the_answer() {
        let of = |file: &str| relative(Path::new("repo/attestations"), Path::new(file)).unwrap();
        assert_eq!(of("repo/evidence/r.pdf"), "../evidence/r.pdf");
        assert_eq!(of("repo/attestations/r.pdf"), "r.pdf");
    }
}
