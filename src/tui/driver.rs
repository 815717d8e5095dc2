//! Owns the terminal: waits for events, lets the model change, draws when something changed, hands work out.
//!
//! Whatever waits is taken together and drawn once: a held key, a paste or a flood of output never makes keys queue
//! behind frames.

use std::{
    io,
    time::{Duration, Instant},
};

use crossterm::event::KeyCode;
use rustix::io::Errno;
use tokio::{sync::mpsc, time::MissedTickBehavior};

use super::{
    event::{Effect, Event},
    input::{Called, HANGUP, Hangup, Keys, Signals},
    key::Key,
    model::{Gravity, Model},
    terminal::{self, Screen},
    update::update,
    work::{Events, Work, clipboard},
};
use crate::{clock, text};

/// How often ages are drawn anew.
const TICK: Duration = Duration::from_secs(1);

/// How long what waits is taken together before it is drawn.
const BATCH: Duration = Duration::from_millis(8);

/// The least time between two frames that no key asked for.
const FRAME: Duration = Duration::from_millis(16);

/// The time between two frames while more keys wait than can be heeded.
const FLOODED: Duration = Duration::from_millis(100);

/// How long work may take to stop when the program is told to end.
const PATIENCE: Duration = Duration::from_secs(8);

/// Why the screens were left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// The operator has seen enough; the last screen, where it is to stay printed.
    Quit(Option<String>),
    /// To look at another target.
    Switch(String),
    /// The program was told to end: by the signal with this number, or as if by it.
    Signal(u8),
}

/// Runs the screens until the operator leaves, or the program is told to end.
///
/// # Errors
/// A terminal that cannot be used.
pub async fn run(model: &mut Model, work: &mut dyn Work) -> io::Result<Left> {
    // Before the terminal is taken: nothing may end the program while it is ours.
    let mut signals = Signals::listen()?;
    let (sender, mut results) = mpsc::unbounded_channel();
    let mut driver = Driver::start(model, work, sender)?;
    let left = match driver.live(&mut signals, &mut results).await {
        Err(error) if error.raw_os_error() == Some(Errno::IO.raw_os_error()) => Left::Signal(HANGUP),
        left => left?,
    };
    if matches!(left, Left::Signal(_)) {
        driver.end(&mut results).await;
    }
    Ok(left)
}

/// What the driver was woken by.
enum Came {
    /// Something by the operator: drawn at once.
    Key(Event),
    /// Anything else: drawn soon.
    Other(Event),
    /// The time to draw.
    Due,
}

struct Driver<'m> {
    screen: Screen,
    model: &'m mut Model,
    work: &'m mut dyn Work,
    sender: Events,
    drawn_at: Instant,
    /// Whether something changed since the last frame.
    is_changed: bool,
    #[cfg(debug_assertions)]
    tripwire: super::tripwire::Tripwire,
}

impl<'m> Driver<'m> {
    fn start(model: &'m mut Model, work: &'m mut dyn Work, sender: Events) -> io::Result<Self> {
        let bugs = sender.clone();
        let screen = Screen::take(move |place| {
            let place = text::screen(&place).into_owned();
            let words = format!("loadline has a bug at {place}: what it was about was dropped, the rest goes on");
            let _ = bugs.send(Event::Said(Gravity::Error, words));
        })?;
        Ok(Self {
            screen,
            model,
            work,
            sender,
            drawn_at: Instant::now(),
            is_changed: false,
            #[cfg(debug_assertions)]
            tripwire: super::tripwire::Tripwire::of_environment(),
        })
    }

    /// Waits and draws, until it is over.
    async fn live(&mut self, signals: &mut Signals, results: &mut mpsc::UnboundedReceiver<Event>) -> io::Result<Left> {
        // The first frame before the first question: whoever opens this at 3 a.m. must see at once that it is there.
        self.draw()?;
        if self.model.mouse {
            self.screen.mouse(true)?;
        }
        self.hand_out(Effect::Open);
        let (mut keys, hangup) = (Keys::listen(), Hangup::watch()?);
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let due = self.due();
            let came = tokio::select! {
                called = signals.next() => match called {
                    Called::End(signal) => return Ok(Left::Signal(signal)),
                    Called::Interrupt => Came::Key(Event::Key(Key { code: KeyCode::Char('c'), ctrl: true })),
                    Called::Continue => {
                        self.screen.resume()?;
                        Came::Key(Event::Tick(clock::now()))
                    }
                },
                () = hangup.comes() => return Ok(Left::Signal(HANGUP)),
                key = keys.next() => match key {
                    Some(event) => Came::Key(event),
                    None => return Ok(Left::Signal(HANGUP)),
                },
                Some(event) = results.recv() => Came::Other(event),
                _ = tick.tick() => Came::Other(Event::Tick(clock::now())),
                () = tokio::time::sleep_until(due.into()), if self.is_changed => Came::Due,
            };
            if let Some(left) = self.take(came, &mut keys, results)? {
                return Ok(left);
            }
        }
    }

    /// When what changed is to be drawn.
    fn due(&self) -> Instant {
        self.drawn_at + FRAME
    }

    fn draw(&mut self) -> io::Result<()> {
        let size = self.screen.size()?;
        if size != self.model.size {
            for effect in update(self.model, Event::Resize(size.0, size.1)) {
                self.hand_out(effect);
            }
        }
        self.is_changed = false;
        // A terminal without cells shows nothing.
        if size.0 > 0 && size.1 > 0 {
            self.screen.draw(self.model)?;
        }
        self.drawn_at = Instant::now();
        Ok(())
    }

    /// Takes what came and whatever else waits, then draws if it is time to.
    fn take(
        &mut self,
        came: Came,
        keys: &mut Keys,
        results: &mut mpsc::UnboundedReceiver<Event>,
    ) -> io::Result<Option<Left>> {
        let mut is_by_key = matches!(came, Came::Key(_));
        let mut next = match came {
            Came::Key(event) | Came::Other(event) => Some(event),
            Came::Due => None,
        };
        let start = Instant::now();
        while let Some(event) = next {
            if let Some(left) = self.apply(event)? {
                return Ok(Some(left));
            }
            if start.elapsed() >= BATCH {
                break;
            }
            let key = keys.waiting();
            is_by_key |= key.is_some();
            next = key.or_else(|| results.try_recv().ok());
        }
        // While keys wait, a frame now and then shows that they are heeded; what is shown for each would only delay them.
        let is_due = if keys.are_more() {
            self.drawn_at.elapsed() >= FLOODED
        } else {
            is_by_key || Instant::now() >= self.due()
        };
        if self.is_changed && is_due {
            self.draw()?;
        }
        Ok(None)
    }

    fn apply(&mut self, event: Event) -> io::Result<Option<Left>> {
        #[cfg(debug_assertions)]
        if matches!(event, Event::Key(_)) {
            self.tripwire.step();
        }
        self.is_changed = true;
        for effect in update(self.model, event) {
            match effect {
                Effect::Quit { printing } => {
                    return Ok(Some(Left::Quit(printing.then(|| terminal::text(self.model)))));
                }
                Effect::Switch(target) => return Ok(Some(Left::Switch(target))),
                Effect::Suspend => self.screen.suspend()?,
                Effect::Mouse(heeded) => self.screen.mouse(heeded)?,
                Effect::Copy(text) => self.copy(text)?,
                other => self.hand_out(other),
            }
        }
        Ok(None)
    }

    fn hand_out(&mut self, effect: Effect) {
        self.work.begin(effect, &self.sender);
    }

    fn copy(&mut self, text: String) -> io::Result<()> {
        match clipboard::Way::of_environment().sequence(&text) {
            Ok(bytes) => {
                self.screen.tell(&bytes)?;
                self.model.say(Gravity::Info, clipboard::told(&text));
            }
            Err(why) => {
                let sender = self.sender.clone();
                // A home on a disk that hangs must not hold keys up.
                tokio::task::spawn_blocking(move || {
                    let (gravity, words) = clipboard::keep(&text, why);
                    let _ = sender.send(Event::Said(gravity, words));
                });
            }
        }
        Ok(())
    }

    /// Leaves because the program is told to: the terminal is given back first, then work may end what must not be left in
    /// the middle, such as a step that runs.
    async fn end(self, results: &mut mpsc::UnboundedReceiver<Event>) {
        let Self { screen, model, work, sender, .. } = self;
        drop(screen);
        let ending = async {
            // Once asks, twice leaves: nobody is there who could be asked.
            for _ in 0..2 {
                if leaves(update(model, Event::Leave), work, &sender) {
                    return;
                }
            }
            while let Some(event) = results.recv().await {
                if leaves(update(model, event), work, &sender) {
                    return;
                }
            }
        };
        let _ = tokio::time::timeout(PATIENCE, ending).await;
    }
}

/// Hands effects out; whether one of them was to leave.
fn leaves(effects: Vec<Effect>, work: &mut dyn Work, sender: &Events) -> bool {
    effects.into_iter().any(|effect| match effect {
        Effect::Quit { .. } | Effect::Switch(_) => true,
        Effect::Suspend | Effect::Mouse(_) | Effect::Copy(_) => false,
        other => {
            work.begin(other, sender);
            false
        }
    })
}
