//! One writer a journal: the lock that the system lets go of however a process ends, and a note of who holds it.

use std::{
    fmt,
    fs::{File, OpenOptions, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{JournalError, LOCK};

/// Who holds the lock of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The process.
    pub pid: u32,
    /// When it was started, as /proc says it: ids are given again.
    #[serde(default)]
    pub started: Option<u64>,
    /// The boot of its machine: a process id means nothing on another or after the next boot.
    pub boot: Option<String>,
    /// Its machine.
    pub host: String,
    /// Since when.
    pub since: Timestamp,
}

impl Holder {
    fn this(host: &str) -> Self {
        let pid = std::process::id();
        Self { pid, started: alive(pid), boot: boot(), host: host.to_owned(), since: crate::clock::now() }
    }

    /// Whether it still lives, as far as this machine can tell.
    pub fn lives(&self) -> bool {
        self.is_here() && self.started.is_some() && alive(self.pid) == self.started
    }

    /// Whether it is of this very machine since its last boot.
    pub fn is_here(&self) -> bool {
        self.boot.is_some() && self.boot == boot()
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = crate::text::screen(&self.host);
        let machine = if self.is_here() { "this machine" } else { &host };
        write!(f, "pid {} on {machine} has it since {}", self.pid, self.since)
    }
}

/// The right to write a journal; let go of when it is dropped or the process ends.
#[derive(Debug)]
pub(super) struct Lock {
    /// Who held it before, where that can be read.
    pub(super) before: Option<Holder>,
    file: File,
}

impl Drop for Lock {
    /// Let go of by name, not only by closing: a process that is being started right now shares the open file until it runs
    /// its program, and would hold the lock so long.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

impl Lock {
    /// Takes the lock of a run, or says who has it.
    pub(super) fn take(folder: &Path, run: &str, host: &str) -> Result<Self, JournalError> {
        let path = folder.join(LOCK);
        let mut file = open(&path).map_err(JournalError::write(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(JournalError::Held { run: run.to_owned(), by: note(&mut file) });
            }
            Err(TryLockError::Error(why)) => return Err(JournalError::Write { path, why }),
        }
        let before = note(&mut file);
        sign(&mut file, &Holder::this(host)).map_err(JournalError::write(&path))?;
        Ok(Self { before, file })
    }
}

/// Whether a run is being walked now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hold {
    /// By nobody.
    Free,
    /// By a process, which the lock names where it can be read.
    Held(Option<Holder>),
}

/// Whether the run of a folder is being walked now.
pub fn hold(folder: &Path) -> Hold {
    let Ok(mut file) = File::open(folder.join(LOCK)) else {
        return Hold::Free;
    };
    // A shared lock: two that look at the same moment do not take each other for a writer.
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Hold::Held(note(&mut file)),
        Ok(()) => {
            let _ = file.unlock();
            Hold::Free
        }
        Err(TryLockError::Error(_)) => Hold::Free,
    }
}

fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

fn sign(file: &mut File, holder: &Holder) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(serde_json::to_string(holder)?.as_bytes())
}

fn note(file: &mut File) -> Option<Holder> {
    let mut text = String::new();
    file.take(4096).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

/// When a living process was started, in clock ticks since boot; none where there is none.
#[expect(clippy::disallowed_methods, reason = "the process table is asked at this edge")]
pub(in crate::runbook) fn alive(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in parentheses and may hold anything; what counts comes behind the last of them.
    let fields: Vec<_> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let dead = matches!(fields.first(), Some(&("Z" | "X" | "x")));
    if dead { None } else { fields.get(19)?.parse().ok() }
}

#[expect(clippy::disallowed_methods, reason = "the boot id is asked of the system, at the edge that writes the lock")]
fn boot() -> Option<String> {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok().map(|id| id.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_is_told_who_the_first_is() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::take(folder.path(), "r1", "box").unwrap();
        let error = Lock::take(folder.path(), "r1", "box").unwrap_err().to_string();
        assert!(error.contains(&format!("pid {} on this machine has it since", std::process::id())), "{error}");
        let Hold::Held(Some(holder)) = hold(folder.path()) else { panic!("it is held") };
        assert_eq!((holder.pid, holder.is_here()), (std::process::id(), true));
        drop(first);
        assert_eq!(hold(folder.path()), Hold::Free);
        Lock::take(folder.path(), "r1", "box").unwrap();
    }

    #[test]
    fn what_is_let_go_of_is_free_though_a_process_that_is_being_started_shares_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::take(folder.path(), "r1", "box").unwrap();
        let inherited = first.file.try_clone().unwrap();
        drop(first);
        assert_eq!(hold(folder.path()), Hold::Free);
        Lock::take(folder.path(), "r1", "box").unwrap();
        drop(inherited);
    }

    #[test]
    fn a_holder_of_another_boot_is_named_by_its_machine_and_harmless_for_a_screen() {
        let holder = Holder {
            pid: 7,
            started: None,
            boot: Some("elsewhere".into()),
            host: "a\u{1b}[2Jb".into(),
            since: "2026-11-21T05:15:00Z".parse().unwrap(),
        };
        assert_eq!(holder.to_string(), r"pid 7 on a\u{1b}[2Jb has it since 2026-11-21T05:15:00Z");
    }
}
