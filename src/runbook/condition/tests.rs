use super::*;
use crate::{
    check::{
        case::snapshot_of,
        definition::{Given, ParamValue, Severity},
        evaluate::Bench,
        params::{Override, Overrides},
    },
    runbook::{
        model::{Danger, Form, Param, ParamKind, Place, Runbook},
        record::Seen,
    },
    snapshot::{Snapshot, SourceKind, SourceRecord},
};

fn library() -> Library {
    Library::load(&crate::assets::embedded()).unwrap()
}

fn param(name: &str, kind: ParamKind) -> Param {
    Param {
        name: name.into(),
        about: String::new(),
        kind,
        pattern: None,
        default: None,
        secret: false,
        from: None,
        place: Place::default(),
    }
}

fn book() -> Runbook {
    let mut secret = param("token", ParamKind::Text);
    secret.secret = true;
    Runbook {
        id: "test".into(),
        title: "Test".into(),
        owner: None,
        reviewed: None,
        severity: Some(Severity::High),
        estimate: None,
        danger: Danger::Observe,
        fixes: Vec::new(),
        applies: std::collections::BTreeMap::new(),
        params: vec![
            param("server", ParamKind::Source { kind: SourceKind::Postgres, role: None }),
            param("pid", ParamKind::Integer { min: Some(1), max: None }),
            param("limit", ParamKind::Duration),
            param("warn", ParamKind::Duration),
            param("who", ParamKind::Text),
            param("add", ParamKind::Integer { min: Some(1), max: None }),
            secret,
        ],
        programs: Vec::new(),
        form: Form::Native,
        phases: Vec::new(),
        shown: "test.md".into(),
        hash: String::new(),
        text: String::new(),
    }
}

fn condition(check: &str, subject: Option<&str>, expect: Expectation, says: Option<&str>) -> Condition {
    let [subject, says] = [subject, says].map(|text| text.map(str::to_owned));
    Condition { check: check.into(), subject, expect, says, place: Place::default() }
}

fn holds(expression: &str) -> Expectation {
    Expectation::Holds(expression.into())
}

fn values(all: &[(&str, &str)]) -> Values {
    let mut values = Values::default();
    for (name, value) in all {
        values.set(name, value);
    }
    values
}

/// The snapshot of a case of a check that ships.
fn case(library: &Library, check: &str, name: &str) -> Snapshot {
    let check = library.check(check).unwrap();
    let case = check.def.cases.iter().find(|case| case.name.contains(name)).unwrap();
    snapshot_of(library, Some(check), &case.given).unwrap()
}

/// Rows of PostgreSQL's sessions, by source.
fn sessions(library: &Library, given: &str) -> Snapshot {
    #[derive(serde::Deserialize)]
    struct Answers {
        given: Vec<Given>,
    }
    let answers: Answers = toml::from_str(given).unwrap();
    snapshot_of(library, library.check(IDLE), &answers.given).unwrap()
}

fn see(library: &mut Library, snapshot: &Snapshot, condition: &Condition, given: &[(&str, &str)]) -> Seen {
    see_with(library, snapshot, condition, given, &Overrides::default())
}

fn see_with(
    library: &mut Library,
    snapshot: &Snapshot,
    condition: &Condition,
    given: &[(&str, &str)],
    overrides: &Overrides,
) -> Seen {
    let compiled = compile(library, &book(), condition, "test verify 1").unwrap();
    judge(&compiled, &Bench::new(library, snapshot), overrides, &values(given))
}

const IDLE: &str = "postgres.idle-in-transaction";
const LAG: &str = "postgres.replication-lag";
const FORGOTTEN: &str = "a minute, and longer";

#[test]
fn the_three_words_read_the_statuses_of_the_check() {
    let mut library = library();
    let ill = case(&library, IDLE, FORGOTTEN);
    let well = case(&library, IDLE, "short pauses");
    let mut see = |snapshot, expect| see(&mut library, snapshot, &condition(IDLE, None, expect, None), &[]);
    let seen = see(&ill, Expectation::Passes);
    assert_eq!(seen.holds, Some(false));
    assert_eq!(seen.condition, "postgres.idle-in-transaction: passes");
    assert!(seen.says.starts_with("primary: app worker pid 2: idle in transaction (aborted) for 10 min"), "{seen:?}");
    assert!(seen.says.ends_with("(fail 5 min); and 1 more"), "{seen:?}");
    assert_eq!(see(&ill, Expectation::DoesNotFail).holds, Some(false));
    assert_eq!(see(&ill, Expectation::Fails).holds, Some(true));
    let seen = see(&well, Expectation::Passes);
    assert_eq!((seen.holds, seen.says.as_str()), (Some(true), "3 looked at, all well (fail 5 min, warn 60 s)"));
    assert_eq!(see(&well, Expectation::DoesNotFail).holds, Some(true));
    assert_eq!(see(&well, Expectation::Fails).holds, Some(false));
}

#[test]
fn a_warning_does_not_fail_and_does_not_pass() {
    let mut library = library();
    let snapshot = case(&library, LAG, "replay is paused while");
    let mut see =
        |expect| see(&mut library, &snapshot, &condition(LAG, Some("$server"), expect, None), &[("server", "replica")]);
    assert_eq!(see(Expectation::Passes).holds, Some(false));
    let seen = see(Expectation::DoesNotFail);
    assert_eq!(seen.holds, Some(true));
    assert!(seen.says.contains("12 s") && seen.says.contains("warn 5 s"), "{seen:?}");
    assert_eq!(see(Expectation::Fails).holds, Some(true));
    assert_eq!(see(Expectation::Fails).condition, "postgres.replication-lag of replica: fails");
}

#[test]
fn only_the_subject_that_is_meant_counts() {
    let mut library = library();
    let ill = case(&library, IDLE, FORGOTTEN);
    let mut see = |subject: &str, given: &[(&str, &str)]| {
        see(&mut library, &ill, &condition(IDLE, Some(subject), Expectation::DoesNotFail, None), given)
    };
    assert_eq!(see("*pid 2", &[]).holds, Some(false));
    assert_eq!(see("*pid 1", &[]).holds, Some(true));
    // Gone: it was looked at where it would be, and is not there.
    let gone = see("primary: * pid 77", &[]);
    assert_eq!((gone.holds, gone.says.as_str()), (Some(true), "nothing is said of primary: * pid 77 (2 looked at)"));
    assert_eq!(see("$server", &[("server", "primary")]).holds, Some(false));
    assert_eq!(see("$who", &[("who", "primary")]).holds, Some(false), "it begins with the value and a colon");
    assert_eq!(see("$who", &[("who", "prim")]).holds, None, "no server of that name");
    // A source that was not asked is no source that is well.
    let absent = see("$server", &[("server", "standby")]);
    assert_eq!((absent.holds, absent.says.as_str()), (None, "standby is in no answer: it was not looked at"));
    assert_eq!(see("standby: * pid 2", &[]).holds, None);
    assert_eq!(see("$server", &[]).says, "`server` has no value yet");
}

#[test]
fn an_expression_is_true_of_every_row_and_reads_the_numbers_of_the_runbook() {
    let mut library = library();
    let ill = case(&library, IDLE, FORGOTTEN);
    let ended =
        condition(IDLE, Some("$server"), holds("row.pid != params.pid || row.state_age_s < params.limit"), None);
    let mut see = |given: &[(&str, &str)]| see(&mut library, &ill, &ended, given);
    let here = [("server", "primary"), ("pid", "2"), ("limit", "1m")];
    let seen = see(&here);
    assert_eq!(seen.holds, Some(false));
    assert!(seen.says.contains("(limit 60 s, pid 2)"), "{seen:?}");
    assert_eq!(see(&[("server", "primary"), ("pid", "2"), ("limit", "1h")]).holds, Some(true));
    let gone = see(&[("server", "primary"), ("pid", "3"), ("limit", "1m")]);
    assert_eq!((gone.holds, gone.says.as_str()), (Some(true), "2 looked at, all well (limit 60 s, pid 3)"));
    assert_eq!(see(&[("server", "primary"), ("pid", "2")]).holds, None, "a parameter without a value is not zero");
    assert_eq!(see(&[("server", "primary"), ("pid", "two"), ("limit", "1m")]).holds, None);
}

#[test]
fn the_check_s_own_thresholds_and_their_overrides_hold_for_expressions_too() {
    let mut library = library();
    let snapshot = case(&library, LAG, "replay is paused while");
    let fresh = condition(LAG, None, holds("row.lag_s < params.warn"), None);
    // The runbook has a parameter of that name, and it cannot be told which is meant.
    let clash = compile(&mut library, &book(), &fresh, "n").unwrap_err();
    assert!(clash.contains("params.warn") && clash.contains("call the runbook's otherwise"), "{clash}");
    let fresh = condition(LAG, None, holds("row.lag_s < params.fail"), None);
    assert_eq!(see(&mut library, &snapshot, &fresh, &[]).holds, Some(true));
    let overrides = Overrides::new(vec![Override {
        check: LAG.into(),
        subject: None,
        param: "fail".into(),
        value: ParamValue::Quantity("10s".into()),
        origin: "loadline.toml".into(),
    }]);
    let seen = see_with(&mut library, &snapshot, &fresh, &[], &overrides);
    assert_eq!(seen.holds, Some(false));
    assert!(seen.says.ends_with("(fail 10 s)"), "{seen:?}");
}

#[test]
fn the_sentence_of_the_condition_speaks_where_it_does_not_hold() {
    let mut library = library();
    let ill = case(&library, IDLE, FORGOTTEN);
    let says =
        "session {{ row.pid }} is open for {{ row.state_age_s | seconds }}, {{ params.limit | seconds }} are allowed";
    let short = condition(IDLE, None, holds("row.state_age_s < params.limit"), Some(says));
    let seen = see(&mut library, &ill, &short, &[("limit", "5m")]);
    assert!(seen.says.contains("session 2 is open for 10 min, 5 min are allowed"), "{seen:?}");
    let well = see(&mut library, &ill, &short, &[("limit", "20m")]);
    assert_eq!((well.holds, well.says.as_str()), (Some(true), "2 looked at, all well (limit 20 min)"));
    let plain = condition(IDLE, Some("*pid 2"), Expectation::Passes, Some("session {{ row.pid }} still waits"));
    assert!(see(&mut library, &ill, &plain, &[]).says.contains("session 2 still waits"));
}

#[test]
fn what_is_not_measured_satisfies_nothing() {
    let mut library = library();
    let fault = sessions(&library, "[[given]]\nfault = \"connection reset\"");
    let rows = "rows = [{ pid = 3, state = \"idle\", state_age_s = 1.0 }]";
    let hidden = sessions(&library, &format!("[[given]]\nnot_visible = \"grant pg_monitor\"\n{rows}"));
    for expect in [Expectation::Passes, Expectation::DoesNotFail, Expectation::Fails, holds("row.state_age_s < 5.0")] {
        for (snapshot, reason) in [(&fault, "connection reset"), (&hidden, "grant pg_monitor")] {
            for subject in [None, Some("*pid 3"), Some("*pid 4")] {
                let seen = see(&mut library, snapshot, &condition(IDLE, subject, expect.clone(), None), &[]);
                assert_eq!(seen.holds, None, "{subject:?} {seen:?}");
                assert!(seen.says.contains(reason), "{seen:?}");
            }
        }
    }
    // Nor a target that has no such server, although that is a proven reason.
    let mut none = fault.clone();
    none.sources.clear();
    none.observations.clear();
    let seen = see(&mut library, &none, &condition(IDLE, None, Expectation::Passes, None), &[]);
    assert_eq!((seen.holds, seen.says.as_str()), (None, "this target has no postgres source"));
}

#[test]
fn a_null_satisfies_nothing_and_taints_only_its_row() {
    let mut library = library();
    let snapshot = case(&library, LAG, "it cannot be told which is its own");
    let mut see = |subject, expect| see(&mut library, &snapshot, &condition(LAG, Some(subject), expect, None), &[]);
    let seen = see("walreceiver*", Expectation::DoesNotFail);
    assert_eq!(seen.holds, None);
    assert!(seen.says.contains("`lag_s`"), "{seen:?}");
    assert_eq!(see("walreceiver*", holds("row.lag_s < 10.0")).holds, None);
    assert_eq!(see("replica", Expectation::DoesNotFail).holds, Some(true));
}

#[test]
fn what_another_server_cannot_say_does_not_matter() {
    let mut library = library();
    let given = "[[given]]\nsource = \"primary\"\nrows = [{ pid = 3, state = \"idle\", state_age_s = 1.0 }]\n\
                 [[given]]\nsource = \"replica\"\nfault = \"down\"";
    let mut snapshot = sessions(&library, given);
    let mut see = |snapshot: &Snapshot, subject: Option<&str>, server: &str| {
        see(&mut library, snapshot, &condition(IDLE, subject, Expectation::Passes, None), &[("server", server)]).holds
    };
    assert_eq!(see(&snapshot, Some("$server"), "primary"), Some(true));
    assert_eq!(see(&snapshot, Some("primary: *"), ""), Some(true));
    assert_eq!(see(&snapshot, Some("$server"), "replica"), None);
    assert_eq!(see(&snapshot, None, ""), None);
    assert_eq!(see(&snapshot, Some("*pid 3"), ""), None, "it may be on either");
    // A source of which the snapshot holds nothing at all.
    snapshot.observations.retain(|observation| observation.source == "primary");
    snapshot.sources.push(SourceRecord { name: "other".into(), ..snapshot.sources[0].clone() });
    assert_eq!(see(&snapshot, None, ""), None);
}

#[test]
fn one_offender_behind_twenty_worse_ones_is_not_gone() {
    let mut library = library();
    let rows: Vec<String> =
        (1..=60).map(|n| format!("{{ pid = {n}, state = \"idle in transaction\", state_age_s = {n}000.0 }}")).collect();
    let snapshot = sessions(&library, &format!("[[given]]\nrows = [{}]", rows.join(", ")));
    let least = condition(IDLE, Some("*pid 1"), Expectation::DoesNotFail, None);
    assert_eq!(see(&mut library, &snapshot, &least, &[]).holds, Some(false));
}

#[test]
fn what_was_looked_at_and_does_not_apply_satisfies_a_word_and_no_expression() {
    let mut library = library();
    let memory = "redis.memory-near-limit";
    let snapshot = case(&library, memory, "no limit");
    let mut see = |expect| see(&mut library, &snapshot, &condition(memory, None, expect, None), &[]);
    for expect in [Expectation::Passes, Expectation::DoesNotFail] {
        let seen = see(expect);
        assert_eq!(seen.holds, Some(true));
        assert!(seen.says.contains("no maxmemory is set"), "{seen:?}");
    }
    assert_eq!(see(Expectation::Fails).holds, Some(false));
    assert_eq!(see(holds("row.maxmemory < 1.0")).holds, None, "nothing was compared");
}

#[test]
fn pods_are_added_only_where_their_connections_are_left() {
    let mut library = library();
    let room = "kubernetes.scale-out-room";
    // The fence of docs/runbooks.md.
    let says = "adding {{ params.add }} pods of {{ row.pool }} connections each needs {{ params.add * row.pool }}; \
                {{ row.left }} are left on {{ row.limit_of }}";
    let fits = condition(room, Some("$who"), holds("params.add * row.pool <= row.left"), Some(says));
    let little = case(&library, room, "hardly any is left");
    let mut see =
        |snapshot: &Snapshot, add: &str| see(&mut library, snapshot, &fits, &[("who", "shop/web"), ("add", add)]);
    let seen = see(&little, "2");
    assert_eq!(seen.holds, Some(false));
    assert!(seen.says.contains("adding 2 pods of 10 connections each needs 20; 17 are left on primary"), "{seen:?}");
    let seen = see(&little, "1");
    assert_eq!((seen.holds, seen.says.as_str()), (Some(true), "shop/web: left 17, pool 10 (add 1)"));
    for unmeasured in ["sessions that are not seen", "the database does not answer"] {
        let snapshot = case(&super::tests::library(), room, unmeasured);
        assert_eq!(see(&snapshot, "1").holds, None, "{unmeasured}");
    }
}

#[test]
fn what_the_check_itself_calls_unknown_is_so_for_expressions_too() {
    let mut library = library();
    let room = "kubernetes.scale-out-room";
    let snapshot = case(&library, room, "no pool size");
    let anything = condition(room, Some("shop/api"), holds("row.max > 0.0"), None);
    let seen = see(&mut library, &snapshot, &anything, &[]);
    assert_eq!(seen.holds, None);
    assert!(seen.says.contains("annotate it"), "{seen:?}");
}

#[test]
fn mistakes_say_what_was_expected() {
    let mut library = library();
    let mut wrong = |check: &str, subject: Option<&str>, expect, says: Option<&str>| {
        compile(&mut library, &book(), &condition(check, subject, expect, says), "name").unwrap_err()
    };
    let unknown = wrong("postgres.idle-in-transactions", None, Expectation::Passes, None);
    assert!(unknown.contains("no check `postgres.idle-in-transactions`") && unknown.contains(IDLE), "{unknown}");
    let column = wrong(IDLE, None, holds("row.state_age < 5.0"), None);
    assert!(column.contains("`row.state_age` is unknown") && column.contains("1 | row.state_age < 5.0"), "{column}");
    let broken = wrong(IDLE, None, holds("true) || (true"), None);
    assert!(!broken.is_empty(), "brackets of the wrapping cannot be escaped from");
    let param = wrong(IDLE, Some("$nobody"), Expectation::Passes, None);
    assert!(param.contains("$server") && param.contains("no parameter"), "{param}");
    assert!(wrong(IDLE, Some("$token"), Expectation::Passes, None).contains("is a secret"));
    let says = wrong(IDLE, None, holds("row.pid > 0.0"), Some("{{ row.nothing }}"));
    assert!(says.contains("nothing"), "{says}");
    let text = wrong(IDLE, None, holds("row.pid > params.who"), None);
    assert!(text.contains("params.who"), "only numbers are parameters: {text}");
}

#[test]
fn rates_need_a_window_and_states_do_not() {
    let mut library = library();
    let mut needs = |check: &str, expect| {
        let compiled = compile(&mut library, &book(), &condition(check, None, expect, None), "w").unwrap();
        compiled.needs_window(&library)
    };
    assert!(!needs(IDLE, Expectation::Passes));
    assert!(needs("redis.evictions", Expectation::Passes));
    assert!(needs(LAG, holds("row.lag_s < 10.0")));
}

#[test]
fn compiling_again_replaces_and_never_piles_up() {
    let mut library = library();
    let ill = case(&library, IDLE, FORGOTTEN);
    for words in ["first {{ row.pid }}", "second {{ row.pid }}"] {
        let one = condition(IDLE, Some("*pid 2"), Expectation::Passes, Some(words));
        let seen = see(&mut library, &ill, &one, &[]);
        assert!(seen.says.contains(&words.replace("{{ row.pid }}", "2")), "{seen:?}");
    }
}
