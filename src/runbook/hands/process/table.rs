//! The processes of this machine, as /proc lists them. Elsewhere than on Linux there are none to be seen, and only the
//! process group is looked after.

use std::collections::BTreeSet;

/// A process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Process {
    pub(super) pid: i32,
    pub(super) parent: i32,
    pub(super) group: i32,
    pub(super) session: i32,
    /// When it was started, in clock ticks since boot: with the id, it names a process for good.
    pub(super) started: u64,
    pub(super) zombie: bool,
}

/// All processes, by id.
#[expect(clippy::disallowed_methods, reason = "the descendants of an action are looked after through /proc")]
pub(super) fn all() -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.filter_map(Result::ok).filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let pids: BTreeSet<i32> = pids.collect();
    pids.into_iter().filter_map(one).collect()
}

/// One process.
#[expect(clippy::disallowed_methods, reason = "see above")]
pub(super) fn one(pid: i32) -> Option<Process> {
    parse(&String::from_utf8_lossy(&std::fs::read(format!("/proc/{pid}/stat")).ok()?))
}

/// Whether the environment with which a process was started holds an entry.
#[expect(clippy::disallowed_methods, reason = "see above")]
pub(super) fn environment_has(pid: i32, entry: &str) -> bool {
    let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    environment.split(|byte| *byte == 0).any(|found| found == entry.as_bytes())
}

/// Whether a process has one of these files open: device and inode.
#[expect(clippy::disallowed_methods, reason = "see above")]
pub(super) fn holds(pid: i32, files: &[(u64, u64)]) -> bool {
    let Ok(entries) = std::fs::read_dir(format!("/proc/{pid}/fd")) else { return false };
    entries.filter_map(Result::ok).any(|entry| identity(&entry.path()).is_some_and(|found| files.contains(&found)))
}

fn identity(path: &std::path::Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let facts = std::fs::metadata(path).ok()?;
    Some((facts.dev(), facts.ino()))
}

/// A line of `/proc/PID/stat`. The name stands in parentheses and may hold anything.
fn parse(stat: &str) -> Option<Process> {
    let (pid, _) = stat.split_once(' ')?;
    let fields: Vec<&str> = stat.get(stat.rfind(')')? + 1..)?.split_whitespace().collect();
    Some(Process {
        pid: pid.parse().ok()?,
        zombie: matches!(*fields.first()?, "Z" | "X"),
        parent: fields.get(1)?.parse().ok()?,
        group: fields.get(2)?.parse().ok()?,
        session: fields.get(3)?.parse().ok()?,
        started: fields.get(19)?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parentheses_and_spaces_changes_nothing() {
        let stat = "42 (a) S 9 (b) S 7 42 41 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 8812 2 3";
        let expected = Process { pid: 42, parent: 7, group: 42, session: 41, started: 8812, zombie: false };
        assert_eq!(parse(stat), Some(expected));
        assert_eq!(parse("42 (a"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_is_found() {
        let me = i32::try_from(std::process::id()).unwrap();
        let found = all().into_iter().find(|process| process.pid == me).unwrap();
        assert_eq!(one(me), Some(found));
    }
}
