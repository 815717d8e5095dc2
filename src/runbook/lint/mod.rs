//! What is wrong with a runbook although it can be read: whatever makes it less safe or less true than it seems.

mod front;
mod links;
mod params;
mod said;
mod script;
mod steps;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{
    document::{Facts, Mistake, read_with_facts},
    model::{Form, Place, Runbook},
};
use crate::check::library::Library;

/// What a runbook is compared with.
#[derive(Debug)]
pub struct Around<'a> {
    /// The checks that it speaks of.
    pub library: &'a mut Library,
    /// The ids of all runbooks.
    pub books: &'a BTreeSet<String>,
    /// The day, for what is stale.
    pub today: Date,
}

/// Looks for everything that makes a runbook less safe or less true than it seems; in the order of the text. One of the
/// published form is walked by hand, and nothing in it can be held to more.
pub fn lint(book: &Runbook, around: &mut Around<'_>) -> Vec<Mistake> {
    let facts = match (book.form, read_with_facts(&book.shown, &book.text)) {
        (Form::Published, _) => return Vec::new(),
        (Form::Native, Ok((_, facts))) => facts,
        // A runbook is only ever made by reading its text.
        (Form::Native, Err(mistakes)) => return mistakes,
    };
    let mut notes = Notes::default();
    front::look(book, &facts, around, &mut notes);
    said::look(book, &facts, &mut notes);
    steps::look(book, &facts, &mut notes);
    params::look(book, around, &mut notes);
    script::look(book, &mut notes);
    links::look(book, around, &mut notes);
    let Facts { lesser, .. } = facts;
    notes.0.extend(lesser);
    notes.0.sort();
    notes.0.dedup();
    notes.0
}

/// What was found.
#[derive(Debug, Default)]
struct Notes(Vec<Mistake>);

impl Notes {
    /// It must not be used like this.
    fn grave(&mut self, place: Place, message: impl Into<String>) {
        self.0.push(Mistake { place, message: message.into(), grave: true });
    }

    /// It should be better.
    fn lesser(&mut self, place: Place, message: impl Into<String>) {
        self.0.push(Mistake { place, message: message.into(), grave: false });
    }
}
