//! A replica and a cache make stage 2.

use serde_json::json;

use super::system::System;

fn well() -> System {
    System::answered().baseline(320.0)
}

#[test]
fn a_replica_and_a_cache_are_enough() {
    well().must_be("2", 0, None);
}

#[test]
fn no_replica_is_not_stage_two() {
    let alone = || well().without("replica");
    // The primary still feeds it: it is there, and was not asked.
    alone().must_be("2", 0, None);
    let none = alone().observe("postgres.replication-senders", "primary", &[("is_standby", "bool")], &[]);
    none.must_be("2", 30, Some("read-replica"));
    none.clone().waive("read-replica").must_be("2", 10, Some("read-replica"));
    // The plan cannot talk it into being there.
    none.plan(&[("read-replica", true)]).must_be("2", 30, Some("read-replica"));
}

#[test]
fn no_cache_is_not_stage_two() {
    let none = || well().without("cache").answer("cache", "");
    none().must_be("2", 20, Some("cache"));
    none().plan(&[("cache", true)]).must_be("2", 20, Some("cache"));
    none().plan(&[("cache", false)]).must_be("2", 30, Some("cache"));
    // Another cache, that a person answers for.
    well().without("cache").must_be("2", 0, None);
}

#[test]
fn what_blocks_stage_one_blocks_stage_two() {
    well().answer("server-cpu", "no").must_be("2", 30, Some("server-cpu"));
}

#[test]
fn triggers_fire_and_block_nobody() {
    let far = well().cell("postgres.replica-status", "replica", "streaming", &json!(false));
    let run = far.answer("trigger-database-cpu", "no").audit("2");
    let triggers = run.report().0["readiness"]["triggers"].clone();
    let fired =
        |id: &str| triggers.as_array().expect("triggers").iter().any(|t| t["id"] == id && t["status"] == "fail");
    assert!(fired("stages.trigger-database-cpu"), "{triggers}");
    assert!(!fired("stages.trigger-latency-rises"), "{triggers}");
    assert_eq!(run.code, 0, "{run}");
}
