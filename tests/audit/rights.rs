//! With fewer rights than it would like, an audit says what it could not see and what to grant; it never says pass.

use crate::lab::{Lab, Options, Part, Role, Server};
use crate::support::{Folder, Session, loadline};

/// The lab's database as a role that may log in and nothing else.
fn poor_url(lab: &Lab) -> String {
    lab.sql(Server::Primary, "create role poor login password 'pw'");
    format!("postgres://poor:pw@127.0.0.1:{}/shop", lab.state().port(Part::Postgres))
}

#[test]
fn what_a_role_cannot_see_is_no_pass_and_what_it_sees_still_fails() {
    let lab = Lab::start(Options::postgres());
    let url = poor_url(&lab);
    let checks = ["postgres.idle-in-transaction", "postgres.long-transactions", "postgres.connection-saturation"];
    let run = || loadline("audit --format json --window 0 --only").arg(checks.join(",")).with("--postgres", &url);
    let report = run().run().expect(20).report();
    for check in checks {
        let finding = report.one(check);
        assert_eq!(finding["status"], "unknown", "{}", report.lines());
        assert!(finding["message"].as_str().unwrap().contains("grant pg_monitor to poor"), "{finding}");
    }
    let mut psql = lab.crew().command("psql");
    lab.dress(&mut psql, Server::Primary, Role::App, "shop", "forgetful");
    psql.env("PGUSER", "poor").env("PGPASSWORD", "pw");
    let _own = Session::start(psql, "begin; select 1;");
    let own = "select count(*) from pg_stat_activity where usename = 'poor' and state = 'idle in transaction'";
    lab.wait_until("it sits there", std::time::Duration::from_secs(10), || lab.sql(Server::Primary, own) == "1");
    let report = run().with("--set", "postgres.idle-in-transaction.fail=0s").run().expect(30).report();
    assert!(report.statuses(checks[0]).contains(&"fail"), "its own session is in sight: {}", report.lines());
    assert!(!report.statuses(checks[0]).contains(&"pass"), "{}", report.lines());
    lab.sql(Server::Primary, "grant pg_monitor to poor");
    let report = run().run().expect(0).report();
    assert!(checks.iter().all(|check| report.statuses(check) == ["pass"]), "the remedy cures: {}", report.lines());
}

#[test]
fn a_redis_user_without_info_is_told_what_to_grant() {
    let lab = Lab::start(Options::redis());
    lab.redis(&["ACL", "SETUSER", "poor", "on", ">pw", "-@all", "+ping", "+hello"]);
    let url = format!("redis://poor:pw@127.0.0.1:{}/0", lab.state().port(Part::Redis));
    let run = || loadline("audit --format json --window 0 --only redis.* --redis").arg(&url).run();
    let report = run().expect(20).report();
    assert_eq!(report.source("redis")["fault"]["kind"], "denied");
    for finding in report.findings() {
        assert_eq!(finding["status"], "unknown", "{}", report.lines());
        let message = finding["message"].as_str().unwrap();
        assert!(message.contains("ACL SETUSER") && message.contains("+info"), "{message}");
    }
    lab.redis(&["ACL", "SETUSER", "poor", "+info"]);
    assert!(run().report().statuses("redis.clients-near-limit").contains(&"pass"), "the remedy cures");
}

const EXTENSION: &str = r#"
id = "postgres.lab-statements"
title = "Statements are counted"
domain = "queries"
severity = "low"
personas = ["deep"]
why = "Without it nobody knows what is slow."
fix = "Create the extension."
subject = "{{ source }}"
message = "{{ row.statements }} statements"
evidence = ["statements"]

[[rules]]
status = "fail"
when = 'row.statements < 0'

[probe]
source = "postgres"
[[probe.query]]
when = { "extension.pg_stat_statements" = ">=1.8" }
sql = "select count(*) as statements from pg_stat_statements"
[probe.columns]
statements = { kind = "int" }
"#;

#[test]
fn a_missing_extension_is_unknown_and_comes_with_its_remedy() {
    let lab = Lab::start(Options::postgres());
    let folder = Folder::new();
    folder.write("lab-statements.toml", EXTENSION);
    let run = || {
        let run = loadline("audit --format json --window 0 --only postgres.lab-statements --checks").arg(folder.path());
        run.with("--postgres", lab.primary_url(Role::Monitor)).run()
    };
    run().expect(0);
    lab.sql(Server::Primary, "drop extension pg_stat_statements");
    let report = run().expect(20).report();
    let finding = report.one("postgres.lab-statements");
    assert_eq!(finding["status"], "unknown");
    assert!(finding["message"].as_str().unwrap().contains("create extension pg_stat_statements"), "{finding}");
}
