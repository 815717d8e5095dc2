//! What holds on every screen.

use super::{
    command::COMMANDS,
    event::{Effect, Event},
    fixture::{demo, empty, frame, hostile, press, type_text},
    model::{Gravity, Mode},
    nav::Place,
    screen::Tab,
    update::update,
};

#[test]
fn the_first_frame_says_whom_it_is_about() {
    let mut model = empty(Some("production"));
    insta::assert_snapshot!(frame(&mut model, 80, 24));
}

#[test]
fn every_screen_is_reached_by_its_number_and_shows_who_is_looked_at_at_every_size() {
    let mut model = demo();
    for (at, tab) in Tab::ALL.into_iter().enumerate() {
        press(&mut model, &(at + 1).to_string());
        assert_eq!(model.nav.tab(), tab);
        for (width, height) in [(200, 60), (160, 48), (80, 24), (60, 18), (40, 12), (39, 11), (1, 1)] {
            frame(&mut model, width, height);
        }
    }
}

#[test]
fn hints_are_of_the_table_and_the_way_out_is_always_told() {
    let mut model = demo();
    for (width, tab) in [(40, 1), (80, 2), (200, 3)] {
        press(&mut model, &tab.to_string());
        let text = frame(&mut model, width, 24);
        let last = text.lines().last().unwrap();
        assert!(last.contains("q quit") && last.contains("? help"), "{last}");
    }
}

#[test]
fn the_palette_holds_every_command_and_says_why_one_cannot_be_done() {
    let mut model = demo();
    press(&mut model, ":");
    type_text(&mut model, "refresh");
    let text = frame(&mut model, 100, 24);
    assert!(text.contains("a recording asks nobody"), "{text}");
    press(&mut model, "esc :");
    type_text(&mut model, "findings");
    press(&mut model, "enter");
    assert_eq!(model.nav.tab(), Tab::Findings);
    assert!(COMMANDS.len() > 30);
}

#[test]
fn help_has_the_keys_of_this_screen_first_what_is_asked_and_how_to_unlock() {
    let mut model = demo();
    press(&mut model, "6 ?");
    insta::assert_snapshot!("help_80x24", frame(&mut model, 80, 24));
    press(&mut model, "G");
    insta::assert_snapshot!("help_end_80x24", frame(&mut model, 80, 24));
    press(&mut model, "g q");
    assert!(model.overs.is_empty() && model.nav.tab() == Tab::Capacity, "any other key only closes it");
    let mut live = empty(Some("production"));
    super::fixture::tell(&mut live);
    live.sources[0].per_minute = 42.0;
    live.sources[0].every = Some(std::time::Duration::from_secs(2));
    press(&mut live, "?");
    let text = frame(&mut live, 120, 200);
    assert!(text.contains("42 questions a minute, a round every 2 s"), "{text}");
    assert!(text.contains(":unlock") && text.contains("Here: Overview"), "{text}");
    let at = |words: &str| text.find(words).unwrap_or(usize::MAX);
    assert!(at("Here: Overview") < at("On every screen") && at("On every screen") < at("Elsewhere: Findings"));
}

#[test]
fn a_paste_never_walks_through_menus() {
    let mut model = demo();
    assert!(update(&mut model, Event::Paste("q\nQ:quit\n".into())).is_empty());
    assert_eq!(model.nav.tab(), Tab::Overview);
    assert!(model.overs.is_empty());
}

#[test]
fn an_error_stays_until_it_is_seen_off_and_is_kept() {
    let mut model = demo();
    update(&mut model, Event::Said(Gravity::Error, "the \u{1b}[31mdisk\u{202e} is full".into()));
    let later = model.now + std::time::Duration::from_secs(60);
    update(&mut model, Event::Tick(later));
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("ERROR the") && !text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
    press(&mut model, "esc");
    assert!(!frame(&mut model, 80, 24).contains("ERROR"));
    press(&mut model, "m");
    assert!(frame(&mut model, 80, 24).contains("disk"));
}

#[test]
fn what_is_unlocked_is_locked_again_without_keys() {
    let mut model = empty(Some("production"));
    press(&mut model, ":");
    type_text(&mut model, "unlock");
    press(&mut model, "enter");
    assert_eq!(model.about.mode, Mode::Guarded);
    let later = model.now + super::model::UNLOCKED_FOR;
    update(&mut model, Event::Tick(later));
    assert_eq!(model.about.mode, Mode::Observe { locked: false });
    model.about.mode = Mode::Observe { locked: true };
    press(&mut model, ":");
    type_text(&mut model, "unlock");
    press(&mut model, "enter");
    assert_eq!(model.about.mode, Mode::Observe { locked: true }, "--read-only cannot be unlocked");
}

#[test]
fn a_finding_is_opened_and_left_again() {
    let mut model = demo();
    press(&mut model, "enter");
    assert!(matches!(model.nav.place(), Place::Finding { .. }));
    press(&mut model, "esc");
    assert_eq!(model.nav.place(), &Place::Tab(Tab::Overview));
    assert_eq!(press(&mut model, "q"), [Effect::Quit { printing: false }]);
}

#[test]
fn hostile_text_reaches_no_cell() {
    let mut model = hostile();
    for keys in ["1", "2", "enter", "esc", "3", "4", "5", "6", "7", "8"] {
        press(&mut model, keys);
        let text = frame(&mut model, 80, 24);
        assert!(!text.contains(['\u{1b}', '\u{7}', '\r', '\t', '\u{202e}']), "{keys}: {text}");
    }
}

#[test]
fn another_target_is_a_choice_away() {
    let mut model = empty(None);
    press(&mut model, "T");
    assert!(frame(&mut model, 80, 24).contains("no other target"));
    model.about.targets = vec!["shop".into(), "shop-staging".into()];
    press(&mut model, "T");
    assert!(frame(&mut model, 80, 24).contains("shop-staging"));
    assert_eq!(press(&mut model, "1"), [], "where one is already");
    press(&mut model, "T");
    assert_eq!(press(&mut model, "2"), [Effect::Switch("shop-staging".into())]);
}
