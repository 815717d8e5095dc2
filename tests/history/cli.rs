//! Past audits and differences, without a server.

use crate::support::{Folder, loadline};

/// A history as version 1 wrote it, in a folder of its own.
fn stored() -> Folder {
    let folder = Folder::new();
    let from = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/history/version-1.sqlite");
    std::fs::copy(from, folder.file("past.sqlite")).unwrap();
    folder
}

#[test]
fn a_history_is_read_from_the_file_that_is_named() {
    let stored = stored();
    let file = stored.file("past.sqlite");
    let list = loadline("history").with("--file", &file).run().expect(0);
    assert!(list.stdout.contains("demo-shop") && list.stdout.contains("UNPROVEN"), "{list}");
    let show = loadline("history show 1").with("--file", &file).run().expect(0);
    assert!(
        show.stdout.contains("FAIL    postgres.lock-chains") && show.stdout.contains("there is none before it"),
        "{show}"
    );
    let none = loadline("history show 7").with("--file", &file).run().expect(2);
    assert!(none.stderr.contains("has no audit 7"), "{none}");
    let wrong = loadline("history show seven").with("--file", &file).run().expect(2);
    assert!(wrong.stderr.contains("`seven` is no past audit"), "{wrong}");
    let stranger = loadline("history other-shop").with("--file", &file).run().expect(2);
    assert!(stranger.stderr.contains("demo-shop (1)"), "{stranger}");
}

#[test]
fn a_trend_says_what_there_is_instead() {
    let stored = stored();
    let file = stored.file("past.sqlite");
    let run = |words: &str| loadline("history trend").with_words(words).with("--file", &file).run();
    let json: serde_json::Value =
        serde_json::from_str(&run("redis.memory-near-limit cache --format json").expect(0).stdout).unwrap();
    assert_eq!(json["points"].as_array().unwrap().len(), 1, "{json:#}");
    assert_eq!(json["points"][0]["status"], "fail", "{json:#}");
    let subject = run("redis.memory-near-limit elsewhere").expect(2);
    assert!(subject.stderr.contains("they have:\n  cache"), "{subject}");
    let check = run("redis.no-such cache").expect(2);
    assert!(check.stderr.contains("loadline check list"), "{check}");
    let number = run("redis.memory-near-limit cache no-such").expect(2);
    assert!(number.stderr.contains("it has:"), "{number}");
}

#[test]
fn without_audits_there_is_nothing_to_tell_and_that_is_said() {
    let none = loadline("history").run().expect(0);
    assert!(none.stdout.is_empty() && none.stderr.contains("there are no past audits"), "{none}");
    loadline("history show last").run().expect(2);
    let demo = loadline("demo history").run().expect(0);
    assert!(demo.stderr.contains("the demo is one recording and has no history"), "{demo}");
    let off = loadline("history");
    off.home().write("loadline.toml", "history = \"off\"\n");
    let off = off.run().expect(2);
    assert!(off.stderr.contains("wants no history"), "{off}");
    loadline("demo audit").run().expect(30);
}

#[test]
fn two_snapshots_are_held_against_each_other() {
    let folder = Folder::new();
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/src/assets/demo.json");
    let same = loadline("diff").arg(demo).arg(demo).run().expect(0);
    assert!(same.stdout.contains("no change") && same.stdout.contains("as before"), "{same}");
    // The cache does not answer any more: what it said is not measured, and that is not better.
    let mut snapshot: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(demo).unwrap()).unwrap();
    let fault = serde_json::json!({ "kind": "unreachable", "message": "connection refused", "remedy": null });
    for observation in snapshot["observations"].as_array_mut().unwrap() {
        if observation["source"] == "cache" {
            observation.as_object_mut().unwrap().remove("earlier");
            observation["answer"] = serde_json::json!({ "fault": fault });
        }
    }
    for source in snapshot["sources"].as_array_mut().unwrap() {
        if source["name"] == "cache" {
            source["fault"] = fault.clone();
        }
    }
    let lost = folder.write("lost.json", &snapshot.to_string());
    let run = loadline("diff --format json --only redis.*").arg(demo).arg(&lost).run().expect(20);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let of = |group: &str, check: &str| json[group].as_array().unwrap().iter().any(|row| row["check"] == check);
    assert!(of("unmeasured", "redis.memory-near-limit"), "{json:#}");
    assert!(!of("better", "redis.memory-near-limit"), "{json:#}");
    let mixed = loadline("diff --only redis.*").arg(demo).arg("1").run().expect(2);
    assert!(mixed.stderr.contains("--only and --set are for snapshots"), "{mixed}");
    let none = loadline("diff no-such.json").arg(demo).run().expect(2);
    assert!(none.stderr.contains("no-such.json"), "{none}");
}
