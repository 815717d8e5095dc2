//! Starting a process on pipes or on a terminal of its own.

use std::{io, os::fd::AsFd, process::Stdio};

use rustix::{
    process::Pid,
    termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr},
};
use tokio::{
    io::{AsyncRead, AsyncWriteExt as _},
    process::{Child, Command},
};

use super::{
    family::{Family, MARK},
    program::Program,
};
use crate::starting;

/// An end that is read.
pub(super) type Reader = Box<dyn AsyncRead + Send + Unpin>;

/// A process that lives.
pub(super) struct Started {
    pub(super) child: Child,
    pub(super) out: Option<Reader>,
    pub(super) err: Option<Reader>,
    pub(super) family: Family,
}

/// Starts it in a process group of its own.
pub(super) async fn start(program: &Program, mark: &str) -> io::Result<Started> {
    let mut command = Command::new(&program.path);
    command.args(&program.args).env_clear().envs(&program.env).env(MARK, mark).kill_on_drop(true);
    if program.pty {
        return on_terminal(command, mark).await;
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = starting::a_process(|| command.spawn())?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let pipes = [stdout.as_ref().map(AsFd::as_fd), stderr.as_ref().map(AsFd::as_fd)];
    let family = family(&child, mark, pipes.into_iter().flatten().filter_map(identity).collect())?;
    let (out, err) = (stdout.map(|pipe| Box::new(pipe) as Reader), stderr.map(|pipe| Box::new(pipe) as Reader));
    Ok(Started { child, out, err, family })
}

fn family(child: &Child, mark: &str, pipes: Vec<(u64, u64)>) -> io::Result<Family> {
    let pid = child.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?));
    let leader = pid.ok_or_else(|| io::Error::other("the process has no id"))?;
    Ok(Family::new(leader, format!("{MARK}={mark}"), pipes))
}

fn identity(file: impl AsFd) -> Option<(u64, u64)> {
    let facts = rustix::fs::fstat(file).ok()?;
    Some((facts.st_dev, facts.st_ino))
}

/// A terminal of 24 lines and 80 columns that repeats nothing that is typed. Nobody types: whoever asks is told that
/// nothing follows.
async fn on_terminal(command: Command, mark: &str) -> io::Result<Started> {
    let (mut pty, pts) = starting::a_terminal(pty_process::open).map_err(other)?;
    pty.resize(pty_process::Size::new(24, 80)).map_err(other)?;
    let mut modes = tcgetattr(&pty)?;
    modes.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ECHOCTL);
    tcsetattr(&pty, OptionalActions::Now, &modes)?;
    let held = identity(&pts).into_iter().collect();
    let child = starting::a_process(|| pty_process::Command::from(command).spawn(pts)).map_err(other)?;
    let family = family(&child, mark, held)?;
    pty.write_all(&[END_OF_TRANSMISSION]).await?;
    Ok(Started { child, out: Some(Box::new(pty)), err: None, family })
}

/// Control-D: a program that reads from the terminal finds nothing.
const END_OF_TRANSMISSION: u8 = 4;

fn other(error: pty_process::Error) -> io::Error {
    match error {
        pty_process::Error::Io(error) => error,
        pty_process::Error::Rustix(error) => error.into(),
        error => io::Error::other(error.to_string()),
    }
}
