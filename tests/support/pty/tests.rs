//! The harness itself: it must notice what it is there to notice.

use std::process::{Child, Command};

use super::Terminal;

const SIZE: (u16, u16) = (60, 12);

fn shell(script: &str) -> Command {
    let mut command = Command::new("/bin/sh");
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).args(["-c", script]);
    command
}

/// What the harness says of a terminal that a script has left.
fn complaint(script: &str) -> String {
    let terminal = Terminal::start(&shell(script), SIZE);
    terminal.wait_end();
    let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| terminal.assert_clean()));
    let words = checked.expect_err("it must be noticed");
    words.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn what_a_program_leaves_behind_is_noticed() {
    assert!(complaint("stty -echo").contains("the modes of the line"));
    assert!(complaint("stty raw").contains("the modes of the line"));
    for (mode, name) in [
        ("?1049h", "the alternate screen"),
        ("?25l", "a hidden cursor"),
        ("?2004h", "bracketed paste"),
        ("?1000h", "the mouse"),
        ("?1004h", "private mode 1004"),
        ("31m", "a colour"),
        (">1u", "another keyboard protocol"),
    ] {
        let said = complaint(&format!("printf '\\033[{mode}'"));
        assert!(said.contains(name), "{mode}: {said}");
    }
}

#[test]
fn a_clean_program_is_clean_with_its_size_its_words_and_its_code() {
    let terminal = Terminal::start(&shell("stty size; read -r word; echo \"heard $word\"; exit 7"), SIZE);
    terminal.wait_text("12 60");
    terminal.send("hello\n");
    let ended = terminal.wait_end();
    assert_eq!(ended.code, 7);
    assert!(ended.view.has("heard hello"), "{}", ended.view);
    terminal.assert_clean();
}

#[test]
fn a_program_is_stopped_and_continued() {
    let terminal = Terminal::start(&shell("echo here; read -r word; echo \"got $word\""), SIZE);
    terminal.wait_text("here");
    terminal.press("ctrl-z");
    terminal.wait_stopped();
    terminal.foreground();
    terminal.send("it\n");
    terminal.wait_text("got it");
    assert_eq!(terminal.wait_end().code, 0);
    terminal.assert_clean();
}

/// Whether a process holds the end of a terminal that is its test's.
fn holds_one(process: &Child) -> bool {
    let files = std::fs::read_dir(format!("/proc/{}/fd", process.id())).expect("our own child lives");
    let links = files.flatten().filter_map(|file| std::fs::read_link(file.path()).ok());
    links.into_iter().any(|link| link.ends_with("ptmx"))
}

#[test]
fn a_process_that_starts_while_a_terminal_is_opened_does_not_hold_it() {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    let enough = AtomicBool::new(false);
    let mut started: Vec<Child> = thread::scope(|scope| {
        let opening = scope.spawn(|| {
            while !enough.load(Ordering::SeqCst) {
                drop(super::line::open());
            }
        });
        let start = || Command::new("sleep").arg("60").spawn().expect("sleep starts");
        let starting: Vec<_> =
            (0..3).map(|_| scope.spawn(move || (0..50).map(|_| start()).collect::<Vec<_>>())).collect();
        let started = starting.into_iter().flat_map(|one| one.join().expect("processes start")).collect();
        enough.store(true, Ordering::SeqCst);
        opening.join().expect("terminals open");
        started
    });
    let holding = started.iter().filter(|process| holds_one(process)).count();
    for process in &mut started {
        process.kill().expect("our own child");
        process.wait().expect("our own child");
    }
    assert_eq!(holding, 0, "of {} processes", started.len());
}
