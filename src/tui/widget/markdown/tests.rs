use proptest::prelude::*;

use super::Markdown;
use crate::tui::widget::cells;

fn laid(text: &str, width: usize) -> String {
    let laid = Markdown::new(text, width, false);
    (0..laid.len()).map(|at| laid.plain(at).trim_end().to_owned() + "\n").collect()
}

const ALL: &str = "\
# What stands in the way

A paragraph with *some* emphasis, `code` and a [link](https://example.org/a), which is long enough to be wrapped.

## Second

- one
- two, with more words than there is room for on a line of this width
  1. first
  2. second
- [ ] open
- [x] done

> A quote
> of two lines.

| | check | used | what is said about it |
| --- | :-- | --: | --- |
| FAIL | connections | 91 % | of 200 connections are used, and each of them is idle |
| PASS | disk | 7 % | room |

```sh step target=$primary
psql -c 'select 1' # a line that is longer than the room that there is for it on this screen
	indented
```

---
<details>hidden</details>
";

#[test]
fn all_of_it_in_eighty_columns_and_in_forty() {
    insta::assert_snapshot!("markdown_64", laid(ALL, 64));
    insta::assert_snapshot!("markdown_32", laid(ALL, 32));
}

#[test]
fn a_table_that_is_too_wide_becomes_blocks() {
    let text = "| | resource | whose | used | ceiling | full | needed | lasts | evidence |\n\
                |---|---|---|---|---|---|---|---|---|\n\
                | 1 | connections of the primary | postgres, shop | 182 of 200 | 190 | 1.04x (1.0 to 1.1) | 2x | NO | one point |\n\
                | 2 | replica cpu | postgres | 41 % | 70 % | 1.7x | 2x | NO | one point |\n";
    insta::assert_snapshot!(laid(text, 60));
}

#[test]
fn headings_are_known_with_their_lines() {
    let laid = Markdown::new(ALL, 40, false);
    for heading in laid.headings() {
        assert!(laid.plain(heading.line).contains(heading.words.as_str()), "{heading:?}");
    }
    assert_eq!(laid.width(), 40);
    let levels: Vec<usize> = laid.headings().iter().map(|heading| heading.level).collect();
    assert_eq!(levels, [1, 2]);
}

#[test]
fn what_is_hostile_becomes_visible_even_behind_an_entity() {
    let text = "a &#27;[2J and \u{1b}]0;x\u{7} `\u{202e}code` <b onload=\"x\">\n\n```\n\u{1b}[31m\n```\n\n| &#x9b; |\n|---|\n| \u{200b} |\n";
    let shown = laid(text, 60);
    assert!(!shown.contains(|c: char| c != '\n' && crate::text::is_hostile(c)), "{shown:?}");
    assert!(shown.contains("\\u{1b}[2J") && shown.contains("<b onload="), "{shown}");
}

#[test]
fn nothing_is_lost_where_it_is_wrapped() {
    let words = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu";
    let text = format!("| a | b |\n|---|---|\n| {words} | {words} |\n\n{words}\n\n- {words}\n");
    for width in [12, 20, 33, 80] {
        let shown = laid(&text, width);
        for word in words.split(' ') {
            let times = shown.split(|c: char| !c.is_alphanumeric()).filter(|of| *of == word).count();
            assert_eq!(times, 4, "{word} at {width}: {shown}");
        }
    }
}

proptest! {
    #[test]
    fn no_line_is_wider_than_was_asked_for(text in "([a-z日|`*_#>\\[\\]()! \\n-]|\\| |\\n\\|---\\|---\\|\\n|- |> |```\\n){0,120}", width in 1usize..60) {
        let laid = Markdown::new(&text, width, true);
        for at in 0..laid.len() {
            let line = laid.plain(at);
            prop_assert!(cells(&line) <= width.max(8), "{} cells at {width}: {line:?}", cells(&line));
        }
    }
}
