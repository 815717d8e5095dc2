//! What stands on a screen.

use std::fmt;
use std::ops::Deref;

/// A screen at some moment: its cells, its cursor, its modes.
#[derive(Clone)]
pub(crate) struct View(pub(super) vt100::Screen);

impl View {
    /// Width and height in cells.
    pub(crate) fn size(&self) -> (u16, u16) {
        let (height, width) = self.0.size();
        (width, height)
    }

    /// The lines, without the spaces at their ends.
    pub(crate) fn lines(&self) -> Vec<String> {
        let (width, _) = self.size();
        self.0.rows(0, width).map(|line| line.trim_end().to_owned()).collect()
    }

    /// The whole screen as text.
    pub(crate) fn text(&self) -> String {
        self.lines().join("\n")
    }

    /// Whether these words stand on one of its lines.
    pub(crate) fn has(&self, words: &str) -> bool {
        self.lines().iter().any(|line| line.contains(words))
    }

    /// A line, by its number from the top.
    pub(crate) fn line(&self, number: usize) -> String {
        self.lines().get(number).cloned().unwrap_or_default()
    }
}

impl Deref for View {
    type Target = vt100::Screen;

    fn deref(&self) -> &vt100::Screen {
        &self.0
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (width, height) = self.size();
        let rule = "-".repeat(usize::from(width));
        writeln!(f, "+{rule}+ {width}x{height}{}", if self.0.alternate_screen() { ", alternate" } else { "" })?;
        for line in self.lines() {
            let room = usize::from(width).saturating_sub(line.chars().count());
            writeln!(f, "|{line}{}|", " ".repeat(room))?;
        }
        write!(f, "+{rule}+")
    }
}

impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}
