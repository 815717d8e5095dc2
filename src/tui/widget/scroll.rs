//! How far a text is scrolled.

use std::cell::Cell;

use crate::tui::command::Motion;

/// How far a text is scrolled. What the last frame had room for is remembered, so that moves stop at the end.
#[derive(Debug, Clone, Default)]
pub struct Scroll {
    /// The first line that is wanted on the screen, from 0.
    at: usize,
    /// Whether the end is followed as it grows.
    follows: bool,
    /// The lines that there are, and the lines that the screen had room for, when it was last drawn.
    seen: Cell<(usize, usize)>,
}

impl Scroll {
    /// A text whose end is followed as it grows.
    pub fn following() -> Self {
        Self { follows: true, ..Self::default() }
    }

    /// A text that begins at a line, from 0.
    pub fn at(line: usize) -> Self {
        Self { at: line, ..Self::default() }
    }

    /// To the beginning.
    pub fn reset(&mut self) {
        self.at = 0;
    }

    /// To a line.
    pub fn to(&mut self, line: usize) {
        (self.at, self.follows) = (line, false);
    }

    /// Whether going to a line would change what is on the screen, as far as the last frame told.
    pub fn moves_to(&self, line: usize) -> bool {
        let (len, height) = self.seen.get();
        len == 0 || line.min(len.saturating_sub(height)) != self.first()
    }

    /// The first line on the screen, as far as the last frame told.
    pub fn first(&self) -> usize {
        let (len, height) = self.seen.get();
        let last = len.saturating_sub(height);
        match (self.follows, len) {
            (true, _) => last,
            // Never drawn yet: nothing holds it back.
            (false, 0) => self.at,
            (false, _) => self.at.min(last),
        }
    }

    /// Moves.
    pub fn travel(&mut self, motion: Motion) {
        let (len, height) = self.seen.get();
        let last = len.saturating_sub(height);
        let page = height.saturating_sub(1).max(1);
        let now = if self.follows { last } else { self.at.min(last) };
        self.at = match motion {
            Motion::Up => now.saturating_sub(1),
            Motion::Down => (now + 1).min(last),
            Motion::PageUp => now.saturating_sub(page),
            Motion::PageDown => (now + page).min(last),
            Motion::Top => 0,
            Motion::Bottom => last,
        };
        // Who scrolls up wants to read; who comes back to the end wants to follow again.
        self.follows = self.at == last && (self.follows || motion == Motion::Bottom);
    }

    /// The lines to show of so many, on a screen of some height.
    pub fn window(&self, len: usize, height: usize) -> std::ops::Range<usize> {
        self.seen.set((len, height));
        let last = len.saturating_sub(height);
        let at = if self.follows { last } else { self.at.min(last) };
        at..(at + height).min(len)
    }

    /// Whether there is more above and below.
    pub fn more(&self) -> (bool, bool) {
        let (len, height) = self.seen.get();
        let window = self.window(len, height);
        (window.start > 0, window.end < len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_scrolled_no_farther_than_its_end() {
        let mut scroll = Scroll::default();
        assert_eq!(scroll.window(10, 4), 0..4);
        scroll.travel(Motion::PageDown);
        assert_eq!(scroll.window(10, 4), 3..7);
        scroll.travel(Motion::Bottom);
        scroll.travel(Motion::Down);
        assert_eq!(scroll.window(10, 4), 6..10);
        scroll.travel(Motion::Up);
        assert_eq!(scroll.window(10, 4), 5..9, "no key is lost at the end");
        assert_eq!(scroll.window(3, 4), 0..3);
    }

    #[test]
    fn the_end_is_followed_until_one_scrolls_up() {
        let mut scroll = Scroll::following();
        assert_eq!(scroll.window(10, 4), 6..10);
        assert_eq!(scroll.window(12, 4), 8..12);
        scroll.travel(Motion::Up);
        assert_eq!(scroll.window(20, 4), 7..11);
        scroll.travel(Motion::Bottom);
        assert_eq!(scroll.window(30, 4), 26..30);
    }
}
