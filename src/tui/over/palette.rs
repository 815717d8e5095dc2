//! Every command, filtered by what is typed.

use std::borrow::Cow;

use crossterm::event::KeyCode;
use nucleo_matcher::{
    Config, Matcher,
    pattern::{CaseMatching, Normalization, Pattern},
};
use tui_input::Input;

use super::{Pressed, field, motion};
use crate::tui::{
    command::{COMMANDS, Command},
    key::Key,
    model::Model,
    pasted::insert,
    widget::Cursor,
};

/// What is typed, and which command is chosen.
#[derive(Debug, Clone, Default)]
pub struct Palette {
    /// What is typed.
    pub input: Input,
    /// The chosen one.
    pub cursor: Cursor,
}

/// A command of the palette, and why it cannot be done now.
pub type Offer = (&'static Command, Option<Cow<'static, str>>);

impl Palette {
    /// The commands that fit what is typed: the best fit first, of equals those that can be done.
    pub fn offers(&self, model: &Model) -> Vec<Offer> {
        let mut matcher = Matcher::new(Config::DEFAULT);
        let pattern = Pattern::parse(self.input.value(), CaseMatching::Ignore, Normalization::Smart);
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, Offer)> = COMMANDS
            .iter()
            .filter_map(|command| {
                let text = format!("{} {}", command.id, command.title);
                let score = pattern.score(nucleo_matcher::Utf32Str::new(&text, &mut buffer), &mut matcher)?;
                Some((score, (command, command.why_not(model))))
            })
            .collect();
        // A name typed in full is what is meant, whatever else fits.
        let typed = self.input.value().trim();
        let rank = |(score, (command, why)): &(u32, Offer)| (command.id != typed, u32::MAX - score, why.is_some());
        scored.sort_by_key(rank);
        scored.into_iter().map(|(_, offer)| offer).collect()
    }

    pub(super) fn press(&mut self, model: &Model, key: Key) -> Pressed {
        match key.code {
            KeyCode::Esc => return Pressed::Close,
            KeyCode::Char('c') if key.ctrl => return Pressed::Close,
            KeyCode::Enter => {
                return match self.offers(model).get(self.cursor.at) {
                    Some((command, _)) => Pressed::Run(command),
                    None => Pressed::Stay,
                };
            }
            _ => {}
        }
        if let Some(motion) = motion(key) {
            let len = self.offers(model).len();
            self.cursor.travel(motion, len);
        } else if let Some(request) = field::request(key) {
            self.input.handle(request);
            self.cursor = Cursor::default();
        }
        Pressed::Stay
    }

    pub(super) fn paste(&mut self, text: &str) {
        insert(&mut self.input, text);
        self.cursor = Cursor::default();
    }
}
