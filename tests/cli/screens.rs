//! The screens as a person has them: their own keys and settings, the last view, the manual.

use serde_json::Value;

use crate::support::{Folder, loadline, pty::Terminal};

const SIZE: (u16, u16) = (80, 24);
const MANUAL: &str = include_str!("../../docs/screens.md");

/// The screens over the demo, for somebody whose folders these are.
fn demo(own: &Folder, flags: &str) -> Terminal {
    let run = loadline(&format!("demo screens {flags}"));
    run.env("XDG_CONFIG_HOME", own.file("config")).env("XDG_STATE_HOME", own.file("state")).on_a_terminal(SIZE)
}

/// The settings that the manual shows.
fn of_the_manual() -> &'static str {
    let block = MANUAL.split_once("```toml\n").expect("the manual shows settings").1;
    block.split_once("```").expect("a block ends").0
}

#[test]
fn the_settings_of_the_manual_are_understood_and_fit_their_schema() {
    let schema: Value = serde_json::from_str(&loadline("schema screens").run().expect(0).stdout).expect("JSON");
    let shown: Value = toml::from_str(of_the_manual()).expect("it is TOML");
    let validator = jsonschema::validator_for(&schema).expect("the schema can be used");
    assert!(validator.is_valid(&shown), "{:?}", validator.validate(&shown).err());
    let own = Folder::new();
    own.write("config/loadline/screens.toml", of_the_manual());
    let terminal = demo(&own, "");
    terminal.wait_text("Stage 2");
    terminal.press("q");
    assert_eq!(terminal.wait_end().code, 0);
    terminal.assert_clean();
}

#[test]
fn the_keys_are_printed_as_a_file_of_their_own() {
    let printed = loadline("screens --print-keys").run().expect(0).stdout;
    let file: Value = toml::from_str(&printed).expect("it is TOML");
    assert_eq!(file["keys"].as_object().map(serde_json::Map::len), Some(0), "everything is commented out");
    assert!(printed.contains("# open = [\"enter\", \"l\", \"right\"]"), "{printed}");
}

#[test]
fn own_keys_count_and_a_wrong_one_is_told_with_its_place() {
    let own = Folder::new();
    own.write("config/loadline/screens.toml", "theme = \"mono\"\n[keys]\nquit = [\"x\"]\n");
    let terminal = demo(&own, "");
    terminal.wait_text("x quit");
    terminal.press("x");
    assert_eq!(terminal.wait_end().code, 0);
    own.write("config/loadline/screens.toml", "theme = \"mono\"\n[keys]\nqiut = [\"x\"]\n");
    let ended = demo(&own, "").wait_end();
    assert_eq!(ended.code, 2, "{}", ended.view);
    // The terminal breaks the line wherever it is full.
    let said = ended.view.lines().concat();
    assert!(said.contains("line 3, column 1: no command `qiut`; did you mean quit?"), "{}", ended.view);
}

#[test]
fn panels_and_columns_are_as_somebody_wants_them_and_a_wrong_name_is_told_with_its_place() {
    let own = Folder::new();
    let layout = "[layout]\nlive = [\"cache\", \"locks\"]\nfindings = [\"subject\"]\n";
    own.write("config/loadline/screens.toml", layout);
    let terminal = demo(&own, "");
    terminal.wait_text("Stage 2");
    terminal.press("3");
    let live = terminal.wait_for("the first panel", |view| view.has("SERVER") && view.has("LATELY"));
    assert!(live.has("c Cache and memory  L Locks") && !live.has("Activity"), "{live}");
    terminal.press("2");
    let findings = terminal.wait_for("the findings", |view| view.has("worst first"));
    assert!(findings.has("subject") && !findings.has("number"), "{findings}");
    terminal.press("3 n q");
    terminal.wait_end();
    let terminal = demo(&own, "");
    terminal.wait_for("the panel that was left", |view| view.has("BEHIND IT"));
    terminal.press("q");
    terminal.wait_end();
    own.write("config/loadline/screens.toml", "[layout]\nlive = [\"cache\", \"locs\"]\n");
    let ended = demo(&own, "").wait_end();
    assert_eq!(ended.code, 2, "{}", ended.view);
    let said = ended.view.lines().concat();
    assert!(said.contains("line 2, column 18: no panel `locs`") && said.contains("autoscalers"), "{}", ended.view);
}

#[test]
fn one_comes_back_to_the_last_view_unless_one_begins_afresh() {
    let own = Folder::new();
    let terminal = demo(&own, "");
    terminal.wait_text("Stage 2");
    terminal.press("6");
    terminal.wait_text("Breaks first");
    terminal.press("q");
    terminal.wait_end();
    let terminal = demo(&own, "");
    terminal.wait_text("At 6x of today's load");
    // What is changed there is a question, not a view: it begins anew.
    terminal.press("left");
    terminal.wait_text("At 5x of today's load");
    terminal.press("q");
    terminal.wait_end();
    let terminal = demo(&own, "--fresh");
    terminal.wait_text("Stage 2");
    terminal.press("2 q");
    terminal.wait_end();
    // A broken file is told, and written anew at leaving.
    own.write("state/loadline/views.json", "{\"version\": 1");
    let terminal = demo(&own, "");
    terminal.wait_text("views.json");
    terminal.press("5 q");
    terminal.wait_end();
    let kept: Value = serde_json::from_str(&own.read("state/loadline/views.json")).expect("JSON");
    assert_eq!(kept["targets"]["demo"]["screen"], "checklist");
}

#[test]
fn the_screens_of_the_configuration_are_read_and_unknown_keys_refused() {
    let run = loadline("audit --only redis.* --window 0");
    run.home().write("loadline.toml", "[screens]\ntheem = \"dark\"\n");
    let run = run.run().expect(2);
    assert!(run.stderr.contains("theem") && run.stderr.contains("line 2"), "{run}");
}
