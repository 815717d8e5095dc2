//! What breaks first, on real servers.

use crate::lab::{Lab, Options, Part, Role};
use crate::support::{Loadline, loadline};

fn audit(lab: &Lab) -> Loadline {
    loadline("audit --window 1s --load 50/s")
        .with("--postgres", format!("primary={}", lab.primary_url(Role::Monitor)))
        .with("--pgbouncer", format!("pooler={}", lab.console_url(Role::Monitor)))
}

#[test]
fn a_saturated_pool_is_the_first_bottleneck() {
    let lab = Lab::start(Options::of(&[Part::PgBouncer]));
    lab.ail("pool-saturated");
    let folder = crate::support::Folder::new();
    let snapshot = folder.path().join("now.json");
    let run = audit(&lab).with("--save-snapshot", &snapshot).run();
    let told = run.stdout.split("What breaks first\n").nth(1).unwrap_or_else(|| panic!("{run}"));
    let first = told.lines().next().unwrap_or_default();
    assert!(first.starts_with("  1. server connections of the pool of pooler: shop as shop_app: over"), "{told}");
    assert!(run.stdout.contains("UNPROVEN stage") || run.stdout.contains("NOT READY stage"), "{run}");

    let judge = || loadline("audit --format json --snapshot").arg(&snapshot);
    let report = judge().run().report();
    let first = &report.0["bottlenecks"][0];
    assert_eq!(first["check"], "pgbouncer.pool-saturation", "{first}");
    assert_eq!((&first["used"], &first["ceiling"], &first["grade"]), (&5.0.into(), &4.0.into(), &"one-point".into()));

    let same = judge().with("--history", &snapshot).run().expect(2);
    assert!(same.stderr.contains("the same snapshot as the one that is judged"), "{same}");
    let text = std::fs::read_to_string(&snapshot).expect("it was saved");
    assert!(text.contains("\"load\":{\"per_second\":50.0,\"text\":\"50/s\"}"), "{}", &text[..300]);
    let other = folder.path().join("other.json");
    let name = report.0["target"]["name"].as_str().expect("a target has a name");
    let changed = text.replacen(&format!("\"name\":\"{name}\""), "\"name\":\"another\"", 1);
    std::fs::write(&other, changed).expect("it can be written");
    let mismatch = judge().with("--history", &other).run().expect(2);
    assert!(mismatch.stderr.contains("it is about `another`"), "{mismatch}");
}
