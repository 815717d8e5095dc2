//! Known contradictions, a plan for each: every one is found, by the right check and with its figures.
//! And a plan without any, in which nothing is found.

use std::{path::Path, time::Duration};

use super::Plan;
use crate::{
    check::{
        evaluate,
        finding::{Finding, Status},
        library::Library,
        params::Overrides,
    },
    collect::{Options, collect},
    config::{ConfigFile, SourceConfig, Target},
    snapshot::Snapshot,
    source::Endpoint,
};

fn library() -> Library {
    Library::load(&crate::assets::embedded()).unwrap_or_else(|errors| panic!("{errors:?}"))
}

#[expect(clippy::disallowed_methods, reason = "a test reads its fixtures")]
fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/plans").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

async fn asked(library: &Library, plan: Plan) -> Snapshot {
    let source = SourceConfig { name: "plan".into(), endpoint: Endpoint::Plan(plan.into()), databases: Vec::new() };
    let target = Target { name: "shop".into(), environment: None, sources: vec![source] };
    let probes = library.probes().cloned().collect();
    collect(target, probes, &Options::with_window(Duration::ZERO), |_| {}).await
}

fn judged(library: &Library, snapshot: &Snapshot) -> Vec<Finding> {
    let none = Overrides::new(Vec::new());
    evaluate::judge(library, &none, snapshot, |check| check.def.id.starts_with("plan."))
}

/// What a fixture says that is found: the check, and words of its message.
fn due(text: &str) -> Vec<(&str, &str)> {
    text.lines().filter_map(|line| line.strip_prefix("# found-by ")?.split_once(": ")).collect()
}

#[tokio::test]
async fn each_known_contradiction_is_found_with_its_figures() {
    let library = library();
    let mut missed = Vec::new();
    let names = (1..=48).map(|number| format!("c{number:02}.toml")).chain(["more.toml".into()]);
    for name in names {
        let text = fixture(&name);
        let plan: Plan = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let findings = judged(&library, &asked(&library, plan).await);
        let found = |check: &str, words: &str| {
            let bad = findings.iter().filter(|f| f.check == check && matches!(f.status, Status::Warn | Status::Fail));
            bad.into_iter().any(|f| f.message.contains(words))
        };
        let due = due(&text);
        assert!(!due.is_empty(), "{name} says by which check it is found");
        let lost: Vec<_> = due.into_iter().filter(|(check, words)| !found(check, words)).collect();
        if !lost.is_empty() {
            let said = findings.iter().filter(|f| matches!(f.status, Status::Warn | Status::Fail | Status::Unknown));
            let said: Vec<_> = said.map(|f| format!("    {} {}: {}", f.status.word(), f.check, f.message)).collect();
            missed.push(format!("{name} lacks {lost:#?}; found:\n{}", said.join("\n")));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n\n"));
}

/// A plan as of 2026-11-21 as if it had been written today: its days are moved, its weekdays stay.
fn as_of_today(text: &str) -> String {
    let written: jiff::Timestamp = "2026-11-21T00:00:00Z".parse().unwrap();
    let since = crate::clock::now().duration_since(written).as_secs() / 86_400;
    let moved = |part: &str| {
        let day: jiff::civil::Date = part.parse().ok()?;
        Some(day.checked_add(jiff::Span::new().days(since)).ok()?.to_string())
    };
    text.split('"').map(|part| moved(part).unwrap_or_else(|| part.to_owned())).collect::<Vec<_>>().join("\"")
}

#[tokio::test]
async fn in_a_consistent_plan_nothing_is_found_and_everything_was_looked_at() {
    let library = library();
    let file = ConfigFile::parse("consistent.toml", &as_of_today(&fixture("consistent.toml"))).unwrap();
    let plan = file.targets["shop"].plan.clone().unwrap();
    let snapshot = asked(&library, plan).await;
    for (probe, rows) in snapshot.observations.iter().map(|o| match &o.answer {
        crate::snapshot::Answer::Table(table) => (&o.probe, table.rows()),
        crate::snapshot::Answer::Fault(fault) => panic!("{}: {fault}", o.probe),
    }) {
        assert!(rows > 0, "the plan uses every section; {probe} is empty");
    }
    let findings = judged(&library, &snapshot);
    let bad: Vec<_> = findings.iter().filter(|f| f.status != Status::Pass).collect();
    let bad: Vec<_> =
        bad.iter().map(|f| format!("{} {} {}: {}", f.status.word(), f.check, f.subject, f.message)).collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    assert_eq!(findings.len(), library.checks().filter(|check| check.def.id.starts_with("plan.")).count());
}

#[tokio::test]
async fn a_plan_judged_again_from_its_snapshot_gives_the_same_findings() {
    let library = library();
    let plan: Plan = toml::from_str(&fixture("c29.toml")).unwrap();
    let snapshot = asked(&library, plan).await;
    let again = Snapshot::read(&serde_json::to_string(&snapshot).unwrap()).unwrap();
    assert_eq!(judged(&library, &snapshot), judged(&library, &again));
}

#[test]
fn the_page_about_plans_shows_the_consistent_one() {
    let page = fixture("../../../docs/plan.md");
    assert!(
        page.contains(&format!("```toml\n{}```\n", fixture("consistent.toml"))),
        "copy the fixture into docs/plan.md"
    );
    for check in library().checks().filter(|check| check.def.id.starts_with("plan.")) {
        assert!(page.contains(&format!("| `{}` |", check.def.id)), "docs/plan.md does not name {}", check.def.id);
    }
}
