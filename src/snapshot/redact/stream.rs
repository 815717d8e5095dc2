//! Secrets taken out of a text that comes in pieces, wherever the pieces are cut.

use std::{
    io::{self, Write},
    sync::Arc,
};

use super::{MASK, Redactor, forms::Forms, forms::Found};

/// Takes known secrets out of a stream of bytes. What may be the beginning of a secret is held back until it is clear;
/// at most about four times the longest secret is.
pub struct Stream {
    forms: Arc<Forms>,
    held: Vec<u8>,
    /// How much of what is held has been passed on already, by a pause.
    passed: usize,
}

impl Stream {
    pub(super) fn new(forms: Arc<Forms>) -> Self {
        Self { forms, held: Vec::new(), passed: 0 }
    }

    /// Takes a piece, and passes on what is clear.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        if self.forms.is_empty() {
            out.extend_from_slice(piece);
            return;
        }
        self.held.extend_from_slice(piece);
        self.pass(false, out);
    }

    /// Passes everything on although more may follow: nothing has come for a while, and somebody wants to see it.
    /// Where half of a secret or more stands at the end, it is taken out.
    pub fn pause(&mut self, out: &mut Vec<u8>) {
        if self.passed < self.held.len() {
            self.unclear(0, out);
            self.passed = self.held.len();
        }
    }

    /// Passes on what is left. Nothing follows.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.pass(true, out);
        self.held.clear();
        self.passed = 0;
    }

    fn pass(&mut self, ended: bool, out: &mut Vec<u8>) {
        let mut at = 0;
        while at < self.held.len() {
            match self.forms.at(&self.held, at, ended) {
                Found::Secret(end) => {
                    out.extend_from_slice(MASK.as_bytes());
                    at = end;
                }
                Found::Begun(..) if !ended => break,
                Found::Begun(units, of) if much(units, of) => {
                    self.unclear(at, out);
                    at = self.held.len();
                }
                Found::Begun(..) | Found::Nothing => {
                    out.extend(self.held.get(at).filter(|_| at >= self.passed));
                    at += 1;
                }
            }
        }
        self.held.drain(..at);
        self.passed = self.passed.saturating_sub(at);
    }

    /// Passes on what is held from a place, which may be a secret cut off.
    fn unclear(&self, at: usize, out: &mut Vec<u8>) {
        match self.forms.at(&self.held, at, true) {
            Found::Begun(units, of) if much(units, of) => {
                out.extend_from_slice(MASK.as_bytes());
                if self.held.get(at..).is_some_and(|rest| rest.contains(&b'\n')) {
                    out.push(b'\n');
                }
            }
            _ => out.extend_from_slice(self.held.get(at.max(self.passed)..).unwrap_or_default()),
        }
    }
}

/// Whether so much of a secret is there that it must not be shown.
fn much(units: usize, of: usize) -> bool {
    units >= 4 && units * 2 >= of
}

/// A writer that takes secrets out of the lines that pass it: those that it knows, however they are encoded and cut, and
/// the shapes in which others travel. A line is written when it is whole, and longer ones than `LINE` in parts.
pub struct RedactingWriter<W: Write> {
    redactor: Redactor,
    stream: Stream,
    line: Vec<u8>,
    inner: W,
}

/// The longest line that is kept together, in bytes.
const LINE: usize = 64 * 1024;

impl<W: Write> RedactingWriter<W> {
    /// A writer before another one.
    pub fn new(redactor: &Redactor, inner: W) -> Self {
        Self { stream: redactor.stream(), redactor: redactor.clone(), line: Vec::new(), inner }
    }

    /// Writes what is left, and gives the writer behind it back.
    ///
    /// # Errors
    /// Those of the writer behind it.
    pub fn finish(mut self) -> io::Result<W> {
        let mut clear = Vec::new();
        self.stream.finish(&mut clear);
        self.line.extend_from_slice(&clear);
        self.lines(true)?;
        self.inner.flush()?;
        Ok(self.inner)
    }

    fn lines(&mut self, all: bool) -> io::Result<()> {
        while let Some(end) = self.line.iter().position(|byte| *byte == b'\n').map(|at| at + 1) {
            self.write_out(end)?;
        }
        while self.line.len() > LINE {
            let end = super::cut(&self.redactor, &self.line, LINE / 2);
            self.write_out(end)?;
        }
        if all {
            self.write_out(self.line.len())?;
        }
        Ok(())
    }

    fn write_out(&mut self, end: usize) -> io::Result<()> {
        let rest = self.line.split_off(end.min(self.line.len()));
        let line = std::mem::replace(&mut self.line, rest);
        self.inner.write_all(self.redactor.line(&String::from_utf8_lossy(&line)).as_bytes())
    }
}

impl<W: Write> Write for RedactingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut clear = Vec::new();
        self.stream.push(bytes, &mut clear);
        self.line.extend_from_slice(&clear);
        self.lines(false)?;
        Ok(bytes.len())
    }

    /// Flushes whole lines; a begun one waits for its end, because it could hold half a secret.
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
