//! What people answered and accepted, as two folders of files in their repository: attestations and waivers.
//! Who may change them is a matter of the repository's review, not of this program.

mod file;
mod rows;

pub use file::{AnswerFile, Evidence, Piece, WaiverFile, Word};
pub use rows::{evidence_words, sha256};

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::Value as Json;

use super::{Asking, Hello, Question, Source, decode, files::apart, within};
use crate::{
    check::probe::Probe,
    snapshot::{Fault, FaultKind, Redactor, Table},
};

/// Where answers and waivers are. A folder that is not there holds none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folders {
    /// Answers.
    pub attestations: Option<PathBuf>,
    /// Accepted fails.
    pub waivers: Option<PathBuf>,
}

impl Folders {
    /// Reads the rows of a probe's table.
    ///
    /// # Errors
    /// A folder that cannot be read, or a table that nobody knows.
    pub fn read(&self, probe: &Probe, redactor: &Redactor) -> Result<Table, Fault> {
        let wanted = probe.query.first().and_then(|query| query.table.as_deref());
        decode::rows(probe, &self.rows(wanted)?, redactor)
    }

    fn rows(&self, wanted: Option<&str>) -> Result<Vec<Json>, Fault> {
        type Read = fn(&Path) -> Result<Vec<Json>, Fault>;
        let (folder, read): (_, Read) = match wanted {
            Some("answers") => (&self.attestations, rows::answers),
            Some("waivers") => (&self.waivers, rows::waivers),
            other => {
                let message = format!("there is no table `{}`; expected answers or waivers", other.unwrap_or_default());
                return Err(Fault::new(FaultKind::Missing, message));
            }
        };
        folder.as_deref().filter(|folder| folder.exists()).map_or_else(|| Ok(Vec::new()), read)
    }

    /// What is missing of the folders that were named.
    fn notes(&self) -> Vec<String> {
        let named = [&self.attestations, &self.waivers].into_iter().flatten().filter(|folder| !folder.exists());
        named.map(|folder| format!("there is no folder {}: it holds nothing", folder.display())).collect()
    }
}

pub(crate) struct Attested {
    folders: Folders,
}

impl Attested {
    pub(crate) fn new(folders: Folders) -> Self {
        Self { folders }
    }

    async fn hello(&self) -> Result<Hello, Fault> {
        let folders = self.folders.clone();
        Ok(Hello { notes: apart(move || folders.notes()).await?, ..Hello::default() })
    }

    async fn answer(&self, question: Question<'_>) -> Result<Table, Fault> {
        let (folders, wanted) = (self.folders.clone(), question.query.table.clone());
        let rows = apart(move || folders.rows(wanted.as_deref())).await??;
        decode::rows(question.probe, &rows, question.redactor)
    }
}

impl Source for Attested {
    fn address(&self) -> String {
        let folders = [&self.folders.attestations, &self.folders.waivers].into_iter().flatten();
        format!("folders {}", folders.map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(" and "))
    }

    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }

    fn connect(&mut self, deadline: Duration) -> Asking<'_, Hello> {
        Box::pin(within(deadline, "looking for the folders", self.hello()))
    }

    fn ask<'a>(&'a mut self, question: Question<'a>) -> Asking<'a, Table> {
        Box::pin(within(question.deadline, "reading the files", self.answer(question)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{check::library::Library, snapshot::Value};

    const ANSWER: &str = "answer = \"yes\"\nby = \"platform team\"\non = 2026-01-10\nexpires = 2026-06-01\n\
                          question = \"0123456789abcdef\"\n";

    #[expect(clippy::disallowed_methods, reason = "the files of the test")]
    fn read(files: &[(&str, &str)]) -> (Table, Table) {
        let home = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = home.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let library = Library::load(&crate::assets::embedded()).unwrap_or_else(|errors| panic!("{errors:?}"));
        let folders = Folders {
            attestations: Some(home.path().join("attestations")),
            waivers: Some(home.path().join("waivers")),
        };
        let table = |id: &str| folders.read(library.probe(id).unwrap(), &Redactor::default()).unwrap();
        (table("attestation.answers"), table("attestation.waivers"))
    }

    #[test]
    fn every_file_is_a_row_and_one_that_cannot_be_read_says_why() {
        let broken = ANSWER.replace("expires", "expiries");
        let files = [
            ("attestations/launch.a.toml", ANSWER),
            ("attestations/launch.b.toml", &broken),
            ("attestations/README.md", "no answer"),
            ("waivers/one.toml", "check = 3\n"),
        ];
        let (answers, waivers) = read(&files);
        assert_eq!((answers.rows(), waivers.rows()), (2, 1));
        assert_eq!(answers.get(0, "criterion"), Value::text("launch.a"));
        assert_eq!(answers.get(0, "on"), Value::text("2026-01-10"));
        assert_eq!(answers.get(0, "fault"), Value::Null);
        assert_eq!(answers.get(1, "criterion"), Value::text("launch.b"));
        assert_eq!(answers.get(1, "file"), Value::text("attestations/launch.b.toml"));
        let fault = answers.get(1, "fault");
        assert!(fault.as_str().unwrap().starts_with("launch.b.toml:4:1: unknown field `expiries`"), "{fault:?}");
        assert!(waivers.get(0, "fault").as_str().unwrap().starts_with("one.toml:1:9: "), "{waivers:?}");
    }

    #[test]
    fn a_folder_that_is_not_there_holds_nothing() {
        let (answers, waivers) = read(&[]);
        assert_eq!((answers.rows(), waivers.rows()), (0, 0));
    }

    #[test]
    fn text_is_redacted_and_capped() {
        let hostile = format!("{ANSWER}note = \"see postgres://u:hunter2@h\"\nevidence = \"{}\"\n", "x".repeat(9_000));
        let (answers, _) = read(&[("attestations/launch.a.toml", &hostile)]);
        assert_eq!(answers.get(0, "note"), Value::text("see postgres://u:[redacted]@h"));
        assert_eq!(answers.get(0, "evidence").as_str().unwrap().chars().count(), 4_001);
    }

    #[test]
    fn evidence_that_has_changed_since_carries_no_answer() {
        let with = |sha256: &str| {
            let piece = format!("evidence = [{{ file = \"r.txt\", sha256 = \"{sha256}\", summary = \"restored\" }}]\n");
            let answer = format!("{ANSWER}{piece}");
            read(&[("attestations/launch.a.toml", &answer), ("attestations/r.txt", "abc")]).0
        };
        let right = with("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(right.get(0, "evidence"), Value::text("restored (r.txt)"));
        let wrong = with("00").get(0, "fault");
        assert_eq!(wrong, Value::text("the evidence r.txt has changed since it was signed"));
    }
}
