//! A line that is typed in: text, a secret, or one of several words.

use crossterm::event::KeyCode;
use tui_input::{Input, InputRequest};

use crate::tui::{
    key::Key,
    pasted::{LONGEST, insert},
};

/// A field of a form.
#[derive(Debug, Clone)]
pub struct Field {
    /// What is asked for.
    pub label: String,
    /// What is typed, or the word that is chosen.
    kind: Kind,
    /// Whether it may be left empty.
    pub optional: bool,
}

#[derive(Clone)]
enum Kind {
    Text(Input),
    Secret(Input),
    Words {
        words: Vec<String>,
        at: usize,
    },
    /// What must be typed exactly: no paste, and no wrong letter counts.
    Exactly {
        input: Input,
        wanted: String,
    },
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text",
            Self::Secret(_) => "Secret",
            Self::Words { .. } => "Words",
            Self::Exactly { .. } => "Exactly",
        })
    }
}

impl Field {
    fn of(label: &str, kind: Kind) -> Self {
        Self { label: label.to_owned(), kind, optional: false }
    }

    /// A line of text, with what stands there at first.
    pub fn text(label: &str, value: &str) -> Self {
        Self::of(label, Kind::Text(Input::new(value.to_owned())))
    }

    /// A line of text that is not shown.
    pub fn secret(label: &str) -> Self {
        Self::of(label, Kind::Secret(Input::default()))
    }

    /// One of several words, with the one that is chosen at first.
    pub fn words(label: &str, words: &[&str], at: usize) -> Self {
        Self::of(label, Kind::Words { words: words.iter().map(|word| (*word).to_owned()).collect(), at })
    }

    /// Something that must be typed exactly, so that no habit confirms it.
    pub fn exactly(label: &str, wanted: &str) -> Self {
        Self::of(label, Kind::Exactly { input: Input::default(), wanted: wanted.to_owned() })
    }

    /// The same, but it may be left empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// What it holds.
    pub fn value(&self) -> String {
        match &self.kind {
            Kind::Text(input) | Kind::Secret(input) | Kind::Exactly { input, .. } => input.value().to_owned(),
            Kind::Words { words, at } => words.get(*at).cloned().unwrap_or_default(),
        }
    }

    /// What a screen shows of it, and where the typing mark stands in it, in characters.
    pub fn shown(&self) -> (String, Option<usize>) {
        match &self.kind {
            Kind::Text(input) | Kind::Exactly { input, .. } => (input.value().to_owned(), Some(input.cursor())),
            Kind::Secret(input) => ("*".repeat(input.value().chars().count()), Some(input.cursor())),
            Kind::Words { words, at } => {
                let word = |(n, word): (usize, &String)| if n == *at { format!("[{word}]") } else { word.clone() };
                (words.iter().enumerate().map(word).collect::<Vec<_>>().join("  "), None)
            }
        }
    }

    /// Why it cannot be taken as it is.
    pub fn wrong(&self) -> Option<String> {
        let value = self.value();
        match &self.kind {
            Kind::Exactly { wanted, .. } if value != *wanted => Some(format!("type `{wanted}` exactly")),
            _ if value.trim().is_empty() && !self.optional => {
                Some(format!("{}: something must stand here", self.label))
            }
            _ => None,
        }
    }

    /// Takes a key; false where it means nothing here.
    pub(super) fn press(&mut self, key: Key) -> bool {
        if let Kind::Words { words, at } = &mut self.kind {
            let last = words.len().saturating_sub(1);
            match key.code {
                KeyCode::Left | KeyCode::Char('h') => *at = at.saturating_sub(1),
                KeyCode::Right | KeyCode::Char('l' | ' ') => *at = (*at + 1).min(last),
                KeyCode::Char(c) => {
                    let begins = |word: &String| word.to_lowercase().starts_with(c.to_ascii_lowercase());
                    let Some(found) = words.iter().position(begins) else { return false };
                    *at = found;
                }
                _ => return false,
            }
            return true;
        }
        request(key).is_some_and(|request| {
            self.handle(request);
            true
        })
    }

    /// Takes pasted text, where a paste is text and no consent.
    pub(super) fn paste(&mut self, text: &str) {
        if let Kind::Text(input) | Kind::Secret(input) = &mut self.kind {
            insert(input, text);
        }
    }

    fn handle(&mut self, request: InputRequest) {
        if let Kind::Text(input) | Kind::Secret(input) | Kind::Exactly { input, .. } = &mut self.kind {
            let full = input.value().chars().count() >= LONGEST;
            if !(full && matches!(request, InputRequest::InsertChar(_))) {
                input.handle(request);
            }
        }
    }
}

/// A key as a change of a line of text.
pub(in crate::tui) fn request(key: Key) -> Option<InputRequest> {
    Some(match (key.code, key.ctrl) {
        (KeyCode::Char(c), false) => InputRequest::InsertChar(c),
        (KeyCode::Backspace, false) => InputRequest::DeletePrevChar,
        (KeyCode::Delete, false) => InputRequest::DeleteNextChar,
        (KeyCode::Left, false) => InputRequest::GoToPrevChar,
        (KeyCode::Right, false) => InputRequest::GoToNextChar,
        (KeyCode::Home, false) | (KeyCode::Char('a'), true) => InputRequest::GoToStart,
        (KeyCode::End, false) | (KeyCode::Char('e'), true) => InputRequest::GoToEnd,
        (KeyCode::Char('w'), true) => InputRequest::DeletePrevWord,
        (KeyCode::Char('u'), true) => InputRequest::DeleteLine,
        _ => return None,
    })
}
