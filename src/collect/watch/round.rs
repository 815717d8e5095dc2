//! The three rounds of questions: everything, counters once more, what moves.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

use super::{
    Lost, Sample,
    contact::{Came, Contact},
    hub::Heard,
    rhythm::rested,
};
use crate::{
    collect::asker::Place,
    snapshot::{Answer, Fault, Observation},
};

/// A source with a role is asked again in a live round who it is when that is older: a failover must not wait for the
/// next audit.
pub(super) const FACTS: Duration = Duration::from_secs(10);

const DONE: Came = Came::Done { unpaired: false, turned: false };

impl Contact {
    pub(super) async fn audit(&mut self, stop: &AtomicBool) -> Result<Came, Fault> {
        self.progress(0, 0);
        self.reach(self.options.connect).await?;
        self.state.failed = None;
        let probes = self.probes.clone();
        let places = self.asker.places(probes.iter(), &self.databases);
        self.progress(0, places.len());
        // What moves comes first: it is what an operator waits for.
        let Some(mut answers) = self.sample(true, stop).await? else { return Ok(Came::Stopped) };
        let live = self.live.clone();
        let moves = |place: &&Place| live.iter().any(|(probe, _)| probe.id == place.probe.id);
        for place in places.iter().filter(|place| !moves(place)) {
            self.progress(answers.len(), places.len());
            if stop.load(Ordering::Relaxed) || !self.keep_sampling(stop).await? {
                return Ok(Came::Stopped);
            }
            answers.push(self.question(place).await?);
        }
        self.count(&places);
        self.note_losses(&answers);
        self.audits.keep_only(&answers);
        let unpaired = self.pair(&mut answers);
        let record = self.asker.record.clone();
        self.send(Heard::Answers { at: self.at, record, answers, whole: true });
        Ok(Came::Done { unpaired, turned: false })
    }

    pub(super) async fn second(&mut self, stop: &AtomicBool) -> Result<Came, Fault> {
        let probes = self.probes.clone();
        let mut answers = Vec::new();
        for place in self.asker.places(probes.iter().filter(|probe| probe.has_counters()), &self.databases) {
            if stop.load(Ordering::Relaxed) || !self.keep_sampling(stop).await? {
                return Ok(Came::Stopped);
            }
            answers.push(self.question(&place).await?);
        }
        self.pair(&mut answers);
        let record = self.asker.record.clone();
        self.send(Heard::Answers { at: self.at, record, answers, whole: false });
        Ok(DONE)
    }

    pub(super) async fn live_round(&mut self, stop: &AtomicBool) -> Result<Came, Fault> {
        let role = self.role();
        let old = |at: Instant| at.elapsed() >= FACTS && role.is_some();
        if self.reached_at.is_none_or(old) {
            self.reach(self.options.connect).await?;
        }
        let turned = role.is_some() && self.role() != role;
        let done = self.sample(false, stop).await?.is_some();
        Ok(if done { Came::Done { unpaired: false, turned } } else { Came::Stopped })
    }

    /// A long audit does not keep live rounds waiting. False when it was told to stop.
    async fn keep_sampling(&mut self, stop: &AtomicBool) -> Result<bool, Fault> {
        let due = self.is_lively() && self.live_due.is_none_or(|due| due <= Instant::now());
        Ok(!due || self.sample(false, stop).await?.is_some())
    }

    /// Asks the live questions: all, or those that are due. Gives their answers where it asks all; nothing when it was
    /// told to stop.
    async fn sample(&mut self, all: bool, stop: &AtomicBool) -> Result<Option<Vec<Observation>>, Fault> {
        let live = self.live.clone();
        let started = Instant::now();
        let due = live.iter().filter(|(probe, pace)| {
            let ago = self.asked_at.get(&probe.id).map(Instant::elapsed);
            all || pace.is_due(self.round, ago)
        });
        let mut answers = Vec::new();
        for place in self.asker.places(due.map(|(probe, _)| probe), &self.databases) {
            if stop.load(Ordering::Relaxed) {
                return Ok(None);
            }
            self.asked_at.insert(place.probe.id.clone(), Instant::now());
            answers.push(self.question(&place).await?);
        }
        self.live_due = Some(rested(started, Instant::now(), self.every));
        self.round = if all { 1 } else { self.round + 1 };
        let kept = if all { answers.clone() } else { Vec::new() };
        for (answer, probe) in answers.iter_mut().filter_map(|answer| {
            let probe = live.iter().find(|(probe, _)| probe.id == answer.probe)?;
            Some((answer, &probe.0))
        }) {
            self.samples.pair(probe, answer, self.options.least_window);
        }
        if !answers.is_empty() {
            let sample = Sample { source: self.asker.record.clone(), observations: answers };
            self.send(Heard::Sample(Arc::new(sample)));
        }
        Ok(Some(kept))
    }

    /// Gives the answers their earlier samples. Whether one that has counters finds none.
    fn pair(&mut self, answers: &mut [Observation]) -> bool {
        // A round takes a while, so that two answers may lie a little closer than two rounds.
        let least = self.options.window * 9 / 10;
        let mut unpaired = false;
        for answer in answers {
            let Some(probe) = self.probes.iter().find(|probe| probe.id == answer.probe) else { continue };
            self.audits.pair(probe, answer, least);
            let counts = probe.has_counters() && matches!(answer.answer, Answer::Table(_));
            unpaired |= counts && answer.earlier.is_none();
        }
        unpaired
    }

    /// What had no answer is on record, as in a snapshot that is collected once.
    fn note_losses(&mut self, answers: &[Observation]) {
        let mut losses = answers.iter().filter_map(|observation| match &observation.answer {
            Answer::Fault(fault) if fault.kind.is_loss() => Some(fault),
            _ => None,
        });
        self.state.lost = losses.next().map(|first| Lost { questions: 1 + losses.count(), first: first.clone() });
        if let Some(lost) = &self.state.lost {
            let note = format!("{} questions had no answer; the first of them: {}", lost.questions, lost.first);
            self.asker.record.notes.push(note);
        }
    }
}
