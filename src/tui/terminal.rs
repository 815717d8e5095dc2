//! The terminal, taken and given back. It is given back whatever happens: on return, on an error, on a panic, on a signal.
//!
//! The modes of the line are kept here and not in crossterm: after `fg` a shell may have changed them, and they must be
//! set again although nobody gave them back.

use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crossterm::{
    cursor::{Hide, Show},
    event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture},
    queue,
    terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen},
};
use ratatui::{Terminal, backend::CrosstermBackend, buffer::Buffer, layout::Rect};
use rustix::{
    io::Errno,
    process::Signal,
    stdio,
    termios::{self, OptionalActions, QueueSelector, Termios},
};

use super::{model::Model, view, widget::cells};

/// A terminal that is ours until this is dropped.
pub(super) struct Screen {
    terminal: Terminal<CrosstermBackend<Out>>,
    line: Arc<Line>,
    is_mouse_heeded: bool,
}

impl Screen {
    /// Takes the terminal. `bugs` hears the place of a panic in any other thread than this one: the screens go on then,
    /// and a panic's words between frames would only garble them.
    ///
    /// # Errors
    /// A terminal that cannot be switched.
    pub(super) fn take(bugs: impl Fn(String) + Send + Sync + 'static) -> io::Result<Self> {
        let line = Arc::new(Line { before: termios::tcgetattr(stdio::stdin())?, is_taken: AtomicBool::new(false) });
        let (before, of_hook, ours) = (std::panic::take_hook(), Arc::clone(&line), std::thread::current().id());
        std::panic::set_hook(Box::new(move |panic| {
            if of_hook.is_taken.load(Ordering::SeqCst) && std::thread::current().id() != ours {
                bugs(panic.location().map(|place| format!("{}:{}", place.file(), place.line())).unwrap_or_default());
                return;
            }
            // Words of a panic on the alternate screen would vanish with it.
            let _ = of_hook.give_back();
            before(panic);
        }));
        let terminal = Terminal::new(CrosstermBackend::new(Out::default()))?;
        let screen = Self { terminal, line, is_mouse_heeded: false };
        screen.line.take()?;
        Ok(screen)
    }

    /// Width and height in cells.
    ///
    /// # Errors
    /// A terminal that does not tell.
    pub(super) fn size(&self) -> io::Result<(u16, u16)> {
        self.terminal.size().map(|size| (size.width, size.height))
    }

    /// Draws what the model says, in one piece: a terminal that knows how shows it only when it is whole.
    ///
    /// # Errors
    /// A terminal that is gone.
    pub(super) fn draw(&mut self, model: &mut Model) -> io::Result<()> {
        let mut hits = Vec::new();
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(|frame| hits = view::draw(frame.buffer_mut(), model))?;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        model.hits = hits;
        Write::flush(self.terminal.backend_mut())
    }

    /// Gives the terminal back for a while and stops this process, as ctrl-z does; comes back when it is continued.
    ///
    /// # Errors
    /// A terminal that cannot be switched.
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        self.line.give_back()?;
        // The whole group, as the terminal itself would: a shell that started us waits for it. Where nobody could
        // continue us, the kernel does not stop us, and we are back at once.
        let _ = rustix::process::kill_current_process_group(Signal::TSTP);
        self.resume()
    }

    /// Takes the terminal again after this process was continued, whoever stopped it and whatever was done to the
    /// terminal meanwhile.
    ///
    /// # Errors
    /// A terminal that cannot be switched.
    pub(super) fn resume(&mut self) -> io::Result<()> {
        self.line.take()?;
        self.mouse(self.is_mouse_heeded)?;
        let (width, height) = self.size()?;
        // Not `clear`: that asks the terminal where its cursor is, and waits for an answer among the keys.
        self.terminal.resize(Rect::new(0, 0, width, height))
    }

    /// Heeds the mouse, or leaves it to the terminal.
    ///
    /// # Errors
    /// A terminal that is gone.
    pub(super) fn mouse(&mut self, is_heeded: bool) -> io::Result<()> {
        self.is_mouse_heeded = is_heeded;
        let out = self.terminal.backend_mut();
        if is_heeded {
            queue!(out, EnableMouseCapture)?;
        } else {
            queue!(out, DisableMouseCapture)?;
        }
        Write::flush(out)
    }

    /// Says something to the terminal itself that shows nowhere, such as what is to be on its clipboard.
    ///
    /// # Errors
    /// A terminal that is gone.
    pub(super) fn tell(&mut self, bytes: &[u8]) -> io::Result<()> {
        let out = self.terminal.backend_mut();
        out.write_all(bytes)?;
        Write::flush(out)
    }
}

/// The screen of a model as text, for leaving it printed.
pub(super) fn text(model: &Model) -> String {
    let (width, height) = model.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    view::draw(&mut buffer, model);
    let row = |y: u16| {
        let (mut row, mut x) = (String::new(), 0);
        while x < width {
            let symbol = buffer[(x, y)].symbol();
            row.push_str(symbol);
            // A wide character has a cell behind it that is not its own.
            x += u16::try_from(cells(symbol)).unwrap_or(1).max(1);
        }
        row.trim_end().to_owned() + "\n"
    };
    let rows: String = (0..height).map(row).collect();
    rows.trim_end().to_owned() + "\n"
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.line.give_back();
    }
}

/// The terminal's line with its modes: shared with the hook of panics.
struct Line {
    before: Termios,
    is_taken: AtomicBool,
}

impl Line {
    fn take(&self) -> io::Result<()> {
        self.is_taken.store(true, Ordering::SeqCst);
        let mut raw = self.before.clone();
        raw.make_raw();
        // In the background this stops us until we are in the foreground: nothing is drawn over somebody else's work.
        termios::tcsetattr(stdio::stdin(), OptionalActions::Now, &raw)?;
        let mut bytes = Vec::new();
        queue!(bytes, EnterAlternateScreen, EnableBracketedPaste, Hide)?;
        write(&bytes)
    }

    fn give_back(&self) -> io::Result<()> {
        if !self.is_taken.swap(false, Ordering::SeqCst) {
            return Ok(());
        }
        let mut bytes = Vec::new();
        queue!(bytes, EndSynchronizedUpdate, DisableMouseCapture, DisableBracketedPaste)?;
        queue!(bytes, crossterm::style::ResetColor, LeaveAlternateScreen, Show)?;
        let written = write(&bytes);
        // The rest of a paste must not become commands of the shell.
        let _ = termios::tcflush(stdio::stdin(), QueueSelector::IFlush);
        termios::tcsetattr(stdio::stdin(), OptionalActions::Now, &self.before)?;
        written
    }
}

/// What is drawn, gathered until it is flushed. What was not flushed is lost with it: half a frame must not follow the
/// terminal's return.
#[derive(Default)]
struct Out(Vec<u8>);

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        write(&std::mem::take(&mut self.0))
    }
}

/// Writes to the terminal, past the buffer of standard output: that one would cut a frame at its lines.
fn write(mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(stdio::stdout(), bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(Errno::INTR) => {}
            // Another program on this terminal has made it non-blocking for all.
            Err(Errno::AGAIN) => std::thread::sleep(std::time::Duration::from_millis(1)),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
