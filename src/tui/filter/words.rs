//! The words of a filter: those that must be there, and those that must not.

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};

/// Words, and `!words`.
#[derive(Debug, Default)]
pub struct Words {
    with: Vec<Word>,
    without: Vec<String>,
}

#[derive(Debug)]
struct Word {
    roughly: Pattern,
    lower: String,
}

impl Words {
    /// Reads what was typed.
    pub fn read(text: &str) -> Self {
        let mut words = Self::default();
        for word in text.split_whitespace() {
            words.add(word);
        }
        words
    }

    /// Adds a word; a `!` alone is none.
    pub fn add(&mut self, word: &str) {
        match word.strip_prefix('!') {
            Some("") => {}
            Some(bare) => self.without.push(bare.to_lowercase()),
            None => self.with.push(Word {
                roughly: Pattern::parse(word, CaseMatching::Ignore, Normalization::Smart),
                lower: word.to_lowercase(),
            }),
        }
    }

    /// Whether they let everything through.
    pub fn is_empty(&self) -> bool {
        self.with.is_empty() && self.without.is_empty()
    }

    /// What looks for them.
    pub fn seeker(&self) -> Seeker<'_> {
        Seeker { words: self, matcher: Matcher::new(Config::DEFAULT), buffer: Vec::new() }
    }
}

/// Looks for words in one text after the other.
#[derive(Debug)]
pub struct Seeker<'w> {
    words: &'w Words,
    matcher: Matcher,
    buffer: Vec<char>,
}

impl Seeker<'_> {
    /// Whether something fits: each word its name roughly, letter after letter, or its text as it is.
    pub fn fits(&mut self, name: &str, text: &str) -> bool {
        let says = |word: &str| contains(name, word) || contains(text, word);
        if self.words.without.iter().any(|word| says(word)) {
            return false;
        }
        self.words.with.iter().all(|word| {
            says(&word.lower) || word.roughly.score(Utf32Str::new(name, &mut self.buffer), &mut self.matcher).is_some()
        })
    }
}

/// Whether a text holds a word of small letters, whatever the case of its own.
pub(super) fn contains(text: &str, lower: &str) -> bool {
    if !lower.is_ascii() {
        return text.to_lowercase().contains(lower);
    }
    let (text, word) = (text.as_bytes(), lower.as_bytes());
    let Some(first) = word.first() else { return true };
    let starts = 0..(text.len() + 1).saturating_sub(word.len());
    starts
        .into_iter()
        .any(|at| text[at].eq_ignore_ascii_case(first) && text[at..at + word.len()].eq_ignore_ascii_case(word))
}
