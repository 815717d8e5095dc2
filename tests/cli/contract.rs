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

const CAMPAIGN: &str = "name = \"Spring sale\"\ndate = \"2999-01-31\"\nload = \"4800/s\"\nowner = \"platform team\"\npacks = [\"launch\"]\n\
                        owners = { testing = \"test team\" }\ndue = { load-tests = 21 }\n";

#[test]
fn the_checklist_is_as_its_schema_says() {
    let json = |run: crate::support::Run| serde_json::from_str::<Value>(&run.stdout).expect("it is JSON");
    let list = json(loadline("demo checklist --pack launch --format json").run().expect(0));
    assert_valid(&schema("checklist"), &list);
    let home = Folder::new();
    let file = home.write("spring.toml", CAMPAIGN);
    let run = loadline("demo checklist --format json").with("--campaign", &file).run();
    assert!([20, 30].contains(&run.code), "what nobody proved is not ready: {run}");
    assert_valid(&schema("campaign-readiness"), &json(run));
}

#[test]
fn files_that_are_taken_fit_their_schemas() {
    let new = Folder::new();
    loadline("check new postgres.my-check --folder").arg(new.path()).run().expect(0);
    let check = new.read("postgres/my-check.toml");
    let probe = include_str!("../../checks/probes/postgres/activity.toml");
    let config = "default = \"shop\"\n[targets.shop]\nstage = \"growth\"\n[targets.shop.sources.main]\nkind = \"postgres\"\n\
                  url = \"postgres://h/db\"\n[params.\"postgres.idle-in-transaction\"]\nwarn = \"5s\"\n[stages.growth]\n";
    let answer = "answer = \"n-a\"\nby = \"sre\"\non = \"2026-01-01\"\nexpires = \"2026-02-01\"\nquestion = \"0123456789abcdef\"\n\
                  evidence = [{ url = \"https://h/1\", summary = \"run 1\" }]\n";
    let waiver = "check = \"a.b\"\nreason = \"r\"\nowner = \"o\"\non = \"2026-01-01\"\nexpires = \"2026-02-01\"\n";
    let files = [
        ("check", check.as_str()),
        ("probe", probe),
        ("config", config),
        ("attestation", answer),
        ("waiver", waiver),
        ("campaign", CAMPAIGN),
    ];
    for (of, text) in files {
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
