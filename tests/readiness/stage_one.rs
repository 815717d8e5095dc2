//! One server: the figures of stage 1 decide.

use serde_json::json;

use super::system::System;

#[test]
fn all_figures_kept_is_ready() {
    System::answered().baseline(320.0).must_be("1", 0, None);
    // Between target and warning is worth a warning, and stops nobody.
    System::answered().baseline(800.0).must_be("1", 0, None);
}

#[test]
fn each_wrong_figure_blocks() {
    let well = || System::answered().baseline(320.0);
    well().baseline(1400.0).must_be("1", 30, Some("latency-p95"));
    well().answer("queries-per-request", "no").must_be("1", 30, Some("queries-per-request"));
    well().answer("server-cpu", "no").must_be("1", 30, Some("server-cpu"));
    let taken = well().cell("postgres.connections", "primary", "used", &json!(90));
    let taken = taken.cell("postgres.connections", "primary", "max_connections", &json!(100));
    taken.must_be("1", 30, Some("connections"));
}

#[test]
fn an_unanswered_figure_proves_nothing() {
    let well = || System::answered().baseline(320.0);
    well().answer("server-cpu", "").must_be("1", 20, Some("server-cpu"));
    well().without("tests").answer("latency-p95", "").must_be("1", 20, Some("latency-p95"));
    well().fault("postgres.connections", "primary").must_be("1", 20, Some("connections"));
    well().without("replica").fault("postgres.replication-senders", "primary").must_be("1", 20, Some("primary"));
    System::recorded().must_be("1", 20, None);
}

#[test]
fn an_accepted_fail_is_told() {
    System::answered().baseline(1400.0).waive("latency-p95").must_be("1", 10, Some("latency-p95"));
}

#[test]
fn parts_of_later_stages_warn_at_stage_one_and_are_due_at_stage_two() {
    let report = System::answered().baseline(320.0).audit("1").report();
    let criteria = report.0["readiness"]["criteria"].as_array().expect("criteria");
    let status = |id: &str| criteria.iter().find(|c| c["id"] == id).expect("the criterion")["status"].clone();
    assert_eq!((status("stages.no-early-cache"), status("stages.cache")), (json!("warn"), json!("pass")));
    let score = |report: &crate::support::Report| report.0["readiness"]["score"]["applicable"].as_u64().unwrap();
    let two = System::answered().baseline(320.0).audit("2").report();
    let here = criteria.iter().filter(|c| c["counts"] == "here").count() as u64;
    let added = criteria.iter().filter(|c| c["pack"] == "stages" && c["level"] == "2" && c["kind"] == "demand");
    assert_eq!(score(&two), score(&report) - here + added.filter(|c| c["status"] != "not-applicable").count() as u64);
}
