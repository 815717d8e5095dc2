//! Plans as people write them, and what comes of them.

use std::sync::Arc;

use super::*;
use crate::{
    check::{evaluate::Bench, library::Library},
    collect::{self, Options},
    config::{SourceConfig, Target},
    snapshot::Snapshot,
    source::Endpoint,
};

/// A snapshot of a plan alone.
pub(crate) fn planned(plan: &str) -> (Library, Snapshot) {
    let library = Library::load(&crate::assets::embedded()).unwrap_or_else(|errors| panic!("{errors:?}"));
    let endpoint = Endpoint::Plan(Arc::new(toml::from_str(plan).unwrap()));
    let sources = vec![SourceConfig { name: "plan".into(), endpoint, databases: Vec::new() }];
    let target = Target { name: "shop".into(), environment: None, sources };
    let probes = SECTIONS.iter().filter_map(|id| library.probe(id)).cloned().collect();
    let options = Options::with_window(std::time::Duration::ZERO);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let snapshot = runtime.block_on(collect::collect(target, probes, &options, |_| {}));
    (library, snapshot)
}

fn outlook(plan: &str, flags: &Flags) -> Outlook {
    let (library, snapshot) = planned(plan);
    let bench = Bench::new(&library, &snapshot);
    let answers = |probe: &str| bench.relations(probe);
    Outlook::of("shop", &Case::new(&answers, flags, "2026-11-21T12:00:00Z".parse().unwrap()))
}

fn line<'a>(outlook: &'a Outlook, name: &str, subject: &str) -> &'a Line {
    let found = outlook.lines.iter().find(|line| line.name == name && line.subject == subject);
    found.unwrap_or_else(|| panic!("no {name} of {subject}: {:#?}", outlook.lines))
}

fn value(outlook: &Outlook, name: &str, subject: &str) -> f64 {
    let figure = &line(outlook, name, subject).plan;
    figure.value.unwrap_or_else(|| panic!("{name} needs {:?}", figure.needs))
}

fn flag(name: &str, value: f64, text: &str) -> Factor {
    Factor::exact(name.trim_start_matches('-'), value, text, Origin::Flag, name)
}

fn near(value: f64, expected: f64) -> bool {
    (value - expected).abs() <= expected.abs() * 5e-4
}

#[test]
fn peak_times_safety_and_growth_are_the_capacity_to_have() {
    let plan = "[[traffic]]\nmetric = \"requests\"\nnow = \"300/s\"\npeak = \"800/s\"";
    let none = outlook(plan, &Flags::default());
    assert!(near(value(&none, "required-now", "requests"), 1200.0));
    assert_eq!(line(&none, "required", "requests").plan.value, None);
    let plan = "[[traffic]]\nmetric = \"requests\"\nnow = \"500/s\"\npeak = \"1000/s\"\ntarget = \"1500/s\"";
    let grown = outlook(plan, &Flags::default());
    assert!(near(value(&grown, "required", "requests"), 4500.0));
    assert!(near(value(&grown, "test-rate", "requests"), 9000.0));
    let ground = line(&grown, "required", "requests").ground(&line(&grown, "required", "requests").plan);
    for part in ["peak x multiple x safety", "1000/s (plan: traffic requests peak)", "1.5 (assumed: usual"] {
        assert!(ground.contains(part), "{ground}");
    }
}

#[test]
fn growth_is_implied_by_a_dated_target() {
    let plan = "[[traffic]]\nmetric = \"dau\"\nnow = 500\ntarget = 25000\nby = \"2999-01-01\"";
    let outlook = outlook(plan, &Flags::default());
    let monthly = value(&outlook, "growth", "");
    assert!(monthly > 0.0 && monthly < 0.001, "fifty times in a thousand years: {monthly}");
    let reached = line(&outlook, "months-to", "target of dau");
    assert!(reached.plan.note.as_ref().is_some_and(|note| note.contains("2999-01-01")), "{reached:?}");
}

#[test]
fn replicas_have_one_to_spare_and_a_ceiling() {
    let plan = "[[instances]]\nname = \"replicas\"\ncount = 4\ncapacity = \"3000/s\"\nload = \"10000/s\"";
    let outlook = outlook(plan, &Flags::default());
    assert!(near(value(&outlook, "instances-peak", "replicas"), 5.0));
    let note = line(&outlook, "instances-peak", "replicas").plan.note.clone().unwrap();
    assert!(note.contains("there are 4"), "{note}");
    assert!(near(value(&outlook, "headroom", "replicas"), 1.2));
    let needs = &line(&outlook, "months-to-full", "replicas").plan.needs;
    assert!(needs.iter().any(|need| need.contains("`growth`")), "{needs:?}");
}

#[test]
fn the_fleet_of_a_flash_sale_is_ninety_three_and_one_to_spare_is_among_them() {
    let plan = "peak_factor = 6\n[[traffic]]\nmetric = \"requests\"\nnow = \"800/s\"\n[[instances]]\nname = \"web\"\n\
                count = 4\nmax = 24\ncapacity = \"800/s\"\nscale_out = \"65%\"\ncost = 100";
    let flags = Flags {
        multiple: Some(flag("--multiple", 10.0, "10x")),
        growth: Some(flag("--growth", 0.3, "30%")),
        ..Flags::default()
    };
    let outlook = outlook(plan, &flags);
    let target = line(&outlook, "instances-target", "web");
    assert_eq!((target.plan.value, target.what_if.as_ref().unwrap().value), (None, Some(93.0)));
    let note = target.what_if.as_ref().and_then(|figure| figure.note.clone()).unwrap();
    assert!(note.contains("at most 24, too few"), "{note}");
    assert_eq!(line(&outlook, "cost-instances", "web").what_if.as_ref().unwrap().value, Some(9300.0));
    // 24 x 800 x 65 % / 4800 is 2.6 times the peak: ln 2.6 / ln 1.3.
    let full = outlook.sensitivity.first().unwrap();
    assert!(near(full.value, 2.6_f64.ln() / 1.3_f64.ln()), "{full:?}");
    assert_eq!(full.inputs.len(), 3);
    // Both stand under the same logarithm.
    assert_eq!(full.dominant.len(), 2);
    assert!(!full.dominant.contains(&"growth".to_owned()), "{full:?}");
    assert!(full.inputs.iter().all(|moved| moved.text.contains("2027")), "{full:?}");
}

#[test]
fn pools_are_added_up_over_all_instances() {
    let plan = "[[pools]]\nname = \"web\"\ninstances = 40\nsize = \"20-50\"\nof = \"db\"\nmax_connections = 900\n\
                [[pools]]\nname = \"jobs\"\ninstances = 2\nsize = 10\nof = \"db\"\n\
                [[instances]]\nname = \"db\"\nvcpu = 8\n";
    let outlook = outlook(plan, &Flags::default());
    assert!(near(value(&outlook, "pool-sum", "db"), 40.0 * 35.0 + 20.0));
    assert!(near(value(&outlook, "pool-share", "db"), 1420.0 / 900.0));
    assert!(near(value(&outlook, "pool-ceiling", "db"), 16.0));
    let sum = &line(&outlook, "pool-sum", "db").plan;
    assert!(sum.word != Some("firm") && sum.inputs.len() == 4, "{sum:?}");
}

#[test]
fn a_cache_has_two_readings_of_a_large_overhead() {
    let plan = "[[caches]]\nlayer = \"redis\"\nworking_set = \"10GB\"\noverhead = 1.5\nmemory = \"15GB\"";
    let outlook = outlook(plan, &Flags::default());
    assert!(near(value(&outlook, "cache-size", "redis"), 25e9));
    let note = line(&outlook, "cache-size", "redis").plan.note.clone().unwrap();
    assert!(note.contains("too little") && note.contains("the factor itself"), "{note}");
}

#[test]
fn costs_follow_the_curve_and_the_budget() {
    let plan = "currency = \"EUR\"\nbudget = 5000\ngrowth = \"10%\"\n\
        [[traffic]]\nmetric = \"dau\"\nnow = \"10K\"\ntarget = \"25K\"\n\
        [[costs]]\nmetric = \"dau\"\nvolume = \"1K\"\ncost = 400\n[[costs]]\nmetric = \"dau\"\nvolume = \"10K\"\ncost = 1200\n\
        [[costs]]\nmetric = \"dau\"\nvolume = \"50K\"\ncost = 4500\n\
        [[cost_items]]\nname = \"db\"\nlow = 20\nhigh = 50\n[[cost_items]]\nname = \"web\"\nlow = 15\nhigh = 60";
    let outlook = outlook(plan, &Flags::default());
    assert!(near(value(&outlook, "cost-target", "dau"), 2437.5));
    assert!(near(value(&outlook, "cost-per-thousand", "dau"), 120.0));
    assert!(near(value(&outlook, "cost-marginal-per-thousand", "dau"), 83.30));
    assert!(near(value(&outlook, "budget-used", "dau"), 2437.5 / 5000.0));
    assert!(near(value(&outlook, "cost-items", ""), 72.5));
    let target = &line(&outlook, "cost-target", "dau").plan;
    assert_eq!((target.text.as_str(), target.word), ("2,440 EUR", Some("firm")));
    let ahead = &line(&outlook, "cost-forecast", "dau in 12 months").plan;
    assert!(ahead.low < ahead.value && ahead.value < ahead.high && ahead.word == Some("fair"), "{ahead:?}");
    let exponent = &line(&outlook, "cost-exponent", "dau").plan;
    assert!(exponent.note.as_ref().is_some_and(|note| note.contains("fixed part")), "{exponent:?}");
}

#[test]
fn an_empty_plan_gives_no_number_and_says_what_it_lacks() {
    let outlook = outlook("", &Flags::default());
    // A multiple is reached by growth, and there is none.
    assert!(outlook.lines.iter().all(|line| line.plan.value.is_none() && !line.plan.needs.is_empty()));
    assert!(outlook.sensitivity.is_empty());
}

#[test]
fn the_same_plan_gives_the_same_outlook() {
    let plan = "growth = \"30%\"\n[[traffic]]\nmetric = \"requests\"\nnow = \"800/s\"\npeak = \"1000/s\"";
    let flags = Flags {
        safety: Some(flag("--safety", 2.0, "2")),
        months: Some(flag("--months", 12.0, "12")),
        ..Flags::default()
    };
    let one = outlook(plan, &flags);
    assert_eq!(one, outlook(plan, &flags));
    assert_eq!(one.flags.len(), 2);
    let required = line(&one, "required-now", "requests");
    assert!(
        near(required.plan.value.unwrap(), 1500.0) && near(required.what_if.as_ref().unwrap().value.unwrap(), 2000.0)
    );
    let later = line(&one, "load-target", "requests").what_if.as_ref().unwrap();
    assert!(near(later.value.unwrap(), 800.0 * 1.3_f64.powi(12)) && later.word == Some("rough"), "{later:?}");
}

#[test]
fn instances_and_pools_may_be_others_than_the_plans() {
    let plan = "[[traffic]]\nmetric = \"requests\"\nnow = \"100/s\"\npeak = \"100/s\"\n[[instances]]\nname = \"web\"\n\
                count = 2\nmax = 3\ncapacity = \"60/s\"\n[[pools]]\nname = \"web\"\nsize = 10\nof = \"db\"\n\
                max_connections = 100";
    let named = |name: &str, value: f64| [("web".to_owned(), flag(name, value, "x"))].into();
    let flags = Flags { instances: named("--instances", 5.0), pools: named("--pool-size", 12.0), ..Flags::default() };
    let outlook = outlook(plan, &flags);
    let both = |name: &str, subject: &str| {
        let line = line(&outlook, name, subject);
        (line.plan.value, line.what_if.as_ref().and_then(|figure| figure.value))
    };
    assert_eq!(both("capacity", "web"), (Some(120.0), Some(300.0)));
    assert_eq!(both("pool-sum", "db"), (Some(20.0), Some(60.0)));
    let note = line(&outlook, "instances-peak", "web").what_if.as_ref().and_then(|figure| figure.note.clone()).unwrap();
    assert!(note.contains("there are 5") && !note.contains("at most 3"), "{note}");
}
