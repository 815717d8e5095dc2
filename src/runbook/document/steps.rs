//! Phases and steps from sections.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{
    Mark, StepFacts, action,
    attributes::Attributes,
    front::is_id,
    gather::Gather,
    info::{self, Info},
    outline::{Block, Fence},
    said,
    sections::{Section, slug, without},
};
use crate::{
    runbook::model::{Action, Branch, Condition, Item, Param, Phase, PhaseKind, Step, Verify},
    text,
};

/// What the sections of a runbook come to, with what lint wants to know besides.
pub(super) struct Walk {
    pub(super) phases: Vec<Phase>,
    pub(super) facts: BTreeMap<String, StepFacts>,
}

/// Reads sections as phases and steps.
pub(super) fn read(sections: &[Section<'_>], params: &[Param], gather: &mut Gather<'_>) -> Walk {
    let mut walk = Walk { phases: Vec::new(), facts: BTreeMap::new() };
    for section in sections {
        match section.level {
            1 => outside(section.blocks, gather),
            2 => {
                outside(section.blocks, gather);
                let prose = without(gather.lines.text(), section.body.clone(), Vec::new());
                walk.phases.push(phase(section, prose, gather));
            }
            _ => walk.step(section, params, gather),
        }
    }
    walk
}

pub(super) fn phase(section: &Section<'_>, prose: String, gather: &Gather<'_>) -> Phase {
    let title = section.title.to_owned();
    Phase { kind: PhaseKind::of(&title), title, prose, steps: Vec::new(), place: gather.place(section.offset) }
}

/// What belongs to a step and stands in none.
pub(super) fn outside(blocks: &[Block], gather: &mut Gather<'_>) {
    for block in blocks {
        match block {
            Block::Fence(fence) => match info_of(fence, gather) {
                Info::Marked { mark, .. } => {
                    let message =
                        format!("a fence marked `{}` stands in a step: put a heading `### …` above it", mark.word());
                    gather.grave(fence.range.start, message);
                }
                Info::Doubtful { word } => doubtful(&word.is, word.offset, gather),
                Info::Illustration => {}
            },
            Block::Item { range, .. } => {
                gather.grave(
                    range.start,
                    "a task item stands in a step, where it can be ticked: put a heading `### …` above it",
                );
            }
            _ => {}
        }
    }
}

fn doubtful(word: &str, offset: usize, gather: &mut Gather<'_>) {
    let message = format!(
        "`{word}`: this fence would never run; a fence that is walked says its language and then step, undo, require or \
         verify, such as ```sql step```"
    );
    gather.grave(offset, message.replace("```", "`"));
}

fn info_of(fence: &Fence, gather: &Gather<'_>) -> Info {
    info::read(gather.lines.text().get(fence.info.clone()).unwrap_or_default(), fence.info.start)
}

impl Walk {
    fn step(&mut self, section: &Section<'_>, params: &[Param], gather: &mut Gather<'_>) {
        let mut parts = Parts::default();
        for block in section.blocks {
            parts.take(block, params, gather);
        }
        if let (Some(undo), None) = (&parts.undo, &parts.action) {
            gather.grave(undo.1, "an undo without an action: there is nothing to take back");
        }
        let id = self.id(section, &parts, gather);
        let step = Step {
            id: id.clone(),
            title: section.title.to_owned(),
            prose: without(gather.lines.text(), section.body.clone(), parts.cut),
            items: parts.items,
            require: parts.require,
            action: parts.action.map(|(action, _)| action),
            verify: parts.verify,
            undo: parts.undo.map(|(undo, _)| undo),
            branches: parts.branches,
            place: gather.place(section.offset),
            hash: hash(&parts.walked),
        };
        self.facts.insert(id, parts.facts);
        match self.phases.last_mut() {
            Some(phase) => phase.steps.push(step),
            None => gather
                .grave(section.offset, "a step stands in a phase: put a heading `## Diagnose` or the like above it"),
        }
    }

    fn id(&self, section: &Section<'_>, parts: &Parts, gather: &mut Gather<'_>) -> String {
        let (id, offset) = parts.id.clone().unwrap_or_else(|| (slug(section.title), section.offset));
        if !is_id(&id) {
            let wanted = "expected lower case, digits and dashes with a letter among them, so that a journal finds the step again";
            gather.grave(offset, format!("`{id}` is no id of a step; {wanted}"));
        } else if self.facts.contains_key(&id) {
            gather.grave(offset, format!("two steps are called `{id}`; give one of them another heading, or an `id=`"));
        }
        id
    }
}

/// The parts of a step as they are found.
#[derive(Default)]
struct Parts {
    id: Option<(String, usize)>,
    items: Vec<Item>,
    require: Vec<Condition>,
    action: Option<(Action, usize)>,
    verify: Vec<Verify>,
    undo: Option<(Action, usize)>,
    branches: Vec<Branch>,
    facts: StepFacts,
    /// Where marked fences stood, also those with mistakes in them.
    seen: Vec<(Mark, usize)>,
    /// What is not prose.
    cut: Vec<std::ops::Range<usize>>,
    /// What is walked, as written: for the hash.
    walked: Vec<String>,
}

impl Parts {
    fn take(&mut self, block: &Block, params: &[Param], gather: &mut Gather<'_>) {
        match block {
            Block::Fence(fence) => self.fence(fence, params, gather),
            Block::Item { text, ticked, range } => self.item(text, *ticked, range, gather),
            Block::Words { text, range } => {
                if self.facts.said.is_none() {
                    self.facts.said = said::read(text).map(|said| (said, gather.place(range.start)));
                }
                self.facts.no_undo |= said::says_no_undo(text);
            }
            Block::Link { text, to, range } => {
                if let Some(runbook) = runbook_of(to) {
                    self.branches.push(Branch { text: text.clone(), runbook, place: gather.place(range.start) });
                }
            }
            Block::Heading { .. } => {}
        }
    }

    fn item(&mut self, text: &str, ticked: bool, range: &std::ops::Range<usize>, gather: &mut Gather<'_>) {
        self.cut.push(range.clone());
        if text.is_empty() {
            return gather.grave(range.start, "a task item says nothing");
        }
        if self.items.iter().any(|item| item.text == text) {
            gather.grave(range.start, "the same task item stands twice in this step: what would a tick mean?");
        }
        if ticked {
            gather.lesser(range.start, "a task item is ticked in the file; write `- [ ]`, it is ticked in each run");
        }
        self.walked.push(format!("item {text}"));
        self.items.push(Item { text: text.to_owned(), place: gather.place(range.start) });
    }

    fn fence(&mut self, fence: &Fence, params: &[Param], gather: &mut Gather<'_>) {
        let (language, mark, attributes, mistakes) = match info_of(fence, gather) {
            Info::Illustration => return,
            Info::Doubtful { word } => return doubtful(&word.is, word.offset, gather),
            Info::Marked { language, mark, attributes, mistakes } => (language, mark, attributes, mistakes),
        };
        self.cut.push(fence.range.clone());
        for mistake in mistakes {
            gather.grave(mistake.offset, mistake.is);
        }
        whole(fence, mark, gather);
        if self.is_second(mark, fence.range.start, gather) {
            return;
        }
        self.seen.push((mark, fence.range.start));
        self.walked.push(format!(
            "{} {:?} {}",
            mark.word(),
            (&language.is, &attributes_of(&attributes)),
            fence.body.trim()
        ));
        let given: Vec<String> = attributes.iter().map(|attribute| attribute.key.is.clone()).collect();
        let mut of = Attributes::new(&language, mark, attributes);
        match mark {
            Mark::Require | Mark::Verify if language.is != "check" => {
                let message = format!(
                    "`{} {}`: a condition is written in a fence `check {}`",
                    language.is,
                    mark.word(),
                    mark.word()
                );
                gather.grave(language.offset, message);
            }
            Mark::Require => {
                self.require.extend(action::condition(fence, gather));
                of.finish(gather);
            }
            Mark::Verify => {
                self.verify.extend(action::verify(fence, &mut of, gather));
                of.finish(gather);
            }
            Mark::Step => {
                self.id = of.take("id").map(|id| (id.is, id.offset));
                self.facts.timeout_given = given.iter().any(|key| key == "timeout");
                self.action = action::read(fence, of, params, gather).map(|action| (action, fence.range.start));
            }
            Mark::Undo => self.undo = action::read(fence, of, params, gather).map(|undo| (undo, fence.range.start)),
        }
    }

    /// A step has one action and one undo.
    fn is_second(&self, mark: Mark, offset: usize, gather: &mut Gather<'_>) -> bool {
        let first = self.seen.iter().find(|(seen, _)| *seen == mark && matches!(mark, Mark::Step | Mark::Undo));
        let Some((_, first)) = first else { return false };
        let (here, there) = (gather.place(offset).line, gather.place(*first).line);
        let what = if mark == Mark::Step { "actions" } else { "undos" };
        let message =
            format!("two {what} in one step, in lines {there} and {here}: give each a heading `### …` of its own");
        gather.grave(offset, message.clone());
        gather.grave(*first, message);
        true
    }
}

/// What would make a fence run as something else than what is seen.
fn whole(fence: &Fence, mark: Mark, gather: &mut Gather<'_>) {
    let at = fence.range.start;
    if fence.nested {
        let word = mark.word();
        gather.grave(at, format!("a fence marked `{word}` stands at the margin, not in a list or a quotation"));
    }
    if !fence.closed {
        gather.grave(at, "this fence has no end: it would swallow the rest of the file");
    }
    let odd = |c: &char| text::is_hostile(*c) && !matches!(c, '\n' | '\t');
    let source = gather.lines.text().get(fence.range.clone()).unwrap_or_default();
    if let Some((inside, c)) = source.char_indices().find(|(_, c)| odd(c)) {
        let message = format!("an invisible character ({}) stands in what is walked: remove it", c.escape_unicode());
        gather.grave(at + inside, message);
    }
}

fn attributes_of(attributes: &[info::Attribute]) -> BTreeMap<&str, &str> {
    attributes.iter().map(|attribute| (attribute.key.is.as_str(), attribute.value.is.as_str())).collect()
}

/// The runbook that a link leads to: of a file `.md` beside this one.
fn runbook_of(to: &str) -> Option<String> {
    let path = to.split(['#', '?']).next().unwrap_or_default();
    let outside = path.contains("://") || path.starts_with("//") || path.starts_with("mailto:");
    let name = path.rsplit('/').next()?.strip_suffix(".md")?;
    (!outside && !name.is_empty()).then(|| name.to_owned())
}

/// SHA-256 of texts, each told from the next.
pub(super) fn hash(texts: &[String]) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update(text.len().to_be_bytes());
        hasher.update(text.as_bytes());
    }
    crate::digest::hex(&hasher.finalize())
}

/// SHA-256 of one text.
pub(super) fn sha256(text: &str) -> String {
    crate::digest::sha256(text)
}
