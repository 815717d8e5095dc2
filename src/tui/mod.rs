//! The screens: what an operator looks at during an incident, and what a team walks through before a campaign.
//!
//! ```text
//! terminal ─▶ driver ─▶ Event ─▶ update (pure) ─▶ Effect ─▶ work (tasks) ─▶ Event …
//!                                   │
//!                                 Model ─▶ view (pure) ─▶ frame
//! ```
//!
//! - [`model`] is all that is known; [`update`] changes it, [`view`] draws it. Neither waits, asks, reads a clock or a file.
//! - [`command`] is the one table from which dispatch, hints, help, palette and the key file are made.
//! - [`screen`]: one file or folder a screen, each with its state, its commands, what they do, and how it is drawn.
//! - [`over`]: what lies over a screen: help, palette, messages, choices, forms.
//! - [`widget`]: lines, lists, pages, tables, sparklines; [`theme`]: colours by meaning.
//! - [`driver`] owns the terminal; [`work`] does in tasks what effects ask for, and reports back in events.
//!
//! To add a screen: a file in `screen/`, a line each in its `Tab`, `Screens` and dispatch, and its commands in the table.

pub mod command;
pub mod driver;
pub mod event;
pub mod filter;
#[cfg(test)]
pub(crate) mod fixture;
mod input;
pub mod key;
pub mod layout;
pub mod manual;
pub mod model;
pub mod nav;
pub mod over;
mod pasted;
pub mod screen;
pub mod settings;
mod terminal;
pub mod theme;
#[cfg(debug_assertions)]
mod tripwire;
pub mod typed;
pub mod update;
pub mod view;
pub mod views;
pub mod widget;
pub mod work;

#[cfg(test)]
mod tests;
