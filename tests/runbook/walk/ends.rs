//! How runs end, and what the shell is told.

use super::{Ill, shows};

/// Walks up to the step that ends the session.
const BEFORE: &str = "y\ny\ny\ny\ns users wait\n";

#[test]
fn the_end_of_input_pauses_and_resuming_goes_on_where_it_stood() {
    let ill = Ill::new();
    let paused = ill.walk("run --for postgres.idle-in-transaction").input(BEFORE).run().expect(20);
    shows(&paused, &["End the session", "paused", "loadline runbook resume"]);
    assert!(ill.is_ill(), "nothing is done without a word: {paused}");
    let listed = ill.runbook("resume --list").run().expect(0);
    shows(&listed, &["paused; idle-in-transaction on shop, ann"]);
    // Ends the session, looks, leaves the rest for later, closes.
    let resumed = ill.runbook("resume --operator ben").input("y\ny\nd next sprint\ny\n").run().expect(10);
    shows(&resumed, &["last touched", "End the session", "deferred", "next sprint"]);
    assert!(!ill.is_ill(), "{resumed}");
    let record = ill.record();
    assert_eq!(record["operators"], serde_json::json!(["ann", "ben"]));
    let none = ill.runbook("resume").input("").run().expect(2);
    assert!(none.stderr.contains("waits to be gone on with"), "{none}");
}

#[test]
fn giving_up_changes_nothing_and_says_so_by_its_code() {
    let ill = Ill::new();
    let run =
        ill.walk("run --for postgres.idle-in-transaction --no-survey").input("y\na wrong place\n").run().expect(30);
    shows(&run, &["given up", "not compared"]);
    assert!(ill.is_ill());
    assert_eq!(ill.record()["came_to"], "given up");
}

#[test]
fn what_is_wrong_on_the_command_line_is_told_before_anything_is_asked() {
    let ill = Ill::new();
    for (words, part) in [
        ("run", "which runbook?"),
        ("run no-such-book", "no runbook `no-such-book`"),
        ("run idle-in-transaction --set pidd=1", "no parameter `pidd`"),
        ("run idle-in-transaction --set pid=x", "whole number"),
        ("run idle-in-transaction --set pid=1 --start-at nowhere", "no such step"),
        ("run idle-in-transaction --set pid=1 --auto", "without people"),
        ("run --for postgres.unheard-of", "no finding is called so"),
        ("resume nothing", "nothing"),
        ("log nothing", "nothing"),
    ] {
        let run = ill.runbook(words).input("").run().expect(2);
        assert!(run.stderr.contains(part), "{words}: `{part}` is missing: {run}");
    }
    assert!(ill.is_ill());
}

#[test]
fn a_secret_comes_from_the_environment_and_never_by_flag() {
    let ill = Ill::new();
    ill.folder.write("books/say.md", SAYS);
    let books = ill.folder.file("books");
    let by_flag = ill.walk("run say --set token=hunter2").with("--runbooks", &books).input("").run().expect(2);
    assert!(by_flag.stderr.contains("env:") && !by_flag.stderr.contains("hunter2"), "{by_flag}");
    let run = ill.walk("run say --no-survey --set token=env:TOKEN").with("--runbooks", &books);
    let run = run.env("TOKEN", "hunter2hunter2").input("y\ny\n").run().expect(0);
    assert!(!run.stdout.contains("hunter2") && run.stdout.contains("14 letters"), "{run}");
    assert!(!ill.record().to_string().contains("hunter2"));
    let mut kept = String::new();
    for folder in std::fs::read_dir(ill.runs()).expect("runs").filter_map(Result::ok) {
        for file in std::fs::read_dir(folder.path()).expect("a run").filter_map(Result::ok) {
            kept += &String::from_utf8_lossy(&std::fs::read(file.path()).expect("a file"));
        }
    }
    assert!(!kept.contains("hunter2"));
}

#[test]
fn a_run_without_an_operator_goes_through_and_stops_at_trouble() {
    let ill = Ill::new();
    ill.folder.write("books/count.md", COUNTS);
    let books = ill.folder.file("books");
    let run = ill.walk("run count --auto --no-survey").with("--runbooks", &books).input("").run().expect(0);
    shows(&run, &["completed"]);
    assert_eq!(ill.record()["mode"], "auto");
    ill.folder.write("books/count.md", &COUNTS.replace("select count(*) from pg_stat_activity", "select 1/0"));
    let run = ill.walk("run count --auto --no-survey").with("--runbooks", &books).input("").run().expect(20);
    assert!(run.stderr.contains("the automatic run stops here"), "{run}");
}

const SAYS: &str = "\
---
id: say
title: Say how long a secret is
owner: tests
reviewed: 2026-11-21
severity: low
estimate: 1m
danger: change
params:
  token:
    about: something nobody may see
    type: text
    secret: true
---

# Say how long a secret is

## Mitigate

### Say it

Danger: change. Timeout: 10 s.

```sh step danger=change timeout=10s
printf '%s is %s letters' \"$TOKEN\" \"${#TOKEN}\"
```
";

const COUNTS: &str = "\
---
id: count
title: Count the sessions
owner: tests
reviewed: 2026-11-21
severity: low
estimate: 1m
danger: observe
---

# Count the sessions

## Diagnose

### Count them

```sql step target=postgres
select count(*) from pg_stat_activity
```
";
