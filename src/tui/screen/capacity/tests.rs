//! The what-if, driven by keys and read as frames.

use std::{sync::Arc, time::Instant};

use super::{Name, News, state};
use crate::{
    readiness::{
        bottleneck::{Bottleneck, Grade},
        whatif::State as Fares,
    },
    tui::{
        event::{Effect, Event},
        fixture::{audit, demo, empty, failing, frame, ground, press, styled, type_text},
        model::Model,
        nav::Place,
        screen::Tab,
        tests::States,
        theme::Palette,
        update::update,
        work::figures,
    },
};

/// Does what work would do, until it has nothing left to do.
fn settle(model: &mut Model, effects: Vec<Effect>) {
    let mut left = effects;
    while let Some(effect) = left.pop() {
        let Effect::Capacity(wish) = effect else { continue };
        let worked = figures(&ground(), &wish);
        left.extend(update(model, Event::Capacity(News(worked))));
    }
}

/// The demo with the what-if open and everything worked out.
fn open() -> Model {
    let mut model = demo();
    keys(&mut model, "6");
    model
}

fn keys(model: &mut Model, text: &str) {
    let effects = press(model, text);
    settle(model, effects);
}

/// The states of this screen.
pub(in crate::tui) fn states() -> States {
    let here = |mut model: Model| {
        keys(&mut model, "6");
        model
    };
    States { empty: here(empty(Some("production"))), full: open(), failing: here(failing()), hostile: hostile() }
}

#[test]
fn the_frame_of_the_what_if() {
    let mut model = open();
    insta::assert_snapshot!("demo_60x18", frame(&mut model, 60, 18));
    keys(&mut model, "left left right down right");
    model.look.palette = Palette::Mono;
    model.look.ascii = true;
    insta::assert_snapshot!("changed_80x24_mono", styled(&mut model, 80, 24));
}

#[test]
fn before_the_first_answer_nothing_is_made_up() {
    let mut model = empty(Some("production"));
    keys(&mut model, "6 right");
    assert!(model.screens.capacity.changes.is_empty());
}

#[test]
fn without_a_plan_resources_still_move_and_the_screen_says_what_a_plan_would_add() {
    let mut model = empty(None);
    let mut bare = (*audit()).clone();
    bare.need = None;
    update(&mut model, Event::Judged(Arc::new(bare)));
    // Work has no plan to read.
    press(&mut model, "6");
    let none = crate::outlook::Outlook::of(
        "shop",
        &crate::outlook::Case::new(&|_| &[], &crate::outlook::Flags::default(), model.now),
    );
    let worked = super::Figures { outlook: Arc::new(none), stated: Arc::default(), version: 0 };
    update(&mut model, Event::Capacity(News(Some(worked))));
    insta::assert_snapshot!("no_plan_80x24", frame(&mut model, 80, 24));
    let first = |model: &Model| model.screens.capacity.fates[0].clone();
    assert!(first(&model).then.unwrap() < 1.3);
    press(&mut model, "right right right right");
    assert!((first(&model).then.unwrap() - 2.5).abs() < 1e-9, "{:?}", first(&model));
    press(&mut model, "G");
    insta::assert_snapshot!("no_plan_160x48", frame(&mut model, 160, 48));
}

#[test]
fn arrows_change_and_what_breaks_first_moves() {
    let mut model = open();
    let over = |model: &Model| model.screens.capacity.fates.iter().filter(|f| f.state == Fares::Over).count();
    let load = state::base(&model).load(&model.screens.capacity.changes);
    assert!((load - 6.0).abs() < 1e-9, "the plan's target");
    let before = over(&model);
    keys(&mut model, "left left left left left");
    assert_eq!(model.screens.capacity.changes.get(&Name::Load), Some(2.0));
    assert!(over(&model) < before);
    keys(&mut model, "x");
    assert_eq!((model.screens.capacity.changes.is_empty(), over(&model)), (true, before));
    // The first resource gets room until another one is first; it stays chosen where it goes.
    let changes = state::base(&model).names().len();
    for _ in 0..changes {
        keys(&mut model, "down");
    }
    let first = state::chosen(&model).unwrap().key();
    assert_eq!(first, "server connections of the pool of pooler: shop as shop_app");
    keys(&mut model, "right right right right right right right right right");
    assert_eq!(state::chosen(&model).unwrap().key(), first);
    assert_ne!(model.screens.capacity.fates[0].of.subject, "pooler: shop as shop_app");
    keys(&mut model, "u");
    assert_eq!(model.screens.capacity.fates[0].of.subject, "pooler: shop as shop_app");
}

#[test]
fn a_number_is_typed_and_a_wrong_one_is_told() {
    let mut model = open();
    keys(&mut model, "=");
    type_text(&mut model, "many");
    keys(&mut model, "enter");
    insta::assert_snapshot!("typed_wrongly_80x24", frame(&mut model, 80, 24));
    keys(&mut model, "ctrl-u");
    type_text(&mut model, "12x");
    keys(&mut model, "enter");
    assert_eq!(model.screens.capacity.changes.get(&Name::Load), Some(12.0));
    assert!(model.overs.is_empty());
    // A ceiling in its own unit.
    keys(&mut model, "down down down down down down down down =");
    type_text(&mut model, "1GiB");
    keys(&mut model, "enter");
    let (name, times) = model.screens.capacity.changes.iter().last().unwrap();
    assert!(matches!(name, Name::Ceiling((check, ..)) if check == "redis.memory-near-limit"), "{name:?}");
    assert!((times - 1024.0 * 1024.0 * 1024.0 / 57_042_534.4).abs() < 1e-9);
}

#[test]
fn the_plans_figures_follow_and_only_the_latest_counts() {
    let mut model = open();
    let target = |model: &Model| {
        let line = model.screens.capacity.lines().find(|line| line.name == "instances-target").unwrap().clone();
        (line.plan.value, line.what_if.and_then(|figure| figure.value))
    };
    assert_eq!(target(&model), (Some(52.0), None));
    // Three keys while work is at the first: it is asked twice, not three times.
    let mut asked = press(&mut model, "left");
    asked.extend(press(&mut model, "left left"));
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(!model.screens.capacity.is_current());
    let Some(Effect::Capacity(wish)) = asked.pop() else { panic!("nothing was asked") };
    let again = update(&mut model, Event::Capacity(News(figures(&ground(), &wish))));
    assert_eq!(again.len(), 1, "the latest is asked for");
    settle(&mut model, again);
    assert!(model.screens.capacity.is_current());
    assert_eq!(model.screens.capacity.changes.get(&Name::Load), Some(3.0));
    let (plan, what_if) = target(&model);
    assert!(plan == Some(52.0) && what_if < plan, "{what_if:?}");
}

#[test]
fn instances_and_pools_of_the_plan_are_changed() {
    let mut model = open();
    let value = |model: &Model, name: &str| {
        let line = model.screens.capacity.lines().find(|line| line.name == name).unwrap().clone();
        line.what_if.and_then(|figure| figure.value)
    };
    keys(&mut model, "down down down down down right");
    assert_eq!(value(&model, "capacity"), Some(240.0), "four of 60/s");
    keys(&mut model, "down right");
    assert_eq!(value(&model, "pool-sum"), Some(44.0), "four instances with eleven connections each");
}

#[test]
fn formulas_show_on_enter() {
    let mut model = open();
    keys(&mut model, "enter");
    insta::assert_snapshot!("page_of_load_80x24", frame(&mut model, 80, 24));
    keys(&mut model, "esc down down down down down down down enter");
    assert!(matches!(model.nav.place(), Place::Figure(_)));
    insta::assert_snapshot!("page_of_resource_80x24", frame(&mut model, 80, 24));
    keys(&mut model, "left");
    assert_eq!(model.nav.place(), &Place::Tab(Tab::Capacity), "on a page left goes back");
    keys(&mut model, "G enter");
    insta::assert_snapshot!("page_of_figure_80x24", frame(&mut model, 80, 24));
}

fn hostile() -> Model {
    let mut model = demo();
    let mut hostile = (*audit()).clone();
    for bottleneck in &mut hostile.bottlenecks {
        bottleneck.subject = format!("\u{1b}]0;x\u{7}{}\u{202e}\r\n日本語| `x`", bottleneck.subject);
        bottleneck.ground = "\u{1b}[2J".repeat(20);
    }
    update(&mut model, Event::Judged(Arc::new(hostile)));
    keys(&mut model, "6");
    model
}

#[test]
fn hostile_names_reach_no_cell_and_no_table() {
    let mut model = hostile();
    for size in [(160, 48), (60, 18), (40, 12)] {
        frame(&mut model, size.0, size.1);
    }
    let copied = super::markdown(&model).unwrap();
    assert!(!copied.contains(['\u{1b}', '\u{7}', '\u{202e}', '\r']), "{copied}");
    keys(&mut model, "G k down up k k enter");
    let text = frame(&mut model, 80, 24);
    assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}', '\r']), "{text}");
}

#[test]
fn everything_over_its_ceiling_is_said_in_words() {
    let mut model = open();
    keys(&mut model, "=");
    type_text(&mut model, "10000x");
    keys(&mut model, "enter");
    let text = frame(&mut model, 160, 48);
    insta::assert_snapshot!("all_over_160x48", text);
    assert!(text.contains("OVER") && text.contains("Breaks first"), "{text}");
}

#[test]
#[expect(
    clippy::print_stderr,
    reason = "for a person who measures; it is no gate, because a machine under load is slow"
)]
fn a_key_costs_no_more_than_a_frame_with_thousands_of_resources() {
    let mut model = demo();
    let mut many = (*audit()).clone();
    let one = many.bottlenecks[3].clone();
    many.bottlenecks = (0..5_000)
        .map(|n| Bottleneck { subject: format!("server {n}"), grade: Grade::OnePoint, ..one.clone() })
        .collect();
    update(&mut model, Event::Judged(Arc::new(many)));
    press(&mut model, "6");
    let begin = Instant::now();
    press(&mut model, "left");
    frame(&mut model, 80, 24);
    eprintln!("a key over 5,000 resources took {:?}", begin.elapsed());
    assert_eq!(model.screens.capacity.fates.len(), 5_000);
}
