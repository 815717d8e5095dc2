//! The journals of runs as a source: what was begun and not ended, what was changed for a time and still stands, and which
//! runbook was rehearsed when. A journal that cannot be read is a row that says why; it hides no other.

mod rows;

use std::{path::PathBuf, sync::Arc, time::Duration};

use serde_json::Value as Json;

use super::{Asking, Hello, Question, Source, decode, files::apart, within};
use crate::snapshot::{Fault, FaultKind, Table};

/// Where the journals are, and what they are compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunsPlace {
    /// The folder of all runs.
    pub folder: PathBuf,
    /// The target: runs on others are not its own.
    pub target: String,
    /// The runbooks that there are.
    pub runbooks: Vec<Known>,
}

/// A runbook that there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How bad the situation is that it is for, in a word; empty where it does not say.
    pub severity: String,
}

pub(crate) struct Runs {
    place: RunsPlace,
    runs: Option<Arc<[rows::Past]>>,
}

impl Runs {
    pub(crate) fn new(place: RunsPlace) -> Self {
        Self { place, runs: None }
    }

    async fn hello(&mut self) -> Result<Hello, Fault> {
        let place = self.place.clone();
        self.runs = Some(apart(move || rows::read(&place)).await??.into());
        Ok(Hello::default())
    }

    fn answer(&self, question: Question<'_>) -> Result<Table, Fault> {
        let runs = self.runs.as_ref().ok_or_else(|| Fault::new(FaultKind::Gone, "the folder was not read"))?;
        let rows: Vec<Json> = match question.query.table.as_deref() {
            Some("runs") => runs.iter().map(rows::run).collect(),
            Some("temporary") => runs.iter().flat_map(rows::temporary).collect(),
            Some("rehearsals") => self.place.runbooks.iter().map(|known| rows::rehearsal(known, runs)).collect(),
            other => {
                let name = other.unwrap_or_default();
                let message = format!("there is no table `{name}`; expected runs, temporary or rehearsals");
                return Err(Fault::new(FaultKind::Missing, message));
            }
        };
        decode::rows(question.probe, &rows, question.redactor)
    }
}

impl Source for Runs {
    fn address(&self) -> String {
        format!("folder {}", self.place.folder.display())
    }

    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }

    fn connect(&mut self, deadline: Duration) -> Asking<'_, Hello> {
        Box::pin(within(deadline, "reading the journals", self.hello()))
    }

    fn ask<'a>(&'a mut self, question: Question<'a>) -> Asking<'a, Table> {
        Box::pin(async move { self.answer(question) })
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{
        check::library::Library,
        runbook::{
            document,
            journal::{Journal, New},
            record::{End, Ended, Mode, Outcome, Record, Stamped, Started, Way, Word},
        },
        snapshot::{Redactor, Value},
    };

    const BOOK: &str = "---\nid: raise\ntitle: Raise it\nowner: operations\nreviewed: 2026-11-21\nseverity: critical\n\
        estimate: 5m\ndanger: change\n---\n\n# Raise it\n\n## Mitigate\n\n### Raise the minimum\n\n\
        Danger: change. Timeout: 30 s.\n\n```sh step danger=change temporary=2h\ntrue\n```\n\n```sh undo danger=change\nfalse\n```\n";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// A run with its records, each a second after the one before.
    fn run(place: &RunsPlace, began: &str, mode: Mode, target: &str, records: Vec<Record>) -> String {
        let book = document::read("raise.md", BOOK).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
        let mut now = at(began);
        let new = New { runs: &place.folder, runbook: "raise", text: BOOK, host: "box", at: now };
        let mut journal = Journal::create(&new).unwrap();
        let started = Started {
            format: 1,
            run: journal.run().to_owned(),
            mode,
            runbook: book.id.clone(),
            title: book.title.clone(),
            file: "raise.md".into(),
            hash: book.hash.clone(),
            steps: book.steps().map(|(_, step)| (step.id.clone(), step.hash.clone())).collect(),
            estimate_s: None,
            tool: "0".into(),
            operator: "operations".into(),
            host: "box".into(),
            target: target.into(),
            environment: None,
            finding: None,
        };
        let all = [vec![Record::Started(Box::new(started))], records].concat();
        for record in all {
            journal.append(&Stamped { at: now, record }).unwrap();
            now += jiff::SignedDuration::from_secs(1);
        }
        journal.run().to_owned()
    }

    fn begun(due: &str) -> Vec<Record> {
        let step = || "raise-the-minimum".to_owned();
        vec![
            Record::Decided {
                step: Some(step()),
                what: Word::Confirmed,
                by: "operations".into(),
                approved_by: None,
                reason: None,
            },
            Record::UndoRegistered { step: step(), shown: "false".into(), due: Some(at(due)) },
            Record::Intent {
                step: step(),
                attempt: 1,
                way: Way::Act,
                shown: "true".into(),
                env: vec![],
                identity: None,
                timeout_ms: 30_000,
            },
        ]
    }

    fn done() -> Record {
        let outcome = Outcome {
            ended: Ended::Succeeded,
            says: "exit code 0".into(),
            took_ms: 1,
            excerpt: String::new(),
            printed: 0,
            output: None,
            value: None,
        };
        Record::Outcome { step: "raise-the-minimum".into(), attempt: 1, way: Way::Act, outcome }
    }

    fn tables(place: &RunsPlace) -> [Table; 3] {
        let library = Library::load(&crate::assets::embedded()).unwrap_or_else(|errors| panic!("{errors:?}"));
        let runs = rows::read(place).unwrap();
        let table = |id: &str, rows: Vec<Json>| decode::rows(library.probe(id).unwrap(), &rows, &Redactor::default());
        [
            table("runs.runs", runs.iter().map(rows::run).collect()).unwrap(),
            table("runs.temporary", runs.iter().flat_map(rows::temporary).collect()).unwrap(),
            table("runs.rehearsals", place.runbooks.iter().map(|k| rows::rehearsal(k, &runs)).collect()).unwrap(),
        ]
    }

    fn place(folder: &std::path::Path) -> RunsPlace {
        let known = |id: &str| Known { id: id.into(), title: id.into(), severity: "critical".into() };
        RunsPlace { folder: folder.to_owned(), target: "shop".into(), runbooks: vec![known("raise"), known("never")] }
    }

    #[test]
    fn what_stands_what_was_left_and_what_was_rehearsed() {
        let home = tempfile::tempdir().unwrap();
        let place = place(home.path());
        let finished = Record::Ended { how: End::CompletedExceptDeferred };
        let stands = [begun("2026-11-20T12:00:00Z"), vec![done(), finished]].concat();
        let first = run(&place, "2026-11-20T10:00:00Z", Mode::Run, "shop", stands);
        let second = run(&place, "2026-11-20T11:00:00Z", Mode::Run, "shop", begun("2026-11-20T13:00:00Z"));
        run(&place, "2026-11-20T12:00:00Z", Mode::Run, "another", begun("2026-11-20T13:00:00Z"));
        run(&place, "2026-11-21T12:00:00Z", Mode::Plan, "shop", vec![]);

        let [runs, temporary, rehearsals] = tables(&place);
        assert_eq!(runs.rows(), 3, "runs on another target are not this one's");
        assert_eq!(runs.get(0, "mode"), Value::text("plan"));
        assert_eq!((runs.get(1, "run"), runs.get(1, "unknown")), (Value::text(second.as_str()), Value::Int(1)));
        assert_eq!(runs.get(1, "at_step"), Value::text("raise-the-minimum"));
        assert_eq!(runs.get(2, "ended"), Value::text("completed-except-deferred"));
        assert_eq!(temporary.rows(), 2);
        assert_eq!(temporary.get(1, "run"), Value::text(first.as_str()));
        assert_eq!(temporary.get(1, "title"), Value::text("Raise the minimum"));
        assert!(matches!(temporary.get(1, "overdue"), Value::Double(late) if late > 0.0));
        assert_eq!(rehearsals.get(0, "rehearsed"), Value::Bool(true));
        let age = |column: &str| match rehearsals.get(0, column) {
            Value::Double(age) => age,
            other => panic!("{column}: {other:?}"),
        };
        assert!(age("plan_age") < age("run_age") && (age("age") - age("plan_age")).abs() < 60.0);
        assert_eq!((rehearsals.get(1, "rehearsed"), rehearsals.get(1, "age")), (Value::Bool(false), Value::Null));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the files of the test")]
    fn a_journal_that_is_damaged_says_so_and_hides_no_other() {
        let home = tempfile::tempdir().unwrap();
        let place = place(home.path());
        run(&place, "2026-11-20T10:00:00Z", Mode::Run, "shop", begun("2026-11-20T12:00:00Z"));
        let damaged = run(&place, "2026-11-20T11:00:00Z", Mode::Run, "shop", begun("2026-11-20T12:00:00Z"));
        let path = home.path().join(&damaged).join(crate::runbook::journal::JOURNAL);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replacen("operations", "somebody", 1)).unwrap();
        let [runs, temporary, _] = tables(&place);
        assert_eq!((runs.rows(), temporary.rows()), (2, 1));
        assert!(
            runs.get(0, "fault").as_str().is_some_and(|why| why.contains("journal.jsonl:1")),
            "{:?}",
            runs.get(0, "fault")
        );
    }
}
