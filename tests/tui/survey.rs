//! The look at the whole target with which a run begins takes as long as the slowest server. It can be stopped.

use super::place::{Place, chosen};
use crate::lab::{Lab, Options, Part};
use crate::support::pty::{Terminal, View};

const CHECK: &str = "postgres.idle-in-transaction";

#[test]
fn a_first_look_that_hangs_is_stopped_and_the_run_is_taken_up_later() {
    let lab = Lab::start(Options::postgres());
    lab.ail("idle-in-transaction");
    let limits = format!("[targets.shop.params.\"{CHECK}\"]\nwarn = \"1s\"\nfail = \"2s\"\n");
    let place = Place::new(&lab, &limits);
    let terminal = place.screens(&["--guarded", "--window", "1s"], (100, 30));
    let of_the_finding =
        |view: &View| chosen(view).is_some_and(|row| row.contains("FAIL") && row.contains("ransaction"));
    terminal.wait_for("the worst finding", of_the_finding);
    terminal.press("w");
    terminal.wait_text("B Begin");

    // So the look cannot come to its end before the key does.
    let frozen = lab.freeze(Part::Postgres);
    terminal.press("B");
    let view = terminal.wait_text("looking at the whole target");
    assert!(view.has("S stop"), "the way out is hinted at\n{view}");
    terminal.press("S");
    let view = terminal.wait_text("stopped before the first step: nothing was done");
    assert!(chosen(&view).is_some_and(|row| row.contains("ransaction")), "one stands where one was\n{view}");
    drop(frozen);

    let listed = place.command(&["runbook", "resume", "--list"]).output().expect("the program starts");
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("idle-in-transaction on shop") && listed.contains("paused"), "{listed}");

    terminal.press("4 u");
    terminal.wait_for("the run", |view| chosen(view).is_some_and(|row| row.contains("paused")));
    terminal.press("enter");
    terminal.wait_text("take it up again");
    terminal.press("1");
    let view = terminal.wait_text("step 1 of");
    assert!(view.has("The finding still stands"), "{view}");
    terminal.press("q");
    assert_eq!(terminal.wait_end().code, 0);
    terminal.assert_clean();
}

#[test]
fn on_the_command_line_ctrl_c_stops_it() {
    let lab = Lab::start(Options::postgres());
    let place = Place::new(&lab, "");
    let frozen = lab.freeze(Part::Postgres);
    // With all values given, nobody is asked before the look.
    let values = ["server=primary", "pid=1", "started=2026-01-02T03:04:05Z"];
    let values = values.iter().flat_map(|value| ["--set", *value]).collect::<Vec<_>>();
    let words = [&["runbook", "run", "idle-in-transaction", "--operator", "ann"], values.as_slice()].concat();
    let terminal = Terminal::start(&place.command(&words), (100, 30));
    terminal.wait_text("looking at the whole target");
    terminal.press("ctrl-c");
    terminal.wait_text("stopping before the next step");
    let ended = terminal.wait_end();
    assert_eq!(ended.code, 20, "{}", ended.view);
    terminal.assert_clean();
    drop(frozen);
    let listed = place.command(&["runbook", "resume", "--list"]).output().expect("the program starts");
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("idle-in-transaction on shop") && listed.contains("paused"), "{listed}");
}
