//! The checklist for a terminal: what wants to be dealt with first, and the command that deals with it.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::{Shown, answered, asks, is_shown, summary, waiver};
use crate::{
    readiness::checklist::{Checklist, Item, STATES, State},
    report::words::one_line,
    text,
};

/// Renders a checklist for so many columns.
pub fn human(checklist: &Checklist, shown: Shown, width: usize, colour: bool) -> String {
    let mut page = Page { out: String::new(), width, colour };
    page.line(&format!("{}  {}", page.paint(&text::screen(&checklist.target), Style::new().bold()), checklist.day));
    for part in &checklist.parts {
        let verdict = format!("{}: {}", part.title, part.verdict.words());
        page.wrapped("  ", "    ", &format!("{verdict}, {}; {}", part.score.words(), text::screen(&part.because)));
    }
    for state in STATES.into_iter().filter(|state| is_shown(shown, *state)) {
        let items: Vec<_> = checklist.items.iter().filter(|item| item.state == state).collect();
        if !items.is_empty() {
            let title = format!("{} ({})", state.words(), items.len());
            page.line("");
            page.line(&page.paint(&title, style(state)));
            for item in items {
                page.item(item);
            }
        }
    }
    page.rest("Waivers", checklist.waivers.iter().map(waiver));
    page.rest("Answers that answer nothing", checklist.strays.iter().map(|s| format!("{}: {}", s.file, s.why)));
    page.line("");
    page.wrapped("", "  ", &summary(checklist));
    if !shown.all && checklist.count(|state| !is_shown(shown, state)) > 0 {
        page.line("--all shows also what holds");
    }
    page.out
}

struct Page {
    out: String,
    width: usize,
    colour: bool,
}

impl Page {
    fn item(&mut self, item: &Item) {
        let gate = if item.gate { "gate " } else { "" };
        let level = item.level.as_ref().map(|level| format!(", level {level}")).unwrap_or_default();
        let head = format!("  {gate}{}{level}: {}", self.paint(&item.id, Style::new().bold()), one_line(&item.title));
        self.wrapped("", "      ", &head);
        self.note("", &item.message);
        // The message repeats the question where nobody has answered; then only what else is asked is news.
        if item.state.is_for_a_person() || item.state == State::ExpiresSoon {
            self.note("asks: ", &asks(item).unwrap_or_default());
        }
        self.note("answered by: ", &answered(item));
        self.note("do: ", &item.todo);
    }

    fn note(&mut self, label: &str, words: &str) {
        let words = one_line(&text::screen(words));
        if !words.is_empty() {
            self.wrapped("      ", "      ", &format!("{label}{words}"));
        }
    }

    fn rest(&mut self, title: &str, lines: impl Iterator<Item = String>) {
        let lines: Vec<_> = lines.collect();
        if !lines.is_empty() {
            self.line("");
            self.line(&self.paint(&format!("{title} ({})", lines.len()), Style::new().bold()));
            for line in lines {
                self.wrapped("  ", "      ", &one_line(&text::screen(&line)));
            }
        }
    }

    fn line(&mut self, line: &str) {
        let _ = writeln!(self.out, "{}", line.trim_end());
    }

    fn wrapped(&mut self, first: &str, next: &str, words: &str) {
        let options = textwrap::Options::new(self.width)
            .initial_indent(first)
            .subsequent_indent(next)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for line in textwrap::wrap(words, options) {
            self.line(&line);
        }
    }

    fn paint(&self, words: &str, style: Style) -> String {
        if self.colour { format!("{style}{words}{style:#}") } else { words.to_owned() }
    }
}

fn style(state: State) -> Style {
    let colour = match state {
        State::Fails => AnsiColor::Red,
        State::ExpiresSoon | State::Warns => AnsiColor::Yellow,
        State::Holds => AnsiColor::Green,
        State::Waived | State::NotApplicable => AnsiColor::Cyan,
        _ => AnsiColor::Magenta,
    };
    Style::new().bold().fg_color(Some(colour.into()))
}
