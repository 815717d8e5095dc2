//! No panic reaches a user as a wall of text: one sentence, what to do, and the exit code of a bug.

use std::panic::{self, UnwindSafe};

use crate::{exit::Exit, text};

/// Runs the program; a panic in it becomes [`Exit::Internal`].
pub fn guard(run: impl FnOnce() -> Exit + UnwindSafe) -> Exit {
    panic::set_hook(Box::new(|info| {
        // Only the place: the message of a panic can hold data, and data can hold secrets.
        let place = info.location().map(|l| format!("{}:{}", l.file(), l.line())).unwrap_or_default();
        let version = env!("CARGO_PKG_VERSION");
        anstream::eprintln!(
            "error: loadline {version} has a bug at {}; nothing was changed on any server. Please report it with this line.",
            text::screen(&place)
        );
    }));
    panic::catch_unwind(run).unwrap_or(Exit::Internal)
}
