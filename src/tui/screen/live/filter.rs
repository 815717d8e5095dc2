//! What a typed filter lets through: words that stand in the row, `!word` that must not.
//!
//! Not roughly, as with findings: a statement of a thousand letters holds any five of them in order.

/// A filter, read. `state:idle` is a word like any other: rows name their fields so.
#[derive(Debug, Default)]
pub(super) struct Words {
    with: Vec<String>,
    without: Vec<String>,
}

impl Words {
    /// Reads what was typed. Anything is a filter.
    pub(super) fn read(text: &str) -> Self {
        let mut words = Self::default();
        for word in text.to_lowercase().split_whitespace() {
            match word.strip_prefix('!') {
                Some("") => {}
                Some(without) => words.without.push(without.to_owned()),
                None => words.with.push(word.to_owned()),
            }
        }
        words
    }

    /// Whether it lets everything through.
    pub(super) fn is_empty(&self) -> bool {
        self.with.is_empty() && self.without.is_empty()
    }

    /// Whether it lets a row through.
    pub(super) fn fits(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.with.iter().all(|word| text.contains(word)) && !self.without.iter().any(|word| text.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_stand_there_and_none_that_is_not_wanted() {
        let row = "pid:12 user:Shop_App state:idle in transaction\nselect 1";
        for (filter, fits) in [
            ("", true),
            ("shop SELECT", true),
            ("state:idle", true),
            ("sct", false),
            ("select !idle", false),
            ("!", true),
            ("!postgres user:shop", true),
        ] {
            assert_eq!(Words::read(filter).fits(row), fits, "{filter}");
        }
    }
}
