//! The beginning and the end of what was printed.

use std::collections::VecDeque;

/// How much of the beginning is kept, and how much of the end, in bytes.
pub(super) const SIDE: usize = 4 * 1024;

/// Lines as they are kept until they are shown: the redactor still has to look at them.
#[derive(Default)]
pub(super) struct Excerpt {
    head: Vec<Vec<u8>>,
    head_bytes: usize,
    tail: VecDeque<Vec<u8>>,
    tail_bytes: usize,
    left_out: u64,
}

impl Excerpt {
    pub(super) fn take(&mut self, line: &[u8]) {
        if self.tail.is_empty() && self.head_bytes + line.len() <= SIDE {
            self.head_bytes += line.len() + 1;
            self.head.push(line.to_owned());
            return;
        }
        self.tail_bytes += line.len() + 1;
        self.tail.push_back(line.to_owned());
        while self.tail_bytes > SIDE && self.tail.len() > 1 {
            let first = self.tail.pop_front().map_or(0, |line| line.len() + 1);
            self.tail_bytes -= first;
            self.left_out += first as u64;
        }
    }

    /// As one text; `clear` makes a line harmless.
    pub(super) fn text(&self, clear: impl Fn(&[u8]) -> String) -> String {
        let mut lines: Vec<String> = self.head.iter().map(|line| clear(line)).collect();
        if self.left_out > 0 {
            lines.push(format!("[… {} bytes are left out]", self.left_out));
        }
        lines.extend(self.tail.iter().map(|line| ends(&clear(line), SIDE / 2)));
        lines.join("\n")
    }
}

/// The beginning and the end of a line that is too long for an excerpt.
pub(super) fn ends(line: &str, side: usize) -> String {
    let start = (0..=side.min(line.len())).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
    let end = (line.len().saturating_sub(side)..=line.len()).find(|at| line.is_char_boundary(*at)).unwrap_or(start);
    if end <= start {
        return line.to_owned();
    }
    let (first, last) = (line.get(..start).unwrap_or_default(), line.get(end..).unwrap_or_default());
    format!("{first} [… {} bytes are left out] {last}", end - start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_and_the_end_stay() {
        let mut excerpt = Excerpt::default();
        (0..10_000).for_each(|n| excerpt.take(format!("line {n}").as_bytes()));
        let text = excerpt.text(|line| String::from_utf8_lossy(line).into_owned());
        assert!(text.starts_with("line 0\nline 1\n") && text.ends_with("line 9998\nline 9999"), "{text}");
        assert!(text.contains("bytes are left out]") && text.len() < 2 * SIDE + 100);
    }

    #[test]
    fn little_stays_whole_and_a_long_line_shows_its_ends() {
        let mut excerpt = Excerpt::default();
        excerpt.take(b"a");
        excerpt.take(b"");
        excerpt.take(format!("b{}c", "ä".repeat(9000)).as_bytes());
        let text = excerpt.text(|line| String::from_utf8_lossy(line).into_owned());
        assert!(text.starts_with("a\n\nbä") && text.ends_with("äc") && text.len() < SIDE + 100, "{}", text.len());
    }
}
