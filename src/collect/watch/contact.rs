//! The contact with one source: rounds of questions over one connection, and what to do when there is no answer.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use tokio::{sync::mpsc::UnboundedSender, time::Instant};

use super::{
    Asking, Failed, Options, Pace, SourceState,
    hub::{Heard, Open},
    live,
    memory::Memory,
    rhythm::Due,
    round::FACTS,
};
use crate::{
    check::probe::Probe,
    clock,
    collect::asker::{Asker, Place},
    snapshot::{Answer, Fault, FaultKind, Observation, Value},
};

/// The longest that a source may take to say who it is after it left a question unanswered.
const SIGN_OF_LIFE: Duration = Duration::from_secs(3);

/// How a round ended, where the source did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    /// It is done. Whether counters of an audit have no earlier sample; whether the source plays another role now.
    Done { unpaired: bool, turned: bool },
    /// It was told to stop.
    Stopped,
}

/// One source: its connection, what is asked, what is remembered, where the news go.
pub(super) struct Contact {
    pub(super) at: usize,
    pub(super) asker: Asker,
    pub(super) open: Open,
    pub(super) options: Arc<Options>,
    /// The time between live rounds, as it was wished last.
    pub(super) every: Duration,
    pub(super) probes: Arc<[Probe]>,
    pub(super) live: Arc<[(Probe, Pace)]>,
    pub(super) sender: UnboundedSender<Heard>,
    pub(super) state: SourceState,
    pub(super) databases: Vec<String>,
    /// When it said who it is; nothing until it is reached, and after it was lost.
    pub(super) reached_at: Option<Instant>,
    pub(super) audits: Memory,
    pub(super) samples: Memory,
    /// The number of the next live round, when it is due, and when each of its probes was asked.
    pub(super) round: u64,
    pub(super) live_due: Option<Instant>,
    pub(super) asked_at: BTreeMap<String, Instant>,
    /// How many questions were put in the round at hand, and how many of them have an answer, if only a no.
    tally: (usize, usize),
    /// How many questions it is asked: live ones by their pace, and those of an audit.
    pub(super) questions: (Vec<(Pace, usize)>, usize),
}

impl Contact {
    pub(super) fn new(
        at: usize,
        (asker, open): (Asker, Open),
        probes: Arc<[Probe]>,
        live: &[(Probe, Pace)],
        options: Arc<Options>,
        sender: UnboundedSender<Heard>,
    ) -> Self {
        let kind = asker.record.kind;
        let live: Arc<[_]> = live.iter().filter(|(probe, _)| probe.source == kind).cloned().collect();
        let every = options.live.max(Options::CLOSEST);
        let record = Arc::new(asker.record.clone());
        let mut contact = Self {
            at,
            asker,
            open,
            every,
            probes,
            live,
            sender,
            state: SourceState::new(record, options.audit),
            options,
            databases: Vec::new(),
            reached_at: None,
            audits: Memory::default(),
            samples: Memory::default(),
            round: 0,
            live_due: None,
            asked_at: BTreeMap::new(),
            tally: (0, 0),
            questions: (Vec::new(), 0),
        };
        contact.live_every(every);
        contact
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.asker.record.name
    }

    /// Whether anything is asked of it in live rounds.
    pub(super) fn is_lively(&self) -> bool {
        !self.live.is_empty()
    }

    /// Another time between live rounds.
    pub(super) fn live_every(&mut self, every: Duration) {
        self.every = every.max(Options::CLOSEST);
        self.live_due = self.live_due.map(|due| due.min(Instant::now() + self.every));
        let periods = self.live.iter().map(|(_, pace)| pace.period(self.every));
        self.state.every = periods.min().unwrap_or(self.options.audit);
        self.budget();
    }

    /// Tells how the source stands.
    pub(super) fn tell(&mut self) {
        if *self.state.record != self.asker.record {
            self.state.record = Arc::new(self.asker.record.clone());
        }
        self.send(Heard::State(self.at, Arc::new(self.state.clone())));
    }

    /// Asks what is due. A fault is that of the source as a whole: it does not answer.
    pub(super) async fn round(&mut self, due: Due, stop: &AtomicBool) -> Result<Came, Fault> {
        let started = Instant::now();
        self.asker.take_heart();
        self.tally = (0, 0);
        let came = match due {
            Due::Audit => self.audit(stop).await?,
            Due::Second => self.second(stop).await?,
            Due::Live => self.live_round(stop).await?,
        };
        if self.tally.0 == 0 && due == Due::Live {
            // Nothing was due: how old its answers are has not changed.
            return Ok(came);
        }
        self.state.asking = None;
        let (put, answered) = self.tally;
        // One that is asked nothing in an audit has at least said who it is.
        if came != Came::Stopped && (answered > 0 || put == 0) {
            self.state.answered_at = Some(clock::now());
            self.state.took = Some(started.elapsed());
            if due == Due::Audit {
                self.state.audited_at = self.state.answered_at;
            }
        }
        self.tell();
        Ok(came)
    }

    /// Asks one question, and keeps count.
    pub(super) async fn question(&mut self, place: &Place<'_>) -> Result<Observation, Fault> {
        let observation = self.put(place).await?;
        let lost = matches!(&observation.answer, Answer::Fault(fault) if fault.kind.is_loss());
        self.tally = (self.tally.0 + 1, self.tally.1 + usize::from(!lost));
        Ok(observation)
    }

    /// Where no answer comes, the source is asked for a sign of life: without one it is the source that fails, not the
    /// question.
    async fn put(&mut self, place: &Place<'_>) -> Result<Observation, Fault> {
        let given_up = self.asker.is_given_up();
        let observation = self.asker.observe(place).await;
        let Answer::Fault(loss) = &observation.answer else { return Ok(observation) };
        if given_up || !matches!(loss.kind, FaultKind::Deadline | FaultKind::Gone | FaultKind::Unreachable) {
            return Ok(observation);
        }
        if loss.kind == FaultKind::Deadline {
            self.reach(self.options.connect.min(SIGN_OF_LIFE)).await.map_err(|fault| silent(loss, fault))?;
            return Ok(observation);
        }
        self.reach(self.options.connect).await?;
        // The connection was cut and is open again; another database may still not be reachable.
        Ok(if loss.kind == FaultKind::Gone { self.asker.observe(place).await } else { observation })
    }

    /// Reaches the source, or asks who it is now.
    pub(super) async fn reach(&mut self, deadline: Duration) -> Result<(), Fault> {
        let databases = match self.asker.connect(deadline).await {
            // That a connection is cut may show only when it is used.
            Err(fault) if fault.kind == FaultKind::Gone => self.asker.connect(deadline).await,
            other => other,
        };
        self.databases = databases?;
        self.asker.record.fault = None;
        self.reached_at = Some(Instant::now());
        Ok(())
    }

    /// The source does not answer: forgets the connection and what was counted.
    pub(super) fn failed(&mut self, fault: Fault, tries: u32, wait: Duration) {
        let now = clock::now();
        let since = self.state.failed.as_ref().map_or(now, |failed| failed.since);
        let news = self.asker.record.fault.as_ref() != Some(&fault);
        self.drop_connection();
        self.audits.clear();
        self.samples.clear();
        self.asked_at.clear();
        self.asker.record.fault = Some(fault.clone());
        self.state.lost = None;
        self.state.failed = Some(Failed { fault: fault.clone(), since, tries, next: Some(now + wait) });
        self.tell();
        if news {
            let record = self.asker.record.clone();
            self.send(Heard::Failed { at: self.at, record, fault });
        }
    }

    /// What was asked is dropped, with the connection on which its answer may still come.
    pub(super) fn cancelled(&mut self, wait: Option<Duration>) {
        self.drop_connection();
        if let (Some(failed), Some(wait)) = (&mut self.state.failed, wait) {
            failed.next = Some(clock::now() + wait);
        }
        self.tell();
    }

    fn drop_connection(&mut self) {
        self.asker.renew((self.open)());
        self.reached_at = None;
        self.state.asking = None;
    }

    /// How many questions there are, now that it is known what is asked where.
    pub(super) fn count(&mut self, places: &[Place<'_>]) {
        let of = |probe: &Probe| places.iter().filter(|place| place.probe.id == probe.id).count();
        let mut live: Vec<_> = self.live.iter().map(|(probe, pace)| (*pace, of(probe))).collect();
        if self.is_lively() && self.role().is_some() {
            live.push((Pace::Every(FACTS), 1));
        }
        // One more: who it is.
        self.questions = (live, places.len() + 1);
        self.budget();
    }

    fn budget(&mut self) {
        let (live, audited) = &self.questions;
        self.state.per_minute = live::per_minute(live, self.every, *audited, self.options.audit);
    }

    pub(super) fn role(&self) -> Option<Value> {
        self.asker.record.facts.get("role").cloned()
    }

    pub(super) fn progress(&mut self, done: usize, of: usize) {
        self.state.asking = Some(Asking { done, of });
        self.tell();
    }

    /// The receiver is gone only when the watch has ended; then nobody misses the news.
    pub(super) fn send(&self, heard: Heard) {
        let _ = self.sender.send(heard);
    }
}

/// A source that left a question unanswered and gives no sign of life.
fn silent(question: &Fault, sign: Fault) -> Fault {
    if sign.kind != FaultKind::Deadline {
        return sign;
    }
    let message =
        format!("a question had no answer ({}), and then no sign of life either ({})", question.message, sign.message);
    let remedy = "it accepts connections or keeps them open, but does not work: look at its process, disk and load on its own host";
    Fault::new(FaultKind::Deadline, message).remedy(sign.remedy.unwrap_or_else(|| remedy.to_owned()))
}
