//! A process and all that descend from it, also those that left: by another process group, another session, or a parent
//! that died. Found by what they are, never by their name.

use std::collections::{BTreeMap, BTreeSet};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};

use super::table::{self, Process};

/// The variable by which a process is known as one of an action.
pub(in crate::runbook) const MARK: &str = "LOADLINE_ACTION";

/// The descendants of a process that we started.
pub(super) struct Family {
    leader: Pid,
    /// When the leader was started: nothing older is of the family.
    since: u64,
    /// The mark in the environment.
    mark: String,
    /// The other ends of our pipes: who holds one is of the family, whatever else it has shed.
    pipes: Vec<(u64, u64)>,
    /// All that were ever seen, with when they were started.
    known: BTreeMap<i32, u64>,
    /// Who held a pipe when we looked last. A child of ours may do so for a moment between fork and exec.
    holding: BTreeSet<i32>,
    /// Whether it is to be ended when nobody looks after it any more.
    armed: bool,
}

impl Family {
    pub(super) fn new(leader: Pid, mark: String, pipes: Vec<(u64, u64)>) -> Self {
        let since = table::one(leader.as_raw_pid()).map_or(0, |process| process.started);
        let known = BTreeMap::from([(leader.as_raw_pid(), since)]);
        Self { leader, since, mark, pipes, known, holding: BTreeSet::new(), armed: true }
    }

    /// When the leader was started, as /proc says it.
    pub(super) fn since(&self) -> Option<u64> {
        (self.since > 0).then_some(self.since)
    }

    /// Looks who is there: those that live. What has died and is ours to bury is buried, but for the leader, which is
    /// waited for elsewhere.
    pub(super) fn look(&mut self) -> Vec<Process> {
        let me = Pid::as_raw(Some(rustix::process::getpid()));
        let all = table::all();
        let starts: BTreeMap<i32, u64> = all.iter().map(|process| (process.pid, process.started)).collect();
        let mut strangers: Vec<Process> =
            all.into_iter().filter(|process| process.started >= self.since && process.pid != me).collect();
        let mut members: Vec<Process> = Vec::new();
        loop {
            let (ours, rest): (Vec<_>, Vec<_>) = strangers.into_iter().partition(|process| self.has(process, &starts));
            strangers = rest;
            self.known.extend(ours.iter().map(|process| (process.pid, process.started)));
            // Children of those that were just found are found in the next round.
            if ours.is_empty() {
                break;
            }
            members.extend(ours);
        }
        let held = std::mem::take(&mut self.holding);
        for process in strangers.into_iter().filter(|process| !process.zombie) {
            if table::holds(process.pid, &self.pipes) {
                self.holding.insert(process.pid);
                if held.contains(&process.pid) {
                    self.known.insert(process.pid, process.started);
                    members.push(process);
                }
            }
        }
        for process in members.iter().filter(|p| p.zombie && p.parent == me && p.pid != self.leader.as_raw_pid()) {
            if let Some(pid) = Pid::from_raw(process.pid) {
                let _ = rustix::process::waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOHANG);
            }
        }
        members.retain(|process| !process.zombie);
        members
    }

    fn has(&self, process: &Process, starts: &BTreeMap<i32, u64>) -> bool {
        let leader = self.leader.as_raw_pid();
        // Ids are used again: one that we knew may be somebody else's by now.
        let known = |pid: i32| self.known.get(&pid).is_some_and(|started| starts.get(&pid) == Some(started));
        known(process.pid)
            || known(process.parent)
            || process.group == leader
            || process.session == leader
            || table::environment_has(process.pid, &self.mark)
    }

    /// Sends a signal to all that live, and says how many there are.
    pub(super) fn signal(&mut self, signal: Signal) -> usize {
        #[cfg(not(target_os = "linux"))]
        let _ = rustix::process::kill_process_group(self.leader, signal);
        let members = self.look();
        for process in &members {
            send(process, signal);
            // What is stopped hears nothing until it goes on.
            if signal != Signal::KILL {
                send(process, Signal::CONT);
            }
        }
        members.len()
    }

    /// What is left is left on purpose.
    pub(super) fn release(mut self) {
        self.armed = false;
    }
}

/// Where nobody waits for an action any more, nothing of it goes on.
impl Drop for Family {
    fn drop(&mut self) {
        for _ in 0..if self.armed { 3 } else { 0 } {
            if self.signal(Signal::KILL) == 0 {
                break;
            }
        }
    }
}

/// Sends a signal to exactly this process: ids are used again.
#[cfg(target_os = "linux")]
fn send(process: &Process, signal: Signal) {
    use rustix::process::{PidfdFlags, pidfd_open, pidfd_send_signal};
    let Some(pid) = Pid::from_raw(process.pid) else { return };
    match pidfd_open(pid, PidfdFlags::empty()) {
        Ok(handle) => {
            if table::one(process.pid).is_some_and(|found| found.started == process.started) {
                let _ = pidfd_send_signal(&handle, signal);
            }
        }
        Err(rustix::io::Errno::NOSYS) => {
            let _ = rustix::process::kill_process(pid, signal);
        }
        Err(_) => {}
    }
}

#[cfg(not(target_os = "linux"))]
fn send(process: &Process, signal: Signal) {
    if let Some(pid) = Pid::from_raw(process.pid) {
        let _ = rustix::process::kill_process(pid, signal);
    }
}
