use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::{
    check::finding::Status,
    history::{Origin, Past, PastAudit, PastFinding, PastNumber, Point, Series, Tally, past::Verdict},
    report::Summary,
    snapshot::Unit,
    tui::{
        event::Event,
        fixture::{demo, empty, failing, frame, press, tell},
        tests::States,
        update::update,
    },
};

fn at(hours: i64) -> Timestamp {
    "2026-01-02T03:00:00Z".parse::<Timestamp>().unwrap() - SignedDuration::from_hours(hours)
}

fn past(id: i64, hours: i64) -> Past {
    let low = 50.0 + f64::from(u32::try_from(id).unwrap() % 20);
    let verdict = Verdict {
        stage: "2".into(),
        title: "Growth".into(),
        words: "NOT READY".into(),
        low,
        high: low + 12.0,
        coverage: 0.87,
    };
    let summary = Summary { fail: 3, warn: 12, unknown: 1, pass: 80, ..Summary::default() };
    Past {
        id: Some(id),
        target: "demo-shop".into(),
        at: at(hours),
        origin: Some(Origin::Audit),
        verdict: Some(verdict),
        summary,
        left_off: 0,
    }
}

fn listed(n: i64) -> Vec<Listed> {
    let tally = |id| Tally { new: usize::from(id % 3 == 0), better: usize::from(id % 2 == 0), ..Tally::default() };
    (0..n).map(|of| Listed { past: past(n - of, of * 7), changed: (of + 1 < n).then(|| tally(of)) }).collect()
}

fn finding(check: &str, subject: &str, status: Status, used: f64) -> PastFinding {
    PastFinding {
        check: check.into(),
        subject: subject.into(),
        source: Some("primary".into()),
        status,
        message: "91 of 100 connections are used".into(),
        limits: "fail 90 %".into(),
        numbers: vec![PastNumber { name: "used".into(), value: used, unit: Unit::Ratio }],
    }
}

fn shown(subject: &str) -> Shown {
    let before = vec![
        finding("postgres.connection-saturation", subject, Status::Warn, 0.81),
        finding("redis.memory-near-limit", "cache", Status::Fail, 0.97),
        finding("redis.persistence", "cache", Status::Fail, 0.5),
        finding("postgres.wal", subject, Status::Warn, 0.7),
    ];
    let after = vec![
        finding("postgres.connection-saturation", subject, Status::Fail, 0.93),
        finding("redis.memory-near-limit", "cache", Status::Unknown, 0.0),
        finding("redis.persistence", "cache", Status::Pass, 0.1),
        finding("postgres.wal", subject, Status::Warn, 0.72),
        finding("postgres.lock-chains", subject, Status::Fail, 4.0),
    ];
    let before = PastAudit { past: past(11, 7), findings: before };
    Shown::new(&PastAudit { past: past(12, 0), findings: after }, Some(&before))
}

fn series(name: &str, unit: Unit, scale: f64) -> Series {
    let point = |n: i64| Point {
        audit: n,
        at: at((40 - n) * 7),
        value: scale * f64::from(u32::try_from((n * n) % 23 + n).unwrap()),
        unit,
        status: if n > 30 { Status::Fail } else { Status::Warn },
    };
    Series { name: name.into(), unit, points: (1..=40).map(point).collect() }
}

fn tell_list(model: &mut Model, audits: Vec<Listed>) {
    update(model, Event::History(News::Listed(audits)));
}

/// In the history of a recording of the demo's target, of which the file has twelve audits.
pub(in crate::tui) fn full() -> Model {
    let mut model = demo();
    let wishes = press(&mut model, "7");
    assert_eq!(wishes, [Effect::History(Wish::List { target: "demo-shop".into() })]);
    tell_list(&mut model, listed(12));
    model
}

/// An audit of it, open, and its findings read.
pub(in crate::tui) fn audit_open() -> Model {
    let mut model = full();
    press(&mut model, "enter");
    update(&mut model, Event::History(News::Shown(Box::new(shown("primary")))));
    model
}

/// The states of this screen; it fails where its file cannot be read.
pub(in crate::tui) fn states() -> States {
    let here = |mut model: Model| {
        press(&mut model, "7");
        model
    };
    let mut failing = here(failing());
    let words = "use the history /home/me/history.sqlite: file is not a database; move it away \u{1b}[2J";
    update(&mut failing, Event::History(News::Failed(words.into())));
    States { empty: here(empty(Some("staging"))), full: full(), failing, hostile: hostile() }
}

#[test]
fn the_frames_of_the_history() {
    let mut model = full();
    assert_eq!(press(&mut model, "enter"), [Effect::History(Wish::Show(12))]);
    assert!(frame(&mut model, 80, 24).contains("reading this audit"));
    update(&mut model, Event::History(News::Shown(Box::new(shown("primary")))));
    insta::assert_snapshot!("history_audit_80x24", frame(&mut model, 80, 24));
    insta::assert_snapshot!("history_audit_160x48", frame(&mut model, 160, 48));
    let (check, subject) = ("postgres.connection-saturation".to_owned(), "primary".to_owned());
    let wish = Wish::Trace { target: "demo-shop".into(), check: check.clone(), subject: subject.clone() };
    assert_eq!(press(&mut model, "j enter"), [Effect::History(wish)]);
    let series = vec![series("used", Unit::Ratio, 0.01), series("connections", Unit::Count, 3.0)];
    update(&mut model, Event::History(News::Traced(Box::new(Traced { check, subject, series }))));
    insta::assert_snapshot!("history_trend_80x24", frame(&mut model, 80, 24));
    insta::assert_snapshot!("history_trend_160x48", frame(&mut model, 160, 48));
    press(&mut model, "down");
    model.look.ascii = true;
    let text = frame(&mut model, 80, 24);
    assert!(
        text.contains("connections in 40 past audits") && text.contains('*') && !text.contains('\u{2502}'),
        "{text}"
    );
    press(&mut model, "esc esc");
    assert_eq!(model.nav.place(), &Place::Tab(Tab::History));
}

#[test]
fn a_recording_without_history_says_so_and_a_live_target_says_what_will_be_kept() {
    let mut model = demo();
    press(&mut model, "7");
    assert!(frame(&mut model, 80, 24).contains("reading past audits …; ctrl-x stops that"));
    assert_eq!(press(&mut model, "ctrl-x"), [crate::tui::event::Effect::History(super::Wish::Stop)]);
    tell_list(&mut model, Vec::new());
    insta::assert_snapshot!("history_none_80x24", frame(&mut model, 80, 24));
    assert_eq!(press(&mut model, "ctrl-x"), [], "a recording asks nobody, and nothing is read");
    let mut live = empty(None);
    assert!(press(&mut live, "7").is_empty(), "whose history is known with the first judgement");
    assert!(frame(&mut live, 80, 24).contains("waiting for the first answers"));
    tell(&mut live);
    assert_eq!(live.screens.history.reading, Reading::Begun);
    tell_list(&mut live, Vec::new());
    assert!(frame(&mut live, 80, 24).contains("No past audits of this target yet"));
}

#[test]
fn a_file_that_cannot_be_read_is_told_in_place() {
    let mut model = demo();
    press(&mut model, "7");
    let words = "use the history /home/me/history.sqlite: file is not a database; move it away \u{1b}[2J";
    update(&mut model, Event::History(News::Failed(words.into())));
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("file is not a database") && !text.contains('\u{1b}'), "{text}");
    press(&mut model, "enter t 1 7");
    tell_list(&mut model, listed(2));
    assert!(frame(&mut model, 80, 24).contains("2 past audits"), "it comes back by itself");
}

/// What somebody means harm with.
fn nasty() -> String {
    "pid \u{1b}[31m9\u{7}\t\u{202e}\u{200b} 日本語 ".repeat(4)
}

fn hostile() -> Model {
    let mut model = full();
    let nasty = nasty();
    let mut audits = listed(3);
    for listed in &mut audits {
        listed.past.target.clone_from(&nasty);
        listed.past.verdict.as_mut().unwrap().words.clone_from(&nasty);
    }
    tell_list(&mut model, audits);
    model
}

#[test]
fn hostile_text_of_the_past_reaches_no_cell() {
    let (mut model, nasty) = (hostile(), nasty());
    let clean = |model: &mut Model| {
        for size in [(80, 24), (160, 48), (40, 12)] {
            let text = frame(model, size.0, size.1);
            assert!(!text.contains(['\u{1b}', '\u{7}', '\t', '\u{202e}', '\u{200b}']), "{text}");
        }
    };
    clean(&mut model);
    press(&mut model, "enter");
    let mut nasty_one = shown(&nasty);
    nasty_one.audit.id = Some(3);
    update(&mut model, Event::History(News::Shown(Box::new(nasty_one))));
    clean(&mut model);
    press(&mut model, "enter");
    let check = "postgres.lock-chains".to_owned();
    let series = vec![series(&nasty, Unit::Bytes, 1e9)];
    update(&mut model, Event::History(News::Traced(Box::new(Traced { check, subject: nasty, series }))));
    clean(&mut model);
    assert!(press(&mut model, "y Y").iter().all(|effect| matches!(effect, Effect::Copy(_))));
}

#[test]
fn the_numbers_of_a_finding_of_now_are_two_keys_away() {
    let mut model = demo();
    let (check, subject) = {
        let finding = model.chosen_finding().unwrap();
        (finding.check.clone(), finding.subject.clone())
    };
    let wish = Wish::Trace { target: "demo-shop".into(), check: check.clone(), subject: subject.clone() };
    assert_eq!(press(&mut model, "t"), [Effect::History(wish)]);
    assert_eq!(model.nav.place(), &Place::Trend { check: check.clone(), subject: subject.clone() });
    update(&mut model, Event::History(News::Traced(Box::new(Traced { check, subject, series: Vec::new() }))));
    assert!(frame(&mut model, 80, 24).contains("kept no numbers"));
    press(&mut model, "esc");
    assert_eq!(model.nav.place(), &Place::Tab(Tab::Overview));
}

#[test]
fn what_is_chosen_stays_chosen_while_audits_come_in() {
    let mut model = full();
    press(&mut model, "j j");
    let id = model.screens.history.audits[2].past.id;
    tell_list(&mut model, listed(15).into_iter().collect());
    let now = model.screens.history.audits[model.screens.history.cursor.at].past.id;
    assert_eq!(now, id);
    assert_eq!(update(&mut model, Event::History(News::Kept)).len(), 1, "the list is read again");
    press(&mut model, "1");
    assert!(update(&mut model, Event::History(News::Kept)).is_empty(), "elsewhere nobody looks at it");
}
