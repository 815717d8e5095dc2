//! From Markdown to a runbook, with every place kept.
//!
//! A text with front matter of ours is walked; one without is a published runbook, whose sections are steps done by
//! hand. All mistakes are told, never only the first, and nothing in a text can make reading fail in another way.

mod action;
mod attributes;
mod condition;
mod front;
mod gather;
mod http;
mod info;
mod outline;
mod params;
mod place;
mod published;
mod quantities;
mod said;
mod sections;
pub(super) mod shell;
mod sql;
mod steps;
mod target;
mod words;
mod yaml;

use std::{borrow::Cow, collections::BTreeMap};

use crate::text::screen;

use super::model::{Danger, Form, Phase, Place, Runbook};
use front::Head;
use gather::Gather;
use info::Mark;
use outline::Block;

pub(super) use quantities::{spoken, written as duration_written};
pub(super) use said::Said;
pub(super) use target::{is_said, written as target_written};

/// What is wrong at a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Where.
    pub place: Place,
    /// What, what was expected, and what to do.
    pub message: String,
    /// Whether it can still be walked.
    pub grave: bool,
}

impl Mistake {
    /// The mistake as a message: `file:line:column: message`, and the line with a caret under the place.
    pub fn show(&self, file: &str, text: &str) -> String {
        let Place { line, column } = self.place;
        let note = if self.grave { "" } else { "note: " };
        if line == 0 {
            return format!("{}: {note}{}", screen(file), screen(&self.message));
        }
        let text = plain(text);
        let source = text.split('\n').nth(line - 1).unwrap_or_default();
        let before: String = source.chars().take(column - 1).collect();
        // What is neutralised may be longer than it was, and a tab is one space.
        let at = textwrap::core::display_width(&screen(&before)) + 1;
        let gutter = line.to_string().len();
        format!(
            "{}:{line}:{column}: {note}{}\n{:gutter$} |\n{line} | {}\n{:gutter$} | {:>at$}",
            screen(file),
            screen(&self.message),
            "",
            screen(source),
            "",
            "^"
        )
    }
}

/// What a text says beyond the runbook: for lint.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Where the values of the front matter's keys stand.
    pub(super) front: BTreeMap<String, Place>,
    /// The steps, by id.
    pub(super) steps: BTreeMap<String, StepFacts>,
    /// What is not grave.
    pub(super) lesser: Vec<Mistake>,
}

/// What is known of a step beyond what is walked.
#[derive(Debug, Default, Clone)]
pub(super) struct StepFacts {
    /// What its prose says of danger, target and timeout, and where.
    pub(super) said: Option<(Said, Place)>,
    /// Whether its prose says that there is no undo, and why.
    pub(super) no_undo: bool,
    /// Whether the timeout is written out.
    pub(super) timeout_given: bool,
}

/// Reads a runbook; `file` is how messages name it, and its stem the id where the text has none.
///
/// # Errors
/// Everything that keeps it from being walked, with place.
pub fn read(file: &str, text: &str) -> Result<Runbook, Vec<Mistake>> {
    read_with_facts(file, text).map(|(book, _)| book)
}

/// The same, with what lint wants to know besides.
pub(super) fn read_with_facts(file: &str, text: &str) -> Result<(Runbook, Facts), Vec<Mistake>> {
    let plain = plain(text);
    let mut gather = Gather::new(&plain);
    let (book, mut facts) = whole(file, text, &mut gather);
    let mistakes = gather.mistakes();
    if mistakes.iter().any(|mistake| mistake.grave) {
        return Err(mistakes);
    }
    facts.lesser = mistakes;
    Ok((book, facts))
}

/// The text without a mark of byte order, and with line feeds alone.
fn plain(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")) } else { Cow::Borrowed(text) }
}

fn whole(file: &str, text: &str, gather: &mut Gather<'_>) -> (Runbook, Facts) {
    let plain = gather.lines.text();
    let split = front::split(plain);
    let rest = split.as_ref().filter(|split| split.closed).map_or(0, |split| split.rest);
    let yaml = split.as_ref().map(|split| split.yaml.clone()).unwrap_or_default();
    let ours = split.as_ref().is_some_and(|split| front::is_ours(plain.get(split.yaml.clone()).unwrap_or_default()));
    let blocks = outline::read(plain, rest);
    let native = ours || has_marks(&blocks, plain);
    let head = match &split {
        Some(split) if native && !split.closed => {
            gather.grave(0, "the front matter has no end; expected a line `---` after it");
            Head::default()
        }
        Some(_) if native => front::read(yaml.clone(), gather),
        None if native => {
            gather.grave(0, "a runbook that is walked begins with front matter between two lines `---`; expected `id:`, `title:`, …");
            Head::default()
        }
        _ => front::title_only(plain.get(yaml.clone()).unwrap_or_default()),
    };
    let (before, sections) = sections::divide(&blocks, plain.len());
    let first = sections.iter().find(|section| section.level == 1);
    let stem = stem(file);
    let title =
        head.title.clone().or_else(|| first.map(|section| section.title.to_owned())).unwrap_or_else(|| stem.clone());
    let (phases, steps) = if native {
        for section in sections.iter().filter(|section| section.level == 1).skip(1) {
            gather.lesser(section.offset, "a second heading of the first level; phases are of the second");
        }
        steps::outside(before, gather);
        let walk = steps::read(&sections, &head.params, gather);
        if !walk.phases.iter().any(|phase| !phase.steps.is_empty()) {
            gather.grave(rest, "there is no step; expected headings `## …` for phases and `### …` for steps");
        }
        (walk.phases, walk.facts)
    } else {
        (published::read(&title, before, &sections, gather), BTreeMap::new())
    };
    let places = head.places.iter().map(|(key, at)| (key.clone(), gather.place(*at))).collect();
    let facts = Facts { front: places, steps, lesser: Vec::new() };
    (book(head, native, (title, stem), phases, (file, text)), facts)
}

fn book(
    head: Head,
    native: bool,
    (title, stem): (String, String),
    phases: Vec<Phase>,
    (file, text): (&str, &str),
) -> Runbook {
    Runbook {
        id: head.id.unwrap_or(stem),
        title,
        owner: head.owner,
        reviewed: head.reviewed,
        severity: head.severity,
        estimate: head.estimate,
        danger: head.danger.unwrap_or(Danger::Observe),
        fixes: head.fixes,
        applies: head.applies,
        params: head.params,
        programs: head.programs,
        form: if native { Form::Native } else { Form::Published },
        phases,
        shown: file.to_owned(),
        hash: steps::sha256(text),
        text: text.to_owned(),
    }
}

/// Whether a fence is marked, or seems meant to be.
fn has_marks(blocks: &[Block], text: &str) -> bool {
    blocks.iter().any(|block| match block {
        Block::Fence(fence) => {
            let line = text.get(fence.info.clone()).unwrap_or_default();
            matches!(info::read(line, 0), info::Info::Marked { .. })
        }
        _ => false,
    })
}

/// The file's name without folders and ending.
pub(super) fn stem(file: &str) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.strip_suffix(".md").unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests;
