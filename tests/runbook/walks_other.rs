//! Whole walks, from a finding to its cure: the real program, an operator whose answers are written beforehand, real
//! servers where there are any. The cluster is the stand-in, which says so; kubectl is the real one.

use std::io::Write as _;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use super::kubectl::scaled;
use crate::lab::{Lab, Options, Part, Role};
use crate::standin::living::{Living, living};
use crate::support::{Folder, Report, loadline};

/// What a walk left.
struct Walked {
    code: i32,
    said: String,
    runs: String,
}

/// An operator's target and files: what every command of a walk is given.
struct Desk {
    home: Folder,
    sources: Vec<(String, String)>,
}

impl Desk {
    fn new(sources: Vec<(String, String)>) -> Self {
        Self { home: Folder::new(), sources }
    }

    fn with_cluster(cluster: &Living, database: Option<&Lab>) -> Self {
        let mut sources = vec![("--kubernetes".to_owned(), "cluster=lab-context".to_owned())];
        if let Some(lab) = database {
            sources.push(("--postgres".to_owned(), format!("primary={}", lab.primary_url(Role::Monitor))));
        }
        let desk = Self::new(sources);
        desk.home.write("kubeconfig", &cluster.kubeconfig());
        desk
    }

    fn command(&self, words: &str) -> crate::support::Loadline {
        let start = loadline(words).env("KUBECONFIG", self.home.path().join("kubeconfig"));
        start.env("XDG_STATE_HOME", self.home.path().join("state"))
    }

    /// Walks a runbook for a finding with these answers, a line each.
    fn walk(&self, book: &str, finding: &str, answers: &[&str]) -> Walked {
        let mut command = self.command(&format!("runbook run {book} --operator Robin --for")).arg(finding);
        for (flag, source) in &self.sources {
            command = command.with(flag, source);
        }
        let (mut command, _home) = command.into_command();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe was asked for");
        stdin.write_all((answers.join("\n") + "\n").as_bytes()).expect("the program listens");
        drop(stdin);
        let output = child.wait_with_output().expect("the program ends");
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        Walked { code: output.status.code().unwrap_or(-1), said, runs: self.record() }
    }

    /// The record of the latest run.
    fn record(&self) -> String {
        self.command("runbook log last --markdown").run().stdout
    }

    /// What an audit finds now.
    fn audit(&self, only: &str) -> Report {
        let mut command = self.command(&format!("audit --all --format json --window 1s --only {only}"));
        for (flag, source) in &self.sources {
            command = command.with(flag, source);
        }
        command.run().report()
    }
}

/// A store that is full and must not evict, and somebody who may change its settings.
fn full() -> (Lab, Desk) {
    let lab = Lab::start(Options::redis());
    lab.ail("redis-memory");
    let url = format!("cache=redis://127.0.0.1:{}", lab.state().port(Part::Redis));
    (lab, Desk::new(vec![("--redis".to_owned(), url)]))
}

const MEMORY: &str = "redis.memory-near-limit: cache";

/// As far as the question how much memory it should have.
const LOOKED: [&str; 9] = ["", "t", "h the shop team: sessions and carts", "", "", "t", "h cart:* has no end", "", ""];

#[test]
fn a_full_redis_takes_writes_again() {
    let (lab, desk) = full();
    let before = desk.audit("redis.*");
    assert_eq!(before.one("redis.memory-near-limit")["status"], "fail", "{}", before.lines());
    let rest = ["128MiB", "y", "s the limit was enough", "", "t", "t", "h workers take jobs again"];
    let after = ["t", "t", "h it is in the values of the chart", "t", "t", "h carts end after a day", "y"];
    let walked = desk.walk("redis-memory-full", MEMORY, &[&LOOKED[..], &rest, &after].concat());
    // The limit is set in the running server alone, and that stands in the ledger.
    assert_eq!(walked.code, 10, "{}", walked.said);
    assert_eq!(lab.redis(&["CONFIG", "GET", "maxmemory"]).lines().nth(1), Some("134217728"), "{}", walked.said);
    assert_eq!(lab.redis(&["SET", "cart:new", "1"]).trim(), "OK");
    let now = desk.audit("redis.*");
    assert_ne!(now.one("redis.memory-near-limit")["status"], "fail", "{}", now.lines());
    for said in [MEMORY, "Raise the limit", "Robin", "CONFIG SET maxmemory 67108864"] {
        assert!(walked.runs.contains(said), "the record does not say `{said}`:\n{}", walked.runs);
    }
}

#[test]
fn a_limit_that_the_host_does_not_carry_is_refused_before_it_is_set() {
    let (lab, desk) = full();
    let walked =
        desk.walk("redis-memory-full", MEMORY, &[&LOOKED[..], &["900TiB", "a the host is too small"]].concat());
    assert_eq!(walked.code, 30, "{}", walked.said);
    assert!(walked.said.contains("out-of-memory killer"), "{}", walked.said);
    assert_eq!(lab.redis(&["CONFIG", "GET", "maxmemory"]).lines().nth(1), Some("67108864"));
}

const METRIC: &str = "kubernetes.autoscaler-without-metric: shop/web";

/// As far as the range is raised: to so many replicas, with twelve as the ceiling.
fn scaled_to<'a>(replicas: &'a str, ceiling: &'a str) -> Vec<&'a str> {
    vec!["", "", "", "t", "t", "h nobody else writes it", "", "", "", replicas, ceiling]
}

/// Gives the autoscaler its metric back once its range was raised.
fn repaired_when_patched(cluster: Living) -> thread::JoinHandle<Living> {
    thread::spawn(move || {
        let end = Instant::now() + Duration::from_secs(60);
        while cluster.patches().is_empty() && Instant::now() < end {
            thread::sleep(Duration::from_millis(20));
        }
        thread::sleep(Duration::from_secs(1));
        cluster.wishes("web", Some(5));
        cluster
    })
}

#[test]
fn an_autoscaler_without_a_metric_is_scaled_out_by_hand_and_the_range_taken_back() {
    let lab = Lab::start(Options::postgres());
    let cluster = living(scaled("web", 3, 12, 3));
    let desk = Desk::with_cluster(&cluster, Some(&lab));
    let before = desk.audit("kubernetes.*");
    assert_eq!(before.one("kubernetes.autoscaler-without-metric")["status"], "fail", "{}", before.lines());
    let team = repaired_when_patched(cluster);
    let rest = ["y", "", "t", "t", "t", "h the graphs", "", "t", "t", "t", "h told the shop team"];
    let back = ["b raise-the-range", "the peak is over", "y", "y"];
    let walked = desk.walk("scale-out-by-hand", METRIC, &[&scaled_to("6", "12")[..], &rest, &back].concat());
    let cluster = team.join().expect("the metric comes back");
    assert_eq!(walked.code, 0, "{}", walked.said);
    let patches = cluster.patches();
    assert_eq!(patches.len(), 2, "{patches:?}");
    assert_eq!(patches[0]["spec"], serde_json::json!({ "minReplicas": 6, "maxReplicas": 12 }));
    assert_eq!(patches[1]["spec"], serde_json::json!({ "minReplicas": 3, "maxReplicas": 12 }));
    let now = desk.audit("kubernetes.*");
    assert_eq!(now.statuses("kubernetes.autoscaler-without-metric"), ["pass"], "{}", now.lines());
    for said in [METRIC, "stand-in", "Robin"] {
        assert!(walked.runs.contains(said), "the record does not say `{said}`:\n{}", walked.runs);
    }
}

#[test]
fn what_stays_raised_stands_in_the_ledger() {
    let lab = Lab::start(Options::postgres());
    let cluster = living(scaled("web", 3, 12, 3));
    let desk = Desk::with_cluster(&cluster, Some(&lab));
    let rest =
        ["y", "", "t", "t", "t", "h the graphs", "d the platform team repairs it", "t", "t", "t", "h told them", "y"];
    let walked = desk.walk("scale-out-by-hand", METRIC, &[&scaled_to("6", "12")[..], &rest].concat());
    assert_eq!(walked.code, 10, "{}", walked.said);
    assert_eq!(cluster.object("HorizontalPodAutoscaler", "web")["spec"]["minReplicas"], 6);
    assert_eq!(cluster.object("Deployment", "web")["status"]["readyReplicas"], 6);
    assert!(walked.runs.contains("Raise the range") && walked.runs.contains("\"minReplicas\":3"), "{}", walked.runs);
    let ledger = desk.command("runbook log last").run().stdout;
    assert!(ledger.contains("Raise the range") && ledger.contains("\"minReplicas\":3"), "{ledger}");
    // The next audit tells whoever looks that something stands which is in no repository.
    let now = desk.audit("runbook.*");
    assert_eq!(now.statuses("runbook.temporary-changes"), ["warn"], "{}", now.lines());
    assert!(now.one("runbook.temporary-changes")["message"].as_str().is_some_and(|m| m.contains("Raise the range")));
    assert_eq!(now.statuses("runbook.unfinished-runs"), ["pass"], "{}", now.lines());
}

#[test]
fn more_pods_than_there_are_connections_for_are_not_asked_for() {
    let lab = Lab::start(Options::postgres());
    let cluster = living(scaled("web", 3, 12, 3));
    let desk = Desk::with_cluster(&cluster, Some(&lab));
    let answers = [&scaled_to("30", "30")[..], &["a there are not enough connections"]].concat();
    let walked = desk.walk("scale-out-by-hand", METRIC, &answers);
    assert_eq!(walked.code, 30, "{}", walked.said);
    // Lines are wrapped for a terminal.
    let said = walked.said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("30 replicas, 10 connections each, need more than the"), "{said}");
    assert!(cluster.patches().is_empty(), "{:?}", cluster.patches());
    assert_eq!(cluster.object("HorizontalPodAutoscaler", "web")["spec"]["minReplicas"], 3);
}
