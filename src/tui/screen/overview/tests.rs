use std::sync::Arc;

use crate::{
    check::finding::{Finding, Status},
    tui::{
        event::Event,
        fixture::{audit, demo, empty, failing, frame, hostile, press, styled},
        nav::Place,
        screen::Tab,
        tests::States,
        theme::Palette,
        update::update,
    },
};

/// The states of this screen.
pub(in crate::tui) fn states() -> States {
    States { empty: empty(Some("production")), full: demo(), failing: failing(), hostile: hostile() }
}

#[test]
fn the_demo() {
    let mut model = demo();
    insta::assert_snapshot!("full_60x18", frame(&mut model, 60, 18));
    insta::assert_snapshot!("full_200x60", frame(&mut model, 200, 60));
    model.look.palette = Palette::Mono;
    insta::assert_snapshot!("full_mono", styled(&mut model, 80, 24));
}

#[test]
fn what_a_silent_source_makes_unknown_shares_a_row_and_opens_as_a_list() {
    let mut model = failing();
    let text = frame(&mut model, 160, 48);
    let row = text.lines().find(|line| line.contains("redis.* x")).unwrap();
    assert!(row.contains("cache: no answer") && row.trim_end().ends_with("2m"), "{row}");
    assert_eq!(text.matches("redis.memory-near-limit").count(), 0, "{text}");
    let groups = &model.screens.overview.groups;
    let at = groups.iter().position(|group| matches!(group.many, super::Many::OfSource(_))).unwrap();
    model.screens.overview.cursor.go(at, groups.len());
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("cache: connect to 10.4.0.17:6379: connection refused"), "{text}");
    assert!(text.contains("8 are not known, 1 said FAIL before"), "{text}");
    press(&mut model, "enter");
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("source:cache$ is:unknown") && text.contains("redis.memory-near-limit"), "{text}");
    assert!(!text.contains("cache-replica"), "{text}");
}

/// The demo with some findings of one check more.
fn many(more: usize) -> crate::tui::model::Model {
    let mut model = demo();
    let mut audit = (*audit()).clone();
    let first = audit.findings.iter().find(|finding| finding.status == Status::Fail).unwrap().clone();
    let others = (0..more).map(|n| Finding { subject: format!("cache-{n}"), ..first.clone() });
    audit.findings.splice(1..1, others);
    update(&mut model, Event::Judged(Arc::new(audit)));
    model
}

#[test]
fn many_of_one_check_share_a_row_and_open_as_a_list() {
    let mut two = many(1);
    assert!(!frame(&mut two, 80, 24).contains(" x2"));
    let mut model = many(11);
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("redis.memory-near-limit x12") || text.contains(" x12 "), "{text}");
    press(&mut model, "enter");
    assert_eq!(model.nav.place(), &Place::Tab(Tab::Findings));
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("check:redis.memory-near-limit$ is:fail") && text.contains("12 of 136"), "{text}");
}

#[test]
fn what_was_gone_to_stays_chosen_and_the_top_stays_the_worst() {
    let mut model = demo();
    press(&mut model, "j j");
    let chosen = model.chosen_finding().unwrap().subject.clone();
    let mut later = (*audit()).clone();
    let new = Finding { check: "postgres.new".into(), subject: "primary".into(), ..later.findings[0].clone() };
    later.findings.insert(0, new);
    update(&mut model, Event::Judged(Arc::new(later.clone())));
    assert_eq!(model.chosen_finding().unwrap().subject, chosen);
    press(&mut model, "g");
    later.findings.insert(0, Finding { check: "postgres.newer".into(), ..later.findings[0].clone() });
    update(&mut model, Event::Judged(Arc::new(later)));
    assert_eq!(model.chosen_finding().unwrap().check, "postgres.newer");
}
