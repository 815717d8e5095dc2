//! `kill -9` at every boundary of the journal, in the middle of actions, and between an action's end and its record.

use std::{
    io::Write as _,
    os::unix::process::ExitStatusExt as _,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use loadline::runbook::{
    record::End,
    session::{Session, SessionError},
};

use super::{
    operator::{Account, walk},
    process::{Moment, command, said},
    world::World,
};

/// How many of these loops run at once: they mostly wait for the disk.
const WORKERS: usize = 4;

#[test]
fn a_run_that_is_killed_at_any_record_goes_on_and_does_nothing_twice() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let whole = World::new(folder.path());
    let status = command(&whole, Moment::Never).status().expect("the driver starts");
    assert!(status.success(), "{status}");
    assert_done(&whole, "without a kill");
    let run = whole.run().expect("there is a run");
    let records =
        std::fs::read_to_string(whole.runs().join(run).join("journal.jsonl")).expect("a journal").lines().count();
    let all: Vec<_> =
        (1..=records).map(Moment::Record).chain((1..=5).map(Moment::Ending)).chain((1..=5).map(Moment::Line)).collect();
    let survivors = AtomicUsize::new(0);
    each(&all, |moment| {
        survivors.fetch_add(usize::from(kill_and_go_on(moment)), Ordering::SeqCst);
    });
    let survivors = survivors.load(Ordering::SeqCst);
    assert!(survivors > 0, "an action in the middle of which the driver is killed goes on");
    let mut out = std::io::stdout();
    writeln!(out, "killed at {} moments: {records} records, 5 ends, 5 signs of life; {survivors} survivors", all.len())
        .expect("output");
}

/// Kills a run of its own, and walks it to the end; says whether a process outlived its program.
fn kill_and_go_on(moment: Moment) -> bool {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let world = World::new(folder.path());
    let status = command(&world, moment).status().expect("the driver starts");
    assert_eq!(status.signal(), Some(9), "{moment:?}: {status}");
    let run = world.run().expect("the run has begun");
    let told = format!("{moment:?}");
    Account::read(&world, &run).assert_true_of(&world, &told);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let survived = runtime.block_on(async {
        let before = Account::read(&world, &run);
        let mut session = match world.resume(&run, |_| {}, Arc::new(|| {})).await {
            Ok(session) => session,
            // Killed after the very last record.
            Err(SessionError::Refused(_)) if ended(&world, &run) => return false,
            Err(error) => panic!("{told}: {error}"),
        };
        assert_eq!(Account::read(&world, &run), before, "{told}: taking a run up decides nothing and does nothing");
        let open = before.0.values().any(|known| known.open() > 0);
        let taken_up = session.taken_up().expect("it was taken up").clone();
        assert_eq!(open, !taken_up.unknown.is_empty(), "{told}: {taken_up:?}, {before:?}");
        settle_survivors(&mut session, moment).await;
        walk(&mut session, &world).await.unwrap_or_else(|error| panic!("{told}: {error}"));
        !taken_up.survivors.is_empty()
    });
    assert_done(&world, &told);
    survived
}

/// Half of them are ended, half are waited for.
async fn settle_survivors(session: &mut Session, moment: Moment) {
    for survivor in session.taken_up().expect("it was taken up").survivors.clone() {
        if matches!(moment, Moment::Line(_)) {
            session.end_survivor(&survivor).await.expect("it can be ended");
        }
        let patience = Instant::now() + Duration::from_secs(20);
        while survivor.lives() && Instant::now() < patience {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(!survivor.lives(), "{survivor}");
    }
}

fn ended(world: &World, run: &str) -> bool {
    let runs = loadline::runbook::runs::list(&world.runs()).expect("runs can be listed");
    runs.iter().any(|known| known.id == run && matches!(known.standing, loadline::runbook::runs::Standing::Ended(_)))
}

/// There and back: each action and each undo once, and the journal says just that.
pub(super) fn assert_done(world: &World, told: &str) {
    let due = ["first", "second", "third", "undo-first", "undo-third"].map(|name| (name.to_owned(), 1)).into();
    assert_eq!(world.executions(), due, "{told}");
    let run = world.run().expect("there is a run");
    let account = Account::read(world, &run);
    account.assert_true_of(world, told);
    assert!(account.0.values().all(|known| known.open() == 0), "{told}: {account:?}");
    let runs = loadline::runbook::runs::list(&world.runs()).expect("runs can be listed");
    assert_eq!(runs[0].standing, loadline::runbook::runs::Standing::Ended(End::RolledBack), "{told}");
}

/// Does something for each, some at once; the first panic is the test's.
pub(super) fn each<T: Copy + Sync>(all: &[T], run: impl Fn(T) + Sync) {
    let next = Mutex::new(all.iter());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(one) = { next.lock().expect("no worker panicked").next() } {
                    run(*one);
                }
            });
        }
    });
}

#[test]
fn a_run_that_is_killed_again_and_again_comes_to_its_end() {
    // Every few records, so that each life gets a little further than the one before.
    each(&[8, 9, 11, 14], |records| {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let world = World::new(folder.path());
        let mut lives = 0;
        loop {
            let status = command(&world, Moment::Record(records)).status().expect("the driver starts");
            lives += 1;
            let run = world.run().expect("the run has begun");
            Account::read(&world, &run).assert_true_of(&world, &format!("life {lives} of {records} records"));
            // An action that was left in the middle comes to its end before anybody settles what it did.
            std::thread::sleep(Duration::from_millis(1300));
            if status.success() || ended(&world, &run) {
                break;
            }
            assert!(lives < 60, "it does not come to its end");
        }
        assert_done(&world, &format!("{records} records a life"));
        assert!(lives > 2, "{lives}");
    });
}

#[test]
fn a_second_program_is_told_who_walks_the_run() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let world = World::new(folder.path());
    let mut holder = command(&world, Moment::Hold).spawn().expect("the driver starts");
    let run = said(&mut holder, "held").expect("it says which run it holds");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let refused = runtime.block_on(world.resume(&run, |_| {}, Arc::new(|| {}))).err().expect("it is held").to_string();
    assert!(refused.contains(&format!("pid {} on this machine has it since", holder.id())), "{refused}");
    drop(holder.stdin.take());
    holder.wait().expect("it ends");
    runtime.block_on(world.resume(&run, |_| {}, Arc::new(|| {}))).map(drop).expect("it is free");
}
