//! The terminal, taken and given back. It is given back whatever happens: on return, on an error, on a panic, on a signal.

use std::io::{self, Stdout, Write};

use crossterm::{
    cursor::{Hide, Show},
    event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture},
    execute,
    terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode},
};
use ratatui::{Terminal, backend::CrosstermBackend};

/// A terminal that is ours until this is dropped.
pub(super) struct Screen {
    /// Where frames are drawn.
    pub(super) terminal: Terminal<CrosstermBackend<Stdout>>,
}

impl Screen {
    /// Takes the terminal.
    ///
    /// # Errors
    /// A terminal that cannot be switched.
    pub(super) fn take() -> io::Result<Self> {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            // Words of a panic on the alternate screen would vanish with it.
            let _ = give_back();
            before(panic);
        }));
        enter()?;
        Ok(Self { terminal: Terminal::new(CrosstermBackend::new(io::stdout()))? })
    }

    /// Gives the terminal back for a while and stops this process, as ctrl-z does; comes back when it is continued.
    ///
    /// # Errors
    /// A terminal that cannot be switched.
    pub(super) fn suspend(&mut self) -> io::Result<()> {
        give_back()?;
        // The whole group, as the terminal itself would: a shell that started us waits for it.
        let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
        enter()?;
        self.terminal.clear()
    }

    /// Heeds the mouse, or leaves it to the terminal.
    ///
    /// # Errors
    /// A terminal that cannot be switched.
    #[expect(clippy::unused_self, reason = "only who owns the terminal may switch it")]
    pub(super) fn mouse(&self, heeded: bool) -> io::Result<()> {
        if heeded { execute!(io::stdout(), EnableMouseCapture) } else { execute!(io::stdout(), DisableMouseCapture) }
    }

    /// The last frame as text, for leaving it printed.
    pub(super) fn text(&mut self) -> String {
        let buffer = self.terminal.current_buffer_mut();
        let area = buffer.area;
        let row = |y: u16| (0..area.width).map(|x| buffer[(x, y)].symbol()).collect::<String>();
        (0..area.height).map(|y| row(y).trim_end().to_owned() + "\n").collect()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = give_back();
    }
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)
}

fn give_back() -> io::Result<()> {
    let left = execute!(io::stdout(), DisableMouseCapture, DisableBracketedPaste, LeaveAlternateScreen, Show);
    let cooked = disable_raw_mode();
    io::stdout().flush()?;
    left.and(cooked)
}
