//! The checklist in a real terminal: a campaign over the demo and the checklist of a live server, both answered in place.

use std::fs;

use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};

use super::place::Place;
use crate::lab::{Lab, Options};
use crate::support::loadline;
use crate::support::pty::{Terminal, View};

const SIZE: (u16, u16) = (100, 30);

/// A question for people that every stage asks, and the words of its row.
const ID: &str = "stages.queries-per-request";
const TITLE: &str = "Requests make fewer than ten";

/// So many frames, of which there is one a second at least, take longer than asking a server of the lab everything.
const FRAMES: usize = 12;

/// A day from now: what people sign in a test is judged by the day of the test.
fn in_days(days: i32) -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date().saturating_add(Span::new().days(days))
}

/// A campaign that is near enough for the answers of today to last.
fn sale() -> String {
    let date = in_days(30);
    format!(
        "name = \"Spring sale\"\ndate = {date}\nmultiple = 6\nowner = \"platform team\"\nstage = \"1\"\n\
         [owners]\n\"{ID}\" = \"web team\"\n[due]\ntesting = 60\n"
    )
}

/// Whether the chosen row is the question, and stands so.
fn chosen(view: &View, word: &str) -> bool {
    view.lines().iter().any(|line| line.starts_with(&format!(" > {word}")) && line.contains(TITLE))
}

/// Leaves only the question on the list.
fn filter(terminal: &Terminal) {
    terminal.press("/");
    terminal.send(ID);
    terminal.press("enter");
    terminal.wait_for("the question, not answered", |view| chosen(view, "?"));
}

/// Answers the chosen question with yes.
fn answer(terminal: &Terminal) {
    terminal.press("a");
    terminal.wait_text("enter answer");
    terminal.press("y enter");
    terminal.send("web team");
    terminal.press("enter enter");
    terminal.send("counted twice");
    terminal.press("enter enter enter");
}

fn quit(terminal: &Terminal) {
    terminal.press("q");
    let ended = terminal.wait_end();
    assert_eq!(ended.code, 0, "{}", ended.view);
    terminal.assert_clean();
}

#[test]
fn a_campaign_is_shown_first_and_a_demand_of_it_is_answered_in_place() {
    let run = loadline("demo screens --campaign sale.toml --attestations answers");
    run.home().write("sale.toml", &sale());
    let answers = run.home().file("answers");
    fs::create_dir(&answers).expect("our own folder");
    let terminal = run.on_a_terminal(SIZE);
    terminal.wait_text("FAIL");
    terminal.press("5");
    let view = terminal.wait_text("for Spring sale on");
    assert!(view.has("NOT READY") && view.has("must carry 6 times") && view.has("OVERDUE, due"), "{view}");
    terminal.press("c");
    terminal.wait_text("all that the stage demands");
    terminal.press("c");
    terminal.wait_text("all that the campaign demands");
    filter(&terminal);
    assert!(terminal.view().has("web team"), "who owes it stands beside it\n{}", terminal.view());
    answer(&terminal);
    terminal.wait_for("the row to change", |view| chosen(view, "PASS"));
    let text = fs::read_to_string(answers.join(format!("{ID}.toml"))).expect("the answer is written");
    assert!(text.contains("answer = \"yes\"") && text.contains("counted twice"), "{text}");
    terminal.press("enter");
    let view = terminal.wait_text("on the day");
    assert!(view.has("READY: ") && view.has("owes it"), "{view}");
    quit(&terminal);
}

#[test]
fn a_broken_campaign_is_told_with_its_place_before_anything_opens() {
    let refused = |campaign: &str, words: &str| {
        let run = loadline(words);
        run.home().write("sale.toml", campaign);
        let config = "[targets.shop]\ncampaign = \"sale.toml\"\n[targets.shop.sources.primary]\nkind = \"postgres\"\n\
                      url = \"postgres://127.0.0.1:1/shop\"\n";
        run.home().write("loadline.toml", config);
        let terminal = run.on_a_terminal((160, 30));
        let ended = terminal.wait_end();
        assert_eq!(ended.code, 2, "{}", ended.view);
        terminal.assert_clean();
        let bytes = terminal.heard().bytes();
        assert!(!String::from_utf8_lossy(&bytes).contains("\u{1b}[?1049h"), "nothing was opened\n{}", ended.view);
        ended.view
    };
    let broken = sale().replace("multiple = 6", "multiple = lots");
    for words in ["screens", "screens --campaign sale.toml", "demo screens --campaign sale.toml"] {
        let view = refused(&broken, words);
        assert!(view.has("sale.toml") && view.has("line 3, column 12"), "{words}\n{view}");
    }
    let view = refused(&sale().replace("testing = 60", "testnig = 60"), "screens");
    assert!(view.has("sale.toml: due: `testnig` is no domain"), "{view}");
    let view = refused(&sale().replace("stage = \"1\"", "stage = \"one\""), "screens");
    assert!(view.has("stage: there is no `one`; expected one of 1, 2"), "{view}");
    let view = refused(&sale(), "screens --campaign sale.toml --only redis.*");
    assert!(view.has("--only has no meaning beside --campaign"), "{view}");
    let view = refused(&sale(), "screens --campaign nowhere.toml");
    assert!(view.has("read nowhere.toml"), "{view}");
}

#[test]
fn a_question_about_a_live_target_is_answered_without_a_restart() {
    let lab = Lab::start(Options::postgres());
    let place = Place::new(&lab, "");
    let terminal = place.screens(&["--window", "1s"], SIZE);
    terminal.wait_text("postgres");
    terminal.press("5");
    terminal.wait_text("all that the stage demands");
    filter(&terminal);
    answer(&terminal);
    terminal.wait_for("the question to be answered", |view| chosen(view, "PASS"));
    let file = place.home().join("attestations").join(format!("{ID}.toml"));
    let text = fs::read_to_string(&file).expect("the answer is written beside the configuration");
    assert!(text.contains("answer = \"yes\"") && text.contains("counted twice"), "{text}");
    // The server alone is asked again, and its answers change nothing about it.
    terminal.press("3");
    terminal.wait_text("Activity");
    terminal.press("r");
    terminal.press("5");
    terminal.wait_text("filter: ");
    let frames = terminal.heard().frames();
    terminal.wait_for("the answer to stay", |view| {
        assert!(chosen(view, "PASS"), "the answer was lost\n{view}");
        terminal.heard().frames() > frames + FRAMES
    });
    // A whole audit reads the folder, too: what is taken away there is gone here.
    fs::remove_file(&file).expect("our own file");
    terminal.press("R");
    terminal.wait_for("the question to be open again", |view| chosen(view, "?"));
    quit(&terminal);
}
