//! Processes that outlived the program that started them.
//!
//! Two things tell them: the id and start of the process that the journal names, and the mark that hands put into the
//! environment of all they start, which names the program. The second also finds what was begun a moment before the
//! journal could say so, and descendants that left their group.

use std::{fmt, time::Duration};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::{Session, SessionError};
use crate::runbook::{
    hands::MARK,
    journal::{Holder, alive},
    machine::Refusal,
    record::{Record, Word},
    state::StepState,
};

/// How long they have between TERM and KILL.
const GRACE: Duration = Duration::from_secs(5);

/// How often is looked whether they are gone.
const TICK: Duration = Duration::from_millis(50);

/// A process of an action whose outcome is not known, and that still lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survivor {
    /// The step.
    pub step: String,
    /// Its id.
    pub pid: u32,
    /// When it was started, as /proc says it.
    started: u64,
    /// Whether it leads a group of its own.
    leads: bool,
    /// How the mark of its family begins, where its program is gone.
    mark: Option<String>,
}

impl fmt::Display for Survivor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the process {} of the step {} still runs", self.pid, self.step)
    }
}

impl Survivor {
    /// Whether it, or any of its family, still lives: a process of that id that was started at that moment, and is more
    /// than an entry that waits to be collected.
    pub fn lives(&self) -> bool {
        self.itself_lives() || !self.family().is_empty()
    }

    fn itself_lives(&self) -> bool {
        alive(self.pid) == Some(self.started)
    }

    fn family(&self) -> Vec<u32> {
        self.mark.as_deref().map(marked).unwrap_or_default()
    }

    /// Signals it, its group and its family.
    fn signal(&self, signal: Signal) -> Result<(), String> {
        let id = |pid: u32| i32::try_from(pid).ok().and_then(Pid::from_raw);
        let gone =
            |error: rustix::io::Errno| if error == rustix::io::Errno::SRCH { Ok(()) } else { Err(error.to_string()) };
        if let Some(group) = id(self.pid).filter(|_| self.leads && self.itself_lives()) {
            kill_process_group(group, signal).or_else(gone)?;
        }
        for pid in self.family().into_iter().filter_map(id) {
            kill_process(pid, signal).or_else(gone)?;
        }
        Ok(())
    }
}

impl Session {
    /// Ends a process that outlived its program, with its group and its family, and writes that down. What it did is as
    /// unknown as before.
    ///
    /// # Errors
    /// A process that cannot be ended, and a journal that cannot be written.
    pub async fn end_survivor(&mut self, survivor: &Survivor) -> Result<(), SessionError> {
        let says = match end(survivor).await {
            Ok(says) => says,
            Err(why) => return Err(Refusal(format!("{survivor}, and cannot be stopped: {why}")).into()),
        };
        if let Some(taken_up) = &mut self.taken_up {
            taken_up.survivors.retain(|other| other != survivor);
        }
        let by = self.opening.operator.clone();
        let what = Word::Note { text: format!("the process {} of the step {} {says}", survivor.pid, survivor.step) };
        self.write(Record::Decided { step: Some(survivor.step.clone()), what, by, approved_by: None, reason: None })
    }
}

/// The survivors among steps without a known outcome: of the program that walked the run before, and of the step that it
/// began last. Without word of the same boot, an id means nothing.
pub(super) fn among(open: &[(&String, &StepState)], before: Option<&Holder>, last: Option<&str>) -> Vec<Survivor> {
    let Some(before) = before.filter(|before| before.is_here()) else { return Vec::new() };
    // The family of a program that still lives may be that of another run.
    let mark = before.started.filter(|_| !before.lives()).map(|started| format!("{MARK}={}-{started}-", before.pid));
    let of = |(step, state): &(&String, &StepState)| {
        let mark = mark.clone().filter(|_| last == Some(step.as_str()));
        let named = state.process.and_then(|(pid, started)| Some((pid, started?)));
        let named = named.filter(|(pid, started)| alive(*pid) == Some(*started));
        let found = || mark.as_deref().map(marked)?.into_iter().find_map(|pid| Some((pid, alive(pid)?)));
        let (pid, started) = named.or_else(found)?;
        Some(Survivor { step: (*step).clone(), pid, started, leads: named.is_some(), mark })
    };
    open.iter().filter_map(of).collect()
}

async fn end(survivor: &Survivor) -> Result<&'static str, String> {
    if !survivor.lives() {
        return Ok("had ended");
    }
    for (signal, says) in [(Signal::TERM, "was stopped"), (Signal::KILL, "was killed")] {
        let group_too = survivor.leads && survivor.itself_lives();
        survivor.signal(signal)?;
        let patience = tokio::time::Instant::now() + GRACE;
        while tokio::time::Instant::now() < patience {
            if !survivor.lives() {
                return left_behind(survivor, group_too, says);
            }
            tokio::time::sleep(TICK).await;
        }
    }
    Err("it ignores every signal; ask the system's administrator".to_owned())
}

/// What the process itself has left in its group: the group is still its own as long as any of it lives.
fn left_behind(survivor: &Survivor, group_too: bool, says: &'static str) -> Result<&'static str, String> {
    let group = i32::try_from(survivor.pid).ok().and_then(Pid::from_raw).filter(|_| group_too);
    match group.map(|group| kill_process_group(group, Signal::KILL)) {
        None | Some(Ok(()) | Err(rustix::io::Errno::SRCH)) => Ok(says),
        Some(Err(error)) => Err(error.to_string()),
    }
}

/// The living processes whose environment has an entry that begins so.
#[expect(clippy::disallowed_methods, reason = "the process table is asked at the edge that drives processes")]
fn marked(mark: &str) -> Vec<u32> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let has = |pid: &u32| {
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|entry| entry.starts_with(mark.as_bytes()))
    };
    pids.filter(has).filter(|pid| alive(*pid).is_some()).collect()
}

#[cfg(test)]
mod tests {
    use std::{os::unix::process::CommandExt as _, process::Stdio};

    use super::*;

    fn holder(pid: u32, started: Option<u64>) -> Holder {
        let folder = tempfile::tempdir().unwrap();
        let new = crate::runbook::journal::New {
            runs: folder.path(),
            runbook: "b",
            text: "",
            host: "box",
            at: "2026-11-21T05:15:00Z".parse().unwrap(),
        };
        let journal = crate::runbook::journal::Journal::create(&new).unwrap();
        let crate::runbook::journal::Hold::Held(Some(me)) = crate::runbook::journal::hold(journal.folder()) else {
            panic!("it is held")
        };
        Holder { pid, started, ..me }
    }

    #[test]
    fn a_process_is_known_by_its_id_and_its_start() {
        let pid = std::process::id();
        let started = alive(pid).unwrap();
        let step = |started| StepState { process: Some((pid, started)), ..StepState::default() };
        let id = "s".to_owned();
        let before = holder(pid, Some(started));
        let found = among(&[(&id, &step(Some(started)))], Some(&before), Some("s"));
        assert!(found.len() == 1 && found[0].lives(), "{found:?}");
        assert_eq!(among(&[(&id, &step(Some(started + 1)))], Some(&before), Some("s")), [], "an id given again");
        assert_eq!(among(&[(&id, &step(None))], Some(&before), Some("s")), [], "nobody is stopped on a mere id");
        let elsewhere = Holder { boot: Some("another".into()), ..before };
        assert_eq!(among(&[(&id, &step(Some(started)))], Some(&elsewhere), Some("s")), []);
        assert_eq!(among(&[(&id, &step(Some(started)))], None, Some("s")), []);
    }

    #[tokio::test]
    #[expect(clippy::disallowed_methods, reason = "a test starts what is to be found")]
    async fn what_the_journal_could_not_name_any_more_is_found_by_its_mark() {
        // The program is gone, and no process has had this start.
        let mut gone = std::process::Command::new("true").spawn().unwrap();
        let before = holder(gone.id(), Some(1));
        gone.wait().unwrap();
        let mut child = std::process::Command::new("sleep")
            .arg("600")
            .env(MARK, format!("{}-1-0", before.pid))
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        let pid = child.id();
        let id = "s".to_owned();
        let state = StepState::default();
        assert_eq!(among(&[(&id, &state)], Some(&before), Some("other")), [], "another step was begun last");
        // The kernel shows an environment a moment after the process has begun.
        let end_of_patience = tokio::time::Instant::now() + GRACE;
        let found = loop {
            let found = among(&[(&id, &state)], Some(&before), Some("s"));
            if !found.is_empty() || tokio::time::Instant::now() >= end_of_patience {
                break found;
            }
            tokio::time::sleep(TICK).await;
        };
        assert_eq!(found.iter().map(|survivor| survivor.pid).collect::<Vec<_>>(), [pid]);
        let collector = std::thread::spawn(move || child.wait().unwrap());
        assert_eq!(end(&found[0]).await, Ok("was stopped"));
        collector.join().unwrap();
        assert!(!found[0].lives());
    }
}
