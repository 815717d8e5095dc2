//! A dialog: what is about to happen, fields to fill in, and its two keys. Cancelling is always what Enter by habit
//! comes nearest to.

use crossterm::event::KeyCode;

use super::{Answer, Field, Pressed, Purpose};
use crate::tui::{command::Motion, key::Key, theme::Meaning, widget::Scroll};

/// How a form is confirmed: the more it can harm, the less a habit does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// It only writes something down: Enter on the last field.
    Plain,
    /// It changes something that can be taken back: the capital first letter of the verb, or Enter on a filled field.
    Reversible,
    /// It disrupts: a name must be typed, and nothing is pasted.
    Disruptive,
}

/// A dialog.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its heading.
    pub title: String,
    /// What is said, line by line, with what it means.
    pub body: Vec<(Meaning, String)>,
    /// What is to be filled in.
    pub fields: Vec<Field>,
    /// The field that is typed in.
    pub at: usize,
    /// What confirming does: a verb.
    pub verb: String,
    /// How it is confirmed.
    pub grade: Grade,
    /// What it is for.
    pub purpose: Purpose,
    /// Why it was not taken.
    pub error: Option<String>,
    /// How far the text is scrolled.
    pub scroll: Scroll,
}

impl Form {
    /// A dialog without text and fields.
    pub fn new(title: &str, verb: &str, grade: Grade, purpose: Purpose) -> Self {
        Self {
            title: title.to_owned(),
            body: Vec::new(),
            fields: Vec::new(),
            at: 0,
            verb: verb.to_owned(),
            grade,
            purpose,
            error: None,
            scroll: Scroll::default(),
        }
    }

    /// The same, with a line of text.
    #[must_use]
    pub fn line(mut self, meaning: Meaning, text: &str) -> Self {
        self.body.push((meaning, text.to_owned()));
        self
    }

    /// The same, with a field.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// The key that confirms where nothing is typed.
    pub fn key(&self) -> char {
        self.verb.chars().next().unwrap_or('y').to_ascii_uppercase()
    }

    /// Its two keys, in words.
    pub fn keys(&self) -> String {
        if self.fields.is_empty() {
            return format!(" {} {}   esc cancel ", self.key(), self.verb);
        }
        let next = if self.fields.len() > 1 { "tab next field   " } else { "" };
        format!(" enter {}   {next}esc cancel ", self.verb)
    }

    pub(super) fn press(&mut self, key: Key) -> Pressed {
        match key.code {
            KeyCode::Esc => return Pressed::Close,
            KeyCode::Char('c') if key.ctrl => return Pressed::Close,
            KeyCode::PageUp => self.scroll.travel(Motion::PageUp),
            KeyCode::PageDown => self.scroll.travel(Motion::PageDown),
            _ if self.fields.is_empty() => return self.press_bare(key),
            KeyCode::Tab | KeyCode::Down => self.at = (self.at + 1) % self.fields.len(),
            KeyCode::BackTab | KeyCode::Up => self.at = (self.at + self.fields.len() - 1) % self.fields.len(),
            KeyCode::Enter => return self.enter(),
            _ => {
                self.error = None;
                if let Some(field) = self.fields.get_mut(self.at) {
                    field.press(key);
                }
            }
        }
        Pressed::Stay
    }

    /// Without fields Cancel is what Enter means, so that no habit confirms.
    fn press_bare(&mut self, key: Key) -> Pressed {
        match key.code {
            KeyCode::Up => self.scroll.travel(Motion::Up),
            KeyCode::Down => self.scroll.travel(Motion::Down),
            KeyCode::Char(c) if c == self.key() => return Pressed::Answer(self.answer()),
            KeyCode::Enter | KeyCode::Char('q' | 'n') => return Pressed::Close,
            _ => {}
        }
        Pressed::Stay
    }

    /// Enter goes to the next field, and confirms on the last one when all are filled in.
    fn enter(&mut self) -> Pressed {
        if self.at + 1 < self.fields.len() {
            self.at += 1;
            return Pressed::Stay;
        }
        if let Some((at, why)) = self.fields.iter().enumerate().find_map(|(at, field)| Some((at, field.wrong()?))) {
            self.at = at;
            self.error = Some(why);
            return Pressed::Stay;
        }
        Pressed::Answer(self.answer())
    }

    fn answer(&self) -> Answer {
        Answer { purpose: self.purpose.clone(), row: 0, values: self.fields.iter().map(Field::value).collect() }
    }

    pub(super) fn paste(&mut self, text: &str) {
        // A name that must be typed protects nothing where it can be pasted.
        if self.grade != Grade::Disruptive
            && let Some(field) = self.fields.get_mut(self.at)
        {
            self.error = None;
            field.paste(text);
        }
    }
}
