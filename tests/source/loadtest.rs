//! Results of load tests in a folder: judged without any server, one bad file costing no other.

use std::path::Path;

use crate::support::{Loadline, Report, loadline};

const CONFIG: &str = "[targets.shop.sources.tests]\nkind = \"loadtest\"\nfolder = \"loadtests\"\n";

fn fixture(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/loadtests");
    std::fs::read_to_string(folder.join(name)).expect("a fixture can be read")
}

/// A run whose home has this configuration and these tests: name, record, result file and its text.
fn with_tests(words: &str, tests: &[(&str, &str, &str, &str)]) -> Loadline {
    let run = loadline(words);
    run.home().write("loadline.toml", CONFIG);
    for (name, record, result, text) in tests {
        run.home().write(&format!("loadtests/{name}.toml"), &format!("result = \"{result}\"\n{record}"));
        run.home().write(&format!("loadtests/{result}"), text);
    }
    run
}

/// What was concluded of one test: status by check. Passes are folded and stand elsewhere.
fn of(report: &Report, test: &str) -> Vec<String> {
    let findings = report.findings().iter().filter(|f| f["subject"] == format!("tests: {test}"));
    let mut lines: Vec<String> =
        findings.map(|f| format!("{} {}", f["check"].as_str().unwrap(), f["status"].as_str().unwrap())).collect();
    lines.sort();
    lines
}

#[test]
fn each_test_is_judged_by_what_its_tool_said() {
    let tests = [
        ("stress", "kind = \"stress\"\ntarget = \"1600/s\"\n", "k6.json", &*fixture("k6-legacy.json")),
        (
            "soak",
            "kind = \"soak\"\nstarted = 2024-01-01T00:00:00Z\nexit_code = 0\n",
            "run_stats.csv",
            &*fixture("locust_stats.csv"),
        ),
        ("steady", "kind = \"baseline\"\nstarted = 2024-01-01T00:00:00Z\n", "v.json", &*fixture("vegeta.json")),
    ];
    let run = with_tests("audit --all --format json --save-snapshot s.json", &tests);
    let home = run.home().path().to_owned();
    // The snapshot is judged again where the first run's home still is.
    let (mut command, folder) = run.into_command();
    let first = command.output().unwrap();
    assert_eq!(first.status.code(), Some(30), "{}", String::from_utf8_lossy(&first.stderr));
    let report = Report::read(&String::from_utf8(first.stdout).unwrap()).unwrap();
    let expected = [
        // 2,682 of 5,364 refused, 530 of 1,600 a second, a crossed threshold that the file calls `true`.
        "loadtest.age unknown",
        "loadtest.error-rate fail",
        "loadtest.gates fail",
        "loadtest.model unknown",
        "loadtest.target-reached fail",
    ];
    assert_eq!(of(&report, "stress"), expected, "{}", report.lines());
    // 17 of 252 refused by users who wait, in 7 s, in 2024.
    let expected =
        ["loadtest.age fail", "loadtest.error-rate fail", "loadtest.model warn", "loadtest.soak-duration fail"];
    assert_eq!(of(&report, "soak"), expected, "{}", report.lines());
    // Its own word on when it ran counts more than the record's.
    let steady = of(&report, "steady");
    assert!(steady.contains(&"loadtest.error-rate fail".to_owned()), "5 of 500: {steady:?}");
    assert!(steady.contains(&"loadtest.gates unknown".to_owned()), "nobody recorded its exit code: {steady:?}");
    assert_eq!(report.one("loadtest.readable")["status"], "pass");
    let others = report.findings().iter().filter(|f| !f["check"].as_str().unwrap().starts_with("loadtest."));
    assert!(others.clone().count() > 0 && others.clone().all(|f| f["status"] == "not-applicable"));
    let evidence = report.of("loadtest.gates").into_iter().find(|f| f["subject"] == "tests: stress").unwrap();
    assert!(evidence["evidence"].to_string().contains("http_req_failed: rate<0.01"), "{evidence}");

    let again = loadline("audit --all --format json --snapshot").arg(home.join("s.json")).run().expect(30).report();
    assert_eq!(again.conclusions("loadtest"), report.conclusions("loadtest"));
    // Which bytes were judged: sha256sum of the fixture.
    assert!(folder.read("s.json").contains("b5a49d2444afc8b7a7ac8bffe2ef86ac7f39ebec5f8fe669cf3c84eade445b73"));
}

#[test]
fn what_cannot_be_read_is_unknown_and_hides_no_other() {
    let whole = fixture("vegeta.json");
    let tests = [
        ("a-good", "kind = \"baseline\"\nexit_code = 0\nchaos = \"password=hunter2-Zx9\"\n", "good.json", &*whole),
        ("b-cut-off", "kind = \"baseline\"\n", "cut.json", &whole[..whole.len() / 2]),
        ("c-typo", "kind = \"baseline\"\ntargett = 5\n", "typo.json", &*whole),
        ("d-other", "kind = \"baseline\"\ntool = \"hey\"\n", "other.json", &*whole),
        ("e-nothing", "kind = \"baseline\"\n", "words.txt", "well done"),
    ];
    let run = with_tests("audit --all --format json --only loadtest.*", &tests);
    run.home().write("loadtests/f-lost.toml", "kind = \"soak\"\nresult = \"lost.json\"\n");
    run.home().write("loadtests/g-outside.toml", "kind = \"soak\"\nresult = \"../loadline.toml\"\n");
    run.home().write("loadtests/h-folder.toml", "kind = \"soak\"\nresult = \".\"\n");
    let run = run.run().expect(30);
    assert!(!run.stdout.contains("hunter2"), "a secret came out");
    let report = run.report();
    let said: Vec<String> = report.of("loadtest.readable").iter().map(|f| f["message"].to_string()).collect();
    let expected = [
        "cut.json: it is no whole JSON",
        "c-typo.toml:3:1: unknown field `targett`",
        "other.json: it is JSON; expected hey's CSV",
        "words.txt: its shape is of no tool that is known",
        "lost.json: No such file",
        ".: it is no file",
        "g-outside.toml:2:10: expected the name of a file beside",
    ];
    for words in expected {
        assert_eq!(said.iter().filter(|message| message.contains(words)).count(), 1, "{words}: {said:#?}");
    }
    assert!(of(&report, "a-good").contains(&"loadtest.error-rate fail".to_owned()), "{}", report.lines());
    // Nothing is said of their numbers but that they are unknown.
    let rates = report.statuses("loadtest.error-rate");
    assert!(rates.contains(&"unknown") && !rates.contains(&"pass"), "{rates:?}");
}

#[test]
fn no_folder_and_no_tests_are_unknown() {
    let audit = "audit --format json --only loadtest.*";
    let nowhere = loadline(audit);
    nowhere.home().write("loadline.toml", CONFIG);
    let report = nowhere.run().expect(20).report();
    assert_eq!(report.source("tests")["fault"]["kind"], "unreachable");
    assert!(report.findings().iter().all(|f| f["status"] == "unknown"), "{}", report.lines());

    let empty = with_tests(audit, &[]);
    empty.home().write("loadtests/README.md", "none yet");
    let report = empty.run().expect(20).report();
    assert!(report.findings().iter().all(|f| f["status"] == "unknown"), "{}", report.lines());

    let unsaid = loadline(audit);
    unsaid.home().write("loadline.toml", "[targets.shop.sources.tests]\nkind = \"loadtest\"\n");
    assert!(unsaid.run().expect(2).stderr.contains("needs folder"));
}

#[test]
fn plateaus_are_rows_of_their_own() {
    let levels = "kind = \"stress\"\n[[levels]]\nload = \"800/s\"\np95 = \"280ms\"\nerrors = \"0.1%\"\n\
                  [[levels]]\nload = \"96000/min\"\np95 = \"0.75s\"\nerrors = 0.02\n";
    let checks = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/checks");
    let run = with_tests(
        "audit --all --format json --only loadtest.lab-levels",
        &[("steps", levels, "v.json", &fixture("vegeta.json"))],
    );
    let report = run.with("--checks", checks).run().expect(30).report();
    let found = report.of("loadtest.lab-levels");
    assert_eq!(found[0]["subject"], "steps 2");
    assert_eq!(found[0]["message"], "750 ms at 1,600/s with 2 % errors");
    assert_eq!(found[1]["message"], "1 looked at, all well");
}
