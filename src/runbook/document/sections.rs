//! Headings divide a text into sections.

use std::ops::Range;

use super::outline::Block;

/// A heading with what stands below it, up to the next heading that divides.
pub(super) struct Section<'b> {
    pub(super) level: u32,
    pub(super) title: &'b str,
    /// Where the heading begins.
    pub(super) offset: usize,
    /// The text below the heading.
    pub(super) body: Range<usize>,
    pub(super) blocks: &'b [Block],
}

/// The sections of a text of the length `end`, divided by headings of the first three levels; before them what stands
/// above all headings.
pub(super) fn divide(blocks: &[Block], end: usize) -> (&[Block], Vec<Section<'_>>) {
    let heads: Vec<usize> = (0..blocks.len())
        .filter(|at| matches!(blocks.get(*at), Some(Block::Heading { level, .. }) if *level <= 3))
        .collect();
    let before = &blocks[..heads.first().copied().unwrap_or(blocks.len())];
    let mut sections = Vec::new();
    for (nth, at) in heads.iter().enumerate() {
        let Some(Block::Heading { level, text, range }) = blocks.get(*at) else { continue };
        let next = heads.get(nth + 1).copied().unwrap_or(blocks.len());
        let until = blocks.get(next).map_or(end, Block::start);
        sections.push(Section {
            level: *level,
            title: text,
            offset: range.start,
            body: range.end.min(until)..until,
            blocks: &blocks[at + 1..next],
        });
    }
    (before, sections)
}

/// The Markdown of a range without some parts of it, without empty lines around.
pub(super) fn without(text: &str, whole: Range<usize>, mut parts: Vec<Range<usize>>) -> String {
    parts.sort_by_key(|part| part.start);
    let (mut out, mut at) = (String::new(), whole.start);
    for part in parts {
        if part.start >= at {
            out.push_str(text[at..part.start].trim_end());
            out.push_str("\n\n");
            at = part.end.min(whole.end).max(at);
        }
    }
    out.push_str(&text[at.min(whole.end)..whole.end]);
    let mut lines: Vec<&str> = Vec::new();
    for line in out.lines() {
        let empty = line.trim().is_empty();
        if !(empty && lines.last().is_none_or(|last| last.trim().is_empty())) {
            lines.push(line.trim_end());
        }
    }
    lines.join("\n").trim_end().to_owned()
}

/// A heading as an id: lower case, with dashes.
pub(super) fn slug(heading: &str) -> String {
    let mut slug = String::new();
    for c in heading.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() && !matches!(c, '\'' | '’' | '`') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_become_ids() {
        assert_eq!(slug("End the session"), "end-the-session");
        assert_eq!(slug("Don't: wait, 2× `now`"), "dont-wait-2-now");
        assert_eq!(slug("終わり"), "");
    }

    #[test]
    fn parts_are_cut_out_and_empty_lines_folded() {
        let text = "a\n\nFENCE\n\nb\n- X\n- Y\n";
        let cut = |word: &str| {
            let at = text.find(word).unwrap();
            at..at + word.len()
        };
        assert_eq!(without(text, 0..text.len(), vec![cut("FENCE"), cut("- X\n- Y\n")]), "a\n\nb");
    }
}
