//! Writing a journal.

use std::{
    fs::{File, OpenOptions},
    io::{self, Seek as _, SeekFrom, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use super::{
    JOURNAL, JournalError, New, Reading, folder,
    line::{self, Sum},
    lock::{Holder, Lock},
    read,
};
use crate::runbook::record::{Record, Stamped};

/// How much room is set aside before an action begins, in bytes: its outcome, samples and decisions after it are to
/// find room on a disk that fills up meanwhile.
const ROOM: u64 = 256 << 10;

/// A journal that this process alone may write.
#[derive(Debug)]
pub struct Journal {
    run: String,
    folder: PathBuf,
    path: PathBuf,
    file: File,
    next: u64,
    sum: Sum,
    length: u64,
    stopped: bool,
    lock: Lock,
}

impl Journal {
    /// Makes the folder of a new run, with an empty journal and a copy of the runbook.
    ///
    /// # Errors
    /// A folder or file that cannot be made, written or synced.
    pub fn create(new: &New<'_>) -> Result<Self, JournalError> {
        let (run, folder) = folder::make(new)?;
        let lock = Lock::take(&folder, &run, new.host)?;
        folder::keep_text(&folder, new.text)?;
        let path = folder.join(JOURNAL);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(JournalError::write(&path))?;
        folder::sync(&folder)?;
        folder::sync(new.runs)?;
        Ok(Self { run, folder, path, file, next: 1, sum: Sum::new(), length: 0, stopped: false, lock })
    }

    /// Takes up the journal of a run: reads it, and cuts off what a crash left of a last line.
    ///
    /// # Errors
    /// A journal that another process writes, or that cannot be read or written.
    pub fn open(runs: &Path, run: &str, host: &str) -> Result<(Self, Reading), JournalError> {
        let missing = || JournalError::Missing { run: run.to_owned(), folder: runs.to_owned() };
        // The id comes from a command line: it names a folder in this one, and nothing else.
        let plain = !run.is_empty() && run.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        let folder = Some(runs.join(run)).filter(|folder| plain && folder.is_dir()).ok_or_else(missing)?;
        let lock = Lock::take(&folder, run, host)?;
        let reading = read(&folder)?;
        let path = folder.join(JOURNAL);
        let file = OpenOptions::new().write(true).open(&path).map_err(JournalError::write(&path))?;
        let mut journal = Self {
            run: run.to_owned(),
            folder,
            path,
            file,
            next: reading.records.len() as u64 + 1,
            sum: reading.sum.clone(),
            length: reading.length,
            stopped: false,
            lock,
        };
        journal.mend(&reading).map_err(JournalError::write(&journal.path))?;
        Ok((journal, reading))
    }

    /// The id of the run.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// The folder of the run.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Who had the right to write it before this process, where that is known.
    pub fn before(&self) -> Option<&Holder> {
        self.lock.before.as_ref()
    }

    /// Writes a record and syncs it: once this returns, neither a crash nor a loss of power takes it back.
    ///
    /// # Errors
    /// A write that failed, now or before: then nothing more may be done.
    pub fn append(&mut self, stamped: &Stamped) -> Result<(), JournalError> {
        if self.stopped {
            return Err(JournalError::Stopped { path: self.path.clone() });
        }
        self.try_append(stamped).map_err(|why| {
            self.stopped = true;
            // A reader finds whole lines only; where even this fails, the line is torn and known as such.
            let _ = self.file.set_len(self.length);
            JournalError::Write { path: self.path.clone(), why }
        })
    }

    /// Writes a file beside the journal, which only its owner may read.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> Result<(), JournalError> {
        let path = self.folder.join(name);
        folder::keep(&path, bytes).map_err(JournalError::write(&path))
    }

    fn try_append(&mut self, stamped: &Stamped) -> io::Result<()> {
        if matches!(stamped.record, Record::Intent { .. }) {
            self.make_room()?;
        }
        let (line, sum) = line::write(self.next, stamped, &self.sum)?;
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(line.as_bytes())?;
        // Each record, not only intents and outcomes: then a loss of power can tear the last line and no other.
        self.file.sync_data()?;
        self.length += line.len() as u64;
        self.next += 1;
        self.sum = sum;
        Ok(())
    }

    fn mend(&mut self, reading: &Reading) -> io::Result<()> {
        self.file.set_len(self.length)?;
        if reading.unbroken {
            self.file.seek(SeekFrom::Start(self.length))?;
            self.file.write_all(b"\n")?;
            self.length += 1;
        }
        self.file.sync_data()
    }

    /// Sets room aside behind the end, without changing the length. A file system that cannot do that is no reason to
    /// stop; one that has no room is.
    #[cfg(target_os = "linux")]
    fn make_room(&self) -> io::Result<()> {
        use rustix::{
            fs::{FallocateFlags, fallocate},
            io::Errno,
        };
        match fallocate(&self.file, FallocateFlags::KEEP_SIZE, self.length, ROOM) {
            Err(full @ (Errno::NOSPC | Errno::DQUOT | Errno::IO | Errno::ROFS)) => Err(full.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn make_room(&self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        // Gives back the room that was set aside.
        let _ = self.file.set_len(self.length);
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test looks into the files that were written")]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::runbook::record::{End, Word};

    fn at() -> jiff::Timestamp {
        "2026-11-21T05:15:00Z".parse().unwrap()
    }

    fn create(runs: &Path) -> Journal {
        let new = New { runs, runbook: "idle", text: "# Idle\n", host: "box", at: at() };
        Journal::create(&new).unwrap()
    }

    fn started(run: &str) -> Stamped {
        let text = include_str!("../../../tests/fixtures/journals/v1.jsonl");
        let reading = read::parse(Path::new("v1.jsonl"), text.as_bytes()).unwrap();
        let started = crate::runbook::record::Started { run: run.to_owned(), ..reading.started };
        Stamped { at: at(), record: Record::Started(Box::new(started)) }
    }

    fn note(text: &str) -> Stamped {
        let what = Word::Note { text: text.to_owned() };
        let record = Record::Decided { step: None, what, by: "ann".into(), approved_by: None, reason: None };
        Stamped { at: at(), record }
    }

    #[test]
    fn a_run_has_a_folder_of_its_own_that_nobody_else_reads() {
        let runs = tempfile::tempdir().unwrap();
        let folder_of_runs = runs.path().join("state/loadline/runs");
        let (one, two) = (create(&folder_of_runs), create(&folder_of_runs));
        assert_ne!(one.run(), two.run());
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder_of_runs), 0o700);
        assert_eq!(mode(one.folder()), 0o700);
        one.keep("before.json", b"{}").unwrap();
        for file in [JOURNAL, super::super::RUNBOOK, super::super::LOCK, "before.json"] {
            assert_eq!(mode(&one.folder().join(file)), 0o600, "{file}");
        }
        assert_eq!(std::fs::read_to_string(one.folder().join("runbook.md")).unwrap(), "# Idle\n");
    }

    #[test]
    fn a_torn_end_is_cut_off_before_the_next_record() {
        let runs = tempfile::tempdir().unwrap();
        let mut journal = create(runs.path());
        let run = journal.run().to_owned();
        journal.append(&started(&run)).unwrap();
        let path = journal.folder().join(JOURNAL);
        drop(journal);
        let whole = std::fs::read(&path).unwrap();
        // A line torn in the middle, zeros, and a line that only lacks its line break.
        for (bytes, torn) in [
            ([&whole[..], b"{\"n\":2,\"at\":\"20"].concat(), Some(15)),
            ([&whole[..], &[0; 9]].concat(), Some(9)),
            (whole[..whole.len() - 1].to_vec(), None),
        ] {
            std::fs::write(&path, bytes).unwrap();
            let (mut journal, reading) = Journal::open(runs.path(), &run, "box").unwrap();
            assert_eq!(reading.torn.map(|torn| torn.bytes), torn);
            journal.append(&note("after")).unwrap();
            drop(journal);
            let again = super::super::read(&runs.path().join(&run)).unwrap();
            assert_eq!((again.records.len(), again.torn), (2, None));
        }
    }

    #[test]
    fn two_writers_are_never_both_let_in() {
        let runs = tempfile::tempdir().unwrap();
        let mut journal = create(runs.path());
        let run = journal.run().to_owned();
        journal.append(&started(&run)).unwrap();
        let error = Journal::open(runs.path(), &run, "box").unwrap_err();
        assert!(matches!(error, JournalError::Held { .. }), "{error}");
        drop(journal);
        Journal::open(runs.path(), &run, "box").unwrap();
    }

    #[test]
    fn an_id_is_no_path() {
        let runs = tempfile::tempdir().unwrap();
        create(&runs.path().join("inner"));
        for id in ["", "..", ".", "inner/../inner", "/etc"] {
            let error = Journal::open(runs.path(), id, "box").unwrap_err();
            assert!(matches!(error, JournalError::Missing { .. }), "{id}: {error}");
        }
    }

    #[test]
    fn after_a_failed_write_nothing_is_written_and_the_file_has_whole_lines() {
        let runs = tempfile::tempdir().unwrap();
        let mut journal = create(runs.path());
        let run = journal.run().to_owned();
        journal.append(&started(&run)).unwrap();
        // A file that is open for reading alone refuses writes as a full disk does.
        let path = journal.folder().join(JOURNAL);
        let writable = std::mem::replace(&mut journal.file, File::open(&path).unwrap());
        let error = journal.append(&note("lost")).unwrap_err();
        assert!(error.to_string().contains("Nothing more is done"), "{error}");
        journal.file = writable;
        assert!(matches!(journal.append(&note("later")), Err(JournalError::Stopped { .. })));
        drop(journal);
        assert_eq!(read(&runs.path().join(&run)).unwrap().records.len(), 1);
    }

    #[test]
    fn room_set_aside_for_an_outcome_is_no_part_of_the_file() {
        let runs = tempfile::tempdir().unwrap();
        let mut journal = create(runs.path());
        let run = journal.run().to_owned();
        journal.append(&started(&run)).unwrap();
        journal.make_room().unwrap();
        journal.append(&Stamped { at: at(), record: Record::Ended { how: End::Completed } }).unwrap();
        let reading = read(journal.folder()).unwrap();
        assert_eq!((reading.records.len(), reading.torn), (2, None));
    }
}
