//! Recorded snapshots, judged and shown: what a changed rule or layout changes is seen here as a difference.

use std::fmt::Write as _;

use crate::support::{Report, loadline};

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
    assert!(run.stdout.lines().filter(|l| !l.contains("= run:")).all(|l| l.chars().count() <= 80), "{}", run.stdout);
}

#[test]
fn a_finding_as_markdown() {
    let run = loadline("demo --format markdown --only postgres.lock-chains,postgres.unused-indexes").run().expect(30);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn a_snapshot_of_version_1_is_still_read() {
    let stored = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/snapshots/v1-redis-pair.json");
    let report = loadline("audit --format json --snapshot").arg(stored).run().expect(0).report();
    assert_eq!(report.0["snapshot"]["sources"][0]["facts"]["server"], "7.0.15");
    insta::assert_snapshot!(verdicts(&report));
}
