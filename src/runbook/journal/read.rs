//! Reading a journal: what was written, and what a crash left at its end.

use std::{fs::File, io::Read as _, path::Path};

use super::{
    JOURNAL, JournalError,
    line::{self, Sum},
};
use crate::runbook::record::{FORMAT, Record, Stamped, Started};

/// The most that is read of a journal, in bytes: a hundred thousand records of usual size.
const CAP: u64 = 256 << 20;

/// What a journal says.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// How the run began: the first record.
    pub started: Started,
    /// All records, the first included.
    pub records: Vec<Stamped>,
    /// What a crash left of a last line.
    pub torn: Option<Torn>,
    /// Where the whole lines end.
    pub(super) length: u64,
    /// The checksum of the last whole line.
    pub(super) sum: Sum,
    /// Whether the last whole line lacks its line break.
    pub(super) unbroken: bool,
}

/// A last line that was not written to its end: it was never acted on, and is cut off before the next is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Torn {
    /// Its line, from 1.
    pub line: usize,
    /// How much of it there is, in bytes.
    pub bytes: u64,
}

/// Reads the journal of a run's folder.
///
/// # Errors
/// A file that cannot be read, that has no record, that is of a later format, or that is broken before its last line.
pub fn read(folder: &Path) -> Result<Reading, JournalError> {
    let path = folder.join(JOURNAL);
    let mut bytes = Vec::new();
    let file = File::open(&path).map_err(JournalError::read(&path))?;
    file.take(CAP + 1).read_to_end(&mut bytes).map_err(JournalError::read(&path))?;
    if bytes.len() as u64 > CAP {
        let why = std::io::Error::other(format!("it is larger than {} MiB, which no run writes", CAP >> 20));
        return Err(JournalError::Read { path, why });
    }
    parse(&path, &bytes)
}

pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<Reading, JournalError> {
    let mut lines = Lines { path, records: Vec::new(), sum: Sum::new(), length: 0, unbroken: false };
    let mut torn = None;
    while let Some(rest) = bytes.get(lines.end()..).filter(|rest| !rest.is_empty()) {
        if let Some(bytes) = lines.take(rest)? {
            torn = Some(Torn { line: lines.records.len() + 1, bytes });
            break;
        }
    }
    let Some(Record::Started(started)) = lines.records.first().map(|first| &first.record) else {
        return Err(lines.without_beginning());
    };
    let started = (**started).clone();
    let Lines { records, sum, length, unbroken, .. } = lines;
    Ok(Reading { started, records, torn, length: length as u64, sum, unbroken })
}

struct Lines<'p> {
    path: &'p Path,
    records: Vec<Stamped>,
    sum: Sum,
    length: usize,
    unbroken: bool,
}

impl Lines<'_> {
    fn end(&self) -> usize {
        self.length
    }

    /// Takes one line from the rest, or says how many bytes of a torn one there are.
    fn take(&mut self, rest: &[u8]) -> Result<Option<u64>, JournalError> {
        let end = rest.iter().position(|byte| *byte == b'\n');
        let line = &rest[..end.unwrap_or(rest.len())];
        match self.decode(line) {
            Ok((stamped, sum)) => {
                self.records.push(stamped);
                self.sum = sum;
                self.unbroken = end.is_none();
                self.length += end.map_or(rest.len(), |end| end + 1);
                Ok(None)
            }
            Err(error) if matches!(error, JournalError::Newer { .. }) => Err(error),
            Err(_) if is_torn(rest, end) => Ok(Some(rest.len() as u64)),
            Err(error) => Err(error),
        }
    }

    fn decode(&self, line: &[u8]) -> Result<(Stamped, Sum), JournalError> {
        let text = std::str::from_utf8(line).map_err(|_| self.broken("it is not UTF-8".to_owned()))?;
        if self.records.is_empty()
            && let Some(format) = line::format(text)
            && format > u64::from(FORMAT)
        {
            return Err(JournalError::Newer { path: self.path.to_owned(), format });
        }
        line::read(text, self.records.len() as u64 + 1, &self.sum).map_err(|what| self.broken(what))
    }

    fn broken(&self, what: String) -> JournalError {
        JournalError::Broken { path: self.path.to_owned(), line: self.records.len() + 1, what }
    }

    fn without_beginning(&self) -> JournalError {
        if self.records.is_empty() {
            return JournalError::Empty { path: self.path.to_owned() };
        }
        let what = "it does not say how the run began".to_owned();
        JournalError::Broken { path: self.path.to_owned(), line: 1, what }
    }
}

/// Whether what cannot be read is what a crash leaves: a last line without its end, or with zeros where a block never
/// reached the disk. A last line that is whole and does not agree with its checksum is something else.
fn is_torn(rest: &[u8], end: Option<usize>) -> bool {
    match end {
        None => true,
        Some(end) => rest[..end].contains(&0) && rest[end + 1..].iter().all(|byte| *byte == 0),
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test looks into the files that were written")]
mod tests {
    use super::*;
    use crate::runbook::{
        journal::{Journal, New},
        record::{End, Mode, Word},
    };

    fn started() -> Started {
        Started {
            format: FORMAT,
            run: "r".into(),
            mode: Mode::Run,
            runbook: "b".into(),
            title: "B".into(),
            file: "b.md".into(),
            hash: "0".into(),
            steps: [("one".to_owned(), "1".to_owned())].into(),
            estimate_s: Some(60),
            tool: "0.1.0".into(),
            operator: "ann".into(),
            host: "box".into(),
            target: "shop".into(),
            environment: None,
            finding: None,
        }
    }

    fn stamped(record: Record) -> Stamped {
        Stamped { at: "2026-11-21T05:15:00Z".parse().unwrap(), record }
    }

    fn note(text: &str) -> Stamped {
        let what = Word::Note { text: text.into() };
        stamped(Record::Decided { step: None, what, by: "ann".into(), approved_by: None, reason: None })
    }

    fn written() -> (Vec<Stamped>, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let new = New {
            runs: folder.path(),
            runbook: "b",
            text: "# B",
            host: "box",
            at: "2026-11-21T05:15:00Z".parse().unwrap(),
        };
        let mut journal = Journal::create(&new).unwrap();
        let records = vec![
            stamped(Record::Started(Box::new(started()))),
            note("one"),
            note("a text with \u{1F600} and \n breaks"),
            stamped(Record::Ended { how: End::Aborted }),
        ];
        for record in &records {
            journal.append(record).unwrap();
        }
        (records, std::fs::read(journal.folder().join(JOURNAL)).unwrap())
    }

    fn parsed(bytes: &[u8]) -> Result<Reading, JournalError> {
        parse(Path::new("journal.jsonl"), bytes)
    }

    #[test]
    fn what_was_written_is_read() {
        let (records, bytes) = written();
        let reading = parsed(&bytes).unwrap();
        assert_eq!(reading.records, records);
        assert_eq!((reading.torn, reading.length), (None, bytes.len() as u64));
        assert_eq!(reading.started, started());
    }

    #[test]
    fn a_cut_at_any_byte_leaves_the_whole_lines_and_says_what_is_torn() {
        let (records, bytes) = written();
        let ends: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'\n').collect();
        for cut in 0..=bytes.len() {
            // A line counts once all of it but its line break is there.
            let whole = ends.iter().filter(|end| **end <= cut).count();
            match parsed(&bytes[..cut]) {
                Err(JournalError::Empty { .. }) => assert_eq!(whole, 0, "cut at {cut}"),
                Err(error) => panic!("cut at {cut}: {error}"),
                Ok(reading) => {
                    assert_eq!(reading.records, records[..whole], "cut at {cut}");
                    let rest = cut as u64 - reading.length;
                    assert_eq!(reading.torn.map_or(0, |torn| torn.bytes), rest, "cut at {cut}");
                }
            }
        }
    }

    #[test]
    fn zeros_at_the_end_are_a_crash_and_zeros_before_it_are_not() {
        let (records, bytes) = written();
        let tail = [&bytes[..], &[0; 4096]].concat();
        let reading = parsed(&tail).unwrap();
        assert_eq!((reading.records.len(), reading.torn.unwrap().bytes), (records.len(), 4096));
        let mut last = bytes.clone();
        let at = last.len() - 40;
        last[at..at + 10].fill(0);
        assert_eq!(parsed(&last).unwrap().torn.unwrap().line, records.len());
        let mut middle = bytes.clone();
        let second = middle.iter().position(|byte| *byte == b'\n').unwrap() + 9;
        middle[second..second + 10].fill(0);
        assert!(matches!(parsed(&middle), Err(JournalError::Broken { line: 2, .. })), "{:?}", parsed(&middle));
    }

    #[test]
    fn a_changed_or_missing_line_is_refused_with_its_number() {
        let (_, bytes) = written();
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let changed = text.replace("\"text\":\"one\"", "\"text\":\"two\"");
        let error = parsed(changed.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("journal.jsonl:2: it was changed after it was written"), "{error}");
        let missing = format!("{}\n{}\n", lines[0], lines[2]);
        let error = parsed(missing.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("journal.jsonl:2: it is record 3, where record 2 should stand"), "{error}");
        let changed_last = text.replace("\"aborted\"", "\"completed\"");
        assert!(matches!(parsed(changed_last.as_bytes()), Err(JournalError::Broken { line: 4, .. })));
        let headless = format!("{}\n", lines[1]);
        assert!(matches!(parsed(headless.as_bytes()), Err(JournalError::Broken { line: 1, .. })));
    }

    #[test]
    fn a_later_format_is_refused_by_name_whatever_its_lines_look_like() {
        let error = parsed(b"{\"record\":\"begun\",\"format\":7}\n{}\n").unwrap_err().to_string();
        assert!(error.contains("has format 7; this loadline reads up to 1"), "{error}");
    }
}
