//! From a finding to its verified cure.

use super::{Ill, shows};
use crate::support::Run;

/// The finding stands, three looks, the owner was asked, the session is ended, nobody else sits there, the application
/// is mended, the run is closed.
const CURE: &str = "y\ny\ny\ny\nt\nt\nh the owner is on the phone\ny\ny\nt\nt\nh the error path rolls back now\ny\n";

#[test]
fn an_idle_transaction_is_ended_and_the_live_check_says_so() {
    let ill = Ill::new();
    assert!(ill.is_ill());
    let run = ill.walk("run --for postgres.idle-in-transaction").input(CURE).run().expect(0);
    assert!(!ill.is_ill(), "{run}");
    shows(
        &run,
        &[
            "for postgres.idle-in-transaction: primary: ",
            "step 1 of ",
            "shop on primary",
            "danger   change",
            "pg_terminate_backend",
            "verified after",
            "fixed     postgres.idle-in-transaction: primary: ",
            "completed",
        ],
    );
    let record = ill.record();
    assert_eq!(record["came_to"], "completed", "{record}");
    assert_eq!(record["operators"], serde_json::json!(["ann"]));
    let fixed = record["change"]["fixed"].as_array().expect("it compares").iter();
    let fixed: Vec<_> = fixed.filter_map(|f| f.as_str()).collect();
    assert!(fixed.iter().any(|f| f.starts_with("postgres.idle-in-transaction: primary")), "{fixed:?}");
    let pid = record["params"].as_array().expect("params").iter().find(|p| p["name"] == "pid").expect("a pid");
    assert_eq!(pid["origin"], "finding");
    let ended = record["steps"].as_array().expect("steps").iter().find(|s| s["title"] == "End the session");
    let ended = ended.expect("the step");
    assert_eq!((&ended["status"], &ended["attempts"]), (&"verified".into(), &1.into()), "{ended}");
    assert_eq!(ended["identity"]["facts"]["database"], "shop");
    reads_well(&ill);
    keeps_secrets(&ill, &run);
}

fn reads_well(ill: &Ill) {
    let markdown = ill.runbook("log last --markdown").run().expect(0);
    shows(
        &markdown,
        &[
            "# End sessions that sit idle in a transaction: completed",
            "| who | ann on ",
            "## Timeline",
            "- fixed: postgres.idle",
        ],
    );
    assert!(!markdown.stdout.contains("{{") && !markdown.stdout.contains("\n\n\n"), "{markdown}");
    let file = ill.folder.file("record.md");
    ill.runbook("log last").with("-o", &file).run().expect(0);
    assert_eq!(ill.folder.read("record.md"), markdown.stdout);
    let schema = crate::support::loadline("schema run").run().expect(0).stdout;
    let schema = serde_json::from_str(&schema).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema that holds");
    let record = ill.record();
    let errors: Vec<String> = validator.iter_errors(&record).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

fn keeps_secrets(ill: &Ill, run: &Run) {
    let (_, password) = ill.lab.credentials(crate::lab::Role::Monitor);
    let markdown = ill.runbook("log last --markdown").run().expect(0);
    for text in [&run.stdout, &run.stderr, &markdown.stdout] {
        assert!(!text.contains(password));
    }
    let kept = std::fs::read_dir(ill.runs()).expect("runs").filter_map(Result::ok);
    for folder in kept {
        for file in std::fs::read_dir(folder.path()).expect("a run").filter_map(Result::ok) {
            let text = String::from_utf8_lossy(&std::fs::read(file.path()).expect("a file")).into_owned();
            assert!(!text.contains(password), "{}", file.path().display());
        }
    }
}
