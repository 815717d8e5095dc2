//! What an action prints: to the screen, to the record, to a file; in bounded memory, and never with a secret.
//!
//! ```text
//! bytes ─▶ strip ─▶ known secrets out ─▶ lines ─┬▶ other shapes of secrets out, harmless ─▶ file, up to a cap
//!          (a stream: cut anywhere)             ├▶ … ─▶ beginning and end, for the record
//!                                               └▶ … ─▶ the screen, some lines some times a second
//! ```

mod excerpt;
mod file;
mod lines;
mod strip;

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use excerpt::{Excerpt, SIDE};
use file::Keep;
use lines::Lines;
use strip::Strip;

use crate::{
    runbook::port::{Happening, Stage},
    snapshot::Redactor,
    text,
};

/// How often the screen is told of lines at most.
const BATCH: Duration = Duration::from_millis(33);

/// How many lines it is told of each time at most: the latest.
const LINES: usize = 40;

/// After how long without output the begun end is shown.
const PAUSE: Duration = Duration::from_millis(300);

/// The longest value that `sets=` takes, in bytes.
const VALUE: usize = 64 * 1024;

/// Which pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::runbook) enum Pipe {
    /// Standard output; the answer.
    Out,
    /// Standard error.
    Err,
}

/// Takes what an action prints.
pub(in crate::runbook) struct Output<'a> {
    redactor: &'a Redactor,
    happens: &'a (dyn Fn(Happening) + Send + Sync),
    pipes: [Lines; 2],
    printed: u64,
    excerpt: Excerpt,
    keep: Option<Keep>,
    screen: Screen,
    value: Option<Vec<u8>>,
    /// What is printed is a secret that the redactor does not know yet: nothing of it is shown before the end.
    secret: bool,
    last: Instant,
}

/// What became of it.
#[derive(Debug)]
pub(in crate::runbook) struct Printed {
    /// Beginning and end.
    pub(in crate::runbook) excerpt: String,
    /// How much it was, in bytes.
    pub(in crate::runbook) bytes: u64,
    /// The name of the file that has it.
    pub(in crate::runbook) output: Option<String>,
    /// The value, where it was wanted.
    pub(in crate::runbook) value: Option<String>,
    /// What the operator should know about it, such as a full disk.
    pub(in crate::runbook) notes: Vec<String>,
}

/// Lines that wait for the screen.
#[derive(Default)]
struct Screen {
    waiting: VecDeque<Vec<u8>>,
    skipped: u64,
    told: Option<Instant>,
}

impl<'a> Output<'a> {
    pub(in crate::runbook) fn new(stage: &Stage<'a>) -> Self {
        Self {
            redactor: stage.redactor,
            happens: stage.happens,
            pipes: [Lines::new(stage.redactor), Lines::new(stage.redactor)],
            printed: 0,
            excerpt: Excerpt::default(),
            keep: stage.output.as_deref().map(Keep::new),
            screen: Screen::default(),
            value: stage.wants_value.then(Vec::new),
            secret: stage.wants_value && stage.value_is_secret,
            last: Instant::now(),
        }
    }

    /// Takes a piece.
    pub(in crate::runbook) fn push(&mut self, pipe: Pipe, piece: &[u8]) {
        self.printed += piece.len() as u64;
        self.last = Instant::now();
        if let (Pipe::Out, Some(value)) = (pipe, &mut self.value) {
            let room = (VALUE + 1).saturating_sub(value.len());
            value.extend_from_slice(piece.get(..room.min(piece.len())).unwrap_or_default());
        }
        if !self.secret {
            self.lines(pipe, |lines, redactor, whole, give| lines.push(piece, redactor, whole, give));
            self.tick();
        }
    }

    /// Lets time pass: what waits for the screen is shown when it is due.
    pub(in crate::runbook) fn tick(&mut self) {
        if self.last.elapsed() >= PAUSE {
            for pipe in [Pipe::Out, Pipe::Err] {
                self.lines(pipe, Lines::pause);
            }
        }
        if self.screen.told.is_none_or(|told| told.elapsed() >= BATCH) {
            self.tell();
        }
    }

    /// Nothing follows.
    pub(in crate::runbook) fn finish(mut self) -> Printed {
        let mut notes = Vec::new();
        for pipe in [Pipe::Out, Pipe::Err] {
            self.lines(pipe, Lines::finish);
        }
        if self.secret && self.printed > 0 {
            self.line(b"[what it printed is not kept: it is asked for as a secret]".to_vec());
        }
        self.tell();
        let redactor = self.redactor;
        let (output, trouble) = self.keep.map_or((None, None), Keep::finish);
        notes.extend(trouble);
        let value = self.value.and_then(|value| {
            let value = value_of(&value);
            value.map_err(|why| notes.push(why)).ok()
        });
        let excerpt = self.excerpt.text(|line| harmless(redactor, line));
        Printed { excerpt, bytes: self.printed, output, value, notes }
    }

    fn lines(&mut self, pipe: Pipe, work: impl FnOnce(&mut Lines, &Redactor, bool, &mut dyn FnMut(Vec<u8>))) {
        let whole = self.keep.as_ref().is_some_and(Keep::has_room);
        let mut given = Vec::new();
        let [out, err] = &mut self.pipes;
        work(if pipe == Pipe::Out { out } else { err }, self.redactor, whole, &mut |line| given.push(line));
        for line in given {
            self.line(line);
        }
    }

    fn line(&mut self, line: Vec<u8>) {
        if let Some(keep) = &mut self.keep {
            keep.line(&line, |line| harmless(self.redactor, line));
        }
        self.excerpt.take(&line);
        if self.screen.waiting.len() == LINES {
            self.screen.waiting.pop_front();
            self.screen.skipped += 1;
        }
        self.screen.waiting.push_back(line);
    }

    fn tell(&mut self) {
        if self.screen.waiting.is_empty() {
            return;
        }
        self.screen.told = Some(Instant::now());
        let skipped = std::mem::take(&mut self.screen.skipped);
        if skipped > 0 {
            (self.happens)(Happening::Line(format!("[… {skipped} lines are not shown here]")));
        }
        for line in self.screen.waiting.drain(..) {
            (self.happens)(Happening::Line(excerpt::ends(&harmless(self.redactor, &line), SIDE / 2)));
        }
    }
}

/// A line for people: other shapes of secrets out, nothing that moves a cursor.
fn harmless(redactor: &Redactor, line: &[u8]) -> String {
    text::screen(&redactor.line(&String::from_utf8_lossy(line))).into_owned()
}

fn value_of(value: &[u8]) -> Result<String, String> {
    if value.len() > VALUE {
        return Err(format!("what it printed is too long for a value: more than {VALUE} bytes"));
    }
    let mut plain = Vec::with_capacity(value.len());
    Strip::default().push(value, &mut plain);
    let text = String::from_utf8(plain).map_err(|_| "what it printed is no text, and so no value".to_owned())?;
    Ok(text.trim().to_owned())
}

#[cfg(test)]
mod tests;
