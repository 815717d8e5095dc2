//! The checklist as Markdown: to be read, ticked and signed.

use std::fmt::Write as _;

use super::{Shown, answered, asks, is_shown, summary, waiver};
use crate::{
    readiness::checklist::{Checklist, Item, STATES},
    report::words::one_line,
    text,
};

/// A place for a name and a day.
const SIGNATURE: &str =
    "Signed by: \\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_ on: \\_\\_\\_\\_\\_\\_\\_\\_\\_\\_";

/// Renders a checklist.
pub fn markdown(checklist: &Checklist, shown: Shown) -> String {
    let mut out = format!(
        "# Checklist of {}\n\nAs of {}. {}.\n",
        safe(&checklist.target),
        checklist.day,
        safe(&summary(checklist))
    );
    if !checklist.parts.is_empty() {
        out.push_str("\n| | verdict | score | because |\n| --- | --- | --- | --- |\n");
    }
    for part in &checklist.parts {
        let cells = [&part.title, part.verdict.words(), &part.score.words(), &part.because].map(safe);
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    for state in STATES.into_iter().filter(|state| is_shown(shown, *state)) {
        let items: Vec<_> = checklist.items.iter().filter(|item| item.state == state).collect();
        if !items.is_empty() {
            let _ = write!(out, "\n## {} ({})\n\n", state.words(), items.len());
            for one in items {
                item(&mut out, one, shown.signatures);
            }
        }
    }
    list(&mut out, "Waivers", checklist.waivers.iter().map(waiver));
    list(&mut out, "Answers that answer nothing", checklist.strays.iter().map(|s| format!("{}: {}", s.file, s.why)));
    out
}

fn item(out: &mut String, item: &Item, signatures: bool) {
    let tick = if item.state.is_open() { ' ' } else { 'x' };
    let gate = if item.gate { ", gate" } else { "" };
    let _ = writeln!(out, "- [{tick}] **{}** ({}{gate})", safe(&item.title), safe(&item.id));
    let notes = [
        ("", item.message.clone()),
        ("Question: ", if item.state.is_open() { asks(item).unwrap_or_default() } else { String::new() }),
        ("Answered by ", answered(item)),
        ("To do: ", item.todo.clone()),
    ];
    for (label, words) in notes.iter().filter(|(_, words)| !words.trim().is_empty()) {
        let _ = writeln!(out, "  - {label}{}", safe(words));
    }
    if signatures {
        let _ = writeln!(out, "  - {SIGNATURE}");
    }
}

fn list(out: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<_> = lines.map(|line| format!("- {}\n", safe(&line))).collect();
    if !lines.is_empty() {
        let _ = write!(out, "\n## {title}\n\n{}", lines.concat());
    }
}

fn safe(words: &str) -> String {
    text::markdown(&one_line(words))
}
