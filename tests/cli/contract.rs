//! What programs rely on: schemas that fit the output, completions, manual pages.

use serde_json::Value;

use crate::lab::{Lab, Options, Part, Role};
use crate::support::{Folder, loadline};

fn schema(of: &str) -> Value {
    let text = loadline("schema").arg(of).run().expect(0).stdout;
    let schema: Value = serde_json::from_str(&text).expect("a schema is JSON");
    jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("schema {of}: {error}"));
    schema
}

fn assert_valid(schema: &Value, value: &Value) {
    let validator = jsonschema::validator_for(schema).expect("the schema can be used");
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
}

#[test]
fn the_report_is_as_its_schema_says() {
    let schema = schema("audit");
    let lab = Lab::start(Options::of(&[Part::PgBouncer, Part::Redis]));
    lab.ail("idle-in-transaction");
    let run = loadline("audit --format json --window 500ms --set postgres.idle-in-transaction.fail=0s");
    let run = run.with("--postgres", lab.primary_url(Role::Monitor)).with("--redis", lab.redis_url());
    // One source that nobody can reach, so that faults are in the report, too.
    let report = run.with("--pgbouncer", "postgres://nobody@127.0.0.1:1/pgbouncer").run().expect(30).report();
    assert_valid(&schema, &report.0);
    let mut other = report.0;
    other["findings"][0]["status"] = "fine".into();
    assert!(!jsonschema::is_valid(&schema, &other), "the schema is no rubber stamp");
}

#[test]
fn files_that_are_taken_fit_their_schemas() {
    let new = Folder::new();
    loadline("check new postgres.my-check --folder").arg(new.path()).run().expect(0);
    let check = new.read("postgres/my-check.toml");
    let probe = include_str!("../../checks/probes/postgres/activity.toml");
    let config = "default = \"shop\"\n[targets.shop]\nstage = \"growth\"\n[targets.shop.sources.main]\nkind = \"postgres\"\n\
                  url = \"postgres://h/db\"\n[params.\"postgres.idle-in-transaction\"]\nwarn = \"5s\"\n[stages.growth]\n";
    for (of, text) in [("check", check.as_str()), ("probe", probe), ("config", config)] {
        let value: Value = toml::from_str(text).expect("it is TOML");
        assert_valid(&schema(of), &value);
    }
}

#[test]
fn shells_and_readers_are_served() {
    for shell in ["bash", "zsh", "fish"] {
        let script = loadline("completions").arg(shell).run().expect(0).stdout;
        assert!(script.contains("loadline") && script.contains("save-snapshot"), "{shell}: {script}");
    }
    let page = loadline("man").run().expect(0).stdout;
    assert!(page.contains(".TH loadline") && page.contains("audit"), "{page}");
    let folder = Folder::new();
    loadline("man --out").arg(folder.path()).run().expect(0);
    assert!(folder.read("loadline-audit.1").contains("save\\-snapshot"));
}
