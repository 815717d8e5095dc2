//! A scripted operator: reads what the program asks, and answers by a script or by common sense.

use std::fmt;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// Longer than any walk of a test takes, so that one that hangs fails by itself.
const DEADLINE: Duration = Duration::from_secs(300);

/// An answer, and a text that the program must have shown since the answer before it.
pub(crate) type Line = (&'static str, &'static str);

/// What a walk left.
pub(crate) struct Walked {
    pub(crate) code: i32,
    /// What the program printed, with the answers.
    pub(crate) shown: String,
    pub(crate) complaints: String,
    /// Lines of the script that were never called for.
    pub(crate) unused: Vec<Line>,
}

/// Walks a runbook: each line of the script is said once, when its text is on the screen; to everything else the
/// operator says what one would say who believes that all is well.
pub(crate) fn walk(mut command: Command, script: &[Line]) -> Walked {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut says = child.stdin.take().expect("a pipe was asked for");
    let mut hears = child.stdout.take().expect("a pipe was asked for");
    let mut stderr = child.stderr.take().expect("a pipe was asked for");
    let complaints = thread::spawn(move || {
        let mut text = Vec::new();
        stderr.read_to_end(&mut text).expect("a pipe can be read");
        String::from_utf8_lossy(&text).into_owned()
    });
    let (send, pieces) = mpsc::channel();
    thread::spawn(move || {
        let mut piece = [0; 4096];
        while let Ok(length @ 1..) = hears.read(&mut piece) {
            if send.send(piece[..length].to_vec()).is_err() {
                return;
            }
        }
    });
    let end = Instant::now() + DEADLINE;
    let mut shown = Vec::new();
    let mut since = 0;
    let mut script: Vec<Line> = script.to_vec();
    while let Ok(piece) = pieces.recv_timeout(end.saturating_duration_since(Instant::now())) {
        shown.extend(piece);
        if shown.ends_with(b"\n> ") {
            let scene = String::from_utf8_lossy(&shown[since..]).into_owned();
            since = shown.len();
            let answer = answer(&mut script, &scene);
            // A program that has gone needs no answer.
            let _ = writeln!(says, "{answer}").and_then(|()| says.flush());
        }
    }
    if Instant::now() >= end {
        child.kill().expect("a child can be killed");
    }
    let status = child.wait().expect("a child can be waited for");
    Walked {
        code: status.code().unwrap_or(-1),
        shown: String::from_utf8_lossy(&shown).into_owned(),
        complaints: complaints.join().expect("the reader ends"),
        unused: script,
    }
}

/// The line of the script that is called for, else what anybody would say.
fn answer(script: &mut Vec<Line>, scene: &str) -> String {
    if let Some(at) = script.iter().position(|(text, _)| scene.contains(text)) {
        return script.remove(at).1.to_owned();
    }
    let prompt = scene.trim_end_matches("\n> ").lines().last().unwrap_or_default();
    if prompt.contains("t tick") {
        "t"
    } else if prompt.starts_with("Enter or y") {
        ""
    } else if prompt.starts_with("say when it is done") || prompt.starts_with("tick what") {
        "h looked at it myself"
    } else if prompt.starts_with("go?") || prompt.starts_with("close the run?") {
        "y"
    } else {
        // Trouble that the script does not foresee: the run is left as it is, and the test tells.
        "p"
    }
    .to_owned()
}

impl fmt::Display for Walked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--- exit code {}, shown:\n{}\n--- complaints:\n{}", self.code, self.shown, self.complaints)
    }
}
