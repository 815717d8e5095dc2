//! A campaign's readiness for people: who owes what by when, then what is ready.

use std::fmt::Write as _;

use super::{lines::Lines, words::one_line};
use crate::{
    readiness::campaign::{Campaign, Entry, Stands},
    text,
};

/// Renders a campaign for a terminal of so many columns.
pub fn human(campaign: &Campaign, all: bool, width: usize) -> String {
    let mut lines = Lines::new(width, false);
    let mut add = |first: &str, next: &str, words: &str| lines.wrapped(first, next, &one_line(&text::screen(words)));
    add("", "  ", &title(campaign));
    for line in head(campaign) {
        add("  ", "    ", &line);
    }
    let shown = campaign.entries.iter().filter(|entry| all || entry.stands != Stands::Ready);
    for entry in shown {
        add("", "", "");
        add("", "    ", &format!("{} {}", when(entry), what(entry)));
        add("    ", "    ", &entry.message);
        if !entry.todo.is_empty() {
            add("    ", "    ", &format!("do: {}", entry.todo));
        }
    }
    add("", "", "");
    add("", "  ", &summary(campaign));
    if !all && campaign.count(Stands::Ready) > 0 {
        add("", "", "--all shows also what is ready");
    }
    lines.into_text()
}

/// Renders a campaign as Markdown.
pub fn markdown(campaign: &Campaign, all: bool) -> String {
    let safe = |words: &str| text::markdown(&one_line(words));
    let mut out = format!("# {}\n\n", safe(&title(campaign)));
    for line in head(campaign) {
        let _ = writeln!(out, "- {}", safe(&line));
    }
    let _ = write!(out, "\n{}.\n", safe(&summary(campaign)));
    let tables = [("What is owed", false), ("What is ready", true)];
    for (title, ready) in tables.into_iter().filter(|(_, ready)| all || !ready) {
        let entries: Vec<_> = campaign.entries.iter().filter(|e| (e.stands == Stands::Ready) == ready).collect();
        if entries.is_empty() {
            continue;
        }
        let _ = write!(
            out,
            "\n## {title}\n\n| due | owner | stands | what | why | to do |\n| --- | --- | --- | --- | --- | --- |\n"
        );
        for entry in entries {
            let due = if entry.overdue { format!("{}, OVERDUE", entry.due) } else { entry.due.to_string() };
            let gate = if entry.gate { " (gate)" } else { "" };
            let what = format!("{}: {}{gate}", entry.id, entry.title);
            let cells = [&due, &entry.owner, entry.stands.words(), &what, &entry.message, &entry.todo].map(safe);
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        }
    }
    out
}

fn title(campaign: &Campaign) -> String {
    format!("{} on {}: {}", campaign.name, campaign.date, campaign.verdict.words())
}

/// How far away it is, from the day on which it was judged.
pub fn days_left(campaign: &Campaign) -> String {
    match campaign.days_left {
        0 => "today".to_owned(),
        1 => "in 1 day".to_owned(),
        days => format!("in {days} days"),
    }
}

/// The load that it must carry.
pub fn load(campaign: &Campaign) -> String {
    let number = |value: f64| crate::quantity::show(value, crate::snapshot::Unit::Count);
    let load = campaign.load.map(|load| format!("{} requests a second", number(load)));
    let multiple = campaign.multiple.map(|m| format!("{} times today's peak ({})", number(m), campaign.multiple_from));
    load.into_iter().chain(multiple).collect::<Vec<_>>().join(", ")
}

fn head(campaign: &Campaign) -> Vec<String> {
    let (days, load) = (days_left(campaign), load(campaign));
    let mut lines = vec![format!("{}, {days} from {}; it must carry {load}", campaign.target, campaign.day)];
    let part = |part: &crate::readiness::checklist::Part| {
        format!("{} today: {}, {}; {}", part.title, part.verdict.words(), part.score.words(), part.because)
    };
    lines.extend(campaign.parts.iter().map(part));
    lines.extend(campaign.waivers.iter().map(|line| format!("waiver, {}", super::checklist::waiver(line))));
    lines.extend(campaign.strays.iter().map(|stray| format!("answers nothing: {}, {}", stray.file, stray.why)));
    lines
}

fn when(entry: &Entry) -> String {
    let overdue = if entry.overdue { "OVERDUE " } else { "" };
    format!("{overdue}{}, {}: {},", entry.due, entry.owner, entry.stands.words())
}

fn what(entry: &Entry) -> String {
    let gate = if entry.gate { "gate " } else { "" };
    format!("{gate}{}: {}", entry.id, entry.title)
}

fn summary(campaign: &Campaign) -> String {
    let all = [Stands::NotReady, Stands::Unproven, Stands::Accepted, Stands::Ready];
    let words = all.map(|stands| format!("{} {}", campaign.count(stands), stands.words().to_lowercase()));
    let overdue = campaign.entries.iter().filter(|entry| entry.overdue).count();
    format!("{} demands: {}; {overdue} overdue", campaign.entries.len(), words.join(", "))
}
