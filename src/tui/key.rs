//! Keys as people write them: `q`, `G`, `ctrl-u`, `enter`, `pgdn`.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// One key with its modifiers. A capital letter is itself, and not shift with a small one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// The key.
    pub code: KeyCode,
    /// Whether control was held.
    pub ctrl: bool,
}

/// Names of keys that are no letter.
const NAMES: [(&str, KeyCode); 15] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backtab", KeyCode::BackTab),
    ("space", KeyCode::Char(' ')),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
];

impl Key {
    /// Reads a key.
    ///
    /// # Errors
    /// What was expected.
    pub fn read(text: &str) -> Result<Self, String> {
        let (ctrl, name) = text.strip_prefix("ctrl-").map_or((false, text), |rest| (true, rest));
        let mut letters = name.chars();
        let code = match (NAMES.iter().find(|(known, _)| *known == name), letters.next(), letters.next()) {
            (Some((_, code)), ..) => *code,
            (None, Some(one), None) if !one.is_control() => KeyCode::Char(one),
            _ => {
                let names: Vec<_> = NAMES.iter().map(|(name, _)| *name).collect();
                return Err(format!(
                    "`{text}` is no key; expected one character, ctrl- and one, or {}",
                    names.join(", ")
                ));
            }
        };
        Ok(Self { code, ctrl })
    }

    /// The key of an event; nothing where it means none, such as alt chords, which terminals take for themselves.
    pub fn of(event: KeyEvent) -> Option<Self> {
        if !event.is_press() && !event.is_repeat() || event.modifiers.contains(KeyModifiers::ALT) {
            return None;
        }
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let code = match event.code {
            // Some terminals say shift-tab as tab with shift.
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            KeyCode::Char(c) if ctrl => KeyCode::Char(c.to_ascii_lowercase()),
            other => other,
        };
        Some(Self { code, ctrl })
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        match (NAMES.iter().find(|(_, code)| *code == self.code), self.code) {
            (Some((name, _)), _) => f.write_str(name),
            (None, KeyCode::Char(c)) => write!(f, "{c}"),
            (None, other) => write!(f, "{other:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for text in ["q", "G", "ctrl-u", "enter", "pgdn", "/", ":", "?", "1", "space", "backtab", "["] {
            assert_eq!(Key::read(text).unwrap().to_string(), text);
        }
        for wrong in ["", "ctrl-", "entr", "alt-x", "\u{1b}"] {
            assert!(Key::read(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn an_event_of_the_terminal_is_a_key() {
        let of = |code, modifiers| Key::of(KeyEvent::new(code, modifiers)).map(|key| key.to_string());
        assert_eq!(of(KeyCode::Char('G'), KeyModifiers::SHIFT).as_deref(), Some("G"));
        assert_eq!(of(KeyCode::Char('U'), KeyModifiers::CONTROL).as_deref(), Some("ctrl-u"));
        assert_eq!(of(KeyCode::Tab, KeyModifiers::SHIFT).as_deref(), Some("backtab"));
        assert_eq!(of(KeyCode::Char('x'), KeyModifiers::ALT), None);
    }
}
