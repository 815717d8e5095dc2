//! An incident from end to end, by keys alone: open, find the worst finding, open its runbook, walk it to the verified
//! cure, write the report, leave. Nothing but what the screen itself hints at is pressed.

use super::place::{Place, chosen};
use crate::lab::{Lab, Options};
use crate::support::pty::{Terminal, View};

const CHECK: &str = "postgres.idle-in-transaction";

/// What the screen of a run asks for: the key that it names itself. Nothing while something runs.
fn asked(view: &View) -> Option<&'static str> {
    let dialogs =
        [("B Begin", "B"), ("R Run", "R"), ("C Close", "C"), ("enter write down", "enter"), ("enter chooses", "enter")];
    if let Some((_, key)) = dialogs.into_iter().find(|(words, _)| view.has(words)) {
        return Some(key);
    }
    let hints = view.lines().pop().unwrap_or_default();
    let steps = ["enter look", "enter run", "enter tick", "enter done", "enter close", "enter begin"];
    let waits = hints.contains("S stop");
    steps.into_iter().find(|words| !waits && hints.contains(words)).map(|_| "enter")
}

/// Presses what the run asks for until it has come to its end; the screens on the way.
fn walk(terminal: &Terminal) -> Vec<View> {
    let mut seen: Vec<View> = Vec::new();
    loop {
        // More than any runbook has steps, so that going round in circles fails.
        assert!(seen.len() < 80, "the run comes to no end; the screen shows\n{}", terminal.view());
        let view = terminal.wait_for("the run to ask for something, or to end", |view| {
            let moved = seen.last().is_none_or(|last| last.text() != view.text());
            view.has(": completed") || (moved && asked(view).is_some())
        });
        if view.has(": completed") {
            seen.push(view);
            return seen;
        }
        if let Some(key) = asked(&view) {
            terminal.press(key);
        }
        seen.push(view);
    }
}

#[test]
fn from_the_worst_finding_by_its_runbook_to_the_verified_cure_and_the_report() {
    let lab = Lab::start(Options::postgres());
    lab.ail("idle-in-transaction");
    let limits = format!("[targets.shop.params.\"{CHECK}\"]\nwarn = \"1s\"\nfail = \"2s\"\n");
    let place = Place::new(&lab, &limits);
    let terminal = place.screens(&["--guarded", "--window", "1s"], (80, 24));

    let view = terminal.wait_for("the worst finding", |view| {
        chosen(view).is_some_and(|row| row.contains("FAIL") && row.contains("ransaction"))
    });
    assert!(view.has("w runbook"), "the way to the runbook is hinted at\n{view}");
    terminal.press("w");
    terminal.wait_text("B Begin");
    terminal.press("B");
    let first = terminal.wait_text("step 1 of");
    assert!(first.has("The finding still stands"), "two keys from the worst finding to step one\n{first}");

    let seen = walk(&terminal);
    let end = seen.last().expect("a run has an end");
    assert!(end.has("fixed") && end.has(CHECK), "{end}");
    for view in &seen {
        assert!(view.line(0).contains("shop [PRODUCTION]"), "the target stands on every screen\n{view}");
    }
    let secret = &lab.state().passwords.superuser;
    let bytes = terminal.heard().bytes();
    assert!(!String::from_utf8_lossy(&bytes).contains(secret.as_str()), "a password was shown");

    // The next audit agrees.
    terminal.press("1 R");
    terminal.wait_for("the finding to be gone", |view| !view.has("FAIL  ") && view.has("nothing is wrong"));

    terminal.press("8");
    terminal.wait_text("o write");
    terminal.press("o");
    terminal.wait_text("enter write");
    terminal.press("enter");
    terminal.wait_text("written");
    let written: Vec<_> = std::fs::read_dir(place.home())
        .expect("our own folder")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    let [report] = written.as_slice() else { panic!("one report: {written:?}") };
    let report = std::fs::read_to_string(report).expect("the report that was written");
    assert!(report.starts_with('#') && report.contains("shop"), "{report}");

    terminal.press("q");
    assert_eq!(terminal.wait_end().code, 0);
    terminal.assert_clean();
}
