//! One of several.

use crossterm::event::KeyCode;

use super::{Answer, Pressed, Purpose};
use crate::tui::{command::Action, key::Key, model::Model, widget::Cursor};

/// A list of which one row is chosen.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Its heading.
    pub title: String,
    /// What can be chosen.
    pub rows: Vec<String>,
    /// The chosen row.
    pub cursor: Cursor,
    /// What it is for.
    pub purpose: Purpose,
}

impl Choice {
    /// A choice.
    pub fn new(title: &str, rows: Vec<String>, purpose: Purpose) -> Self {
        Self { title: title.to_owned(), rows, cursor: Cursor::default(), purpose }
    }

    pub(super) fn press(&mut self, model: &Model, key: Key) -> Pressed {
        let row = match key.code {
            KeyCode::Esc => return Pressed::Close,
            KeyCode::Enter => self.cursor.at,
            // A digit chooses at once.
            KeyCode::Char(c @ '1'..='9') => c as usize - '1' as usize,
            _ => {
                if let Some(Action::Move(motion)) = model.keymap.command(key, model).map(|command| command.action) {
                    self.cursor.travel(motion, self.rows.len());
                    return Pressed::Stay;
                }
                return if key.code == KeyCode::Char('q') { Pressed::Close } else { Pressed::Stay };
            }
        };
        if row >= self.rows.len() {
            return Pressed::Stay;
        }
        Pressed::Answer(Answer { purpose: self.purpose.clone(), row, values: Vec::new() })
    }
}
