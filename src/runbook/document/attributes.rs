//! The attributes of one fence: each is taken once, and what nobody took has no meaning there.

use super::{
    gather::Gather,
    info::{Attribute, Mark, Spot},
};

/// The attributes of a fence.
pub(super) struct Attributes {
    left: Vec<Attribute>,
    /// Where the fence's language stands.
    pub(super) offset: usize,
    pub(super) language: String,
    pub(super) mark: Mark,
}

impl Attributes {
    pub(super) fn new(language: &Spot<String>, mark: Mark, all: Vec<Attribute>) -> Self {
        Self { left: all, offset: language.offset, language: language.is.clone(), mark }
    }

    /// The value of a key.
    pub(super) fn take(&mut self, key: &str) -> Option<Spot<String>> {
        let at = self.left.iter().position(|attribute| attribute.key.is == key)?;
        Some(self.left.remove(at).value)
    }

    /// The value of a key, read; a mistake is told and counts as left out.
    pub(super) fn read<T>(
        &mut self,
        key: &str,
        gather: &mut Gather<'_>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let value = self.take(key)?;
        match read(&value.is) {
            Ok(read) => Some(read),
            Err(message) => {
                gather.grave(value.offset, format!("`{key}`: {message}"));
                None
            }
        }
    }

    /// `key=yes`, or `key=no`; `default` where it is left out.
    pub(super) fn truth(&mut self, key: &str, default: bool, gather: &mut Gather<'_>) -> bool {
        let read = |text: &str| match text {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(format!("`{text}` is neither yes nor no")),
        };
        self.read(key, gather, read).unwrap_or(default)
    }

    /// Tells of what has no meaning here.
    pub(super) fn finish(self, gather: &mut Gather<'_>) {
        let (language, mark) = (self.language, self.mark.word());
        for attribute in self.left {
            let message = format!("`{}` has no meaning for `{language} {mark}`", attribute.key.is);
            gather.grave(attribute.key.offset, message);
        }
    }
}
