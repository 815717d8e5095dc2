//! A pseudo-terminal with a program in it: keys go in, and what stands on the screen can be looked at.
//!
//! The program is held by a small shell (`holder.sh`) that leads the session. Without it the kernel would reset the
//! terminal's modes at the moment when the program ends, and nobody could tell whether the program itself had done so;
//! and ctrl-z would stop nothing, as nobody could continue it.

#![allow(dead_code, reason = "tests, pictures and the benchmark each use a part of it")]

mod heard;
mod keys;
mod line;
mod modes;
mod processes;
#[cfg(test)]
mod tests;
mod view;

use std::any::Any;
use std::fs::File;
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Pid, Signal, kill_process};

pub(crate) use heard::{Fate, Heard};
pub(crate) use modes::Modes;
pub(crate) use view::View;

/// Longer than anything a test waits for, so that what never comes fails by itself.
const DEADLINE: Duration = Duration::from_secs(60);

/// The pause between two looks at a terminal that has nothing to say.
const PAUSE: Duration = Duration::from_micros(500);

const HOLDER: &str = include_str!("holder.sh");

/// A terminal with a program in it. Whatever runs in it is killed when this is dropped.
pub(crate) struct Terminal {
    pty: Option<Arc<File>>,
    heard: Arc<Heard>,
    reader: Option<(JoinHandle<()>, Arc<AtomicBool>)>,
    holder: Child,
    before: Modes,
    /// What must stay as long as the program does, such as its home.
    kept: Vec<Box<dyn Any>>,
}

/// How a program left its terminal.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The exit code; 128 and the signal's number where one ended it.
    pub(crate) code: i32,
    /// What stands on the screen.
    pub(crate) view: View,
}

impl Terminal {
    /// Starts a program in a terminal of some size, held by a shell.
    pub(crate) fn start(command: &Command, size: (u16, u16)) -> Self {
        Self::open(&held(command), size)
    }

    /// The same, with a shell that outlives the loss of the terminal, so that the program hears of it by its input alone.
    pub(crate) fn start_deaf(command: &Command, size: (u16, u16)) -> Self {
        let mut held = held(command);
        held.env("HOLD_ON_HANGUP", "1");
        Self::open(&held, size)
    }

    /// Starts a program that leads the session itself: as quick as can be, but nothing is known of its end.
    pub(crate) fn bare(command: &Command, size: (u16, u16)) -> Self {
        let mut same = beside(command, command.get_program());
        same.args(command.get_args());
        Self::open(&same, size)
    }

    fn open(command: &Command, size: (u16, u16)) -> Self {
        let (pty, given) = line::open();
        line::resize(&pty, size);
        let flags = fcntl_getfl(&pty).expect("our own terminal");
        fcntl_setfl(&pty, flags | OFlags::NONBLOCK).expect("our own terminal");
        let before = Modes::of(pty.as_fd());
        let holder = line::start(command, &given);
        let (pty, heard) = (Arc::new(pty), Arc::new(Heard::new(size)));
        let stop = Arc::new(AtomicBool::new(false));
        let reader = thread::spawn({
            let (pty, heard, stop) = (Arc::clone(&pty), Arc::clone(&heard), Arc::clone(&stop));
            move || listen(&pty, &heard, &stop)
        });
        Self { pty: Some(pty), heard, reader: Some((reader, stop)), holder, before, kept: Vec::new() }
    }

    /// Keeps something as long as the program may run.
    pub(crate) fn keep(mut self, thing: impl Any) -> Self {
        self.kept.push(Box::new(thing));
        self
    }

    fn pty(&self) -> &Arc<File> {
        self.pty.as_ref().expect("the terminal is not lost")
    }

    /// What is written to the program, to the byte.
    pub(crate) fn send(&self, bytes: impl AsRef<[u8]>) {
        let (mut rest, end) = (bytes.as_ref(), Instant::now() + DEADLINE);
        let mut pty: &File = self.pty();
        while !rest.is_empty() {
            match pty.write(rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    assert!(Instant::now() < end, "the program reads nothing; the screen shows\n{}", self.view());
                    thread::sleep(PAUSE);
                }
                Err(error) => panic!("the terminal takes no keys: {error}; the screen shows\n{}", self.view()),
            }
        }
    }

    /// Presses keys by their names, with a space between two: `down enter ctrl-c`.
    pub(crate) fn press(&self, names: &str) {
        names.split_whitespace().for_each(|name| self.send(keys::bytes(name)));
    }

    /// Pastes a text, with the brackets around it where the program has asked for them.
    pub(crate) fn paste(&self, text: &str) {
        if self.view().bracketed_paste() {
            self.send(format!("\x1b[200~{text}\x1b[201~"));
        } else {
            self.send(text);
        }
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&self, size: (u16, u16)) {
        self.heard.resize(size);
        line::resize(self.pty(), size);
    }

    /// What stands on the screen now.
    pub(crate) fn view(&self) -> View {
        self.heard.view()
    }

    /// All that was ever written to the terminal, and other things that no screen shows.
    pub(crate) fn heard(&self) -> &Heard {
        &self.heard
    }

    /// Waits until the screen is as it should be, and gives it back.
    pub(crate) fn wait_for(&self, what: &str, mut is_so: impl FnMut(&View) -> bool) -> View {
        let seen = self.heard.wait(DEADLINE, |heard| {
            let view = heard.view();
            (is_so(&view) || matches!(heard.fate(), Some(Fate::Ended(_)))).then_some(view)
        });
        match seen {
            Some(view) if is_so(&view) => view,
            Some(view) => panic!("waited for {what}, but the program has ended ({:?}):\n{view}", self.heard.fate()),
            None => panic!("waited {DEADLINE:?} for {what}; the screen shows\n{}", self.view()),
        }
    }

    /// Waits until these words stand on the screen.
    pub(crate) fn wait_text(&self, words: &str) -> View {
        self.wait_for(&format!("`{words}`"), |view| view.has(words))
    }

    /// The process in the foreground: the program itself, where a shell holds it.
    pub(crate) fn pid(&self) -> Pid {
        let shell = i32::try_from(self.holder.id()).expect("process ids are small");
        let end = Instant::now() + DEADLINE;
        loop {
            // The shell has put it there before its first instruction.
            match rustix::termios::tcgetpgrp(self.pty()) {
                Ok(pid) if pid.as_raw_nonzero().get() != shell => return pid,
                _ if Instant::now() >= end => panic!("nothing runs in the terminal:\n{}", self.view()),
                _ => thread::sleep(PAUSE),
            }
        }
    }

    /// The process that leads the session: the shell, or the program itself where nothing holds it.
    pub(crate) fn leader(&self) -> u32 {
        self.holder.id()
    }

    /// The names of the processes that live in it, but for the shell that holds it.
    pub(crate) fn processes(&self) -> Vec<String> {
        let holder = self.holder.id();
        processes::of_session(holder, &[holder]).into_iter().map(|(_, name)| name).collect()
    }

    /// Sends a signal to the program.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("our own program can be signalled");
    }

    /// Waits until the program is stopped. The terminal is the shell's then.
    pub(crate) fn wait_stopped(&self) -> View {
        let stopped = self.heard.wait(DEADLINE, |heard| match heard.fate() {
            Some(Fate::Stopped(_)) => Some(heard.view()),
            _ => None,
        });
        stopped.unwrap_or_else(|| panic!("it is not stopped ({:?}):\n{}", self.heard.fate(), self.view()))
    }

    /// Continues what is stopped, as `fg` does.
    pub(crate) fn foreground(&self) {
        self.heard.forget_fate();
        self.send("fg\n");
    }

    /// Waits until the program has ended.
    pub(crate) fn wait_end(&self) -> Ended {
        let code = self.heard.wait(DEADLINE, |heard| match heard.fate() {
            Some(Fate::Ended(code)) => Some(code),
            _ => None,
        });
        let code = code.unwrap_or_else(|| panic!("it does not end; the screen shows\n{}", self.view()));
        Ended { code, view: self.view() }
    }

    /// Holds the terminal against how it was before: every mode as it was, and nothing of the program left running.
    pub(crate) fn assert_clean(&self) {
        self.assert_lent();
        let holder = self.holder.id();
        let gone = processes::until_gone(DEADLINE, || processes::of_session(holder, &[holder]));
        assert!(gone.is_empty(), "still running: {gone:?}");
    }

    /// Holds the terminal against how it was before, while the program is stopped.
    pub(crate) fn assert_lent(&self) {
        let left = self.heard.left_on();
        assert!(left.is_empty(), "left on: {left:?}; the screen shows\n{}", self.view());
        assert_eq!(Modes::of(self.pty().as_fd()), self.before, "the modes of the line");
    }

    /// Takes the terminal away, as a lost connection does. What runs in it hears of it by its input or by SIGHUP.
    pub(crate) fn lose(&mut self) {
        self.stop_reading();
        let pty = self.pty.take().expect("a terminal is lost once");
        assert!(Arc::into_inner(pty).is_some(), "nobody else holds the terminal");
    }

    /// Waits until a process is gone.
    pub(crate) fn wait_gone(pid: Pid) {
        let alive = || processes::is_alive(pid).then_some(pid).into_iter().collect::<Vec<_>>();
        assert!(processes::until_gone(DEADLINE, alive).is_empty(), "process {pid:?} goes on without a terminal");
    }

    fn stop_reading(&mut self) {
        if let Some((reader, stop)) = self.reader.take() {
            stop.store(true, Ordering::SeqCst);
            reader.join().expect("the reader of a terminal ends");
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        for (pid, _) in processes::of_session(self.holder.id(), &[]) {
            if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
                let _ = kill_process(pid, Signal::KILL);
            }
        }
        let _ = self.holder.kill();
        let _ = self.holder.wait();
        if let Some((reader, stop)) = self.reader.take() {
            stop.store(true, Ordering::SeqCst);
            let _ = reader.join();
        }
    }
}

/// Another program in the same surroundings.
fn beside(command: &Command, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut other = Command::new(program);
    other.env_clear().env("TERM", "xterm-256color");
    other.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(folder) = command.get_current_dir() {
        other.current_dir(folder);
    }
    other
}

fn held(command: &Command) -> Command {
    let mut shell = beside(command, "/bin/sh");
    shell.args(["-c", HOLDER, "holder"]).arg(command.get_program()).args(command.get_args());
    shell
}

/// Reads until the terminal is closed, or nobody listens any longer.
fn listen(pty: &File, heard: &Heard, stop: &AtomicBool) {
    let (mut pty, mut piece) = (pty, vec![0; 64 * 1024]);
    while !stop.load(Ordering::SeqCst) {
        match pty.read(&mut piece) {
            Ok(0) => return,
            Ok(length) => heard.take(&piece[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(PAUSE),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // The last program in it has gone.
            Err(_) => return,
        }
    }
}
