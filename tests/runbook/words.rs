//! Commands in words on real servers.

use std::time::{Duration, Instant};

use loadline::runbook::record::Ended;

use super::place::{Stopped, act, reading, redis_admin, target, whole, within, words};
use crate::lab::{Lab, Options, Part, Role, Server};
use crate::support::Session;

const LATE: Duration = Duration::from_secs(8);

#[test]
fn a_word_of_redis_is_one_argument_whatever_is_in_it() {
    let lab = Lab::start(Options::redis());
    let servers = target(&[("redis", "cache", redis_admin(&lab)), ("redis", "watched", lab.redis_url())]);
    let keys = || lab.redis(&["DBSIZE"]);
    lab.redis(&["FLUSHALL"]);
    for value in ["x\r\nFLUSHALL\r\n", "\"; SET b c", "$(id)", "-h", "", "ä\u{0}b", "*3\r\n$3\r\nSET"] {
        act(&servers, &words("cache", &[&["SET", "k", value]])).succeeds();
        let got = act(&servers, &words("cache", &[&["STRLEN", "k"]])).succeeds();
        assert_eq!(got.value(), value.len().to_string());
        assert_eq!(keys(), "1");
    }
    act(&servers, &words("cache", &[&["SET", "a key; FLUSHALL", "v"]])).succeeds();
    assert_eq!(keys(), "2");
    // What is not allowed is not sent, nor is anything before it.
    let refused = words("cache", &[&["SET", "c", "1"], &["flushall"]]);
    act(&servers, &refused).expect(Ended::Failed, "FLUSHALL is never sent");
    act(&servers, &reading(words("cache", &[&["DEL", "k"]]))).expect(Ended::Failed, "not known to only read");
    act(&servers, &words("watched", &[&["DEL", "k"]])).expect(Ended::Failed, "NOPERM");
    assert_eq!(keys(), "2");
    // Up to the first that fails.
    let three = words("cache", &[&["SET", "d", "1"], &["LPUSH", "d", "2"], &["SET", "e", "3"]]);
    act(&servers, &three).expect(Ended::Failed, "command 2 of 3 (1 before it were done; the rest was not sent)");
    assert_eq!(keys(), "3");
    let info = act(&servers, &reading(words("cache", &[&["INFO", "server"]]))).succeeds();
    assert!(info.lines.iter().any(|line| line.starts_with("run_id:")), "{:?}", info.lines);
}

#[test]
fn a_redis_that_stands_still_is_left_in_time() {
    let lab = Lab::start(Options::redis());
    let servers = whole(&lab);
    let began = Instant::now();
    let asking = words("cache", &[&["BLPOP", "nothing", "0"]]);
    act(&servers, &within(asking, Duration::from_secs(1))).expect(Ended::TimedOut, "may still do it");
    let _stopped = Stopped::process(lab.pid(Part::Redis).expect("it runs"));
    let asking = within(words("cache", &[&["SET", "a", "b"]]), Duration::from_secs(1));
    act(&servers, &asking).expect(Ended::Failed, "nothing was sent");
    assert!(began.elapsed() < 2 * LATE, "{:?}", began.elapsed());
}

#[test]
fn a_word_of_the_console_stays_one_word() {
    let lab = Lab::start(Options::of(&[Part::PgBouncer]));
    let servers = target(&[
        ("pgbouncer", "pooler", lab.console_url(Role::BouncerAdmin)),
        ("pgbouncer", "watched", lab.console_url(Role::Monitor)),
    ]);
    let paused = || -> Vec<String> {
        let all = lab.table(Server::Console, "show databases");
        all.into_iter().filter(|row| row["paused"] == "1").map(|row| row["name"].clone()).collect()
    };
    for hostile in ["shop; KILL billing", "shop\"; PAUSE; --", "sh op", "shop.", "'shop'"] {
        act(&servers, &words("pooler", &[&["PAUSE", hostile]])).expect(Ended::Failed, "");
        assert!(paused().is_empty(), "{hostile}: {:?}", paused());
    }
    act(&servers, &words("pooler", &[&["PAUSE", "billing"]])).succeeds();
    assert_eq!(paused(), ["billing"]);
    act(&servers, &words("pooler", &[&["RESUME", "billing"]])).succeeds();
    assert!(paused().is_empty());
    let setting = |name: &str| {
        let all = lab.table(Server::Console, "show config");
        all.into_iter().find(|row| row["key"] == name).map(|row| row["value"].clone())
    };
    act(&servers, &words("pooler", &[&["SET", "default_pool_size", "=", "7"]])).succeeds();
    assert_eq!(setting("default_pool_size").as_deref(), Some("7"));
    act(&servers, &words("pooler", &[&["SET", "default_pool_size", "=", "x'; KILL shop; --"]]))
        .expect(Ended::Failed, "");
    assert_eq!(setting("default_pool_size").as_deref(), Some("7"));
    let pools = act(&servers, &reading(words("watched", &[&["SHOW", "POOLS"]]))).succeeds();
    assert!(pools.lines[0].contains("cl_waiting"), "{:?}", pools.lines);
    act(&servers, &reading(words("pooler", &[&["PAUSE", "shop"]]))).expect(Ended::Failed, "does not only read");
    act(&servers, &words("watched", &[&["PAUSE", "shop"]])).expect(Ended::Failed, "admin");
    act(&servers, &words("pooler", &[&["SHUTDOWN"]])).expect(Ended::Failed, "no command that a step may send");
}

#[test]
fn a_pause_that_waits_is_given_up_in_time_and_can_be_taken_back() {
    let lab = Lab::start(Options::of(&[Part::PgBouncer]));
    let servers = whole(&lab);
    let mut psql = std::process::Command::new("psql");
    lab.dress(&mut psql, Server::PgBouncer, Role::App, "shop", "busy");
    let busy = Session::start(psql, "begin; select 1;");
    let idles = "select count(*) from pg_stat_activity where state = 'idle in transaction'";
    lab.wait_until("a transaction is open", LATE, || lab.sql(Server::Primary, idles) == "1");
    let began = Instant::now();
    let pause = within(words("pooler", &[&["PAUSE", "shop"]]), Duration::from_secs(2));
    act(&servers, &pause).expect(Ended::TimedOut, "RESUME takes it back");
    assert!(began.elapsed() < Duration::from_secs(2) + LATE, "{:?}", began.elapsed());
    // It may have been taken back with the request already, and then there is nothing to resume.
    act(&servers, &words("pooler", &[&["RESUME", "shop"]]));
    drop(busy);
    assert_eq!(lab.sql(Server::PgBouncer, "select 1"), "1");
}
