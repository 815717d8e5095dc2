//! A live target: watched in tasks of its own, and judged whenever there is something new. Asking is cancelled by an order
//! ([`Order::Cancel`]); judging computes over what is in memory, and is superseded by newer answers instead.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Events, Ground, history::Keeper, recorded};
use crate::{
    collect::watch::{self, News, Order, Sample, Watch},
    snapshot::{Observation, Snapshot},
    tui::{
        event::{Effect, Event},
        model::{Gravity, SourceFault, SourceState},
    },
};

/// The latest answers on their way to the judge. What was not judged yet when newer ones come is not judged any more.
type Latest = tokio::sync::watch::Sender<Option<Arc<Snapshot>>>;

/// Begins to watch the target of some ground, where it is a live one.
pub(super) fn begin(ground: &Arc<Ground>, events: &Events) -> Option<Watch> {
    let target = ground.live.as_ref()?;
    let (latest, waiting) = tokio::sync::watch::channel(None);
    tokio::spawn(judge(Arc::clone(ground), waiting, events.clone()));
    let news = listener(Arc::clone(ground), latest, events.clone());
    let options = ground.options.clone();
    Some(watch::watch((**target).clone(), ground.probes.clone(), watch::live::PROBES, options, news))
}

/// Hands an effect on to the watch.
pub(super) fn order(watch: Option<&Watch>, effect: Effect) {
    let order = match effect {
        Effect::Refresh(source) => Order::Now(source),
        Effect::Pause(paused) => Order::Pause(paused),
        Effect::Every(seconds) => Order::Every(std::time::Duration::from_secs(seconds)),
        Effect::Cancel => Order::Cancel,
        _ => return,
    };
    if let Some(watch) = watch {
        watch.order(order);
    }
}

/// Makes events of what a watch tells. The program that closes its end has left, and misses none.
fn listener(ground: Arc<Ground>, latest: Latest, events: Events) -> impl Fn(News) + Send + 'static {
    let names: Vec<String> = ground.live.iter().flat_map(|t| t.sources.iter().map(|s| s.name.clone())).collect();
    let states = Mutex::new(BTreeMap::new());
    let told = Mutex::new(Told::new());
    move |news| match news {
        News::Source(state) => {
            let mut states = states.lock().unwrap_or_else(PoisonError::into_inner);
            states.insert(state.record.name.clone(), stands(&state));
            let in_order = names.iter().filter_map(|name| states.get(name).cloned()).collect();
            let _ = events.send(Event::Sources(in_order));
        }
        News::Sample(sample) => {
            let _ = events.send(Event::Sampled(sample));
        }
        News::Snapshot(snapshot) => {
            let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
            for sample in besides(&snapshot, &mut told) {
                let _ = events.send(Event::Sampled(Arc::new(sample)));
            }
            let snapshot = ground.with_signed(snapshot);
            ground.answered(Arc::clone(&snapshot));
            let _ = latest.send(Some(snapshot));
        }
    }
}

/// What audit rounds ask for the live screen, because it is large or moves slowly: slots, sizes of pools, texts.
const BESIDES: [&str; 4] = ["postgres.slots", "postgres.statements-texts", "pgbouncer.databases", "pgbouncer.users"];

/// When the answers that were told last were given, by source, probe and database.
type Told = BTreeMap<(String, String, Option<String>), jiff::Timestamp>;

/// The answers of audit rounds that the live screen shows and was not told yet.
fn besides(snapshot: &Snapshot, told: &mut Told) -> Vec<Sample> {
    let mut samples = Vec::new();
    for source in &snapshot.sources {
        let of =
            snapshot.observations.iter().filter(|o| o.source == source.name && BESIDES.contains(&o.probe.as_str()));
        let is_new = |o: &&Observation| {
            let name = (o.source.clone(), o.probe.clone(), o.database.clone());
            told.insert(name, o.at) != Some(o.at)
        };
        let observations: Vec<_> = of.filter(is_new).cloned().collect();
        if !observations.is_empty() {
            samples.push(Sample { source: source.clone(), observations });
        }
    }
    samples
}

/// How the screens say that a source stands.
fn stands(state: &watch::SourceState) -> SourceState {
    SourceState {
        name: state.record.name.clone(),
        kind: state.record.kind,
        about: recorded::about(&state.record),
        answered_at: state.answered_at,
        took_s: state.took.map(|took| took.as_secs_f64()),
        every: Some(state.every),
        per_minute: state.per_minute,
        asking: state.asking.map(|asking| (asking.done, asking.of)),
        fault: state.failed.as_ref().map(|failed| SourceFault {
            words: failed.fault.message.clone(),
            remedy: failed.fault.remedy.clone(),
            since: failed.since,
            next: failed.next,
        }),
        lost: state.lost.as_ref().map(|lost| match lost.questions {
            1 => format!("1 question had no answer: {}", lost.first.message),
            n => format!("{n} questions had no answer; the first: {}", lost.first.message),
        }),
    }
}

/// Judges the latest answers, one lot after the other.
async fn judge(ground: Arc<Ground>, mut waiting: tokio::sync::watch::Receiver<Option<Arc<Snapshot>>>, events: Events) {
    let keeper = Arc::new(Keeper::default());
    while waiting.changed().await.is_ok() {
        let Some(snapshot) = waiting.borrow_and_update().clone() else { continue };
        let (by, judged) = (Arc::clone(&ground), Arc::clone(&snapshot));
        let event = match tokio::task::spawn_blocking(move || by.judge(&judged)).await {
            Ok(Ok(audit)) => {
                let audit = Arc::new(audit);
                let (keeper, ground, events) = (Arc::clone(&keeper), Arc::clone(&ground), events.clone());
                let of = Arc::clone(&audit);
                // Nobody waits for it: the next judgement does not depend on a disk.
                tokio::task::spawn_blocking(move || keeper.keep(&ground, &snapshot, &of, &events));
                Event::Judged(audit)
            }
            Ok(Err(words)) => Event::Said(Gravity::Error, format!("cannot judge: {words}")),
            // A mistake of this program: the screens go on with what they have.
            Err(error) => Event::Said(Gravity::Error, format!("judging broke off: {error}")),
        };
        if events.send(event).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_audits_ask_for_the_live_screen_is_told_once() {
        let snapshot = Snapshot::read(include_str!("../../assets/demo.json")).unwrap();
        let mut told = Told::new();
        let first = besides(&snapshot, &mut told);
        let probes = |samples: &[Sample]| -> Vec<String> {
            samples
                .iter()
                .flat_map(|s| s.observations.iter().map(|o| format!("{} {}", s.source.name, o.probe)))
                .collect()
        };
        assert_eq!(
            probes(&first),
            [
                "pooler pgbouncer.databases",
                "pooler pgbouncer.users",
                "primary postgres.slots",
                "primary postgres.statements-texts",
                "replica postgres.slots",
                "replica postgres.statements-texts"
            ]
        );
        assert_eq!(besides(&snapshot, &mut told), []);
    }
}
