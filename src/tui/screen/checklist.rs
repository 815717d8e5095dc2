//! The checklist: what people must answer for, answered in place.

use std::borrow::Cow;

use ratatui::layout::Rect;

use crate::tui::{
    command::{Command, Motion},
    event::Effect,
    model::Model,
    over::Answer,
    theme::Meaning,
    widget::{Canvas, Cursor},
};

/// What the screen knows.
#[derive(Debug, Default)]
pub struct State {}

/// What can be done here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {}

/// What is asked of work.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {}

/// What work says.
#[derive(Debug, Clone, Copy)]
pub enum News {}

/// What a choice or form is for.
#[derive(Debug, Clone, PartialEq)]
pub enum Purpose {
    /// A criterion is answered.
    Answer(String),
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

/// Takes news of work.
pub(super) fn told(_model: &mut Model, news: News) -> Vec<Effect> {
    match news {}
}

/// Takes the answer of a choice or form.
pub(super) fn answered(_model: &mut Model, _purpose: &Purpose, _answer: Answer) -> Vec<Effect> {
    Vec::new()
}

/// A new judgement is there.
pub(super) fn judged(_model: &mut Model) -> Vec<Effect> {
    Vec::new()
}

/// The screen was gone to.
pub(super) fn entered(_model: &mut Model) -> Vec<Effect> {
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
