//! What if: load, growth, peaks, instances, pools and ceilings changed with arrow keys, and what saturates first.
//!
//! [`state`] works resources out at each key; what a plan comes to is drawn ten thousand times over, so that work does it.

mod draw;
mod factor;
mod page;
mod state;
#[cfg(test)]
pub(in crate::tui) mod tests;

use std::{borrow::Cow, fmt::Write as _};

pub(super) use draw::draw;
pub use factor::{Changes, Name};
pub use state::{Figures, State};

use crate::{
    outlook::Flags,
    quantity,
    text::markdown as harmless,
    tui::{
        command::{Action, Command, Motion},
        event::Effect,
        model::Model,
        nav::Place,
        over::{Answer, Field, Form, Grade, Over},
        screen::Tab,
        theme::Meaning,
    },
};

/// What can be done here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// A step down.
    Less,
    /// A step up.
    More,
    /// A number is typed.
    Type,
    /// Back to what it was.
    Reset,
    /// Everything back to what it was.
    ResetAll,
}

/// What is asked of work: what the plan comes to with these numbers instead of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// The numbers.
    pub flags: Box<Flags>,
    /// Which changes they are.
    pub version: u64,
}

/// What work says: what the plan comes to; nothing where nobody has answered yet.
#[derive(Debug, Clone)]
pub struct News(pub Option<Figures>);

/// What a form is for.
#[derive(Debug, Clone, PartialEq)]
pub enum Purpose {
    /// A number is typed for this.
    Number(Name),
}

/// The commands of this screen.
pub static COMMANDS: &[Command] = &[
    Command::new("less", &["left", "h"], "a step down", Action::Capacity(Act::Less)).hinted("less"),
    Command::new("more", &["right", "l"], "a step up", Action::Capacity(Act::More)).hinted("more"),
    Command::new("type-number", &["="], "type a number", Action::Capacity(Act::Type)).hinted("type"),
    Command::new("reset", &["x", "backspace"], "back to what it was", Action::Capacity(Act::Reset)).hinted("reset"),
    Command::new("reset-all", &["u"], "everything back to what it was", Action::Capacity(Act::ResetAll)),
];

/// Whether a command belongs to where one is.
pub(super) fn is_here(model: &Model, _act: Act) -> bool {
    *model.nav.place() == Place::Tab(Tab::Capacity)
}

/// Why a command cannot be done now.
pub(super) fn why_not(model: &Model, act: Act) -> Option<Cow<'static, str>> {
    let state = &model.screens.capacity;
    match act {
        _ if model.audit.is_none() => Some("nothing has answered yet".into()),
        Act::ResetAll if state.changes.is_empty() => Some("nothing is changed".into()),
        Act::Less | Act::More | Act::Type | Act::Reset => match state::chosen(model).and_then(|row| row.change()) {
            None => Some("this is worked out; change a number above it".into()),
            Some(name) if act == Act::Reset && state.changes.get(&name).is_none() => Some("it is not changed".into()),
            Some(name) if matches!(act, Act::Less | Act::More) => {
                stepped(model, &name, act == Act::More).err().map(Cow::Owned)
            }
            Some(_) => None,
        },
        Act::ResetAll => None,
    }
}

/// Does a command.
pub(super) fn act(model: &mut Model, act: Act) -> Vec<Effect> {
    if act == Act::ResetAll {
        model.screens.capacity.changes = Changes::default();
        return state::changed(model);
    }
    let Some(name) = state::chosen(model).and_then(|row| row.change()) else { return Vec::new() };
    match act {
        Act::Less => step(model, name, false),
        Act::More => step(model, name, true),
        Act::Type => {
            ask_number(model, &name, "", None);
            Vec::new()
        }
        Act::Reset | Act::ResetAll => {
            model.screens.capacity.changes.reset(&name);
            state::changed(model)
        }
    }
}

fn step(model: &mut Model, name: Name, up: bool) -> Vec<Effect> {
    let Ok(to) = stepped(model, &name, up) else { return Vec::new() };
    match to {
        Some(to) => model.screens.capacity.changes.set(name, to),
        None => drop(model.screens.capacity.changes.reset(&name)),
    }
    state::changed(model)
}

/// What a step makes of a number: nothing where it is back at what it was.
fn stepped(model: &Model, name: &Name, up: bool) -> Result<Option<f64>, String> {
    let (base, changes) = (state::base(model), &model.screens.capacity.changes);
    if *name == Name::Months && base.with(&Name::Growth, changes).is_none() {
        return Err("months ahead need growth: set growth a month first".into());
    }
    // What nobody has said begins below its scale, so that the first step is the least that it can be.
    let from = base.with(name, changes);
    let least = if matches!(name, Name::Peak | Name::Safety) { 1.0 } else { 0.0 };
    match name.step(from.unwrap_or(least), up) {
        // A ceiling at what it is, is no change.
        Some(to) if matches!(name, Name::Ceiling(_)) && (to - 1.0).abs() < 1e-9 => Ok(None),
        Some(to) => Ok(Some(to)),
        // Below one month there is today.
        None if *name == Name::Months && !up && changes.get(name).is_some() => Ok(None),
        None => Err(format!("{}: this is the end of the scale; = types a number", name.words())),
    }
}

/// Asks for a number, again where it could not be read.
fn ask_number(model: &mut Model, name: &Name, typed: &str, error: Option<String>) {
    let now = state::base(model).with(name, &model.screens.capacity.changes);
    let now = now.map_or_else(|| "not known".to_owned(), |value| name.show(value));
    let mut form = Form::new(
        &name.words(),
        "set",
        Grade::Plain,
        crate::tui::over::Purpose::Capacity(Purpose::Number(name.clone())),
    )
    .line(Meaning::Text, name.about())
    .field(Field::text(&format!("instead of {now}"), typed));
    form.error = error;
    model.overs.push(Over::Form(form));
}

/// Takes news of work.
pub(super) fn told(model: &mut Model, news: News) -> Vec<Effect> {
    state::worked(model, news.0)
}

/// Takes the answer of a form.
pub(super) fn answered(model: &mut Model, purpose: &Purpose, answer: Answer) -> Vec<Effect> {
    let Purpose::Number(name) = purpose;
    let typed = answer.values.into_iter().next().unwrap_or_default();
    match read(model, name, &typed) {
        Ok(value) => {
            model.screens.capacity.changes.set(name.clone(), value);
            state::changed(model)
        }
        Err(why) => {
            ask_number(model, name, &typed, Some(why));
            Vec::new()
        }
    }
}

/// A ceiling may be typed in its own unit, too.
fn read(model: &Model, name: &Name, typed: &str) -> Result<f64, String> {
    let Name::Ceiling(of) = name else { return name.read(typed) };
    let fate = model.screens.capacity.fates.iter().find(|fate| crate::readiness::whatif::name(&fate.of) == *of);
    match fate {
        Some(fate) if !typed.trim().ends_with('x') => {
            let ceiling = quantity::parse(typed.trim(), fate.of.unit)?;
            let times = ceiling / fate.of.ceiling;
            let positive = times > 0.0 && times.is_finite();
            positive.then_some(times).ok_or_else(|| format!("`{typed}` is no ceiling; expected more than 0"))
        }
        _ => name.read(typed),
    }
}

/// A new judgement is there.
pub(super) fn judged(model: &mut Model) -> Vec<Effect> {
    if model.seen.contains(&Tab::Capacity) {
        return state::changed(model);
    }
    state::reckon(model);
    Vec::new()
}

/// The screen was gone to.
pub(super) fn entered(model: &mut Model) -> Vec<Effect> {
    state::ask_first(model)
}

/// The chosen row.
pub(super) fn chosen_row(model: &Model) -> usize {
    model.screens.capacity.at
}

/// Chooses a row.
pub(super) fn choose(model: &mut Model, row: usize) {
    if row < state::rows(model).len() {
        model.screens.capacity.at = row;
    }
}

/// Moves.
pub(super) fn travel(model: &mut Model, motion: Motion) {
    match model.nav.place() {
        Place::Figure(_) => model.screens.capacity.scroll.travel(motion),
        _ => state::travel(model, motion),
    }
}

/// Whether a row is chosen that says where its number comes from.
pub(super) fn opens(model: &Model) -> bool {
    model.audit.is_some() && state::chosen(model).is_some()
}

/// Goes inward: where a number comes from.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if let (Place::Tab(Tab::Capacity), Some(key)) = (model.nav.place(), state::chosen(model).map(|row| row.key())) {
        model.nav.enter(Place::Figure(key));
        model.screens.capacity.scroll.reset();
    }
    Vec::new()
}

/// What is chosen, as a line.
pub(super) fn line(model: &Model) -> Option<String> {
    let row = state::chosen(model)?;
    Some(page::line(model, &row))
}

/// Everything as Markdown: what is changed, resources, what the plan comes to.
pub(super) fn markdown(model: &Model) -> Option<String> {
    model.audit.as_ref()?;
    let state = &model.screens.capacity;
    let (base, mut out) = (state::base(model), "| what if | as it is | changed |\n| --- | --- | --- |\n".to_owned());
    for name in base.names() {
        let show = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| name.show(value));
        let (now, then) = (base.of(&name).map(|(value, _)| value), state.changes.get(&name));
        let _ = writeln!(out, "| {} | {} | {} |", harmless(&name.words()), show(now), show(then));
    }
    out += "\n| resource | use | at this load | breaks at | how well known |\n| --- | --- | --- | --- | --- |\n";
    for fate in &state.fates {
        let cells = page::cells(model, fate);
        let name = harmless(&format!("{} of {}", fate.of.resource, fate.of.subject));
        let _ = writeln!(
            out,
            "| {name} | {} | {} {} | {} | {} |",
            cells.now,
            cells.then,
            cells.state,
            cells.breaks,
            fate.of.grade.words()
        );
    }
    if let Some(figures) = &state.figures {
        out += "\n";
        out += &figures.outlook.markdown();
    }
    Some(out)
}
