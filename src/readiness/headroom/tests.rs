//! Ranking, margins and what criteria see, over hand-made snapshots.

use std::collections::BTreeMap;

use super::*;
use crate::{
    assets::AssetFile,
    check::{case, definition::Given, finding::Status, library::Library},
    readiness::{Knowledge, Packs, Wish, case::tests::knowledge},
    snapshot::{Load, Snapshot, Value},
};

/// A plan in short.
pub(super) struct Plan {
    pub(super) summary: Vec<(&'static str, f64)>,
    pub(super) traffic: Vec<(&'static str, f64, f64)>,
}

type Row = BTreeMap<String, Value>;

pub(super) fn row(cells: &[(&str, Value)]) -> Row {
    cells.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

pub(super) fn given(probe: &str, source: &str, rows: Vec<Row>) -> Given {
    Given {
        probe: Some(probe.into()),
        source: source.into(),
        database: None,
        rows,
        earlier: None,
        fault: None,
        not_visible: None,
    }
}

/// The embedded checks, and a snapshot of a plan and other answers.
pub(super) fn bench_of(plan: &Plan, answers: &[Given]) -> (Library, Snapshot) {
    let (library, _) = knowledge();
    let mut all = answers.to_vec();
    let summary: Vec<_> = plan.summary.iter().map(|(name, number)| (*name, Value::Double(*number))).collect();
    if !summary.is_empty() {
        all.push(given("plan.summary", "plan", vec![row(&summary)]));
    }
    let traffic = plan.traffic.iter().map(|(metric, now, target)| {
        row(&[
            ("metric", Value::text(*metric)),
            ("now", Value::Double(*now)),
            ("target", Value::Double(*target)),
            ("now_text", Value::text(now.to_string())),
            ("target_text", Value::text(target.to_string())),
            ("now_measure", Value::text("number")),
            ("target_measure", Value::text("number")),
        ])
    });
    all.push(given("plan.traffic", "plan", traffic.collect()));
    let snapshot = case::snapshot_of(&library, None, &all).unwrap();
    (library, snapshot)
}

const NO_PLAN: Plan = Plan { summary: Vec::new(), traffic: Vec::new() };

fn slots(used: i64) -> Given {
    let cells = [
        ("max_connections", 103),
        ("reserved", 3),
        ("used", used),
        ("active", 1),
        ("idle", 1),
        ("idle_in_transaction", 0),
    ];
    given("postgres.connections", "primary", vec![row(&cells.map(|(name, n)| (name, Value::Int(n))))])
}

fn redis(used: i64) -> Given {
    let cells =
        [("connected_clients", used), ("connected_replicas", 0), ("cluster_connections", 0), ("maxclients", 1000)];
    given("redis.info", "cache", vec![row(&cells.map(|(name, n)| (name, Value::Int(n))))])
}

fn headrooms(plan: &Plan, answers: &[Given]) -> Vec<Bottleneck> {
    let (library, snapshot) = bench_of(plan, answers);
    let bench = Bench::new(&library, &snapshot);
    let need = Need::of(&bench);
    Headrooms::of(&bench, library.checks(), &Overrides::default(), need.as_ref(), &[]).worst()
}

#[test]
fn the_nearest_to_its_ceiling_comes_first_whatever_the_order_of_answers() {
    let found = headrooms(&NO_PLAN, &[redis(400), slots(80)]);
    let names: Vec<_> = found.iter().map(|b| b.check.as_str()).collect();
    assert_eq!(names, ["postgres.connection-saturation", "redis.clients-near-limit"]);
    assert!((found[0].headroom.unwrap() - 85.0 / 80.0).abs() < 1e-9, "{:?}", found[0]);
    assert_eq!((found[0].grade, found[0].margin), (Grade::OnePoint, None));
    assert_eq!(found, headrooms(&NO_PLAN, &[slots(80), redis(400)]));
}

#[test]
fn margins_and_days_follow_from_the_plan() {
    let plan = Plan { summary: vec![("growth", 0.1), ("months", 6.0)], traffic: vec![("users", 100.0, 200.0)] };
    let found = headrooms(&plan, &[slots(80)]);
    let first = &found[0];
    assert!((first.margin.unwrap() - 85.0 / 160.0).abs() < 1e-9, "{first:?}");
    let days = (85.0_f64 / 80.0).ln() / 1.1_f64.ln() * 30.4;
    assert!((first.days_left.unwrap() - days).abs() < 1e-6, "{first:?}");
}

#[test]
fn what_is_not_used_is_not_infinitely_good() {
    let found = headrooms(&NO_PLAN, &[redis(0), slots(80)]);
    let last = found.last().unwrap();
    assert_eq!((last.check.as_str(), last.headroom), ("redis.clients-near-limit", None));
    assert!(last.ground.contains(NOT_LOADED), "{last:?}");
}

#[test]
fn what_was_not_measured_is_a_row_for_criteria_and_not_a_hole() {
    let mut hidden = slots(80);
    hidden.not_visible = Some("other roles' sessions".into());
    let (library, snapshot) = bench_of(&NO_PLAN, &[hidden]);
    let bench = Bench::new(&library, &snapshot);
    let all = Headrooms::of(&bench, library.checks(), &Overrides::default(), None, &[]);
    let relation = all.relation(None);
    let of = |check: &str| (0..relation.table.rows()).find(|row| relation.get(*row, "check").as_str() == Some(check));
    let row = of("postgres.connection-saturation").unwrap();
    assert_eq!(relation.get(row, "grade"), Value::text("unmeasured"));
    assert_eq!(relation.get(row, "headroom"), Value::Null);
    assert!(all.worst().iter().all(|b| b.check != "postgres.connection-saturation"));
}

/// Three criteria over headroom: a gate, the same without a gate, and one about what is not loaded.
const PACK: &str = r#"
id = "own"
title = "Own"
about = "Own."

[[criteria]]
id = "gate"
title = "Slots last"
domain = "connections"
gate = true
[criteria.rule]
from = "headroom"
only = 'row.check == "postgres.connection-saturation"'
rules = [{ status = "fail", when = 'row.headroom < 1.2' }, { status = "warn", when = 'row.headroom < 1.5' }]
message = "{{ row.resource }}: {{ row.headroom | number }}x"

[[criteria]]
id = "no-gate"
title = "Slots last"
domain = "connections"
[criteria.rule]
from = "headroom"
only = 'row.check == "postgres.connection-saturation"'
rules = [{ status = "fail", when = 'row.headroom < 1.2' }, { status = "warn", when = 'row.headroom < 1.5' }]
message = "{{ row.resource }}: {{ row.headroom | number }}x"
"#;

/// The embedded checks, the embedded stages and the pack above.
fn own() -> Knowledge {
    let (mut library, _) = knowledge();
    let file = AssetFile { path: "criteria/own.toml".into(), folder: None, text: PACK.into() };
    let stages = crate::assets::embedded().into_iter().filter(|f| f.path == "criteria/stages.toml");
    let files: Vec<_> = stages.chain([file]).collect();
    let packs = Packs::load(&files, &mut library).unwrap();
    Knowledge { library, packs }
}

/// How the two criteria stand with so many of the slots taken.
fn stands(knowledge: &Knowledge, used: i64) -> (Status, String, Status) {
    let snapshot = case::snapshot_of(&knowledge.library, None, &[slots(used)]).unwrap();
    let bench = Bench::new(&knowledge.library, &snapshot);
    let wish = Wish::default();
    let judged = knowledge.judge(&Overrides::default(), &bench, &[], |_| true, Some(&wish)).unwrap();
    let criteria = judged.readiness.unwrap().criteria;
    let of = |id: &str| criteria.iter().find(|c| c.id == id).map(|c| (c.status, c.message.clone())).unwrap();
    let (gate, why) = of("own.gate");
    (gate, why, of("own.no-gate").0)
}

#[test]
fn one_point_fails_a_gate_and_never_passes_one() {
    let knowledge = own();
    for used in [1, 20, 50, 60, 70, 71, 85, 100] {
        let (gate, why, plain) = stands(&knowledge, used);
        assert!(matches!(gate, Status::Fail | Status::Unknown), "{used}: {gate:?} {why}");
        assert_eq!(gate == Status::Fail, plain == Status::Fail, "{used}");
    }
    let (gate, why, plain) = stands(&knowledge, 20);
    assert_eq!((gate, plain), (Status::Unknown, Status::Pass));
    assert!(why.contains("one point only: run a load test at"), "{why}");
    assert_eq!(stands(&knowledge, 60).2, Status::Warn);
}

#[test]
fn a_check_cannot_rest_on_headroom() {
    let text = "id = \"own.x\"\ntitle = \"x\"\nseverity = \"low\"\nwhy = \"x\"\nfix = \"x\"\nfrom = \"headroom\"\nmessage = \"x\"\nrules = [{ status = \"fail\", when = 'row.headroom < 1.0' }]\n";
    let mut files = crate::assets::embedded();
    files.push(AssetFile { path: "own.toml".into(), folder: None, text: text.into() });
    let errors = Library::load(&files).unwrap_err();
    assert!(errors[0].to_string().contains("criteria of packs") && errors[0].line > 0, "{}", errors[0]);
}

#[test]
fn a_limit_is_checked_when_it_is_loaded() {
    let limit = |lines: &str| {
        let text = format!(
            "id = \"own.x\"\ntitle = \"x\"\nseverity = \"low\"\nwhy = \"x\"\nfix = \"x\"\nfrom = \"redis.info\"\nmessage = \"x\"\nrules = [{{ status = \"fail\", when = 'row.maxclients < 1.0' }}]\n[headroom]\n{lines}"
        );
        let mut files = crate::assets::embedded();
        files.push(AssetFile { path: "own.toml".into(), folder: None, text });
        Library::load(&files).map(|_| ()).map_err(|errors| errors.iter().map(ToString::to_string).collect::<String>())
    };
    let good = "resource = \"x\"\nused = 'row.connected_clients'\nceiling = 'row.maxclients'\ngrows = \"traffic\"\n";
    assert_eq!(limit(good), Ok(()));
    let wrong = [
        (good.replace("row.maxclients", "row.maxclient"), "own.toml:"),
        (good.replace("\"traffic\"", "\"time\""), "has a `rate`"),
        (format!("{good}rate = 'row.rate.commands'\n"), "belongs to what grows with time"),
        (good.replace("resource = \"x\"", "resource = \"{{ row.maxclient }}\""), "maxclient"),
        (format!("{good}celling = '1'\n"), "celling"),
    ];
    for (lines, says) in wrong {
        let error = limit(&lines).unwrap_err();
        assert!(error.contains(says), "{error}");
    }
}

/// A snapshot of a load and of slots taken under it.
fn loaded(knowledge: &Knowledge, load: f64, used: i64) -> Snapshot {
    let mut snapshot = case::snapshot_of(&knowledge.library, None, &[slots(used)]).unwrap();
    snapshot.load = Some(Load { per_second: load, text: format!("{load}/s") });
    snapshot
}

#[test]
fn earlier_snapshots_under_other_loads_are_fitted_and_may_carry_a_gate() {
    let knowledge = own();
    let judge = |history: &[Snapshot]| {
        let snapshot = loaded(&knowledge, 60.0, 60);
        let bench = Bench::new(&knowledge.library, &snapshot);
        knowledge.judge(&Overrides::default(), &bench, history, |_| true, Some(&Wish::default())).unwrap()
    };
    let fitted = judge(&[loaded(&knowledge, 20.0, 40)]);
    let first = &fitted.bottlenecks[0];
    assert_eq!(first.grade, Grade::Fitted);
    // 30 idle and half a slot for each request a second: 85 are taken at 110/s.
    assert!((first.headroom.unwrap() - 110.0 / 60.0).abs() < 1e-9 && (first.idle - 30.0).abs() < 1e-9, "{first:?}");
    assert!(first.ground.contains("2 load levels (the load given with --load)"), "{first:?}");
    let gate = |judged: &crate::readiness::Judged| {
        let criteria = &judged.readiness.as_ref().unwrap().criteria;
        criteria.iter().find(|c| c.id == "own.gate").unwrap().status
    };
    assert_eq!((gate(&fitted), gate(&judge(&[]))), (Status::Pass, Status::Unknown));
    let close = judge(&[loaded(&knowledge, 59.0, 40)]);
    assert!(close.bottlenecks[0].ground.contains("not fitted: the loads"), "{:?}", close.bottlenecks[0]);
    let mut nameless = loaded(&knowledge, 20.0, 40);
    nameless.load = None;
    assert_eq!(judge(&[nameless]).bottlenecks[0].grade, Grade::OnePoint);
}

#[test]
fn a_load_test_proves_what_it_carried_and_is_never_what_breaks_first() {
    let run = |errors: f64, rps: f64, age: f64| {
        let cells = [("multiple", 3.0), ("target_rps", 300.0), ("rps", rps), ("error_rate", errors), ("age", age)];
        let mut cells: Vec<_> = cells.iter().map(|(name, n)| (*name, Value::Double(*n))).collect();
        cells.extend([("name", Value::text("peak")), ("kind", Value::text("stress")), ("gates_failed", Value::Int(0))]);
        given("loadtest.runs", "tests", vec![row(&cells)])
    };
    let carried = |run: Given| {
        let found = headrooms(&NO_PLAN, &[run, redis(100)]);
        assert_eq!(found[0].check, "redis.clients-near-limit");
        found.iter().find(|b| b.grade == Grade::LoadTest).and_then(|b| b.headroom)
    };
    assert_eq!(carried(run(0.001, 299.0, 86_400.0)), Some(2.99));
    assert_eq!(carried(run(0.001, 150.0, 86_400.0)), Some(1.5));
    assert_eq!(carried(run(0.2, 299.0, 86_400.0)), None);
    assert_eq!(carried(run(0.001, 299.0, 400.0 * 86_400.0)), None);
}

/// The knowledge with a pack that gives one advice.
fn advising(first: &str, belongs_to: &str) -> Result<Knowledge, String> {
    let (mut library, _) = knowledge();
    let text = format!(
        "id = \"own\"\ntitle = \"Own\"\nabout = \"Own.\"\n[[advice]]\nid = \"slots\"\nsymptom = \"refused\"\nfor = [\"{belongs_to}\"]\nfirst = '{first}'\nthen = \"b\"\nfinally = \"c\"\n"
    );
    let file = AssetFile { path: "criteria/own.toml".into(), folder: None, text };
    let packs = Packs::load(&[file], &mut library).map_err(|errors| errors[0].to_string())?;
    Ok(Knowledge { library, packs })
}

#[test]
fn advice_is_said_with_the_figures_and_the_version_found() {
    let first = "{% if major >= 15 %}max_connections = {{ wanted | number }}{% else %}older{% endif %}";
    let knowledge = advising(first, "postgres.connection-*").unwrap();
    let mut snapshot = case::snapshot_of(&knowledge.library, None, &[slots(80), redis(1)]).unwrap();
    let primary = snapshot.sources.iter_mut().find(|source| source.name == "primary").unwrap();
    primary.facts.insert("server".into(), Value::text("15.4 (Debian)"));
    let bench = Bench::new(&knowledge.library, &snapshot);
    let judged = knowledge.judge(&Overrides::default(), &bench, &[], |_| true, None).unwrap();
    let advice = |check: &str| judged.bottlenecks.iter().find(|b| b.check == check).unwrap().advice.clone();
    assert_eq!(advice("postgres.connection-saturation").unwrap().first, "max_connections = 160");
    assert_eq!(advice("redis.clients-near-limit"), None);
}

#[test]
fn a_wrong_template_is_a_load_error() {
    let error = advising("{{ wnated }}", "domain:connections").map(|_| ()).unwrap_err();
    assert!(error.contains("own.toml:"), "{error}");
}
