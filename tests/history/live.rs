//! A live audit writes itself down.

use std::os::unix::fs::PermissionsExt as _;

use crate::lab::{Lab, Options, Role};
use crate::support::{Folder, Loadline, loadline};

/// An audit of the lab's primary that keeps its history in this state folder.
fn audit(lab: &Lab, state: &Folder, words: &str) -> Loadline {
    loadline("audit --window 0 --format json")
        .with_words(words)
        .with("--postgres", format!("primary={}", lab.primary_url(Role::Monitor)))
        .env("XDG_STATE_HOME", state.path())
}

fn history(state: &Folder, words: &str) -> Loadline {
    loadline("history").with_words(words).env("XDG_STATE_HOME", state.path())
}

#[test]
fn audits_are_kept_and_held_against_each_other() {
    let (lab, state) = (Lab::start(Options::postgres()), Folder::new());
    // What is in order keeps no numbers; by this threshold a single connection is worth a warning.
    let set = "--set postgres.connection-saturation.warn=0.1%";
    let first = audit(&lab, &state, set).run();
    assert!(!first.stderr.contains("since the last audit") && !first.stderr.contains("note:"), "{first}");
    lab.ail("duplicate-index");
    let second = audit(&lab, &state, set).run();
    assert!(second.stderr.contains("since the last audit") && second.stderr.contains(" new"), "{second}");
    // A part, and one that nobody wants kept, leave no trace.
    audit(&lab, &state, "--only postgres.connection-saturation").run().expect(0);
    audit(&lab, &state, "--no-history").run();
    let kept = audit(&lab, &state, "--keep-literals").run();
    assert!(kept.stderr.contains("not kept in the history, because it holds literals"), "{kept}");

    let list: serde_json::Value =
        serde_json::from_str(&history(&state, "--format json").run().expect(0).stdout).unwrap();
    let audits = list["audits"].as_array().unwrap();
    assert_eq!(audits.len(), 2, "{list:#}");
    assert!(list["target"].as_str().unwrap().starts_with("default at "), "{list:#}");
    assert!(audits[0]["changed"]["new"].as_u64().unwrap() >= 1 && audits[1]["changed"].is_null(), "{list:#}");
    let shown = history(&state, "show last").run().expect(0);
    assert!(shown.stdout.contains("postgres.duplicate-indexes") && shown.stdout.contains("New ("), "{shown}");
    let human = history(&state, "").run().expect(0);
    assert!(human.stdout.contains(" new") && human.stdout.lines().count() == 4, "{human}");
    let trend = history(&state, "trend postgres.connection-saturation primary used").run().expect(0);
    assert!(
        trend.stdout.contains('*') && trend.stdout.contains("least") && trend.stdout.contains("audit 2"),
        "{trend}"
    );
    let (a, b) = (audits[1]["id"].to_string(), audits[0]["id"].to_string());
    let diff = loadline("diff").arg(&a).arg(&b).env("XDG_STATE_HOME", state.path()).run().expect(30);
    assert!(diff.stdout.contains("none -> ") && diff.stdout.contains("postgres.duplicate-indexes"), "{diff}");
    let back = loadline("diff --format markdown").arg(&b).arg(&a).env("XDG_STATE_HOME", state.path()).run();
    assert!(back.stdout.contains("## Better (") && back.stdout.contains("towards the past"), "{back}");
}

#[test]
fn an_audit_never_fails_because_of_its_history() {
    let lab = Lab::start(Options::postgres());
    let only = Folder::new();
    let healthy = audit(&lab, &only, "").run();
    // A file that is no history, a folder where the file should be, and a place where nothing can be made.
    let broken = Folder::new();
    broken.write("loadline/history.sqlite", &"this is no database at all. ".repeat(200));
    let folder = Folder::new();
    folder.write("loadline/history.sqlite/inside", "");
    let nowhere = Folder::new();
    nowhere.write("loadline", "a file where a folder should be");
    for state in [&broken, &folder, &nowhere] {
        let run = audit(&lab, state, "").run().expect(healthy.code);
        assert!(run.stderr.contains("note: this audit is not kept in the history"), "{run}");
        assert!(run.stderr.contains("history.sqlite") || run.stderr.contains("loadline"), "{run}");
        assert_eq!(run.report().lines().lines().count(), healthy.report().lines().lines().count(), "{run}");
        let quiet = audit(&lab, state, "--quiet").run().expect(healthy.code);
        assert!(quiet.stderr.is_empty(), "{quiet}");
    }
    let told = history(&broken, "").run().expect(2);
    assert!(told.stderr.contains("history.sqlite") && told.stderr.contains("move it away"), "{told}");
    // One that may be read and not written, unless nobody is kept from anything.
    let file = only.file("loadline/history.sqlite");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o400)).unwrap();
    if std::fs::OpenOptions::new().append(true).open(&file).is_err() {
        let run = audit(&lab, &only, "").run().expect(healthy.code);
        assert!(run.stderr.contains("make it and its folder writable"), "{run}");
    }
    history(&only, "").run().expect(0);
}

#[test]
fn no_secret_and_no_literal_is_kept() {
    let (lab, state) = (Lab::start(Options::postgres()), Folder::new());
    audit(&lab, &state, "--set postgres.long-transactions.fail=0s").run();
    let bytes = std::fs::read(state.file("loadline/history.sqlite")).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("postgres.connection-saturation"), "it is there to be searched");
    assert!(!text.contains(&lab.credentials(Role::Monitor).1.to_owned()), "the password is in the history");
    let mode = std::fs::metadata(state.file("loadline/history.sqlite")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
