//! What happens to the screens, and what they ask for.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    key::Key,
    model::{Gravity, SourceState},
    screen::{capacity, checklist, findings, history, live, report, run, runbooks},
};
use crate::{report::Audit, runbook::library::Books, source::Folders};

/// Something that happened.
#[derive(Debug)]
pub enum Event {
    /// A key.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The mouse.
    Mouse(Mouse),
    /// The terminal has another size, in cells.
    Resize(u16, u16),
    /// Time has passed.
    Tick(Timestamp),
    /// The program is told to end: what runs is stopped, as if the operator had left.
    Leave,
    /// What is known without asking is read.
    Opened(Opened),
    /// It cannot be read, in words; there is nothing that could be shown.
    Failed(String),
    /// The sources stand like this now.
    Sources(Vec<SourceState>),
    /// A judgement is there.
    Judged(Arc<Audit>),
    /// A round of live answers of one source.
    Sampled(Arc<live::Sample>),
    /// Something is to be said.
    Said(Gravity, String),
    /// What became of work for the findings.
    Findings(findings::News),
    /// What became of work for the list of runbooks.
    Runbooks(runbooks::News),
    /// What a run does.
    Run(run::News),
    /// What became of work for the checklist.
    Checklist(checklist::News),
    /// What became of work for the what-if.
    Capacity(capacity::News),
    /// What became of work for the history.
    History(history::News),
    /// What became of work for the report.
    Report(report::News),
}

/// What is known of a target before anybody is asked.
#[derive(Debug, Clone)]
pub struct Opened {
    /// All runbooks.
    pub books: Arc<Books>,
    /// Who sits here, by the word of the operating system.
    pub person: Option<String>,
    /// Where answers and waivers are written; nothing where there is no place for them.
    pub folders: Option<Folders>,
}

/// What a mouse did, where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// The column, from 0.
    pub x: u16,
    /// The row, from 0.
    pub y: u16,
    /// What it did.
    pub what: MouseKind,
}

/// What a mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseKind {
    /// Its left button was pressed.
    Click,
    /// Its wheel was turned upward.
    Up,
    /// Its wheel was turned downward.
    Down,
}

/// Something to be done outside. None of it is waited for: what becomes of it comes back as an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Read what is known without asking, and begin to ask.
    Open,
    /// Leave; print the last screen or not.
    Quit {
        /// Whether the last screen stays printed.
        printing: bool,
    },
    /// Leave, and open the screens over another target of the configuration.
    Switch(String),
    /// Stop this program, as a shell's job control does, until it is continued.
    Suspend,
    /// Heed the mouse, or leave it to the terminal.
    Mouse(bool),
    /// Put text on the clipboard.
    Copy(String),
    /// Ask again now: one source, or all.
    Refresh(Option<String>),
    /// Stop asking, or go on.
    Pause(bool),
    /// Ask for live numbers this often, in seconds.
    Every(u64),
    /// Drop what is being asked now.
    Cancel,
    /// Work for the findings.
    Findings(findings::Wish),
    /// Work for the list of runbooks.
    Runbooks(runbooks::Wish),
    /// Work for a run.
    Run(run::Wish),
    /// Work for the checklist.
    Checklist(checklist::Wish),
    /// Work for the what-if.
    Capacity(capacity::Wish),
    /// Work for the history.
    History(history::Wish),
    /// Work for the report.
    Report(report::Wish),
}
