//! A disk that is full: what cannot be written down is not done.

use std::sync::Arc;

use loadline::runbook::{
    journal::{Journal, JournalError, New},
    record::{Mode, Record, Stamped, Started},
    session::SessionError,
};

use super::{
    killed::{assert_done, each},
    operator::{Account, walk},
    process::{limited, said},
    world::World,
};

#[test]
fn where_the_journal_cannot_grow_nothing_is_done_unwritten() {
    let ends = std::sync::Mutex::new((0, 0));
    let blocks: Vec<usize> = (1..=40).collect();
    each(&blocks, |blocks| {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let world = World::new(folder.path());
        let mut child = limited(&world, blocks).spawn().expect("the driver starts");
        let end = said(&mut child, "end").expect("it says how it ended");
        child.wait().expect("it ends");
        let told = format!("{blocks} blocks: {end}");
        let whole = end == "done";
        {
            let mut ends = ends.lock().expect("no worker panicked");
            if whole { ends.1 += 1 } else { ends.0 += 1 }
        }
        if whole {
            return assert_done(&world, &told);
        }
        assert!(end.contains("large") && end.contains("written down") || end.starts_with("make "), "{told}");
        go_on_with_room(&world, &told);
    });
    let (full, whole) = *ends.lock().expect("no worker panicked");
    assert!(full >= 10 && whole >= 1, "the limits reach from the first record to the last: {full}, {whole}");
}

/// With room again, the run goes on from what was written.
fn go_on_with_room(world: &World, told: &str) {
    let run = world.run().expect("there is a folder");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    match runtime.block_on(world.resume(&run, |_| {}, Arc::new(|| {}))) {
        Ok(mut session) => {
            Account::read(world, &run).assert_true_of(world, told);
            runtime.block_on(walk(&mut session, world)).unwrap_or_else(|error| panic!("{told}: {error}"));
            drop(session);
            assert_done(world, told);
        }
        // Not even the beginning could be written: then nothing was done.
        Err(SessionError::Journal(JournalError::Empty { .. } | JournalError::Read { .. })) => {
            assert!(world.executions().is_empty(), "{told}");
        }
        Err(error) => panic!("{told}: {error}"),
    }
}

#[test]
fn where_no_folder_can_be_made_nothing_begins() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let world = World::new(folder.path());
    std::fs::write(world.runs(), "a file where the folder of runs should be").expect("a file");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let error = runtime.block_on(world.start(|_| {}, Arc::new(|| {}))).err().expect("it cannot begin").to_string();
    assert!(error.starts_with("make ") && error.contains("needs a folder that you may write to"), "{error}");
    assert!(world.executions().is_empty());
}

#[test]
fn a_plan_is_never_gone_on_with() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let world = World::new(folder.path());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let session = runtime.block_on(world.start(|_| {}, Arc::new(|| {}))).expect("it begins");
    let started = session.state().started.clone().expect("it began");
    drop(session);
    std::fs::remove_dir_all(world.runs()).expect("the run can be taken away");
    let at = "2026-11-21T05:15:00Z".parse().expect("an instant");
    let runs = world.runs();
    let new = New { runs: &runs, runbook: "counted", text: "", host: "box", at };
    let mut journal = Journal::create(&new).expect("a journal");
    let run = journal.run().to_owned();
    let started = Started { mode: Mode::Plan, run: run.clone(), ..started };
    journal.append(&Stamped { at, record: Record::Started(Box::new(started)) }).expect("a record");
    drop(journal);
    let error =
        runtime.block_on(world.resume(&run, |_| {}, Arc::new(|| {}))).err().expect("a plan is no run").to_string();
    assert!(error.contains("plan"), "{error}");
}
