//! A client that connects and then sits there, or waits.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};

/// A `psql` that has been given its words and is left alone. It ends with this value.
pub(crate) struct Session(Child);

impl Session {
    /// The client must have its connection in its environment.
    pub(crate) fn start(mut psql: Command, words: &str) -> Self {
        psql.args(["-XAtq"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = psql.spawn().expect("psql starts");
        writeln!(child.stdin.as_mut().expect("a pipe was asked for"), "{words}").expect("psql listens");
        Self(child)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
