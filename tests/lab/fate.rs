//! What befalls servers: they are killed, stand still, and are there again on the port they had.

use std::fs;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::options::Part;
use super::servers::Lab;
use super::{pgbouncer, postgres, redis, wait};

/// A server that stands still: its port takes connections, and nobody answers. It goes on when this value goes.
#[derive(Debug)]
pub(crate) struct Frozen(Vec<Pid>);

impl Drop for Frozen {
    fn drop(&mut self) {
        for pid in &self.0 {
            // It may have ended.
            let _ = kill_process(*pid, Signal::CONT);
        }
    }
}

impl Lab {
    /// Kills a server as a machine does that has run out of memory.
    pub(crate) fn kill(&self, part: Part) {
        assert!(self.runs(part), "{} runs", part.name());
        self.crew().end_by("KILL", 10, &[part.name().to_owned()]);
        assert!(!self.runs(part));
    }

    /// Starts a server again that was killed, with the data and on the port that it had.
    pub(crate) fn revive(&self, part: Part) {
        let answers = || match part {
            Part::Postgres | Part::Replica => postgres::answers(self, part),
            Part::PgBouncer => pgbouncer::answers(self),
            Part::Redis | Part::RedisReplica => redis::is_ours(self, part),
        };
        let again = wait::until(Duration::from_secs(60), || {
            if !self.runs(part) {
                // What the dead one left, as backends of PostgreSQL that have not noticed yet, turns a first start away.
                self.spawn(part);
            }
            wait::until(Duration::from_secs(20), || !self.runs(part) || answers()) && self.runs(part)
        });
        assert!(again, "{} does not come back:\n{}", part.name(), self.crew().log_tail(part.name()));
    }

    /// Lets a server stand still, with every process it has.
    pub(crate) fn freeze(&self, part: Part) -> Frozen {
        let id = |pid: u32| i32::try_from(pid).ok().and_then(Pid::from_raw).expect("a process id");
        let main = self.pid(part).unwrap_or_else(|| panic!("{} runs", part.name()));
        let mut frozen = Frozen(Vec::new());
        let mut stop = |pid: u32| {
            let stopped = kill_process(id(pid), Signal::STOP);
            frozen.0.push(id(pid));
            stopped
        };
        stop(main).expect("the lab's processes are ours");
        // The main process stands still, so that there will be no more of them.
        let children = fs::read_to_string(format!("/proc/{main}/task/{main}/children")).expect("the kernel lists them");
        for child in children.split_whitespace().filter_map(|word| word.parse().ok()) {
            // One may have ended by itself.
            let _ = stop(child);
        }
        frozen
    }

    fn spawn(&self, part: Part) {
        let port = self.state().port(part);
        match part {
            Part::Postgres | Part::Replica => postgres::spawn(self, part, port),
            Part::PgBouncer => pgbouncer::spawn(self, port),
            Part::Redis | Part::RedisReplica => redis::spawn(self, part, port),
        }
    }
}
