//! Plain text for a terminal: lines wrapped to its width, colours that only repeat what words say.

use std::fmt::Write as _;

use anstyle::Style;

/// Text under way.
#[derive(Debug)]
pub(crate) struct Lines {
    out: String,
    width: usize,
    colour: bool,
}

impl Lines {
    /// Nothing yet, for a terminal of so many columns.
    pub(crate) fn new(width: usize, colour: bool) -> Self {
        Self { out: String::new(), width, colour }
    }

    /// What was written.
    pub(crate) fn into_text(self) -> String {
        self.out
    }

    /// A line as it is.
    pub(crate) fn line(&mut self, line: &str) {
        let _ = writeln!(self.out, "{}", line.trim_end());
    }

    /// Words over as many lines as they need, indented by `first` and then by `next`. Names and numbers stay whole.
    pub(crate) fn wrapped(&mut self, first: &str, next: &str, words: &str) {
        let options = textwrap::Options::new(self.width)
            .initial_indent(first)
            .subsequent_indent(next)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for line in textwrap::wrap(words, options) {
            self.line(&line);
        }
    }

    /// Words in a colour, where colours are wanted.
    pub(crate) fn paint(&self, words: &str, style: Style) -> String {
        if self.colour { format!("{style}{words}{style:#}") } else { words.to_owned() }
    }
}
