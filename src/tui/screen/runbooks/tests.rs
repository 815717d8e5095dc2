//! The lists of runbooks and runs, and a page of each.

use crate::{
    runbook::{
        machine::fixture::{Walk as Run, manual},
        record::{End, Mode as How},
        runs::{self, Standing},
    },
    tui::{
        event::{Effect, Event},
        fixture::{demo, empty, frame, press, type_text},
        model::Model,
        nav::Place,
        over::Over,
        screen::{
            run,
            runbooks::{News, Panel, Wish},
        },
        update::update,
    },
};

fn of(id: &str, runbook: &str, target: &str, hours: i64, standing: Standing) -> runs::Run {
    let at: jiff::Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
    let at = at.checked_sub(jiff::SignedDuration::from_hours(hours)).unwrap();
    let mut started =
        Run::start(crate::runbook::machine::fixture::book(vec![manual("a")]), How::Run).state.started.unwrap();
    started.runbook = runbook.into();
    started.target = target.into();
    if standing == Standing::Plan {
        started.mode = How::Plan;
    }
    runs::Run {
        id: id.into(),
        started: Some(started),
        began_at: Some(at),
        last_at: Some(at),
        operator: Some("ann".into()),
        standing,
    }
}

fn runs() -> Vec<runs::Run> {
    vec![
        of("20260102T020000Z-plan", "lock-storm", "demo", 1, Standing::Plan),
        of("20260101T020000Z-done", "idle-in-transaction", "demo", 25, Standing::Ended(End::Completed)),
        of("20251231T020000Z-other", "failover", "other", 49, Standing::Paused),
        of("20251230T020000Z-left", "kill-long-queries", "demo", 73, Standing::Unknown("end-it".into())),
        of("20251229T020000Z-bad", "\u{1b}[31m", "demo", 97, Standing::Broken("line 3 \u{202e} is torn".into())),
    ]
}

fn listed() -> Model {
    let mut model = demo();
    press(&mut model, "4");
    update(&mut model, Event::Runbooks(News::Runs(runs())));
    model
}

#[test]
fn the_frames_of_the_lists_and_of_a_page() {
    let mut model = listed();
    for (name, keys) in [("books", ""), ("runs", "u"), ("page", "u enter")] {
        press(&mut model, keys);
        insta::assert_snapshot!(format!("runbooks_{name}_80x24"), frame(&mut model, 80, 24));
        insta::assert_snapshot!(format!("runbooks_{name}_160x48"), frame(&mut model, 160, 48));
    }
}

#[test]
fn an_empty_and_a_failing_list_say_so() {
    let mut model = empty(None);
    press(&mut model, "4");
    assert!(frame(&mut model, 80, 24).contains("reading the runbooks"));
    press(&mut model, "u");
    update(&mut model, Event::Runbooks(News::Failed("read /runs: permission denied".into())));
    assert!(frame(&mut model, 80, 24).contains("permission denied"));
    update(&mut model, Event::Runbooks(News::Runs(Vec::new())));
    assert!(frame(&mut model, 80, 24).contains("there were no runs yet"));
}

#[test]
fn what_cures_a_present_finding_comes_first_and_is_begun_for_it() {
    let mut model = listed();
    let first = model.screens.runbooks.shown[0].clone();
    let worst = model.worst().iter().find(|finding| run::cures(&model, finding)).unwrap().check.clone();
    assert!(model.screens.runbooks.present.contains_key(&first));
    let effects = press(&mut model, "w");
    let [Effect::Run(run::Wish::Choose { book, finding: Some(finding), .. })] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert_eq!((book, &finding.check), (&first, &worst));
}

#[test]
fn runbooks_are_filtered_and_sorted_and_the_chosen_one_stays_chosen() {
    let mut model = listed();
    press(&mut model, "/");
    type_text(&mut model, "redis !cache");
    let shown = model.screens.runbooks.shown.clone();
    assert!(!shown.is_empty() && shown.iter().all(|id| id.contains("redis") || !id.contains("cache")), "{shown:?}");
    press(&mut model, "enter ctrl-l down down");
    let chosen = super::state::chosen(&model).map(str::to_owned);
    let mut orders = Vec::new();
    for _ in 0..4 {
        press(&mut model, "s");
        assert_eq!(super::state::chosen(&model).map(str::to_owned), chosen);
        orders.push(model.screens.runbooks.shown.clone());
    }
    orders.dedup();
    assert_eq!(orders.len(), 4, "each order is another");
}

#[test]
fn runs_that_wait_come_first_and_are_taken_up_or_read() {
    let mut model = listed();
    press(&mut model, "u");
    let ids: Vec<&str> = model.screens.runbooks.runs.iter().flatten().map(|run| run.id.as_str()).collect();
    assert_eq!(ids[..2], ["20251230T020000Z-left", "20251231T020000Z-other"], "those of this target first");
    press(&mut model, "enter");
    assert!(matches!(model.overs.last(), Some(Over::Choice(_))));
    assert_eq!(press(&mut model, "1"), [Effect::Run(run::Wish::Resume("20251230T020000Z-left".into()))]);
    assert_eq!(*model.nav.place(), Place::Run);
    let mut model = listed();
    press(&mut model, "u down down");
    let read = "20260102T020000Z-plan".to_owned();
    assert_eq!(press(&mut model, "enter"), [Effect::Runbooks(Wish::Read(read.clone()))], "nothing to take up");
    assert_eq!(*model.nav.place(), Place::PastRun(read));
    press(&mut model, "esc u");
    assert_eq!(model.screens.runbooks.panel, Panel::Books);
}

#[test]
fn each_runbook_says_when_it_was_run_or_rehearsed_last() {
    let mut model = listed();
    press(&mut model, "/");
    type_text(&mut model, "lock-storm");
    assert!(frame(&mut model, 160, 48).contains("plan 1h"), "{}", frame(&mut model, 160, 48));
}
