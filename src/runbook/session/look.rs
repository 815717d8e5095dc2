//! Looking: targets and preconditions before an action, live checks after it, and the whole target before and after.

use std::{collections::BTreeMap, future::Future, sync::Arc, time::Duration};

use tokio::{sync::watch, time::Instant};

use super::{
    Event, Session, SessionError, Work,
    act::milliseconds,
    patience::{self, Next, Patience},
};
use crate::{
    check::finding::{Finding, Status},
    runbook::{
        machine::Refusal,
        model::{Condition, Expectation, PhaseKind, Runbook, Step, TargetRef},
        port::{Identity, Sight, Values},
        record::{Mode, Record, Seen, Verdict, Way, When},
        state::StepStatus,
    },
    snapshot::Fault,
};

/// The longest that one look may take, whatever eyes promise.
const LOOK: Duration = Duration::from_secs(60);

/// The longest that a snapshot of the whole target may take.
const SURVEY: Duration = Duration::from_secs(120);

impl Session {
    /// Resolves the target of a step and asks its preconditions, and writes both down. Of what is taken back, only the
    /// target is asked.
    pub(super) async fn look_before(&mut self, id: &str) -> Result<(), SessionError> {
        let book = Arc::clone(&self.book);
        let Some(step) = book.step(id) else {
            return Err(Refusal(format!("the runbook has no step `{id}`")).into());
        };
        self.tell(Event::Began(Work::Preparing(id.to_owned())));
        let way = self.at_hand().filter(|(at, _)| at == id).map_or(Way::Act, |(_, way)| way);
        let values = self.values_for(id, way);
        let action = if way == Way::Undo { step.undo.as_ref() } else { step.action.as_ref() };
        if let Some(target) = action.and_then(|action| action.target.as_ref()).filter(|_| self.acts())
            && !self.resolve(id, target, &values).await?
        {
            return Ok(());
        }
        let conditions: Vec<_> = step.require.iter().filter(|_| way == Way::Act).collect();
        for seen in self.look(&conditions, &values).await {
            self.write(Record::Required { step: id.to_owned(), seen })?;
        }
        Ok(())
    }

    /// Asks a target who it is, and says whether it answered.
    async fn resolve(&mut self, step: &str, target: &TargetRef, values: &Values) -> Result<bool, SessionError> {
        let eyes = Arc::clone(&self.eyes);
        let answer: Result<Identity, String> = match self.within(LOOK, eyes.resolve(target, values)).await {
            Ok(Ok(identity)) => Ok(identity),
            Ok(Err(fault)) => Err(in_words(&fault)),
            Err(why) => Err(why),
        };
        let step = step.to_owned();
        match answer {
            Ok(identity) => self.write(Record::Resolved { step, identity }).map(|()| true),
            Err(says) => self.write(Record::Unresolved { step, says }).map(|()| false),
        }
    }

    /// What live checks say of some conditions now: one answer a condition, whatever happens.
    async fn look(&mut self, conditions: &[&Condition], values: &Values) -> Vec<Seen> {
        if conditions.is_empty() {
            return Vec::new();
        }
        let (eyes, book) = (Arc::clone(&self.eyes), Arc::clone(&self.book));
        let looked = self.within(LOOK, eyes.look(&book, conditions, values)).await;
        let (seen, why) = match looked {
            Ok(seen) => (seen, "it was not answered".to_owned()),
            Err(why) => (Vec::new(), why),
        };
        let mut seen = seen.into_iter();
        conditions.iter().map(|condition| seen.next().unwrap_or_else(|| unknown(condition, &why))).collect()
    }

    /// Waits for something, for so long, and not after a stop.
    async fn within<T>(&self, longest: Duration, doing: impl Future<Output = T>) -> Result<T, String> {
        let stop = self.stop.subscribe();
        unless_stopped(stop, longest, doing).await
    }

    /// Looks at the live checks of a step until they hold or time is up, and writes samples and verdict down.
    pub(super) async fn verify(&mut self, id: &str) -> Result<(), SessionError> {
        let book = Arc::clone(&self.book);
        let verifications: Vec<_> = book.step(id).into_iter().flat_map(Step::verifications).collect();
        if verifications.is_empty() {
            return Err(
                Refusal(format!("nothing tells whether the step `{id}` was done; say how one can see it")).into()
            );
        }
        let conditions: Vec<_> = verifications.iter().map(|verify| &verify.condition).collect();
        let mut patience: Vec<_> = verifications.iter().map(|verify| Patience::new(verify)).collect();
        let within = patience::longest(&patience);
        self.tell(Event::Began(Work::Verifying { step: id.to_owned(), within }));
        let values = self.values_for(id, Way::Act);
        let began = Instant::now();
        let (verdict, seen) = loop {
            let looked = began.elapsed();
            let seen = self.look(&conditions, &values).await;
            if *self.stop.borrow() {
                break (Verdict::Stopped, seen);
            }
            for (one, seen) in patience.iter_mut().zip(&seen) {
                one.see(began.elapsed(), seen.holds);
                self.write(Record::Sample { step: id.to_owned(), seen: seen.clone() })?;
            }
            match patience::next(&patience, began.elapsed()) {
                Next::Over(verdict) => break (verdict, seen),
                Next::Look(pause) => {
                    // The time that the look took is part of the time between looks.
                    let pause = pause.saturating_sub(began.elapsed().saturating_sub(looked)).max(patience::BREATH);
                    if self.within(Duration::MAX, tokio::time::sleep(pause)).await.is_err() {
                        break (Verdict::Stopped, seen);
                    }
                }
            }
        };
        let took_ms = milliseconds(began.elapsed());
        self.write(Record::Verified { step: id.to_owned(), verdict, seen, took_ms })
    }

    /// Asks the checks of steps that are verified again; those that no longer hold become regressed. What cannot be
    /// measured proves nothing either way.
    ///
    /// # Errors
    /// A journal that cannot be written.
    pub async fn watch(&mut self) -> Result<(), SessionError> {
        let book = Arc::clone(&self.book);
        let over = self.state.ended.is_some() || self.state.rolling_back;
        let watched: Vec<(String, &Condition)> =
            if over { Vec::new() } else { watched(&book, |id| self.is_verified(id)) };
        let conditions: Vec<_> = watched.iter().map(|(_, condition)| *condition).collect();
        if conditions.is_empty() {
            return Ok(());
        }
        self.stop.send_replace(false);
        self.tell(Event::Began(Work::Watching));
        let values = self.values.clone();
        let seen = self.look(&conditions, &values).await;
        for ((step, _), seen) in watched.into_iter().zip(seen) {
            if seen.holds == Some(false) && self.is_verified(&step) {
                self.write(Record::Regressed { step, seen })?;
            }
        }
        Ok(())
    }

    fn is_verified(&self, step: &str) -> bool {
        self.state.status(step) == StepStatus::Verified
    }

    fn acts(&self) -> bool {
        self.state.started.as_ref().is_some_and(|started| matches!(started.mode, Mode::Run | Mode::Auto))
    }

    /// Takes a snapshot of the whole target. One that fails is written down as such, and holds nothing up.
    pub(super) async fn survey(&mut self, when: When) -> Result<(), SessionError> {
        self.tell(Event::Began(Work::Surveying(when)));
        let eyes = Arc::clone(&self.eyes);
        let sight = match self.within(SURVEY, eyes.survey()).await {
            Ok(sight) => sight.map_err(|fault| in_words(&fault)),
            Err(why) => Err(why),
        };
        let record = match sight.and_then(|sight| self.keep_sight(when, &sight)) {
            Ok(record) => record,
            Err(why) => Record::SnapshotFailed { when, why },
        };
        self.write(record)
    }

    fn keep_sight(&self, when: When, sight: &Sight) -> Result<Record, String> {
        let file = match when {
            When::Before => "before.json",
            When::After => "after.json",
        };
        let text = sight.snapshot.write().map_err(|error| error.to_string())?;
        self.journal.keep(file, text.as_bytes()).map_err(|error| error.to_string())?;
        Ok(Record::Snapshot { when, file: file.to_owned(), findings: of_note(&sight.findings) })
    }
}

/// What the findings of a snapshot are compared by. What could not be measured is among them: a finding that is unknown
/// afterwards is not cured.
fn of_note(findings: &[Finding]) -> BTreeMap<String, String> {
    let worth = |finding: &&Finding| matches!(finding.status, Status::Fail | Status::Warn | Status::Unknown);
    let pair = |finding: &Finding| {
        (format!("{}: {}", finding.check, finding.subject), finding.status.word().to_ascii_lowercase())
    };
    findings.iter().filter(worth).map(pair).collect()
}

/// The conditions by which steps that are verified may regress. That a runbook was the right one when it was opened is
/// not expected to stay so.
fn watched(book: &Runbook, is_verified: impl Fn(&str) -> bool) -> Vec<(String, &Condition)> {
    let lasting = |kind| !matches!(kind, PhaseKind::Preconditions | PhaseKind::Diagnose | PhaseKind::RollBack);
    let steps = book.steps().filter(|(phase, step)| lasting(phase.kind) && is_verified(&step.id));
    let conditions =
        steps.flat_map(|(_, step)| step.verifications().map(|verify| (step.id.clone(), &verify.condition)));
    conditions.filter(|(_, condition)| condition.expect != Expectation::Fails).collect()
}

fn unknown(condition: &Condition, why: &str) -> Seen {
    let subject = condition.subject.as_ref().map(|subject| format!(" of {subject}")).unwrap_or_default();
    let expects = match &condition.expect {
        Expectation::Passes => "passes",
        Expectation::DoesNotFail => "does not fail",
        Expectation::Fails => "fails",
        Expectation::Holds(expression) => expression,
    };
    Seen { condition: format!("{}{subject}: {expects}", condition.check), holds: None, says: why.to_owned() }
}

fn in_words(fault: &Fault) -> String {
    match &fault.remedy {
        Some(remedy) => format!("{fault}; {remedy}"),
        None => fault.to_string(),
    }
}

async fn unless_stopped<T>(
    mut stop: watch::Receiver<bool>,
    longest: Duration,
    doing: impl Future<Output = T>,
) -> Result<T, String> {
    tokio::select! {
        biased;
        _ = stop.wait_for(|stop| *stop) => Err("the operator stopped it".to_owned()),
        done = doing => Ok(done),
        () = tokio::time::sleep(longest) => Err(format!("there was no answer within {} s", longest.as_secs())),
    }
}
