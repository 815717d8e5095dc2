//! What the run screen knows: what was chosen, and the walk that is under way. It mirrors the session and decides nothing.

use std::{
    collections::{BTreeMap, VecDeque},
    path::PathBuf,
    sync::Arc,
};

use jiff::Timestamp;

use crate::{
    check::finding::Finding,
    runbook::{
        machine::{Asks, Choice, Decision, Situation},
        model::{Runbook, Step},
        open::Known,
        port::Happening,
        record::{Mode, Record, Seen},
        session::{Event, TakenUp, Work},
        state::{State as RunState, StepState},
    },
    tui::{event::Effect, widget::Scroll},
};

/// What is asked of work.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// Values are filled in for a runbook, and who is meant is asked.
    Choose {
        /// The runbook.
        book: String,
        /// The finding that it is for.
        finding: Option<Box<Finding>>,
        /// Values that are known: name, value, origin.
        given: Vec<Known>,
    },
    /// What was chosen is begun.
    Start,
    /// What was chosen is dropped.
    Forget,
    /// A run is taken up again.
    Resume(String),
    /// A decision is carried out.
    Decide(Decision),
    /// The step at hand is looked at again.
    Prepare,
    /// Processes that outlived the program before are ended.
    EndSurvivors,
    /// What runs is stopped.
    Stop,
    /// The run is left as it stands.
    Leave,
    /// Steps may run, or no longer.
    Guard(bool),
}

/// What work says.
#[derive(Debug)]
pub enum News {
    /// A runbook is ready to be begun.
    Chosen(Box<Chosen>),
    /// What was asked for is not possible, and nothing was changed.
    Refused(String),
    /// A session is there.
    Began {
        /// The run.
        run: String,
        /// Its folder.
        folder: PathBuf,
        /// The runbook.
        book: Arc<Runbook>,
        /// What was found, where it was taken up again.
        taken_up: Option<Box<TakenUp>>,
    },
    /// Something happened in it.
    Happened(Box<Event>),
    /// It waits for the operator.
    Stands(Box<Stand>),
    /// It cannot go on: a journal that cannot be written, a run that cannot be opened.
    Lost(String),
    /// It has been left.
    Left,
}

/// A runbook that is ready to be begun, without the values of secrets.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The runbook.
    pub book: Arc<Runbook>,
    /// The finding, as `check: subject`.
    pub finding: Option<String>,
    /// What it says.
    pub message: Option<String>,
    /// Name, value, origin; a secret's value is not here.
    pub values: Vec<(String, Option<String>, String)>,
    /// What did not fit, for the operator.
    pub notes: Vec<String>,
    /// How it would be walked.
    pub mode: Mode,
}

/// Where a session stands.
#[derive(Debug, Clone)]
pub struct Stand {
    /// What stands between now and the next thing.
    pub situation: Situation,
    /// What may be decided, the best first.
    pub may: Vec<Choice>,
    /// What the run has come to.
    pub state: RunState,
    /// What would run now, secrets masked; nothing where people do it; an error in words.
    pub runs: Result<Option<String>, String>,
    /// What would take it back.
    pub undo: Result<Option<String>, String>,
    /// Values of parameters that are no secrets.
    pub values: BTreeMap<String, String>,
    /// Processes that outlived the program before, in words.
    pub survivors: Vec<String>,
}

/// What the screen knows.
#[derive(Debug, Default)]
pub struct State {
    /// What is being chosen: the runbook's id, until work has answered.
    pub choosing: Option<String>,
    /// What waits for the operator's word to begin.
    pub chosen: Option<Box<Chosen>>,
    /// The walk that is under way, or that has ended last.
    pub walk: Option<Walk>,
    /// What was asked for while another run is under way: it is begun once that one is left.
    pub next: Option<Wish>,
    /// What comes once the run is left, where the program or its target is being left.
    pub leaving: Option<Effect>,
    /// Whether leaving was asked for once while something ran.
    pub warned: bool,
}

/// The most lines of output that are kept: the journal's folder has all of them.
pub(super) const LINES: usize = 2_000;

/// A walk.
#[derive(Debug)]
pub struct Walk {
    /// The runbook, once it is known.
    pub book: Option<Arc<Runbook>>,
    /// The run, once its journal is there.
    pub run: Option<String>,
    /// Where its journal is.
    pub folder: Option<PathBuf>,
    /// What it has come to: every record counts at once.
    pub state: RunState,
    /// Where it stands; none while the session is being opened.
    pub stand: Option<Stand>,
    /// Whether work carries something out: nothing can be decided meanwhile.
    pub busy: bool,
    /// What takes time now, and since when.
    pub doing: Option<(Work, Timestamp)>,
    /// Whether what runs was asked to stop.
    pub stopping: bool,
    /// The step that the lines below are of, and what it printed.
    pub printed: (String, VecDeque<String>),
    /// How many lines were let go.
    pub dropped: usize,
    /// What live checks said last while they were looked at, by condition.
    pub seen: Vec<Seen>,
    /// How far the page of the step is scrolled.
    pub scroll: Scroll,
    /// How far the live output is scrolled.
    pub output: Scroll,
    /// Why it cannot go on.
    pub lost: Option<String>,
    /// Whether it was left and can be taken up again.
    pub left: bool,
}

impl Walk {
    /// A walk whose session is being opened.
    pub fn opening(book: Option<Arc<Runbook>>, run: Option<String>) -> Self {
        Self {
            book,
            run,
            folder: None,
            state: RunState::default(),
            stand: None,
            busy: true,
            doing: None,
            stopping: false,
            printed: (String::new(), VecDeque::new()),
            dropped: 0,
            seen: Vec::new(),
            scroll: Scroll::default(),
            output: Scroll::following(),
            lost: None,
            left: false,
        }
    }

    /// Whether it can be gone on with on this screen.
    pub fn is_open(&self) -> bool {
        self.lost.is_none() && !self.left && self.state.ended.is_none()
    }

    /// Whether something runs that leaving would interrupt.
    pub fn acts(&self) -> bool {
        self.is_open() && matches!(self.doing, Some((Work::Acting { .. } | Work::Waiting { .. }, _)))
    }

    /// What stands between now and the next thing, once work waits for the operator.
    pub fn situation(&self) -> Option<&Situation> {
        self.stand.as_ref().filter(|_| !self.busy && self.is_open()).map(|stand| &stand.situation)
    }

    /// What may be decided now.
    pub fn may(&self, choice: Choice) -> bool {
        self.situation().is_some() && self.stand.as_ref().is_some_and(|stand| stand.may.contains(&choice))
    }

    /// What is asked of the operator at a step.
    pub fn asks(&self) -> Option<&Asks> {
        match self.situation()? {
            Situation::Step { asks, .. } | Situation::RollingBack { asks, .. } => Some(asks),
            _ => None,
        }
    }

    /// The step at hand, and whether it is being taken back.
    pub fn step(&self) -> Option<(&Step, bool)> {
        let book = self.book.as_ref()?;
        match self.state.next_undo() {
            Some(undo) => book.step(&undo.step).map(|step| (step, true)),
            None => book.step(self.state.current.as_deref()?).map(|step| (step, false)),
        }
    }

    /// What is known of the step at hand, or of taking it back.
    pub fn known(&self) -> Option<&StepState> {
        match self.state.next_undo() {
            Some(undo) => Some(&undo.state),
            None => self.state.step(self.state.current.as_deref()?),
        }
    }

    /// How the run goes about it.
    pub fn mode(&self) -> Option<Mode> {
        self.state.started.as_ref().map(|started| started.mode)
    }

    /// The items of the step at hand that are not made sure of yet.
    pub fn open_items(&self) -> Vec<&str> {
        let Some((step, false)) = self.step() else { return Vec::new() };
        let ticked = self.known().map(|known| known.ticked.as_slice()).unwrap_or_default();
        let items = step.items.iter().map(|item| item.text.as_str());
        items.filter(|item| !ticked.iter().any(|ticked| ticked == item)).collect()
    }

    /// Whether the action that stands next needs hands.
    pub fn needs_hands(&self) -> bool {
        let Some((step, back)) = self.step() else { return false };
        let action = if back { step.undo.as_ref() } else { step.action.as_ref() };
        let acts = matches!(self.mode(), Some(Mode::Run | Mode::Auto));
        acts && self.may(Choice::Go) && action.is_some_and(|action| action.kind.acts())
    }

    /// Takes in what the session tells.
    pub fn happened(&mut self, event: Event, now: Timestamp) {
        match event {
            Event::Began(work) => {
                if let Work::Acting { step, .. } = &work {
                    self.printed = (step.clone(), VecDeque::new());
                    self.dropped = 0;
                    self.output = Scroll::following();
                }
                self.seen.clear();
                self.doing = Some((work, now));
            }
            Event::Happens { what: Happening::Line(line), .. } => self.print(line),
            Event::Happens { .. } => {}
            Event::Wrote(stamped) => {
                if let Record::Sample { seen, .. } = &stamped.record {
                    self.sampled(seen);
                }
                if let Some(book) = self.book.clone() {
                    // What cannot follow is mended by the next stand, which has all of it.
                    let _ = self.state.apply(&book, &stamped);
                }
            }
        }
    }

    fn print(&mut self, line: String) {
        let lines = &mut self.printed.1;
        lines.push_back(line);
        if lines.len() > LINES {
            lines.pop_front();
            self.dropped += 1;
        }
    }

    fn sampled(&mut self, seen: &Seen) {
        match self.seen.iter_mut().find(|known| known.condition == seen.condition) {
            Some(known) => known.clone_from(seen),
            None => self.seen.push(seen.clone()),
        }
    }

    /// Takes in where the session stands.
    pub fn stands(&mut self, stand: Stand) {
        let before = self.step().map(|(step, back)| (step.id.clone(), back));
        self.state = stand.state.clone();
        self.stand = Some(stand);
        self.busy = false;
        self.stopping = false;
        self.doing = None;
        if self.step().map(|(step, back)| (step.id.clone(), back)) != before {
            self.scroll = Scroll::default();
        }
    }
}
