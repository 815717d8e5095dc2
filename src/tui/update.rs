//! What an event changes. Pure: the model and an event in, effects out.

use std::{sync::Arc, time::Duration};

use super::{
    command::{Action, Command, Motion, Pace},
    event::{Effect, Event, Mouse, MouseKind},
    key::Key,
    model::{Gravity, Hit, Mode, Model, UNLOCKED_FOR},
    nav::Place,
    over::{self, Choice, Over, Purpose},
    screen::{self, Tab},
};
use crate::report::Audit;

/// Changes the model by an event.
pub fn update(model: &mut Model, event: Event) -> Vec<Effect> {
    let before = model.about.mode == Mode::Guarded;
    let mut effects = change(model, event);
    let unlocked = model.about.mode == Mode::Guarded;
    // The engine is told first: it is what holds steps back, and the word on the screen only says so.
    if unlocked != before {
        effects.insert(0, Effect::Run(screen::run::Wish::Guard(unlocked)));
    }
    effects
}

fn change(model: &mut Model, event: Event) -> Vec<Effect> {
    match event {
        Event::Key(key) => {
            model.key_at = model.now;
            press(model, key)
        }
        // A paste is text for a field, never keys: a line of a chat must not walk through menus.
        Event::Paste(text) => over::paste(model, &text),
        Event::Mouse(mouse) => mouse_did(model, mouse),
        Event::Resize(width, height) => {
            model.size = (width, height);
            screen::resized(model)
        }
        Event::Tick(now) => tick(model, now),
        Event::Leave => quit(model, false),
        Event::Opened(opened) => {
            model.books = opened.books;
            model.person = opened.person;
            model.folders = opened.folders;
            screen::opened(model)
        }
        Event::Failed(words) => {
            model.failed = Some(words);
            Vec::new()
        }
        Event::Sources(sources) => {
            model.sources = sources;
            Vec::new()
        }
        Event::Judged(audit) => judged(model, audit),
        Event::Said(gravity, text) => {
            model.say(gravity, text);
            Vec::new()
        }
        news => screen::told(model, news),
    }
}

fn tick(model: &mut Model, now: jiff::Timestamp) -> Vec<Effect> {
    model.now = now;
    let idle = now.duration_since(model.key_at).unsigned_abs();
    if model.about.mode == Mode::Guarded && idle >= UNLOCKED_FOR {
        model.about.mode = Mode::Observe { locked: false };
        model.say(Gravity::Warning, "no key for half an hour: steps are locked again; `:unlock` lets them run");
    }
    Vec::new()
}

/// A new judgement; every screen keeps what was chosen chosen, wherever it now stands.
fn judged(model: &mut Model, audit: Arc<Audit>) -> Vec<Effect> {
    model.before = model.audit.replace(audit);
    screen::judged(model)
}

fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    if let Some(effects) = over::press(model, key) {
        return effects;
    }
    match model.keymap.command(key, model) {
        Some(command) => run(model, command),
        None => Vec::new(),
    }
}

/// Runs a command, or says why it cannot be.
pub fn run(model: &mut Model, command: &Command) -> Vec<Effect> {
    // What a run waits for, it says itself, and at more length.
    let tells = command.action == Action::Open && *model.nav.place() == Place::Run;
    if let Some(why) = command.why_not(model).filter(|_| !tells) {
        // Going back from the outermost place is a habit, and no mistake to be told of. It sees a message off.
        if command.action == Action::Back {
            dismiss(model);
        } else {
            model.say(Gravity::Info, format!("{}: {why}", command.title));
        }
        return Vec::new();
    }
    act(model, command.action)
}

/// Sees the message off that is shown.
fn dismiss(model: &mut Model) {
    model.messages.iter_mut().for_each(|message| message.dismissed = true);
}

fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Quit => return quit(model, false),
        Action::QuitPrinting => return quit(model, true),
        Action::Suspend => return vec![Effect::Suspend],
        Action::Help => model.overs.push(Over::help()),
        Action::Palette => model.overs.push(Over::palette()),
        Action::Messages => model.overs.push(Over::messages(model.messages.len())),
        Action::Open => return screen::open(model),
        Action::Back => back(model),
        Action::Backward => drop(model.nav.backward()),
        Action::Forward => drop(model.nav.forward()),
        Action::Go(tab) => return go(model, tab),
        Action::NextTab => return go(model, beside(model.nav.tab(), 1)),
        Action::PreviousTab => return go(model, beside(model.nav.tab(), Tab::ALL.len() - 1)),
        Action::Move(motion) => screen::travel(model, motion),
        Action::CopyLine => return copy(model, screen::line(model)),
        Action::CopyAll => return copy(model, screen::markdown(model)),
        Action::Refresh => {
            screen::live::asked(model);
            return vec![Effect::Refresh(screen::source(model))];
        }
        Action::RefreshAll => {
            screen::live::asked(model);
            return vec![Effect::Refresh(None)];
        }
        Action::Pause => {
            model.paused = !model.paused;
            screen::live::paused(model);
            return vec![Effect::Pause(model.paused)];
        }
        Action::Every(pace) => return every(model, pace),
        Action::Cancel => return vec![screen::history::cancel(model).unwrap_or(Effect::Cancel)],
        Action::Mouse => {
            model.mouse = !model.mouse;
            let words = if model.mouse {
                "the mouse is heeded; with shift the terminal still selects text"
            } else {
                "the mouse is the terminal's again"
            };
            model.say(Gravity::Info, words);
            return vec![Effect::Mouse(model.mouse)];
        }
        Action::Target => {
            let rows = model.about.targets.clone();
            model.overs.push(Over::Choice(Choice::new("Look at", rows, Purpose::Target)));
        }
        Action::Unlock => unlock(model),
        Action::Lock => lock(model),
        Action::NextPalette => {
            model.look.palette = model.look.palette.next();
            model.say(Gravity::Info, format!("colours: {}", model.look.palette.word()));
        }
        of_a_screen => return screen::act(model, of_a_screen),
    }
    Vec::new()
}

/// Leaves, unless something runs that must be asked about first.
fn quit(model: &mut Model, printing: bool) -> Vec<Effect> {
    let then = Effect::Quit { printing };
    screen::run::before_quit(model, &then).unwrap_or_else(|| vec![then])
}

/// To another target, as it was chosen; what runs is asked about first.
pub(super) fn switch(model: &mut Model, row: usize) -> Vec<Effect> {
    let Some(target) = model.about.targets.get(row).cloned() else { return Vec::new() };
    if target == model.about.target {
        return Vec::new();
    }
    let then = Effect::Switch(target);
    screen::run::before_quit(model, &then).unwrap_or_else(|| vec![then])
}

fn back(model: &mut Model) {
    dismiss(model);
    model.nav.leave();
}

/// To a screen.
pub fn go(model: &mut Model, tab: Tab) -> Vec<Effect> {
    model.nav.go(tab);
    screen::entered(model)
}

fn beside(tab: Tab, by: usize) -> Tab {
    let at = Tab::ALL.iter().position(|known| *known == tab).unwrap_or(0);
    Tab::ALL[(at + by) % Tab::ALL.len()]
}

/// The paces that can be chosen, in seconds.
const PACES: [u64; 6] = [1, 2, 5, 10, 30, 60];

fn every(model: &mut Model, pace: Pace) -> Vec<Effect> {
    let now = model.every.as_secs();
    let next = match pace {
        Pace::Faster => PACES.iter().rev().find(|secs| **secs < now),
        Pace::Slower => PACES.iter().find(|secs| **secs > now),
    };
    let Some(secs) = next.copied() else {
        model.say(Gravity::Info, format!("every {now} s is the end of the scale"));
        return Vec::new();
    };
    model.every = Duration::from_secs(secs);
    model.say(Gravity::Info, format!("live numbers every {secs} s"));
    vec![Effect::Every(secs)]
}

fn unlock(model: &mut Model) {
    match model.about.mode {
        Mode::Replay(_) => model.say(Gravity::Warning, "a recording: nothing can run here"),
        Mode::Observe { locked: true } => {
            model.say(Gravity::Warning, "opened with --read-only: open it without to let steps run");
        }
        Mode::Observe { locked: false } => {
            model.about.mode = Mode::Guarded;
            model.say(Gravity::Warning, "steps may run now, each confirmed; locked again after 30 min without a key");
        }
        Mode::Guarded => model.say(Gravity::Info, "steps may run already"),
    }
}

fn lock(model: &mut Model) {
    if model.about.mode == Mode::Guarded {
        model.about.mode = Mode::Observe { locked: false };
        model.say(Gravity::Info, "nothing can run now");
    }
}

fn copy(model: &mut Model, text: Option<String>) -> Vec<Effect> {
    let Some(text) = text else {
        model.say(Gravity::Info, "nothing is chosen");
        return Vec::new();
    };
    vec![Effect::Copy(text)]
}

fn mouse_did(model: &mut Model, mouse: Mouse) -> Vec<Effect> {
    if !model.overs.is_empty() {
        return Vec::new();
    }
    match mouse.what {
        MouseKind::Up => screen::travel(model, Motion::Up),
        MouseKind::Down => screen::travel(model, Motion::Down),
        MouseKind::Click => {
            let at = (mouse.x, mouse.y);
            let hit = model.hits.iter().rev().find(|(area, _)| area.contains(at.into())).map(|(_, hit)| *hit);
            match hit {
                Some(Hit::Tab(tab)) => return go(model, tab),
                Some(Hit::Row(row)) if screen::chosen_row(model) == Some(row) => return screen::open(model),
                Some(Hit::Row(row)) => screen::choose(model, row),
                None => {}
            }
        }
    }
    Vec::new()
}
