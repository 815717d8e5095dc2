//! `field:value`: what of a finding is compared, and with what.

use crate::{
    check::{definition::Severity, finding::Finding, finding::Status},
    tui::screen::findings::Trend,
};

/// A field that may be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// Its status or its trend.
    Is,
    /// Its domain.
    Domain,
    /// How bad it is.
    Severity,
    /// Who answered.
    Source,
    /// Its check.
    Check,
    /// What it is about.
    Subject,
}

/// The names of fields.
const FIELDS: [(&str, Field); 6] = [
    ("is", Field::Is),
    ("domain", Field::Domain),
    ("severity", Field::Severity),
    ("source", Field::Source),
    ("check", Field::Check),
    ("subject", Field::Subject),
];

/// The words of `is:`. What is wrong or not known has a word of its own.
const STATES: [(&str, Is); 16] = [
    ("fail", Is::Status(Status::Fail)),
    ("warn", Is::Status(Status::Warn)),
    ("unknown", Is::Status(Status::Unknown)),
    ("?", Is::Status(Status::Unknown)),
    ("waived", Is::Status(Status::Waived)),
    ("pass", Is::Status(Status::Pass)),
    ("na", Is::Status(Status::NotApplicable)),
    ("n/a", Is::Status(Status::NotApplicable)),
    ("bad", Is::Bad),
    ("new", Is::Trend(Trend::New)),
    ("worse", Is::Trend(Trend::Worse)),
    ("better", Is::Trend(Trend::Better)),
    ("up", Is::Trend(Trend::Up)),
    ("down", Is::Trend(Trend::Down)),
    ("same", Is::Trend(Trend::Same)),
    ("changed", Is::Changed),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    Status(Status),
    Trend(Trend),
    Bad,
    Changed,
}

impl Is {
    fn holds(self, finding: &Finding, trend: Trend) -> bool {
        match self {
            Self::Status(status) => finding.status == status,
            Self::Trend(wanted) => trend == wanted,
            Self::Bad => finding.status >= Status::Unknown,
            Self::Changed => trend != Trend::Same,
        }
    }
}

/// One `field:value`.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) field: Field,
    not: bool,
    value: String,
    states: Vec<Is>,
}

impl Condition {
    pub(super) fn holds(&self, finding: &Finding, trend: Trend) -> bool {
        let begins = |text: &str| {
            let (text, value) = (text.as_bytes(), self.value.as_bytes());
            text.len() >= value.len() && text[..value.len()].eq_ignore_ascii_case(value)
        };
        // With a `$` behind it all of a name is meant.
        let is_or_begins = |text: &str| match self.value.strip_suffix('$') {
            Some(whole) => text.eq_ignore_ascii_case(whole),
            None => begins(text),
        };
        let holds = match self.field {
            Field::Is => self.states.iter().any(|is| is.holds(finding, trend)),
            Field::Domain => begins(&finding.domain),
            Field::Severity => begins(finding.severity.word()),
            Field::Source => finding.ground.source.as_deref().is_some_and(is_or_begins),
            Field::Check => is_or_begins(&finding.check),
            Field::Subject => super::words::contains(&finding.subject, &self.value),
        };
        holds != self.not
    }
}

/// Reads a word as a condition; nothing where it is a plain word, an error where its field or value is not known.
pub(super) fn read(word: &str, not: bool) -> Option<Result<Condition, String>> {
    let (name, value) = word.split_once(':')?;
    // `10.0.0.1:5432` and `shop:` are words: names of fields are words of small letters with something behind them.
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase()) {
        return None;
    }
    let Some((_, field)) = FIELDS.iter().find(|(known, _)| *known == name) else {
        if value.is_empty() {
            return None;
        }
        let known: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
        return Some(Err(format!("no field `{name}`; there are {}", known.join(", "))));
    };
    let value = value.to_lowercase();
    let mut states = Vec::new();
    if *field == Field::Is {
        states.extend(STATES.iter().filter(|(word, _)| word.starts_with(&value)).map(|(_, is)| *is));
        if states.is_empty() {
            let known: Vec<&str> = STATES.iter().map(|(word, _)| *word).collect();
            return Some(Err(format!("nothing is `{value}`; is: takes {}", known.join(", "))));
        }
    }
    if *field == Field::Severity && !SEVERITIES.iter().any(|known| known.word().starts_with(&value)) {
        let known: Vec<&str> = SEVERITIES.iter().map(|known| known.word()).collect();
        return Some(Err(format!("no severity `{value}`; there are {}", known.join(", "))));
    }
    Some(Ok(Condition { field: *field, not, value, states }))
}

const SEVERITIES: [Severity; 5] = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];
