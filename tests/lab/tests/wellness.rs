//! A lab that nobody made ill is well.

use std::thread;

use super::super::ailment::ALL;
use super::super::clients::{Role, Server};
use super::super::options::{Options, Part};
use super::super::program;
use super::super::servers::Lab;

#[test]
fn a_full_lab_answers_every_role_and_shows_no_ailment() {
    let lab = Lab::start(Options::full());
    for part in Part::ALL {
        assert!(lab.runs(part), "{} does not run", part.name());
    }
    let streaming = "select application_name, state from pg_stat_replication";
    assert_eq!(lab.sql(Server::Primary, streaming), "replica1|streaming");
    assert_eq!(lab.sql(Server::Replica, "select pg_is_in_recovery(), count(*) from customers"), "t|10000");

    for server in [Server::Primary, Server::Replica, Server::PgBouncer] {
        for role in [Role::App, Role::Monitor] {
            let answer = lab.try_sql(server, role, "shop", "select current_user");
            assert_eq!(answer.as_deref(), Ok(lab.credentials(role).0), "{server:?} as {role:?}");
        }
    }
    let superuser = lab.try_sql(Server::Primary, Role::Superuser, "billing", "select count(*) > 0 from invoices");
    assert_eq!(superuser.as_deref(), Ok("t"));
    assert!(lab.try_sql(Server::Primary, Role::Monitor, "shop", "select * from customers").is_err());
    assert!(lab.try_sql(Server::Console, Role::Monitor, "pgbouncer", "show pools").is_ok());
    assert!(lab.try_sql(Server::Console, Role::Monitor, "pgbouncer", "pause").is_err());
    assert!(lab.try_sql(Server::Console, Role::App, "pgbouncer", "show pools").is_err());
    let statements = "select count(*) >= 3 from pg_stat_statements where query like '%from orders%'";
    assert_eq!(lab.try_sql(Server::Primary, Role::Monitor, "shop", statements).as_deref(), Ok("t"));

    let (_, password) = lab.credentials(Role::Monitor);
    let monitor = ["--no-auth-warning", "--user", "monitor", "--pass", password];
    assert!(lab.redis(&[&monitor[..], &["INFO", "memory"]].concat()).contains("maxmemory_policy:allkeys-lru"));
    assert!(lab.redis(&[&monitor[..], &["SET", "a", "b"]].concat()).contains("NOPERM"));
    assert_eq!(lab.redis_info_at(Part::RedisReplica, "master_link_status"), "up");

    for server in [Server::Primary, Server::Replica] {
        let unread = "select string_agg(indexrelname, ', ') from pg_stat_user_indexes where idx_scan = 0";
        assert_eq!(lab.sql(server, unread), "", "indexes that nothing reads on {server:?}");
    }
    let hits = "select 100.0 * sum(blks_hit) / sum(blks_hit + blks_read) from pg_stat_database where datname = 'shop'";
    assert!(lab.number(Server::Primary, hits) > 99.0, "shared buffers are cold");
    for ailment in ALL {
        let sight = lab.sight(ailment.name);
        assert!(!sight.visible, "{} in a healthy lab: {}", ailment.name, sight.figures);
    }
}

#[test]
fn two_labs_do_not_meet() {
    let other = thread::spawn(|| Lab::start(Options::of(&[Part::PgBouncer, Part::Redis])));
    let one = Lab::start(Options::of(&[Part::PgBouncer, Part::Redis]));
    let other = other.join().expect("the other lab starts too");
    for part in [Part::Postgres, Part::PgBouncer, Part::Redis] {
        assert_ne!(one.state().port(part), other.state().port(part));
        assert!(one.runs(part) && other.runs(part));
    }
    one.redis(&["SET", "mine", "1"]);
    assert_eq!(other.redis(&["GET", "mine"]), "");
    one.sql(Server::Primary, "create table mine ()");
    assert_eq!(other.sql(Server::Primary, "select to_regclass('mine') is null"), "t");
}

#[test]
fn a_missing_program_names_its_package() {
    let panic = std::panic::catch_unwind(|| program::find_postgres("pg_no_such_program")).expect_err("it is missing");
    let words = panic.downcast_ref::<String>().expect("the panic has words");
    assert!(words.contains("pg_no_such_program") && words.contains("apt-get install postgresql"), "{words}");
}
