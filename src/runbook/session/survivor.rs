//! Processes that outlived the program that started them.

use std::{fmt, time::Duration};

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

use super::{Session, SessionError};
use crate::runbook::{
    machine::Refusal,
    record::{Record, Word},
    state::StepState,
};

/// How long a group has between TERM and KILL.
const GRACE: Duration = Duration::from_secs(5);

/// How often is looked whether it is gone.
const TICK: Duration = Duration::from_millis(50);

/// A process of an action whose outcome is not known, and that still lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survivor {
    /// The step.
    pub step: String,
    /// Its id, which is that of its group, too.
    pub pid: u32,
    /// When it was started, as /proc says it.
    started: u64,
}

impl fmt::Display for Survivor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the process {} of the step {} still runs", self.pid, self.step)
    }
}

impl Survivor {
    /// Whether it still lives: a process of that id that was started at that moment, and is more than an entry that
    /// waits to be collected.
    pub fn lives(&self) -> bool {
        alive(self.pid) == Some(self.started)
    }
}

impl Session {
    /// Ends a process that outlived its program, with its whole group, and writes that down. What it did is as unknown
    /// as before.
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

/// The survivors among steps without a known outcome. Without word of the same boot, an id means nothing.
pub(super) fn among(open: &[(&String, &StepState)], same_boot: bool) -> Vec<Survivor> {
    let of = |(step, state): &(&String, &StepState)| {
        let (pid, started) = state.process?;
        Some(Survivor { step: (*step).clone(), pid, started: started? })
    };
    open.iter().filter(|_| same_boot).filter_map(of).filter(Survivor::lives).collect()
}

async fn end(survivor: &Survivor) -> Result<&'static str, String> {
    let group = i32::try_from(survivor.pid).ok().and_then(Pid::from_raw).ok_or("its id is none")?;
    for (signal, says) in [(Signal::TERM, "was stopped"), (Signal::KILL, "was killed")] {
        if !survivor.lives() {
            return Ok("had ended");
        }
        kill_process_group(group, signal).map_err(|error| error.to_string())?;
        let patience = tokio::time::Instant::now() + GRACE;
        while tokio::time::Instant::now() < patience {
            if !survivor.lives() && test_kill_process_group(group).is_err() {
                return Ok(says);
            }
            tokio::time::sleep(TICK).await;
        }
        if !survivor.lives() {
            // Its children are left; their group is still its own.
            kill_process_group(group, Signal::KILL).map_err(|error| error.to_string())?;
            return Ok("was stopped, and what it had started was killed");
        }
    }
    Err("it ignores every signal; ask the system's administrator".to_owned())
}

/// When a living process was started, in clock ticks since boot; none where there is none.
#[expect(clippy::disallowed_methods, reason = "the process table is asked at the edge that drives processes")]
fn alive(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in parentheses and may hold anything; what counts comes behind the last of them.
    let fields: Vec<_> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let dead = matches!(fields.first(), Some(&("Z" | "X" | "x")));
    if dead { None } else { fields.get(19)?.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_known_by_its_id_and_its_start() {
        let pid = std::process::id();
        let started = alive(pid).unwrap();
        let me = Survivor { step: "s".into(), pid, started };
        assert!(me.lives());
        assert!(!Survivor { started: started + 1, ..me.clone() }.lives(), "an id that was given again");
        let step = StepState { process: Some((pid, Some(started))), ..StepState::default() };
        let id = "s".to_owned();
        assert_eq!(among(&[(&id, &step)], true), [me]);
        assert_eq!(among(&[(&id, &step)], false), [], "after another boot");
        let vague = StepState { process: Some((pid, None)), ..StepState::default() };
        assert_eq!(among(&[(&id, &vague)], true), [], "nobody is stopped on a mere id");
    }
}
