//! Servers that are killed and started again, while the others are asked on.

use loadline::collect::watch::News;
use loadline::snapshot::FaultKind;

use super::listener::{Listener, losses};
use crate::lab::{Lab, Options, Part, Role, Server};

/// Kills a server and looks at what is told of it; starts it again and waits for the recovery.
fn kill_and_revive(lab: &Lab, listener: &Listener, part: Part, source: &str, others: &[&str]) {
    let mark = listener.mark();
    lab.kill(part);
    let failed = listener.state(mark, source, "fails", |state| state.failed.is_some());
    let fault = failed.failed.as_ref().expect("it fails");
    assert_eq!(fault.fault.kind, FaultKind::Unreachable, "{source}: {fault:?}");
    assert!(fault.fault.remedy.is_some() && fault.next.is_some(), "{source}: {fault:?}");
    assert!(failed.answered_at.is_some(), "{source}: when it last answered is still known");
    let snapshot = listener.snapshot(mark, "its answers are faults", |snapshot| !losses(snapshot, source).is_empty());
    let record = snapshot.source(source).expect("it is still a source");
    assert!(record.fault.is_some());
    for other in others {
        assert_eq!(losses(&snapshot, other), [], "{other} while {source} is down");
    }
    // Two more tries later, the others have been asked all the while.
    listener.state(mark, source, "was tried three times", |state| state.failed.as_ref().is_some_and(|f| f.tries >= 3));
    let down = listener.mark();
    for other in others {
        let samples = listener.samples(other, mark, down);
        assert!(samples.len() >= 2, "{other} while {source} is down: {} samples", samples.len());
    }
    lab.revive(part);
    let mark = listener.mark();
    listener.state(mark, source, "is asked again", |state| state.failed.is_none() && state.asking.is_none());
    listener.snapshot(mark, "it answers everything again", |snapshot| losses(snapshot, source).is_empty());
    listener.since(mark, "it is sampled again", |news| match news {
        News::Sample(sample) if sample.source.name == source => Some(()),
        _ => None,
    });
}

#[test]
fn each_server_is_killed_is_seen_to_be_away_and_is_back_without_a_key() {
    let lab = Lab::start(Options::of(&[Part::Postgres, Part::Replica, Part::PgBouncer, Part::Redis]));
    let listener = Listener::of(&lab);
    listener.settled();
    kill_and_revive(&lab, &listener, Part::Redis, "cache", &["primary", "replica", "pooler"]);
    kill_and_revive(&lab, &listener, Part::PgBouncer, "pooler", &["primary", "replica", "cache"]);
    kill_and_revive(&lab, &listener, Part::Replica, "replica", &["primary", "pooler", "cache"]);
    kill_and_revive(&lab, &listener, Part::Postgres, "primary", &["replica", "pooler", "cache"]);
    let told = listener.text();
    for role in [Role::Monitor, Role::BouncerAdmin, Role::Superuser] {
        assert!(!told.contains(lab.credentials(role).1), "a password was told");
    }
}

#[test]
fn a_session_that_is_cut_off_is_opened_again_without_alarm() {
    let lab = Lab::start(Options::postgres());
    let listener = Listener::of(&lab);
    listener.settled();
    let mark = listener.mark();
    let cut = "select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'loadline'";
    assert_eq!(lab.sql(Server::Primary, cut), "1");
    let mut samples = 0;
    listener.since(mark, "it is sampled three times more", |news| {
        match news {
            News::Source(state) => assert!(state.failed.is_none(), "{state:?}"),
            News::Sample(_) => samples += 1,
            News::Snapshot(_) => {}
        }
        (samples == 3).then_some(())
    });
    let ours = "select count(*) from pg_stat_activity where usename = 'loadline'";
    assert_eq!(lab.sql(Server::Primary, ours), "1");
}
