//! From a finding to its cure: the program walks a runbook against real servers with a real ailment, led by a scripted
//! operator. Afterwards the finding is gone, the record says so, and nothing else is broken.

use std::process::Command;

use serde_json::Value;

use super::operator::{Line, Walked, walk};
use crate::lab::{Lab, Options, Part, Role, Server};

/// A place to work from: a configuration, the runs, and the program in the name of the lab's account.
struct Desk<'a> {
    lab: &'a Lab,
    home: std::path::PathBuf,
}

impl<'a> Desk<'a> {
    /// With the servers of the lab as sources, and thresholds that a test can wait for.
    fn new(lab: &'a Lab, more: &str) -> Self {
        let home = lab.crew().make_folder("desk");
        let desk = Self { lab, home };
        let mut sources = Self::source("primary", "postgres", &lab.primary_url(Role::Superuser));
        if lab.has(Part::Replica) {
            sources += &Self::source("replica", "postgres", &lab.replica_url(Role::Superuser));
        }
        if lab.has(Part::PgBouncer) {
            sources += &Self::source("pooler", "pgbouncer", &lab.console_url(Role::BouncerAdmin));
        }
        lab.crew().write("desk/loadline.toml", &format!("runs = \"runs\"\n[targets.shop]\n{sources}{more}"));
        desk
    }

    /// Adds to the configuration.
    fn add(&self, more: &str) {
        let file = self.home.join("loadline.toml");
        let text = std::fs::read_to_string(&file).expect("our own file can be read");
        self.lab.crew().write("desk/loadline.toml", &(text + more));
    }

    fn source(name: &str, kind: &str, url: &str) -> String {
        format!("[targets.shop.sources.{name}]\nkind = \"{kind}\"\nurl = \"{url}\"\n")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = self.lab.command(env!("CARGO_BIN_EXE_loadline"));
        command.current_dir(&self.home).env("HOME", &self.home).args(words);
        command
    }

    fn json(&self, words: &[&str]) -> Value {
        let output = self.command(words).output().expect("the program starts");
        let complaints = String::from_utf8_lossy(&output.stderr);
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{words:?}: no JSON: {error}\n{complaints}"))
    }

    fn audit(&self, check: &str) -> Vec<(String, String)> {
        let report = self.json(&["audit", "--all", "--window", "2s", "--only", check, "--format", "json"]);
        let findings = report["findings"].as_array().cloned().unwrap_or_default();
        let word = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
        findings.iter().map(|finding| (word(finding, "status"), word(finding, "subject"))).collect()
    }

    /// Walks the runbook for the finding of a check, and proves that it is cured.
    fn cures(&self, check: &str, runbook: &str, more: &[&str], code: i32, script: &[Line]) -> Walked {
        let objects =
            |findings: &[(String, String)]| findings.iter().any(|(status, _)| status == "fail" || status == "warn");
        let before = self.audit(check);
        assert!(objects(&before), "{check} does not object to begin with: {before:?}");
        let words = ["runbook", "run", runbook, "--for", check, "--operator", "ada"];
        let walked = walk(self.command(&[&words, more].concat()), script);
        assert_eq!(walked.code, code, "{walked}");
        self.is_recorded(check, &walked);
        let after = self.audit(check);
        assert!(!after.is_empty() && !objects(&after), "{check} still objects: {after:?}\n{walked}");
        walked
    }

    /// The record says that it was fixed and that nothing else was broken, and holds no password.
    fn is_recorded(&self, check: &str, walked: &Walked) {
        assert_eq!(walked.unused, [], "never called for\n{walked}");
        let record = self.json(&["runbook", "log", "last", "--format", "json"]);
        let listed = |name: &str| record["change"][name].as_array().cloned().unwrap_or_default();
        assert!(listed("fixed").iter().any(|fixed| fixed.to_string().contains(check)), "{record:#}\n{walked}");
        // What the ailment itself piles up while it lasts is no harm that the runbook did.
        let harm = |broken: &&Value| !broken.to_string().contains("postgres.slow-statements-lifetime");
        assert_eq!(listed("broken").iter().find(harm), None, "{walked}");
        let secret = &self.lab.state().passwords.superuser;
        assert!(
            !walked.shown.contains(secret.as_str()) && !record.to_string().contains(secret.as_str()),
            "a password is shown"
        );
    }
}

/// Thresholds of a check.
fn params(check: &str, values: &str) -> String {
    format!("[targets.shop.params.\"{check}\"]\n{values}\n")
}

/// The program's way to say that all is done, and that all is done but what is to be taken back later.
const COMPLETED: i32 = 0;
const EXCEPT_DEFERRED: i32 = 10;

#[test]
fn a_session_idle_in_a_transaction_is_ended() {
    let lab = Lab::start(Options::postgres());
    lab.ail("idle-in-transaction");
    let check = "postgres.idle-in-transaction";
    let desk = Desk::new(&lab, &params(check, "warn = \"1s\"\nfail = \"2s\""));
    desk.cures(check, "idle-in-transaction", &[], COMPLETED, &[]);
}

#[test]
fn a_long_query_is_cancelled_and_its_session_lives() {
    let lab = Lab::start(Options::postgres());
    lab.ail("long-transaction");
    let check = "postgres.long-transactions";
    let desk = Desk::new(&lab, &params(check, "warn = \"2s\"\nfail = \"2s\""));
    let session = "select pid from pg_stat_activity where application_name = 'long-transaction'";
    let before = lab.sql(Server::Primary, session);
    desk.cures(
        check,
        "kill-long-queries",
        &[],
        COMPLETED,
        &[("Only where the cancel did not help", "s the cancel has helped")],
    );
    let after = lab.sql(Server::Primary, session);
    assert!(after.is_empty() || after == before, "another session than {before}: {after}");
}

#[test]
fn a_queue_for_a_lock_is_freed_at_its_root() {
    let lab = Lab::start(Options::postgres());
    lab.ail("lock-chain");
    let check = "postgres.lock-chains";
    let desk = Desk::new(&lab, &params(check, "warn_wait = \"100ms\"\nfail_wait = \"1s\""));
    let script = [
        ("It cancels only what waits", "s no schema change waits"),
        ("Only where the cancel did not help", "s it is gone"),
    ];
    let walked = desk.cures(check, "lock-storm", &[], COMPLETED, &script);
    assert!(walked.shown.contains("idle in transaction"), "{walked}");
}

#[test]
fn idle_sessions_that_hold_all_slots_are_ended() {
    let lab = Lab::start(Options::postgres());
    lab.ail("connections-exhausted");
    let desk = Desk::new(&lab, "");
    let no_bound = ("the value of role", ":s it needs no bound");
    let nor_its_undo = ("the value of limit_before", ":s it needs no bound");
    let script = [("the value of application", "connections-exhausted"), no_bound, no_bound, nor_its_undo];
    desk.cures("postgres.connection-saturation", "connections-exhausted", &["--set", "idle=1"], COMPLETED, &script);
}

#[test]
fn a_pool_that_is_too_small_is_made_larger_for_the_time_being() {
    let lab = Lab::start(Options::of(&[Part::PgBouncer]));
    lab.ail("pool-saturated");
    let desk = Desk::new(&lab, "");
    let script = [("the value of size", "40")];
    desk.cures("pgbouncer.waiting-clients", "pgbouncer-pool-exhausted", &[], EXCEPT_DEFERRED, &script);
    let record = desk.json(&["runbook", "log", "last", "--format", "json"]);
    assert!(record["standing"].to_string().contains("SET default_pool_size"), "{record:#}");
}

#[test]
fn a_pool_that_the_server_has_no_room_for_is_not_made_larger() {
    let lab = Lab::start(Options::of(&[Part::PgBouncer]));
    lab.ail("pool-saturated");
    let desk = Desk::new(&lab, "");
    let words = ["runbook", "run", "pgbouncer-pool-exhausted", "--for", "pgbouncer.waiting-clients", "--no-survey"];
    let script = [("the value of size", "500"), ("do not fit", "a there is no room")];
    let walked = walk(desk.command(&words), &script);
    assert_eq!(walked.code, 30, "{walked}");
    assert_eq!(walked.unused, [], "{walked}");
    let sizes = lab.table(Server::Console, "show databases");
    assert!(sizes.iter().filter(|row| row["name"] == "shop").all(|row| row["pool_size"] == "5"), "{sizes:?}");
}

#[test]
fn a_replica_whose_replay_was_paused_catches_up() {
    let lab = Lab::start(Options::of(&[Part::Replica]));
    lab.ail("replica-lag");
    let lag = params("postgres.replication-lag", "warn = \"2s\"\nfail = \"3s\"");
    let bytes = params("postgres.replication-lag-bytes", "warn = \"1MiB\"\nfail = \"2MiB\"");
    let desk = Desk::new(&lab, &(lag + &bytes));
    desk.cures(
        "postgres.replication-lag",
        "replica-lag",
        &[],
        COMPLETED,
        &[("Skip it where no query is old", "s none is old")],
    );
    assert_eq!(lab.sql(Server::Replica, "select pg_is_wal_replay_paused()"), "f");
}

#[test]
fn an_index_that_nothing_reads_is_dropped_and_can_be_had_back() {
    let lab = Lab::start(Options::postgres());
    lab.ail("unused-index");
    let check = "postgres.unused-indexes";
    let desk = Desk::new(&lab, &params(check, "min_stats_age = \"0s\""));
    let index = "select pg_get_indexdef(to_regclass('order_items_fingerprint_idx'))";
    let before = lab.sql(Server::Primary, index);
    desk.cures(check, "drop-unused-index", &[], COMPLETED, &[]);
    assert_eq!(lab.sql(Server::Primary, index), "");
    let record = desk.json(&["runbook", "log", "last", "--format", "json"]);
    assert!(record.to_string().contains(before.split(" USING ").next().expect("a definition")), "{record:#}");
}

#[test]
fn a_replica_is_added() {
    let lab = Lab::start(Options::postgres());
    let newcomer = lab.room_for("replica2");
    let desk = Desk::new(&lab, "");
    let more = Desk::source("replica2", "postgres", &newcomer.url(Role::Superuser));
    desk.add(&more);
    let before = desk.audit("postgres.replica-not-streaming");
    assert!(before.iter().all(|(status, _)| status != "pass"), "{before:?}");
    let (data, port) = (format!("data={}", newcomer.data().display()), format!("port={}", newcomer.port));
    let sets = ["primary=primary", "replica=replica2", "slot=replica2", &data, &port];
    let mut words =
        vec!["runbook", "run", "add-read-replica", "--set", "replication_password=env:REPLICATION_PASSWORD"];
    for set in &sets {
        words.extend(["--set", set]);
    }
    let mut command = desk.command(&words);
    command.env("REPLICATION_PASSWORD", lab.replication_password());
    let walked = walk(command, &[]);
    assert!(newcomer.put_on_record(), "it does not run\n{walked}");
    assert_eq!(walked.code, COMPLETED, "{walked}");
    assert!(!walked.shown.contains(lab.replication_password()), "a password is shown");
    let after = desk.audit("postgres.replica-not-streaming");
    assert!(
        after.iter().any(|(status, subject)| status == "pass" && subject.contains("replica2")),
        "{after:?}\n{walked}"
    );
    let streams = "select r.application_name, r.state, s.active from pg_stat_replication r \
                   join pg_replication_slots s on s.active_pid = r.pid";
    assert_eq!(lab.sql(Server::Primary, streams), "replica2|streaming|t");
}
