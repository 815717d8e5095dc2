//! Running text: pieces with their tones, broken into lines between words, and inside of a word that is too long.

use super::{Piece, Row, Tone};
use crate::tui::widget::cells;

/// Running text. A line break is a piece of its own.
pub(super) type Flow = Vec<Piece>;

/// The piece that breaks a line.
pub(super) const BREAK: &str = "\n";

/// The cells of the widest line, and of the widest word.
pub(super) fn widths(flow: &Flow) -> (usize, usize) {
    let text: String = flow.iter().map(|piece| piece.text.as_str()).collect();
    let line = text.split('\n').map(|line| cells(line.trim())).max().unwrap_or(0);
    (line, text.split_whitespace().map(cells).max().unwrap_or(0))
}

/// Text in lines of some width, in cells.
pub(super) fn wrap(flow: &Flow, width: usize) -> Vec<Row> {
    let mut lines = Lines { width: width.max(1), ..Lines::default() };
    for piece in flow {
        for c in piece.text.chars() {
            match c {
                '\n' => lines.end(),
                ' ' => lines.space(piece.tone),
                c => lines.letter(c, piece.tone),
            }
        }
    }
    if !lines.word.is_empty() || !lines.row.is_empty() {
        lines.end();
    }
    lines.done
}

/// The cells of a line.
pub(super) fn row_cells(row: &Row) -> usize {
    row.iter().map(|piece| cells(&piece.text)).sum()
}

/// Adds a letter to pieces, to the last one where the tone is the same.
fn push(row: &mut Row, c: char, tone: Tone) {
    match row.last_mut() {
        Some(last) if last.tone == tone => last.text.push(c),
        _ => row.push(Piece { text: c.to_string(), tone }),
    }
}

#[derive(Default)]
struct Lines {
    width: usize,
    done: Vec<Row>,
    row: Row,
    row_cells: usize,
    /// The space before the word, if there is one.
    space: Option<Tone>,
    word: Row,
    word_cells: usize,
}

impl Lines {
    fn letter(&mut self, c: char, tone: Tone) {
        let width = cells(c.encode_utf8(&mut [0; 4]));
        if width > self.width {
            // Half of a wide letter is no letter.
            return self.letter('?', tone);
        }
        if self.word_cells + width > self.width {
            self.word();
            self.line();
        }
        push(&mut self.word, c, tone);
        self.word_cells += width;
    }

    fn space(&mut self, tone: Tone) {
        self.word();
        if !self.row.is_empty() {
            self.space = Some(tone);
        }
    }

    /// Puts the word on the line, or on the next one.
    fn word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let space = usize::from(self.space.is_some());
        if self.row_cells + space + self.word_cells > self.width {
            self.line();
        }
        if let Some(tone) = self.space.take() {
            push(&mut self.row, ' ', tone);
            self.row_cells += 1;
        }
        for piece in std::mem::take(&mut self.word) {
            for c in piece.text.chars() {
                push(&mut self.row, c, piece.tone);
            }
        }
        self.row_cells += std::mem::take(&mut self.word_cells);
    }

    /// Ends the line, if there is anything on it.
    fn line(&mut self) {
        if !self.row.is_empty() {
            self.done.push(std::mem::take(&mut self.row));
        }
        self.row_cells = 0;
        self.space = None;
    }

    /// Ends the line, even an empty one.
    fn end(&mut self) {
        self.word();
        self.done.push(std::mem::take(&mut self.row));
        self.row_cells = 0;
        self.space = None;
    }
}
