//! What holds on every screen.

mod frames;
mod hints;

pub(super) use frames::States;

use super::{
    command::{COMMANDS, Keymap},
    event::{Effect, Event, Mouse, MouseKind},
    fixture::{demo, empty, frame, hostile, press, type_text},
    model::{Gravity, Hit, Mode},
    nav::Place,
    over::Over,
    screen::{Tab, checklist},
    update::update,
    views::View,
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
fn every_screen_stands_in_the_row_of_names_at_every_width() {
    let mut model = demo();
    for width in [200, 90, 80, 79, 60, 59, 40] {
        for (at, tab) in Tab::ALL.into_iter().enumerate() {
            press(&mut model, &(at + 1).to_string());
            let text = frame(&mut model, width, 18);
            let names = text.lines().nth(1).unwrap();
            assert!((1..=8).all(|n: u8| names.contains(&n.to_string())), "{width}: {names}");
            assert!([tab.short(), tab.title()].iter().any(|name| names.contains(name)), "{width}: {names}");
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
fn sentences_name_the_keys_that_somebody_chose() {
    let own = |id: &str, keys: &[&str]| (id.to_owned(), keys.iter().map(|key| (*key).to_owned()).collect());
    let mut model = demo();
    model.keymap = Keymap::with(&[own("clear-filter", &["ctrl-t"]), own("runbook", &[])].into()).unwrap();
    press(&mut model, "2 enter");
    assert!(frame(&mut model, 80, 24).contains("Runbooks, :runbook opens"));
    press(&mut model, "esc / Q Q Q enter");
    assert!(frame(&mut model, 80, 24).contains("nothing fits the filter; ctrl-t takes it away"));
    press(&mut model, "ctrl-t");
    assert!(!frame(&mut model, 80, 24).contains("nothing fits"), "and it does");
    for command in COMMANDS.iter() {
        let (key, own) = (model.key(command.action), model.keymap.keys(command));
        assert_eq!(key, own.first().map_or_else(|| format!(":{}", command.id), ToString::to_string));
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
    for keys in ["1", "2", "enter", "3", "4", "enter", "5", "6", "7", "8", "?", "m"] {
        press(&mut model, keys);
        let before = (model.nav.path().to_vec(), frame(&mut model, 80, 24), model.messages.len());
        for text in ["q\nX", "q\nQ:quit\r\n", "2\u{1b}[201~q\u{3}\u{4}", "\n", ""] {
            assert_eq!(update(&mut model, Event::Paste(text.into())), [], "{keys}: {text:?}");
        }
        let after = (model.nav.path().to_vec(), frame(&mut model, 80, 24), model.messages.len());
        assert_eq!(before, after, "{keys}: a paste where nothing takes text is nothing");
    }
}

#[test]
fn a_paste_into_what_takes_text_is_one_line_of_harmless_text() {
    const HOSTILE: &str = "\r\nwal\u{1b}[2J\n\u{202e}quit\u{7}\nX\n";
    const LINE: &str = "wal[2J quit X";
    for (tab, what) in [("2", "findings"), ("3", "live"), ("4", "runbooks"), ("5", "checklist")] {
        let mut model = if tab == "5" { checklist::tests::shown() } else { demo() };
        press(&mut model, &format!("{tab} /"));
        assert_eq!(update(&mut model, Event::Paste(HOSTILE.into())), [], "{what}");
        press(&mut model, "left left");
        update(&mut model, Event::Paste("-\n-".into()));
        press(&mut model, "enter");
        let text = frame(&mut model, 80, 24);
        assert!(text.contains("wal[2J quit- - X"), "{what}: where the typing mark stood: {text}");
        assert!(model.overs.is_empty() && !text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{what}: {text}");
        let view = View::of(&model, model.look.palette, None);
        assert!(serde_json::to_string(&view).unwrap().contains("wal[2J quit- - X"), "{what}");
    }
    let mut model = demo();
    press(&mut model, ":");
    assert_eq!(update(&mut model, Event::Paste("colo\nurs\n".into())), []);
    assert!(matches!(model.overs.last(), Some(Over::Palette(palette)) if palette.input.value() == "colo urs"));
    press(&mut model, "esc 6 =");
    assert_eq!(update(&mut model, Event::Paste(HOSTILE.into())), []);
    assert!(matches!(model.overs.last(), Some(Over::Form(form)) if form.fields[0].value() == LINE));
}

#[test]
fn a_filter_that_is_out_of_sight_takes_neither_keys_nor_a_paste() {
    let mut model = demo();
    press(&mut model, "2 /");
    frame(&mut model, 80, 24);
    // With the mouse one gets away while a filter is typed.
    let (area, _) = *model.hits.iter().find(|(_, hit)| *hit == Hit::Tab(Tab::Overview)).unwrap();
    update(&mut model, Event::Mouse(Mouse { x: area.x, y: area.y, what: MouseKind::Click }));
    assert_eq!(model.nav.tab(), Tab::Overview);
    update(&mut model, Event::Paste("memory".into()));
    assert_eq!(model.screens.findings.filter.value(), "");
    press(&mut model, "6");
    assert_eq!(model.nav.tab(), Tab::Capacity);
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
