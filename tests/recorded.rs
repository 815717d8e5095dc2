//! Recorded snapshots, judged and shown: what a changed rule or layout changes is seen here as a difference.

#![allow(clippy::expect_used, reason = "a snapshot that cannot be read is a failed test")]

use std::fmt::Write as _;

use crate::support::{Report, loadline};

/// Probes without which the rest still stands: an index that one server uses is in use; a replica knows what it
/// has received and not replayed; a statement is slow also without its text. Answers, accepted fails and settings are
/// read by criteria alone, which are unknown without them.
const ONLY_ADD: [&str; 6] = [
    "attestation.answers",
    "attestation.waivers",
    "postgres.index-scans",
    "postgres.replication-senders",
    "postgres.settings",
    "postgres.statements-texts",
];

/// One line a finding: the whole effect of a changed rule on a recorded system.
fn verdicts(report: &Report) -> String {
    let mut table = String::new();
    for finding in report.findings() {
        let word = |name: &str| finding[name].as_str().unwrap_or_default();
        let _ = writeln!(table, "{:14} {:40} {}", word("status"), word("check"), word("subject"));
    }
    table
}

#[test]
fn the_verdicts_over_the_demo() {
    let report = loadline("demo --format json").run().expect(30).report();
    insta::assert_snapshot!(verdicts(&report));
}

#[test]
fn a_finding_on_a_terminal_of_80_columns() {
    let run = loadline("demo --only postgres.lock-chains,postgres.duplicate-indexes").run().expect(30);
    insta::assert_snapshot!(run.stdout);
    // Commands are there to be copied.
    let is_command = |line: &&str| line.contains("= run:") || line.contains("= runbook:");
    let mut lines = run.stdout.lines().filter(|line| !is_command(line));
    assert!(lines.all(|line| line.chars().count() <= 80), "{}", run.stdout);
}

#[test]
fn a_finding_as_markdown() {
    let run =
        loadline("demo report --template audit --only postgres.lock-chains,postgres.unused-indexes").run().expect(0);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn a_snapshot_of_version_1_is_still_read() {
    let stored = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/snapshots/v1-redis-pair.json");
    let report = loadline("audit --format json --snapshot").arg(stored).run().expect(0).report();
    assert_eq!(report.0["snapshot"]["sources"][0]["facts"]["server"], "7.0.15");
    insta::assert_snapshot!(verdicts(&report));
}

#[test]
fn what_a_snapshot_never_asked_is_unknown_and_never_well() {
    let folder = crate::support::Folder::new();
    let text = loadline("demo collect").run().expect(0).stdout;
    let whole: serde_json::Value = serde_json::from_str(&text).expect("a snapshot is JSON");
    let probes: std::collections::BTreeSet<String> = whole["observations"]
        .as_array()
        .expect("a snapshot has observations")
        .iter()
        .filter_map(|o| o["probe"].as_str().map(str::to_owned))
        .collect();
    let mut silent = Vec::new();
    for probe in probes {
        let mut part = whole.clone();
        let observations = part["observations"].as_array_mut().expect("a snapshot has observations");
        observations.retain(|o| o["probe"] != probe.as_str());
        let file = folder.write("part.json", &part.to_string());
        let report = loadline("audit --format json --snapshot").arg(&file).run().report();
        if !report.findings().iter().any(|f| f["status"] == "unknown" && f["message"].to_string().contains(&probe)) {
            silent.push(probe);
        }
    }
    assert_eq!(silent, ONLY_ADD);
}

/// What a reader of the demo's report sees first, and the way through the rest.
#[test]
fn the_first_screen_and_the_headings_of_the_demos_report() {
    let report = loadline("demo report --stage 2").run().stdout;
    let (first, rest) = report.split_once("\n## Findings\n").expect("findings follow the first screen");
    let headings: Vec<_> = rest.lines().filter(|line| line.starts_with("## ") || line.starts_with("### ")).collect();
    insta::assert_snapshot!(format!("{first}\n\n## Findings\n{}\n", headings.join("\n")));
}

#[test]
fn the_demo_for_an_executive() {
    insta::assert_snapshot!(loadline("demo report --stage 2 --template executive").run().stdout);
}

#[test]
fn the_demo_for_a_chat() {
    insta::assert_snapshot!(loadline("demo report --stage 2 --template brief").run().stdout);
}

#[test]
fn a_report_is_the_same_to_the_byte() {
    for words in ["demo report", "demo report --html", "demo report --template brief"] {
        assert_eq!(loadline(words).run().expect(0).stdout, loadline(words).run().expect(0).stdout, "{words}");
    }
    let audited = loadline("demo --format markdown").run().expect(30).stdout;
    assert_eq!(audited, loadline("demo report").run().expect(0).stdout);
}
