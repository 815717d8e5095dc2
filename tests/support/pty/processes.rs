//! Processes of a terminal's session, as /proc tells.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Pid;

/// The living processes of a session, with their names, but for some.
pub(super) fn of_session(session: u32, but: &[u32]) -> Vec<(u32, String)> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| !but.contains(pid)).filter_map(|pid| Some((pid, living(pid, Some(session))?))).collect()
}

/// Whether a process lives.
pub(super) fn is_alive(pid: Pid) -> bool {
    u32::try_from(pid.as_raw_nonzero().get()).is_ok_and(|pid| living(pid, None).is_some())
}

/// The name of a process that lives, and belongs to the session where one is given.
fn living(pid: u32, session: Option<u32>) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in brackets and may hold anything.
    let (head, tail) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = tail.split_whitespace().collect();
    let is_of = session.is_none_or(|session| fields.get(3).is_some_and(|field| *field == session.to_string()));
    let is_dead = match fields.first() {
        // Its first thread has ended; the others may still hold its files and locks.
        Some(&"Z") => fs::read_dir(format!("/proc/{pid}/task")).map_or(0, Iterator::count) <= 1,
        Some(&"X") | None => true,
        Some(_) => false,
    };
    (is_of && !is_dead).then(|| head.split_once('(').map_or(head, |(_, name)| name).to_owned())
}

/// Looks until nothing is left; what is left when the time is up.
pub(super) fn until_gone<T>(within: Duration, left: impl Fn() -> Vec<T>) -> Vec<T> {
    let end = Instant::now() + within;
    loop {
        let rest = left();
        if rest.is_empty() || Instant::now() >= end {
            return rest;
        }
        thread::sleep(Duration::from_millis(5));
    }
}
