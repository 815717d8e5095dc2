//! All runbooks by id, and which of them cure what a check finds.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    document::{self, Mistake},
    model::{Place, Runbook},
};
use crate::{
    assets::runbooks::{RunbookFile, Unread},
    check::library::Library,
};

/// A file that is no runbook as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// How messages name it.
    pub shown: String,
    /// What keeps it from being walked.
    pub mistakes: Vec<Mistake>,
    /// Its text, to show the places; empty where it could not be read.
    pub text: String,
}

/// All runbooks.
#[derive(Debug, Default)]
pub struct Books {
    all: BTreeMap<String, Arc<Runbook>>,
    folders: BTreeMap<String, Option<String>>,
    broken: Vec<Broken>,
}

impl Books {
    /// Reads files, later ones over earlier ones of the same id. A broken file hides no other; two files of one folder
    /// with the same id are a mistake of the second.
    pub fn load(files: &[RunbookFile], unread: &[Unread]) -> Self {
        let mut books = Self::default();
        for file in unread {
            let whole = Mistake { place: Place::default(), message: file.why.clone(), grave: true };
            books.broken.push(Broken { shown: file.shown.clone(), mistakes: vec![whole], text: String::new() });
        }
        for file in files {
            books.take(file);
        }
        books
    }

    fn take(&mut self, file: &RunbookFile) {
        let shown = file.shown();
        let mistakes = match document::read(&shown, &file.text) {
            Ok(book) => match self.taken(&book.id, file) {
                None => {
                    self.folders.insert(book.id.clone(), file.folder.clone());
                    self.all.insert(book.id.clone(), Arc::new(book));
                    return;
                }
                Some(mistake) => vec![mistake],
            },
            Err(mistakes) => mistakes,
        };
        self.broken.push(Broken { shown, mistakes, text: file.text.clone() });
    }

    /// Whether another file of the same folder has the id.
    fn taken(&self, id: &str, file: &RunbookFile) -> Option<Mistake> {
        let other = self.all.get(id).filter(|_| self.folders.get(id) == Some(&file.folder))?;
        let message = format!("the id `{id}` is that of {}; give one of them another", other.shown);
        Some(Mistake { place: Place { line: 1, column: 1 }, message, grave: true })
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Runbook>> {
        self.all.values()
    }

    /// One of them.
    pub fn get(&self, id: &str) -> Option<&Arc<Runbook>> {
        self.all.get(id)
    }

    /// The ids of all.
    pub fn ids(&self) -> BTreeSet<String> {
        self.all.keys().cloned().collect()
    }

    /// The files that are no runbooks as they are.
    pub fn broken(&self) -> &[Broken] {
        &self.broken
    }

    /// Which of them cure what a check finds: those that the check names, in its order; then those that name the check,
    /// the least dangerous first, then by id.
    pub fn fixing(&self, check: &str, library: &Library) -> Vec<&Arc<Runbook>> {
        self.curing(check, library.check(check).map(|check| check.def.runbooks.as_slice()).unwrap_or_default())
    }

    /// The same, where the runbooks that the check names are known.
    pub fn curing(&self, check: &str, named: &[String]) -> Vec<&Arc<Runbook>> {
        let mut found: Vec<&Arc<Runbook>> = named.iter().filter_map(|id| self.all.get(id)).collect();
        let mut others: Vec<&Arc<Runbook>> = self
            .iter()
            .filter(|book| book.fixes.iter().any(|fixed| fixed == check) && !named.contains(&book.id))
            .collect();
        others.sort_by(|a, b| (a.danger, &a.id).cmp(&(b.danger, &b.id)));
        found.extend(others);
        found
    }

    /// What to say where there is no runbook of that id.
    pub fn no_such(&self, id: &str) -> String {
        let near: Vec<&str> =
            self.all.keys().map(String::as_str).filter(|known| known.contains(id) || id.contains(known)).collect();
        let broken = self.broken.iter().find(|broken| document::stem(&broken.shown) == id);
        match (broken, near.as_slice()) {
            (Some(broken), _) => {
                let file = &broken.shown;
                format!("{file} cannot be walked as it is; `loadline runbook lint {file}` says why")
            }
            (None, []) => format!("no runbook `{id}`; `loadline runbook list` shows them all"),
            (None, near) => format!("no runbook `{id}`; did you mean {}?", near.join(" or ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(folder: Option<&str>, path: &str, text: &str) -> RunbookFile {
        RunbookFile { path: path.into(), folder: folder.map(str::to_owned), text: text.into() }
    }

    fn text(id: &str, danger: &str, fixes: &str) -> String {
        format!(
            "---\nid: {id}\ntitle: {id}\nowner: team\nreviewed: 2026-11-21\nseverity: low\nestimate: 1m\n\
             danger: {danger}\nfixes: [{fixes}]\n---\n\n## Diagnose\n\n### Look\n\nLook.\n"
        )
    }

    #[test]
    fn later_folders_win_by_id_and_broken_files_hide_nothing() {
        let files = [
            file(None, "a.md", &text("a", "observe", "")),
            file(Some("ours"), "other-name.md", &text("a", "change", "")),
            file(Some("ours"), "twice.md", &text("a", "observe", "")),
            file(Some("ours"), "wrong.md", "---\nid: A\n---\n"),
            file(Some("ours"), "plain.md", "# Plain\n\n## Meaning\n\nIt means that.\n"),
        ];
        let unread = [Unread { shown: "ours/odd.md".into(), why: "it is no UTF-8".into() }];
        let books = Books::load(&files, &unread);
        assert_eq!(books.get("a").unwrap().shown, "ours/other-name.md");
        assert_eq!(books.ids().into_iter().collect::<Vec<_>>(), ["a", "plain"]);
        let broken: Vec<_> = books.broken().iter().map(|broken| broken.shown.as_str()).collect();
        assert_eq!(broken, ["ours/odd.md", "ours/twice.md", "ours/wrong.md"]);
        assert!(books.broken()[1].mistakes[0].message.contains("ours/other-name.md"));
        assert!(books.no_such("wrong").contains("lint ours/wrong.md") && books.no_such("pla").contains("plain"));
    }

    #[test]
    fn the_order_of_the_check_comes_first_then_danger_then_id() {
        let library = Library::load(&crate::assets::embedded()).unwrap();
        let check = library.checks().find(|check| !check.def.runbooks.is_empty()).unwrap();
        let named = check.def.runbooks[0].clone();
        let id = check.def.id.as_str();
        let files = [
            file(None, "z.md", &text("z", "observe", id)),
            file(None, "b.md", &text("b", "dangerous", id)),
            file(None, "c.md", &text("c", "change", id)),
            file(None, "y.md", &text("y", "observe", id)),
            file(None, "named.md", &text(&named, "dangerous", "")),
            file(None, "x.md", &text("x", "observe", "")),
        ];
        let books = Books::load(&files, &[]);
        let found: Vec<_> = books.fixing(id, &library).into_iter().map(|book| book.id.clone()).collect();
        assert_eq!(found, [named.as_str(), "y", "z", "c", "b"]);
    }
}
