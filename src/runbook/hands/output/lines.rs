//! Output of one pipe cut into lines, known secrets out of it, in bounded memory.

use super::strip::Strip;
use crate::snapshot::{Redactor, Stream, cut};

/// The longest line that is kept together, in bytes.
pub(super) const LINE: usize = 16 * 1024;

/// How much beyond the cut is looked at, so that no secret is cut in two.
const OVERLAP: usize = 2 * 1024;

/// How much of what is passed over is kept, because a secret may begin there and end on the next line.
const CONTEXT: usize = 1024;

/// What stands at the end of a part of a line that is too long.
pub(super) const CUT: &str = " […]";

/// The lines of one pipe.
pub(super) struct Lines {
    strip: Strip,
    stream: Stream,
    line: Vec<u8>,
    /// The rest of the line at hand is passed over; so much of it was, and its last bytes.
    over: Option<(u64, Vec<u8>)>,
}

impl Lines {
    pub(super) fn new(redactor: &Redactor) -> Self {
        Self { strip: Strip::default(), stream: redactor.stream(), line: Vec::new(), over: None }
    }

    /// Takes a piece. `whole` is whether lines that are too long are given in parts; else their rest is passed over.
    pub(super) fn push(&mut self, piece: &[u8], redactor: &Redactor, whole: bool, give: &mut dyn FnMut(Vec<u8>)) {
        for part in piece.chunks(LINE) {
            let part = self.passed_over(part);
            if self.over.is_none() {
                let (mut plain, mut clear) = (Vec::new(), Vec::new());
                self.strip.push(part, &mut plain);
                self.stream.push(&plain, &mut clear);
                self.line.extend_from_slice(&clear);
                self.give(redactor, whole, give);
            }
        }
    }

    /// What is left of a part after the rest of a line that is passed over.
    fn passed_over<'p>(&mut self, part: &'p [u8]) -> &'p [u8] {
        let Some((bytes, context)) = &mut self.over else { return part };
        let end = if part.contains(&b'\n') { part.iter().position(|byte| *byte == b'\n') } else { None };
        let passed = end.unwrap_or(part.len());
        *bytes += passed as u64;
        context.extend_from_slice(part.get(passed.saturating_sub(CONTEXT)..passed).unwrap_or_default());
        context.drain(..context.len().saturating_sub(CONTEXT));
        if end.is_some() {
            self.resume();
        }
        part.get(passed..).unwrap_or_default()
    }

    /// What is clear of the lines at hand is given although nothing has come for a while.
    pub(super) fn pause(&mut self, redactor: &Redactor, whole: bool, give: &mut dyn FnMut(Vec<u8>)) {
        self.stream.pause(&mut self.line);
        self.give(redactor, whole, give);
    }

    /// Nothing follows.
    pub(super) fn finish(&mut self, redactor: &Redactor, whole: bool, give: &mut dyn FnMut(Vec<u8>)) {
        if self.over.is_some() {
            self.resume();
        }
        self.stream.finish(&mut self.line);
        self.give(redactor, whole, give);
        if !self.line.is_empty() {
            give(std::mem::take(&mut self.line));
        }
    }

    /// The end of a line that was passed over: its last bytes may hold the beginning of a secret.
    fn resume(&mut self) {
        let Some((bytes, context)) = self.over.take() else { return };
        let (mut plain, mut unseen) = (Vec::new(), Vec::new());
        self.strip.push(&context, &mut plain);
        self.stream.push(&plain, &mut unseen);
        self.line = format!("[… {bytes} bytes of this line are left out]").into_bytes();
    }

    fn give(&mut self, redactor: &Redactor, whole: bool, give: &mut dyn FnMut(Vec<u8>)) {
        while self.line.contains(&b'\n') {
            let end = self.line.iter().position(|byte| *byte == b'\n').unwrap_or(self.line.len());
            let rest = self.line.split_off((end + 1).min(self.line.len()));
            self.line.truncate(end);
            give(std::mem::replace(&mut self.line, rest));
        }
        while self.line.len() > LINE + OVERLAP {
            let end = cut(redactor, self.line.get(..LINE + OVERLAP).unwrap_or_default(), LINE);
            let rest = self.line.split_off(end);
            let mut part = std::mem::replace(&mut self.line, rest);
            part.extend_from_slice(CUT.as_bytes());
            give(part);
            if !whole {
                let left = std::mem::take(&mut self.line);
                self.over = Some((left.len() as u64, Vec::new()));
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(redactor: &Redactor, pieces: &[&[u8]], whole: bool) -> Vec<String> {
        let (mut lines, mut out) = (Lines::new(redactor), Vec::new());
        let mut give = |line: Vec<u8>| out.push(String::from_utf8(line).unwrap());
        for piece in pieces {
            lines.push(piece, redactor, whole, &mut give);
        }
        lines.finish(redactor, whole, &mut give);
        out
    }

    #[test]
    fn lines_come_out_whole_however_they_are_cut() {
        let text = b"one\n\ntwo words\r\nthree";
        for size in 1..=text.len() {
            let pieces: Vec<&[u8]> = text.chunks(size).collect();
            assert_eq!(lines(&Redactor::default(), &pieces, true), ["one", "", "two words", "three"]);
        }
    }

    #[test]
    fn a_line_without_an_end_is_given_in_parts_or_passed_over() {
        let long = vec![b'x'; 10 * LINE];
        let parts = lines(&Redactor::default(), &[&long, b"\nnext"], true);
        assert_eq!(parts.iter().map(|part| part.trim_end_matches(CUT).len()).sum::<usize>(), 10 * LINE + 4);
        assert_eq!(parts.last().unwrap(), "next");
        let over = lines(&Redactor::default(), &[&long, b"y\nnext"], false);
        assert_eq!(over.len(), 3, "a part, how much is left out, the next line");
        assert!(over[0].starts_with('x') && over[0].ends_with(CUT));
        assert_eq!(over[1], format!("[… {} bytes of this line are left out]", 9 * LINE + 1));
        assert_eq!(over[2], "next");
    }

    #[test]
    fn no_secret_is_cut_in_two() {
        let redactor = Redactor::new(["correct horse battery".to_owned()], false);
        for shift in 0..30 {
            let mut text = vec![b'x'; LINE - shift];
            text.extend_from_slice(b"correct horse battery redis://u:staple@h ");
            text.extend(vec![b'y'; 2 * OVERLAP]);
            for whole in [true, false] {
                let out = lines(&redactor, &text.chunks(1000).collect::<Vec<_>>(), whole);
                let shown: Vec<String> = out.iter().map(|line| redactor.line(line)).collect();
                let shown = shown.join("");
                for part in ["corr", "horse", "batt", "stap", "aple"] {
                    assert!(!shown.contains(part), "{part} at {shift}");
                }
            }
        }
    }

    #[test]
    fn a_secret_that_begins_where_nothing_is_kept_is_not_half_shown() {
        let redactor = Redactor::new(["correct horse battery".to_owned()], false);
        let long = vec![b'x'; 10 * LINE];
        let out = lines(&redactor, &[&long, b"correct hor", b"se\n battery", b"\nend"], false);
        assert_eq!(out.last().unwrap(), "end");
        assert!(!out.concat().contains("batt"), "{:?}", out.last());
    }
}
