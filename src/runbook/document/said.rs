//! What the prose of a step says of its action: `Danger: change. Target: primary. Timeout: 10 s.`

use crate::runbook::model::Danger;

/// What the prose says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::runbook) struct Said {
    pub(in crate::runbook) danger: Danger,
    pub(in crate::runbook) target: Option<String>,
    pub(in crate::runbook) timeout: Option<String>,
}

/// Reads a paragraph, as plain text; none where it says no danger.
pub(super) fn read(paragraph: &str) -> Option<Said> {
    let danger = Danger::read(&value(paragraph, "danger:")?.to_lowercase())?;
    Some(Said { danger, target: value(paragraph, "target:"), timeout: value(paragraph, "timeout:") })
}

/// What stands after a key, up to the end of the sentence or part of it.
fn value(text: &str, key: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let begins = |at: &usize| !lower[..*at].ends_with(|c: char| c.is_alphanumeric());
    let at = lower.match_indices(key).map(|(at, _)| at).find(begins)?;
    let rest = &text[at + key.len()..];
    let ends = |(at, c): &(usize, char)| {
        let next = rest[at + c.len_utf8()..].chars().next();
        matches!(c, ';' | ',') || (*c == '.' && next.is_none_or(char::is_whitespace))
    };
    let end = rest.char_indices().find(ends).map_or(rest.len(), |(at, _)| at);
    let value = rest[..end].trim_matches(|c: char| c.is_whitespace() || matches!(c, '`' | '*' | '_'));
    (!value.is_empty()).then(|| value.to_owned())
}

/// Whether the prose says that there is no undo, and why.
pub(super) fn says_no_undo(paragraph: &str) -> bool {
    let lower = paragraph.to_lowercase();
    lower.split("there is no undo").skip(1).any(|rest| rest.split_whitespace().filter(|w| w.len() > 1).count() >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_understood_with_and_without_backticks() {
        let said = |target: Option<&str>, timeout: Option<&str>| {
            Some(Said {
                danger: Danger::Change,
                target: target.map(str::to_owned),
                timeout: timeout.map(str::to_owned),
            })
        };
        assert_eq!(read("Danger: change. Target: `$server`. Timeout: 10 s."), said(Some("$server"), Some("10 s")));
        assert_eq!(read("Danger: `change`. Target: primary. Timeout: 1.5 s"), said(Some("primary"), Some("1.5 s")));
        assert_eq!(read("danger: Change, timeout: 5 min; it is quick."), said(None, Some("5 min")));
        assert_eq!(read("Danger: the disk fills."), None);
        assert_eq!(read("Endanger: change."), None);
    }

    #[test]
    fn no_undo_comes_with_a_reason() {
        assert!(says_no_undo("There is no undo: what was deleted is gone."));
        assert!(!says_no_undo("There is no undo."));
    }
}
