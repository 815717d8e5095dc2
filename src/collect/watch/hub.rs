//! Where the tasks of the sources report, and orders are handed on. It keeps the latest of each source and nothing older.

use std::{collections::HashMap, sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{
    sync::mpsc::{self, UnboundedReceiver, UnboundedSender},
    task::{Id, JoinError, JoinSet},
    time::Instant,
};

use super::{
    Failed, LiveProbe, News, Options, Order, Part, Sample, SourceState, contact::Contact, fold, live, post::Post,
    rhythm::Rhythm,
};
use crate::{
    check::probe::Probe,
    clock,
    collect::asker::Asker,
    snapshot::{Fault, FaultKind, Observation, SourceRecord, TargetRecord},
    source::Source,
};

/// Opens another connection to a source.
pub(super) type Open = Box<dyn Fn() -> Box<dyn Source> + Send>;

/// The least time between two snapshots: sources that answer in the same moment are told of together.
const APART: Duration = Duration::from_millis(200);

/// What the task of a source reports.
pub(super) enum Heard {
    State(usize, Arc<SourceState>),
    Sample(Arc<Sample>),
    Answers {
        at: usize,
        record: SourceRecord,
        answers: Vec<Observation>,
        /// Whether it was asked everything.
        whole: bool,
    },
    Failed {
        at: usize,
        record: SourceRecord,
        fault: Fault,
    },
}

/// All sources of a target.
pub(super) struct Hub {
    target: TargetRecord,
    began: Timestamp,
    options: Arc<Options>,
    probes: Arc<[Probe]>,
    parts: Vec<Part>,
    states: Vec<Arc<SourceState>>,
    tasks: JoinSet<()>,
    /// Which task is whose.
    whose: HashMap<Id, usize>,
    orders: Vec<UnboundedSender<Order>>,
    posts: Vec<Post>,
    heard: UnboundedReceiver<Heard>,
}

impl Hub {
    pub(super) fn new(
        target: TargetRecord,
        places: Vec<(Asker, Open)>,
        probes: Vec<Probe>,
        live: &[LiveProbe],
        options: Options,
    ) -> Self {
        let live = live::of(&probes, live);
        let (probes, options): (Arc<[Probe]>, _) = (probes.into(), Arc::new(options));
        let (sender, heard) = mpsc::unbounded_channel();
        let parts = places.iter().map(|(asker, _)| Part::pending(asker.record.clone(), &probes)).collect();
        let states = places
            .iter()
            .map(|(asker, _)| Arc::new(SourceState::new(Arc::new(asker.record.clone()), options.audit)))
            .collect();
        let (mut posts, mut orders) = (Vec::new(), Vec::new());
        for (at, place) in places.into_iter().enumerate() {
            let contact = Contact::new(at, place, probes.clone(), &live, options.clone(), sender.clone());
            let rhythm = Rhythm::new(&options, contact.is_lively(), Instant::now());
            let (to, receiver) = mpsc::unbounded_channel();
            orders.push(to);
            posts.push(Post { contact, rhythm, orders: receiver });
        }
        Self {
            target,
            began: clock::now(),
            options,
            probes,
            parts,
            states,
            tasks: JoinSet::new(),
            whose: HashMap::new(),
            orders,
            posts,
            heard,
        }
    }

    /// Goes on until it is dropped, or until nobody gives orders any more.
    pub(super) async fn run(mut self, mut orders: UnboundedReceiver<Order>, news: impl Fn(News)) {
        for (at, post) in self.posts.drain(..).enumerate() {
            let task = self.tasks.spawn(post.run());
            self.whose.insert(task.id(), at);
        }
        let (mut stale, mut next) = (false, Instant::now());
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => self.hand_on(&order),
                    None => return,
                },
                Some(heard) = self.heard.recv() => stale |= self.hear(heard, &news),
                Some(ended) = self.tasks.join_next_with_id() => stale |= self.ended(&ended, &news),
                () = tokio::time::sleep_until(next), if stale => {
                    news(News::Snapshot(Arc::new(self.fold())));
                    (stale, next) = (false, Instant::now() + APART);
                }
            }
        }
    }

    fn hand_on(&self, order: &Order) {
        let is_meant = |state: &Arc<SourceState>| match order {
            Order::Now(Some(name)) => state.record.name == *name,
            _ => true,
        };
        for (to, _) in self.orders.iter().zip(&self.states).filter(|(_, state)| is_meant(state)) {
            // A task that has ended takes no orders; how its source stands says so.
            let _ = to.send(order.clone());
        }
    }

    /// Whether there is something else to judge now.
    fn hear(&mut self, heard: Heard, news: &impl Fn(News)) -> bool {
        match heard {
            Heard::State(at, state) => {
                self.states[at] = state.clone();
                news(News::Source(state));
                return false;
            }
            Heard::Sample(sample) => {
                news(News::Sample(sample));
                return false;
            }
            Heard::Answers { at, record, answers, whole: true } => self.parts[at] = Part::answered(record, answers),
            Heard::Answers { at, record, answers, whole: false } => self.parts[at].take(record, answers),
            Heard::Failed { at, record, fault } => self.parts[at] = Part::failed(record, &self.probes, &fault),
        }
        true
    }

    /// A task ends by itself only when something in it broke; its source is not asked any more, and that is said.
    fn ended(&mut self, ended: &Result<(Id, ()), JoinError>, news: &impl Fn(News)) -> bool {
        let id = ended.as_ref().map_or_else(JoinError::id, |(id, ())| *id);
        let Some(at) = self.whose.remove(&id) else { return false };
        let fault = Fault::new(FaultKind::Rubbish, "asking this source ended by itself; that is a bug of loadline")
            .remedy("start again, and report it with the version");
        let (now, state) = (clock::now(), Arc::make_mut(&mut self.states[at]));
        state.asking = None;
        state.failed = Some(Failed { fault: fault.clone(), since: now, tries: 1, next: None });
        self.parts[at] = Part::failed(SourceRecord::clone(&state.record), &self.probes, &fault);
        news(News::Source(self.states[at].clone()));
        true
    }

    fn fold(&self) -> crate::snapshot::Snapshot {
        fold(&self.target, &self.parts, self.options.window, self.options.load.as_ref(), self.began)
    }
}
