//! Answers and waivers in folders count; what cannot be read is told and never taken for an answer.

use serde_json::Value;

use crate::support::{Folder, Loadline, Run, loadline, word};

/// A ladder of one stage: a question, and a check that fails in the demo. Answers hold for a hundred years, so that
/// this test does.
pub(super) const PACK: &str = r#"
id = "own"
title = "Own"
about = "Own."
kind = "stages"

[[levels]]
id = "1"
title = "One"
about = "One."

[[criteria]]
id = "restored"
title = "A restore was tested"
domain = "recovery"
gate = true

[criteria.attest]
question = "Was a restore tested?"
evidence = "the record of the restore"
max_age = "36500d"

[[criteria]]
id = "memory"
title = "Memory is left"
domain = "database"
gate = true
checks = ["redis.memory-near-limit"]
"#;

/// The first 64 bits of the SHA-256 of the question.
const MARK: &str = "b6ef064c360725ae";

fn answer(mark: &str) -> String {
    format!(
        "answer = \"yes\"\nby = \"platform team\"\non = 2026-11-20\nexpires = 2099-01-01\nquestion = \"{mark}\"\n\
         evidence = \"restored on 2026-11-19\"\n"
    )
}

fn waiver(expires: &str) -> String {
    format!(
        "check = \"redis.memory-near-limit\"\nreason = \"grows on Sunday\"\nowner = \"database team\"\n\
         on = 2026-11-20\nexpires = {expires}\n"
    )
}

fn home(pack: &str, answer: &str) -> Folder {
    let home = Folder::new();
    home.write("checks/criteria/own.toml", pack);
    home.write("attestations/own.restored.toml", answer);
    home
}

fn audit(home: &Folder) -> Loadline {
    let audit = loadline("demo audit --format json --pack own --stage 1").with("--checks", home.file("checks"));
    audit.with("--attestations", home.file("attestations"))
}

fn criterion(run: &Run, id: &str) -> Value {
    let report = run.report().0;
    let all = report["readiness"]["criteria"].as_array().expect("a report has criteria");
    all.iter().find(|c| c["id"] == id).unwrap_or_else(|| panic!("no criterion {id}")).clone()
}

fn stands(home: &Folder) -> (String, String) {
    let criterion = criterion(&audit(home).run(), "own.restored");
    (word(&criterion, "status").to_owned(), word(&criterion, "message").to_owned())
}

#[test]
fn an_answer_turns_unknown_into_pass_and_nothing_else_does() {
    let (status, message) = stands(&home(PACK, &answer(MARK)));
    assert_eq!(status, "pass", "{message}");
    assert!(message.contains("platform team") && message.contains("restored on 2026-11-19"), "{message}");
    let tampered = PACK.replace("Was a restore tested?", "Was a restore planned?");
    let cases = [
        (tampered.as_str(), answer(MARK), "another wording"),
        (PACK, answer("0000000000000000"), "another wording"),
        (PACK, answer(MARK).replace("2099-01-01", "2026-11-20"), "expired on 2026-11-20"),
        (PACK, answer(MARK).replace("2026-11-20", "2098-01-01"), "dated in the future"),
        (PACK, answer(MARK).replace("expires", "# expires"), "own.restored.toml:1:1: missing field `expires`"),
        (PACK, "answer = \"yes\"\nwho = 3\n".to_owned(), "own.restored.toml:2:1: unknown field `who`"),
    ];
    for (pack, answer, says) in cases {
        let (status, message) = stands(&home(pack, &answer));
        assert!(status == "unknown" && message.contains(says), "{says}: {status}, {message}");
    }
    assert_eq!(stands(&home(PACK, &answer(MARK).replace("\"yes\"", "\"no\""))).0, "fail");
}

#[test]
fn a_waiver_accepts_a_fail_until_its_day() {
    let home = home(PACK, &answer(MARK));
    audit(&home).run().expect(30);
    home.write("waivers/memory.toml", &waiver("2099-01-01"));
    let waived = audit(&home).with("--waivers", home.file("waivers")).run().expect(10).report().0;
    assert_eq!(waived["readiness"]["waivers"][0]["state"], "matched");
    home.write("waivers/memory.toml", &waiver("2026-11-20"));
    let expired = audit(&home).with("--waivers", home.file("waivers")).run().expect(30).report().0;
    assert_eq!(expired["readiness"]["waivers"][0]["state"], "expired");
    home.write("waivers/memory.toml", &waiver("never"));
    let invalid = audit(&home).with("--waivers", home.file("waivers")).run().expect(30).report().0;
    assert_eq!(invalid["readiness"]["waivers"][0]["state"], "invalid");
}

#[test]
fn a_fail_is_accepted_also_where_only_its_check_is_asked_for() {
    let home = home(PACK, &answer(MARK));
    home.write("waivers/memory.toml", &waiver("2099-01-01"));
    let only = || loadline("demo audit --format json --only redis.memory-near-limit");
    only().run().expect(30);
    let waived = only().with("--waivers", home.file("waivers")).run().expect(0).report();
    assert_eq!(waived.statuses("redis.memory-near-limit")[0], "waived");
}

/// Two targets that need no server, with answers of their own.
const TARGETS: &str = "checks = [\"checks\"]\n[targets.shop.plan]\ntitle = \"shop\"\nstage_wanted = \"1\"\n[targets.other]\n\
                       attestations = \"other\"\n[targets.other.plan]\ntitle = \"other\"\nstage_wanted = \"1\"\n";

#[test]
fn every_target_has_its_own_answers_and_a_snapshot_keeps_them() {
    let home = home(PACK, &answer(MARK));
    home.write("loadline.toml", TARGETS);
    home.write("other/own.restored.toml", &answer(MARK).replace("\"yes\"", "\"no\""));
    let run = |words: &str| loadline(words).with("--config", home.file("loadline.toml"));
    let audit = |target: &str| run("audit --window 0 --format json --pack own").arg(target);
    assert_eq!(criterion(&audit("shop").run(), "own.restored")["status"], "pass");
    assert_eq!(criterion(&audit("other").run(), "own.restored")["status"], "fail");

    let snapshot = home.file("snapshot.json");
    run("collect --window 0 shop").with("-o", &snapshot).run().expect(0);
    let again = || run("audit --format json --pack own").with("--snapshot", &snapshot);
    assert_eq!(criterion(&again().run(), "own.restored")["status"], "pass", "the answers of the snapshot count");
    let replaced = again().with("--attestations", home.file("other")).run();
    assert_eq!(criterion(&replaced, "own.restored")["status"], "fail", "those of a folder that is named replace them");
}

#[test]
fn a_folder_that_a_flag_names_and_that_is_not_there_is_a_mistake() {
    let home = home(PACK, &answer(MARK));
    for flag in ["--attestations", "--waivers"] {
        let run = loadline("demo audit").with(flag, home.file("nowhere")).run().expect(2);
        assert!(run.stderr.contains("no such folder"), "{run}");
    }
}
