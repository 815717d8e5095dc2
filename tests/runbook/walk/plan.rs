//! Looking ahead: everything is shown, and nothing is changed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::{Ill, shows};
use crate::lab::{Part, Server};

#[test]
fn a_plan_shows_the_whole_run_and_the_server_sees_reads_alone() {
    let ill = Ill::new();
    ill.lab.sql(Server::Primary, "alter role loadline set log_statement = 'all'");
    let run = ill.walk("plan --for postgres.idle-in-transaction").run();
    shows(
        &run,
        &[
            "pid = ",
            "(from finding)",
            "shop on primary",
            "[change]",
            "pg_terminate_backend",
            "(now, before earlier steps)",
            "Nothing was run",
        ],
    );
    assert!(ill.is_ill(), "{run}");
    let log = fs::read_to_string(ill.lab.crew().log(Part::Postgres.name())).expect("the server has a log");
    let own: Vec<&str> =
        log.lines().filter(|line| line.contains("loadline@") && line.contains("statement: ")).collect();
    assert!(own.len() > 4, "the log shows what was asked: {own:?}");
    for words in ["pg_terminate_backend", "pg_cancel_backend", "statement: update", "statement: alter"] {
        assert!(!own.iter().any(|line| line.contains(words)), "{words}: {own:?}");
    }
}

#[test]
fn a_plan_starts_no_process_of_a_step() {
    let ill = Ill::new();
    let (marker, bin) = (ill.folder.file("was-run"), ill.folder.file("bin"));
    ill.folder.write("books/touch.md", &TOUCH.replace("MARKER", &marker.display().to_string()));
    // Whatever is started by name leaves a trace.
    for name in ["sh", "psql", "kubectl", "redis-cli"] {
        let text = format!("#!/bin/sh\necho {name} >> {}\n", marker.display());
        let path = ill.folder.write(&format!("bin/{name}"), &text);
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("our own file");
    }
    let run = ill.walk("plan touch").with("--runbooks", ill.folder.file("books")).env("PATH", &bin).run().expect(0);
    shows(&run, &["touch", "psql: ", "1 that change something"]);
    assert!(!marker.exists(), "something was run: {run}");
    let missing =
        ill.walk("plan touch").with("--runbooks", ill.folder.file("books")).env("PATH", "/nowhere").run().expect(20);
    shows(&missing, &["psql: MISSING"]);
}

#[test]
fn a_plan_is_kept_as_a_rehearsal_and_is_never_gone_on_with() {
    let ill = Ill::new();
    ill.walk("plan idle-in-transaction --set pid=1").run();
    let listed = ill.runbook("log").run().expect(0);
    shows(&listed, &["plan; idle-in-transaction on shop"]);
    let refused = ill.runbook("resume last").input("y\ny\n").run().expect(2);
    assert!(refused.stderr.contains("is a plan: nothing was run in it"), "{refused}");
    let markdown = ill.runbook("log last --markdown").run().expect(0);
    shows(&markdown, &["**A rehearsal.**"]);
    let before = fs::read_dir(ill.runs()).expect("runs").count();
    ill.walk("plan idle-in-transaction --set pid=1 --no-record").run();
    assert_eq!(fs::read_dir(ill.runs()).expect("runs").count(), before);
}

#[test]
fn a_plan_of_a_recording_needs_no_server_and_fits_its_schema() {
    let run = crate::support::loadline("demo runbook plan --no-record --format json --for postgres.lock-chains")
        .run()
        .expect(0);
    let plan: serde_json::Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run}"));
    let schema = crate::support::loadline("schema plan").run().expect(0).stdout;
    let schema = serde_json::from_str(&schema).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema that holds");
    let errors: Vec<String> = validator.iter_errors(&plan).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(plan["finding"], "postgres.lock-chains: primary: pid 4370");
    let refused = crate::support::loadline("demo runbook run lock-storm").run().expect(2);
    assert!(refused.stderr.contains("nothing can be run on a recording"), "{refused}");
}

const TOUCH: &str = "\
---
id: touch
title: Touch a file
owner: tests
reviewed: 2026-11-21
severity: low
estimate: 1m
danger: change
programs: [psql]
---

# Touch a file

## Mitigate

### Touch it

Danger: change. Timeout: 10 s.

```sh step danger=change timeout=10s
touch MARKER
```
";
