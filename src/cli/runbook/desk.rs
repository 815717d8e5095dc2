//! Where the operator sits: lines in, text out, interrupts. The only file of the group that reads standard input.

use std::{
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    sync::{Arc, Mutex, mpsc as blocking},
};

use rustix::termios::{self, LocalModes, OptionalActions, Termios};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::mpsc,
};

use super::talk::{Look, Told};
use crate::cli::{CliError, output};

/// What came instead of, or as, an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    /// A line, without its break.
    Line(String),
    /// There are no more lines.
    End,
    /// The operator pressed Ctrl-C.
    Interrupt,
    /// The program is asked to end, or its terminal is gone.
    Leave,
}

/// Standard input, read a line at a time and only when one is wanted.
pub(super) struct Desk {
    ask: blocking::Sender<()>,
    lines: mpsc::Receiver<Option<String>>,
    /// Whether a line was asked for that has not come: the next question takes it.
    is_asked: bool,
    signals: [Signal; 3],
    /// Whether a person sits at a terminal.
    pub(super) is_terminal: bool,
    /// What is printed to.
    pub(super) screen: Screen,
}

impl Desk {
    /// Takes a seat. Must be called inside the runtime.
    ///
    /// # Errors
    /// Signals that cannot be listened to.
    pub(super) fn new() -> Result<Self, CliError> {
        let (ask, asked) = blocking::channel::<()>();
        let (send, lines) = mpsc::channel(1);
        // Not a task: a read that nobody answers must not hold up the end of the program.
        std::thread::spawn(move || {
            while asked.recv().is_ok() {
                let mut line = String::new();
                let read = io::stdin().lock().read_line(&mut line);
                let line = read.is_ok_and(|bytes| bytes > 0).then_some(line);
                if send.blocking_send(line).is_err() {
                    return;
                }
            }
        });
        let listen = |kind| signal(kind).map_err(|error| CliError::Internal(format!("listen to signals: {error}")));
        let signals =
            [listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?, listen(SignalKind::hangup())?];
        let is_terminal = io::stdin().is_terminal();
        Ok(Self { ask, lines, is_asked: false, signals, is_terminal, screen: Screen::new() })
    }

    /// Asks a question and waits for a line.
    pub(super) async fn ask(&mut self, question: &str) -> Input {
        self.screen.prompt(question);
        let input = self.next().await;
        match &input {
            // A transcript of a scripted operator shows what was answered.
            Input::Line(line) if !self.is_terminal => self.screen.line(line),
            Input::Line(_) => {}
            _ => self.screen.line(""),
        }
        input
    }

    /// Asks for a secret: nothing that is typed is shown.
    pub(super) async fn ask_secret(&mut self, question: &str) -> Input {
        self.screen.prompt(question);
        let echo = Echo::off();
        let input = self.next().await;
        drop(echo);
        self.screen.line("");
        input
    }

    /// The next line or interrupt.
    pub(super) async fn next(&mut self) -> Input {
        if !self.is_asked && self.ask.send(()).is_err() {
            return Input::End;
        }
        self.is_asked = true;
        let [interrupt, terminate, hangup] = &mut self.signals;
        tokio::select! {
            line = self.lines.recv() => {
                self.is_asked = false;
                match line.flatten() {
                    Some(line) => Input::Line(line.trim_end_matches(['\r', '\n']).to_owned()),
                    None => Input::End,
                }
            }
            _ = interrupt.recv() => Input::Interrupt,
            _ = terminate.recv() => Input::Leave,
            _ = hangup.recv() => Input::Leave,
        }
    }

    /// The next interrupt, while nobody is asked anything.
    pub(super) async fn interrupted(&mut self) -> Input {
        let [interrupt, terminate, hangup] = &mut self.signals;
        tokio::select! {
            _ = interrupt.recv() => Input::Interrupt,
            _ = terminate.recv() => Input::Leave,
            _ = hangup.recv() => Input::Leave,
        }
    }
}

/// Standard output, shared with what a session tells while it works.
#[derive(Clone)]
pub(super) struct Screen {
    /// Whether a line that passes stands there now; none where standard output can take no line back.
    passing: Option<Arc<Mutex<bool>>>,
    /// What was said last while waiting, where lines cannot be taken back: only changes are told.
    last: Arc<Mutex<String>>,
    look: Look,
}

impl Screen {
    fn new() -> Self {
        let is_live = io::stdout().is_terminal() && output::is_watched();
        Self {
            passing: is_live.then(Arc::default),
            last: Arc::default(),
            look: Look { width: output::width(), colour: output::is_colourful() },
        }
    }

    /// How wide and how colourful it is.
    pub(super) fn look(&self) -> Look {
        self.look
    }

    /// A line or several.
    pub(super) fn line(&self, text: &str) {
        self.write(&format!("{text}\n"));
    }

    /// Text that ends with its own line break.
    pub(super) fn page(&self, text: &str) {
        self.write(text);
    }

    fn prompt(&self, question: &str) {
        self.write(&format!("{question}\n> "));
    }

    /// What a session tells.
    pub(super) fn told(&self, told: &Told) {
        match (told, &self.passing) {
            (Told::Line(line), _) => self.line(line),
            (Told::Passing(line), Some(passing)) => {
                let line = crate::text::shorten(line, self.look.width.saturating_sub(1)).into_owned();
                print(&format!("\r\x1b[K{line}"));
                if let Ok(mut passing) = passing.lock() {
                    *passing = true;
                }
            }
            (Told::Passing(line), None) => {
                let is_new = self.last.lock().is_ok_and(|mut last| {
                    let is_new = *last != *line;
                    last.clone_from(line);
                    is_new
                });
                if is_new {
                    self.line(line);
                }
            }
        }
    }

    /// Writes, after taking a passing line away.
    fn write(&self, text: &str) {
        let stood = self.passing.as_ref().and_then(|p| p.lock().ok().map(|mut p| std::mem::take(&mut *p)));
        let head = if stood == Some(true) { "\r\x1b[K" } else { "" };
        print(&format!("{head}{text}"));
    }
}

/// A terminal that is gone must not end a run: its journal goes on.
fn print(text: &str) {
    let mut out = anstream::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// The terminal's echo, off until this is dropped.
struct Echo(Option<Termios>);

impl Echo {
    fn off() -> Self {
        let Ok(before) = termios::tcgetattr(io::stdin()) else { return Self(None) };
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        let done = termios::tcsetattr(io::stdin(), OptionalActions::Flush, &silent);
        Self(done.is_ok().then_some(before))
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _ = termios::tcsetattr(io::stdin(), OptionalActions::Now, before);
        }
    }
}
