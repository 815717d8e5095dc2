//! The runs of a folder, with what became of each. One that cannot be read is listed as such and hides no other.

use std::{io, path::Path};

use jiff::Timestamp;

use super::{
    journal::{self, Hold, Holder, JournalError, Reading},
    record::{End, Ended, Mode, Record, Started, Verdict, Word},
};

/// A run, in short.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its id, which is the name of its folder.
    pub id: String,
    /// How it began; none where its journal cannot be read.
    pub started: Option<Started>,
    /// When it began.
    pub began_at: Option<Timestamp>,
    /// When its last record was written.
    pub last_at: Option<Timestamp>,
    /// Who walked it last.
    pub operator: Option<String>,
    /// Where it stands.
    pub standing: Standing,
}

/// Where a run stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// A process walks it now.
    Walked(Option<Holder>),
    /// It has ended.
    Ended(End),
    /// The operator stopped for now.
    Paused,
    /// It was left without a word: the program ended or was ended.
    Left,
    /// As before, and whether the action of this step was done is not known.
    Unknown(String),
    /// A preview, which cannot be gone on with.
    Plan,
    /// Its journal cannot be read, told why.
    Broken(String),
}

impl Standing {
    /// The words in lists.
    pub fn words(&self) -> String {
        match self {
            Self::Walked(Some(holder)) => format!("under way ({holder})"),
            Self::Walked(None) => "under way".to_owned(),
            Self::Ended(End::Completed) => "completed".to_owned(),
            Self::Ended(End::CompletedExceptDeferred) => "completed except what was deferred".to_owned(),
            Self::Ended(End::Aborted) => "given up".to_owned(),
            Self::Ended(End::RolledBack) => "rolled back".to_owned(),
            Self::Paused => "paused".to_owned(),
            Self::Left => "interrupted".to_owned(),
            Self::Unknown(step) => format!("interrupted; whether {step} was done is not known"),
            Self::Plan => "plan".to_owned(),
            Self::Broken(why) => format!("cannot be read: {}", crate::text::screen(why)),
        }
    }

    /// Whether it can be taken up again.
    pub fn resumes(&self) -> bool {
        matches!(self, Self::Paused | Self::Left | Self::Unknown(_))
    }
}

/// All runs of a folder, the latest first. A folder that is not there has none.
///
/// # Errors
/// A folder that cannot be listed.
#[expect(clippy::disallowed_methods, reason = "the folder of runs is listed at this edge")]
pub fn list(folder: &Path) -> Result<Vec<Run>, JournalError> {
    let failed = |why| JournalError::Read { path: folder.to_owned(), why };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(why) => return Err(failed(why)),
    };
    let mut runs = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        if entry.path().is_dir() {
            runs.push(summary(&entry.path(), &entry.file_name().to_string_lossy()));
        }
    }
    runs.sort_by(|a, b| b.id.cmp(&a.id));
    Ok(runs)
}

/// The id of the run that is meant: its id, or a beginning or ending of it that no other run has.
///
/// # Errors
/// No such run, or several.
pub fn find(folder: &Path, asked: &str) -> Result<String, JournalError> {
    let ids: Vec<String> = list(folder)?.into_iter().map(|run| run.id).collect();
    if let Some(id) = ids.iter().find(|id| *id == asked) {
        return Ok(id.clone());
    }
    let fits = |id: &&String| !asked.is_empty() && (id.starts_with(asked) || id.ends_with(asked));
    let mut runs: Vec<String> = ids.iter().filter(fits).cloned().collect();
    match (runs.pop(), runs.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            runs.push(last);
            Err(JournalError::Ambiguous { run: asked.to_owned(), runs })
        }
        (None, _) => Err(JournalError::Missing { run: asked.to_owned(), folder: folder.to_owned() }),
    }
}

fn summary(folder: &Path, id: &str) -> Run {
    let hold = journal::hold(folder);
    match journal::read(folder) {
        Ok(reading) => Run {
            id: id.to_owned(),
            began_at: reading.records.first().map(|first| first.at),
            last_at: reading.records.last().map(|last| last.at),
            operator: Some(operator(&reading)),
            // A run that has ended has ended, whoever still holds its lock on the way out.
            standing: match (standing(&reading), hold) {
                (ended @ Standing::Ended(_), _) => ended,
                (_, Hold::Held(by)) => Standing::Walked(by),
                (left, Hold::Free) => left,
            },
            started: Some(reading.started),
        },
        Err(error) => Run {
            id: id.to_owned(),
            started: None,
            began_at: None,
            last_at: None,
            operator: None,
            standing: match hold {
                Hold::Held(by) => Standing::Walked(by),
                Hold::Free => Standing::Broken(error.to_string()),
            },
        },
    }
}

fn operator(reading: &Reading) -> String {
    let resumed = reading.records.iter().rev().find_map(|stamped| match &stamped.record {
        Record::Resumed { operator, .. } => Some(operator),
        _ => None,
    });
    resumed.unwrap_or(&reading.started.operator).clone()
}

/// Read from the records alone, so that a list needs no runbook and no knowledge of what a version of it said.
fn standing(reading: &Reading) -> Standing {
    if reading.started.mode == Mode::Plan {
        return Standing::Plan;
    }
    let mut unknown: Option<&str> = None;
    let mut paused = false;
    let mut ended = None;
    for stamped in &reading.records {
        paused = matches!(&stamped.record, Record::Decided { what: Word::Paused, .. });
        match &stamped.record {
            Record::Ended { how } => ended = Some(*how),
            // What was deferred can be taken up after the end.
            Record::Resumed { .. } => ended = None,
            Record::Intent { step, .. } => unknown = Some(step),
            Record::Outcome { outcome, .. } if is_known(outcome.ended) => unknown = None,
            Record::Verified { step, verdict: Verdict::Held, .. } if unknown == Some(step) => unknown = None,
            Record::Decided { step: Some(step), what, .. } if unknown == Some(step) && settles(what) => unknown = None,
            _ => {}
        }
    }
    if let Some(how) = ended {
        return Standing::Ended(how);
    }
    match unknown {
        Some(step) => Standing::Unknown(step.to_owned()),
        None if paused => Standing::Paused,
        None => Standing::Left,
    }
}

fn is_known(ended: Ended) -> bool {
    matches!(ended, Ended::Succeeded | Ended::Failed)
}

fn settles(what: &Word) -> bool {
    matches!(
        what,
        Word::SettledDone { .. }
            | Word::SettledNotDone { .. }
            | Word::DoneByHand { .. }
            | Word::Retry
            | Word::Overridden
            | Word::Skipped
            | Word::Deferred
    )
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test puts files where runs are looked for")]
mod tests {
    use super::*;
    use crate::runbook::{
        journal::{Journal, New},
        record::{Outcome, Stamped, Way},
    };

    const V1: &str = include_str!("../../tests/fixtures/journals/v1.jsonl");

    fn started() -> Started {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(journal::JOURNAL), V1).unwrap();
        journal::read(folder.path()).unwrap().started
    }

    fn run(runs: &Path, at: &str, records: Vec<Record>) -> Journal {
        let at = at.parse().unwrap();
        let new = New { runs, runbook: "idle", text: "", host: "box", at };
        let mut journal = Journal::create(&new).unwrap();
        let first = Record::Started(Box::new(Started { run: journal.run().to_owned(), ..started() }));
        for record in [vec![first], records].concat() {
            journal.append(&Stamped { at, record }).unwrap();
        }
        journal
    }

    fn intent() -> Record {
        Record::Intent {
            step: "kill".into(),
            attempt: 1,
            way: Way::Act,
            shown: "kill".into(),
            env: Vec::new(),
            identity: None,
            timeout_ms: 1,
        }
    }

    fn outcome(ended: Ended) -> Record {
        let outcome = Outcome {
            ended,
            says: String::new(),
            took_ms: 0,
            excerpt: String::new(),
            printed: 0,
            output: None,
            value: None,
        };
        Record::Outcome { step: "kill".into(), attempt: 1, way: Way::Act, outcome }
    }

    fn resumed() -> Record {
        Record::Resumed {
            operator: "ben".into(),
            host: "box".into(),
            tool: "1".into(),
            hash: "h".into(),
            changed: vec![],
        }
    }

    fn decided(what: Word) -> Record {
        Record::Decided { step: Some("kill".into()), what, by: "ann".into(), approved_by: None, reason: None }
    }

    #[test]
    fn each_run_says_where_it_stands() {
        let evidence = || "seen".to_owned();
        let unknown = || Standing::Unknown("kill".into());
        let cases = [
            (vec![], Standing::Left),
            (vec![decided(Word::Paused)], Standing::Paused),
            (vec![decided(Word::Paused), decided(Word::Retry)], Standing::Left),
            (vec![intent()], unknown()),
            (vec![intent(), decided(Word::Paused)], unknown()),
            (vec![intent(), outcome(Ended::TimedOut)], unknown()),
            (vec![intent(), outcome(Ended::Succeeded)], Standing::Left),
            (vec![intent(), decided(Word::SettledDone { evidence: evidence() })], Standing::Left),
            (vec![intent(), outcome(Ended::Failed), intent()], unknown()),
            (vec![intent(), Record::Ended { how: End::Aborted }], Standing::Ended(End::Aborted)),
            (vec![Record::Ended { how: End::CompletedExceptDeferred }, resumed()], Standing::Left),
        ];
        for (records, due) in cases {
            let runs = tempfile::tempdir().unwrap();
            drop(run(runs.path(), "2026-11-21T05:15:00Z", records.clone()));
            assert_eq!(list(runs.path()).unwrap()[0].standing, due, "{records:?}");
        }
    }

    #[test]
    fn the_latest_comes_first_and_a_broken_one_hides_no_other() {
        let runs = tempfile::tempdir().unwrap();
        assert_eq!(list(&runs.path().join("none")).unwrap(), []);
        drop(run(runs.path(), "2026-11-20T05:15:00Z", vec![resumed()]));
        let live = run(runs.path(), "2026-11-21T05:15:00Z", vec![]);
        std::fs::create_dir(runs.path().join("20261119T000000Z-empty-0000")).unwrap();
        std::fs::write(runs.path().join("a file"), "").unwrap();
        let listed = list(runs.path()).unwrap();
        assert_eq!(listed.len(), 3);
        assert_eq!(listed[0].id, live.run());
        assert!(matches!(&listed[0].standing, Standing::Walked(Some(by)) if by.pid == std::process::id()));
        assert!(!listed[0].standing.resumes());
        assert_eq!(listed[1].operator.as_deref(), Some("ben"), "who walked it last");
        assert!(matches!(listed[2].standing, Standing::Broken(_)), "{:?}", listed[2]);
    }

    #[test]
    fn a_run_is_found_by_what_only_its_id_begins_or_ends_with() {
        let runs = tempfile::tempdir().unwrap();
        let ids: Vec<String> = ["2026-11-20T05:15:00Z", "2026-11-21T05:15:00Z"]
            .map(|at| run(runs.path(), at, vec![]).run().to_owned())
            .into();
        assert_eq!(find(runs.path(), &ids[0]).unwrap(), ids[0]);
        assert_eq!(find(runs.path(), "20261121").unwrap(), ids[1]);
        assert_eq!(find(runs.path(), &ids[0][17..]).unwrap(), ids[0]);
        assert!(matches!(find(runs.path(), "2026"), Err(JournalError::Ambiguous { runs, .. }) if runs.len() == 2));
        for none in ["", "nope"] {
            assert!(matches!(find(runs.path(), none), Err(JournalError::Missing { .. })), "{none}");
        }
    }
}
