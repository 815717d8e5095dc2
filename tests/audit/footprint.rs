//! What servers see of an audit: reads under guards, each question once, one connection.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::lab::{Lab, Options, Part, Role, Server};
use crate::support::{Folder, loadline};

/// A statement that the server logged: who, in which process, and its text.
#[derive(Debug)]
struct Logged {
    who: String,
    process: String,
    text: String,
}

/// All statements of a role so far, by the server's own log.
fn statements(lab: &Lab, role: &str) -> Vec<Logged> {
    let log = fs::read_to_string(lab.crew().log(Part::Postgres.name())).expect("the server has a log");
    // What belongs to one entry is indented.
    let log = log.replace("\n\t", "\n ");
    let entries = log.split('\n').fold(Vec::<String>::new(), |mut entries, line| {
        match entries.last_mut() {
            Some(entry) if line.starts_with(' ') => *entry += line,
            _ => entries.push(line.to_owned()),
        }
        entries
    });
    let read = |entry: &String| {
        let (head, text) = entry.split_once("LOG:  statement: ")?;
        let (_, rest) = head.split_once('[')?;
        let (process, who) = rest.split_once("] ")?;
        let own = who.starts_with(&format!("{role}@"));
        own.then(|| Logged { who: who.trim().into(), process: process.into(), text: text.into() })
    };
    entries.iter().filter_map(read).collect()
}

#[test]
fn a_server_sees_guarded_reads_once_each_over_one_connection() {
    let lab = Lab::start(Options::postgres());
    lab.sql(Server::Primary, "alter role loadline set log_statement = 'all'");
    loadline("audit --window 0 --postgres").arg(lab.primary_url(Role::Monitor)).run();
    let seen = statements(&lab, "loadline");
    assert!(seen.len() > 4, "the log shows what was asked: {seen:?}");
    for statement in &seen {
        assert_guarded(&statement.text);
    }
    let processes: BTreeSet<_> = seen.iter().map(|statement| &statement.process).collect();
    assert_eq!(processes.len(), 1, "one connection: {seen:?}");
    for (text, times) in counted(&seen) {
        assert_eq!(times, 1, "asked again: {text}");
    }
    // The open transactions and the lock chains are read off one look at the sessions.
    assert_eq!(seen.iter().filter(|statement| statement.text.contains("pg_blocking_pids")).count(), 1);
}

#[test]
fn with_a_window_only_counters_are_read_twice_and_each_database_has_one_connection() {
    let lab = Lab::start(Options::postgres());
    lab.sql(Server::Primary, "alter role loadline set log_statement = 'all'");
    let folder = Folder::new();
    loadline("check new postgres.my-check --folder").arg(folder.path()).run().expect(0);
    let run = loadline("audit --window 500ms --databases shop,billing --checks").arg(folder.path());
    run.with("--postgres", lab.primary_url(Role::Monitor)).run();
    let seen = statements(&lab, "loadline");
    let mut processes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for statement in &seen {
        assert_guarded(&statement.text);
        processes.entry(&statement.who).or_default().insert(&statement.process);
    }
    assert_eq!(processes.keys().copied().collect::<Vec<_>>(), ["loadline@billing", "loadline@shop"]);
    assert!(processes.values().all(|processes| processes.len() == 1), "{processes:?}");
    for (text, times) in counted(&seen) {
        // Counters twice, what is asked in each of the two databases twice, counters of each of them four times.
        let due = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
        let (once, twice, four) =
            (["pg_blocking_pids", "pg_extension"], ["from pg_stat_database s ", "n_live_tup desc"], ["seq_tup_read"]);
        let fits = match times {
            1 => !due(&twice) && !due(&four),
            2 => !due(&once) && !due(&four),
            4 => due(&four),
            _ => false,
        };
        assert!(fits, "{times} times: {text}");
    }
}

fn counted(seen: &[Logged]) -> BTreeMap<&str, usize> {
    let mut times = BTreeMap::new();
    for statement in seen {
        *times.entry(statement.text.as_str()).or_default() += 1;
    }
    times
}

/// Everything that we say to a server is one read-only transaction, with limits that end with it.
fn assert_guarded(text: &str) {
    let text = text.trim();
    assert!(text.starts_with("begin transaction read only; set local statement_timeout = "), "{text}");
    assert!(text.ends_with("; rollback"), "{text}");
    for guard in
        ["set local lock_timeout = ", "set local jit = off;", "set local idle_in_transaction_session_timeout = "]
    {
        assert!(text.contains(guard), "{guard} is missing: {text}");
    }
    assert!(!text.replace("set local", "").contains("; set "), "it sets something for the session: {text}");
}

/// Every setting that our guards touch, as a session sees it.
const SETTINGS: &str = "select string_agg(name || '=' || setting, ' ' order by name) from pg_settings where name in \
    ('statement_timeout', 'lock_timeout', 'jit', 'TimeZone', 'DateStyle', 'search_path', \
     'idle_in_transaction_session_timeout', 'transaction_read_only', 'default_transaction_read_only')";

#[test]
fn through_a_pooler_nothing_stays_behind() {
    let lab = Lab::start(Options::of(&[Part::PgBouncer]));
    lab.sql(Server::Primary, "alter role shop_app set log_statement = 'all'");
    // The pool hands a server connection on to the next client: a new one logs from now on.
    for server in lab.table(Server::Console, "show servers") {
        lab.sql(Server::Primary, &format!("select pg_terminate_backend({})", server["remote_pid"]));
    }
    let own = lab.try_sql(Server::Primary, Role::App, "shop", SETTINGS).expect("the app may ask");
    // As the application's own role, so that audit and application share a pool.
    let run = loadline("audit --window 500ms --format json").env("DATABASE_URL", lab.pgbouncer_url(Role::App)).run();
    assert!(run.report().source("postgres")["fault"].is_null(), "{run}");
    let ours: BTreeSet<_> = statements(&lab, "shop_app")
        .into_iter()
        .filter(|statement| statement.text.starts_with("begin transaction read only; set local"))
        .map(|statement| statement.process)
        .collect();
    assert!(!ours.is_empty(), "the audit went through the pooler\n{run}");
    // All at once, so that each has a server connection of its own and all of the pool are seen.
    let script = format!("begin; select pg_backend_pid(); {SETTINGS}; select pg_sleep(0.5); commit");
    let answers: Vec<String> = std::thread::scope(|scope| {
        let ask = || lab.try_sql(Server::PgBouncer, Role::App, "shop", &script).expect("the pooler answers");
        let clients: Vec<_> = (0..5).map(|_| scope.spawn(ask)).collect();
        clients.into_iter().map(|client| client.join().expect("a client ends")).collect()
    });
    let mut met = BTreeSet::new();
    for answer in &answers {
        let mut lines = answer.lines();
        met.insert(lines.next().expect("a process id").to_owned());
        assert_eq!(lines.next().expect("the settings"), own);
    }
    assert!(ours.is_subset(&met), "connections {ours:?} of the audit were looked at: {met:?}");
}

#[test]
fn redis_sees_only_cheap_reads() {
    let lab = Lab::start(Options::redis());
    let calls = || {
        let stats = lab.redis(&["INFO", "commandstats"]);
        let read = |line: &str| {
            let (name, rest) = line.strip_prefix("cmdstat_")?.split_once(":calls=")?;
            Some((name.to_owned(), rest.split(',').next()?.parse::<u32>().ok()?))
        };
        stats.lines().filter_map(read).collect::<BTreeMap<String, u32>>()
    };
    lab.redis(&["CONFIG", "RESETSTAT"]);
    loadline("audit --window 500ms --only redis.* --redis").arg(lab.redis_url()).run();
    let called = calls();
    let known =
        ["info", "hello", "auth", "select", "client|setinfo", "client|setname", "config|resetstat", "config|get"];
    let known =
        known.into_iter().chain(["slowlog|len", "slowlog|get", "latency|latest", "memory|stats", "role", "dbsize"]);
    let known: BTreeSet<&str> = known.collect();
    assert!(called.keys().all(|name| known.contains(name.as_str())), "{called:?}");
    assert!(called["info"] >= 4, "{called:?}");
    for reads in ["keyspace_hits", "keyspace_misses"] {
        assert_eq!(lab.redis_info(reads), "0", "no key is read: that would falsify the hit rate");
    }

    lab.redis(&["CONFIG", "RESETSTAT"]);
    let two = "audit --window 0 --only redis.clients-near-limit,redis.maxmemory-unset --redis";
    loadline(two).arg(lab.redis_url()).run().expect(0);
    assert_eq!(calls()["info"], 3, "two to say hello, and one for both checks");
}
