//! A run at a real terminal: ctrl-c, a secret that is typed, the line that comes and goes.

use crate::support::pty::Terminal;
use crate::support::{Folder, loadline};

const SIZE: (u16, u16) = (100, 30);

/// A target that needs no server, and runbooks of the tests.
struct Place(Folder);

impl Place {
    fn new() -> Self {
        let folder = Folder::new();
        folder.write("loadline.toml", "[targets.shop.sources.tests]\nkind = \"loadtest\"\nfolder = \"loadtests\"\n");
        folder.write("loadtests/k6-summary.json", include_str!("../fixtures/loadtests/k6-legacy.json"));
        Self(folder)
    }

    fn command(&self, words: &str) -> crate::support::Loadline {
        let run = loadline(words).with("--config", self.0.file("loadline.toml")).with("--runs", self.0.file("runs"));
        run.with("--runbooks", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/runbooks"))
    }

    /// Begins a runbook at a terminal.
    fn begin(&self, book: &str) -> Terminal {
        self.command(&format!("runbook run {book} --no-survey --operator ann")).on_a_terminal(SIZE)
    }

    /// At the step that takes long, which runs.
    fn lingering(&self) -> Terminal {
        let terminal = self.begin("linger");
        terminal.wait_text("Enter or y to look");
        terminal.press("enter");
        terminal.wait_text("go?");
        terminal.press("y enter");
        terminal.wait_text("| begun");
        terminal
    }
}

const ASKS: &str = "stop what is running? y stops it, Enter lets it run; Ctrl-C again stops it and leaves";

#[test]
fn ctrl_c_once_asks_and_twice_leaves_with_a_run_that_can_be_resumed() {
    let place = Place::new();
    let terminal = place.lingering();
    terminal.press("ctrl-c");
    terminal.wait_text(ASKS);
    terminal.press("enter");
    terminal.wait_text("it goes on");
    // The next one asks again.
    terminal.press("ctrl-c");
    terminal.wait_for("the second question", |view| view.text().matches(ASKS).count() == 2);
    terminal.press("ctrl-c");
    let ended = terminal.wait_end();
    assert_eq!(ended.code, 20, "{}", ended.view);
    assert!(ended.view.has("stopping; the run can be resumed"), "{}", ended.view);
    assert!(ended.view.has("outcome unknown Linger"), "what nobody knows is said: {}", ended.view);
    // The step's processes are gone as well.
    terminal.assert_clean();
    let listed = place.command("runbook resume --list").run().expect(0);
    assert!(listed.stdout.contains("linger on shop"), "{listed}");
}

#[test]
fn ctrl_c_and_yes_stops_the_step_and_goes_on_with_the_run() {
    let place = Place::new();
    let terminal = place.lingering();
    terminal.press("ctrl-c");
    terminal.wait_text(ASKS);
    terminal.press("y enter");
    terminal.wait_text("stopped by the operator");
    let view = terminal.wait_for("a decision about the outcome", |view| view.text().trim_end().ends_with("\n>"));
    assert!(view.has("p pause"), "{view}");
    terminal.press("p enter");
    assert_eq!(terminal.wait_end().code, 20);
    terminal.assert_clean();
}

#[test]
fn a_secret_that_is_typed_is_shown_nowhere_and_the_echo_is_back_afterwards() {
    let place = Place::new();
    let terminal = place.begin("whisper");
    terminal.wait_text("it is not shown, and not written down");
    terminal.send("hunter2hunter2\n");
    terminal.wait_text("go?");
    terminal.press("y enter");
    let view = terminal.wait_text("is 14 letters");
    assert!(view.lines().iter().any(|line| line.trim_end() == "> y"), "what is no secret is echoed: {view}");
    terminal.wait_text("close the run?");
    terminal.press("y enter");
    let ended = terminal.wait_end();
    assert_eq!(ended.code, 0, "{}", ended.view);
    let all = String::from_utf8_lossy(&terminal.heard().bytes()).into_owned();
    assert!(!all.contains("hunter2"), "{all}");
    terminal.assert_clean();
}

#[test]
fn leaving_a_secret_unsaid_brings_the_echo_back() {
    let place = Place::new();
    let terminal = place.begin("whisper");
    terminal.wait_text("it is not shown, and not written down");
    terminal.press("ctrl-c");
    assert_eq!(terminal.wait_end().code, 20);
    terminal.assert_clean();
}

#[test]
fn what_passes_is_taken_away_again() {
    let place = Place::new();
    let terminal = place.begin("linger");
    terminal.wait_text("Enter or y to look");
    terminal.press("enter");
    terminal.wait_text("waiting 2 s");
    let view = terminal.wait_text("go?");
    assert!(!view.has("waiting 2 s"), "{view}");
    terminal.press("p enter");
    terminal.wait_end();
    terminal.assert_clean();
}

#[test]
fn a_terminal_that_is_lost_ends_the_run_and_its_step() {
    let place = Place::new();
    let mut terminal = place.lingering();
    let pid = terminal.pid();
    terminal.lose();
    Terminal::wait_gone(pid);
    let listed = place.command("runbook resume --list").run().expect(0);
    assert!(listed.stdout.contains("linger on shop"), "{listed}");
}
