//! The outlook as Markdown, for a document.

use std::fmt::Write as _;

use super::{Figure, Group, Outlook};
use crate::text::markdown as text;

impl Outlook {
    /// A table for each group, what is missing, and what guesses do.
    pub(crate) fn markdown(&self) -> String {
        let outlook = self;
        let mut out = format!("# Capacity of {} by its plan\n\nFrom {}.", text(&outlook.target), outlook.from);
        if let Some(title) = &outlook.title {
            let _ = write!(out, " {}.", text(title));
        }
        for flag in &outlook.flags {
            let _ = write!(out, "\n\nWhat if: {} `{}`.", text(&flag.from), text(&flag.text));
        }
        out.push('\n');
        let both = !outlook.flags.is_empty();
        let mut group: Option<Group> = None;
        for line in outlook.lines.iter().filter(|line| line.is_known()) {
            if group != Some(line.group) {
                group = Some(line.group);
                let (head, rule) = if both { (" | what if", " | ---") } else { ("", "") };
                let _ = write!(
                    out,
                    "\n## {}\n\n| figure | plan{head} | ground |\n| --- | ---{rule} | --- |\n",
                    line.group.title()
                );
            }
            let shown = line.what_if.as_ref().unwrap_or(&line.plan);
            let note = shown.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
            let other = if both {
                format!(" | {}", line.what_if.as_ref().map(figure).unwrap_or_default())
            } else {
                String::new()
            };
            let ground = text(&format!("{}{note}", line.ground(shown)));
            let _ = writeln!(out, "| {} | {}{other} | {ground} |", text(&line.title()), figure(&line.plan));
        }
        let missing = outlook.needs();
        if !missing.is_empty() {
            out += "\n## Not known yet\n\n";
            for (need, waiting) in missing {
                let _ = writeln!(out, "- needs {}: {}", text(need), text(&waiting.join("; ")));
            }
        }
        if !outlook.sensitivity.is_empty() {
            out += "\n## If a guess is 20 % less, or 20 % more\n\n| result | now | input | from less to more |\n| --- | --- | --- | --- |\n";
        }
        for one in &outlook.sensitivity {
            for moved in &one.inputs {
                let lead = if one.dominant.contains(&moved.input) { " (moves it most)" } else { "" };
                let cells =
                    [&one.result, &one.text, &format!("{}{lead}", moved.input), &moved.text].map(|cell| text(cell));
                let _ = writeln!(out, "| {} |", cells.join(" | "));
            }
        }
        out + "\n" + &text(&outlook.legend()) + "\n"
    }
}

fn figure(figure: &Figure) -> String {
    figure.word.map_or_else(|| "-".to_owned(), |word| format!("{}, {word}", text(&figure.text)))
}
