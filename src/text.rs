//! Text from outside, made harmless for where it is shown.
//!
//! A query text or key name may carry terminal escapes, right-to-left overrides, table breakers or
//! HTML. Snapshots keep it (redacted) as it is; every output passes it through here, once.

use std::borrow::Cow;

use textwrap::core::display_width;

/// Whether a character could move the cursor, reorder or hide text, or forge a line.
pub(crate) fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
        || ('\u{E0000}'..='\u{E007F}').contains(&c)
}

/// For one line of a terminal: white space folded, everything hostile shown as its code.
pub fn screen(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if is_hostile(c) => out.push_str(&c.escape_unicode().to_string()),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// For running text or a table cell of Markdown: as for a screen, and nothing in it is markup or HTML.
///
/// An underscore inside a word stays bare: it is no markup there, and names are full of them.
pub fn markdown(text: &str) -> String {
    let clean = screen(text);
    let mut out = String::with_capacity(clean.len());
    let mut chars = clean.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        let inside = before.is_alphanumeric() && chars.peek().is_some_and(|next| next.is_alphanumeric());
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '_' if inside => out.push('_'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '$' | '@' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
        before = c;
    }
    out
}

/// For code inside Markdown: a fence longer than any run of backticks in the text.
pub fn fenced(language: &str, code: &str) -> String {
    let clean: Vec<_> = code.lines().map(screen).collect();
    let code = clean.join("\n");
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{code}\n{fence}")
}

/// Cuts to so many columns of a terminal, saying so by an ellipsis in the last of them.
pub fn shorten(text: &str, columns: usize) -> Cow<'_, str> {
    if display_width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    for c in text.chars() {
        out.push(c);
        if display_width(&out) >= columns {
            out.pop();
            break;
        }
    }
    out.push('…');
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_sequence_becomes_visible_and_harmless() {
        assert_eq!(screen("a\u{1b}[31mb\nc"), "a\\u{1b}[31mb c");
        assert_eq!(screen("a\u{202E}b"), "a\\u{202e}b");
        assert_eq!(screen("plain äöü فارسی"), "plain äöü فارسی");
    }

    #[test]
    fn a_table_breaker_and_html_are_escaped() {
        assert_eq!(markdown("a | b\n<script>`x`"), "a \\| b &lt;script&gt;\\`x\\`");
    }

    #[test]
    fn a_fence_cannot_be_closed_from_inside() {
        assert_eq!(fenced("sql", "a ``` b"), "````sql\na ``` b\n````");
    }

    #[test]
    fn shortening_counts_columns() {
        assert_eq!(shorten("äöü", 2), "ä…");
        assert_eq!(shorten("äöü", 3), "äöü");
        assert_eq!(shorten("日本語", 4), "日…", "wide characters take two columns");
    }
}
