//! What happens now: activity, locks, replication, pools, caches, statements, autoscalers.

use std::{borrow::Cow, sync::Arc};

use ratatui::layout::Rect;

use crate::tui::{
    command::{Command, Motion},
    event::Effect,
    model::Model,
    over::Answer,
    theme::Meaning,
    widget::{Canvas, Cursor},
};

pub use crate::collect::watch::Sample;

/// What the screen knows.
#[derive(Debug, Default)]
pub struct State {}

/// What can be done here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {}

/// What a choice or form is for.
#[derive(Debug, Clone, PartialEq)]
pub enum Purpose {
    /// A session, by its process id.
    Session(i64),
}

/// The commands of this screen.
pub static COMMANDS: &[Command] = &[];

/// Whether a command belongs to where one is.
pub(super) fn is_here(_model: &Model, act: Act) -> bool {
    match act {}
}

/// Why a command cannot be done now.
pub(super) fn why_not(_model: &Model, act: Act) -> Option<Cow<'static, str>> {
    match act {}
}

/// Does a command.
pub(super) fn act(_model: &mut Model, act: Act) -> Vec<Effect> {
    match act {}
}

/// A round of live answers is there.
pub(super) fn sampled(_model: &mut Model, _sample: Arc<Sample>) -> Vec<Effect> {
    Vec::new()
}

/// Takes the answer of a choice or form.
pub(super) fn answered(_model: &mut Model, _purpose: &Purpose, _answer: Answer) -> Vec<Effect> {
    Vec::new()
}

/// Moves.
pub(super) fn travel(_model: &mut Model, _motion: Motion) {}

/// Goes inward.
pub(super) fn open(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}

/// The list at hand, and how long it is.
pub(super) fn cursor(_model: &mut Model) -> Option<(&mut Cursor, usize)> {
    None
}

/// What is chosen, as a line.
pub(super) fn line(_model: &Model) -> Option<String> {
    None
}

/// What is chosen, as Markdown.
pub(super) fn markdown(_model: &Model) -> Option<String> {
    None
}

/// Draws it.
pub(super) fn draw(canvas: &mut Canvas, _model: &Model, area: Rect) {
    canvas.note(area, "not here yet", Meaning::Muted);
}
