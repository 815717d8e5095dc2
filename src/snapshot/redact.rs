//! Secrets are taken out where text enters, so that nothing behind this line can leak one.
//!
//! Three passes: the secrets that this very run used (passwords of its connections), the shapes in
//! which secrets travel (`scheme://user:password@host`, `password=…`), and, for columns that hold SQL,
//! every literal and comment.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

/// What stands where a secret stood.
const MASK: &str = "[redacted]";

/// The most characters of one text that a snapshot keeps.
pub(crate) const TEXT_CAP: usize = 4_000;

/// Words whose value, in `word=value` or `word: value`, is a secret.
const SECRET_WORDS: [&str; 9] =
    ["password", "passwd", "pwd", "secret", "token", "requirepass", "masterauth", "sslpassword", "api_key"];

/// Takes secrets out of text.
#[derive(Clone, Default)]
pub struct Redactor {
    secrets: BTreeSet<Arc<str>>,
    keep_literals: bool,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redactor({} secrets)", self.secrets.len())
    }
}

impl Redactor {
    /// A redactor that knows the secrets of this run. Literals in SQL stay only where the operator asked for them.
    pub fn new(secrets: impl IntoIterator<Item = String>, keep_literals: bool) -> Self {
        // A secret of one or two characters would blacken half of every text and hide nothing.
        let secrets = secrets.into_iter().filter(|s| s.chars().count() >= 3).map(Arc::from).collect();
        Self { secrets, keep_literals }
    }

    /// Ordinary text: known secrets, URLs and `password=` pairs, capped.
    pub fn text(&self, text: &str) -> String {
        // Redaction comes before the cap: a cut secret would no longer be recognised.
        cap(&mask_pairs(&mask_urls(&self.known(text))))
    }

    /// The text of a statement: the same, and every literal and comment of it.
    pub fn sql(&self, sql: &str) -> String {
        if self.keep_literals {
            return self.text(sql);
        }
        self.text(&strip_literals(sql))
    }

    fn known<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.secrets.iter().rev().fold(Cow::Borrowed(text), |text, secret| {
            if text.contains(&**secret) { Cow::Owned(text.replace(&**secret, MASK)) } else { text }
        })
    }
}

fn cap(text: &str) -> String {
    match text.char_indices().nth(TEXT_CAP) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// `scheme://user:password@host` keeps all but the password.
fn mask_urls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (head, tail) = rest.split_at(at + 3);
        out.push_str(head);
        // A raw password may itself hold '@' or '/', so the last '@' before white space or a quote ends it.
        let end =
            tail.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>')).unwrap_or(tail.len());
        let authority = &tail[..end];
        match (authority.rfind('@'), authority.find(':')) {
            (Some(at), Some(colon)) if colon < at => {
                out.push_str(&authority[..=colon]);
                out.push_str(MASK);
                rest = &tail[at..];
            }
            _ => rest = tail,
        }
    }
    out.push_str(rest);
    out
}

/// `password=hunter2`, `PASSWORD 'x'`, `token: abc` keep the word and lose the value.
fn mask_pairs(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    let mut from = 0;
    while let Some((at, word)) = next_secret_word(&lower, from) {
        let after = at + word.len();
        from = after;
        let Some((start, end)) = value_span(text, after) else {
            continue;
        };
        out.push_str(&text[copied..start]);
        out.push_str(MASK);
        copied = end;
        from = end;
    }
    out.push_str(&text[copied..]);
    out
}

fn next_secret_word(lower: &str, from: usize) -> Option<(usize, &'static str)> {
    SECRET_WORDS.iter().filter_map(|word| lower[from..].find(word).map(|at| (from + at, *word))).min()
}

/// Where the value behind a secret's word begins and ends, if one is given.
fn value_span(text: &str, after: usize) -> Option<(usize, usize)> {
    let tail = &text[after..];
    let trimmed = tail.trim_start_matches([' ', '"']);
    let assigned = trimmed.starts_with(['=', ':']);
    let quoted = trimmed.starts_with('\'');
    if !assigned && !quoted {
        return None;
    }
    let value = trimmed.trim_start_matches(['=', ':', ' ']);
    let start = text.len() - value.len();
    let inner = value.strip_prefix(['\'', '"']);
    let end = match (inner, value.chars().next()) {
        (Some(inner), Some(quote)) => inner.find(quote).map_or(text.len(), |at| start + 1 + at + 1),
        _ => value
            .find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '&' | ')'))
            .map_or(text.len(), |at| start + at),
    };
    (end > start).then_some((start, end))
}

/// Replaces every literal of a statement by `?` and drops its comments.
///
/// A lexer, not a parser: it must also survive statements that the server cut off in the middle. Where
/// a backslash before a quote makes it unclear where a string ends (`standard_conforming_strings`),
/// all that follows is dropped: too little text is a nuisance, a leaked password is not.
fn strip_literals(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut chars = Scan { text: sql, at: 0 };
    while let Some(c) = chars.peek() {
        let before = out.chars().next_back();
        match c {
            '\'' => {
                let escapes = before.is_some_and(|b| matches!(b, 'E' | 'e'));
                out.push('?');
                if !chars.skip_string(escapes) {
                    out.push('…');
                    break;
                }
            }
            '"' => out.push_str(chars.take_identifier()),
            '$' => match chars.dollar_tag().map(str::to_owned) {
                Some(tag) => {
                    out.push('?');
                    chars.skip_dollar_quoted(&tag);
                }
                None => out.push_str(chars.take_word()),
            },
            '-' if chars.rest().starts_with("--") => chars.skip_line(),
            '/' if chars.rest().starts_with("/*") => {
                out.push(' ');
                chars.skip_block();
            }
            c if c.is_ascii_digit() && !before.is_some_and(is_word) => {
                out.push('?');
                chars.take_number();
            }
            c if is_word(c) => out.push_str(chars.take_word()),
            c => {
                out.push(c);
                chars.at += c.len_utf8();
            }
        }
    }
    out
}

/// What keeps a statement from being one plain question, or nothing.
///
/// A read-only transaction alone is no wall: text after a semicolon could end it. So what is asked must be a
/// single SELECT (or WITH, VALUES, TABLE, SHOW), which the server then runs under the transaction's guard.
pub(crate) fn not_one_question(sql: &str) -> Option<&'static str> {
    let bare = strip_literals(sql.trim().trim_end_matches(';'));
    let mut outside = String::new();
    // Quoted names may hold anything.
    for (at, part) in bare.split('"').enumerate() {
        if at % 2 == 0 {
            outside.push_str(part);
        }
    }
    let first = outside.split_whitespace().next().unwrap_or_default().trim_start_matches('(').to_ascii_lowercase();
    if outside.contains('…') {
        Some("it has a string whose end is unclear; write E'…' where a backslash stands before a quote")
    } else if outside.contains(';') {
        Some("it has more than one statement; a probe asks one")
    } else if !["select", "with", "values", "table", "show"].contains(&first.as_str()) {
        Some("it is no question; a probe starts with SELECT, WITH, VALUES, TABLE or SHOW")
    } else {
        None
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scan<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn advance(&mut self, by: usize) -> &'t str {
        let taken = &self.rest()[..by];
        self.at += by;
        taken
    }

    /// Skips a quoted string; `false` where its end is unclear or missing.
    fn skip_string(&mut self, escapes: bool) -> bool {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let mut at = 1;
        while at < bytes.len() {
            match bytes[at] {
                b'\\' if escapes => at += 2,
                b'\\' if bytes.get(at + 1) == Some(&b'\'') => return false,
                b'\'' if bytes.get(at + 1) == Some(&b'\'') => at += 2,
                b'\'' => {
                    self.advance(at + 1);
                    return true;
                }
                _ => at += 1,
            }
        }
        false
    }

    fn take_identifier(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest[1..].find('"').map_or(rest.len(), |at| at + 2);
        self.advance(end)
    }

    fn dollar_tag(&self) -> Option<&'t str> {
        let rest = self.rest();
        let end = rest[1..].find('$')? + 2;
        let tag = &rest[..end];
        let name = &tag[1..tag.len() - 1];
        let named = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        (named && !name.starts_with(|c: char| c.is_ascii_digit())).then_some(tag)
    }

    fn skip_dollar_quoted(&mut self, tag: &str) {
        let rest = self.rest();
        let end = rest[tag.len()..].find(tag).map_or(rest.len(), |at| at + 2 * tag.len());
        self.advance(end);
    }

    fn take_word(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        self.advance(end.max(1))
    }

    fn take_number(&mut self) {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '.').unwrap_or(rest.len());
        self.advance(end);
    }

    fn skip_line(&mut self) {
        let end = self.rest().find('\n').unwrap_or(self.rest().len());
        self.advance(end);
    }

    fn skip_block(&mut self) {
        let rest = self.rest();
        let (mut at, mut depth) = (2, 1);
        while depth > 0 && at < rest.len() {
            if rest.as_bytes()[at..].starts_with(b"*/") {
                depth -= 1;
                at += 2;
            } else if rest.as_bytes()[at..].starts_with(b"/*") {
                depth += 1;
                at += 2;
            } else {
                at += 1;
            }
        }
        let end = (at..=rest.len()).find(|i| rest.is_char_boundary(*i)).unwrap_or(rest.len());
        self.advance(end);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn literals_and_comments_go_and_the_statement_stays_readable() {
        let cases = [
            ("select * from t where a = 'x' and b = 42", "select * from t where a = ? and b = ?"),
            ("select $1, col2 from t1", "select $1, col2 from t1"),
            ("select 'it''s' || \"Col'umn\"", "select ? || \"Col'umn\""),
            ("select E'a\\'b', 1.5e3", "select E?, ?"),
            ("select $fn$ secret 'x' $fn$ from t", "select ? from t"),
            ("select 1 -- hunter2\nfrom t", "select ? \nfrom t"),
            ("select /* a /* b */ c */ 1", "select   ?"),
            ("alter role x password 'hunter2'", "alter role x password ?"),
            ("select 'cut in the mid", "select ?…"),
            ("select 'C:\\', 'hunter2'", "select ?…"),
        ];
        for (sql, expected) in cases {
            assert_eq!(strip_literals(sql), expected, "{sql}");
        }
    }

    #[test]
    fn only_a_single_question_may_be_asked() {
        for good in [
            "select 1;",
            " with a as (select 1) select * from a",
            "(select 1) union (select 2)",
            "select ';', $q$;commit;$q$, \";\" from t -- ; \n",
            "show work_mem",
        ] {
            assert_eq!(not_one_question(good), None, "{good}");
        }
        for bad in [
            "",
            "select 1; commit; create table x ()",
            "set transaction read write",
            "do $$ begin end $$",
            "select 'C:\\'; commit; select '",
            "/* select */ create table x ()",
            "select 1 -- '\n; commit; --'",
        ] {
            assert!(not_one_question(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn urls_and_pairs_lose_their_secret() {
        let redactor = Redactor::default();
        let cases = [
            ("postgres://u:p@ss/w@h:5432/db", "postgres://u:[redacted]@h:5432/db"),
            ("redis://:pw@h", "redis://:[redacted]@h"),
            ("see https://example.org/a:b", "see https://example.org/a:b"),
            ("host=h password=pw user=u", "host=h password=[redacted] user=u"),
            ("PASSWORD 'pw x' LOGIN", "PASSWORD [redacted] LOGIN"),
            ("password authentication failed", "password authentication failed"),
            ("{\"password\": \"pw\", \"a\": 1}", "{\"password\": [redacted], \"a\": 1}"),
        ];
        for (text, expected) in cases {
            assert_eq!(redactor.text(text), expected, "{text}");
        }
    }

    #[test]
    fn text_is_capped_after_redaction() {
        let redactor = Redactor::new(["hunter2".to_owned()], false);
        let long = format!("{}hunter2", "x".repeat(TEXT_CAP - 3));
        let out = redactor.text(&long);
        assert!(!out.contains("hun"), "no half of a secret stays at the cut");
        assert_eq!(out.chars().count(), TEXT_CAP + 1);
    }

    proptest! {
        #[test]
        fn no_planted_secret_survives(before in ".{0,40}", after in ".{0,40}", secret in "[a-zA-Z0-9!#%]{8,20}") {
            let redactor = Redactor::new([secret.clone()], false);
            let text = format!("{before}{secret}{after}");
            prop_assert!(!redactor.text(&text).contains(&secret));
            prop_assert!(!redactor.sql(&text).contains(&secret));
        }

        #[test]
        fn a_literal_never_survives(sql in "[a-z =(),]{0,30}", secret in "[a-zA-Z0-9!#%@]{8,20}") {
            let out = Redactor::default().sql(&format!("{sql} '{secret}' and more"));
            prop_assert!(!out.contains(&secret));
        }

        #[test]
        fn any_text_is_survived(sql in ".{0,200}") {
            let _ = Redactor::default().sql(&sql);
        }
    }
}
