//! What the screen knows, and how it is worked out anew.

use std::{cell::Cell, sync::Arc};

use super::{
    Wish,
    factor::{Base, Changes, Name},
};
use crate::{
    outlook::{Line, Measure, Outlook, Stated},
    readiness::whatif::{self, Fate},
    tui::{command::Motion, event::Effect, model::Model, widget::Scroll},
};

/// What the screen knows.
#[derive(Debug, Default)]
pub struct State {
    /// The chosen row: through what can be changed, then resources, then figures.
    pub at: usize,
    /// What is changed.
    pub changes: Changes,
    /// All resources at the load that is looked at, what breaks first at the front.
    pub fates: Vec<Fate>,
    /// What the plan comes to, as far as work has got.
    pub figures: Option<Figures>,
    /// How far the open page is scrolled.
    pub scroll: Scroll,
    /// The first rows on the screen: of what can be changed, of the list, of the figures beside it.
    pub(super) tops: [Cell<usize>; 3],
    /// The rows that the list had room for.
    pub(super) height: Cell<usize>,
    /// Counts changes, so that an answer is known to be of the latest.
    version: u64,
    /// The version that work is at.
    asked: Option<u64>,
}

/// What the plan comes to.
#[derive(Debug, Clone)]
pub struct Figures {
    /// By the plan, and by what is changed.
    pub outlook: Arc<Outlook>,
    /// What the plan states.
    pub stated: Arc<Stated>,
    /// Which changes they are of.
    pub version: u64,
}

/// A row that can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Row<'m> {
    /// Something that can be changed.
    Change(Name),
    /// A resource, and its place.
    Resource(usize, &'m Fate),
    /// A figure of the plan.
    Figure(&'m Line),
}

impl Row<'_> {
    /// What names it while numbers change.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Change(name) => name.words(),
            Self::Resource(_, fate) => format!("{} of {}", fate.of.resource, fate.of.subject),
            Self::Figure(line) => line.title(),
        }
    }

    /// What an arrow changes there.
    pub(super) fn change(&self) -> Option<Name> {
        match self {
            Self::Change(name) => Some(name.clone()),
            Self::Resource(_, fate) => Some(Name::Ceiling(whatif::name(&fate.of))),
            Self::Figure(_) => None,
        }
    }
}

impl State {
    /// Whether the figures are of what is changed now.
    pub(super) fn is_current(&self) -> bool {
        self.figures.as_ref().is_some_and(|figures| figures.version == self.version)
    }

    /// Figures that have a number.
    pub(super) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.figures.iter().flat_map(|figures| &figures.outlook.lines).filter(|line| line.is_known())
    }

    /// Today's load a second, and a text in whose time unit it is shown: by the plan, or else as it was measured.
    pub(super) fn today(&self) -> Option<(f64, &str)> {
        let of = |name: &str| self.lines().find(|line| line.name == name && line.unit == Measure::Rate);
        let line = of("load-now").or_else(|| of("transactions"))?;
        Some((line.plan.value?, &line.plan.text))
    }
}

/// What stands where nothing is changed.
pub(super) fn base(model: &Model) -> Base<'_> {
    Base {
        need: model.audit.as_ref().and_then(|audit| audit.need.as_ref()),
        stated: model.screens.capacity.figures.as_ref().map(|figures| &*figures.stated),
    }
}

/// Every row that can be chosen, in order.
pub(super) fn rows(model: &Model) -> Vec<Row<'_>> {
    let state = &model.screens.capacity;
    let changes = base(model).names().into_iter().map(Row::Change);
    let resources = state.fates.iter().enumerate().map(|(at, fate)| Row::Resource(at, fate));
    changes.chain(resources).chain(state.lines().map(Row::Figure)).collect()
}

/// The chosen row.
pub(super) fn chosen(model: &Model) -> Option<Row<'_>> {
    rows(model).into_iter().nth(model.screens.capacity.at)
}

/// Does something that changes rows; what was chosen stays chosen.
fn keeping<T>(model: &mut Model, does: impl FnOnce(&mut Model) -> T) -> T {
    let key = chosen(model).map(|row| row.key());
    let done = does(model);
    let rows = rows(model);
    let found = key.and_then(|key| rows.iter().position(|row| row.key() == key));
    let at = found.unwrap_or(model.screens.capacity.at).min(rows.len().saturating_sub(1));
    model.screens.capacity.at = at;
    done
}

/// Works resources out anew: some hundred numbers, no more than the drawing of a frame takes.
pub(super) fn reckon(model: &mut Model) {
    keeping(model, |model| {
        let base = base(model);
        let load = base.looked_at(&model.screens.capacity.changes);
        let fates = model.audit.as_ref().map(|audit| whatif::at(&audit.bottlenecks, &load, audit.need.as_ref()));
        model.screens.capacity.fates = fates.unwrap_or_default();
    });
}

/// Something is changed: resources at once, the plan's figures by work.
pub(super) fn changed(model: &mut Model) -> Vec<Effect> {
    model.screens.capacity.version += 1;
    reckon(model);
    ask(model)
}

/// Asks for figures, unless work is at it: it is asked again when it comes back, so that only the latest counts.
pub(super) fn ask(model: &mut Model) -> Vec<Effect> {
    if model.screens.capacity.asked.is_some() || model.audit.is_none() {
        return Vec::new();
    }
    let flags = Base::flags(&model.screens.capacity.changes);
    let state = &mut model.screens.capacity;
    state.asked = Some(state.version);
    vec![Effect::Capacity(Wish { flags: Box::new(flags), version: state.version })]
}

/// Asks once; where an answer is there it is good until something changes.
pub(super) fn ask_first(model: &mut Model) -> Vec<Effect> {
    if model.screens.capacity.is_current() { Vec::new() } else { ask(model) }
}

/// Work is back.
pub(super) fn worked(model: &mut Model, figures: Option<Figures>) -> Vec<Effect> {
    let asked = model.screens.capacity.asked.take();
    keeping(model, |model| {
        if figures.is_some() {
            model.screens.capacity.figures = figures;
        }
    });
    // What the plan states is known now: the load that is looked at may rest on it.
    reckon(model);
    if asked == Some(model.screens.capacity.version) { Vec::new() } else { ask(model) }
}

/// Moves through rows.
pub(super) fn travel(model: &mut Model, motion: Motion) {
    let last = rows(model).len().saturating_sub(1);
    let state = &mut model.screens.capacity;
    let page = state.height.get().saturating_sub(1).max(1);
    let to = match motion {
        Motion::Up => state.at.saturating_sub(1),
        Motion::Down => state.at + 1,
        Motion::PageUp => state.at.saturating_sub(page),
        Motion::PageDown => state.at + page,
        Motion::Top => 0,
        Motion::Bottom => last,
    };
    state.at = to.min(last);
}
