//! Which subjects a condition means.

use wildmatch::WildMatch;

use super::Compiled;
use crate::{check::evaluate::Answered, runbook::port::Values, snapshot::SourceRecord};

/// Which subjects are meant.
pub(super) enum Meant {
    /// All.
    All,
    /// What a source answered.
    Source(String),
    /// One subject, or what is said of parts of it after a colon.
    Value(String),
    /// All that a pattern matches.
    Pattern(String),
}

impl Meant {
    /// Fills the subject in.
    pub(super) fn of(compiled: &Compiled, values: &Values) -> Result<Self, String> {
        let Some(subject) = &compiled.condition.subject else { return Ok(Self::All) };
        let Some(name) = subject.strip_prefix('$') else { return Ok(Self::Pattern(subject.clone())) };
        let value = values.shown(name).ok_or_else(|| format!("`{name}` has no value yet"))?.to_owned();
        Ok(if compiled.names_source { Self::Source(value) } else { Self::Value(value) })
    }

    /// Whether a subject is meant, of which `source` said something.
    pub(super) fn covers(&self, subject: &str, source: Option<&str>) -> bool {
        let is_or_part_of =
            |value: &String| subject.strip_prefix(value).is_some_and(|r| r.is_empty() || r.starts_with(':'));
        match self {
            Self::All => true,
            Self::Source(value) => source == Some(value) || is_or_part_of(value),
            Self::Value(value) => is_or_part_of(value),
            Self::Pattern(pattern) => WildMatch::new(pattern).matches(subject),
        }
    }

    /// Whether an answer cannot hold the subject: it came from another source than the one that the subject names.
    pub(super) fn is_elsewhere(&self, answered: &Answered, sources: &[SourceRecord]) -> bool {
        answered.source.as_deref().is_some_and(|source| self.source(sources).is_some_and(|meant| meant != source))
    }

    /// The source that is meant, where the subject begins with its name.
    fn source<'s>(&self, sources: &'s [SourceRecord]) -> Option<&'s str> {
        let ends = |rest: &str| rest.starts_with([':', '/', ' ']);
        let meant = |name: &&str| match self {
            Self::All => false,
            Self::Source(value) => value == name,
            Self::Value(value) => value.strip_prefix(*name).is_some_and(|rest| rest.is_empty() || ends(rest)),
            Self::Pattern(pattern) => literal(pattern).strip_prefix(*name).is_some_and(ends),
        };
        sources.iter().map(|source| source.name.as_str()).filter(meant).max_by_key(|name| name.len())
    }

    /// Whether this answer would hold the subject if it were there. `by_source` says that the check's subjects begin
    /// with the name of the source.
    pub(super) fn would_be_in(&self, answered: &Answered, by_source: bool) -> bool {
        let Some(source) = answered.source.as_deref() else { return !matches!(self, Self::Source(_)) };
        let fits = |text: &str| text.starts_with(source) || source.starts_with(text);
        match self {
            Self::All => true,
            Self::Source(value) => value == source,
            Self::Value(value) => !by_source || value.starts_with(source),
            Self::Pattern(pattern) => !by_source || fits(literal(pattern)),
        }
    }

    /// How it is said.
    pub(super) fn shown(&self) -> &str {
        match self {
            Self::All => "anything",
            Self::Source(text) | Self::Value(text) | Self::Pattern(text) => text,
        }
    }
}

/// What stands in a pattern before its first joker.
fn literal(pattern: &str) -> &str {
    pattern.split(['*', '?']).next().unwrap_or_default()
}
