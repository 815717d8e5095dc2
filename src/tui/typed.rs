//! A line that is typed on a screen itself, such as a filter or a search: what it holds, and whether it is being typed.

use crossterm::event::KeyCode;
use tui_input::Input;

use super::{command::Motion, key::Key, over, pasted::insert};

/// A line of text on a screen.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    input: Input,
    typing: bool,
}

/// What a key did to the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyed {
    /// Nothing is typed here: the key means something else.
    Elsewhere,
    /// The text is another one now.
    Changed,
    /// Typing has ended, and the text stays.
    Kept,
    /// Typing has ended, and the text is gone.
    Dropped,
    /// It moves in the list below, while typing goes on.
    Moved(Motion),
    /// It means nothing in a line of text.
    Ignored,
}

impl Typed {
    /// The text.
    pub fn value(&self) -> &str {
        self.input.value()
    }

    /// Whether it is being typed.
    pub fn is_typing(&self) -> bool {
        self.typing
    }

    /// Begins to type.
    pub fn begin(&mut self) {
        self.typing = true;
    }

    /// Takes the text away.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Another text.
    pub fn set(&mut self, text: &str) {
        self.input = Input::new(text.to_owned());
    }

    /// Takes pasted text, where it is being typed; false where it is not.
    pub fn paste(&mut self, text: &str) -> bool {
        if self.typing {
            insert(&mut self.input, text);
        }
        self.typing
    }

    /// Takes a key.
    pub fn press(&mut self, key: Key) -> Keyed {
        if !self.typing {
            return Keyed::Elsewhere;
        }
        match key.code {
            KeyCode::Enter => {
                self.typing = false;
                Keyed::Kept
            }
            KeyCode::Esc => {
                self.clear();
                Keyed::Dropped
            }
            KeyCode::Char('c') if key.ctrl => {
                self.clear();
                Keyed::Dropped
            }
            KeyCode::Up => Keyed::Moved(Motion::Up),
            KeyCode::Down => Keyed::Moved(Motion::Down),
            KeyCode::PageUp => Keyed::Moved(Motion::PageUp),
            KeyCode::PageDown => Keyed::Moved(Motion::PageDown),
            _ => match over::request(key) {
                Some(request) => {
                    self.input.handle(request);
                    Keyed::Changed
                }
                None => Keyed::Ignored,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(typed: &mut Typed, key: &str) -> Keyed {
        typed.press(Key::read(key).unwrap())
    }

    #[test]
    fn keys_are_letters_only_while_it_is_typed() {
        let mut typed = Typed::default();
        assert_eq!(press(&mut typed, "q"), Keyed::Elsewhere);
        assert!(!typed.paste("x"));
        typed.begin();
        assert_eq!(press(&mut typed, "q"), Keyed::Changed);
        assert!(typed.paste("ux"));
        assert_eq!(press(&mut typed, "down"), Keyed::Moved(Motion::Down));
        assert_eq!((press(&mut typed, "enter"), typed.value()), (Keyed::Kept, "qux"));
        typed.begin();
        assert_eq!((press(&mut typed, "esc"), typed.value()), (Keyed::Dropped, ""));
    }
}
