//! A pseudo-terminal's two ends, and a program at one of them.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::{Child, Command};

use rustix::fs::OFlags;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// Opens the end that a test holds, and the one that a program gets.
///
/// Both are closed on exec from the moment when they are there. Where that is set a moment later, as
/// `pty_process::blocking::open` does, a process that another test starts in between holds the first end for as long as it
/// lives, and a terminal that is lost never hangs up.
pub(super) fn open() -> (File, File) {
    let held = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("a pseudo-terminal");
    grantpt(&held).expect("our own terminal");
    unlockpt(&held).expect("our own terminal");
    let name = ptsname(&held, Vec::new()).expect("our own terminal has a name");
    let name = name.to_str().expect("the name of a terminal is plain text");
    let no_terminal_of_ours = i32::try_from(OFlags::NOCTTY.bits()).expect("a flag of the system");
    let given = OpenOptions::new().read(true).write(true).custom_flags(no_terminal_of_ours).open(name);
    (File::from(held), given.expect("the other end of our own terminal"))
}

/// Starts a program that leads a session of its own at this terminal, and heeds all signals: whoever runs the tests under
/// `nohup` ignores hang-ups, and what is ignored stays so in every child. `env` becomes `setsid` and that the program, so
/// that the process is the one that leads; between fork and exec nothing is done here, for that would be unsafe code.
pub(super) fn start(command: &Command, given: &File) -> Child {
    let end = || given.try_clone().expect("there is room for an open file");
    let mut leading = super::beside(command, "env");
    leading.args(["--default-signal", "setsid", "--ctty"]).arg(command.get_program()).args(command.get_args());
    leading
        .stdin(end())
        .stdout(end())
        .stderr(end())
        .spawn()
        .expect("env of coreutils and setsid of util-linux are installed")
}

/// Gives a terminal a size, in cells.
pub(super) fn resize(held: &File, (width, height): (u16, u16)) {
    let size = Winsize { ws_row: height, ws_col: width, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(held, size).expect("a pseudo-terminal takes a size");
}
