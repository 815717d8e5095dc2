//! Owns the terminal: waits for events, lets the model change, draws when something changed, hands work out.

use std::{io, time::Duration};

use crossterm::event::{Event as Raw, EventStream, MouseButton, MouseEventKind};
use futures_util::StreamExt;
use tokio::sync::mpsc;

use super::{
    event::{Effect, Event, Mouse, MouseKind},
    key::Key,
    model::Model,
    terminal::Screen,
    update::update,
    view,
    work::Work,
};
use crate::clock;

/// How often ages are drawn anew.
const TICK: Duration = Duration::from_secs(1);

/// Why the screens were left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// The operator has seen enough; the last screen, where it is to stay printed.
    Quit(Option<String>),
    /// To look at another target.
    Switch(String),
}

/// Runs the screens until the operator leaves.
///
/// # Errors
/// A terminal that cannot be used.
pub async fn run(model: &mut Model, work: &mut dyn Work) -> io::Result<Left> {
    let mut screen = Screen::take()?;
    let size = screen.terminal.size()?;
    update(model, Event::Resize(size.width, size.height));
    let (sender, mut results) = mpsc::unbounded_channel();
    // The first frame before the first question: whoever opens this at 3 a.m. must see at once that it is there.
    draw(&mut screen, model)?;
    work.begin(Effect::Open, &sender);
    let mut keys = EventStream::new();
    let mut tick = tokio::time::interval(TICK);
    loop {
        let event = tokio::select! {
            raw = keys.next() => match raw {
                Some(raw) => translate(&raw?),
                None => return Ok(Left::Quit(None)),
            },
            Some(event) = results.recv() => Some(event),
            _ = tick.tick() => Some(Event::Tick(clock::now())),
        };
        let Some(event) = event else { continue };
        let is_size = matches!(event, Event::Resize(..));
        for effect in update(model, event) {
            match effect {
                Effect::Quit { printing } => return Ok(Left::Quit(printing.then(|| screen.text()))),
                Effect::Switch(target) => return Ok(Left::Switch(target)),
                Effect::Suspend => screen.suspend()?,
                Effect::Mouse(heeded) => screen.mouse(heeded)?,
                other => work.begin(other, &sender),
            }
        }
        if is_size {
            screen.terminal.autoresize()?;
        }
        draw(&mut screen, model)?;
    }
}

fn draw(screen: &mut Screen, model: &mut Model) -> io::Result<()> {
    let mut hits = Vec::new();
    screen.terminal.draw(|frame| hits = view::draw(frame.buffer_mut(), model))?;
    model.hits = hits;
    Ok(())
}

fn translate(raw: &Raw) -> Option<Event> {
    match raw {
        Raw::Key(key) => Key::of(*key).map(Event::Key),
        Raw::Paste(text) => Some(Event::Paste(text.clone())),
        Raw::Resize(width, height) => Some(Event::Resize(*width, *height)),
        Raw::Mouse(mouse) => {
            let what = match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => MouseKind::Click,
                MouseEventKind::ScrollUp => MouseKind::Up,
                MouseEventKind::ScrollDown => MouseKind::Down,
                _ => return None,
            };
            Some(Event::Mouse(Mouse { x: mouse.column, y: mouse.row, what }))
        }
        _ => None,
    }
}
