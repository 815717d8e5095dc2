//! Servers that stand still: their ports take connections, and nobody answers.

use std::thread;
use std::time::Duration;

use loadline::collect::watch::{News, Order, SourceState};
use loadline::snapshot::FaultKind;

use super::listener::{Listener, losses};
use crate::lab::{Lab, Options, Part};

/// Lets a server stand still, looks at what is told of it, and lets it go on.
fn freeze_and_thaw(lab: &Lab, listener: &Listener, part: Part, source: &str, others: &[&str]) {
    let mark = listener.mark();
    let frozen = lab.freeze(part);
    let failed = listener.state(mark, source, "is found out", |state| state.failed.is_some());
    let fault = &failed.failed.as_ref().expect("it fails").fault;
    assert_eq!(fault.kind, FaultKind::Deadline, "{source}: {fault:?}");
    assert!(fault.remedy.is_some(), "{source}: {fault:?}");
    let until = listener.mark();
    for other in others {
        let samples = listener.samples(other, mark, until);
        assert!(samples.len() >= 3, "{other} while {source} stands still: {} samples", samples.len());
    }
    let snapshot = listener.snapshot(mark, "its answers are faults", |snapshot| !losses(snapshot, source).is_empty());
    for other in others {
        assert_eq!(losses(&snapshot, other), [], "{other} while {source} stands still");
    }
    drop(frozen);
    let mark = listener.mark();
    listener.state(mark, source, "answers again", |state| state.failed.is_none() && state.asking.is_none());
    listener.snapshot(mark, "it answers everything again", |snapshot| losses(snapshot, source).is_empty());
}

#[test]
fn each_server_that_stands_still_is_cut_by_its_deadline_and_comes_back_without_a_key() {
    let lab = Lab::start(Options::of(&[Part::Postgres, Part::Replica, Part::PgBouncer, Part::Redis]));
    let listener = Listener::of(&lab);
    listener.settled();
    freeze_and_thaw(&lab, &listener, Part::Redis, "cache", &["primary", "replica", "pooler"]);
    freeze_and_thaw(&lab, &listener, Part::PgBouncer, "pooler", &["primary", "replica", "cache"]);
    freeze_and_thaw(&lab, &listener, Part::Replica, "replica", &["primary", "pooler", "cache"]);
    freeze_and_thaw(&lab, &listener, Part::Postgres, "primary", &["replica", "pooler", "cache"]);
}

#[test]
fn what_hangs_can_be_dropped_and_a_pause_asks_nobody() {
    let lab = Lab::start(Options::redis());
    let listener = Listener::of(&lab);
    listener.settled();
    let frozen = lab.freeze(Part::Redis);
    let mark = listener.mark();
    listener.order(Order::Now(Some("cache".into())));
    let asked = listener.state(mark, "cache", "is being asked", |state| state.asking.is_some());
    let mark = listener.mark();
    listener.order(Order::Cancel);
    let dropped = listener.state(mark, "cache", "is asked no more", |state| state.asking.is_none());
    // A live round that was under way when it stood still has failed by itself; what is dropped is no failure.
    let tries = |state: &SourceState| state.failed.as_ref().map(|failed| failed.tries);
    assert_eq!(tries(&dropped), tries(&asked), "{dropped:?}");
    listener.order(Order::Pause(true));
    drop(frozen);
    lab.wait_until("the cache answers", Duration::from_secs(20), || !lab.redis_info("uptime_in_seconds").is_empty());
    // What was under way when it stood still may still be answered; after that nothing more is asked.
    thread::sleep(Duration::from_secs(2));
    let commands = || lab.redis_info("total_commands_processed").parse::<u64>().expect("a number");
    let (first, second) = (commands(), commands());
    thread::sleep(Duration::from_secs(3));
    assert_eq!(commands() - second, second - first, "the lab's own look and nothing else");
    let mark = listener.mark();
    listener.order(Order::Pause(false));
    listener.since(mark, "it is sampled again", |news| matches!(news, News::Sample(_)).then_some(()));
}
