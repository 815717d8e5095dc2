//! The screens in a real terminal: the real program, keys that go in, cells that come out.

mod checklist;
mod incident;
mod outage;
mod place;
mod run;
mod survey;
mod targets;
mod terminal;
