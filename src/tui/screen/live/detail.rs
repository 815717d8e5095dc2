//! Everything about one row: what is shown when it is opened, and what is copied as Markdown.

use ratatui::text::Line;

use crate::{
    text::{fenced, markdown},
    tui::{
        theme::{Look, Meaning},
        widget::Page,
    },
};

/// A page that is not laid out yet. Its texts may come from outside: they are made harmless where they go out.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Detail {
    title: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Heading(String),
    Fact(String, String, Meaning),
    Text(String, Meaning),
    Code(String),
}

impl Detail {
    /// An empty page.
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), parts: Vec::new() }
    }

    /// With a heading.
    #[must_use]
    pub(super) fn heading(mut self, words: &str) -> Self {
        self.parts.push(Part::Heading(words.to_owned()));
        self
    }

    /// With a name and its value; without it where the value is empty.
    #[must_use]
    pub(super) fn fact(self, name: &str, value: impl Into<String>) -> Self {
        self.means(name, value, Meaning::Text)
    }

    /// The same with a meaning.
    #[must_use]
    pub(super) fn means(mut self, name: &str, value: impl Into<String>, meaning: Meaning) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.parts.push(Part::Fact(name.to_owned(), value, meaning));
        }
        self
    }

    /// With a sentence.
    #[must_use]
    pub(super) fn text(mut self, words: &str, meaning: Meaning) -> Self {
        if !words.is_empty() {
            self.parts.push(Part::Text(words.to_owned(), meaning));
        }
        self
    }

    /// With a statement, as it is.
    #[must_use]
    pub(super) fn code(mut self, code: &str) -> Self {
        self.parts.push(Part::Code(code.to_owned()));
        self
    }

    /// As lines of some width.
    pub(super) fn lines(&self, look: Look, width: u16) -> Vec<Line<'static>> {
        let mut page = Page::new(look, width);
        page.text(" ", &self.title, Meaning::Title);
        for part in &self.parts {
            match part {
                Part::Heading(words) => page.heading(words),
                Part::Fact(name, value, meaning) => page.row(name, value, *meaning),
                Part::Text(words, meaning) => page.text("   ", words, *meaning),
                Part::Code(code) => page.text("   ", code, Meaning::Accent),
            }
        }
        page.into_lines()
    }

    /// As Markdown, for a ticket or a chat.
    pub(super) fn markdown(&self) -> String {
        let title = format!("**{}**\n", markdown(&self.title));
        let parts = self.parts.iter().map(|part| match part {
            Part::Heading(words) => format!("\n**{}**\n\n", markdown(words)),
            Part::Fact(name, value, _) => format!("- {}: {}\n", markdown(name), markdown(value)),
            Part::Text(words, _) => format!("\n{}\n", markdown(words)),
            Part::Code(code) => format!("\n{}\n", fenced("sql", code)),
        });
        std::iter::once(title).chain(parts).collect()
    }
}
