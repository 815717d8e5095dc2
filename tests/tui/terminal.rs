//! Manners: the terminal is as it was, whatever ended the screens.

use base64::Engine as _;
use rustix::process::Signal;
use vt100::{Color, MouseProtocolMode};

use crate::support::loadline;
use crate::support::pty::{Terminal, View};

const SIZE: (u16, u16) = (100, 30);

/// What stands on every screen of the demo.
const IDENTITY: &str = "REPLAY of the demo";

fn is_open(view: &View) -> bool {
    view.alternate_screen() && view.has(IDENTITY)
}

/// The demo's first screen, judged.
fn open(words: &str) -> Terminal {
    opened(loadline(&format!("demo screens {words}")).on_a_terminal(SIZE))
}

fn opened(terminal: Terminal) -> Terminal {
    terminal.wait_for("the judged demo", |view| is_open(view) && view.has("FAIL"));
    terminal
}

/// Leaves with `q`, and holds the terminal against how it was.
fn quit(terminal: &Terminal) {
    terminal.press("q");
    let ended = terminal.wait_end();
    assert_eq!(ended.code, 0, "{}", ended.view);
    // But for what was typed to the shell meanwhile.
    let printed: Vec<String> =
        ended.view.lines().into_iter().filter(|line| !matches!(line.as_str(), "" | "fg")).collect();
    assert!(printed.is_empty(), "nothing stays printed: {}", ended.view);
    terminal.assert_clean();
}

#[test]
fn the_screens_open_without_a_question_to_the_terminal_and_leave_nothing() {
    let terminal = open("");
    assert!(terminal.view().bracketed_paste() && terminal.view().hide_cursor());
    assert_eq!(terminal.view().mouse_protocol_mode(), MouseProtocolMode::None, "the mouse is the terminal's");
    quit(&terminal);
    assert_eq!(terminal.heard().questions(), 0, "nothing waits for an answer of the terminal");
}

#[test]
fn ctrl_c_leaves_also_when_another_process_sends_it() {
    let terminal = open("");
    terminal.press("ctrl-c");
    assert_eq!(terminal.wait_end().code, 0);
    terminal.assert_clean();
    let terminal = open("");
    terminal.signal(Signal::INT);
    assert_eq!(terminal.wait_end().code, 0);
    terminal.assert_clean();
}

#[test]
fn the_last_screen_stays_printed_where_that_is_wanted() {
    let terminal = open("");
    let shown = terminal.view().line(3);
    terminal.press("Q");
    let ended = terminal.wait_end();
    assert_eq!(ended.code, 0);
    assert!(shown.contains("Stage") && !ended.view.alternate_screen(), "{shown}");
    assert!(ended.view.has(shown.trim()), "{}", ended.view);
    terminal.assert_clean();
}

#[test]
fn another_size_is_another_frame() {
    let terminal = open("");
    terminal.resize((30, 8));
    terminal.wait_for("a sentence that says what is needed", |view| view.has("30x8 is too small"));
    terminal.resize((1, 1));
    terminal.resize((160, 48));
    let view = terminal.wait_for("the whole screen again", |view| is_open(view) && view.has("FAIL"));
    assert!(view.line(47).contains("quit"), "the hints stand at the foot: {view}");
    assert!(!view.has("too small"), "{view}");
    terminal.resize((60, 18));
    terminal.wait_for("the hints at the foot", |view| view.line(17).contains("open") && view.has("REPLAY"));
    quit(&terminal);
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_fg_takes_it_again() {
    let terminal = open("");
    let before = terminal.view();
    for _ in 0..2 {
        terminal.press("ctrl-z");
        let stopped = terminal.wait_stopped();
        assert!(!stopped.alternate_screen(), "{stopped}");
        terminal.assert_lent();
        terminal.foreground();
        terminal.wait_for("the screens again", is_open);
    }
    terminal.press("2");
    let view = terminal.wait_for("the findings", |view| view.text() != before.text() && is_open(view));
    assert!(view.bracketed_paste() && view.hide_cursor(), "{view}");
    quit(&terminal);
}

#[test]
fn a_stop_by_somebody_else_is_survived_whatever_the_shell_did_to_the_terminal() {
    for signal in [Signal::STOP, Signal::TSTP] {
        let terminal = open("");
        terminal.signal(signal);
        // The shell sets its own modes now, as shells do for themselves.
        terminal.wait_stopped();
        terminal.foreground();
        // Without raw modes a key would wait for a line's end.
        terminal.press("?");
        terminal.wait_for("the keys", |view| is_open(view) && view.has("┌ Help "));
        terminal.press("esc");
        quit(&terminal);
    }
}

#[test]
fn a_signal_ends_the_screens_with_its_number() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::QUIT, 131)] {
        let terminal = open("");
        terminal.signal(signal);
        let ended = terminal.wait_end();
        assert_eq!(ended.code, code, "{}", ended.view);
        terminal.assert_clean();
    }
}

#[cfg(debug_assertions)]
#[test]
fn a_bug_is_told_on_a_terminal_that_was_given_back() {
    let terminal = opened(loadline("demo screens").env("LOADLINE_TRIPWIRE", "driver").on_a_terminal(SIZE));
    terminal.press("down");
    let ended = terminal.wait_end();
    assert_eq!(ended.code, 1, "{}", ended.view);
    assert!(!ended.view.alternate_screen() && ended.view.has("has a bug at src/tui/tripwire.rs"), "{}", ended.view);
    terminal.assert_clean();
}

#[cfg(debug_assertions)]
#[test]
fn a_bug_in_the_background_is_told_and_the_screens_go_on() {
    let terminal = opened(loadline("demo screens").env("LOADLINE_TRIPWIRE", "task").on_a_terminal(SIZE));
    terminal.press("down");
    let view = terminal.wait_text("has a bug at src/tui/tripwire.rs");
    assert!(is_open(&view), "{view}");
    terminal.press("esc 2");
    terminal.wait_for("the findings", |view| is_open(view) && !view.has("has a bug at"));
    quit(&terminal);
}

#[test]
fn a_terminal_that_is_lost_ends_the_screens() {
    let mut terminal = open("");
    let pid = terminal.pid();
    terminal.lose();
    Terminal::wait_gone(pid);
}

#[test]
fn a_terminal_that_is_lost_ends_them_also_where_no_signal_says_so() {
    let command = loadline("demo screens").into_command();
    let mut terminal = opened(Terminal::start_deaf(&command.0, SIZE).keep(command.1));
    let pid = terminal.pid();
    terminal.lose();
    Terminal::wait_gone(pid);
}

#[test]
fn a_paste_of_a_megabyte_is_one_thing_and_leaves_no_key_behind() {
    let terminal = open("");
    // Keys of it would open things, and leave.
    terminal.paste(&"2qQ:quit\r\n".repeat(100_000));
    terminal.press("?");
    terminal.wait_for("the keys", |view| is_open(view) && view.has("┌ Help "));
    terminal.press("esc");
    quit(&terminal);
}

#[test]
fn a_paste_is_nothing_over_a_list_and_a_line_of_text_in_a_filter() {
    let terminal = open("");
    terminal.press("2");
    let before = terminal.wait_for("the findings", |view| view.has("worst first") && view.has("/ filter"));
    terminal.paste("q\nX");
    // The program has read the paste when it answers the key behind it.
    terminal.press("?");
    terminal.wait_for("the keys", |view| is_open(view) && view.has("┌ Help "));
    terminal.press("esc");
    let after = terminal.wait_for("no more keys", |view| !view.has("┌ Help "));
    assert_eq!(after.text(), before.text(), "nothing has happened");
    terminal.press("/");
    terminal.wait_for("a filter to type", |view| view.has(" / _"));
    terminal.paste("is:fail\r\nmem\x1b[2Jory\x07\n");
    let filtered = terminal.wait_for("the filter", |view| view.has(" / is:fail mem[2Jory_"));
    assert!(filtered.has("nothing fits the filter"), "{filtered}");
    terminal.press("ctrl-u");
    terminal.wait_for("an empty filter", |view| view.has(" / _"));
    terminal.paste("is:fail\nmemory\n");
    let filtered = terminal.wait_for("the filter", |view| view.has(" / is:fail memory_"));
    assert!(filtered.has("64 MiB of 64 MiB") && !filtered.has("pool-saturation"), "{filtered}");
    terminal.press("enter");
    quit(&terminal);
}

#[test]
fn keys_without_end_are_not_drawn_one_by_one() {
    let terminal = open("");
    terminal.press("2");
    let before = terminal.heard().frames();
    terminal.send("jk".repeat(500));
    terminal.press("?");
    terminal.wait_for("the keys", |view| is_open(view) && view.has("┌ Help "));
    let frames = terminal.heard().frames() - before;
    assert!(frames > 0 && frames < 500, "{frames} frames for 1,000 keys");
    terminal.press("esc");
    quit(&terminal);
}

#[test]
fn what_was_typed_ahead_of_the_end_is_no_command_for_the_shell() {
    let terminal = open("");
    terminal.send(format!("q{}", "echo this is not for you\n".repeat(20)));
    assert_eq!(terminal.wait_end().code, 0);
    terminal.assert_clean();
    assert!(!terminal.view().has("not for you"), "{}", terminal.view());
}

#[test]
fn where_there_is_no_terminal_a_sentence_says_what_to_do() {
    let run = loadline("demo screens").run().expect(2);
    assert!(run.stderr.contains("the screens need a terminal") && run.stderr.contains("loadline audit"), "{run}");
    let terminal = loadline("demo screens").env("TERM", "dumb").on_a_terminal(SIZE);
    let ended = terminal.wait_end();
    assert_eq!(ended.code, 2);
    assert!(ended.view.has("TERM=dumb"), "{}", ended.view);
    terminal.assert_clean();
}

/// The colours of all cells of a screen.
fn colours(view: &View) -> Vec<Color> {
    let (width, height) = view.size();
    let cells = (0..height).flat_map(|y| (0..width).map(move |x| (y, x)));
    let of = |(y, x)| view.cell(y, x).map(|cell| [cell.fgcolor(), cell.bgcolor()]);
    let mut all: Vec<Color> = cells.filter_map(of).flatten().filter(|colour| *colour != Color::Default).collect();
    all.dedup();
    all
}

#[test]
fn colours_are_the_terminals_own_or_those_that_were_asked_for_or_none() {
    let own = open("");
    let used = colours(&own.view());
    assert!(!used.is_empty() && used.iter().all(|colour| matches!(colour, Color::Idx(0..16))), "{used:?}");
    quit(&own);
    let none = opened(loadline("demo screens").env("NO_COLOR", "1").on_a_terminal(SIZE));
    assert_eq!(colours(&none.view()), []);
    quit(&none);
    for theme in ["dark", "light", "contrast"] {
        let asked = open(&format!("--theme {theme}"));
        assert!(!colours(&asked.view()).is_empty(), "{theme}");
        quit(&asked);
    }
}

#[test]
fn ascii_is_all_there_is_where_it_is_asked_for() {
    let terminal = open("--ascii");
    assert!(terminal.view().text().is_ascii(), "{}", terminal.view());
    quit(&terminal);
}

#[test]
fn what_is_copied_goes_to_the_terminals_clipboard() {
    let terminal = open("");
    terminal.press("y");
    terminal.wait_text("to the terminal's clipboard");
    let sent = terminal.heard().clipboard();
    let [(name, data)] = sent.as_slice() else { panic!("{sent:?}") };
    assert_eq!(name, "c");
    let bytes = base64::engine::general_purpose::STANDARD.decode(data).expect("base 64");
    let text = String::from_utf8(bytes).expect("text");
    assert!(text.contains("FAIL") || text.contains("fail"), "{text}");
    quit(&terminal);
}

#[test]
fn what_no_terminal_takes_goes_into_a_file_that_is_named() {
    let start = loadline("demo screens").env("TERM", "linux");
    let state = crate::support::Folder::new();
    let terminal = opened(start.env("XDG_STATE_HOME", state.path()).on_a_terminal((200, 30)));
    terminal.press("y");
    let view = terminal.wait_text("this terminal takes no clipboard");
    assert!(view.has("loadline/copied.md"), "{view}");
    assert!(!state.read("loadline/copied.md").is_empty());
    assert!(terminal.heard().clipboard().is_empty());
    quit(&terminal);
}

#[test]
fn the_mouse_is_heeded_on_request_and_given_back_in_any_case() {
    let terminal = open("");
    terminal.press("M");
    terminal.wait_for("the mouse", |view| view.mouse_protocol_mode() != MouseProtocolMode::None);
    terminal.press("M");
    terminal.wait_for("no mouse", |view| view.mouse_protocol_mode() == MouseProtocolMode::None);
    terminal.press("M");
    terminal.wait_for("the mouse", |view| view.mouse_protocol_mode() != MouseProtocolMode::None);
    terminal.press("ctrl-z");
    terminal.wait_stopped();
    terminal.assert_lent();
    terminal.foreground();
    terminal.wait_for("the mouse again", |view| is_open(view) && view.mouse_protocol_mode() != MouseProtocolMode::None);
    quit(&terminal);
}
