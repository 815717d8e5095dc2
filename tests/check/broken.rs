//! A file with a mistake is refused before anybody is asked: which file, which line, which column.

use crate::support::{Folder, Run, loadline};

const FILE: &str = "postgres/my-check.toml";

/// The new check with one thing changed, linted.
fn lint(from: &str, to: &str) -> (Run, Folder) {
    let folder = Folder::new();
    loadline("check new postgres.my-check --folder").arg(folder.path()).run().expect(0);
    let text = folder.read(FILE);
    assert!(text.contains(from), "{from} is not in the new check");
    folder.write(FILE, &text.replacen(from, to, 1));
    let run = loadline("check lint").arg(folder.path()).run();
    (run, folder)
}

/// Refused with the place of `needle`, and a caret under it.
fn assert_refused(from: &str, to: &str, needle: &str, says: &[&str]) {
    let (run, folder) = lint(from, to);
    assert_eq!(run.code, 2, "{to}\n{run}");
    let text = folder.read(FILE);
    let at = text.rfind(needle).expect("the mistake is in the file");
    let line = text[..at].matches('\n').count() + 1;
    let column = at - text[..at].rfind('\n').map_or(0, |end| end + 1) + 1;
    let said = &run.stderr;
    assert!(said.contains(folder.file(FILE).to_str().unwrap()), "which file?\n{run}");
    assert!(
        said.contains(&format!("line {line}, column {column}")) || said.contains(&format!(":{line}:{column}")),
        "line {line}, column {column}\n{run}"
    );
    assert!(said.contains('^') && said.contains("1 mistake"), "{run}");
    for words in says {
        assert!(said.contains(words), "{words}\n{run}");
    }
    let audit = loadline("audit --checks").arg(folder.path()).env("DATABASE_URL", "postgres://127.0.0.1:1/x").run();
    assert_eq!((audit.code, audit.stdout.as_str()), (2, ""), "nothing is asked\n{audit}");
}

#[test]
fn an_unknown_key() {
    assert_refused("severity = ", "severety = ", "severety", &["severety"]);
    assert_refused("kind = \"bool\"", "kind = \"bool\", units = 3", "units", &["units"]);
}

#[test]
fn an_unknown_word() {
    assert_refused("\"medium\"", "\"mediocre\"", "\"mediocre\"", &["mediocre", "medium"]);
}

#[test]
fn a_rule_over_a_column_that_is_not_there() {
    assert_refused("row.live_rows >= params.rows", "row.life_rows >= params.rows", ".life_rows", &["life_rows"]);
    assert_refused(">= params.rows", ">= params.raws", ".raws", &["raws"]);
    assert_refused("row.live_rows >= ", "row.rate.live_rows >= ", ".live_rows", &["live_rows"]);
}

#[test]
fn a_rule_that_is_no_expression() {
    let (run, folder) = lint("row.live_rows >= params.rows && !row.analyzed", "row.live_rows >= && !row.analyzed");
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains(folder.file(FILE).to_str().unwrap()) && run.stderr.contains('^'), "{run}");
    assert!(run.stderr.contains("row.live_rows >= && !row.analyzed"), "the line itself is shown\n{run}");
}

#[test]
fn a_unit_or_a_number_that_does_not_fit() {
    assert_refused("default = 10000", "default = 10000\nunit = \"parsecs\"", "\"parsecs\"", &["parsecs"]);
    let (run, _folder) = lint("default = 10000", "default = \"10 apples\"");
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("10 apples") && run.stderr.contains('^'), "{run}");
}

#[test]
fn a_probe_that_is_not_there() {
    let folder = Folder::new();
    folder.write("nowhere.yaml", "id: postgres.nowhere\ntitle: T\ndomain: d\nseverity: low\npersonas: [deep]\nwhy: w\nfix: f\nfrom: postgres.no-such\nsubject: s\nmessage: m\nevidence: []\nrules:\n  - { status: fail, when: 'true' }\n");
    let run = loadline("check lint").arg(folder.path()).run().expect(2);
    assert!(run.stderr.contains("no probe and no derivation `postgres.no-such`"), "{run}");
    assert!(run.stderr.contains("nowhere.yaml:8:7") || run.stderr.contains("line 8, column 7"), "{run}");
}

#[test]
fn a_sentence_over_a_column_that_is_not_there() {
    let (run, folder) = lint("{{ row.live_rows | number }}", "{{ row.life_rows | number }}");
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains(folder.file(FILE).to_str().unwrap()) && run.stderr.contains("life_rows"), "{run}");
}

#[test]
fn one_id_twice_in_a_folder() {
    let folder = Folder::new();
    loadline("check new postgres.my-check --folder").arg(folder.path()).run().expect(0);
    folder.write("again.toml", &folder.read(FILE));
    let run = loadline("check lint").arg(folder.path()).run().expect(2);
    assert!(run.stderr.contains("`postgres.my-check` is taken by another file"), "{run}");
}
