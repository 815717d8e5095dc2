//! What clears a lab away when its holder is gone.

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The shell code that ends processes; the same for a normal end, a panic and a killed holder.
pub(crate) const SWEEP: &str = include_str!("sweep.sh");

/// A watchdog that reads a pipe from us. The kernel closes the pipe when we end, however we end, and then the watchdog
/// clears up: a destructor alone would not run after SIGKILL.
#[derive(Debug)]
pub(crate) struct Guard {
    watchdog: Child,
}

impl Guard {
    pub(crate) fn over(folder: &Path) -> Self {
        let mut command = sweep("watch");
        // A group of its own: an interrupt from the terminal must reach the tests but not the one who clears up.
        command.arg(folder).stdin(Stdio::piped()).process_group(0);
        Self { watchdog: command.spawn().expect("the watchdog starts") }
    }

    /// Lets the servers live on when we end.
    pub(crate) fn release(mut self) {
        if let Some(mut pipe) = self.watchdog.stdin.take() {
            pipe.write_all(b"keep\n").expect("the watchdog listens");
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        // A failed wait leaves nothing to do: the watchdog goes on without us.
        let _ = self.watchdog.wait();
    }
}

/// Clears a lab away that no watchdog watches.
pub(crate) fn clear(folder: &Path) {
    let status = sweep("clear").arg(folder).stdin(Stdio::null()).status().expect("sh runs");
    assert!(status.success() && !folder.exists(), "failed to clear away {}", folder.display());
}

/// The sweeper with one of its verbs.
pub(crate) fn sweep(verb: &str) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", SWEEP, "sweep", verb]).current_dir("/");
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}
