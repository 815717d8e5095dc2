//! What a typed filter lets through: words that fit roughly, `!word` that must not be there, `field:value`.

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};

use crate::check::finding::Finding;

/// A filter, read.
#[derive(Debug, Default)]
pub struct Filter {
    words: Option<Pattern>,
    without: Vec<String>,
    fields: Vec<(Field, String)>,
}

/// A field that `field:value` may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Status,
    Domain,
    Severity,
    Source,
    Check,
}

/// The names of fields.
const FIELDS: [(&str, Field); 5] = [
    ("is", Field::Status),
    ("domain", Field::Domain),
    ("severity", Field::Severity),
    ("source", Field::Source),
    ("check", Field::Check),
];

impl Filter {
    /// Reads what was typed. Anything is a filter; what is no known field is a word.
    pub fn read(text: &str) -> Self {
        let mut filter = Self::default();
        let mut words = Vec::new();
        for word in text.split_whitespace() {
            let field = word.split_once(':').and_then(|(name, value)| {
                FIELDS.iter().find(|(known, _)| *known == name).map(|(_, field)| (*field, value.to_lowercase()))
            });
            match (field, word.strip_prefix('!')) {
                (Some(field), _) => filter.fields.push(field),
                (None, Some(without)) if !without.is_empty() => filter.without.push(without.to_lowercase()),
                _ => words.push(word),
            }
        }
        let pattern = || Pattern::parse(&words.join(" "), CaseMatching::Ignore, Normalization::Smart);
        filter.words = (!words.is_empty()).then(pattern);
        filter
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.words.is_none() && self.without.is_empty() && self.fields.is_empty()
    }

    /// Which findings it lets through, by their place.
    pub fn of(&self, findings: &[Finding]) -> Vec<u32> {
        let all = 0u32..u32::try_from(findings.len()).unwrap_or(u32::MAX);
        if self.is_empty() {
            return all.collect();
        }
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut text = String::new();
        let mut fits = |at: &u32| {
            let finding = &findings[*at as usize];
            if !self.fields.iter().all(|(field, value)| has(finding, *field, value)) {
                return false;
            }
            if self.words.is_none() && self.without.is_empty() {
                return true;
            }
            text.clear();
            for part in [finding.status.word(), " ", &finding.check, " ", &finding.subject, " ", &finding.message] {
                text.push_str(part);
            }
            let lower = || text.to_lowercase();
            if !self.without.is_empty() && self.without.iter().any(|word| lower().contains(word)) {
                return false;
            }
            let mut score = |words: &Pattern| words.score(Utf32Str::new(&text, &mut buffer), &mut matcher);
            self.words.as_ref().is_none_or(|words| score(words).is_some())
        };
        all.filter(|at| fits(at)).collect()
    }
}

fn has(finding: &Finding, field: Field, value: &str) -> bool {
    let begins = |text: &str| text.to_lowercase().starts_with(value);
    match field {
        Field::Status => begins(finding.status.word()),
        Field::Domain => begins(&finding.domain),
        Field::Severity => begins(&format!("{:?}", finding.severity)),
        Field::Source => finding.ground.source.as_deref().is_some_and(begins),
        Field::Check => begins(&finding.check),
    }
}
