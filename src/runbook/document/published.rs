//! Runbooks of the usual published form: no front matter of ours, no marks; every section is a step done by hand.

use super::{
    gather::Gather,
    outline::Block,
    sections::{Section, slug, without},
    steps::{hash, phase},
};
use crate::runbook::model::{Item, Phase, PhaseKind, Step};

/// Reads sections: headings of the first level after the title and of the second are phases, those of the third are
/// steps. What stands in a phase before its first step is a step, too.
pub(super) fn read(title: &str, before: &[Block], sections: &[Section<'_>], gather: &Gather<'_>) -> Vec<Phase> {
    let mut phases: Vec<Phase> = Vec::new();
    let mut ids = Vec::new();
    if let Some(first) = before.first() {
        let body = first.start()..sections.first().map_or(gather.lines.text().len(), |section| section.offset);
        let section = Section { level: 2, title, offset: first.start(), body, blocks: before };
        let step = step(&section, &mut ids, gather);
        phases.push(Phase { steps: step.into_iter().collect(), ..phase(&section, String::new(), gather) });
    }
    for (nth, section) in sections.iter().enumerate() {
        let below = step(section, &mut ids, gather);
        match (section.level, phases.last_mut()) {
            (3, Some(last)) => last.steps.extend(below),
            // The title with nothing below it is the title and no more.
            (1, _) if nth == 0 && below.is_none() => {}
            _ => phases.push(Phase { steps: below.into_iter().collect(), ..phase(section, String::new(), gather) }),
        }
    }
    phases.retain(|phase| !phase.steps.is_empty() || phase.kind != PhaseKind::Other);
    phases
}

fn step(section: &Section<'_>, ids: &mut Vec<String>, gather: &Gather<'_>) -> Option<Step> {
    let items: Vec<(Item, std::ops::Range<usize>)> = section
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Item { text, range, .. } => {
                Some((Item { text: text.clone(), place: gather.place(range.start) }, range.clone()))
            }
            _ => None,
        })
        .collect();
    let cut = items.iter().map(|(_, range)| range.clone()).collect();
    let prose = without(gather.lines.text(), section.body.clone(), cut);
    let mut items: Vec<Item> = items.into_iter().map(|(item, _)| item).collect();
    let mut seen = Vec::new();
    items.retain(|item| {
        let new = !item.text.is_empty() && !seen.contains(&item.text);
        seen.push(item.text.clone());
        new
    });
    if prose.trim().is_empty() && items.is_empty() {
        return None;
    }
    let walked: Vec<String> =
        std::iter::once(prose.clone()).chain(items.iter().map(|item| item.text.clone())).collect();
    Some(Step {
        id: id(section.title, ids),
        title: section.title.to_owned(),
        prose,
        items,
        require: Vec::new(),
        action: None,
        verify: Vec::new(),
        undo: None,
        branches: Vec::new(),
        place: gather.place(section.offset),
        hash: hash(&walked),
    })
}

/// The heading as an id that is no number and is not taken.
fn id(title: &str, ids: &mut Vec<String>) -> String {
    let slug = slug(title);
    let plain = match slug.as_str() {
        "" => "section".to_owned(),
        slug if slug.chars().all(|c| c.is_ascii_digit() || c == '-') => format!("section-{slug}"),
        slug => slug.to_owned(),
    };
    let mut id = plain.clone();
    let mut next = 2;
    while ids.contains(&id) {
        id = format!("{plain}-{next}");
        next += 1;
    }
    ids.push(id.clone());
    id
}
