//! All that the screens know. Changed by [`super::update`] alone, drawn by [`super::view`].

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use jiff::Timestamp;
use ratatui::layout::Rect;

use super::{
    command::{Action, COMMANDS, Command, Keymap},
    layout::Layout,
    nav::Nav,
    over::Over,
    screen::{Screens, Tab},
    theme::Look,
};
use crate::{
    check::finding::{Finding, Status},
    report::Audit,
    runbook::library::Books,
    snapshot::SourceKind,
    source::Folders,
};

/// What may be done. The engine enforces it; the screens only mirror it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// Reads only. Where it is locked, it stays so until the program ends.
    Observe {
        /// Whether it cannot be unlocked (`--read-only`).
        locked: bool,
    },
    /// Steps may run, each confirmed, for as long as keys are pressed now and then.
    Guarded,
    /// A recording, with its name: nothing can run.
    Replay(String),
}

impl Mode {
    /// The word on every screen.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Observe { .. } => "OBSERVE",
            Self::Guarded => "GUARDED",
            Self::Replay(_) => "REPLAY",
        }
    }
}

/// How long without a key it takes until what was unlocked is locked again.
pub const UNLOCKED_FOR: Duration = Duration::from_secs(30 * 60);

/// How a source stands.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceState {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: SourceKind,
    /// What it says of itself: `pg 16 primary`.
    pub about: String,
    /// When it last answered.
    pub answered_at: Option<Timestamp>,
    /// How long its last round of answers took, in seconds.
    pub took_s: Option<f64>,
    /// The time from one round of answers to the next; none where nobody is asked.
    pub every: Option<Duration>,
    /// How many questions it is asked in a minute.
    pub per_minute: f64,
    /// How many questions are answered of how many, while it is being asked.
    pub asking: Option<(usize, usize)>,
    /// Why it does not answer now, and since when.
    pub fault: Option<SourceFault>,
    /// What it did not answer although it answers, in words.
    pub lost: Option<String>,
}

/// Why a source does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFault {
    /// In words.
    pub words: String,
    /// What to do about it.
    pub remedy: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// When it is tried again.
    pub next: Option<Timestamp>,
}

/// How old what a source said is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// It has never answered.
    Never,
    /// It answered within two rounds.
    Fresh,
    /// A round or two are missing.
    Aging,
    /// It may no longer be so.
    Stale,
    /// It does not answer now.
    Failed,
}

impl SourceState {
    /// How old what it said is, by the time between its rounds. What nobody is asked for is as fresh as it was.
    pub fn freshness(&self, now: Timestamp) -> Freshness {
        let Some(every) = self.every else {
            return if self.fault.is_some() { Freshness::Failed } else { Freshness::Fresh };
        };
        let Some(at) = self.answered_at else {
            return if self.fault.is_some() { Freshness::Failed } else { Freshness::Never };
        };
        if self.fault.is_some() {
            return Freshness::Failed;
        }
        let age = now.duration_since(at).unsigned_abs();
        match age {
            _ if age <= every * 2 + Duration::from_secs(2) => Freshness::Fresh,
            _ if age <= every * 5 + Duration::from_secs(5) => Freshness::Aging,
            _ => Freshness::Stale,
        }
    }
}

/// How grave a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gravity {
    /// Gone after three seconds.
    Info,
    /// Gone after six.
    Warning,
    /// Stays until it is dismissed.
    Error,
}

impl Gravity {
    /// How long it is shown; an error until it is dismissed.
    pub fn lasts(self) -> Option<Duration> {
        match self {
            Self::Info => Some(Duration::from_secs(3)),
            Self::Warning => Some(Duration::from_secs(6)),
            Self::Error => None,
        }
    }
}

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// When.
    pub at: Timestamp,
    /// How grave.
    pub gravity: Gravity,
    /// What.
    pub text: String,
    /// Whether the operator has seen it off.
    pub dismissed: bool,
}

/// A place on the last frame that a mouse can click.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// A screen's name.
    Tab(Tab),
    /// A row of the list at hand.
    Row(usize),
}

/// Whom the screens are about, known before anybody is asked.
#[derive(Debug, Clone)]
pub struct About {
    /// The target's name.
    pub target: String,
    /// The targets of the configuration that can be looked at instead.
    pub targets: Vec<String>,
    /// The owner's word for where it runs.
    pub environment: Option<String>,
    /// What may be done.
    pub mode: Mode,
    /// Which findings are shown.
    pub persona: Option<crate::check::definition::Persona>,
}

impl About {
    /// Whether the environment is production, by its name.
    pub fn is_production(&self) -> bool {
        self.environment.as_deref().is_some_and(|word| word.to_lowercase().starts_with("prod"))
    }
}

/// All of it.
#[derive(Debug)]
pub struct Model {
    /// Whom it is about, and what may be done.
    pub about: About,
    /// The time, as of the last tick.
    pub now: Timestamp,
    /// When the last key was pressed.
    pub key_at: Timestamp,
    /// Width and height in cells.
    pub size: (u16, u16),
    /// What was judged last.
    pub audit: Option<Arc<Audit>>,
    /// What was judged before that.
    pub before: Option<Arc<Audit>>,
    /// Why there is nothing to show, in words.
    pub failed: Option<String>,
    /// All runbooks, once they are read.
    pub books: Arc<Books>,
    /// Who sits here, by the word of the operating system.
    pub person: Option<String>,
    /// Where answers and waivers are written; nothing where there is no place for them.
    pub folders: Option<Folders>,
    /// The sources.
    pub sources: Vec<SourceState>,
    /// Whether asking is stopped.
    pub paused: bool,
    /// The time between two live samples.
    pub every: Duration,
    /// Whether the mouse is heeded.
    pub mouse: bool,
    /// Where one is.
    pub nav: Nav,
    /// What lies over the screen, the topmost last.
    pub overs: Vec<Over>,
    /// What was said, the latest last.
    pub messages: Vec<Message>,
    /// Colours and marks.
    pub look: Look,
    /// The keys.
    pub keymap: Keymap,
    /// What stands where.
    pub layout: Layout,
    /// The screens.
    pub screens: Screens,
    /// What can be clicked on the last frame.
    pub hits: Vec<(Rect, Hit)>,
    /// Screens whose numbers are wanted now; the others need no work.
    pub seen: BTreeSet<Tab>,
}

impl Model {
    /// A model that knows nothing yet.
    pub fn new(about: About, now: Timestamp) -> Self {
        Self {
            about,
            now,
            key_at: now,
            size: (80, 24),
            audit: None,
            before: None,
            failed: None,
            books: Arc::default(),
            person: None,
            folders: None,
            sources: Vec::new(),
            paused: false,
            every: Duration::from_secs(2),
            mouse: false,
            nav: Nav::new(Tab::Overview),
            overs: Vec::new(),
            messages: Vec::new(),
            look: Look::default(),
            keymap: Keymap::default(),
            layout: Layout::default(),
            screens: Screens::default(),
            hits: Vec::new(),
            seen: BTreeSet::new(),
        }
    }

    /// Whether nobody is asked.
    pub fn is_recorded(&self) -> bool {
        matches!(self.about.mode, Mode::Replay(_))
    }

    /// All findings.
    pub fn all(&self) -> &[Finding] {
        self.audit.as_ref().map_or(&[], |audit| &audit.findings)
    }

    /// The findings that are wrong or not known, the worst first.
    pub fn worst(&self) -> &[Finding] {
        let all = self.all();
        let end = all.partition_point(|finding| finding.status > Status::Waived);
        &all[..end]
    }

    /// The key of what can be done, as the settings have it; of what has none, how the palette names it. Sentences name
    /// keys by this, so that they are true for whoever has keys of their own.
    pub fn key(&self, action: Action) -> String {
        let command = COMMANDS.iter().find(|command| command.action == action);
        let of = |command: &Command| {
            let keys = self.keymap.keys(command);
            keys.first().map_or_else(|| format!(":{}", command.id), |key| (*key).to_owned())
        };
        command.map(of).unwrap_or_default()
    }

    /// A source by its name.
    pub fn source(&self, name: &str) -> Option<&SourceState> {
        self.sources.iter().find(|source| source.name == name)
    }

    /// A finding by its name.
    pub fn finding(&self, check: &str, subject: &str) -> Option<&Finding> {
        self.all().iter().find(|finding| finding.check == check && finding.subject == subject)
    }

    /// The finding that is chosen or open.
    pub fn chosen_finding(&self) -> Option<&Finding> {
        super::screen::chosen_finding(self)
    }

    /// The message to show now.
    pub fn message(&self) -> Option<&Message> {
        let last = self.messages.iter().rev().find(|message| !message.dismissed)?;
        let age = self.now.duration_since(last.at);
        let over = last.gravity.lasts().is_some_and(|lasts| age.unsigned_abs() >= lasts);
        (!over).then_some(last)
    }

    /// Says something.
    pub fn say(&mut self, gravity: Gravity, text: impl Into<String>) {
        /// The most messages that are kept.
        const KEPT: usize = 500;
        if self.messages.len() == KEPT {
            self.messages.remove(0);
        }
        self.messages.push(Message { at: self.now, gravity, text: text.into(), dismissed: false });
    }
}
