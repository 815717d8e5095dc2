//! A file in a folder is a check: found, linted, tested, asked and judged as those that ship.

use crate::lab::{Lab, Options, Role, Server};
use crate::support::{Folder, Loadline, loadline};

const ID: &str = "postgres.my-check";

/// The same check as the new one, in YAML.
const YAML: &str = r"
id: postgres.my-check
title: Tables that nobody has analyzed
domain: maintenance
severity: medium
personas: [pre-launch, deep]
why: Without statistics the planner guesses.
fix: ANALYZE the table.
command: 'analyze {{ row.schema | ident }}.{{ row.name | ident }};'
subject: '{{ database }}.{{ row.schema }}.{{ row.name }}'
message: '{{ row.live_rows | number }} live rows and never analyzed'
evidence: [live_rows]
rank: row.live_rows
params:
  rows: { default: 10000, source: our judgement }
rules:
  - { status: warn, when: 'row.live_rows >= params.rows && !row.analyzed' }
probe:
  source: postgres
  on: primary
  each: database
  query:
    - sql: |
        select schemaname as schema, relname as name, n_live_tup as live_rows,
               coalesce(last_analyze, last_autoanalyze) is not null as analyzed
        from pg_stat_user_tables order by n_live_tup desc limit 1000
  columns:
    schema: { kind: text }
    name: { kind: text }
    live_rows: { kind: int }
    analyzed: { kind: bool }
cases:
  - name: a large table without statistics
    expect: [{ status: warn, subject: shop.public.orders }]
    given:
      - { database: shop, rows: [{ schema: public, name: orders, live_rows: 50000, analyzed: false }] }
  - name: analyzed
    expect: [{ status: pass }]
    given:
      - { database: shop, rows: [{ schema: public, name: orders, live_rows: 50000, analyzed: true }] }
";

/// The folder that `check new` wrote, and one with the same in YAML.
fn folders() -> [Folder; 2] {
    let (toml, yaml) = (Folder::new(), Folder::new());
    let new = loadline("check new").arg(ID).with("--folder", toml.path()).run().expect(0);
    assert_eq!(new.stdout.trim(), toml.file("postgres/my-check.toml").to_str().unwrap(), "it says where it is");
    yaml.write("postgres/my-check.yaml", YAML);
    [toml, yaml]
}

#[test]
fn a_new_check_works_as_it_is_in_toml_and_yaml() {
    let lab = Lab::start(Options::postgres());
    lab.sql(Server::Primary, "create table fresh as select n from generate_series(1, 20000) n");
    let counted = "select n_live_tup from pg_stat_user_tables where relname = 'fresh'";
    lab.wait_until("it is counted", std::time::Duration::from_secs(10), || {
        lab.sql(Server::Primary, counted) == "20000"
    });
    for folder in folders() {
        let lint = loadline("check lint").arg(folder.path()).run().expect(0);
        assert!(lint.stderr.contains("1 check, no mistakes"), "{lint}");
        let test = loadline("check test").arg(ID).with("--checks", folder.path()).run().expect(0);
        assert!(test.stdout.contains("2 cases hold, 0 do not"), "{test}");
        let audit = |run: Loadline| {
            let run = run.with("--checks", folder.path()).with("--only", ID);
            run.with("--postgres", lab.primary_url(Role::Monitor)).run()
        };
        let found = audit(loadline("audit --window 0 --format json --fail-on warn")).expect(30).report();
        let warned: Vec<_> = found.of(ID).into_iter().filter(|finding| finding["status"] == "warn").collect();
        assert_eq!(warned.len(), 1, "{}", found.lines());
        assert_eq!(warned[0]["subject"], "shop.public.fresh");
        assert_eq!(warned[0]["message"], "20,000 live rows and never analyzed");
        assert_eq!(warned[0]["command"], "analyze \"public\".\"fresh\";");
        audit(loadline("audit --window 0 --fail-on warn --set postgres.my-check.rows=20001")).expect(0);
    }
}

#[test]
fn a_check_whose_cases_do_not_hold_is_told() {
    let [folder, _] = folders();
    let wrong =
        folder.read("postgres/my-check.toml").replace("row.live_rows >= params.rows", "row.live_rows < params.rows");
    folder.write("postgres/my-check.toml", &wrong);
    let test = loadline("check test").arg(ID).with("--checks", folder.path()).run().expect(30);
    assert!(test.stdout.contains("FAIL postgres.my-check"), "{test}");
    assert!(test.stdout.contains("case `a large table without statistics`"), "it names the case\n{test}");
}

#[test]
fn a_file_overrides_what_ships_by_path_or_by_id() {
    let shipped = loadline("check show redis.maxmemory-unset").run().expect(0).stdout;
    assert!(shipped.contains("file checks/redis/maxmemory-unset.toml"), "{shipped}");
    let [own, _] = folders();
    let text = own.read("postgres/my-check.toml");
    for (file, id) in [("redis/maxmemory-unset.toml", ID), ("any/name.toml", "redis.maxmemory-unset")] {
        let folder = Folder::new();
        folder.write(file, &text.replace(ID, id));
        let list = loadline("check list --checks").arg(folder.path()).run().expect(0).stdout;
        let line = list.lines().find(|line| line.starts_with(id)).expect("the new one is listed");
        assert!(line.contains("Tables that nobody has analyzed"), "{line}");
        assert!(!list.contains("Redis memory has no limit"), "the one that ships is gone: {list}");
    }
    // The user's own folder needs no flag.
    let run = loadline("check show redis.maxmemory-unset");
    run.home().write(".config/loadline/checks/redis/maxmemory-unset.toml", &text.replace(ID, "redis.maxmemory-unset"));
    assert!(run.run().expect(0).stdout.contains("Tables that nobody has analyzed"));
}
