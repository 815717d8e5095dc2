//! Ways through a long report: from heading to heading, and to what is searched for.

use std::borrow::Cow;

use super::State;
use crate::tui::{
    key::Key,
    model::{Gravity, Model},
    typed::Keyed,
    widget::Markdown,
};

/// The heading under which the top of the screen stands, by its place among all.
pub(super) fn heading(state: &State) -> usize {
    let at = state.scroll.first();
    let headings = state.laid.as_ref().map(|laid| laid.headings()).unwrap_or_default();
    headings.iter().rposition(|heading| heading.line <= at).unwrap_or(0)
}

/// To the next place, or to the one before: found ones where something is searched for, else headings.
pub(super) fn go(model: &mut Model, forward: bool) {
    if !model.screens.report.search.value().is_empty() {
        return found(model, forward);
    }
    let state = &mut model.screens.report;
    if let Some(line) = beside(state, forward) {
        state.scroll.to(line);
    }
}

/// Why there is no next place, or none before.
pub(super) fn why_not(state: &State, forward: bool) -> Option<Cow<'static, str>> {
    match (state.search.value(), forward) {
        ("", true) if beside(state, true).is_none() => Some("no heading below".into()),
        ("", false) if beside(state, false).is_none() => Some("no heading above".into()),
        (searched, _) if !searched.is_empty() && state.found.is_empty() => {
            Some(format!("`{searched}` is not in the report").into())
        }
        _ => None,
    }
}

/// The line of the heading below the top of the screen, or above it, that can be brought there.
fn beside(state: &State, forward: bool) -> Option<usize> {
    let at = state.scroll.first();
    let mut lines = state.laid.as_ref()?.headings().iter().map(|heading| heading.line);
    let line = if forward { lines.find(|line| *line > at) } else { lines.rfind(|line| *line < at) };
    line.filter(|line| state.scroll.moves_to(*line))
}

fn found(model: &mut Model, forward: bool) {
    let state = &mut model.screens.report;
    let count = state.found.len();
    if count == 0 {
        let words = format!("`{}` is not in the report", state.search.value());
        return model.say(Gravity::Info, words);
    }
    state.at = (state.at + if forward { 1 } else { count - 1 }) % count;
    show(state);
}

/// Scrolls to the place one is at, with some lines above it.
fn show(state: &mut State) {
    /// The lines that stay above.
    const ABOVE: usize = 3;
    if let Some(line) = state.found.get(state.at) {
        state.scroll.to(line.saturating_sub(ABOVE));
    }
}

/// Searches while one types: the first place from the top of the screen on is shown.
pub(super) fn search(model: &mut Model) {
    search_again(model);
    let state = &mut model.screens.report;
    let from = state.scroll.first();
    state.at = state.found.iter().position(|line| *line >= from).unwrap_or(0);
    show(state);
}

/// Searches in another text, or in another layout of it.
pub(super) fn search_again(model: &mut Model) {
    let state = &mut model.screens.report;
    let wanted = state.search.value().to_lowercase();
    state.found = state.laid.as_ref().map(|laid| lines(laid, &wanted)).unwrap_or_default();
    state.at = state.at.min(state.found.len().saturating_sub(1));
}

/// The lines on which a text begins, in small letters; it may go on below, where it was wrapped.
fn lines(laid: &Markdown, wanted: &str) -> Vec<usize> {
    let wanted: Vec<&str> = wanted.split_whitespace().collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let wanted = wanted.join(" ");
    let mut whole = String::new();
    // Where each line begins in the whole.
    let mut starts = Vec::with_capacity(laid.len());
    for at in 0..laid.len() {
        starts.push(whole.len());
        for word in laid.plain(at).to_lowercase().split_whitespace() {
            whole.push_str(word);
            whole.push(' ');
        }
    }
    let mut found: Vec<usize> =
        whole.match_indices(&wanted).map(|(place, _)| starts.partition_point(|start| *start <= place) - 1).collect();
    found.dedup();
    found
}

/// Takes the search away.
pub(super) fn clear(model: &mut Model) {
    let state = &mut model.screens.report;
    state.search.clear();
    state.found.clear();
    state.at = 0;
}

/// A key of the search while it is typed; false where none is.
pub(super) fn press(model: &mut Model, key: Key) -> bool {
    match model.screens.report.search.press(key) {
        Keyed::Elsewhere => return false,
        Keyed::Changed => search(model),
        Keyed::Dropped => clear(model),
        Keyed::Moved(motion) => model.screens.report.scroll.travel(motion),
        Keyed::Kept if model.screens.report.search.value().is_empty() => clear(model),
        Keyed::Kept if model.screens.report.found.is_empty() => found(model, true),
        Keyed::Kept | Keyed::Ignored => {}
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_where_it_is_wrapped_too() {
        let laid = Markdown::new("one two three four five\n\n- Three FOUR\n", 13, false);
        assert_eq!(laid.plain(0), "one two three");
        assert_eq!(lines(&laid, "three four"), [0, 3]);
        assert_eq!(lines(&laid, "three  "), [0, 3]);
        assert_eq!(lines(&laid, "six"), [0; 0]);
        assert_eq!(lines(&laid, " "), [0; 0]);
    }
}
