//! One run of the program, and what it left.

use std::ffi::OsStr;
use std::fmt;
use std::io::{Read, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::pty::Terminal;
use super::{Folder, Report};

/// Longer than any run of a test takes, so that one that hangs fails by itself.
const DEADLINE: Duration = Duration::from_secs(60);

/// A run to be. Nothing of the caller's environment reaches it but `PATH`.
pub(crate) struct Loadline {
    command: Command,
    home: Folder,
    input: Option<String>,
}

/// What a run left.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
}

/// The program with these words; words with spaces in them come by [`Loadline::arg`].
pub(crate) fn loadline(words: &str) -> Loadline {
    let home = Folder::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_loadline"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", home.path());
    command.current_dir(home.path()).args(words.split_whitespace());
    Loadline { command, home, input: None }
}

impl Loadline {
    pub(crate) fn arg(mut self, word: impl AsRef<OsStr>) -> Self {
        self.command.arg(word);
        self
    }

    /// Further words.
    pub(crate) fn with_words(mut self, words: &str) -> Self {
        self.command.args(words.split_whitespace());
        self
    }

    /// What stands on standard input; nothing where left out.
    pub(crate) fn input(mut self, text: &str) -> Self {
        self.input = Some(text.to_owned());
        self
    }

    /// A flag and its value.
    pub(crate) fn with(self, flag: &str, value: impl AsRef<OsStr>) -> Self {
        self.arg(flag).arg(value)
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// The home of this run, to put files into.
    pub(crate) fn home(&self) -> &Folder {
        &self.home
    }

    pub(crate) fn run(mut self) -> Run {
        let stdin = if self.input.is_some() { Stdio::piped() } else { Stdio::null() };
        self.command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        let start = Instant::now();
        let mut child = self.command.spawn().expect("the program starts");
        if let (Some(mut pipe), Some(text)) = (child.stdin.take(), self.input.take()) {
            // It may end before it has read all; a pipe takes more than a test says.
            let _ = pipe.write_all(text.as_bytes());
        }
        let stdout = drain(child.stdout.take());
        let stderr = drain(child.stderr.take());
        let status = wait(&mut child, start + DEADLINE);
        let took = start.elapsed();
        let run = Run {
            code: status.and_then(|status| status.code()).unwrap_or(-1),
            stdout: text(stdout),
            stderr: text(stderr),
            took,
        };
        assert!(status.is_some(), "{:?} did not end within {DEADLINE:?}\n{run}", self.command);
        run
    }

    /// Runs it in a terminal of some width and height.
    pub(crate) fn on_a_terminal(self, size: (u16, u16)) -> Terminal {
        Terminal::start(&self.command, size).keep(self.home)
    }

    /// The same command, for a test that runs it in its own way.
    pub(crate) fn into_command(self) -> (Command, Folder) {
        (self.command, self.home)
    }
}

impl Run {
    /// The run, once it is sure that it ended in this way.
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self}");
        self
    }

    /// What `--format json` printed.
    pub(crate) fn report(&self) -> Report {
        Report::read(&self.stdout).unwrap_or_else(|error| panic!("no report: {error}\n{self}"))
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, stderr, took, .. } = self;
        // A report in full would bury what it says.
        let stdout = Report::read(&self.stdout).map_or_else(|_| self.stdout.clone(), |report| report.lines());
        write!(f, "--- exit code {code} after {took:?}, standard output:\n{stdout}\n--- standard error:\n{stderr}")
    }
}

/// Reads aside, so that a full pipe stops nobody.
fn drain(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    let mut pipe = pipe.expect("a pipe was asked for");
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("a pipe can be read");
        bytes
    })
}

fn text(bytes: JoinHandle<Vec<u8>>) -> String {
    String::from_utf8(bytes.join().expect("the reader ends")).expect("the program speaks UTF-8")
}

/// None where the time is up; the process is gone then as well.
fn wait(child: &mut Child, end: Instant) -> Option<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            return Some(status);
        }
        if Instant::now() >= end {
            child.kill().expect("a child can be killed");
            child.wait().expect("a killed child ends");
            return None;
        }
        thread::sleep(Duration::from_millis(10));
    }
}
