//! The outlook over plans that are made up.

use std::collections::BTreeMap;

use super::*;
use crate::{
    check::{case, definition::Given, library::Library},
    readiness::bottleneck::{Grade, Grows},
    snapshot::{Unit, Value},
};

fn library() -> Library {
    Library::load(&crate::assets::embedded()).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn given(probe: &str, rows: &[&[(&str, Value)]]) -> Given {
    let row = |row: &&[(&str, Value)]| row.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
    let rows: Vec<BTreeMap<String, Value>> = rows.iter().map(row).collect();
    serde_json::from_value(serde_json::json!({ "probe": probe, "source": "plan", "rows": rows })).unwrap()
}

fn number(n: f64) -> Value {
    Value::double(n)
}

fn text(words: &str) -> Value {
    Value::text(words)
}

fn outlook(given: &[Given], bottlenecks: &[Bottleneck], need: Option<&Need>) -> Outlook {
    let library = library();
    let snapshot = case::snapshot_of(&library, None, given).unwrap();
    Outlook::of(&Bench::new(&library, &snapshot), bottlenecks, need)
}

fn costs(points: &[(&str, f64, f64)]) -> Given {
    let rows: Vec<Vec<(&str, Value)>> = points
        .iter()
        .map(|(words, volume, cost)| {
            vec![
                ("metric", text("users")),
                ("volume", number(*volume)),
                ("volume_text", text(words)),
                ("cost", number(*cost)),
            ]
        })
        .collect();
    given("plan.costs", &rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

const PUBLISHED: [(&str, f64, f64); 3] = [("1K", 1e3, 400.0), ("10K", 1e4, 1200.0), ("50K", 5e4, 4500.0)];

fn users(now: f64) -> Given {
    given("plan.summary", &[&[("users", number(now)), ("users_text", text("so many")), ("growth", number(0.3))]])
}

fn bottleneck(resource: &str, headroom: Option<f64>) -> Bottleneck {
    Bottleneck {
        check: "postgres.connection-saturation".into(),
        subject: "primary".into(),
        resource: resource.into(),
        domain: "connections".into(),
        grows: Grows::Traffic,
        used: 50.0,
        ceiling: 80.0,
        idle: 5.0,
        unit: Unit::Count,
        headroom,
        headroom_interval: None,
        days_left: None,
        margin: None,
        grade: Grade::OnePoint,
        ground: "one measurement".into(),
        fix: "put a pooler before it".into(),
        advice: None,
    }
}

#[test]
fn without_a_plan_only_the_bottlenecks_speak() {
    let outlook = outlook(&[], &[bottleneck("slots", Some(1.3)), bottleneck("memory", None)], None);
    assert_eq!((outlook.growth.as_ref(), outlook.costs.len(), outlook.required.len()), (None, 0, 0));
    let multiples: Vec<_> = outlook.milestones.iter().map(|m| m.multiple).collect();
    assert_eq!(multiples, [2.0, 10.0, 100.0]);
    let first = &outlook.milestones[0];
    assert_eq!((first.saturates.len(), first.known, first.undecided), (1, 1, 1));
    assert!(first.reached.is_none() && first.cost.is_none());
}

#[test]
fn a_resource_saturates_before_every_multiple_that_it_does_not_carry() {
    let outlook = outlook(&[], &[bottleneck("slots", Some(12.0)), bottleneck("memory", Some(3.0))], None);
    let names = |at: usize| outlook.milestones[at].saturates.iter().map(|s| s.resource.as_str()).collect::<Vec<_>>();
    assert_eq!((names(0), names(1), names(2)), (vec![], vec!["memory"], vec!["memory", "slots"]));
}

#[test]
fn growth_has_dates() {
    let outlook = outlook(&[users(10_000.0)], &[], None);
    let growth = outlook.growth.unwrap();
    assert_eq!(growth.origin, "the plan's growth a month");
    let months: Vec<_> = growth.reached.iter().map(|r| (r.months * 10.0).round()).collect();
    assert_eq!(months, [26.0, 88.0, 176.0]);
    // 2.642 months of 30.4 days after the first day of 1970.
    assert_eq!(growth.reached[0].on.unwrap().to_string(), "1970-03-22");
}

#[test]
fn growth_is_implied_by_a_target_with_a_day() {
    let row: &[(&str, Value)] =
        &[("metric", text("dau")), ("now", number(500.0)), ("target", number(25_000.0)), ("by_days", number(365.25))];
    let growth = outlook(&[given("plan.traffic", &[row])], &[], None).growth.unwrap();
    assert!((growth.monthly - 0.3854).abs() < 5e-5, "{growth:?}");
    assert_eq!(growth.origin, "implied by the plan's target of dau");
}

#[test]
fn required_capacity_names_every_factor() {
    let row: &[(&str, Value)] = &[
        ("metric", text("requests")),
        ("now", number(200.0)),
        ("now_measure", text("rate")),
        ("peak", number(600.0)),
        ("target", number(800.0)),
    ];
    let outlook = outlook(&[given("plan.traffic", &[row])], &[], None);
    let [required] = outlook.required.as_slice() else { panic!("{:?}", outlook.required) };
    assert!((required.capacity - 3600.0).abs() < 1e-9 && required.rate);
    assert_eq!(required.test_rate, Some(7200.0));
    let ground = "600/s (the plan's peak) x 4 (the plan's target by today) x 1.5 (the usual safety factor; the plan \
                  has none)";
    assert_eq!(required.ground, ground);
}

#[test]
fn the_published_curve_has_its_exponent_and_its_unit_costs() {
    let outlook = outlook(&[costs(&PUBLISHED), users(10_000.0)], &[], None);
    let [curve] = outlook.costs.as_slice() else { panic!("{:?}", outlook.costs) };
    assert_eq!(curve.unit, "1,000 users");
    assert_eq!(curve.points.iter().map(|p| p.each).collect::<Vec<_>>(), [400.0, 120.0, 90.0]);
    assert!((curve.exponent.unwrap() - 0.609).abs() < 5e-4);
    assert!(curve.reading.starts_with("a fixed part"), "{}", curve.reading);
    let now = curve.now.as_ref().unwrap();
    assert_eq!((now.each, now.cost.low), (120.0, 1200.0));
    let twice = outlook.milestones[0].cost.as_ref().unwrap();
    assert!(twice.low > 1200.0 && twice.high < 4500.0 && twice.ground.starts_with("between"), "{twice:?}");
    let far = outlook.milestones[2].cost.as_ref().unwrap();
    assert!(far.low < far.high && far.ground.contains("estimate"), "{far:?}");
}

#[test]
fn one_point_is_no_curve() {
    let outlook = outlook(&[costs(&PUBLISHED[..1])], &[], None);
    assert!(outlook.costs[0].exponent.is_none() && outlook.costs[0].reading.starts_with("no curve"));
    assert!(outlook.costs[0].now.is_none(), "nobody says how many users there are");
}

#[test]
fn a_phase_brings_its_own_milestone_with_its_gate() {
    let row: &[(&str, Value)] = &[
        ("name", text("campaign")),
        ("multiple", number(5.0)),
        ("changes", Value::List(vec![text("max_connections = 300"), text("a replica")])),
        ("gate_load_text", text("4000/s")),
        ("gate_soak_text", text("2h")),
        ("cost_text", text("900 EUR")),
    ];
    let outlook = outlook(&[given("plan.phases", &[row]), costs(&PUBLISHED), users(10_000.0)], &[], None);
    let campaign = outlook.milestones.iter().find(|m| (m.multiple - 5.0).abs() < 1e-9).unwrap();
    assert_eq!(campaign.phases[0].gate.as_deref(), Some("load 4000/s, for 2h"));
    assert_eq!(campaign.phases[0].changes.len(), 2);
    assert!(campaign.cost.is_none(), "the plan's own figure stands, not one of a curve");
}

#[test]
fn what_the_plan_states_is_shown_as_written() {
    let row: &[(&str, Value)] = &[
        ("layer", text("cdn")),
        ("ttl", number(60.0)),
        ("ttl_text", text("1m")),
        ("ttl_low", number(60.0)),
        ("invalidation", text("by tag")),
    ];
    let outlook = outlook(&[given("plan.caches", &[row])], &[], None);
    let [line] = outlook.stated.as_slice() else { panic!("{:?}", outlook.stated) };
    assert_eq!((line.section.as_str(), line.name.as_str()), ("caches", "cdn"));
    assert_eq!(line.words, "invalidation by tag, ttl 1m");
}
