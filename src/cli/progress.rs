//! What happens while sources are asked, on one line that is taken away again.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use super::output;
use crate::{collect::Progress, quantity, snapshot::Unit, text};

/// The progress line.
pub(super) struct Line {
    quiet: bool,
    live: bool,
    done: BTreeMap<String, (usize, usize)>,
    waiting: Option<f64>,
}

impl Line {
    pub(super) fn new(quiet: bool) -> Self {
        Self { quiet, live: output::is_watched(), done: BTreeMap::new(), waiting: None }
    }

    /// Shows a step. Where nobody watches, only faults are said.
    pub(super) fn show(&mut self, step: &Progress) {
        match step {
            Progress::Asked { source, done, of } => {
                self.done.insert(source.clone(), (*done, *of));
            }
            Progress::Waiting(_, rest) => self.waiting = Some(rest.as_secs_f64()),
            Progress::Failed(source, fault) if !self.quiet => {
                self.clear();
                output::talk(&text::screen(&format!("{source}: {fault}")));
            }
            _ => {}
        }
        if self.live && !self.quiet {
            let (done, of) = self.done.values().fold((0, 0), |(d, o), (done, of)| (d + done, o + of));
            let waiting = self
                .waiting
                .map(|s| format!(", second sample in {}", quantity::show(s, Unit::Seconds)))
                .unwrap_or_default();
            let _ = write!(
                io::stderr(),
                "\r\x1b[Kasking: {done} of {of} answers from {} sources{waiting}",
                self.done.len()
            );
        }
    }

    /// Takes the line away.
    pub(super) fn clear(&self) {
        if self.live && !self.quiet {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
