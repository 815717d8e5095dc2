//! Memory stays flat whatever is printed. Measured in a process of its own, because tests share theirs.

#![expect(clippy::print_stdout, reason = "the process that measures tells the one that judges")]

use std::{process::Command, time::Duration};

use loadline::runbook::record::Ended;

use super::Act;

/// The highest memory of this process so far, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
#[ignore = "is run by the test below"]
fn a_flood() {
    let folder = tempfile::tempdir().unwrap();
    let flood = |script: &str| Act::sh(script).secret("correct horse").output(&folder.path().join("out"));
    // What the machinery itself takes, once.
    assert_eq!(flood("yes correct horse | head -n 100000").run().outcome.ended, Ended::Succeeded);
    let before = peak();
    let gigabyte = flood("head -c 1000000000 /dev/zero | tr '\\0' x").within(Duration::from_secs(120)).run();
    assert_eq!(gigabyte.outcome.ended, Ended::Succeeded, "{:?}", gigabyte.outcome.says);
    assert_eq!(gigabyte.outcome.printed, 1_000_000_000);
    let endless = flood("tr '\\0' x < /dev/zero").within(Duration::from_secs(1)).run();
    assert_eq!(endless.outcome.ended, Ended::TimedOut);
    let many = flood("yes correct horse").within(Duration::from_secs(2)).run();
    assert_eq!(many.outcome.ended, Ended::TimedOut);
    assert!(!many.everything().contains("horse"));
    println!("grown by {} KiB", peak() - before);
}

#[test]
fn a_gigabyte_without_a_line_break_does_not_grow_memory() {
    let this = std::env::current_exe().unwrap();
    let output = Command::new(this)
        .args(["--exact", "runbook::hands::memory::a_flood", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let grown =
        text.lines().find_map(|line| line.strip_prefix("grown by ")?.strip_suffix(" KiB")).expect("it measured");
    let grown: u64 = grown.parse().unwrap();
    assert!(grown < 32 * 1024, "memory grew by {grown} KiB");
}
