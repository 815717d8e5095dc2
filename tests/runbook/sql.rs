//! Statements on real servers: what they do, what they cannot do, and what is said when it is not known.

use std::time::{Duration, Instant};

use loadline::runbook::record::Ended;

use super::place::{Stopped, TAG, act, act_until, made, outside, reading, sql, target, whole, within};
use crate::lab::{Lab, Options, Part, Role, Server};
use crate::standin::way::{self, Break};
use crate::support::Session;

/// Values that would end a string, a statement or an argument, if they were ever part of one.
const HOSTILE: [&str; 9] = [
    "'; drop table customers; --",
    "$(touch /tmp/x) `id` $HOME",
    "\\'; select pg_terminate_backend(1); --",
    "$1::text); drop table customers; --",
    ":name $$ $tag$",
    "-c --help",
    "we\"ird; drop table x",
    "ä€😀\u{202e}",
    "",
];

const LATE: Duration = Duration::from_secs(8);

#[test]
fn a_value_is_one_value_and_every_type_reads_as_in_psql() {
    let lab = Lab::start(Options::of(&[Part::PgBouncer]));
    let servers = whole(&lab);
    let tables = || lab.number(Server::Primary, "select count(*) from pg_class where relkind = 'r'");
    let before = tables();
    for (at, value) in HOSTILE.iter().enumerate() {
        // Half of them through a pooler, which has no prepared statements.
        let source = if at % 2 == 0 { "primary" } else { "pooled" };
        let acted = act(&servers, &sql(source, "select $1 || '|' || $2, length($1)", &[value, value])).succeeds();
        assert_eq!(acted.value(), format!("{value}|{value}").trim());
    }
    assert!((before - tables()).abs() < 0.5);
    let types = "select 1.50::numeric as n, '1 day 02:00'::interval as i, array[1,2] as a, '10.0.0.1'::inet as ip, \
                 '{\"k\": 1}'::jsonb as j, null::int as nothing, true as b, row(1, 'x') as r, 16::oid::regtype as t, 0.25::float8 as f";
    let acted = act(&servers, &sql("primary", types, &[])).succeeds();
    assert_eq!(acted.outcome.says, "1 row");
    let cells: Vec<&str> = acted.lines[2].split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let (row, rest): (Vec<&str>, Vec<&str>) = cells.into_iter().partition(|cell| cell.starts_with("\\x"));
    assert_eq!(rest, ["1.50", "1 day 02:00:00", "{1,2}", "10.0.0.1", "{\"k\": 1}", "NULL", "t", "boolean", "0.25"]);
    assert_eq!(row.len(), 1, "the server itself cannot read an anonymous record back: {:?}", acted.lines);
    let name = act(&servers, &sql("primary", "select current_setting('application_name')", &[])).succeeds();
    assert_eq!(name.value(), TAG);
}

#[test]
fn what_changes_is_done_and_what_is_to_read_only_cannot_change() {
    let lab = Lab::start(Options::of(&[Part::Replica]));
    let servers = whole(&lab);
    lab.sql(Server::Primary, "create table t (n int); insert into t values (1), (2)");
    let sum = || lab.sql(Server::Primary, "select sum(n) from t");
    act(&servers, &sql("primary", "update t set n = n + $1::int", &["10"])).expect(Ended::Succeeded, "2 rows");
    assert_eq!(sum(), "23");
    let update = sql("primary", "update t set n = 0", &[]);
    act(&servers, &reading(update)).expect(Ended::Failed, "25006");
    act(&servers, &reading(outside("primary", "update t set n = 0", &[]))).expect(Ended::Failed, "25006");
    act(&servers, &reading(sql("primary", "select pg_terminate_backend(1)", &[])))
        .expect(Ended::Failed, "acts although");
    act(&servers, &sql("replica", "delete from customers", &[])).expect(Ended::Failed, "25006");
    assert_eq!(sum(), "23");
    // A second statement is no statement.
    act(&servers, &sql("primary", "select 1; drop table t", &[])).expect(Ended::Failed, "multiple commands");
    act(&servers, &sql("primary", "select 1; commit; drop table t", &[])).expect(Ended::Failed, "multiple commands");
    act(&servers, &sql("primary", "update t set n = 'x'", &[])).expect(Ended::Failed, "22P02");
    act(&servers, &outside("primary", "vacuum t", &[])).succeeds();
    act(&servers, &sql("primary", "vacuum t", &[])).expect(Ended::Failed, "rolled back");
    assert_eq!(sum(), "23");
}

#[test]
fn the_server_quotes_the_names_of_what_it_makes() {
    let lab = Lab::start(Options::postgres());
    let servers = whole(&lab);
    lab.sql(Server::Primary, "create table x (n int); create index \"we\"\"ird; drop table x\" on x (n)");
    let drop = "select format('drop index concurrently %s', $1::regclass)";
    let acted = act(&servers, &made(outside("primary", drop, &["\"we\"\"ird; drop table x\""])));
    let acted = acted.expect(Ended::Succeeded, "1 statement");
    assert_eq!(acted.lines[0], "drop index concurrently \"we\"\"ird; drop table x\"");
    let left =
        |name: &str| lab.sql(Server::Primary, &format!("select count(*) from pg_class where relname = '{name}'"));
    assert_eq!((left("we\"ird; drop table x"), left("x")), ("0".into(), "1".into()));
    // Up to the first that fails.
    let three = "select unnest(array['create table one ()', 'create table x ()', 'create table three ()'])";
    let acted = act(&servers, &made(sql("primary", three, &[])));
    acted.expect(Ended::Failed, "statement 2 of 3 (1 before it were done; the rest was not begun)");
    assert_eq!((left("one"), left("three")), ("1".into(), "0".into()));
    // Making them only reads, and each of them is one.
    act(&servers, &made(sql("primary", "with d as (delete from x returning 1) select 'select 1' from d", &[])))
        .expect(Ended::Failed, "25006");
    act(&servers, &made(sql("primary", "select 'select 1; drop table x'", &[])))
        .expect(Ended::Failed, "multiple commands");
    act(&servers, &made(sql("primary", "select 'x' where false", &[]))).expect(Ended::Failed, "made no statement");
    assert_eq!(left("x"), "1");
}

#[test]
fn a_statement_that_takes_too_long_is_stopped_and_said_to_be() {
    let lab = Lab::start(Options::postgres());
    let servers = whole(&lab);
    lab.sql(Server::Primary, "create table t (n int)");
    let began = Instant::now();
    let slow = "with i as (insert into t values (1)) select pg_sleep(60)";
    act(&servers, &within(sql("primary", slow, &[]), Duration::from_secs(1))).expect(Ended::Failed, "57014");
    act(&servers, &within(outside("primary", "select pg_sleep(60)", &[]), Duration::from_secs(1)))
        .expect(Ended::TimedOut, "outside of a transaction");
    let stop = Some(Duration::from_millis(500));
    act_until(&servers, &sql("primary", slow, &[]), stop).expect(Ended::Failed, "rolled back");
    act_until(&servers, &outside("primary", "select pg_sleep(60)", &[]), stop).expect(Ended::Cancelled, "57014");
    assert!(began.elapsed() < 4 * LATE, "{:?}", began.elapsed());
    let mut psql = std::process::Command::new("psql");
    lab.dress(&mut psql, Server::Primary, Role::Superuser, "shop", "holder");
    let holder = Session::start(psql, "begin; lock table t;");
    let holds = || {
        lab.sql(
            Server::Primary,
            "select count(*) from pg_locks where mode = 'AccessExclusiveLock' and relation = 't'::regclass",
        ) == "1"
    };
    lab.wait_until("the lock is held", LATE, holds);
    act(&servers, &sql("primary", "insert into t values (2)", &[])).expect(Ended::Failed, "55P03");
    drop(holder);
    assert_eq!(lab.sql(Server::Primary, "select count(*) from t"), "0");
    let left =
        || lab.sql(Server::Primary, &format!("select count(*) from pg_stat_activity where application_name = '{TAG}'"));
    lab.wait_until("nothing runs on", LATE, || left() == "0");
}

#[test]
fn what_became_of_a_lost_or_hanging_statement_is_not_made_up() {
    let lab = Lab::start(Options::postgres());
    lab.sql(Server::Primary, "create table t (n int)");
    let port = lab.state().port(Part::Postgres);
    let way = way::to(port, 30_000, Break::Reset);
    let url = lab.primary_url(Role::Superuser);
    let broken = url.replace(&format!(":{port}/"), &format!(":{}/", way.standin.port));
    let servers = target(&[("postgres", "primary", url), ("postgres", "broken", broken)]);
    let much = "insert into t select n from generate_series(1, 500) n returning repeat('x', 1000)";
    let acted = act(&servers, &sql("broken", much, &[])).expect(Ended::Unknown, "cannot have been committed");
    assert!(acted.outcome.says.contains(TAG) && acted.outcome.says.contains("process "), "{:?}", acted.outcome);
    // The server itself stands still in the middle of it.
    let find = format!("select pid from pg_stat_activity where application_name = '{TAG}' and query like '%pg_sleep%'");
    let (acted, took) = std::thread::scope(|scope| {
        let slow = within(sql("primary", "insert into t select 7 from pg_sleep(30)", &[]), Duration::from_secs(3));
        let servers = &servers;
        let acting = scope.spawn(move || {
            let began = Instant::now();
            (act(servers, &slow), began.elapsed())
        });
        lab.wait_until("it runs", LATE, || !lab.sql(Server::Primary, &find).is_empty());
        let _stopped = Stopped::process(lab.sql(Server::Primary, &find).parse().expect("one process"));
        acting.join().expect("it ends")
    });
    let acted = acted.expect(Ended::TimedOut, "did not say whether it ended");
    assert!(took < Duration::from_secs(3) + LATE, "{took:?}");
    assert!(acted.outcome.says.contains(TAG), "{:?}", acted.outcome);
    // The administrator ends the session: that is an answer.
    let ended = std::thread::scope(|scope| {
        let slow = sql("primary", "insert into t select 8 from pg_sleep(31)", &[]);
        let servers = &servers;
        let acting = scope.spawn(move || act(servers, &slow));
        let find = find.replace("%pg_sleep%", "%pg_sleep(31)%");
        lab.wait_until("it runs", LATE, || !lab.sql(Server::Primary, &find).is_empty());
        lab.sql(Server::Primary, &find.replace("select pid", "select pg_terminate_backend(pid)"));
        acting.join().expect("it ends")
    });
    ended.expect(Ended::Failed, "57P01");
    lab.wait_until("nothing is left of them", LATE, || lab.sql(Server::Primary, "select count(*) from t") == "0");
}

#[test]
fn outside_of_a_transaction_a_pooler_is_no_session() {
    let lab = Lab::start(Options::of(&[Part::PgBouncer]));
    let servers = whole(&lab);
    act(&servers, &outside("pooled", "vacuum customers", &[])).expect(Ended::Failed, "goes through a pooler");
    act(&servers, &reading(sql("pooled", "select count(*) from customers", &[]))).succeeds();
    act(&servers, &reading(sql("pooled", "delete from customers", &[]))).expect(Ended::Failed, "25006");
    // Nothing of an action stays behind on the pooler's server.
    let left = lab.sql(
        Server::PgBouncer,
        "select current_setting('statement_timeout') || current_setting('transaction_read_only')",
    );
    assert_eq!(left, "0off");
    let other = act(&servers, &sql("primary", "select current_database()", &[])).succeeds();
    assert_eq!(other.value(), "shop");
}
