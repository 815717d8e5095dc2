//! Pasted text as one line of text. What is pasted was written elsewhere, perhaps by somebody who means harm: it is never
//! keys, and nothing in it moves, reorders or hides what a field shows.

use tui_input::Input;

use crate::text::is_hostile;

/// The most characters that a line of text takes.
pub(super) const LONGEST: usize = 4_096;

/// Pasted text as a line: breaks between words become a space, those at its ends go, and so does all that cannot be seen.
pub(super) fn line(text: &str) -> String {
    let mut line = String::new();
    let mut broken = false;
    for c in text.chars().filter(|c| is_break(*c) || !is_hostile(*c)).take(LONGEST) {
        if is_break(c) {
            broken = !line.is_empty();
            continue;
        }
        if std::mem::take(&mut broken) {
            line.push(' ');
        }
        line.push(c);
    }
    line
}

/// Whether a character parts words although it stands in no line.
fn is_break(c: char) -> bool {
    matches!(c, '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Puts a text where the typing mark stands, as far as there is room, as one change.
pub(super) fn insert(input: &mut Input, text: &str) {
    let (value, at) = (input.value(), input.cursor());
    let room = LONGEST.saturating_sub(value.chars().count());
    let fitting: String = text.chars().take(room).collect();
    let split = value.char_indices().nth(at).map_or(value.len(), |(byte, _)| byte);
    let whole = [&value[..split], &fitting, &value[split..]].concat();
    *input = Input::new(whole).with_cursor(at + fitting.chars().count());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_become_a_space_and_what_cannot_be_seen_goes() {
        for (pasted, expected) in [
            ("q\nX", "q X"),
            ("\r\n  is:fail \t memory\r\n\r\n", "  is:fail   memory"),
            ("a\u{1b}[31mb\u{1b}]0;title\u{7}\u{0}", "a[31mb]0;title"),
            ("de\u{202e}spra\u{200b}w\u{feff}", "despraw"),
            ("one\u{2028}two\u{85}three", "one two three"),
            ("日本 äö", "日本 äö"),
            ("\n\u{3}\n", ""),
        ] {
            assert_eq!(line(pasted), expected, "{pasted:?}");
        }
    }

    #[test]
    fn a_paste_without_end_takes_no_more_than_a_line_has_room_for() {
        assert_eq!(line(&"ab\n".repeat(1_000_000)).chars().count(), LONGEST);
        let mut input = Input::new("x".repeat(LONGEST - 2));
        insert(&mut input, "äöü");
        assert_eq!(input.value().chars().count(), LONGEST);
        assert!(input.value().ends_with("xäö"));
    }

    #[test]
    fn text_goes_where_the_typing_mark_stands() {
        let mut input = Input::new("äb".to_owned()).with_cursor(1);
        insert(&mut input, "日本");
        assert_eq!((input.value(), input.cursor()), ("ä日本b", 3));
    }
}
