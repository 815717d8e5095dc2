//! What lies over a screen: keys, palette, messages, choices, forms. The topmost takes the keys.

mod choice;
mod draw;
mod field;
mod form;
mod help;
mod palette;

pub use choice::Choice;
pub(super) use draw::draw;
pub use field::Field;
pub(super) use field::request;
pub use form::{Form, Grade};
pub use palette::{Offer, Palette};

use super::{
    command::{Action, Motion},
    event::Effect,
    key::Key,
    model::Model,
    pasted,
    screen::{self, capacity, checklist, findings, history, live, report, run, runbooks},
    widget::{Cursor, Scroll},
};

/// What lies over a screen.
#[derive(Debug, Clone)]
pub enum Over {
    /// The keys.
    Help(Scroll),
    /// Every command, filtered by what is typed.
    Palette(Palette),
    /// Past messages.
    Messages(Cursor),
    /// One of several is to be chosen.
    Choice(Choice),
    /// Something is to be confirmed or filled in.
    Form(Form),
}

/// What a choice or form is for, by the screen that asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Purpose {
    /// Another target.
    Target,
    /// The findings.
    Findings(findings::Purpose),
    /// The live screen.
    Live(live::Purpose),
    /// The list of runbooks.
    Runbooks(runbooks::Purpose),
    /// The run.
    Run(run::Purpose),
    /// The checklist.
    Checklist(checklist::Purpose),
    /// The what-if.
    Capacity(capacity::Purpose),
    /// The history.
    History(history::Purpose),
    /// The report.
    Report(report::Purpose),
}

/// What was chosen or filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What it is for.
    pub purpose: Purpose,
    /// Of a choice, the row; of a form, 0.
    pub row: usize,
    /// Of a form, the values of its fields in order. Secrets are among them.
    pub values: Vec<String>,
}

impl Over {
    /// The keys.
    pub fn help() -> Self {
        Self::Help(Scroll::default())
    }

    /// Every command.
    pub fn palette() -> Self {
        Self::Palette(Palette::default())
    }

    /// Past messages, the latest chosen.
    pub fn messages(len: usize) -> Self {
        let mut cursor = Cursor::default();
        cursor.go(usize::MAX, len);
        Self::Messages(cursor)
    }
}

/// What became of a key.
enum Pressed {
    /// It stays open.
    Stay,
    /// It is closed.
    Close,
    /// It is closed, and this command is run.
    Run(&'static super::command::Command),
    /// It is closed, with this answer.
    Answer(Answer),
    /// Something is copied.
    Copy(String),
}

/// Gives a key to what lies over the screen; nothing where nothing does.
pub(super) fn press(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    let Some(mut over) = model.overs.pop() else {
        return screen::press(model, key);
    };
    let pressed = match &mut over {
        Over::Help(scroll) => read(model, key, scroll),
        Over::Messages(cursor) => messages(model, key, cursor),
        Over::Palette(palette) => palette.press(model, key),
        Over::Choice(choice) => choice.press(model, key),
        Over::Form(form) => form.press(key),
    };
    Some(match pressed {
        Pressed::Stay => {
            model.overs.push(over);
            Vec::new()
        }
        Pressed::Close => Vec::new(),
        Pressed::Run(command) => super::update::run(model, command),
        Pressed::Answer(answer) => screen::answered(model, answer),
        Pressed::Copy(text) => {
            model.overs.push(over);
            vec![Effect::Copy(text)]
        }
    })
}

/// Gives pasted text, as one line and one change, to the field that is typed in. Where none is, a paste means nothing.
pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    let line = pasted::line(text);
    if line.is_empty() {
        return Vec::new();
    }
    match model.overs.last_mut() {
        Some(Over::Palette(palette)) => palette.paste(&line),
        Some(Over::Form(form)) => form.paste(&line),
        Some(_) => {}
        None => return screen::paste(model, &line),
    }
    Vec::new()
}

/// Keys of a text that is only read: moves scroll it, any other key closes it.
fn read(model: &Model, key: Key, scroll: &mut Scroll) -> Pressed {
    match model.keymap.command(key, model).map(|command| command.action) {
        Some(Action::Move(motion)) => {
            scroll.travel(motion);
            Pressed::Stay
        }
        _ => Pressed::Close,
    }
}

/// Keys of a list that is only read: moves scroll it, any other key closes it.
fn listed(model: &Model, key: Key, cursor: &mut Cursor, len: usize) -> Pressed {
    match model.keymap.command(key, model).map(|command| command.action) {
        Some(Action::Move(motion)) => {
            cursor.travel(motion, len);
            Pressed::Stay
        }
        _ => Pressed::Close,
    }
}

fn messages(model: &Model, key: Key, cursor: &mut Cursor) -> Pressed {
    let is_copy = |action| matches!(action, Action::CopyLine | Action::CopyAll);
    match model.keymap.command(key, model) {
        Some(command) if is_copy(command.action) => {
            model.messages.get(cursor.at).map_or(Pressed::Stay, |message| Pressed::Copy(message.text.clone()))
        }
        _ => listed(model, key, cursor, model.messages.len()),
    }
}

/// The move that a key of a typed field means: arrows and page keys, no letters.
fn motion(key: Key) -> Option<Motion> {
    use crossterm::event::KeyCode;
    Some(match key.code {
        KeyCode::Up => Motion::Up,
        KeyCode::Down => Motion::Down,
        KeyCode::PageUp => Motion::PageUp,
        KeyCode::PageDown => Motion::PageDown,
        _ => return None,
    })
}
