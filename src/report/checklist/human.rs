//! The checklist for a terminal: what wants to be dealt with first, and the command that deals with it.

use anstyle::{AnsiColor, Style};

use super::{Shown, answered, asks, is_shown, summary, waiver};
use crate::{
    readiness::checklist::{Checklist, Item, STATES, State},
    report::{lines::Lines, words::one_line},
    text,
};

/// Renders a checklist for so many columns.
pub fn human(checklist: &Checklist, shown: Shown, width: usize, colour: bool) -> String {
    let mut page = Page { lines: Lines::new(width, colour) };
    page.lines.line(&format!(
        "{}  {}",
        page.lines.paint(&text::screen(&checklist.target), Style::new().bold()),
        checklist.day
    ));
    for part in &checklist.parts {
        let verdict = format!("{}: {}", part.title, part.verdict.words());
        page.lines.wrapped(
            "  ",
            "    ",
            &format!("{verdict}, {}; {}", part.score.words(), text::screen(&part.because)),
        );
    }
    for state in STATES.into_iter().filter(|state| is_shown(shown, *state)) {
        let items: Vec<_> = checklist.items.iter().filter(|item| item.state == state).collect();
        if !items.is_empty() {
            let title = format!("{} ({})", state.words(), items.len());
            page.lines.line("");
            page.lines.line(&page.lines.paint(&title, style(state)));
            for item in items {
                page.item(item);
            }
        }
    }
    page.rest("Waivers", checklist.waivers.iter().map(waiver));
    page.rest("Answers that answer nothing", checklist.strays.iter().map(|s| format!("{}: {}", s.file, s.why)));
    page.lines.line("");
    page.lines.wrapped("", "  ", &summary(checklist));
    if !shown.all && checklist.count(|state| !is_shown(shown, state)) > 0 {
        page.lines.line("--all shows also what holds");
    }
    page.lines.into_text()
}

struct Page {
    lines: Lines,
}

impl Page {
    fn item(&mut self, item: &Item) {
        let gate = if item.gate { "gate " } else { "" };
        let level = item.level.as_ref().map(|level| format!(", level {level}")).unwrap_or_default();
        let head =
            format!("  {gate}{}{level}: {}", self.lines.paint(&item.id, Style::new().bold()), one_line(&item.title));
        self.lines.wrapped("", "      ", &head);
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
            self.lines.wrapped("      ", "      ", &format!("{label}{words}"));
        }
    }

    fn rest(&mut self, title: &str, lines: impl Iterator<Item = String>) {
        let lines: Vec<_> = lines.collect();
        if !lines.is_empty() {
            self.lines.line("");
            self.lines.line(&self.lines.paint(&format!("{title} ({})", lines.len()), Style::new().bold()));
            for line in lines {
                self.lines.wrapped("  ", "      ", &one_line(&text::screen(&line)));
            }
        }
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
