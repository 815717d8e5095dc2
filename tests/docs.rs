//! The README is the front door: what it shows is what the program does.

#![allow(clippy::expect_used, clippy::panic, reason = "a README that cannot be read is a failed test")]

use crate::lab::{Lab, Options, Role};
use crate::support::{Folder, loadline};

const README: &str = include_str!("../README.md");

/// What stands between a line that starts with `from` and the next fence.
fn block(from: &str, language: &str) -> String {
    let after = README.split_once(from).unwrap_or_else(|| panic!("the README has no `{from}`")).1;
    let fence = format!("```{language}\n");
    let body = after.split_once(fence.as_str()).unwrap_or_else(|| panic!("no {language} block follows `{from}`")).1;
    body.split_once("\n```").expect("a block ends").0.to_owned()
}

#[test]
fn the_screenful_of_the_readme_is_what_the_demo_prints() {
    let shown = block("<!-- demo:", "text");
    let printed = loadline("demo").run().expect(30).stdout;
    for part in shown.split("[…]").map(str::trim).filter(|part| !part.is_empty()) {
        assert!(
            printed.contains(part),
            "the demo no longer prints this; copy it anew:\n{part}\n--- it prints:\n{printed}"
        );
    }
}

#[test]
fn the_check_of_the_readme_has_ten_lines_and_works() {
    let check = block("## Add a check in ten lines", "toml");
    assert_eq!(check.lines().count(), 10, "{check}");
    let folder = Folder::new();
    folder.write("postgres/many-tables.toml", &check.replace("> 2000", "> 1"));
    let lab = Lab::start(Options::postgres());
    let report = loadline("audit --window 0 --only postgres.many-tables --format json")
        .with("--checks", folder.path())
        .with("--postgres", lab.primary_url(Role::Monitor))
        .run()
        .expect(0)
        .report();
    let found = report.of("postgres.many-tables");
    assert!(
        found.iter().any(|f| f["status"] == "warn" && f["message"].to_string().contains("tables in the schema")),
        "{found:?}"
    );
}

#[test]
fn the_load_test_of_the_readme_is_understood() {
    let run = loadline("audit --all --only loadtest.* --format json");
    let home = run.home();
    home.write("loadline.toml", "[targets.shop.sources.tests]\nkind = \"loadtest\"\nfolder = \"loadtests\"\n");
    home.write("loadtests/steps.toml", &block("Load tests are evidence too", "toml"));
    home.write("loadtests/k6-summary.json", include_str!("fixtures/loadtests/k6-legacy.json"));
    let report = run.run().expect(30).report();
    assert_eq!(report.one("loadtest.readable")["status"], "pass", "{}", report.lines());
}

#[test]
fn the_configuration_of_the_readme_is_understood() {
    let run = loadline("audit --only redis.* --window 0 --connect-timeout 1s");
    run.home().write("loadline.toml", &block("(`loadline schema config`", "toml"));
    // All keys are known; what is missing here is the service, and it is named.
    let run = run.env("CACHE_PASSWORD", "x").run().expect(2);
    assert!(run.stderr.contains("shop-replica"), "{run}");
}
