//! Literals and comments taken out of statements, and what makes a text one plain question.

/// Replaces every literal of a statement by `?` and drops its comments.
///
/// A lexer, not a parser: it must also survive statements that the server cut off in the middle. Where
/// a backslash before a quote makes it unclear where a string ends (`standard_conforming_strings`),
/// all that follows is dropped: too little text is a nuisance, a leaked password is not.
pub(super) fn strip_literals(sql: &str) -> String {
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
}
