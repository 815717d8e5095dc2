//! What a program has written to its terminal.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use vt100::{Callbacks, MouseProtocolMode, Parser, Screen};

use super::View;

/// The private mode in which a terminal gathers what is drawn, to show it in one piece.
const FRAME: u16 = 2026;

/// What became of the program, as its shell tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is stopped, with 128 and the signal's number.
    Stopped(i32),
    /// It has ended, with this code.
    Ended(i32),
}

/// Everything that came out of a terminal.
pub(crate) struct Heard {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    parser: Parser<Aside>,
    bytes: Vec<u8>,
    pieces: usize,
}

/// What a program says to a terminal that shows on no screen.
#[derive(Default)]
struct Aside {
    fate: Option<Fate>,
    clipboard: Vec<(String, String)>,
    /// Private modes that are on and that the parser knows nothing of.
    modes: BTreeSet<u16>,
    /// How often the keyboard was switched to another protocol and not back.
    keyboards: i32,
    questions: usize,
    frames: usize,
    /// The last whole frame, while the next is being drawn.
    whole: Option<Screen>,
}

impl Heard {
    pub(super) fn new((width, height): (u16, u16)) -> Self {
        let parser = Parser::new_with_callbacks(height, width, 0, Aside::default());
        Self { state: Mutex::new(State { parser, bytes: Vec::new(), pieces: 0 }), changed: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody fails while writing down what was heard")
    }

    pub(super) fn take(&self, bytes: &[u8]) {
        let mut state = self.state();
        state.parser.process(bytes);
        state.bytes.extend_from_slice(bytes);
        state.pieces += 1;
        drop(state);
        self.changed.notify_all();
    }

    pub(super) fn resize(&self, (width, height): (u16, u16)) {
        let mut state = self.state();
        state.parser.screen_mut().set_size(height, width);
        state.parser.callbacks_mut().whole = None;
    }

    /// What stands on the screen; while a frame is being drawn, the one before it, as a terminal shows it.
    pub(crate) fn view(&self) -> View {
        let state = self.state();
        View(state.parser.callbacks().whole.as_ref().unwrap_or(state.parser.screen()).clone())
    }

    /// What became of the program.
    pub(crate) fn fate(&self) -> Option<Fate> {
        self.state().parser.callbacks().fate
    }

    pub(super) fn forget_fate(&self) {
        self.state().parser.callbacks_mut().fate = None;
    }

    /// All bytes, from the start.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.state().bytes.clone()
    }

    /// How often something was heard: a measure of how often was drawn.
    pub(crate) fn pieces(&self) -> usize {
        self.state().pieces
    }

    /// How many frames were drawn, by the ends of what a terminal is asked to show in one piece.
    pub(crate) fn frames(&self) -> usize {
        self.state().parser.callbacks().frames
    }

    /// What was put on the clipboard: its name, and the text in base 64.
    pub(crate) fn clipboard(&self) -> Vec<(String, String)> {
        self.state().parser.callbacks().clipboard.clone()
    }

    /// How often the terminal was asked something that it must answer. Over a slow line each costs a round trip.
    pub(crate) fn questions(&self) -> usize {
        self.state().parser.callbacks().questions
    }

    /// Modes that are on now, and that a program must switch off before it leaves.
    pub(crate) fn left_on(&self) -> Vec<String> {
        let state = self.state();
        let (screen, aside) = (state.parser.screen(), state.parser.callbacks());
        let known = [
            (screen.alternate_screen(), "the alternate screen"),
            (screen.hide_cursor(), "a hidden cursor"),
            (screen.bracketed_paste(), "bracketed paste"),
            (screen.application_cursor(), "cursor keys of an application"),
            (screen.application_keypad(), "a keypad of an application"),
            (screen.mouse_protocol_mode() != MouseProtocolMode::None, "the mouse"),
            (screen.fgcolor() != vt100::Color::Default || screen.bgcolor() != vt100::Color::Default, "a colour"),
            (screen.bold() || screen.dim() || screen.italic() || screen.underline() || screen.inverse(), "a style"),
            (aside.keyboards != 0, "another keyboard protocol"),
        ];
        let known = known.into_iter().filter(|(on, _)| *on).map(|(_, name)| name.to_owned());
        known.chain(aside.modes.iter().map(|mode| format!("private mode {mode}"))).collect()
    }

    /// Waits until something can be found in what is heard; none where the time is up.
    pub(crate) fn wait<T>(&self, within: Duration, mut find: impl FnMut(&Self) -> Option<T>) -> Option<T> {
        let end = Instant::now() + within;
        loop {
            let pieces = self.pieces();
            if let Some(found) = find(self) {
                return Some(found);
            }
            let state = self.state();
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            // A piece that came since is looked at before anything is waited for.
            if state.pieces == pieces {
                drop(self.changed.wait_timeout(state, left).expect("nobody fails while writing down what was heard"));
            }
        }
    }
}

impl Callbacks for Aside {
    fn set_window_title(&mut self, _: &mut Screen, title: &[u8]) {
        let title = String::from_utf8_lossy(title);
        let code = |word: &str| title.strip_prefix(word).and_then(|code| code.parse().ok());
        if let Some(code) = code("held stopped ") {
            self.fate = Some(Fate::Stopped(code));
        } else if let Some(code) = code("held ended ") {
            self.fate = Some(Fate::Ended(code));
        }
    }

    fn copy_to_clipboard(&mut self, _: &mut Screen, name: &[u8], data: &[u8]) {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        self.clipboard.push((text(name), text(data)));
    }

    fn unhandled_csi(&mut self, screen: &mut Screen, i1: Option<u8>, _: Option<u8>, params: &[&[u16]], c: char) {
        let first = params.first().and_then(|param| param.first()).copied().unwrap_or(0);
        match (i1, c) {
            (Some(b'?'), 'h') if first == FRAME => self.whole = Some(screen.clone()),
            (Some(b'?'), 'l') if first == FRAME => {
                self.whole = None;
                self.frames += 1;
            }
            (Some(b'?'), 'h') => self.modes.extend(params.iter().flat_map(|param| param.iter())),
            (Some(b'?'), 'l') => {
                self.modes.retain(|mode| !params.iter().any(|param| param.contains(mode)));
            }
            (Some(b'>'), 'u') => self.keyboards += 1,
            (Some(b'<'), 'u') => self.keyboards -= i32::from(first.max(1)),
            (None | Some(b'?'), 'n') | (None | Some(b'>'), 'c') | (Some(b'?'), 'u') => self.questions += 1,
            _ => {}
        }
    }
}
