//! What lies between two audits, for a terminal.

use anstyle::{AnsiColor, Style};

use super::{Comparison, Row, details, name, step, verdict};
use crate::{history::Past, report::lines::Lines, text};

/// For which terminal.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Its columns.
    pub width: usize,
    /// Whether colours repeat what words say.
    pub colour: bool,
    /// Whether what is as before is told one by one.
    pub all: bool,
}

/// Renders a comparison.
pub fn human(comparison: &Comparison, look: Look) -> String {
    let mut lines = Lines::new(look.width, look.colour);
    for (word, past) in [("from", &comparison.before), ("to  ", &comparison.after)] {
        lines.wrapped("", "      ", &format!("{word}  {}", past_line(past)));
    }
    for note in comparison.notes() {
        lines.wrapped("", "      ", &format!("note  {}", text::screen(&note)));
    }
    lines.line("");
    lines.line(&lines.paint(&comparison.tally.words(), Style::new().bold()));
    let colours = [AnsiColor::Red, AnsiColor::Red, AnsiColor::Magenta, AnsiColor::Green];
    for ((heading, rows), colour) in comparison.parts().into_iter().zip(colours) {
        part(&mut lines, heading, rows, Style::new().bold().fg_color(Some(colour.into())));
    }
    if look.all {
        part(&mut lines, "As before", &comparison.same, Style::new().bold());
    } else if !comparison.same.is_empty() {
        lines.line("");
        lines.line(&format!("{} as before; --all shows them", comparison.same.len()));
    }
    lines.into_text()
}

fn part(lines: &mut Lines, heading: &str, rows: &[Row], style: Style) {
    if rows.is_empty() {
        return;
    }
    lines.line("");
    lines.line(&lines.paint(&format!("{heading} ({})", rows.len()), style));
    for row in rows {
        let head = format!("{}  {}", text::screen(&row.check), text::screen(&row.subject));
        lines.wrapped("  ", "      ", &format!("{:15}  {head}", step(row)));
        lines.wrapped("      ", "      ", &text::screen(&row.message));
        if let Some(details) = details(row) {
            lines.wrapped("      ", "      ", &text::screen(&details));
        }
    }
}

/// An audit in a line: name, target, time, verdict, counts.
pub fn past_line(past: &Past) -> String {
    let named = if past.id.is_some() { format!("{}, ", name(past)) } else { String::new() };
    let at = past.at.strftime("%Y-%m-%d %H:%M:%S UTC");
    text::screen(&format!("{named}{}, {at}: {}; {}", past.target, verdict(past), past.summary.line())).into_owned()
}
