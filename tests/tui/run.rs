//! A step that runs while one looks elsewhere, and while the program is told to end.

use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::place::choose;
use crate::support::pty::{Terminal, View};
use crate::support::{Folder, loadline};

const SIZE: (u16, u16) = (100, 30);

/// A target that needs no server, with runbooks of the tests.
struct Desk(Folder);

impl Desk {
    fn new() -> Self {
        let folder = Folder::new();
        let books = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/runbooks");
        let text = format!("runs = \"runs\"\nrunbooks = [\"{books}\"]\n");
        let target = "[targets.shop]\nenvironment = \"production\"\n";
        let source = "[targets.shop.sources.tests]\nkind = \"loadtest\"\nfolder = \"loadtests\"\n";
        folder.write("loadline.toml", &[text.as_str(), target, source].concat());
        folder.write("loadtests/k6-summary.json", include_str!("../fixtures/loadtests/k6-legacy.json"));
        Self(folder)
    }

    fn command(&self, words: &str) -> crate::support::Loadline {
        loadline(words).with("--config", self.0.file("loadline.toml"))
    }

    /// The screens, with a step under way that takes long and has printed its first line.
    fn lingering(&self) -> Terminal {
        let terminal = self.command("screens --guarded").on_a_terminal(SIZE);
        terminal.wait_text("GUARDED");
        terminal.press("4");
        terminal.wait_text("w begin");
        choose(&terminal, "linger");
        terminal.press("w");
        terminal.wait_text("B Begin");
        terminal.press("B");
        terminal.wait_text("enter look");
        terminal.press("enter");
        terminal.wait_for("the step that lingers", |view| view.has("Linger  ") && view.has("enter run"));
        terminal.press("enter");
        terminal.wait_text("R Run");
        terminal.press("R");
        // The command has that word in it, too; its output has it alone.
        let printed = |view: &View| view.lines().iter().any(|line| line.trim() == "begun");
        terminal.wait_for("its first line", |view| printed(view) && view.has("so far"));
        let since = Instant::now();
        while !terminal.processes().iter().any(|name| name == "sleep") {
            assert!(since.elapsed() < Duration::from_secs(60), "{:?}", terminal.processes());
            thread::sleep(Duration::from_millis(10));
        }
        terminal
    }

    /// The run that was begun.
    fn run(&self) -> Option<String> {
        let mut runs = std::fs::read_dir(self.0.file("runs")).ok()?.flatten();
        runs.next().map(|run| run.file_name().to_string_lossy().into_owned())
    }
}

/// For how many seconds something is under way, as the screen says it.
fn so_far(view: &View) -> Option<u64> {
    let lines = view.lines();
    let (before, _) = lines.iter().find_map(|line| line.split_once(" so far"))?;
    before.rsplit_once("for ")?.1.strip_suffix('s')?.parse().ok()
}

#[test]
fn a_signal_ends_the_step_writes_its_end_down_and_leaves_a_run_that_can_be_taken_up() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let desk = Desk::new();
        let terminal = desk.lingering();
        terminal.signal(signal);
        let ended = terminal.wait_end();
        assert_eq!(ended.code, code, "{}", ended.view);
        // Nothing of the step goes on either: its processes are of this session.
        terminal.assert_clean();
        let listed = desk.command("runbook resume --list").run().expect(0);
        let row = listed.stdout.lines().find(|line| line.contains("linger on shop"));
        assert!(row.is_some_and(|row| row.contains("interrupted") && row.contains("is not known")), "{listed}");
        let told = desk.command("runbook log").arg(desk.run().expect("a run was begun")).run();
        assert!(told.stdout.contains("outcome unknown"), "as the command line says it: {told}");
    }
}

#[test]
fn a_terminal_that_is_lost_ends_the_step_as_well() {
    let desk = Desk::new();
    let mut terminal = desk.lingering();
    let pid = terminal.pid();
    terminal.lose();
    Terminal::wait_gone(pid);
    let listed = desk.command("runbook resume --list").run().expect(0);
    assert!(listed.stdout.contains("linger on shop") && listed.stdout.contains("is not known"), "{listed}");
}

#[test]
fn a_step_runs_on_while_one_looks_elsewhere_and_its_output_and_time_are_there_when_one_comes_back() {
    let desk = Desk::new();
    let terminal = desk.lingering();
    let before = terminal.wait_for("the time that it has run", |view| so_far(view).is_some());
    terminal.press("1");
    let away = terminal.wait_for("the overview", |view| view.has("Stage") && !view.has("so far"));
    assert!(!away.has("begun"), "{away}");
    terminal.press("2");
    terminal.press("0");
    let elapsed = so_far(&before);
    let back = terminal.wait_for("the step, some seconds on", |view| so_far(view) > elapsed);
    assert!(back.has("begun") && back.has("S stop"), "{back}");
    assert_eq!(back.lines().iter().filter(|line| line.trim() == "begun").count(), 1, "{back}");
    // It is still the same step, and can be stopped.
    terminal.press("S");
    let stopped = terminal.wait_text("UNKNOWN");
    assert!(stopped.has("Linger"), "{stopped}");
    terminal.press("q");
    assert_eq!(terminal.wait_end().code, 0);
    terminal.assert_clean();
}
