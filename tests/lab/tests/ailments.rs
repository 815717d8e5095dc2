//! Every ailment shows when it is on, hurts as it does in life, and is gone when healed.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::super::ailment::{ALL, Ailment};
use super::super::clients::{Role, Server};
use super::super::options::{Options, Part};
use super::super::servers::Lab;

#[test]
fn every_file_is_an_ailment_of_the_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab/ailment");
    let files = fs::read_dir(folder).expect("the folder is there").map(|entry| entry.unwrap().path());
    let texts = files.map(|path| (path.clone(), fs::read_to_string(path).expect("a source is text")));
    for (path, _) in texts.filter(|(_, text)| text.contains("const AILMENT")) {
        let name = path.file_stem().unwrap().to_str().unwrap().replace('_', "-");
        assert!(Ailment::named(&name).is_some(), "{} is not in the list under its name", path.display());
    }
    let names: Vec<&str> = ALL.iter().map(|ailment| ailment.name).collect();
    assert!(names.is_sorted(), "{names:?}");
}

#[test]
fn each_ailment_of_postgres_shows_and_heals() {
    let lab = Lab::start(Options::of(&[Part::Replica, Part::PgBouncer]));
    go_through(&lab, |ailment| ailment.needs.iter().all(|part| lab.has(*part)));
}

#[test]
fn each_ailment_of_redis_shows_and_heals() {
    let lab = Lab::start(Options::of(&[Part::RedisReplica]));
    go_through(&lab, |ailment| ailment.needs.iter().all(|part| lab.has(*part)));
}

fn go_through(lab: &Lab, concerns: impl Fn(&Ailment) -> bool) {
    for ailment in ALL.iter().filter(|ailment| concerns(ailment)) {
        lab.ail(ailment.name);
        assert_hurts(lab, ailment.name);
        for other in ALL.iter().filter(|other| concerns(other) && other.name != ailment.name) {
            let sight = lab.sight(other.name);
            assert!(!sight.visible, "{} brings {}: {}", ailment.name, other.name, sight.figures);
        }
        lab.heal(ailment.name);
        assert_eq!(lab.crew().names("ail."), Vec::<String>::new(), "{} leaves processes behind", ailment.name);
    }
}

/// What a user of the ill server would notice.
fn assert_hurts(lab: &Lab, ailment: &str) {
    let write = || lab.redis(&["SET", "written", "now", "EX", "60"]);
    match ailment {
        "redis-memory" | "redis-policy" => {
            // A buffer that was freed meanwhile lets a few writes through; they fill it again.
            let filling = "x".repeat(100_000);
            let mut writes = 0;
            lab.wait_until("a write is refused", Duration::from_secs(10), || {
                writes += 1;
                lab.redis(&["SET", &format!("filling-{writes}"), &filling]).contains("OOM")
            });
        }
        "redis-persistence" => assert!(write().contains("MISCONF")),
        "redis-replica-down" => {
            write();
            assert_eq!(lab.redis_replica(&["GET", "written"]), "");
        }
        "replica-lag" => {
            lab.sql(Server::Primary, "update customers set city = 'Basel' where id = 7");
            assert_ne!(lab.sql(Server::Replica, "select city from customers where id = 7"), "Basel");
        }
        "lock-chain" | "idle-in-transaction" => {
            let sql = "set lock_timeout = '200ms'; update products set stock = 9 where id = 1; \
                       update customers set city = 'Bern' where id = 42";
            let refused = lab.try_sql(Server::Primary, Role::App, "shop", sql).expect_err("a row is locked");
            assert!(refused.contains("lock timeout"), "{refused}");
        }
        "pool-saturated" => {
            let start = Instant::now();
            lab.sql(Server::PgBouncer, "select 1");
            assert!(start.elapsed() > Duration::from_millis(500), "came through in {:?}", start.elapsed());
        }
        "slot-retaining" => {
            lab.sql(Server::Primary, "checkpoint");
            let kept = lab.number(Server::Primary, "select sum(size) from pg_ls_waldir()");
            assert!(kept > 100e6, "only {kept} bytes of WAL are kept");
        }
        _ => {}
    }
}
