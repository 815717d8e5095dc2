//! The lists of runbooks and of runs, driven by keys and read as frames.

use std::sync::Arc;

use jiff::SignedDuration;

use super::{News, Wish};
use crate::{
    assets::runbooks::{self, RunbookFile},
    runbook::{
        library::Books,
        record::{End, Mode, Started},
        runs::{Run, Standing},
    },
    tui::{
        event::{Effect, Event, Opened},
        fixture::{demo, empty, failing, frame, hostile, press, type_text},
        model::Model,
        nav::Place,
        over::Over,
        screen::run,
        tests::States,
        update::update,
    },
};

/// What nobody can walk.
const BROKEN: &str = "---\nid: [\n---\n\n# A head that is never closed\n";

/// The states of this screen; it fails where runs cannot be read and a file is no runbook.
pub(in crate::tui) fn states() -> States {
    let here = |mut model: Model| {
        press(&mut model, "4");
        model
    };
    let mut broken = here(failing());
    with_files(&mut broken, &[file("lock-storm.md", BROKEN)]);
    let words = "/home/me/runs: permission denied; run as who owns it, or name another folder by --runs";
    update(&mut broken, Event::Runbooks(News::Failed(words.into())));
    States { empty: here(empty(Some("production"))), full: with_runs(demo()), failing: broken, hostile: harm() }
}

/// Runbooks and runs whose every word somebody wrote who means harm.
fn harm() -> Model {
    let mut model = hostile();
    let text = "# Runs \u{1b}[2J\u{202e}turned\u{200b} 日本語 | `x`\n\n## Mitigation\n\n\u{1b}]0;title\u{7}Do it.\n";
    let names = ["a\u{1b}[31m.md", "日本語.md", "broken\u{202e}.md"];
    let texts = [text, text, BROKEN];
    let files: Vec<_> = names.into_iter().zip(texts).map(|(name, text)| file(name, text)).collect();
    with_files(&mut model, &files);
    let mut model = with_runs(model);
    let mut runs = model.screens.runbooks.runs.clone().unwrap();
    for run in &mut runs {
        run.id = format!("{}\u{1b}[2J\u{202e}", run.id);
        run.operator = Some("eve\u{200b}\u{1b}[31m\r\n".into());
    }
    update(&mut model, Event::Runbooks(News::Runs(runs)));
    model
}

fn file(path: &str, text: &str) -> RunbookFile {
    RunbookFile { path: path.into(), folder: Some("ours".into()), text: text.into() }
}

/// The runbooks of the program with those of a user's folder over them.
fn with_files(model: &mut Model, files: &[RunbookFile]) {
    let all = [runbooks::embedded(), files.to_vec()].concat();
    let books = Arc::new(Books::load(&all, &[]));
    update(model, Event::Opened(Opened { books, person: Some("ada".into()), folders: None }));
    press(model, "4");
}

/// Runs of every standing, the latest first, an hour between two.
fn with_runs(mut model: Model) -> Model {
    let of = |n: u32, id: &str, mode: Mode, standing: Standing| {
        let book = model.books.get(id).unwrap();
        let who = ("ada".to_owned(), "db1".to_owned());
        let target = (model.about.target.clone(), None);
        let last = model.now - SignedDuration::from_hours(i64::from(n));
        Run {
            id: format!("2026-01-0{n}-{id}"),
            started: Some(Started::new(book, "r", mode, who, target, None)),
            began_at: Some(last - SignedDuration::from_mins(12)),
            last_at: Some(last),
            operator: Some("ada".into()),
            standing,
        }
    };
    let runs = vec![
        of(1, "lock-storm", Mode::Run, Standing::Ended(End::Completed)),
        of(2, "redis-memory-full", Mode::Plan, Standing::Plan),
        of(3, "idle-in-transaction", Mode::Run, Standing::Unknown("end".into())),
        of(4, "slow-statements", Mode::Run, Standing::Paused),
        of(5, "failover", Mode::Run, Standing::Ended(End::Aborted)),
        Run { started: None, ..of(6, "deploy", Mode::Run, Standing::Broken("line 3: the chain is torn".into())) },
    ];
    assert_eq!(press(&mut model, "4"), [Effect::Runbooks(Wish::List)], "runs are read when the screen is gone to");
    update(&mut model, Event::Runbooks(News::Runs(runs)));
    model
}

#[test]
fn the_frames_of_the_runs() {
    for (name, mut model) in [("runs", with_runs(demo())), ("runs_hostile", harm())] {
        press(&mut model, "u");
        insta::assert_snapshot!(format!("{name}_80x24"), frame(&mut model, 80, 24));
        insta::assert_snapshot!(format!("{name}_160x48"), frame(&mut model, 160, 48));
    }
}

#[test]
fn the_frames_of_one_runbook() {
    let mut model = with_runs(demo());
    press(&mut model, "/");
    type_text(&mut model, "lock-storm");
    insta::assert_snapshot!("filter_80x24", frame(&mut model, 80, 24));
    press(&mut model, "enter enter");
    assert_eq!(*model.nav.place(), Place::Runbook("lock-storm".into()));
    insta::assert_snapshot!("book_80x24", frame(&mut model, 80, 24));
    insta::assert_snapshot!("book_160x48", frame(&mut model, 160, 48));
}

#[test]
fn what_is_for_present_findings_comes_first_and_is_begun_for_the_worst_of_them() {
    let mut model = with_runs(demo());
    let effects = press(&mut model, "w");
    let [Effect::Run(run::Wish::Choose { book, finding: Some(finding), .. })] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert_eq!((book.as_str(), finding.check.as_str()), ("redis-memory-full", "redis.memory-near-limit"));
}

#[test]
fn what_was_never_rehearsed_comes_before_what_was_long_ago() {
    let mut model = with_runs(demo());
    press(&mut model, "s s s");
    let shown = &model.screens.runbooks.shown;
    let place = |id: &str| shown.iter().position(|shown| shown == id).unwrap();
    assert!(place("failover") < place("redis-memory-full"), "one that was given up proves nothing");
    assert!(place("redis-memory-full") < place("lock-storm"), "a plan of two hours ago");
    assert_eq!(place("lock-storm"), shown.len() - 1);
}

#[test]
fn a_rehearsal_on_another_target_proves_nothing_here() {
    let mut model = with_runs(demo());
    assert!(frame(&mut model, 80, 24).contains("plan 2h"));
    let mut runs = model.screens.runbooks.runs.clone().unwrap();
    for started in runs.iter_mut().filter_map(|run| run.started.as_mut()) {
        started.target = "another".into();
    }
    update(&mut model, Event::Runbooks(News::Runs(runs)));
    assert!(!frame(&mut model, 80, 24).contains("plan 2h"));
}

#[test]
fn a_run_that_waits_is_taken_up_or_read_and_any_other_is_read() {
    let mut model = with_runs(demo());
    assert!(frame(&mut model, 80, 24).contains("2 runs wait to be taken up: u"));
    press(&mut model, "u enter");
    assert!(matches!(model.overs.last(), Some(Over::Choice(_))), "{}", frame(&mut model, 80, 24));
    assert_eq!(press(&mut model, "2"), [Effect::Runbooks(Wish::Read("2026-01-03-idle-in-transaction".into()))]);
    press(&mut model, "esc enter");
    let resumed = press(&mut model, "1");
    assert!(resumed.contains(&Effect::Run(run::Wish::Resume("2026-01-03-idle-in-transaction".into()))), "{resumed:?}");
    let mut model = with_runs(demo());
    let read = Effect::Runbooks(Wish::Read("2026-01-06-deploy".into()));
    assert!(press(&mut model, "u G enter").contains(&read), "a record is asked for at once");
    assert!(matches!(model.nav.place(), Place::PastRun(_)));
}

#[test]
fn a_file_that_is_no_runbook_is_named() {
    let mut model = demo();
    with_files(&mut model, &[file("one.md", BROKEN), file("two.md", BROKEN)]);
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("ours/one.md and 1 more cannot be walked; `loadline runbook lint` says why"), "{text}");
}
