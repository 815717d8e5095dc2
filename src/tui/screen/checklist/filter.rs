//! What a typed filter lets through: words that fit roughly, `!word` that must not be there, `field:value`.

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};

use super::Group;
use crate::readiness::checklist::{Item, State};

/// A filter, read.
#[derive(Debug, Default)]
pub(super) struct Filter {
    words: Option<Pattern>,
    without: Vec<String>,
    fields: Vec<(Field, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Is,
    Pack,
    Level,
    Domain,
    By,
}

const FIELDS: [(&str, Field); 5] =
    [("is", Field::Is), ("pack", Field::Pack), ("level", Field::Level), ("domain", Field::Domain), ("by", Field::By)];

impl Filter {
    /// Reads what was typed. Anything is a filter; what is no known field is a word.
    pub(super) fn read(text: &str) -> Self {
        let mut filter = Self::default();
        let mut words = Vec::new();
        for word in text.split_whitespace() {
            let field = word.split_once(':').and_then(|(name, value)| {
                let field = FIELDS.iter().find(|(known, _)| *known == name).map(|(_, field)| *field)?;
                Some((field, value.to_lowercase()))
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

    /// Whether it names a pack.
    pub(super) fn names_a_pack(&self) -> bool {
        self.fields.iter().any(|(field, _)| *field == Field::Pack)
    }

    /// Whether it lets an item of a group through.
    pub(super) fn fits(&self, item: &Item, group: &Group) -> bool {
        if !self.fields.iter().all(|(field, value)| has(item, group, *field, value)) {
            return false;
        }
        let text = format!("{} {} {}", item.id, item.title, item.message);
        let lower = text.to_lowercase();
        if self.without.iter().any(|word| lower.contains(word)) {
            return false;
        }
        let score = |words: &Pattern| {
            words.score(Utf32Str::new(&text, &mut Vec::new()), &mut Matcher::new(Config::DEFAULT)).is_some()
        };
        self.words.as_ref().is_none_or(score)
    }
}

fn has(item: &Item, group: &Group, field: Field, value: &str) -> bool {
    let begins = |text: &str| text.to_lowercase().starts_with(value);
    match field {
        Field::Is => is(item, value),
        Field::Pack => begins(&group.pack),
        Field::Level => item.level.as_deref().is_some_and(begins),
        Field::Domain => begins(&item.domain),
        Field::By => item.answered_by.as_deref().is_some_and(|by| by.to_lowercase().contains(value)),
    }
}

/// The words of `is:`, each by its beginning, so that the list follows while one types.
fn is(item: &Item, value: &str) -> bool {
    let state = match item.state {
        State::Fails => "fails",
        State::Unmeasured => "unmeasured",
        State::Unanswered => "unanswered",
        State::Expired => "expired",
        State::Flawed => "flawed",
        State::ExpiresSoon => "soon",
        State::Stale => "stale",
        State::Waits => "waits",
        State::Warns => "warns",
        State::Waived => "waived",
        State::Holds => "holds",
        State::NotApplicable => "n/a",
    };
    let words = [
        Some(state),
        item.state.is_open().then_some("open"),
        item.state.is_for_a_person().then_some("person"),
        item.gate.then_some("gate"),
    ];
    words.into_iter().flatten().any(|word| word.starts_with(value))
        || item.status.word().to_lowercase().starts_with(value)
}
