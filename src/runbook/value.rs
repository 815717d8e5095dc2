//! What a value of a parameter may be. Checked before anything uses it; what comes out is the normal form.

mod fill;

use regex::RegexBuilder;

pub use self::fill::{Filled, fill};
use super::model::{Param, ParamKind};
use crate::{quantity, snapshot::Unit};

/// The longest value, in bytes: whoever pastes a file by mistake is told.
const LONGEST: usize = 4096;

/// The longest part of a name that PostgreSQL keeps, in bytes.
const LONGEST_NAME: usize = 63;

/// The longest name of a Kubernetes object (RFC 1123 subdomain).
const LONGEST_LABEL: usize = 253;

impl Param {
    /// The value in its normal form: a size in bytes, a number without a plus sign, text as it is. The same for a value
    /// that is normal already.
    ///
    /// # Errors
    /// What is wrong with it and what was expected. The value itself is not in the message where the parameter is secret.
    pub fn check(&self, value: &str) -> Result<String, String> {
        self.checked(value).map_err(|why| {
            if self.secret { format!("the secret does not fit: expected {}", self.expected()) } else { why }
        })
    }

    fn checked(&self, value: &str) -> Result<String, String> {
        let text = matches!(self.kind, ParamKind::Text);
        let value = if text { value } else { value.trim() };
        if value.len() > LONGEST {
            return Err(format!("it is {} bytes long; at most {LONGEST} are taken", value.len()));
        }
        if value.chars().any(is_break) {
            return Err("it holds a line break or a control character; one line of plain text is expected".into());
        }
        if !text && value.is_empty() {
            return Err(format!("it is empty; expected {}", self.expected()));
        }
        if !text && value.starts_with('-') {
            return Err(format!(
                "`{value}` begins with a dash, as an option of a program would; expected {}",
                self.expected()
            ));
        }
        let wrong = |why: &str| format!("`{value}` {why}; expected {}", self.expected());
        let normal = self.kind.normal(value).map_err(|why| wrong(&why))?;
        self.matches(value).map_err(|why| wrong(&why))?;
        Ok(normal)
    }

    /// Whether the whole value matches the pattern, where there is one.
    fn matches(&self, value: &str) -> Result<(), String> {
        let Some(pattern) = &self.pattern else { return Ok(()) };
        let read = |pattern: &str| RegexBuilder::new(pattern).size_limit(1 << 20).build();
        // On its own first: a stray parenthesis must not reach out of the anchors.
        let whole = read(pattern).and_then(|_| read(&format!(r"\A(?:{pattern})\z")));
        match whole.map(|whole| whole.is_match(value)) {
            Ok(true) => Ok(()),
            Ok(false) => Err(format!("does not match `{pattern}`")),
            Err(_) => Err(format!("cannot be compared: the pattern `{pattern}` of the runbook is none")),
        }
    }

    /// What is expected, for messages and prompts.
    pub fn expected(&self) -> String {
        let kind = match &self.kind {
            ParamKind::Text => "one line of text".to_owned(),
            ParamKind::Integer { min, max } => match (min, max) {
                (Some(min), Some(max)) => format!("a whole number from {min} to {max}"),
                (Some(min), None) => format!("a whole number from {min}"),
                (None, Some(max)) => format!("a whole number up to {max}"),
                (None, None) => "a whole number".to_owned(),
            },
            ParamKind::Duration => "a duration such as 90s or 5m".to_owned(),
            ParamKind::Size => "a size such as 512MiB".to_owned(),
            ParamKind::Choice(words) => format!("one of {}", words.join(", ")),
            ParamKind::Name => "a name of PostgreSQL, with or without schema".to_owned(),
            ParamKind::Label => "a name of Kubernetes: lower case, digits, dashes, dots".to_owned(),
            ParamKind::Url => "an address that begins with https:// or http://, without user and password".to_owned(),
            ParamKind::Source { kind, role } => match role {
                Some(role) => format!("the name of a source that is a {} and {role}", kind.word()),
                None => format!("the name of a source that is a {}", kind.word()),
            },
        };
        match &self.pattern {
            Some(pattern) => format!("{kind} that matches `{pattern}`"),
            None => kind,
        }
    }
}

impl ParamKind {
    fn normal(&self, value: &str) -> Result<String, String> {
        match self {
            Self::Text | Self::Source { .. } => Ok(value.to_owned()),
            Self::Integer { min, max } => integer(value, *min, *max),
            Self::Duration => duration(value),
            Self::Size => size(value),
            Self::Choice(words) if words.iter().any(|word| word == value) => Ok(value.to_owned()),
            Self::Choice(_) => Err("is not offered".into()),
            Self::Name => name(value),
            Self::Label => label(value),
            Self::Url => url(value),
        }
    }
}

/// What would end a line, or move a cursor, somewhere.
fn is_break(c: char) -> bool {
    c.is_control() && c != '\t' || matches!(c, '\u{2028}' | '\u{2029}')
}

fn integer(value: &str, min: Option<i64>, max: Option<i64>) -> Result<String, String> {
    let number: i64 = value.parse().map_err(|_| "is no whole number".to_owned())?;
    if min.is_some_and(|min| number < min) || max.is_some_and(|max| number > max) {
        return Err("is out of bounds".into());
    }
    Ok(number.to_string())
}

/// As written, because actions read it so; a bare number would be seconds here and milliseconds there.
fn duration(value: &str) -> Result<String, String> {
    if value.ends_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Err("has no unit".into());
    }
    let seconds = quantity::parse(value, Unit::Seconds).map_err(|_| "is no duration".to_owned())?;
    if !seconds.is_finite() || seconds < 0.0 {
        return Err("is no duration".into());
    }
    Ok(value.split_whitespace().collect())
}

fn size(value: &str) -> Result<String, String> {
    let bytes = quantity::parse(value, Unit::Bytes).map_err(|_| "is no size".to_owned())?;
    // Above 2^53 a number of bytes is not exact any more.
    if !bytes.is_finite() || !(0.0..=9_007_199_254_740_992.0).contains(&bytes) {
        return Err("is no size".into());
    }
    Ok(format!("{:.0}", bytes.round()))
}

/// One or two parts; a part that is no plain word stands in double quotes, as in SQL.
fn name(value: &str) -> Result<String, String> {
    let mut rest = value;
    for part in 0..2 {
        let (long, after) = name_part(rest).ok_or("is no such name; what is unusual stands in double quotes")?;
        if long > LONGEST_NAME {
            return Err(format!("is longer than the {LONGEST_NAME} bytes that PostgreSQL keeps of a name"));
        }
        match after.strip_prefix('.') {
            None if after.is_empty() => return Ok(value.to_owned()),
            Some(next) if part == 0 => rest = next,
            _ => break,
        }
    }
    Err("is no such name; at most a schema and a name, with a dot between them".into())
}

/// The length of the first part in bytes, and what comes after it.
fn name_part(text: &str) -> Option<(usize, &str)> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-');
        let end = text.find(|c| !plain(c)).unwrap_or(text.len());
        return (end > 0).then(|| (end, &text[end..]));
    };
    let mut long = 0;
    loop {
        let end = rest.find('"')?;
        long += end;
        rest = &rest[end + 1..];
        let Some(after) = rest.strip_prefix('"') else { break };
        long += 1;
        rest = after;
    }
    (long > 0).then_some((long, rest))
}

fn label(value: &str) -> Result<String, String> {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let part = |part: &str| part.starts_with(edge) && part.ends_with(edge) && part.chars().all(|c| edge(c) || c == '-');
    if value.len() > LONGEST_LABEL || !value.split('.').all(part) {
        return Err("is no such name".into());
    }
    Ok(value.to_owned())
}

fn url(value: &str) -> Result<String, String> {
    let url = url::Url::parse(value).map_err(|why| format!("is no address ({why})"))?;
    if !matches!(url.scheme(), "https" | "http") || url.host_str().is_none_or(str::is_empty) {
        return Err("is no such address".into());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("carries a user or a password".into());
    }
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{runbook::model::Place, snapshot::SourceKind};

    fn param(kind: ParamKind) -> Param {
        let about = "a value".to_owned();
        Param {
            name: "p".into(),
            about,
            kind,
            pattern: None,
            default: None,
            secret: false,
            from: None,
            place: Place::default(),
        }
    }

    #[test]
    fn values_come_out_normal_or_not_at_all() {
        let bounded = ParamKind::Integer { min: Some(1), max: Some(10) };
        let free = ParamKind::Integer { min: None, max: None };
        let choice = ParamKind::Choice(vec!["soft".into(), "hard".into()]);
        let source = ParamKind::Source { kind: SourceKind::Postgres, role: None };
        let cases: &[(&ParamKind, &str, Option<&str>)] = &[
            (&ParamKind::Text, "", Some("")),
            (&ParamKind::Text, "--rm $(reboot)", Some("--rm $(reboot)")),
            (&ParamKind::Text, "a\nb", None),
            (&ParamKind::Text, "a\0b", None),
            (&ParamKind::Text, "\u{1b}[2J", None),
            (&ParamKind::Text, "a\u{2028}b", None),
            (&bounded, " +07 ", Some("7")),
            (&bounded, "11", None),
            (&bounded, "0", None),
            (&bounded, "3.5", None),
            (&free, "-3", None),
            (&free, "", None),
            (&free, "99999999999999999999", None),
            (&ParamKind::Duration, "1.5h", Some("1.5h")),
            (&ParamKind::Duration, "5 m", Some("5m")),
            (&ParamKind::Duration, "5", None),
            (&ParamKind::Duration, "5 parsecs", None),
            (&ParamKind::Size, "512MiB", Some("536870912")),
            (&ParamKind::Size, "1024", Some("1024")),
            (&ParamKind::Size, "many", None),
            (&choice, "soft", Some("soft")),
            (&choice, "Soft", None),
            (&ParamKind::Name, "public.orders", Some("public.orders")),
            (&ParamKind::Name, "\"My \"\"odd\"\" schema\".orders", Some("\"My \"\"odd\"\" schema\".orders")),
            (&ParamKind::Name, "orders; drop table x", None),
            (&ParamKind::Name, "a.b.c", None),
            (&ParamKind::Name, "\"open", None),
            (&ParamKind::Name, "\"\"", None),
            (&ParamKind::Name, ".a", None),
            (&ParamKind::Label, "web-5c9d.shop", Some("web-5c9d.shop")),
            (&ParamKind::Label, "Web", None),
            (&ParamKind::Label, "web-", None),
            (&ParamKind::Label, "a..b", None),
            (&ParamKind::Url, "https://shop.example/health", Some("https://shop.example/health")),
            (&ParamKind::Url, "https://me:secret@shop.example/", None),
            (&ParamKind::Url, "file:///etc/passwd", None),
            (&ParamKind::Url, "https:shop", Some("https://shop/")),
            (&source, "primary", Some("primary")),
            (&source, "-h", None),
        ];
        for (kind, given, expected) in cases {
            let found = param((*kind).clone()).check(given);
            assert_eq!(found.as_deref().ok(), *expected, "{kind:?} {given:?}: {found:?}");
        }
    }

    #[test]
    fn a_name_has_the_length_that_the_server_keeps() {
        let name = param(ParamKind::Name);
        assert!(name.check(&"a".repeat(63)).is_ok());
        assert!(name.check(&"a".repeat(64)).is_err());
        assert!(name.check(&format!("\"{}\"", "ä".repeat(32))).is_err());
        assert!(param(ParamKind::Text).check(&"a".repeat(4097)).is_err());
    }

    #[test]
    fn a_pattern_wants_the_whole_value() {
        let one = |pattern: &str| Param { pattern: Some(pattern.into()), ..param(ParamKind::Text) };
        assert!(one("a|b").check("b").is_ok());
        assert!(one("a|b").check("ab").is_err());
        for broken in ["(", "a)|(?:b", r"(?:\w{500}){500}"] {
            let why = one(broken).check("b").unwrap_err();
            assert!(why.contains("of the runbook is none"), "{why}");
        }
    }

    #[test]
    fn what_was_given_as_a_secret_is_in_no_message() {
        let secret = Param { secret: true, ..param(ParamKind::Integer { min: None, max: None }) };
        let why = secret.check("hunter2").unwrap_err();
        assert!(!why.contains("hunter2"), "{why}");
        assert!(why.contains("a whole number"), "{why}");
    }

    #[test]
    fn what_is_normal_stays() {
        for (kind, value) in [(ParamKind::Size, "1 GB"), (ParamKind::Url, "http://a b"), (ParamKind::Duration, "5 min")]
        {
            let param = param(kind);
            if let Ok(once) = param.check(value) {
                assert_eq!(param.check(&once), Ok(once.clone()));
            }
        }
    }
}
