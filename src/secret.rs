//! Text that must never reach a screen, a log, a snapshot or an error.

use std::fmt;

/// A secret text, such as a password.
///
/// There is deliberately no `Display`, no `Deref` and no serialisation: the only way to the text is [`Secret::expose`],
/// which is easy to find in a review. `Debug` hides the text and its length, so that a struct with a derived `Debug`
/// may safely hold one.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text into custody.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself: for the wire and for the redactor, for nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_text_and_its_length() {
        assert_eq!(format!("{:?}", Secret::new("a")), "Secret(hidden)");
        assert_eq!(format!("{:?}", Some(Secret::new("a long one"))), "Some(Secret(hidden))");
    }
}
