//! A journal that ends anywhere: after any record, and in the middle of any.

use std::{
    io::Write as _,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use loadline::runbook::{
    journal::{self, JournalError},
    machine::Situation,
    record::{Record, Stamped},
    session::SessionError,
};

use super::{
    operator::Account,
    process::{Moment, command},
    world::World,
};

#[test]
fn a_journal_that_is_cut_anywhere_tells_the_truth_and_nothing_runs_by_itself() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let world = World::new(folder.path());
    assert!(command(&world, Moment::Never).status().expect("the driver starts").success());
    let run = world.run().expect("there is a run");
    let whole = std::fs::read(world.runs().join(&run).join("journal.jsonl")).expect("a journal");
    let records = journal::read(&world.runs().join(&run)).expect("it can be read").records;
    let ends: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] == b'\n').map(|at| at + 1).collect();
    assert_eq!(ends.len(), records.len());
    let (mut read, mut resumed) = (0, 0);
    for cut in 0..=whole.len() {
        let at = |end: &usize| *end <= cut || *end == cut + 1;
        let kept = ends.iter().filter(|end| at(end)).count();
        assert_reads(folder.path(), &whole[..cut], &records[..kept]);
        read += 1;
        let start = ends.get(kept.wrapping_sub(1)).copied().unwrap_or(0);
        // Taking it up costs the disk more: after each record, after its first bytes, and now and then in it.
        if kept > 0 && (cut <= start + 1 || (cut - start) % 97 == 0) {
            assert_resumes(folder.path(), &run, &whole[..cut], &records[..kept]);
            resumed += 1;
        }
    }
    writeln!(std::io::stdout(), "cut at {read} bytes, taken up at {resumed} of them, {} records", records.len())
        .expect("output");
}

/// What is read is all that was written to its end.
fn assert_reads(folder: &Path, bytes: &[u8], kept: &[Stamped]) {
    let copy = folder.join("copy");
    std::fs::create_dir_all(&copy).expect("a folder");
    std::fs::write(copy.join("journal.jsonl"), bytes).expect("a file");
    match journal::read(&copy) {
        Ok(reading) => assert_eq!(reading.records, kept, "cut at {}", bytes.len()),
        Err(JournalError::Empty { .. }) => assert!(kept.is_empty(), "cut at {}", bytes.len()),
        Err(error) => panic!("cut at {}: {error}", bytes.len()),
    }
}

/// Taking it up does nothing, forgets nothing and says what is not known.
fn assert_resumes(folder: &Path, run: &str, bytes: &[u8], kept: &[Stamped]) {
    let told = format!("cut at {} after {} records", bytes.len(), kept.len());
    let world = World::new(&folder.join("other"));
    let copy = world.runs().join(run);
    let _ = std::fs::remove_dir_all(&world.folder);
    std::fs::create_dir_all(&copy).expect("a folder");
    std::fs::write(copy.join("journal.jsonl"), bytes).expect("a file");
    let acted = Arc::new(AtomicUsize::new(0));
    let acts = Arc::clone(&acted);
    let ending = Arc::new(move || {
        acts.fetch_add(1, Ordering::SeqCst);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let over = kept.iter().any(|stamped| matches!(stamped.record, Record::Ended { .. }));
    // The values of the run name another world's file; nothing is executed, so that no line may appear there.
    let session = match runtime.block_on(world.resume_as_it_was(run, ending)) {
        Ok(session) => session,
        Err(SessionError::Refused(_)) if over => return,
        Err(error) => panic!("{told}: {error}"),
    };
    let before = Account::from(kept.iter().map(|stamped| &stamped.record));
    assert_eq!(Account::read(&world, run), before, "{told}");
    assert_eq!(acted.load(Ordering::SeqCst), 0, "{told}");
    assert!(!over && session.situation() != Situation::Ended, "{told}");
    let unknown = &session.taken_up().expect("it was taken up").unknown;
    let open: Vec<_> = before
        .0
        .iter()
        .filter(|(_, known)| known.open() > 0)
        .map(|(name, _)| name.trim_start_matches("undo-"))
        .collect();
    assert_eq!(unknown, &open, "{told}");
    let after = journal::read(&copy).expect("it can be read");
    assert_eq!(after.records[..kept.len()], *kept, "{told}");
    assert_eq!(after.torn, None, "{told}");
}
