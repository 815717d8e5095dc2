//! Every ailment of the lab, as the program sees it: its checks fire, about the right subject and with the
//! right figure, and no check fires that the ailment does not explain.

use std::fmt::Write as _;

use crate::lab::{Lab, Options, Role};
use crate::support::{Report, loadline};

/// What an audit of an ailing lab must say.
struct Case {
    ailment: &'static str,
    /// Thresholds lowered, because nobody waits an hour in a test.
    set: &'static [&'static str],
    /// Check, status, a part of the subject, a part of the message.
    must: &'static [(&'static str, &'static str, &'static str, &'static str)],
    /// Other checks that the ailment explains.
    may: &'static [&'static str],
}

/// The audit of a whole lab: primary, replica, pooler, cache and its replica.
fn audit(lab: &Lab, set: &[&str]) -> Report {
    let mut run = loadline("audit --window 3s --format json")
        .with("--postgres", format!("primary={}", lab.primary_url(Role::Monitor)))
        .with("--postgres", format!("replica={}", lab.replica_url(Role::Monitor)))
        .with("--pgbouncer", format!("pooler={}", lab.console_url(Role::Monitor)))
        .with("--redis", format!("cache={}", lab.redis_url()))
        .with("--redis", format!("cache-replica={}", lab.redis_replica_url()));
    for threshold in set {
        run = run.with("--set", *threshold);
    }
    run.run().report()
}

/// Everything but passes and what does not apply.
fn objections(report: &Report) -> Vec<(&str, &str, &str, &str)> {
    let word = |f: &'_ serde_json::Value, name: &str| f[name].as_str().map(str::to_owned).unwrap_or_default();
    report
        .findings()
        .iter()
        .filter(|f| !matches!(word(f, "status").as_str(), "pass" | "not-applicable"))
        .map(|f| {
            let text = |name: &str| f[name].as_str().unwrap_or_default();
            (text("check"), text("status"), text("subject"), text("message"))
        })
        .collect()
}

fn proves(case: &Case) {
    let lab = Lab::start(Options::full());
    let figures = lab.ail(case.ailment);
    let report = audit(&lab, case.set);
    let found = objections(&report);
    let mut wrong = String::new();
    for (check, status, subject, says) in case.must {
        let fits = |f: &&(&str, &str, &str, &str)| {
            f.0 == *check && f.1 == *status && f.2.contains(subject) && f.3.contains(says)
        };
        if !found.iter().any(|f| fits(&f)) {
            let _ = writeln!(wrong, "missing: {status} {check} about `{subject}` saying `{says}`");
        }
    }
    for (check, status, subject, message) in &found {
        if !case.must.iter().any(|m| m.0 == *check) && !case.may.contains(check) {
            let _ = writeln!(wrong, "not explained: {status} {check} about {subject}: {message}");
        }
    }
    assert!(wrong.is_empty(), "{} ({figures})\n{wrong}found: {found:#?}", case.ailment);
    // A finding without its ground proves nothing.
    let objects = |f: &&serde_json::Value| f["status"] == "fail" || f["status"] == "warn";
    for finding in case.must.iter().flat_map(|m| report.of(m.0)).filter(objects) {
        assert!(finding["evidence"].as_array().is_some_and(|e| !e.is_empty()), "{finding}");
        assert!(finding["ground"]["source"].is_string() && finding["ground"]["observed_at"].is_string(), "{finding}");
    }
}

#[test]
fn a_healthy_lab_under_load_has_nothing_to_object_to() {
    let lab = Lab::start(Options::full());
    lab.traffic(60);
    let report = audit(&lab, &[]);
    assert_eq!(objections(&report), [], "{}", report.lines());
    // Silent, and not for want of looking: these had something to judge.
    for check in [
        "postgres.connection-saturation",
        "postgres.cache-hit-rate",
        "postgres.replication-lag",
        "postgres.replication-lag-bytes",
        "postgres.slow-statements",
        "postgres.slots-retaining-wal",
        "postgres.duplicate-indexes",
        "postgres.unused-indexes",
        "postgres.idle-in-transaction",
        "postgres.long-transactions",
        "postgres.lock-chains",
        "postgres.wraparound",
        "pgbouncer.pool-saturation",
        "pgbouncer.waiting-clients",
        "pgbouncer.client-slots",
        "redis.oom-errors",
        "redis.evictions",
        "redis.clients-near-limit",
        "redis.replica-link-down",
    ] {
        assert!(report.statuses(check).contains(&"pass"), "{check}: {}", report.lines());
    }
}

macro_rules! ailments {
    ($($test:ident: $case:expr;)*) => { $(#[test] fn $test() { proves(&$case); })* };
}

ailments! {
    cache_misses: Case {
        ailment: "cache-misses",
        set: &[],
        must: &[("postgres.cache-hit-rate", "fail", "primary/shop", "were found in shared buffers")],
        may: &["postgres.slow-statements", "postgres.temp-files"],
    };
    connections_exhausted: Case {
        ailment: "connections-exhausted",
        set: &[],
        must: &[("postgres.connection-saturation", "fail", "primary", "of 97 usable connections are taken")],
        may: &[],
    };
    duplicate_index: Case {
        ailment: "duplicate-index",
        set: &[],
        must: &[("postgres.duplicate-indexes", "warn", "orders_customer_created_copy_idx", "equals orders_customer_created_idx")],
        may: &[],
    };
    idle_in_transaction: Case {
        ailment: "idle-in-transaction",
        set: &["postgres.idle-in-transaction.warn=1s"],
        must: &[("postgres.idle-in-transaction", "warn", "primary: shop_app", "")],
        may: &[],
    };
    lock_chain: Case {
        ailment: "lock-chain",
        set: &["postgres.lock-chains.warn_wait=100ms"],
        must: &[("postgres.lock-chains", "warn", "primary", "holds up 3 sessions, 1 directly")],
        may: &[],
    };
    long_transaction: Case {
        ailment: "long-transaction",
        set: &["postgres.long-transactions.warn=1s"],
        must: &[("postgres.long-transactions", "warn", "primary: shop_app", "has been running for")],
        may: &[],
    };
    pool_saturated: Case {
        ailment: "pool-saturated",
        set: &[],
        must: &[
            ("pgbouncer.pool-saturation", "fail", "shop as shop_app", "all 5 server connections are in use"),
            ("pgbouncer.waiting-clients", "fail", "shop as shop_app", "clients wait"),
        ],
        // The statement in the pool is slow, and the wait for a connection shows in the statistics, too.
        may: &["pgbouncer.query-wait", "postgres.slow-statements"],
    };
    redis_evictions: Case {
        ailment: "redis-evictions",
        set: &[],
        must: &[("redis.evictions", "fail", "cache", "keys were evicted in")],
        // So many writes outrun the replica's backlog.
        may: &["redis.replica-lag"],
    };
    redis_memory: Case {
        ailment: "redis-memory",
        set: &[],
        must: &[
            ("redis.memory-near-limit", "fail", "cache", "nothing may be evicted"),
            ("redis.oom-errors", "warn", "cache", "were refused with OOM"),
        ],
        may: &["redis.replica-lag"],
    };
    redis_misses: Case {
        ailment: "redis-misses",
        set: &[],
        must: &[("redis.hit-rate", "fail", "cache", "lookups in")],
        may: &[],
    };
    redis_persistence: Case {
        ailment: "redis-persistence",
        set: &[],
        must: &[("redis.persistence-failing", "fail", "cache", "the last save failed")],
        may: &[],
    };
    redis_policy: Case {
        ailment: "redis-policy",
        set: &[],
        must: &[
            ("redis.eviction-policy", "fail", "cache", "volatile-lru may evict 0 of"),
            ("redis.memory-near-limit", "fail", "cache", "volatile-lru finds no key with a time to live"),
        ],
        may: &["redis.oom-errors", "redis.replica-lag"],
    };
    redis_replica_down: Case {
        ailment: "redis-replica-down",
        set: &[],
        must: &[("redis.replica-link-down", "fail", "cache-replica", "is down")],
        may: &[],
    };
    replica_lag: Case {
        ailment: "replica-lag",
        set: &["postgres.replication-lag.warn=2s", "postgres.replication-lag-bytes.warn=1MiB"],
        must: &[
            ("postgres.replication-lag", "warn", "replica", "its replay is paused"),
            ("postgres.replication-lag-bytes", "warn", "replica", "MiB"),
        ],
        // What it writes so that the replica has something to miss is close to that threshold.
        may: &["postgres.wal-volume"],
    };
    slot_retaining: Case {
        ailment: "slot-retaining",
        set: &[],
        must: &[("postgres.slots-retaining-wal", "warn", "primary/billing_feed", "it keeps 1")],
        may: &[],
    };
    slow_statements: Case {
        ailment: "slow-statements",
        set: &[],
        must: &[("postgres.slow-statements", "warn", "primary/shop", "ms a call over")],
        may: &["postgres.slow-statements-lifetime"],
    };
    unused_index: Case {
        ailment: "unused-index",
        set: &["postgres.unused-indexes.min_stats_age=0s"],
        must: &[("postgres.unused-indexes", "warn", "order_items_fingerprint_idx", "on the primary and 1 replica")],
        may: &[],
    };
    wraparound: Case {
        ailment: "wraparound",
        set: &[],
        must: &[("postgres.wraparound", "fail", "primary/shop", "the oldest transaction id is 1,500,")],
        may: &[],
    };
}
