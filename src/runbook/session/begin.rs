//! Starting a run, and taking one up again.

use std::{collections::BTreeSet, sync::Arc};

use jiff::{SignedDuration, Timestamp};

use super::{Event, Listener, Opening, Session, SessionError, Survivor, mask, survivor};
use crate::{
    runbook::{
        journal::{Journal, New, Reading, Torn},
        machine::{self, Decision, Refusal},
        model::{Param, Runbook},
        port::{Eyes, Hands, Values},
        record::{Mode, Record, Started, When},
        state::{State, StepStatus},
    },
    secret::Secret,
};

/// What was found when a run was taken up again.
#[derive(Debug, Clone, PartialEq)]
pub struct TakenUp {
    /// How long ago its last record was written.
    pub age: SignedDuration,
    /// What has changed in the runbook's text since, in words.
    pub changed: Vec<String>,
    /// What a crash left of a last line: it was never acted on.
    pub torn: Option<Torn>,
    /// Steps of which nobody knows what their actions did.
    pub unknown: Vec<String>,
    /// Processes of such steps that still live. They come before anything else.
    pub survivors: Vec<Survivor>,
}

impl Session {
    /// Starts a run: makes its folder, writes down how it begins and the values that are known, and takes the snapshot
    /// before. The run is paused where that was stopped.
    ///
    /// # Errors
    /// A folder or journal that cannot be written; a value that does not fit its parameter; a run without hands.
    pub async fn start(
        book: Arc<Runbook>,
        eyes: Arc<dyn Eyes>,
        hands: Option<Arc<dyn Hands>>,
        opening: Opening,
        listen: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Self, SessionError> {
        let hands = hands_for(opening.mode, hands)?;
        let given = given(&book, &opening)?;
        let at = crate::clock::now();
        let new = New { runs: &opening.folder, runbook: &book.id, text: &book.text, host: &opening.host, at };
        let journal = Journal::create(&new)?;
        let who = (opening.operator.clone(), opening.host.clone());
        let started = Started::new(&book, journal.run(), opening.mode, who, eyes.target(), opening.finding.clone());
        let mut session = Self::new(book, eyes, hands, opening, Arc::new(listen), journal);
        session.write(Record::Started(Box::new(started)))?;
        for (name, value, origin) in given {
            session.give(&name, value, &origin)?;
        }
        session.give_defaults()?;
        session.survey_before().await?;
        Ok(session)
    }

    /// Takes a run up again from its folder. Nothing is done by that: the step at hand is to be prepared anew, and what
    /// was begun without a known end is to be settled.
    ///
    /// # Errors
    /// A journal that another process writes, that is broken before its last line, that is a plan's, or whose runbook has
    /// changed where the run stands.
    pub async fn resume(
        book: Arc<Runbook>,
        eyes: Arc<dyn Eyes>,
        hands: Option<Arc<dyn Hands>>,
        opening: Opening,
        run: &str,
        listen: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Self, SessionError> {
        let given = given(&book, &opening)?;
        let (journal, reading) = Journal::open(&opening.folder, run, &opening.host)?;
        let hands = hands_for(reading.started.mode, hands)?;
        same_target(&reading.started, &*eyes)?;
        let state = State::fold(&book, &reading.records)?;
        let changed = machine::resume_check(&book, &state)?;
        let mut session = Self::new(book, eyes, hands, opening, Arc::new(listen), journal);
        session.state = state;
        session.remember(&reading);
        let taken_up = session.found(&reading, changed);
        session.write(session.resumed(&taken_up.changed))?;
        session.taken_up = Some(taken_up);
        session.give_missing(given)?;
        session.give_defaults()?;
        session.survey_before().await?;
        Ok(session)
    }

    fn new(
        book: Arc<Runbook>,
        eyes: Arc<dyn Eyes>,
        hands: Option<Arc<dyn Hands>>,
        opening: Opening,
        listen: Listener,
        journal: Journal,
    ) -> Self {
        let redactor = Arc::new(mask::redactor(&*eyes, &Values::default()));
        let stop = opening.stop.clone();
        Self {
            book,
            eyes,
            hands,
            opening,
            listen,
            journal,
            state: State::default(),
            values: Values::default(),
            withheld: BTreeSet::new(),
            redactor,
            stop,
            taken_up: None,
        }
    }

    /// Takes the values from the state, and remembers the names of those that were not written down.
    fn remember(&mut self, reading: &Reading) {
        for (name, (value, _)) in &self.state.params {
            self.values.set(name, value);
        }
        let names = reading.records.iter().filter_map(|stamped| match &stamped.record {
            Record::Param { name, value: None, .. } => Some(name.clone()),
            _ => None,
        });
        self.withheld = names.filter(|name| self.values.expose(name).is_none()).collect();
    }

    fn found(&self, reading: &Reading, changed: Vec<String>) -> TakenUp {
        let last = reading.records.last().map_or_else(Timestamp::default, |last| last.at);
        let open = |status| matches!(status, StepStatus::Running | StepStatus::OutcomeUnknown);
        let steps = self.state.steps.iter();
        let undos = self.state.undo.iter().map(|undo| (&undo.step, &undo.state));
        let open: Vec<_> = steps.chain(undos).filter(|(_, step)| open(step.status)).collect();
        TakenUp {
            age: crate::clock::now().duration_since(last),
            changed,
            torn: reading.torn,
            unknown: open.iter().map(|(id, _)| (*id).clone()).collect(),
            survivors: survivor::among(&open, self.journal.before(), last_begun(reading)),
        }
    }

    fn resumed(&self, changed: &[String]) -> Record {
        Record::Resumed {
            operator: self.opening.operator.clone(),
            host: self.opening.host.clone(),
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            hash: self.book.hash.clone(),
            changed: changed.to_vec(),
        }
    }

    /// Gives parameters the values that came with taking the run up. A run keeps the values that it has.
    fn give_missing(&mut self, given: Vec<(String, String, String)>) -> Result<(), SessionError> {
        for (name, value, origin) in given {
            match self.values.expose(&name) {
                None => self.give(&name, value, &origin)?,
                Some(known) if known == value => {}
                Some(_) => {
                    return Err(Refusal(format!(
                        "`{name}` has another value in this run, which it keeps; leave it out, or start a new run"
                    ))
                    .into());
                }
            }
        }
        Ok(())
    }

    /// Writes down the defaults of parameters that nobody gave a value, so that the record has all that is used.
    fn give_defaults(&mut self) -> Result<(), SessionError> {
        let book = Arc::clone(&self.book);
        for param in &book.params {
            let known = self.values.expose(&param.name).is_some() || self.withheld.contains(&param.name);
            if let Some(default) = param.default.as_deref().filter(|_| !known) {
                let value = checked(param, default)?;
                self.give(&param.name, value, "default")?;
            }
        }
        Ok(())
    }

    /// Gives a parameter its value, which has been checked, and writes it down where it is no secret.
    pub(super) fn give(&mut self, name: &str, value: String, origin: &str) -> Result<(), SessionError> {
        let secret = self.book.param(name).is_some_and(|param| param.secret);
        let written = self.learn(name, value, secret);
        self.write(Record::Param { name: name.to_owned(), value: written, origin: origin.to_owned() })
    }

    /// Keeps a value in memory, and says what of it may be written down: nothing of a secret, nor of a text that holds one
    /// and would come back as another.
    pub(super) fn learn(&mut self, name: &str, value: String, secret: bool) -> Option<String> {
        self.withheld.remove(name);
        if secret || self.redactor.line(&value) != value {
            self.keep(name, Secret::new(value));
            return None;
        }
        self.values.set(name, &value);
        Some(value)
    }

    pub(super) fn keep(&mut self, name: &str, value: Secret) {
        self.withheld.remove(name);
        self.values.set_secret(name, value);
        self.redactor = Arc::new(mask::redactor(&*self.eyes, &self.values));
    }

    /// Takes the snapshot before, where none was taken. Who stops that wants to stop: the run is paused as it stands, and
    /// the snapshot is taken once the run is taken up again.
    async fn survey_before(&mut self) -> Result<(), SessionError> {
        let begun = self.state.steps.values().any(|step| step.attempts > 0);
        if !self.opening.survey || self.state.before.is_some() || begun {
            return Ok(());
        }
        self.survey(When::Before).await?;
        if self.state.before.is_none() && *self.stop.borrow() {
            self.decide(Decision::Pause).await?;
        }
        Ok(())
    }
}

/// The hands that a run may have: an instruction has none, whatever is given, and what acts needs them.
fn hands_for(mode: Mode, hands: Option<Arc<dyn Hands>>) -> Result<Option<Arc<dyn Hands>>, Refusal> {
    match (mode, hands) {
        (Mode::Plan, _) => Err(Refusal("a plan only looks and is never gone on with; start a run".to_owned())),
        (Mode::Instruct, _) => Ok(None),
        (Mode::Run | Mode::Auto, None) => {
            Err(Refusal("this target is a recording: nothing can be run on it; walk it by hand, or plan".to_owned()))
        }
        (Mode::Run | Mode::Auto, hands) => Ok(hands),
    }
}

/// The values that are known beforehand, each checked before anything is made.
fn given(book: &Runbook, opening: &Opening) -> Result<Vec<(String, String, String)>, Refusal> {
    let check = |(name, value, origin): &(String, String, String)| {
        let Some(param) = book.param(name) else {
            let names: Vec<_> = book.params.iter().map(|param| param.name.as_str()).collect();
            return Err(Refusal(format!("the runbook has no parameter `{name}`; it has: {}", names.join(", "))));
        };
        Ok((name.clone(), checked(param, value)?, origin.clone()))
    };
    opening.values.iter().map(check).collect()
}

fn checked(param: &Param, value: &str) -> Result<String, Refusal> {
    param.check(value).map_err(|why| Refusal(format!("`{}`: {why}", param.name)))
}

/// The step whose action was begun last.
fn last_begun(reading: &Reading) -> Option<&str> {
    reading.records.iter().rev().find_map(|stamped| match &stamped.record {
        Record::Intent { step, .. } => Some(step.as_str()),
        _ => None,
    })
}

/// A run that was begun on one target is never gone on with on another.
fn same_target(started: &Started, eyes: &dyn Eyes) -> Result<(), Refusal> {
    let (target, environment) = eyes.target();
    let named = |name: &str, environment: Option<&str>| match environment {
        Some(environment) => format!("{name} ({environment})"),
        None => name.to_owned(),
    };
    if (&target, &environment) == (&started.target, &started.environment) {
        return Ok(());
    }
    Err(Refusal(format!(
        "the run was begun on {}, and this is {}; name that target, or start a new run",
        named(&started.target, started.environment.as_deref()),
        named(&target, environment.as_deref())
    )))
}
