//! From a decision to orders.

mod act;
mod say;

use super::{
    Choice, Circumstances, Decision, Order, Refusal, Situation,
    hand::{Hand, hand},
    situation::{choices, situation},
};
use crate::runbook::{
    model::Runbook,
    record::{End, Record, Word},
    state::{State, StepStatus},
};

/// What a decision comes to.
///
/// # Errors
/// Why it is not carried out, with what would be.
pub fn decide(
    book: &Runbook,
    state: &State,
    decision: &Decision,
    circumstances: &Circumstances,
) -> Result<Vec<Order>, Refusal> {
    let case = Case { book, state, circumstances, hand: hand(book, state) };
    if matches!(situation(book, state, circumstances), Situation::Ended) {
        return refuse("the run has ended; nothing more can be decided in it");
    }
    match decision {
        Decision::Note(text) => return case.note(text),
        Decision::Tick(item) => return case.tick(item),
        Decision::Answer { name, value, origin } => return case.answer(name, value, origin),
        _ => {}
    }
    case.is_possible(decision)?;
    case.carry_out(decision)
}

/// What a decision is about.
struct Case<'a> {
    book: &'a Runbook,
    state: &'a State,
    circumstances: &'a Circumstances,
    hand: Hand<'a>,
}

impl Case<'_> {
    fn carry_out(&self, decision: &Decision) -> Result<Vec<Order>, Refusal> {
        match decision {
            Decision::Go(consent) => self.go(consent),
            Decision::Verify => self.verify(),
            Decision::Done { evidence } => self.done(evidence),
            Decision::NotDone { evidence } => {
                let evidence = needed(evidence, "how one can see that it was not done")?;
                Ok(vec![self.about_step(Word::SettledNotDone { evidence }, None)])
            }
            Decision::Retry => Ok(vec![self.about_step(Word::Retry, None), Order::Prepare(self.step_id())]),
            Decision::Skip { reason } => self.leave(Word::Skipped, reason),
            Decision::Defer { reason } => self.leave(Word::Deferred, reason),
            Decision::Override { reason } => self.leave(Word::Overridden, reason),
            Decision::RollBack { reason } => Ok(vec![self.word(None, Word::RollBack, optional(reason))]),
            Decision::TakeBack { step, reason } => self.take_back(step, reason),
            Decision::GoTo { step, reason } => self.go_to(step, reason),
            Decision::Pause => Ok(vec![self.about_run(Word::Paused, None)]),
            Decision::Abort { reason } => Ok(vec![
                self.about_run(Word::Aborted, optional(reason)),
                Order::Survey,
                Order::Write(Record::Ended { how: End::Aborted }),
            ]),
            Decision::Finish => Ok(vec![Order::Survey, Order::Write(Record::Ended { how: self.end() })]),
            Decision::Note(_) | Decision::Tick(_) | Decision::Answer { .. } => Ok(Vec::new()),
        }
    }

    /// Whether a decision is among those that may be taken now.
    fn is_possible(&self, decision: &Decision) -> Result<(), Refusal> {
        let may = choices(self.book, self.state, self.circumstances);
        let fits = |choice: &Choice| match decision {
            Decision::Done { .. } => matches!(choice, Choice::DoneByHand | Choice::MarkDone),
            // Enter before what is only looked at means looking.
            Decision::Go(_) => *choice == Choice::Go || may.first() == Some(&Choice::Verify),
            other => Some(*choice) == other.choice(),
        };
        if may.iter().any(fits) {
            return Ok(());
        }
        let words: Vec<_> = may.iter().map(|choice| choice.word()).collect();
        let now = match situation(self.book, self.state, self.circumstances) {
            Situation::NeedsParams(names) => format!("first a value is needed for {}", names.join(", ")),
            Situation::ToPrepare(step) => {
                format!("first the step `{step}` must be looked at: its target, its preconditions")
            }
            _ => "that is not possible now".to_owned(),
        };
        Err(Refusal(format!("{now}; possible: {}", words.join(", "))))
    }

    /// How the run ends when it is closed now.
    fn end(&self) -> End {
        let state = self.state;
        let deferred = state.steps.values().any(|step| step.status == StepStatus::Deferred);
        if state.aborted || state.rolling_back && state.standing().next().is_some() {
            End::Aborted
        } else if state.rolling_back {
            End::RolledBack
        } else if deferred || state.temporary().next().is_some() {
            End::CompletedExceptDeferred
        } else {
            End::Completed
        }
    }

    /// The step at hand, or the one that is taken back.
    fn step_id(&self) -> String {
        match &self.hand {
            Hand::Undo(undo) => undo.step.clone(),
            Hand::Step(step, _) => step.id.clone(),
            Hand::Nothing => String::new(),
        }
    }

    fn about_step(&self, what: Word, reason: Option<String>) -> Order {
        self.word(Some(self.step_id()), what, reason)
    }

    /// About the run, with the step at which it stands, where it stands at one.
    fn about_run(&self, what: Word, reason: Option<String>) -> Order {
        self.word(Some(self.step_id()).filter(|step| !step.is_empty()), what, reason)
    }

    fn word(&self, step: Option<String>, what: Word, reason: Option<String>) -> Order {
        let by = self.circumstances.operator.clone();
        Order::Write(Record::Decided { step, what, by, approved_by: None, reason })
    }
}

impl Decision {
    /// What it is among the choices; none for those that are always possible, and for one that may be two of them.
    pub fn choice(&self) -> Option<Choice> {
        Some(match self {
            Self::Go(_) => Choice::Go,
            Self::Done { .. } => Choice::DoneByHand,
            Self::NotDone { .. } => Choice::MarkNotDone,
            Self::Verify => Choice::Verify,
            Self::Retry => Choice::Retry,
            Self::Skip { .. } => Choice::Skip,
            Self::Defer { .. } => Choice::Defer,
            Self::Override { .. } => Choice::Override,
            Self::RollBack { .. } => Choice::RollBack,
            Self::TakeBack { .. } => Choice::TakeBack,
            Self::GoTo { .. } => Choice::GoTo,
            Self::Pause => Choice::Pause,
            Self::Abort { .. } => Choice::Abort,
            Self::Finish => Choice::Finish,
            Self::Tick(_) | Self::Answer { .. } | Self::Note(_) => return None,
        })
    }
}

impl Choice {
    /// The word in menus and messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Go => "go",
            Self::Verify => "verify",
            Self::MarkDone => "mark done",
            Self::MarkNotDone => "mark not done",
            Self::Retry => "retry",
            Self::DoneByHand => "done by hand",
            Self::Override => "override",
            Self::Skip => "skip",
            Self::Defer => "defer",
            Self::RollBack => "roll back",
            Self::TakeBack => "take back a step",
            Self::GoTo => "go to a step",
            Self::Pause => "pause",
            Self::Abort => "abort",
            Self::Finish => "finish",
        }
    }
}

fn refuse<T>(why: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal(why.into()))
}

/// A text that must be there.
fn needed(text: &str, what: &str) -> Result<String, Refusal> {
    optional(text).ok_or_else(|| Refusal(format!("say {what}")))
}

/// A text that may be there.
fn optional(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}
