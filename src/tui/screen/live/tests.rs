//! What holds on this screen.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{
    Panel,
    fixture::{answer, denied, failed, sample, session, since, source, tell},
    row::FORMATTED,
};
use crate::{
    snapshot::SourceKind::{Kubernetes, PgBouncer, Postgres, Redis},
    tui::{
        event::{Effect, Event},
        fixture::{demo, empty, frame, press, styled, type_text},
        model::Model,
        nav::Place,
        over::Over,
        screen::run,
        tests::States,
        theme::Palette,
        update::update,
    },
};

fn ago(model: &Model, seconds: i64) -> Timestamp {
    model.now - SignedDuration::from_secs(seconds)
}

/// A live target of every kind, in some trouble, seen a second ago.
pub(in crate::tui) fn full() -> Model {
    let mut model = empty(Some("production"));
    let at = ago(&model, 1);
    let names = [("primary", Postgres), ("pooler", PgBouncer), ("cache", Redis), ("cluster", Kubernetes)];
    let sources = names.iter().map(|(name, kind)| source(name, *kind, at)).collect();
    update(&mut model, Event::Sources(sources));
    for seconds in (1..40).rev().step_by(2) {
        round(&mut model, seconds);
    }
    press(&mut model, "3");
    model
}

fn round(model: &mut Model, seconds: i64) {
    let at = ago(model, seconds);
    let beat = 40 - seconds;
    let sessions = [
        session(4109, "active", (32.5, 33.0), &[4370], "update products set stock = stock - $1 where id = $2"),
        session(4378, "active", (12.5, 12.6), &[4109], "update products set stock = stock - $1 where id = $2"),
        session(4370, "idle in transaction", (751.0, 752.0), &[], "update products set name = $1 where id = $2"),
        session(4434, "active", (0.24, 0.24), &[], "select * from orders where customer_id = $1"),
        session(4500, "active", (3_725.0, 3_725.0), &[0], "alter table orders add column note text"),
    ];
    let connections = json!({"max_connections": 100, "reserved": 3, "used": 80 + beat % 7, "active": 20, "idle": 59, "idle_in_transaction": 1});
    let database = |factor: i64| {
        json!({"database": "shop", "counting_since": "a", "blks_hit": 9_900 * factor, "blks_read": 100 * factor,
               "xact_commit": 240 * factor, "xact_rollback": 10 * factor, "conflicts": 0, "deadlocks": 0,
               "temp_files": factor, "temp_bytes": 1_048_576 * factor, "checksum_failures": -1})
    };
    let statement = |calls: i64, ms: f64, id: i64| {
        json!({"user_id": 10, "database_id": 5, "query_id": id, "toplevel": true, "user_name": "shop_app",
               "database": "shop", "own_role": false, "calls": calls, "exec_ms": ms, "rows": calls * 3,
               "shared_blks_hit": calls * 8, "shared_blks_read": calls, "temp_blks_written": 0, "stats_reset": "a"})
    };
    let texts = json!({"user_id": 10, "database_id": 5, "query_id": 71, "toplevel": true, "query": "select * from orders where customer_id = $1"});
    let (before, now) =
        ([statement(0, 0.0, 71), statement(0, 0.0, 72)], [statement(500, 3_000.0, 71), statement(20, 900.0, 72)]);
    let sender = json!({"pid": 50, "application": "replica1", "client": "10.0.1.9", "user_name": "replicator",
        "backend_start": "x", "state": "streaming", "sync_state": "async", "slot": "replica1", "slot_type": "physical",
        "is_standby": true, "system_id": "1", "current_lsn": 50_000_000 + beat * 1_000_000, "sent_lsn": 50_000_000 + beat * 900_000,
        "replay_lsn": 50_000_000 + beat * 400_000, "replay_lag_s": 2.5});
    let slot = json!({"slot": "billing_feed", "slot_type": "logical", "database": "shop", "active": false,
        "temporary": false, "synced": false, "wal_status": "extended", "safe_wal_size": 1_073_741_824,
        "retained_bytes": 149_608_032, "inactive_s": 4_000.5, "xmin_age": 1_500, "keep_bytes": 4_294_967_296_i64});
    tell(
        model,
        sample(
            "primary",
            Postgres,
            vec![
                answer("postgres.activity", "primary", at, &sessions),
                answer("postgres.connections", "primary", at, &[connections]),
                since(answer("postgres.databases", "primary", at, &[database(2)]), 2, &[database(1)]),
                answer("postgres.replication-senders", "primary", at, &[sender]),
                answer("postgres.slots", "primary", at, &[slot]),
                since(answer("postgres.statements-counters", "primary", at, &now), 10, &before),
                answer("postgres.statements-texts", "primary", at, &[texts]),
            ],
        ),
    );
    others(model, at, beat);
}

fn others(model: &mut Model, at: Timestamp, beat: i64) {
    let pool = |database: &str, used: i64, waiting: i64, wait: i64| {
        json!({"database": database, "user": "shop_app", "cl_active": used, "cl_waiting": waiting, "sv_active": used,
               "sv_idle": 0, "sv_used": 0, "sv_tested": 0, "sv_login": 0, "maxwait": wait, "maxwait_us": 372_792,
               "pool_mode": "transaction"})
    };
    let size = |name: &str| {
        json!({"name": name, "host": "10.0.1.2", "port": 5432, "database": name, "pool_size": 20, "max_connections": 0,
               "current_connections": 20, "paused": 0, "disabled": 0})
    };
    let stats = |factor: i64| {
        json!({"database": "shop", "total_xact_count": 100 * factor, "total_query_count": 300 * factor,
               "total_xact_time": 1.0, "total_query_time": 1.0, "total_wait_time": 4_000_000 * factor})
    };
    tell(
        model,
        sample(
            "pooler",
            PgBouncer,
            vec![
                answer("pgbouncer.pools", "pooler", at, &[pool("billing", 3, 0, 0), pool("shop", 20, beat % 30, 1)]),
                answer("pgbouncer.databases", "pooler", at, &[size("shop"), size("billing")]),
                answer("pgbouncer.users", "pooler", at, &[json!({"name": "shop_app", "pool_size": ""})]),
                since(answer("pgbouncer.stats", "pooler", at, &[stats(2)]), 2, &[stats(1)]),
            ],
        ),
    );
    let info = |factor: i64| {
        json!({"run_id": "r", "role": "master", "connected_clients": 210, "maxclients": 10_000, "blocked_clients": 0,
               "used_memory": 61_154_440 + beat * 100_000, "maxmemory": 67_108_864, "keyspace_hits": 9_000 * factor,
               "keyspace_misses": 1_000 * factor, "evicted_keys": 40 * factor, "commands": 20_000 * factor,
               "error_replies": 0, "repl_offset": 900_000, "backlog_size": 1_048_576})
    };
    let replica = json!({"ip": "10.0.4.2", "port": 6379, "state": "online", "offset": 899_000, "lag": 0});
    let redis = vec![
        since(answer("redis.info", "cache", at, &[info(2)]), 2, &[info(1)]),
        answer("redis.replicas", "cache", at, &[replica]),
    ];
    tell(model, sample("cache", Redis, redis));
    let hpa = |name: &str, current: i64, desired: i64, cpu: i64| {
        json!({"namespace": "shop", "name": name, "target_kind": "Deployment", "target_name": name, "min": 2, "max": 10,
               "current": current, "desired": desired, "metric_types": ["Resource"], "cpu_target": 70, "cpu_current": cpu,
               "able": "True", "able_reason": "ReadyForNewScale", "able_message": "recommended size matches current size",
               "active": "True", "active_reason": "ValidMetricFound", "active_message": "",
               "limited": if current == 10 { "True" } else { "False" },
               "limited_reason": if current == 10 { "TooManyReplicas" } else { "DesiredWithinRange" }})
    };
    let hpas = answer("kubernetes.hpas", "cluster", at, &[hpa("search", 4, 5, 75), hpa("web", 10, 10, 96)]);
    tell(model, sample("cluster", Kubernetes, vec![hpas]));
}

fn each_panel(model: &mut Model, name: &str, size: (u16, u16)) {
    for panel in Panel::ALL {
        press(model, panel.key());
        let title = panel.short()[0].to_lowercase();
        insta::assert_snapshot!(format!("{name}_{title}_{}x{}", size.0, size.1), frame(model, size.0, size.1));
    }
}

#[test]
fn every_panel_of_a_target_in_trouble() {
    let mut model = full();
    each_panel(&mut model, "full", (80, 24));
    press(&mut model, "a");
    insta::assert_snapshot!("full_200x60", frame(&mut model, 200, 60));
    insta::assert_snapshot!("full_60x18", frame(&mut model, 60, 18));
    press(&mut model, "z");
    insta::assert_snapshot!("alone_160x48", frame(&mut model, 160, 48));
    model.look.palette = Palette::Mono;
    model.look.ascii = true;
    insta::assert_snapshot!("full_mono", styled(&mut model, 80, 24));
}

#[test]
fn nothing_is_known_yet() {
    let mut model = empty(None);
    press(&mut model, "3");
    let mut waiting = source("primary", Postgres, model.now);
    waiting.answered_at = None;
    update(&mut model, Event::Sources(vec![waiting]));
    assert!(frame(&mut model, 80, 24).contains("waiting for the first answer of primary"));
    press(&mut model, "o");
    assert!(frame(&mut model, 80, 24).contains("this target has no PgBouncer"));
}

/// The same target two minutes later: its primary is gone, and the pooler's answers are denied.
fn failing() -> Model {
    let mut model = full();
    let later = model.now + SignedDuration::from_secs(130);
    update(&mut model, Event::Tick(later));
    let gone = failed(
        source("primary", Postgres, ago(&model, 131)),
        "connection refused at 10.0.1.2:5432",
        ago(&model, 128),
        Some(later + SignedDuration::from_secs(8)),
    );
    let fresh = |name, kind| source(name, kind, ago(&model, 1));
    let sources =
        vec![gone, fresh("pooler", PgBouncer), source("cache", Redis, ago(&model, 131)), fresh("cluster", Kubernetes)];
    update(&mut model, Event::Sources(sources));
    let denied = denied("pgbouncer.pools", "pooler", ago(&model, 1));
    tell(&mut model, sample("pooler", PgBouncer, vec![denied]));
    model
}

#[test]
fn what_fails_keeps_its_last_values_and_says_how_old_they_are() {
    let mut model = failing();
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("primary does not answer, last answer 2m11s ago: connection refused"), "{text}");
    assert!(text.contains("next try in 8s") && text.contains("4370"), "{text}");
    press(&mut model, "o");
    insta::assert_snapshot!("denied_80x24", frame(&mut model, 80, 24));
    press(&mut model, "c");
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("cache: last answer 2m11s ago"), "{text}");
    model.look.palette = Palette::Mono;
    let marks = styled(&mut model, 80, 24);
    let row = marks.lines().skip_while(|line| !line.contains("primary      cache hits")).nth(1).unwrap();
    assert!(row.contains("ddddd"), "stale rows are dim: {row:?}");
}

#[test]
fn it_recovers_without_a_key() {
    let mut model = failing();
    let now = model.now;
    let names = [("primary", Postgres), ("pooler", PgBouncer), ("cache", Redis), ("cluster", Kubernetes)];
    update(&mut model, Event::Sources(names.iter().map(|(name, kind)| source(name, *kind, now)).collect()));
    round(&mut model, 0);
    for key in ["a", "o", "c"] {
        press(&mut model, key);
        let text = frame(&mut model, 80, 24);
        assert!(
            !text.contains("does not answer") && !text.contains("denied") && !text.contains("last answer"),
            "{text}"
        );
        assert!(text.contains("now, every 2s"), "{text}");
    }
    let ring = model.screens.live.series.get("primary connections").unwrap();
    let points = ring.latest(200);
    assert!(points.iter().filter(|point| point.is_none()).count() > 50, "the time without answers is a gap");
    assert!(points.last().unwrap().is_some());
}

/// The states of this screen.
pub(in crate::tui) fn states() -> States {
    let mut none = empty(Some("production"));
    press(&mut none, "3");
    States { empty: none, full: full(), failing: failing(), hostile: hostile() }
}

fn hostile() -> Model {
    let evil = "select '\u{1b}]0;title\u{7}\u{1b}[2J' -- \t\r\n \u{202e}drop\u{200b} 日本語 | `x`";
    let mut model = full();
    let at = model.now;
    let mut rows = vec![
        session(7, "idle in transaction", (1.0, 2.0), &[8], &evil.repeat(40)),
        session(8, evil, (9.0, 9.0), &[], evil),
    ];
    for name in ["user_name", "database", "application", "client", "wait_event"] {
        rows[1][name] = json!(evil);
    }
    tell(&mut model, sample("primary", Postgres, vec![answer("postgres.activity", "primary", at, &rows)]));
    let hpa = json!({"namespace": evil, "name": evil, "current": 1, "desired": 1, "min": 1, "max": 9, "able": "False", "able_message": evil});
    tell(&mut model, sample("cluster", Kubernetes, vec![answer("kubernetes.hpas", "cluster", at, &[hpa])]));
    model
}

#[test]
fn hostile_texts_reach_no_cell_and_no_clipboard() {
    let mut model = hostile();
    let clean = |text: &str, line_breaks: bool| {
        let hostile =
            |c: char| (c.is_control() && !(line_breaks && c == '\n')) || ['\u{202e}', '\u{200b}'].contains(&c);
        assert!(!text.contains(hostile), "{text:?}");
    };
    for panel in Panel::ALL {
        press(&mut model, panel.key());
        clean(&frame(&mut model, 80, 24), true);
        clean(&frame(&mut model, 160, 48), true);
        for effect in press(&mut model, "y Y") {
            if let Effect::Copy(text) = effect {
                clean(&text, true);
            }
        }
        press(&mut model, "enter");
        clean(&frame(&mut model, 80, 24), true);
        press(&mut model, "esc");
    }
}

#[test]
fn the_recorded_demo_is_shown_too() {
    let mut model = demo();
    press(&mut model, "3");
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("4370") && text.contains("03:41:04 UTC"), "{text}");
    assert!(!text.contains("every 2s"), "nobody is asked");
    press(&mut model, "u");
    assert!(frame(&mut model, 80, 24).contains("this target has no Kubernetes"));
}

#[test]
fn a_session_is_opened_with_whom_it_blocks_and_stays_to_be_read_when_it_is_gone() {
    let mut model = full();
    press(&mut model, "a /");
    type_text(&mut model, "4109");
    press(&mut model, "enter enter");
    assert_eq!(*model.nav.place(), Place::LiveRow("Activity".into(), "primary/4109".into()));
    insta::assert_snapshot!("session_80x24", frame(&mut model, 80, 24));
    let markdown = press(&mut model, "Y");
    assert!(
        matches!(&markdown[..], [Effect::Copy(text)] if text.contains("```sql") && text.contains("pid 4370")),
        "{markdown:?}"
    );
    let at = model.now;
    let mut other = session(4109, "active", (0.1, 0.1), &[], "select 2");
    other["backend_start"] = json!("2026-01-02T03:00:00.000000Z");
    tell(&mut model, sample("primary", Postgres, vec![answer("postgres.activity", "primary", at, &[other])]));
    let text = frame(&mut model, 80, 24);
    assert!(
        text.contains("It is gone") && !text.contains("select 2"),
        "another session with its number is another one: {text}"
    );
    press(&mut model, "X");
    assert!(model.overs.is_empty(), "what is gone cannot be stopped");
}

#[test]
fn what_is_chosen_stays_chosen_wherever_it_goes() {
    let mut model = full();
    frame(&mut model, 80, 24);
    press(&mut model, "a j j");
    let name = model.screens.live.chosen().unwrap().name();
    press(&mut model, "s");
    assert_eq!(model.screens.live.chosen().unwrap().name(), name);
    round(&mut model, 0);
    assert_eq!(model.screens.live.chosen().unwrap().name(), name);
    press(&mut model, "g s s s");
    let first = model.screens.live.chosen().unwrap().name();
    assert_eq!(first, "primary/4500", "at the top one looks at what comes first");
}

#[test]
fn pause_stands_still_until_somebody_asks() {
    let mut model = full();
    assert_eq!(press(&mut model, "p"), [Effect::Pause(true)]);
    let at = model.now;
    let news = || {
        sample(
            "primary",
            Postgres,
            vec![answer("postgres.activity", "primary", at, &[session(1, "active", (1.0, 1.0), &[], "select 1")])],
        )
    };
    tell(&mut model, news());
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("PAUSED, 1s ago; p goes on") && text.contains("4370"), "{text}");
    press(&mut model, "r");
    tell(&mut model, news());
    assert!(!frame(&mut model, 80, 24).contains("4370"), "what was asked for is shown");
    press(&mut model, "p p");
    round(&mut model, 0);
    assert!(!frame(&mut model, 80, 24).contains("4370"), "and no more than that");
}

#[test]
fn a_reset_is_a_gap_and_a_lifetime_is_said_to_be_one() {
    let mut model = full();
    press(&mut model, "c");
    let database = |since: &str, hits: i64| json!({"database": "shop", "counting_since": since, "blks_hit": hits, "blks_read": 1, "xact_commit": 5, "xact_rollback": 0, "temp_files": 0, "temp_bytes": 0, "deadlocks": 0});
    let at = model.now;
    let reset = since(answer("postgres.databases", "primary", at, &[database("b", 5)]), 2, &[database("a", 500)]);
    tell(&mut model, sample("primary", Postgres, vec![reset]));
    let last = |model: &Model, name: &str| *model.screens.live.series.get(name).unwrap().latest(1).last().unwrap();
    assert_eq!(last(&model, "primary transactions"), None);
    assert_eq!(last(&model, "primary cache hits"), None);
    assert!(frame(&mut model, 80, 24).contains("primary      cache hits                   ?"));
    let later = at + SignedDuration::from_secs(2);
    tell(
        &mut model,
        sample("primary", Postgres, vec![answer("postgres.databases", "primary", later, &[database("b", 999)])]),
    );
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("~99.9%") && text.contains("~ is since statistics began"), "{text}");
    assert_eq!(
        model.screens.live.series.get("primary cache hits").unwrap().latest(1),
        [None],
        "no average of years in the picture"
    );
}

#[test]
fn ten_thousand_sessions_are_sorted_and_filtered_and_only_what_is_seen_is_formatted() {
    let mut model = full();
    let at = model.now;
    let rows: Vec<_> = (1..=10_000_u32)
        .map(|n| {
            session(
                i64::from(n),
                "active",
                (f64::from(n), 1.0),
                if n > 1 { vec![i64::from(n) - 1] } else { vec![] }.as_slice(),
                "select 1",
            )
        })
        .collect();
    tell(&mut model, sample("primary", Postgres, vec![answer("postgres.activity", "primary", at, &rows)]));
    FORMATTED.set(0);
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("10,000 sessions") && text.contains("10000"), "{text}");
    assert!(FORMATTED.get() < 30, "{} rows were formatted", FORMATTED.get());
    press(&mut model, "G");
    assert_eq!(model.screens.live.chosen().unwrap().name(), "primary/1");
    press(&mut model, "/");
    type_text(&mut model, "pid:77 !pid:777");
    press(&mut model, "enter");
    assert_eq!(model.screens.live.of(Panel::Activity).shown.len(), 100);
    press(&mut model, "L");
    let locks = &model.screens.live.board.locks;
    assert_eq!((locks[0].behind, locks[9_999].depth), (9_999, 9_999));
}

#[test]
fn a_session_is_stopped_through_runbooks_only_with_what_is_known_of_it() {
    let mut model = demo();
    press(&mut model, "3 a X");
    let Some(Over::Choice(choice)) = model.overs.last().cloned() else { unreachable!("a choice of runbooks") };
    assert!(
        choice.rows[0].contains("(idle-in-transaction)") || choice.rows[0].contains("(lock-storm)"),
        "{:?}",
        choice.rows
    );
    assert!(choice.rows.iter().any(|row| row.contains("(kill-long-queries)")));
    let super::Purpose::Stop { pid, server, .. } = match &choice.purpose {
        crate::tui::over::Purpose::Live(purpose) => purpose.clone(),
        other => unreachable!("{other:?}"),
    };
    assert_eq!((pid, server.as_str()), (4370, "primary"));
    let book = model.books.get("lock-storm").unwrap();
    let given = super::stop::given(book, ("primary", 4370, "2026-01-02T01:00:00.000000Z"));
    let of = |name: &str| given.iter().find(|(known, ..)| known == name).map(|(_, value, _)| value.as_str());
    assert_eq!(
        (of("server"), of("pid"), of("started")),
        (Some("primary"), Some("4370"), Some("2026-01-02T01:00:00.000000Z"))
    );
    assert_eq!(
        super::stop::given(book, ("primary", 4370, "")).len(),
        2,
        "what is not known is asked, and not left empty"
    );
    let at = choice.rows.iter().position(|row| row.contains("(kill-long-queries)")).unwrap();
    press(&mut model, &"j ".repeat(at));
    let effects = press(&mut model, "enter");
    let [Effect::Run(run::Wish::Choose { book, finding: None, given })] = &effects[..] else {
        unreachable!("{effects:?}")
    };
    let given: Vec<_> = given.iter().map(|(name, value, _)| (name.as_str(), value.as_str())).collect();
    assert_eq!((book.as_str(), &given[..]), ("kill-long-queries", &[("server", "primary"), ("pid", "4370")][..]));
    let mut model = demo();
    press(&mut model, "3 o X");
    assert!(model.overs.is_empty(), "a pool is no session");
}

#[test]
fn the_frame_of_panels_that_somebody_chose() {
    let mut model = full();
    model.layout.live = Some(vec![Panel::Locks, Panel::Cache, Panel::Activity]);
    super::laid(&mut model);
    insta::assert_snapshot!("live_chosen_80x24", frame(&mut model, 80, 24));
    insta::assert_snapshot!("live_chosen_160x48", frame(&mut model, 160, 48));
    let panels: Vec<Panel> = (0..4)
        .map(|_| {
            press(&mut model, "n");
            model.screens.live.panel
        })
        .collect();
    assert_eq!(panels, [Panel::Cache, Panel::Activity, Panel::Locks, Panel::Cache]);
    press(&mut model, "o");
    assert_eq!(model.screens.live.panel, Panel::Cache, "what is left out is not gone to");
    assert!(model.message().unwrap().text.contains("the settings leave it out"));
    model.layout.live = Some(vec![Panel::Pools]);
    super::laid(&mut model);
    model.messages.clear();
    let text = frame(&mut model, 160, 48);
    assert!(text.contains("o Pools") && !text.contains("Locks"), "{text}");
    press(&mut model, "n");
    assert!(model.message().unwrap().text.contains("no other panel"));
}

#[test]
fn the_title_of_a_panel_without_rows_is_said_once() {
    let mut model = empty(None);
    press(&mut model, "3");
    let text = frame(&mut model, 160, 48);
    let titles = text.lines().skip(4).map(|line| line.matches("Autoscalers").count()).sum::<usize>();
    assert_eq!(titles, 1, "{text}");
    press(&mut model, "u");
    assert!(frame(&mut model, 80, 24).lines().any(|line| line.trim() == "Autoscalers"), "alone it says its name");
}
