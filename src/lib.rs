//! The map of the house.
//!
//! loadline asks a system how it is, judges the answers, and shows the judgement:
//!
//! ```text
//!        ask (I/O)                   judge (pure)                 show
//! config ─▶ collect ─▶ source ─▶ snapshot ─▶ check ─▶ findings ─▶ readiness ─▶ report ─▶ cli, exit code
//!              ▲                      ▲         ▲                    ▲
//!              └── probes ────────────┼─── assets (checks/ with its packs in criteria/, the user's folders)
//!                                     └─── `audit --snapshot` starts here
//! ```
//!
//! # Rooms
//!
//! | room | what belongs there | what must never reach it |
//! | --- | --- | --- |
//! | [`assets`] | embedded knowledge and the folders laid over it | what any of it means |
//! | [`config`] | flags, environment and file become a target | talking to it |
//! | [`source`] | one folder a kind of server: connect, ask, decode | which check wants to know, and why |
//! | [`collect`] | which probe is asked of whom, deadlines, two samples; [`collect::watch`]: again and again | thresholds, findings |
//! | [`snapshot`] | the answers: tables, faults, redaction, the file | asking, judging |
//! | [`plan`] | what a target aims at and claims, with how it was written | judging it |
//! | [`check`] | probes and checks as data, rules, derivations, findings | clocks, sockets, files, tokio |
//! | [`readiness`] | packs of criteria, verdict and score, headroom, answers and waivers, campaigns | asking; knowing a stage by name |
//! | [`capacity`] | the arithmetic of capacity and cost, one family of formulas a file | servers, files, words for a screen |
//! | [`outlook`] | what a plan comes to: figures with formula, inputs, range, or what is missing | judging, servers, clocks |
//! | [`report`] | findings in a format | judging: it shows what it is given |
//! | [`history`] | past audits in a file, what lies between two, how a number moved | answers of servers; secrets; failing an audit |
//! | [`runbook`] | procedures: reading, walking, verifying, the journal | acting without an operator's word |
//! | [`sign`] | answers, approvals and accepted fails, written into the files of the target's repository | judging what they come to |
//! | [`tui`] | the screens: model, update and view pure, the terminal and the work at their edge | asking, judging or acting while drawing |
//! | [`cli`] | the words of the command line, printing | anything that another front end would need too |
//!
//! Beside them: [`text`] (hostile text made harmless), [`quantity`] (sizes, times, shares), [`secret`],
//! [`exit`] (the exit codes), [`panics`], the clock, and who may start a process now.
//!
//! # Borders
//!
//! Pure middle, thin edges. `check`, `readiness`, `capacity`, `outlook` and `report` use no tokio, socket, process, file, environment
//! or clock; `clippy.toml` guards it, and an edge that must says why in its `#[expect]`. Redaction happens
//! where text enters (`source` and `collect`), neutralising where it leaves (`report`). The engine knows
//! no check by name.
//!
//! # Where does it go?
//!
//! - a check, a shared probe: one file in `checks/`, no code;
//! - a check that must relate several answers: that file, and one in `check/derivation/` listed in its `ALL`;
//! - a stage, a demand, a question for people: an entry in a pack in `checks/criteria/`, no code;
//! - a limit that can be reached: `[headroom]` in the check that knows it;
//! - a source: a folder in `source/`, a word in [`snapshot::SourceKind`], a line in `source::open`;
//! - an output format: a file in `report/`, a word in [`report::Format`];
//! - a runbook: one file in `runbooks/`, no code;
//! - a kind of action: a variant of `runbook::model::ActionKind`, its reading, preparing and hands;
//! - a formula: a function in its family's file in `capacity/`, with published numbers as its test;
//! - a screen: a file in `tui/screen/`, its entries in the table of commands, a line each in `tui/screen/mod.rs`;
//! - a command: a file in `cli/`, its words in `cli/mod.rs`.
//!
//! `docs/house.md` says the same at more length.

pub mod assets;
pub mod capacity;
pub mod check;
pub mod cli;
mod clock;
pub mod collect;
pub mod config;
mod digest;
pub mod exit;
pub mod history;
pub mod outlook;
pub mod panics;
pub mod plan;
pub mod quantity;
pub mod readiness;
pub mod report;
pub mod runbook;
pub mod secret;
pub mod sign;
pub mod snapshot;
pub mod source;
mod starting;
pub mod text;
pub mod tui;
