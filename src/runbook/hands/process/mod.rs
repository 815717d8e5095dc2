//! A process from its start to the end of its last descendant.
//!
//! Time is up, or the operator stops it: TERM to all of the family, after the grace KILL, and within a second all are
//! gone. What ends by itself may leave something running on purpose; that is told.

mod adopt;
mod family;
mod program;
mod start;
mod table;

use std::{
    process::ExitStatus,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use rustix::process::Signal;
use tokio::{
    io::AsyncReadExt as _,
    time::{MissedTickBehavior, interval, sleep_until},
};

use super::output::{Output, Pipe, Printed};
use crate::runbook::port::{Happening, Stage};

use adopt::Adopting;
use start::{Reader, Started};

pub(in crate::runbook) use family::MARK;
pub(super) use program::{Program, find};

/// How often the family is looked at while it runs, and while it is ended.
const LOOK: Duration = Duration::from_millis(250);
const LOOK_ENDING: Duration = Duration::from_millis(40);

/// For how long a pipe is read after the process has ended: a descendant may hold it open.
const DRAIN: Duration = Duration::from_millis(300);

/// How long KILL may take.
const DYING: Duration = Duration::from_millis(700);

/// How a process ended.
#[derive(Debug)]
pub(super) enum End {
    /// It could not be started.
    NotStarted(std::io::Error),
    /// By itself.
    Ended(ExitStatus),
    /// By itself, but how is not known.
    Lost(std::io::Error),
    /// Its time was up.
    TimedOut,
    /// The operator stopped it.
    Stopped,
}

/// What became of it.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) end: End,
    pub(super) printed: Printed,
    pub(super) took: Duration,
    /// Whether it took KILL to end it.
    pub(super) killed: bool,
    /// Processes of its family that live.
    pub(super) left: Vec<u32>,
}

/// Runs a program to its end.
pub(super) async fn run(program: &Program, timeout: Duration, grace: Duration, mut stage: Stage<'_>) -> Ran {
    let began = Instant::now();
    let _adopting = Adopting::begin();
    let mut output = Output::new(&stage);
    let started = match start::start(program, &mark()).await {
        Ok(started) => started,
        Err(error) => {
            let end = End::NotStarted(error);
            return Ran { end, printed: output.finish(), took: began.elapsed(), killed: false, left: Vec::new() };
        }
    };
    if let Some(pid) = started.child.id() {
        (stage.happens)(Happening::Spawned { pid, started: started.family.since() });
    }
    let mut course = Course { started, status: None, ending: None, grace, rested: None };
    course.follow(began + timeout, &mut stage, &mut output).await;
    let left: Vec<u32> = course.started.family.look().iter().filter_map(|p| u32::try_from(p.pid).ok()).collect();
    let end = match (course.ending, course.status) {
        (None, Some(Ok(status))) => End::Ended(status),
        (None, Some(Err(error))) => End::Lost(error),
        (Some(Ending { why: Why::Stopped, .. }), _) => End::Stopped,
        _ => End::TimedOut,
    };
    let killed = course.ending.is_some_and(|ending| Instant::now() >= ending.kill_at);
    if matches!(end, End::Ended(_)) {
        course.started.family.release();
    }
    Ran { end, killed, printed: output.finish(), took: began.elapsed(), left }
}

/// A word that no other action's processes have in their environment.
fn mark() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let me = rustix::process::getpid();
    let since = table::one(me.as_raw_pid()).map_or(0, |process| process.started);
    format!("{}-{since}-{}", me.as_raw_pid(), COUNT.fetch_add(1, Ordering::Relaxed))
}

#[derive(Debug, Clone, Copy)]
enum Why {
    Late,
    Stopped,
}

/// An end that we bring about.
#[derive(Debug, Clone, Copy)]
struct Ending {
    why: Why,
    /// When KILL follows.
    kill_at: Instant,
}

struct Course {
    started: Started,
    status: Option<std::io::Result<ExitStatus>>,
    ending: Option<Ending>,
    grace: Duration,
    /// When nobody was left whose output we wait for: the process itself, or, where we end it, all of its family.
    rested: Option<Instant>,
}

impl Course {
    async fn follow(&mut self, deadline: Instant, stage: &mut Stage<'_>, output: &mut Output<'_>) {
        let (mut out, mut err) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
        let mut ticks = interval(Duration::from_millis(20));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut looked = Instant::now();
        let mut stoppable = true;
        while !self.over() {
            let running = self.status.is_none() && self.ending.is_none();
            tokio::select! {
                status = self.started.child.wait(), if self.status.is_none() => {
                    self.status = Some(status);
                    self.rested = self.ending.is_none().then(Instant::now);
                }
                bytes = read(&mut self.started.out, &mut out), if self.started.out.is_some() => {
                    output.push(Pipe::Out, out.get(..bytes).unwrap_or_default());
                }
                bytes = read(&mut self.started.err, &mut err), if self.started.err.is_some() => {
                    output.push(Pipe::Err, err.get(..bytes).unwrap_or_default());
                }
                () = sleep_until(deadline.into()), if running => self.end(Why::Late),
                changed = stage.stop.changed(), if running && stoppable => match changed {
                    Ok(()) if *stage.stop.borrow() => self.end(Why::Stopped),
                    Ok(()) => {}
                    Err(_) => stoppable = false,
                },
                _ = ticks.tick() => {
                    output.tick();
                    let often = if self.ending.is_some() { LOOK_ENDING } else { LOOK };
                    if looked.elapsed() >= often {
                        self.look();
                        looked = Instant::now();
                    }
                }
            }
        }
    }

    fn end(&mut self, why: Why) {
        self.ending = Some(Ending { why, kill_at: Instant::now() + self.grace });
        self.started.family.signal(Signal::TERM);
    }

    fn look(&mut self) {
        let killing = self.ending.is_some_and(|ending| Instant::now() >= ending.kill_at);
        let alive = if killing { self.started.family.signal(Signal::KILL) } else { self.started.family.look().len() };
        if self.ending.is_some() && alive == 0 && self.status.is_some() {
            self.rested.get_or_insert_with(Instant::now);
        }
    }

    fn over(&self) -> bool {
        let closed = self.started.out.is_none() && self.started.err.is_none();
        let drained = self.rested.is_some_and(|at| closed || at.elapsed() >= DRAIN);
        drained || self.ending.is_some_and(|ending| Instant::now() >= ending.kill_at + DYING)
    }
}

/// Reads a piece. An end, and an error such as the one of a terminal whose last user has gone, close it.
async fn read(reader: &mut Option<Reader>, into: &mut [u8]) -> usize {
    let Some(open) = reader else { return 0 };
    match open.read(into).await {
        Ok(bytes) if bytes > 0 => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::Interrupted => 0,
        _ => {
            *reader = None;
            0
        }
    }
}
