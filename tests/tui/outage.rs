//! Servers die, hang and come back while the screens are open: no freeze, no garbage, honest words, and all of it well
//! again without a key.

use super::place::Place;
use crate::lab::{Lab, Options, Part};
use crate::support::pty::{Terminal, View};

const SIZE: (u16, u16) = (100, 30);

/// A key is answered, so nothing is frozen.
fn answers_keys(terminal: &Terminal) {
    terminal.press("?");
    terminal.wait_text("any other key closes");
    terminal.press("x");
    terminal.wait_for("the help to close", |view| !view.has("any other key closes"));
}

/// The identity line stands and nothing but this program has drawn.
fn is_sound(view: &View) {
    assert!(view.line(0).contains("shop [PRODUCTION]") && view.line(0).contains("OBSERVE"), "{view}");
    assert!(view.alternate_screen() && view.hide_cursor(), "{view}");
    assert!(view.lines().last().is_some_and(|line| line.contains("q quit")), "{view}");
}

fn is_down(view: &View) -> bool {
    view.line(2).contains("source down")
}

fn is_well(view: &View) -> bool {
    view.line(2).contains("ok") && !is_down(view)
}

#[test]
fn servers_are_killed_and_come_back_while_the_screens_are_open() {
    let lab = Lab::start(Options::full());
    let place = Place::new(&lab, "");
    let terminal = place.screens(&["--window", "1s"], SIZE);
    terminal.wait_for("the first audit", is_well);
    for (part, name) in [(Part::Postgres, "primary"), (Part::PgBouncer, "pooler"), (Part::Redis, "cache")] {
        lab.kill(part);
        let view = terminal.wait_for(&format!("{name} to be down"), is_down);
        is_sound(&view);
        terminal.press("1");
        terminal.wait_for(&format!("{name} to be named"), |view| view.has(&format!("{name}:")));
        answers_keys(&terminal);
        lab.revive(part);
        is_sound(&terminal.wait_for(&format!("{name} to be back"), is_well));
    }
    terminal.press("q");
    assert_eq!(terminal.wait_end().code, 0);
    terminal.assert_clean();
}

#[test]
fn a_server_that_hangs_freezes_nothing_and_is_told_by_its_age() {
    let lab = Lab::start(Options::full());
    let place = Place::new(&lab, "");
    let terminal = place.screens(&["--window", "1s"], SIZE);
    terminal.wait_for("the first audit", is_well);
    for part in [Part::Postgres, Part::Redis] {
        let frozen = lab.freeze(part);
        // While it hangs and nobody knows yet, keys are answered; then it is told.
        answers_keys(&terminal);
        is_sound(&terminal.wait_for("the one that hangs to be down", is_down));
        answers_keys(&terminal);
        drop(frozen);
        is_sound(&terminal.wait_for("it to be back", is_well));
    }
    // Leaving waits for nobody, also not for one that hangs.
    let _frozen = lab.freeze(Part::Postgres);
    terminal.press("q");
    assert_eq!(terminal.wait_end().code, 0);
    terminal.assert_clean();
}
