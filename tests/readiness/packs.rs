//! Packs are linted and tested as checks are.

use crate::support::{Folder, loadline};

const PACK: &str = r#"
id = "own"
title = "Our own demands"
about = "What we want besides."
catalogue = { prefix = "O", rows = 2 }

[[criteria]]
id = "game-day"
title = "A game day was held"
domain = "testing"
gate = true
rows = ["O-001"]
cases = [
  { name = "it was", attested = "yes", expect = "pass" },
  { name = "it was not", attested = "no", expect = "fail" },
  { name = "nobody says", expect = "unknown" },
]
[criteria.attest]
question = "Was a game day held this quarter?"
"#;

#[test]
fn a_file_is_told_to_be_a_pack_and_its_gaps_are_named() {
    let folder = Folder::new();
    let file = folder.write("own.toml", PACK);
    let lint = loadline("check lint").arg(&file).run().expect(0);
    assert!(lint.stderr.contains("1 pack of 1 criterion, no mistakes"), "{lint}");
    assert!(lint.stderr.contains("nothing answers the row O-002"), "{lint}");
    let unproven = PACK.replace("  { name = \"it was not\", attested = \"no\", expect = \"fail\" },\n", "");
    let lint = loadline("check lint").arg(folder.write("own.toml", &unproven)).run().expect(0);
    assert!(lint.stderr.contains("own.game-day: no case expects"), "{lint}");
}

#[test]
fn a_mistake_in_a_pack_is_shown_where_it_is() {
    let folder = Folder::new();
    let file = folder.write("criteria/own.toml", &PACK.replace("gate = true", "gait = true"));
    let lint = loadline("check lint").arg(&file).run().expect(2);
    assert!(lint.stderr.contains("gait") && lint.stderr.contains("own.toml:11"), "{lint}");
    assert_eq!(loadline("check lint").arg(folder.path()).run().code, 2);
}

#[test]
fn cases_of_criteria_are_run_and_a_wrong_one_fails() {
    let folder = Folder::new();
    folder.write("criteria/own.toml", PACK);
    let run = loadline("check test own --checks").arg(folder.path()).run().expect(0);
    assert!(run.stdout.contains("3 cases hold, 0 do not"), "{run}");
    let wrong = PACK.replace("attested = \"no\", expect = \"fail\"", "attested = \"no\", expect = \"pass\"");
    folder.write("criteria/own.toml", &wrong);
    let run = loadline("check test own.game-day --checks").arg(folder.path()).run().expect(30);
    assert!(run.stdout.contains("FAIL own.game-day, case `it was not`"), "{run}");
}
