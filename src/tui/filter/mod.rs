//! What a typed filter lets through: words, `!word` that must not be there, `field:value`, `!field:value`;
//! `check:name$` is that check and none whose name only begins so.
//!
//! A word fits check and subject roughly, letter after letter, and the message only as it is: the letters of almost any
//! word stand somewhere in a long sentence.

mod field;
#[cfg(test)]
mod tests;

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};

use self::field::{Condition, Field};
use super::screen::findings::Trend;
use crate::check::finding::Finding;

/// A filter, read.
#[derive(Debug, Default)]
pub struct Filter {
    words: Vec<Word>,
    without: Vec<String>,
    conditions: Vec<Condition>,
    problem: Option<String>,
}

#[derive(Debug)]
struct Word {
    roughly: Pattern,
    lower: String,
}

impl Filter {
    /// Reads what was typed. Anything is a filter; what is no known field is a word, and is told of.
    pub fn read(text: &str) -> Self {
        let mut filter = Self::default();
        for word in text.split_whitespace() {
            let (not, bare) = word.strip_prefix('!').map_or((false, word), |bare| (true, bare));
            match field::read(bare, not) {
                Some(Ok(condition)) => filter.conditions.push(condition),
                Some(Err(why)) => filter.problem = Some(why),
                None if bare.is_empty() => {}
                None if not => filter.without.push(bare.to_lowercase()),
                None => filter.words.push(Word {
                    roughly: Pattern::parse(bare, CaseMatching::Ignore, Normalization::Smart),
                    lower: bare.to_lowercase(),
                }),
            }
        }
        filter
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.without.is_empty() && self.conditions.is_empty()
    }

    /// What of it is not understood, in words.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Whether it says itself which statuses are wanted, so that nothing else hides any.
    pub fn names_statuses(&self) -> bool {
        self.conditions.iter().any(|condition| condition.field == Field::Is)
    }

    /// Which findings it lets through, by their place, of those that are given or of all. `trends` stand beside the
    /// findings.
    pub fn of(&self, findings: &[Finding], trends: &[Trend], among: Option<&[u32]>) -> Vec<u32> {
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut text = String::new();
        let mut fits = |at: u32| {
            let Some(finding) = findings.get(at as usize) else { return false };
            let trend = trends.get(at as usize).copied().unwrap_or_default();
            if !self.conditions.iter().all(|condition| condition.holds(finding, trend)) {
                return false;
            }
            if self.words.is_empty() && self.without.is_empty() {
                return true;
            }
            text.clear();
            for part in [finding.status.word(), " ", &finding.check, " ", &finding.subject] {
                text.push_str(part);
            }
            let says = |word: &str| contains(&text, word) || contains(&finding.message, word);
            if self.without.iter().any(|word| says(word)) {
                return false;
            }
            self.words.iter().all(|word| {
                let mut roughly = || word.roughly.score(Utf32Str::new(&text, &mut buffer), &mut matcher).is_some();
                says(&word.lower) || roughly()
            })
        };
        match among {
            Some(among) => among.iter().copied().filter(|at| fits(*at)).collect(),
            None => (0..u32::try_from(findings.len()).unwrap_or(u32::MAX)).filter(|at| fits(*at)).collect(),
        }
    }
}

/// Whether a text holds a word of small letters, whatever the case of its own.
fn contains(text: &str, lower: &str) -> bool {
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

/// Whether a longer text can only let through what a shorter one does: then what is left is enough to look at.
pub fn narrows(old: &str, new: &str) -> bool {
    let Some(more) = new.strip_prefix(old) else { return false };
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let last = old.rsplit(char::is_whitespace).next().unwrap_or_default();
    // A `!` lets less through the shorter its word is; a field whose value is not known lets everything through.
    let is_open = last.is_empty() || last.chars().all(plain);
    is_open && more.chars().all(|c| plain(c) || c == ' ')
}
