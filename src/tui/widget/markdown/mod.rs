//! Markdown laid out for a screen: headings, lists, tables, code, emphasis and links, in lines of a width.
//!
//! The text may come from anywhere. It is made harmless after it was parsed, so that an entity cannot bring back what was
//! taken out, and no line is wider than it was asked for. How something looks is decided when it is drawn.

mod block;
mod flow;
mod table;
#[cfg(test)]
mod tests;

use ratatui::{
    style::Modifier,
    text::{Line, Span},
};

use crate::tui::theme::{Look, Meaning};

/// A text, laid out.
#[derive(Debug, Clone, Default)]
pub struct Markdown {
    rows: Vec<Row>,
    headings: Vec<Heading>,
    width: usize,
}

/// A heading of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Its level, from 1.
    pub level: usize,
    /// Its words.
    pub words: String,
    /// The line on which it stands, from 0.
    pub line: usize,
}

/// How a piece of text stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tone {
    meaning: Meaning,
    italic: bool,
    bold: bool,
}

impl Tone {
    const PLAIN: Self = Self::of(Meaning::Text);
    const MUTED: Self = Self::of(Meaning::Muted);

    const fn of(meaning: Meaning) -> Self {
        Self { meaning, italic: false, bold: false }
    }
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    text: String,
    tone: Tone,
}

/// A line.
type Row = Vec<Piece>;

impl Markdown {
    /// Lays a text out in lines of some width, in cells; with marks of ASCII alone where that is wished.
    pub fn new(text: &str, width: usize, ascii: bool) -> Self {
        block::lay(text, width.max(1), ascii)
    }

    /// How many lines it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has no line.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The width for which it was laid out, in cells.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Its headings, in order.
    pub fn headings(&self) -> &[Heading] {
        &self.headings
    }

    /// A line as text alone; empty where there is none.
    pub fn plain(&self, at: usize) -> String {
        self.rows.get(at).into_iter().flatten().map(|piece| piece.text.as_str()).collect()
    }

    /// A line as it is drawn.
    pub fn line(&self, at: usize, look: Look) -> Line<'_> {
        self.rows
            .get(at)
            .into_iter()
            .flatten()
            .map(|piece| Span::styled(piece.text.as_str(), style(piece, look)))
            .collect()
    }

    /// All lines as they are drawn, for a page that holds more than this text.
    pub fn into_lines(self, look: Look) -> Vec<Line<'static>> {
        let span = |piece: Piece| {
            let style = style(&piece, look);
            Span::styled(piece.text, style)
        };
        self.rows.into_iter().map(|row| row.into_iter().map(span).collect()).collect()
    }
}

fn style(piece: &Piece, look: Look) -> ratatui::style::Style {
    let mut style = look.style(piece.tone.meaning);
    if piece.tone.bold {
        style = style.add_modifier(Modifier::BOLD);
    }
    if piece.tone.italic {
        style = style.add_modifier(Modifier::ITALIC);
    }
    style
}
