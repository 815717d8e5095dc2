//! Eyes on real servers: who they are, what their live checks say, and how long they take when nobody answers.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use loadline::check::{library::Library, params::Overrides};
use loadline::runbook::eyes::{LiveEyes, RecordedEyes, role_fits};
use loadline::runbook::model::{Condition, Danger, Expectation, Form, Param, ParamKind, Place, Runbook, TargetRef};
use loadline::runbook::port::{Eyes, Identity, Values};
use loadline::runbook::record::Seen;
use loadline::snapshot::{Fault, SourceKind};

use super::place::{Stopped, act, sql, target, wait, whole};
use crate::lab::{Lab, Options, Part, Role, Server};
use crate::support::Session;

fn library() -> Library {
    Library::load(&loadline::assets::embedded()).expect("what ships can be read")
}

fn book() -> Runbook {
    let param = |name: &str, kind| Param {
        name: name.into(),
        about: String::new(),
        kind,
        pattern: None,
        default: None,
        secret: false,
        from: None,
        place: Place::default(),
    };
    Runbook {
        id: "test".into(),
        title: "Test".into(),
        owner: None,
        reviewed: None,
        severity: None,
        estimate: None,
        danger: Danger::Observe,
        fixes: Vec::new(),
        applies: BTreeMap::new(),
        params: vec![
            param("server", ParamKind::Source { kind: SourceKind::Postgres, role: None }),
            param("pid", ParamKind::Integer { min: None, max: None }),
        ],
        programs: Vec::new(),
        form: Form::Native,
        phases: Vec::new(),
        shown: "test.md".into(),
        hash: String::new(),
        text: String::new(),
    }
}

fn condition(check: &str, subject: Option<&str>, expect: Expectation) -> Condition {
    let subject = subject.map(str::to_owned);
    Condition { check: check.into(), subject, expect, says: None, place: Place { line: 7, column: 1 } }
}

fn of(kind: SourceKind, role: Option<&str>) -> TargetRef {
    TargetRef::Kind { kind, role: role.map(str::to_owned) }
}

fn resolve(eyes: &dyn Eyes, target: &TargetRef) -> Result<Identity, Fault> {
    wait(eyes.resolve(target, &Values::default()))
}

fn look(eyes: &dyn Eyes, conditions: &[&Condition], given: &[(&str, &str)]) -> Vec<Seen> {
    let mut values = Values::default();
    for (name, value) in given {
        values.set(name, value);
    }
    wait(eyes.look(&book(), conditions, &values))
}

#[test]
fn every_server_says_who_it_is() {
    let lab = Lab::start(Options::full());
    let servers = target(&[
        ("postgres", "primary", lab.primary_url(Role::Monitor)),
        ("postgres", "replica", lab.replica_url(Role::App)),
        ("pgbouncer", "pooler", lab.console_url(Role::Monitor)),
        ("redis", "cache", lab.redis_url()),
        ("redis", "cache-replica", lab.redis_replica_url()),
    ]);
    let eyes = LiveEyes::new(servers, library(), Overrides::default());
    let primary = resolve(&eyes, &of(SourceKind::Postgres, Some("primary"))).expect("there is one");
    let replica = resolve(&eyes, &of(SourceKind::Postgres, Some("replica"))).expect("there is one");
    assert_eq!((primary.source.as_str(), replica.source.as_str()), ("primary", "replica"));
    let id = lab.sql(Server::Primary, "select system_identifier from pg_control_system()");
    assert_eq!((&primary.facts["system_id"], &replica.facts["system_id"]), (&id, &id));
    assert_eq!((primary.facts["role"].as_str(), replica.facts["role"].as_str()), ("primary", "replica"));
    assert_eq!(primary.facts["database"], "shop");
    assert_eq!((primary.facts["user"].as_str(), replica.facts["user"].as_str()), ("loadline", "shop_app"));
    assert_eq!(primary.facts["listens"], format!("127.0.0.1:{}", lab.state().port(Part::Postgres)));
    assert_ne!(primary.facts["listens"], replica.facts["listens"]);
    assert!(role_fits(&replica, "primary").unwrap_err().message.contains("replica is replica"));
    assert_eq!(primary.name(), "shop on primary");
    // Which of two is meant, nobody can know.
    let either = resolve(&eyes, &of(SourceKind::Postgres, None)).unwrap_err();
    assert!(either.message.contains("primary, replica"), "{either}");
    let pooler = resolve(&eyes, &of(SourceKind::PgBouncer, None)).expect("there is one");
    assert_eq!(pooler.facts["fronts"], "billing, shop");
    assert_eq!(pooler.facts["listens"], format!("127.0.0.1:{}", lab.state().port(Part::PgBouncer)));
    let cache = resolve(&eyes, &of(SourceKind::Redis, Some("primary"))).expect("there is one");
    let follower = resolve(&eyes, &of(SourceKind::Redis, Some("replica"))).expect("there is one");
    assert_eq!(cache.facts["run_id"], lab.redis_info("run_id"));
    assert_ne!(cache.facts["run_id"], follower.facts["run_id"]);
    assert_eq!(follower.facts["follows"], format!("127.0.0.1:{}", lab.state().port(Part::Redis)));
    // No secret of a connection stands in what is written down.
    let shown = format!("{primary:?}{replica:?}{pooler:?}{cache:?}{follower:?}");
    for secret in eyes.secrets() {
        assert!(!shown.contains(&secret), "{shown}");
    }
    assert_eq!(eyes.secrets().len(), 5);
}

#[test]
fn what_may_not_be_read_is_said_and_the_rest_is_there() {
    let lab = Lab::start(Options::postgres());
    lab.sql(Server::Primary, "revoke execute on function pg_control_system() from public");
    let eyes =
        LiveEyes::new(target(&[("postgres", "db", lab.primary_url(Role::App))]), library(), Overrides::default());
    let identity = resolve(&eyes, &of(SourceKind::Postgres, None)).expect("it answers");
    assert!(identity.facts["system_id"].contains("grant execute on function pg_control_system() to shop_app"));
    assert_eq!(identity.facts["role"], "primary");
}

#[test]
fn a_condition_follows_the_server_and_a_recording_stays_as_it_was() {
    let lab = Lab::start(Options::postgres());
    let servers = whole(&lab);
    let eyes = LiveEyes::new(servers.clone(), library(), Overrides::default());
    let mut psql = std::process::Command::new("psql");
    lab.dress(&mut psql, Server::Primary, Role::App, "shop", "forgotten");
    let session = Session::start(psql, "begin; select 1;");
    let pid = || {
        lab.sql(
            Server::Primary,
            "select pid from pg_stat_activity where application_name = 'forgotten' and state = 'idle in transaction'",
        )
    };
    lab.wait_until("the session idles", Duration::from_secs(20), || !pid().is_empty());
    let pid = pid();
    let here = [("server", "primary"), ("pid", pid.as_str())];
    let gone = condition(
        "postgres.idle-in-transaction",
        Some("$server"),
        Expectation::Holds("row.pid != params.pid || !row.state.startsWith(\"idle in\")".into()),
    );
    let well = condition("postgres.connection-saturation", None, Expectation::DoesNotFail);
    let seen = look(&eyes, &[&gone, &well], &here);
    assert_eq!((seen[0].holds, seen[1].holds), (Some(false), Some(true)), "{seen:?}");
    let recorded = wait(eyes.survey()).expect("a look at everything");
    assert!(recorded.findings.len() > 20, "{}", recorded.findings.len());
    let recording = RecordedEyes::new(recorded.snapshot, library(), Overrides::default());
    act(&servers, &sql("primary", "select pg_terminate_backend($1::int, 5000)", &[&pid])).succeeds();
    assert_eq!(look(&eyes, &[&gone], &here)[0].holds, Some(true));
    assert_eq!(look(&recording, &[&gone], &here)[0].holds, Some(false), "what was recorded is judged");
    let identity = resolve(&recording, &of(SourceKind::Postgres, Some("primary"))).expect("it was recorded");
    assert!(identity.facts.contains_key("recorded"), "{identity:?}");
    drop(session);
}

#[test]
fn counters_are_looked_at_twice() {
    let lab = Lab::start(Options::redis());
    let eyes = LiveEyes::new(whole(&lab), library(), Overrides::default());
    let seen = look(&eyes, &[&condition("redis.evictions", None, Expectation::Passes)], &[]);
    assert_eq!(seen[0].holds, Some(true), "{seen:?}");
}

#[test]
fn a_server_that_hangs_is_left_in_time_and_satisfies_nothing() {
    let lab = Lab::start(Options::of(&[Part::Postgres, Part::Redis]));
    let eyes = LiveEyes::new(whole(&lab), library(), Overrides::default()).with_budget(Duration::from_secs(2));
    let _stopped = Stopped::process(lab.pid(Part::Postgres).expect("it runs"));
    let began = Instant::now();
    let fault = resolve(&eyes, &of(SourceKind::Postgres, None)).unwrap_err();
    assert!(fault.to_string().contains("primary: "), "{fault}");
    let conditions = [
        condition("postgres.connection-saturation", None, Expectation::DoesNotFail),
        condition("redis.maxmemory-unset", None, Expectation::Passes),
    ];
    let seen = look(&eyes, &conditions.iter().collect::<Vec<_>>(), &[]);
    assert_eq!((seen[0].holds, seen[1].holds), (None, Some(true)), "the others are asked: {seen:?}");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}
