//! What screens are drawn on: the cells of a frame, colours by meaning, and what can be clicked.

use ratatui::{buffer::Buffer, layout::Rect, style::Style, text::Line, widgets::Widget};

use super::{Cursor, Scroll, fit, line, wrap};
use crate::tui::{
    model::Hit,
    theme::{Look, Meaning},
};

/// The cells of the mark before the rows of a list.
const MARK: u16 = 3;

/// A frame that is being drawn.
#[derive(Debug)]
pub struct Canvas<'f> {
    /// Its cells.
    pub buf: &'f mut Buffer,
    /// Colours and marks.
    pub look: Look,
    /// What can be clicked.
    pub hits: Vec<(Rect, Hit)>,
}

impl<'f> Canvas<'f> {
    /// A canvas over the cells of a frame.
    pub fn new(buf: &'f mut Buffer, look: Look) -> Self {
        Self { buf, look, hits: Vec::new() }
    }

    /// How something with this meaning looks.
    pub fn style(&self, meaning: Meaning) -> Style {
        self.look.style(meaning)
    }

    /// One line at the top of an area.
    pub fn line(&mut self, area: Rect, line: Line) {
        line.render(Rect { height: area.height.min(1), ..area }, self.buf);
    }

    /// Lines from the top of an area, as many as there is room for.
    pub fn lines<'l>(&mut self, area: Rect, lines: impl IntoIterator<Item = Line<'l>>) {
        for (y, line) in (area.y..area.bottom()).zip(lines) {
            line.render(Rect { y, height: 1, ..area }, self.buf);
        }
    }

    /// A sentence where there is nothing else to show.
    pub fn note(&mut self, area: Rect, words: &str, meaning: Meaning) {
        let style = self.style(meaning);
        let wrapped = line::wrap(words, usize::from(area.width).saturating_sub(2));
        self.lines(area, wrapped.into_iter().map(|line| Line::styled(format!(" {line}"), style)));
    }

    /// The width of a row of a list, in cells: without the mark before it and the margin behind it.
    pub fn row_width(area: Rect) -> usize {
        usize::from(area.width.saturating_sub(MARK + 1))
    }

    /// The rows of a list that are on the screen, with the mark of the chosen one. `row` makes a row of some width.
    pub fn list<'l>(&mut self, area: Rect, cursor: &Cursor, len: usize, mut row: impl FnMut(usize, usize) -> Line<'l>) {
        let width = Self::row_width(area);
        for (y, at) in (area.y..area.bottom()).zip(cursor.window(len, usize::from(area.height))) {
            let place = Rect { y, height: 1, ..area };
            let chosen = at == cursor.at;
            Line::from(if chosen { " > " } else { "   " }).render(place, self.buf);
            row(at, width).render(
                Rect { x: place.x + MARK.min(place.width), width: place.width.saturating_sub(MARK), ..place },
                self.buf,
            );
            if chosen {
                self.buf.set_style(place, self.style(Meaning::Selected));
            }
            self.hits.push((place, Hit::Row(at)));
        }
    }

    /// A text that is scrolled, with a mark at the right edge where there is more.
    pub fn page(&mut self, area: Rect, scroll: &Scroll, text: &[Line]) {
        let window = scroll.window(text.len(), usize::from(area.height));
        self.lines(area, text[window].iter().cloned());
        let (above, below) = scroll.more();
        let edge = area.right().saturating_sub(1);
        let style = self.style(Meaning::Muted);
        if above && area.width > 0 {
            self.buf.set_string(edge, area.y, self.look.mark("↑", "^"), style);
        }
        if below && area.width > 0 {
            self.buf.set_string(edge, area.bottom().saturating_sub(1), self.look.mark("↓", "v"), style);
        }
    }

    /// What is chosen, in a few lines below its list: a rule, the words, and facts in one line at the end.
    pub fn told(&mut self, area: Rect, words: &str, facts: &str) {
        if area.height == 0 {
            return;
        }
        let width = usize::from(area.width).saturating_sub(2);
        let room = usize::from(area.height).saturating_sub(2);
        let mut lines = wrap(words, width);
        if lines.len() > room {
            let rest = lines.split_off(room.saturating_sub(1)).join(" ");
            lines.push(fit(&rest, width));
        }
        self.rule(Rect { height: 1, ..area }, Line::default());
        let muted = self.style(Meaning::Muted);
        let words = lines.into_iter().map(|line| Line::raw(format!(" {line}")));
        let facts = Line::styled(format!(" {}", fit(facts, width)), muted);
        let rest = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        self.lines(rest, words.chain([facts]));
    }

    /// A rule across an area, with words in it.
    pub fn rule(&mut self, area: Rect, words: Line) {
        let style = self.style(Meaning::Muted);
        let mark = self.look.mark("─", "-");
        Line::styled(mark.repeat(usize::from(area.width)), style).render(area, self.buf);
        self.line(area, words);
    }
}
