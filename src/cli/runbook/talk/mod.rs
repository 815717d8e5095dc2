//! What is said between the program and an operator: scenes as text, answers as decisions. Pure; the loop that prints
//! and reads is [`super::walk`].

mod answer;
mod close;
mod head;
mod live;
mod menu;
mod preview;
mod scene;

#[cfg(test)]
mod tests;

pub(super) use answer::{Asked, Heard, Talk};
pub(super) use close::{before_closing, close, timeline};
pub(super) use head::{Head, head};
pub(super) use live::{Told, told};
pub(super) use menu::help;
pub(super) use preview::preview;
pub(super) use scene::{Look, Scene, show};
