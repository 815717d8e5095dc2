//! From one target of a configuration to another by a key, and back.

use super::place::{Place, choose};
use crate::lab::{Lab, Options, Part};
use crate::support::pty::{Terminal, View};

const SIZE: (u16, u16) = (100, 30);

/// Chooses a target.
fn to(terminal: &Terminal, target: &str) -> View {
    terminal.press("T");
    let view = terminal.wait_text("Look at");
    let row = view.lines().into_iter().find(|line| line.contains(&format!(" {target} ")) && !line.contains("loadline"));
    // Rows stand in the order of names.
    assert!(row.is_some(), "{target} can be chosen\n{view}");
    terminal.press(if target == "depot" { "1" } else { "2" });
    terminal.wait_for(&format!("{target}, asked"), |view| {
        view.line(0).contains(&format!(" {target} [")) && view.line(2).contains("ok")
    })
}

/// Whether this is the screen that is marked among the names of all.
fn is_at(view: &View, name: &str) -> bool {
    let column = view.line(1).find(name).and_then(|at| u16::try_from(at).ok());
    column.and_then(|column| view.cell(1, column)).is_some_and(vt100::Cell::inverse)
}

/// Goes to all screens, and says what stands on them.
fn everywhere(terminal: &Terminal) -> Vec<View> {
    let names = ["Overview", "Findings", "Live", "Runbooks", "Checklist", "Capacity", "History", "Report"];
    let walk = |(number, name): (usize, &str)| {
        terminal.press(&number.to_string());
        let waits = ["waiting for", "reading ", "making the list", "writing the report"];
        terminal.wait_for(name, |view| is_at(view, name) && !waits.iter().any(|words| view.has(words)))
    };
    (1..).zip(names).map(walk).collect()
}

#[test]
fn another_target_is_another_world_and_a_run_of_the_first_is_there_when_one_comes_back() {
    let lab = Lab::start(Options::of(&[Part::Postgres, Part::Redis]));
    let books = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/runbooks");
    let depot = format!(
        "[targets.depot]\nenvironment = \"staging\"\n[targets.depot.sources.buffer]\nkind = \"redis\"\nurl = \"{}\"\n",
        lab.redis_url()
    );
    let place = Place::with(&lab, &[Part::Postgres], &format!("runbooks = [\"{books}\"]\n"), &depot);
    let terminal = place.screens(&["shop", "--window", "1s"], SIZE);
    terminal.wait_for("shop, judged", |view| view.line(0).contains("shop [PRODUCTION]") && view.has("Stage"));

    // What was unlocked here is unlocked here alone.
    terminal.press(":");
    terminal.send("unlock\r");
    terminal.wait_for("the lock to be off", |view| view.line(0).contains("GUARDED"));
    terminal.press("4");
    terminal.wait_text("w begin");
    choose(&terminal, "linger");
    terminal.press("w");
    terminal.wait_text("B Begin");
    terminal.press("B");
    terminal.wait_text("enter look");

    let view = to(&terminal, "depot");
    assert!(view.line(0).contains("depot [") && !view.line(0).contains("PRODUCTION"), "{view}");
    assert!(view.line(0).contains("OBSERVE") && view.line(0).contains("redis"), "{view}");
    for view in everywhere(&terminal) {
        assert!(view.line(0).contains("depot") && view.line(0).contains("OBSERVE"), "{view}");
        let text = view.text();
        assert!(!text.contains("shop") && !text.contains("PRODUCTION") && !text.contains("pg 1"), "{view}");
    }

    let view = to(&terminal, "shop");
    assert!(view.line(0).contains("shop [PRODUCTION]") && view.line(0).contains("OBSERVE"), "{view}");
    for view in everywhere(&terminal) {
        assert!(view.line(0).contains("shop [PRODUCTION]"), "{view}");
        assert!(!view.text().contains("depot") && !view.text().contains("staging"), "{view}");
    }
    terminal.press("4 u");
    terminal.wait_text("interrupted");
    terminal.press("enter");
    terminal.wait_text("take it up again");
    terminal.press("1");
    let view = terminal.wait_text("step 1 of");
    assert!(view.has("Wait a moment"), "{view}");
    terminal.press("q");
    assert_eq!(terminal.wait_end().code, 0);
    terminal.assert_clean();
}
