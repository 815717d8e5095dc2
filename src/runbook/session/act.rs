//! The one place where hands are used: an intent is on the disk, and its outcome is written next.

use std::{path::Path, sync::Arc, time::Duration};

use tokio::{sync::mpsc, time::Instant};

use super::{Event, Session, SessionError, Work};
use crate::runbook::{
    journal::output_name,
    machine::Refusal,
    model::{ActionKind, Param},
    port::{Hands, Happening, Prepared, Stage},
    record::{Ended, Outcome, Record, Way},
};

/// For how much longer than their own time hands are waited for: they end a process in steps.
const OVERTIME: Duration = Duration::from_secs(60);

impl Session {
    /// Does what was prepared, writes the outcome down, and says whether it succeeded.
    pub(super) async fn act(
        &mut self,
        step: &str,
        way: Way,
        attempt: u32,
        prepared: &Prepared,
    ) -> Result<bool, SessionError> {
        let Some(hands) = self.hands.clone() else {
            return Err(Refusal(format!("the step `{step}` is to be done by hand")).into());
        };
        let sets = self.sets(step, way);
        self.tell(Event::Began(Work::Acting { step: step.to_owned(), within: prepared.timeout }));
        let output = output_name(step, way, attempt);
        let outcome = self.run_hands(&*hands, step, prepared, &output, sets.as_ref()).await?;
        let (outcome, given) = self.value_of(outcome, sets.as_ref());
        let (ended, says) = (outcome.ended, outcome.says.clone());
        let record = Record::Outcome { step: step.to_owned(), attempt, way, outcome };
        self.write(record).map_err(|error| lost(error, step, &says))?;
        if let Some(param) = given {
            // What the outcome could not carry is known by name.
            self.write(Record::Param { name: param.name, value: None, origin: format!("step {step}") })?;
        }
        Ok(ended == Ended::Succeeded)
    }

    /// Lets hands act, and writes down meanwhile which process they started.
    async fn run_hands(
        &mut self,
        hands: &dyn Hands,
        step: &str,
        prepared: &Prepared,
        output: &str,
        sets: Option<&Param>,
    ) -> Result<Outcome, SessionError> {
        let (listen, redactor) = (Arc::clone(&self.listen), Arc::clone(&self.redactor));
        let secret = sets.is_some_and(|param| param.secret);
        let path = self.folder().join(output);
        let (spawned, mut spawns) = mpsc::unbounded_channel();
        let happens = |what: Happening| {
            if matches!(what, Happening::Spawned { .. }) {
                // The other end lives as long as the action.
                let _ = spawned.send(what.clone());
            }
            listen(Event::Happens { step: step.to_owned(), what });
        };
        let stage = Stage {
            happens: &happens,
            stop: self.stop.subscribe(),
            redactor: &redactor,
            output: Some(path.clone()),
            wants_value: sets.is_some(),
            value_is_secret: secret,
        };
        let mut acting = hands.act(prepared, stage);
        let overdue = tokio::time::sleep(prepared.timeout + OVERTIME);
        tokio::pin!(overdue);
        let outcome = loop {
            tokio::select! {
                biased;
                Some(what) = spawns.recv() => self.write_spawned(step, &what)?,
                outcome = &mut acting => break outcome,
                () = &mut overdue => break never_came_back(prepared.timeout),
            }
        };
        drop(acting);
        while let Ok(what) = spawns.try_recv() {
            self.write_spawned(step, &what)?;
        }
        Ok(Outcome { output: outcome.output.filter(|_| path.exists()).map(|_| name_of(&path)), ..outcome })
    }

    fn write_spawned(&mut self, step: &str, what: &Happening) -> Result<(), SessionError> {
        match *what {
            Happening::Spawned { pid, started } => self.write(Record::Spawned { step: step.to_owned(), pid, started }),
            Happening::Line(_) => Ok(()),
        }
    }

    /// The parameter that takes what the action prints. An undo gives none.
    fn sets(&self, step: &str, way: Way) -> Option<Param> {
        let action = self.book.step(step)?.action.as_ref().filter(|_| way == Way::Act)?;
        self.book.param(action.sets.as_deref()?).cloned()
    }

    /// Takes the value out of an outcome: checked as any other, and not written down where it is a secret or holds one.
    /// Gives the parameter whose value is known to this program alone.
    fn value_of(&mut self, mut outcome: Outcome, sets: Option<&Param>) -> (Outcome, Option<Param>) {
        let printed = outcome.value.take();
        let (Some(param), true) = (sets, outcome.ended == Ended::Succeeded) else { return (outcome, None) };
        match printed.map(|value| param.check(value.trim())) {
            Some(Ok(value)) => {
                outcome.value = self.learn(&param.name, value, param.secret);
                let withheld = outcome.value.is_none();
                (outcome, withheld.then(|| param.clone()))
            }
            Some(Err(why)) => {
                outcome.says = format!("{}; what it printed is no value for `{}`: {why}", outcome.says, param.name);
                (outcome, None)
            }
            None => {
                outcome.says = format!("{}; it printed no value for `{}`", outcome.says, param.name);
                (outcome, None)
            }
        }
    }

    /// Lets time pass, writes down how that ended, and says whether all of it passed.
    pub(super) async fn wait(&mut self, step: &str) -> Result<bool, SessionError> {
        let action = self.book.step(step).and_then(|step| step.action.as_ref()).map(|action| &action.kind);
        let Some(ActionKind::Wait(lasts)) = action else {
            return Err(Refusal(format!("the step `{step}` is no wait")).into());
        };
        let lasts = *lasts;
        self.tell(Event::Began(Work::Waiting { step: step.to_owned(), lasts }));
        let mut halt = self.stop.subscribe();
        let began = Instant::now();
        let ended = tokio::select! {
            biased;
            _ = halt.wait_for(|halt| *halt) => Ended::Cancelled,
            () = tokio::time::sleep(lasts) => Ended::Succeeded,
        };
        let took = began.elapsed();
        let says = match ended {
            Ended::Succeeded => format!("{} s passed", took.as_secs()),
            _ => format!("stopped after {} of {} s", took.as_secs(), lasts.as_secs()),
        };
        let attempt = self.state.step(step).map_or(0, |known| known.attempts) + 1;
        let outcome = Outcome {
            ended,
            says,
            took_ms: milliseconds(took),
            excerpt: String::new(),
            printed: 0,
            output: None,
            value: None,
        };
        self.write(Record::Outcome { step: step.to_owned(), attempt, way: Way::Act, outcome })?;
        Ok(ended == Ended::Succeeded)
    }
}

pub(super) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn never_came_back(timeout: Duration) -> Outcome {
    let waited = timeout + OVERTIME;
    Outcome {
        ended: Ended::Unknown,
        says: format!("it did not come back within {} s, far over its time", waited.as_secs()),
        took_ms: milliseconds(waited),
        excerpt: String::new(),
        printed: 0,
        output: None,
        value: None,
    }
}

/// An outcome that cannot be written down is told with the error: nobody else knows it.
fn lost(error: SessionError, step: &str, says: &str) -> SessionError {
    match error {
        SessionError::Journal(why) => {
            SessionError::Lost { step: step.to_owned(), says: says.to_owned(), why: Box::new(why) }
        }
        other => other,
    }
}
