//! How old what a panel shows is, and which of its sources do not answer.

use super::{Act, panel::Panel, row::seconds_since, words::ago};
use crate::tui::{
    command::Action,
    model::{Freshness, Model, SourceState},
    theme::Meaning,
    widget::age,
};

/// The sources of a panel, whether they have answered or not.
fn sources(model: &Model, panel: Panel) -> impl Iterator<Item = &SourceState> {
    model.sources.iter().filter(move |source| panel.kinds().contains(&source.kind))
}

/// Whether what a source said for a panel may no longer be so.
pub(super) fn is_stale(model: &Model, panel: Panel, source: &str) -> bool {
    if model.screens.live.kept.fault(source, panel.probes()).is_some() {
        return true;
    }
    let Some(state) = model.sources.iter().find(|state| state.name == source) else { return false };
    match state.freshness(model.now) {
        Freshness::Failed => true,
        // A recording and a screen that stands still by order are old by nature, and say so once.
        Freshness::Stale => !model.is_recorded() && !model.paused,
        Freshness::Never | Freshness::Fresh | Freshness::Aging => false,
    }
}

/// How old the newest of a panel is, in words, and what that means.
pub(super) fn words(model: &Model, panel: Panel) -> (String, Meaning) {
    let kept = &model.screens.live.kept;
    let latest = kept.of_kind(panel.kinds()).into_iter().filter_map(|source| kept.latest(source, panel.probes())).max();
    let Some(at) = latest else { return (String::new(), Meaning::Muted) };
    if model.is_recorded() {
        return (at.strftime("%H:%M:%S UTC").to_string(), Meaning::Muted);
    }
    let old = ago(seconds_since(at, model.now));
    if model.paused {
        return (format!("PAUSED, {old}; {} goes on", model.key(Action::Pause)), Meaning::Warn);
    }
    let every = model.every.as_secs();
    (format!("{old}, every {every}s"), Meaning::Muted)
}

/// What must be said of the sources of a panel before its rows, the gravest first.
pub(super) fn notices(model: &Model, panel: Panel) -> Vec<(Meaning, String)> {
    let kept = &model.screens.live.kept;
    let mut all = Vec::new();
    for source in sources(model, panel) {
        let name = &source.name;
        let latest = kept.latest(name, panel.probes());
        let shown = |at| match (model.is_recorded(), at) {
            (false, Some(at)) => format!(", last answer {}", ago(seconds_since(at, model.now))),
            _ => String::new(),
        };
        if let Some(fault) = &source.fault {
            let next = match fault.next {
                Some(next) if next > model.now => format!("; next try in {}", age(seconds_since(model.now, next))),
                Some(_) => "; trying again".into(),
                None => String::new(),
            };
            let remedy = fault.remedy.as_ref().map_or_else(String::new, |remedy| format!("; {remedy}"));
            all.push((
                Meaning::Fail,
                format!("{name} does not answer{}: {}{next}{remedy}", shown(latest), fault.words),
            ));
            continue;
        }
        if let Some(fault) = kept.fault(name, panel.probes()) {
            let remedy = fault.remedy.as_ref().map_or_else(String::new, |remedy| format!("; {remedy}"));
            all.push((Meaning::Unknown, format!("{name}: {fault}{}{remedy}", shown(latest))));
        } else if is_stale(model, panel, name) {
            all.push((Meaning::Warn, format!("{name}{}", shown(latest).replace(", l", ": l"))));
        }
        if let Some(unseen) = kept.not_visible(name, panel.probes()) {
            all.push((Meaning::Unknown, format!("{name}: not all can be seen: {unseen}")));
        }
    }
    all.sort_by_key(|(meaning, _)| *meaning != Meaning::Fail);
    all
}

/// Why a panel has no rows, in words.
pub(super) fn nothing(model: &Model, panel: Panel) -> (String, Meaning) {
    let state = &model.screens.live;
    if model.sources.is_empty() {
        return ("waiting for the first answers …".into(), Meaning::Muted);
    }
    let Some(first) = sources(model, panel).next() else {
        return (format!("this target has no {}", panel.sources()), Meaning::Muted);
    };
    let kept = &state.kept;
    let heard = sources(model, panel).any(|source| kept.latest(&source.name, panel.probes()).is_some());
    let failed = |source: &SourceState| source.fault.is_some() || kept.fault(&source.name, panel.probes()).is_some();
    match (heard, state.of(panel).filter.value().is_empty()) {
        (true, false) if state.board.len(panel) > 0 => {
            let key = model.key(Action::Live(Act::ClearFilter));
            (format!("nothing fits the filter; {key} takes it away"), Meaning::Muted)
        }
        (true, _) => (panel.nothing().into(), Meaning::Muted),
        (false, _) if sources(model, panel).all(failed) => ("nothing is known".into(), Meaning::Unknown),
        (false, _) if model.is_recorded() => ("the recording does not hold this".into(), Meaning::Muted),
        (false, _) => (format!("waiting for the first answer of {} …", first.name), Meaning::Muted),
    }
}
