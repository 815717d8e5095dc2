//! Mistakes as they are found, with their places.

use super::{Mistake, place::Lines};
use crate::runbook::model::Place;

/// Gathers all mistakes of a text, never only the first.
pub(super) struct Gather<'t> {
    pub(super) lines: Lines<'t>,
    mistakes: Vec<Mistake>,
}

impl<'t> Gather<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { lines: Lines::new(text), mistakes: Vec::new() }
    }

    pub(super) fn place(&self, offset: usize) -> Place {
        self.lines.place(offset)
    }

    /// It cannot be walked as it is.
    pub(super) fn grave(&mut self, offset: usize, message: impl Into<String>) {
        self.add(offset, message.into(), true);
    }

    /// It can be walked, and should be better.
    pub(super) fn lesser(&mut self, offset: usize, message: impl Into<String>) {
        self.add(offset, message.into(), false);
    }

    fn add(&mut self, offset: usize, message: String, grave: bool) {
        self.mistakes.push(Mistake { place: self.place(offset), message, grave });
    }

    /// What was found, in the order of the text.
    pub(super) fn mistakes(mut self) -> Vec<Mistake> {
        self.mistakes.sort();
        self.mistakes.dedup();
        self.mistakes
    }
}
