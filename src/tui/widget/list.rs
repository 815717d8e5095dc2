//! A list that is scrolled through: which rows of how many are shown, and which one is chosen. What it shows may hold a
//! hundred thousand rows; only those on the screen are ever looked at.

use std::cell::Cell;

use crate::tui::command::Motion;

/// Where a list stands. What the last frame had room for is remembered, so that it does not jump.
#[derive(Debug, Clone, Default)]
pub struct Cursor {
    /// The chosen row, from 0.
    pub at: usize,
    /// The first row on the screen and the rows that it had room for, when it was last drawn.
    seen: Cell<(usize, usize)>,
}

impl Cursor {
    /// Moves within a list of some length.
    pub fn travel(&mut self, motion: Motion, len: usize) {
        let page = self.seen.get().1.saturating_sub(1).max(1);
        let to = match motion {
            Motion::Up => self.at.saturating_sub(1),
            Motion::Down => self.at + 1,
            Motion::PageUp => self.at.saturating_sub(page),
            Motion::PageDown => self.at + page,
            Motion::Top => 0,
            Motion::Bottom => usize::MAX,
        };
        self.go(to, len);
    }

    /// Goes to a row.
    pub fn go(&mut self, to: usize, len: usize) {
        self.at = to.min(len.saturating_sub(1));
    }

    /// The rows to show on a screen of some height, so that the chosen one is among them.
    pub fn window(&self, len: usize, height: usize) -> std::ops::Range<usize> {
        let height = height.max(1);
        let at = self.at.min(len.saturating_sub(1));
        let top = self.seen.get().0.min(at).max((at + 1).saturating_sub(height)).min(len.saturating_sub(height));
        self.seen.set((top, height));
        top..(top + height).min(len)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_list_moves_only_as_far_as_it_must() {
        let mut cursor = Cursor::default();
        assert_eq!(cursor.window(100, 10), 0..10);
        cursor.travel(Motion::PageDown, 100);
        assert_eq!(cursor.window(100, 10), 0..10);
        cursor.travel(Motion::Down, 100);
        assert_eq!(cursor.window(100, 10), 1..11);
        cursor.travel(Motion::Up, 100);
        assert_eq!(cursor.window(100, 10), 1..11);
        cursor.travel(Motion::Bottom, 100);
        assert_eq!(cursor.window(100, 10), 90..100);
    }

    proptest! {
        #[test]
        fn the_chosen_row_is_always_on_the_screen(moves in prop::collection::vec(0u8..6, 0..40), len in 0usize..150, height in 0usize..40) {
            let mut cursor = Cursor::default();
            for at in moves {
                let motion = [Motion::Up, Motion::Down, Motion::PageUp, Motion::PageDown, Motion::Top, Motion::Bottom][usize::from(at)];
                cursor.travel(motion, len);
                let shown = cursor.window(len, height);
                prop_assert!(shown.end <= len && shown.len() <= height.max(1));
                prop_assert!(len == 0 || shown.contains(&cursor.at));
                prop_assert!(len < height.max(1) || shown.len() == height.max(1).min(len), "no empty space below");
            }
        }
    }
}
