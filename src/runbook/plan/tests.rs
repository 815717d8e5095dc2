//! A preview over eyes that say what they are told to.

use std::{
    collections::BTreeMap,
    pin::pin,
    task::{Context as Waking, Poll, Waker},
    time::Duration,
};

use super::*;
use crate::{
    runbook::{
        model::{Action, Danger, Expectation, Form, Item, ParamKind, Phase, PhaseKind, Place},
        port::{Doing, Sight},
    },
    snapshot::{FaultKind, SourceKind},
};

/// Sees one PostgreSQL, and a check that does not hold.
struct Fixed;

impl Eyes for Fixed {
    fn target(&self) -> (String, Option<String>) {
        ("shop".into(), Some("production".into()))
    }

    fn resolve<'a>(&'a self, target: &'a TargetRef, _: &'a Values) -> Doing<'a, Result<Identity, Fault>> {
        Box::pin(async move {
            match target {
                TargetRef::Kind { kind: SourceKind::Postgres, .. } => Ok(Identity {
                    source: "primary".into(),
                    kind: SourceKind::Postgres,
                    address: "127.0.0.1:5432".into(),
                    environment: None,
                    facts: BTreeMap::from([("database".to_owned(), "shop".to_owned())]),
                }),
                _ => Err(Fault::new(FaultKind::Missing, "there is none")),
            }
        })
    }

    fn look<'a>(&'a self, _: &'a Runbook, conditions: &'a [&'a Condition], _: &'a Values) -> Doing<'a, Vec<Seen>> {
        let seen = |c: &&Condition| Seen { condition: c.check.clone(), holds: Some(false), says: "12 s".into() };
        let seen = conditions.iter().map(seen).collect();
        Box::pin(async move { seen })
    }

    fn survey(&self) -> Doing<'_, Result<Sight, Fault>> {
        Box::pin(async { Err(Fault::new(FaultKind::Missing, "a plan looks at the conditions of its runbook alone")) })
    }

    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }
}

fn action(kind: ActionKind, danger: Danger, target: Option<TargetRef>, reads: &[&str]) -> Action {
    Action {
        kind,
        danger,
        target,
        timeout: Duration::from_secs(10),
        idempotent: false,
        sets: None,
        temporary: None,
        second_person: false,
        reads: reads.iter().map(|name| (*name).to_owned()).collect(),
        body: "as it is written".into(),
        place: Place::default(),
    }
}

fn step(id: &str, action: Option<Action>) -> Step {
    Step {
        id: id.into(),
        title: id.to_uppercase(),
        prose: String::new(),
        items: vec![],
        require: vec![],
        action,
        verify: vec![],
        undo: None,
        branches: vec![],
        place: Place::default(),
        hash: "0".into(),
    }
}

fn param(name: &str, secret: bool) -> Param {
    Param {
        name: name.into(),
        about: format!("the {name}"),
        kind: ParamKind::Text,
        pattern: None,
        default: None,
        secret,
        from: None,
        place: Place::default(),
    }
}

fn sql(reads: &[&str]) -> ActionKind {
    ActionKind::Sql {
        statement: "select $1".into(),
        binds: reads.iter().map(|name| (*name).to_owned()).collect(),
        transaction: true,
        generates: false,
        database: None,
    }
}

fn book() -> Runbook {
    let postgres = || Some(TargetRef::Kind { kind: SourceKind::Postgres, role: None });
    let redis = Some(TargetRef::Kind { kind: SourceKind::Redis, role: None });
    let condition = Condition {
        check: "a.b".into(),
        subject: None,
        expect: Expectation::Passes,
        says: None,
        place: Place::default(),
    };
    let verify =
        Verify { condition, within: Duration::from_secs(30), every: Duration::from_secs(5), hold: Duration::ZERO };
    let finds = Action { sets: Some("found".into()), ..action(sql(&[]), Danger::Observe, postgres(), &[]) };
    let mut change = step("change", Some(action(sql(&["pid"]), Danger::Change, postgres(), &["pid"])));
    change.verify = vec![verify];
    let late = step("late", Some(action(sql(&["found"]), Danger::Dangerous, redis, &["found"])));
    let mut hand = step("hand", None);
    hand.items = vec![Item { text: "tell the owner".into(), place: Place::default() }];
    let phase = |title: &str, kind, steps| Phase {
        title: title.into(),
        kind,
        prose: String::new(),
        steps,
        place: Place::default(),
    };
    Runbook {
        id: "cure".into(),
        title: "Cure it".into(),
        owner: None,
        reviewed: None,
        severity: None,
        estimate: Some(Duration::from_secs(600)),
        danger: Danger::Dangerous,
        fixes: vec![],
        applies: BTreeMap::new(),
        params: vec![param("pid", false), param("found", false), param("key", true), param("lost", false)],
        programs: vec![],
        form: Form::Native,
        phases: vec![
            phase("Mitigate", PhaseKind::Mitigate, vec![step("look", Some(finds)), change, late, hand]),
            phase("Roll back", PhaseKind::RollBack, vec![step("back", None)]),
        ],
        shown: "cure.md".into(),
        hash: "0".into(),
        text: String::new(),
    }
}

/// What never has to wait is ready at once.
fn now<T>(doing: impl Future<Output = T>) -> T {
    match pin!(doing).poll(&mut Waking::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("nothing here waits"),
    }
}

fn previewed() -> Preview {
    let book = book();
    let mut values = Values::default();
    values.set("pid", "4711");
    values.set_secret("key", crate::secret::Secret::new("hunter2"));
    let origins = BTreeMap::from([("pid".to_owned(), "finding".to_owned()), ("key".to_owned(), "flag".to_owned())]);
    let given = Given {
        book: &book,
        values: &values,
        origins: &origins,
        finding: Some("a.b: primary".into()),
        programs: vec![Program { name: "kubectl".into(), path: None }],
        second_person: true,
    };
    now(preview(given, &Fixed))
}

#[test]
fn every_step_says_on_whom_it_acts_what_runs_and_what_its_check_says_now() {
    let preview = previewed();
    let step = |id: &str| preview.steps.iter().find(|step| step.id == id).unwrap();
    assert!(matches!(&step("change").target, Some(Known::Is(identity)) if identity.source == "primary"));
    assert!(matches!(&step("change").runs, Some(Known::Is(shown)) if shown.contains("4711")), "{:?}", step("change"));
    assert_eq!(step("change").verified[0].says, "12 s");
    assert!(matches!(&step("late").target, Some(Known::NotYet(why)) if why.contains("there is none")));
    assert!(matches!(&step("late").runs, Some(Known::NotYet(why)) if why.contains("it needs found")));
    assert!(step("late").second_person && !step("change").second_person);
    assert!(step("back").is_back && !step("hand").is_back);
}

#[test]
fn totals_count_the_way_forward_and_what_is_missing_is_said() {
    let preview = previewed();
    let Totals { steps, observe, change, dangerous, by_hand, without_undo, longest_ms, .. } = preview.totals;
    assert_eq!((steps, observe, change, dangerous, by_hand), (4, 1, 1, 1, 1));
    assert_eq!((without_undo, longest_ms), (2, 3 * 10_000 + 30_000));
    assert!(!preview.is_ready());
    let unknown = preview.unknown.join("\n");
    for part in
        ["value of found: the step `LOOK` will tell", "value of lost: you will be asked", "kubectl", "on whom `LATE`"]
    {
        assert!(unknown.contains(part), "{part}: {unknown}");
    }
}

#[test]
fn a_secret_is_in_no_preview_and_in_no_record_of_one() {
    let preview = previewed();
    let key = preview.params.iter().find(|param| param.name == "key").unwrap();
    assert_eq!((key.value.as_deref(), key.is_secret, key.is_missing), (None, true, false));
    let text = serde_json::to_string(&preview).unwrap();
    assert!(!text.contains("hunter2"), "{text}");
}

/// The source of this module: what it could reach.
const SOURCES: [(&str, &str); 3] = [
    ("mod.rs", include_str!("mod.rs")),
    ("totals.rs", include_str!("totals.rs")),
    ("records.rs", include_str!("records.rs")),
];

#[test]
fn nothing_that_acts_is_in_reach() {
    for (file, source) in SOURCES {
        for word in
            ["Hands", "hands::", "session::", "Stage", "std::process", "tokio::", "std::net", "std::fs", "journal::"]
        {
            assert!(!source.contains(word), "plan/{file} reaches for {word}");
        }
    }
}
