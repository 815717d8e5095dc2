//! What comes from outside: keys, signals, the loss of the terminal.

use std::{
    io,
    sync::{Mutex, PoisonError},
};

use crossterm::event::{self, Event as Raw, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEventKind};
use tokio::{
    io::{Interest, unix::AsyncFd},
    signal::unix::{Signal, SignalKind, signal},
    sync::mpsc,
};

use super::{
    event::{Event, Mouse, MouseKind},
    key::Key,
};

/// How many keys wait at most; the terminal keeps the rest.
const WAITING: usize = 1024;

/// What the one reader has read. It goes on from one target to the next: a second one would take keys from the first.
static READER: Mutex<Option<mpsc::Receiver<Event>>> = Mutex::new(None);

/// Keys, pastes, the mouse and sizes, read by a thread of their own.
pub(super) struct Keys(mpsc::Receiver<Event>);

impl Keys {
    /// Begins to read, or goes on.
    pub(super) fn listen() -> Self {
        let read = READER.lock().unwrap_or_else(PoisonError::into_inner).take();
        Self(read.unwrap_or_else(begin))
    }

    /// The next one; none where no more can come.
    pub(super) async fn next(&mut self) -> Option<Event> {
        self.0.recv().await
    }

    /// Whether more of them wait.
    pub(super) fn are_more(&self) -> bool {
        !self.0.is_empty()
    }

    /// The next one, if it is there already.
    pub(super) fn waiting(&mut self) -> Option<Event> {
        self.0.try_recv().ok()
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        let (_, none) = mpsc::channel(1);
        *READER.lock().unwrap_or_else(PoisonError::into_inner) = Some(std::mem::replace(&mut self.0, none));
    }
}

fn begin() -> mpsc::Receiver<Event> {
    let (send, keys) = mpsc::channel(WAITING);
    // Not a task: a read that nobody answers must not hold up the end of the program.
    std::thread::spawn(move || {
        while let Ok(raw) = event::read() {
            if translate(raw).into_iter().any(|event| send.blocking_send(event).is_err()) {
                return;
            }
        }
    });
    keys
}

/// Hears when the terminal is gone. Whoever reads keys does not: that a terminal has hung up is for crossterm no event,
/// and it tries again for ever.
pub(super) struct Hangup(AsyncFd<io::Stdin>);

impl Hangup {
    /// Begins to watch.
    ///
    /// # Errors
    /// An input that cannot be watched.
    #[expect(deprecated, reason = "its successor is unsafe to call; standard input is never closed")]
    pub(super) fn watch() -> io::Result<Self> {
        AsyncFd::with_interest(io::stdin(), Interest::READABLE).map(Self)
    }

    /// Waits until the terminal is gone.
    pub(super) async fn comes(&self) {
        while let Ok(mut input) = self.0.readable().await {
            if input.ready().is_read_closed() {
                return;
            }
            input.clear_ready();
        }
    }
}

/// A signal that means something to the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Called {
    /// To end, by the signal with this number.
    End(u8),
    /// What ctrl-c means, sent by somebody else.
    Interrupt,
    /// To go on after a stop.
    Continue,
}

/// Signals that are listened to.
pub(super) struct Signals {
    ends: [(u8, Signal); 3],
    interrupt: Signal,
    go_on: Signal,
}

/// The number of SIGHUP, which is also what the loss of a terminal means.
pub(super) const HANGUP: u8 = 1;
const QUIT: u8 = 3;
const TERMINATE: u8 = 15;

impl Signals {
    /// Begins to listen: from now on none of them ends the program by itself.
    ///
    /// # Errors
    /// A signal that cannot be listened to.
    pub(super) fn listen() -> io::Result<Self> {
        let end = |number: u8| Ok::<_, io::Error>((number, signal(SignalKind::from_raw(number.into()))?));
        Ok(Self {
            ends: [end(HANGUP)?, end(QUIT)?, end(TERMINATE)?],
            interrupt: signal(SignalKind::interrupt())?,
            go_on: signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?,
        })
    }

    /// The next one.
    pub(super) async fn next(&mut self) -> Called {
        let [hangup, quit, terminate] = &mut self.ends;
        tokio::select! {
            _ = hangup.1.recv() => Called::End(hangup.0),
            _ = quit.1.recv() => Called::End(quit.0),
            _ = terminate.1.recv() => Called::End(terminate.0),
            _ = self.interrupt.recv() => Called::Interrupt,
            _ = self.go_on.recv() => Called::Continue,
        }
    }
}

fn translate(raw: Raw) -> Vec<Event> {
    match raw {
        Raw::Key(key) => keys(key).map(Event::Key).collect(),
        Raw::Paste(text) => vec![Event::Paste(text)],
        Raw::Resize(width, height) => vec![Event::Resize(width, height)],
        Raw::Mouse(mouse) => {
            let what = match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => MouseKind::Click,
                MouseEventKind::ScrollUp => MouseKind::Up,
                MouseEventKind::ScrollDown => MouseKind::Down,
                _ => return Vec::new(),
            };
            vec![Event::Mouse(Mouse { x: mouse.column, y: mouse.row, what })]
        }
        _ => Vec::new(),
    }
}

/// The keys of an event. A terminal says alt and a letter as escape and the letter; over a slow line an escape and the
/// letter that was typed after it come together and look the same. No chord with alt means anything here, so both do.
fn keys(key: KeyEvent) -> impl Iterator<Item = Key> {
    let is_alt = key.is_press() && key.modifiers.contains(KeyModifiers::ALT);
    let escape = is_alt.then_some(Key { code: KeyCode::Esc, ctrl: false });
    let alone = KeyEvent { modifiers: key.modifiers.difference(KeyModifiers::ALT), ..key };
    escape.into_iter().chain(Key::of(alone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_and_a_letter_that_come_together_are_two_keys() {
        let of = |code, modifiers| {
            keys(KeyEvent::new(code, modifiers)).map(|key| key.to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of(KeyCode::Char('q'), KeyModifiers::ALT), "esc q");
        assert_eq!(of(KeyCode::Char('Q'), KeyModifiers::ALT | KeyModifiers::SHIFT), "esc Q");
        assert_eq!(of(KeyCode::Char('q'), KeyModifiers::NONE), "q");
        assert_eq!(of(KeyCode::Char('c'), KeyModifiers::CONTROL), "ctrl-c");
    }
}
