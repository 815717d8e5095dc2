//! The look at the whole target with which a run begins takes as long as the slowest server. It can be stopped.

use super::place::{Place, chosen};
use crate::lab::{Lab, Options, Part};
use crate::support::pty::View;

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
