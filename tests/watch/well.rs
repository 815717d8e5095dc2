//! Servers that are well: what is told, how soon, and what it costs them.

use loadline::collect::watch::{News, Order};
use loadline::snapshot::{Answer, Change, Rates};

use super::listener::{Listener, answer};
use crate::lab::{Lab, Options, Part, Role, Server};

/// Transactions a second of the shop's database in a live sample, where there is a rate.
fn commits(news: &News) -> Option<f64> {
    let News::Sample(sample) = news else { return None };
    let observation = answer(&sample.observations, "primary", "postgres.databases")?;
    let Answer::Table(table) = &observation.answer else { return None };
    let row = (0..table.rows()).find(|row| table.get(*row, "database").as_str() == Some("shop"))?;
    match Rates::new(observation).rate(row, "xact_commit") {
        Change::By(rate) => Some(rate),
        _ => None,
    }
}

#[test]
fn live_rounds_have_rates_and_the_server_has_one_read_only_session_of_ours() {
    let lab = Lab::start(Options::of(&[Part::Postgres, Part::PgBouncer, Part::Redis]));
    let listener = Listener::of(&lab);
    let snapshot = listener.settled();
    assert!(snapshot.window_ms > 0 && snapshot.sources.iter().all(|source| source.fault.is_none()));
    assert!(answer(&snapshot.observations, "cache", "redis.info").is_some_and(|info| info.earlier.is_some()));

    let mark = listener.mark();
    // At least 300 transactions, of which a sample that spans some of them shows more than our own few.
    for _ in 0..300 {
        lab.try_sql(Server::Primary, Role::App, "shop", "select 1").expect("the shop works");
    }
    let busiest = listener.since(mark, "the shop's work shows", |news| commits(news).filter(|rate| *rate > 10.0));
    assert!(busiest.is_finite());

    for _ in 0..3 {
        let mark = listener.mark();
        listener.order(Order::Now(None));
        listener.state(mark, "primary", "is asked everything", |state| state.asking.is_some());
        listener.state(mark, "primary", "has answered", |state| state.asking.is_none());
    }
    let ours = "select count(*) from pg_stat_activity where usename = 'loadline'";
    assert_eq!(lab.sql(Server::Primary, ours), "1", "one session, however often it is asked");
    let rounds = listener.samples("primary", 0, listener.mark()).len();
    assert!(rounds >= 5, "{rounds} live rounds");
    let written = "select count(*) from pg_stat_activity where usename = 'loadline' and backend_xid is not null";
    assert_eq!(lab.sql(Server::Primary, written), "0");
    drop(listener);
    lab.wait_until("our session is closed", std::time::Duration::from_secs(20), || {
        lab.sql(Server::Primary, ours) == "0"
    });
}
