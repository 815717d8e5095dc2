//! What a typed filter lets through: words, `!word` that must not be there, `field:value`, `!field:value`;
//! `check:name$` is that check and none whose name only begins so.
//!
//! A word fits check and subject roughly, letter after letter, and the message only as it is: the letters of almost any
//! word stand somewhere in a long sentence.

mod field;
#[cfg(test)]
mod tests;
mod words;

pub use words::Words;

use self::field::{Condition, Field};
use super::screen::findings::Trend;
use crate::check::finding::Finding;

/// A filter, read.
#[derive(Debug, Default)]
pub struct Filter {
    words: Words,
    conditions: Vec<Condition>,
    problem: Option<String>,
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
                None => filter.words.add(word),
            }
        }
        filter
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.conditions.is_empty()
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
        let mut seeker = self.words.seeker();
        let mut name = String::new();
        let mut fits = |at: u32| {
            let Some(finding) = findings.get(at as usize) else { return false };
            let trend = trends.get(at as usize).copied().unwrap_or_default();
            if !self.conditions.iter().all(|condition| condition.holds(finding, trend)) {
                return false;
            }
            if self.words.is_empty() {
                return true;
            }
            name.clear();
            for part in [finding.status.word(), " ", &finding.check, " ", &finding.subject] {
                name.push_str(part);
            }
            seeker.fits(&name, &finding.message)
        };
        match among {
            Some(among) => among.iter().copied().filter(|at| fits(*at)).collect(),
            None => (0..u32::try_from(findings.len()).unwrap_or(u32::MAX)).filter(|at| fits(*at)).collect(),
        }
    }
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
