//! Runbooks: Markdown procedures that read well anywhere, walked step by step, each step verified by the same live
//! checks as the audit, with a record that survives anything.
//!
//! ```text
//! Markdown ─▶ document ─▶ Runbook ─▶ machine (pure) ◀── Decision ── operator: command line, screens, a test
//!                                     │  ▲                            ▲
//!                              Order  ▼  │ Record                     │ Situation, Event
//!                                   session ─▶ journal (intent before the act, outcome after it)
//!                                   │     │
//!                                 Eyes   Hands
//!                       (look, resolve)  (act: sh, sql, redis, http, kubectl)
//! ```
//!
//! - [`model`]: what a runbook says. [`document`]: from Markdown to that, with every position kept. [`lint`]: what is
//!   wrong with it.
//! - [`reads`]: which commands only read. [`hands`]: what changes the world, one file a kind of action.
//! - [`condition`]: what a live check must say, compiled and judged by the engine of checks.
//! - [`record`]: the lines of a journal. [`state`]: what they come to. [`machine`]: what may happen next. All pure.
//! - [`port`]: the two capabilities. [`port::Eyes`] can only look; [`port::Hands`] change the world. Planning is given no
//!   hands, so that it cannot act whatever it reads.
//! - [`value`]: what a value may be, and where values come from. [`prepare`]: the only place where values meet commands.
//! - [`plan`]: looks ahead at a whole run. [`incident`]: what a run was, for people and programs.
//! - [`journal`]: the file that has the intent before the act and the outcome after it.
//! - [`runs`]: the runs of a folder, with what became of each.
//! - [`open`]: what every front end begins with: choosing, filling in, a session, and reading a run back. [`words`]: what
//!   is said of steps, targets and checks.
//! - [`session`]: the one that drives a run: asks the machine, writes the journal, uses eyes and hands.

pub mod condition;
pub mod document;
pub mod eyes;
pub mod hands;
pub mod incident;
pub mod journal;
pub mod library;
pub mod lint;
pub mod machine;
pub mod model;
pub mod open;
pub mod plan;
pub mod port;
pub mod prepare;
pub mod reads;
pub mod record;
pub mod runs;
pub mod session;
pub mod state;
pub mod value;
pub mod words;
