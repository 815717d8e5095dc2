//! A page of text under headings: what opens when one goes inward.

use ratatui::{
    style::Style,
    text::{Line, Span},
};

use super::{line, markdown::Markdown};
use crate::{
    text::screen,
    tui::theme::{Look, Meaning},
};

/// A page that is being put together. Every text that it is given is made harmless.
#[derive(Debug)]
pub struct Page {
    look: Look,
    width: usize,
    lines: Vec<Line<'static>>,
}

impl Page {
    /// An empty page of some width.
    pub fn new(look: Look, width: u16) -> Self {
        Self { look, width: usize::from(width), lines: Vec::new() }
    }

    /// Its lines.
    pub fn into_lines(self) -> Vec<Line<'static>> {
        self.lines
    }

    /// Its width, in cells.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many lines it has so far.
    pub fn height(&self) -> usize {
        self.lines.len()
    }

    /// How something with this meaning looks.
    pub fn style(&self, meaning: Meaning) -> Style {
        self.look.style(meaning)
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.lines.push(Line::default());
    }

    /// A line of several parts, as it is.
    pub fn line(&mut self, line: Line<'static>) {
        self.lines.push(line);
    }

    /// A heading, with an empty line above it.
    pub fn heading(&mut self, words: &str) {
        if !self.lines.is_empty() {
            self.gap();
        }
        let style = self.style(Meaning::Title);
        self.lines.push(Line::styled(format!(" {}", screen(words)), style));
    }

    /// A text, wrapped. Lines that were broken to fit a file become paragraphs again; empty lines, items of lists and rows
    /// of tables stay.
    pub fn text(&mut self, indent: &str, text: &str, meaning: Meaning) {
        let style = self.style(meaning);
        let room = self.width.saturating_sub(indent.len() + 1).max(10);
        for part in paragraphs(text.trim_end()) {
            // What is begun by an item's mark goes on below its words.
            let hanging = if is_item(&part) { "  " } else { "" };
            for (n, words) in line::wrap(&screen(&part), room - hanging.len()).into_iter().enumerate() {
                let hanging = if n == 0 { "" } else { hanging };
                self.lines.push(Line::styled(format!("{indent}{hanging}{words}"), style));
            }
        }
    }

    /// Markdown: its paragraphs, lists, code and emphasis.
    pub fn markdown(&mut self, indent: &str, text: &str) {
        let room = self.width.saturating_sub(indent.len() + 1).max(10);
        for line in Markdown::new(text.trim(), room, self.look.ascii).into_lines(self.look) {
            let spans = [Span::raw(indent.to_owned())].into_iter().chain(line.spans);
            self.lines.push(spans.collect());
        }
    }

    /// A heading and a text, where there is one.
    pub fn section(&mut self, heading: &str, text: &str) {
        if !text.trim().is_empty() {
            self.heading(heading);
            self.text("   ", text, Meaning::Text);
        }
    }

    /// A name and its value.
    pub fn row(&mut self, name: &str, value: &str, meaning: Meaning) {
        let names = (self.width / 3).clamp(8, 24);
        let style = self.style(meaning);
        let room = self.width.saturating_sub(names + 5).max(10);
        for (n, words) in line::wrap(&screen(value), room).into_iter().enumerate() {
            let name = if n == 0 { screen(name) } else { "".into() };
            let name = line::column(&name, names);
            self.lines.push(Line::from(vec![Span::raw(format!("   {name} ")), Span::styled(words, style)]));
        }
    }

    /// Text whose lines stay as they are: commands, output.
    pub fn verbatim(&mut self, text: &str, meaning: Meaning) {
        let style = self.style(meaning);
        for part in text.lines() {
            let fitted = line::fit(&screen(part), self.width.saturating_sub(5));
            self.lines.push(Line::styled(format!("   {fitted}"), style));
        }
    }
}

/// A text by paragraphs, items and empty lines.
fn paragraphs(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines().map(str::trim) {
        let stands = line.is_empty() || line.starts_with('|') || is_item(line);
        match parts.last_mut() {
            Some(last) if open && !stands => {
                last.push(' ');
                last.push_str(line);
            }
            _ => parts.push(line.to_owned()),
        }
        open = !line.is_empty() && !line.starts_with('|');
    }
    parts
}

/// Whether a line begins an item of a list: `- `, `* `, `1. `.
fn is_item(line: &str) -> bool {
    let numbered = || {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.len() < line.len() && (rest.starts_with(". ") || rest.starts_with(") "))
    };
    line.starts_with("- ") || line.starts_with("* ") || numbered()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_lines_become_paragraphs_and_lists_stay() {
        let text = "One sentence\nthat goes on.\n\nAnother:\n- an item\n  of two lines\n- one more\n1. first\n| a | b |\n| c | d |\nend";
        assert_eq!(
            paragraphs(text),
            [
                "One sentence that goes on.",
                "",
                "Another:",
                "- an item of two lines",
                "- one more",
                "1. first",
                "| a | b |",
                "| c | d |",
                "end"
            ]
        );
    }
}
