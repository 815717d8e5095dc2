use std::sync::Arc;

use super::{News, Purpose, Row, Wish};
use crate::{
    readiness::checklist::{Checklist, State as Stands},
    source::Folders,
    tui::{
        event::{Effect, Event},
        fixture::{checklist, demo, empty, failing, frame, press, type_text},
        model::Model,
        nav::Place,
        over::Over,
        tests::States,
        update::update,
    },
};

/// The checklist of the demo, with a place to sign in.
pub(in crate::tui) fn shown() -> Model {
    with((*checklist()).clone())
}

fn with(list: Checklist) -> Model {
    let mut model = demo();
    model.folders =
        Some(Folders { attestations: Some("repo/attestations".into()), waivers: Some("repo/waivers".into()) });
    let effects = press(&mut model, "5");
    assert!(matches!(effects.as_slice(), [Effect::Checklist(Wish::List(_))]), "the list is asked for");
    update(&mut model, Event::Checklist(News::Listed(Arc::new(list))));
    model
}

/// Goes to a criterion of the list.
fn to(model: &mut Model, id: &str) {
    if !model.screens.checklist.filter.value().is_empty() {
        press(model, "ctrl-l");
    }
    press(model, "/");
    type_text(model, id);
    press(model, "enter");
    let list = model.screens.checklist.list.clone().unwrap();
    let is_it = |row: &Row| matches!(row, Row::Item(at) if list.items[*at].id == id);
    let at = model.screens.checklist.shown.iter().position(is_it).unwrap();
    let len = model.screens.checklist.shown.len();
    model.screens.checklist.cursor.go(at, len);
}

/// The states of this screen; it fails where the list cannot be made of what was judged.
pub(in crate::tui) fn states() -> States {
    let mut none = empty(Some("staging"));
    press(&mut none, "5");
    let mut failing = failing();
    press(&mut failing, "5");
    let words = "read attestations/web.toml:7:1: unknown field `answerd`, expected `answered_by`";
    update(&mut failing, Event::Checklist(News::NotListed(words.into())));
    States { empty: none, full: shown(), failing, hostile: hostile() }
}

#[test]
fn the_frame_of_the_checklist() {
    let mut model = shown();
    insta::assert_snapshot!("checklist_60x18", frame(&mut model, 60, 18));
}

#[test]
fn the_frame_of_what_is_open_in_all_packs() {
    let mut model = shown();
    press(&mut model, "s o");
    insta::assert_snapshot!("checklist_open_80x24", frame(&mut model, 80, 24));
}

#[test]
fn the_frame_of_a_criterion() {
    let mut model = shown();
    to(&mut model, "stages.queries-per-request");
    press(&mut model, "enter");
    insta::assert_snapshot!("criterion_asked_80x24", frame(&mut model, 80, 24));
    let mut model = shown();
    to(&mut model, "stages.lock-contention");
    press(&mut model, "enter");
    insta::assert_snapshot!("criterion_fails_80x24", frame(&mut model, 80, 24));
    let mut model = shown();
    to(&mut model, "stages.clean-code");
    press(&mut model, "enter");
    insta::assert_snapshot!("criterion_answered_80x24", frame(&mut model, 80, 24));
}

#[test]
fn before_the_first_audit_it_says_what_it_waits_for_and_what_went_wrong() {
    let mut model = empty(Some("staging"));
    assert!(press(&mut model, "5").is_empty());
    update(&mut model, Event::Checklist(News::NotListed("only a part was judged".into())));
    assert!(frame(&mut model, 80, 24).contains("only a part was judged"));
    let mut model = shown();
    update(&mut model, Event::Checklist(News::NotListed("web.toml:7:1: unknown field".into())));
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("this list is of an audit before: web.toml:7:1: unknown field"), "{text}");
    assert!(text.contains("One region only"), "what was known stays to be read");
}

#[test]
fn the_list_is_made_once_for_an_audit() {
    let mut model = shown();
    press(&mut model, "1");
    assert!(press(&mut model, "5").is_empty(), "it is of this audit already");
    let newer = Arc::new((*crate::tui::fixture::audit()).clone());
    let asks = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Checklist(Wish::List(_))));
    assert!(asks(&update(&mut model, Event::Judged(Arc::clone(&newer)))));
    press(&mut model, "1");
    assert!(!asks(&update(&mut model, Event::Judged(Arc::new((*newer).clone())))), "nobody looks at it");
    assert!(asks(&press(&mut model, "5")));
}

#[test]
fn filters_take_words_states_packs_and_people() {
    let ids = |text: &str| {
        let mut model = shown();
        press(&mut model, "/");
        type_text(&mut model, text);
        let list = model.screens.checklist.list.clone().unwrap();
        let of = |row: &Row| match row {
            Row::Item(at) => Some(list.items[*at].clone()),
            _ => None,
        };
        model.screens.checklist.shown.iter().filter_map(of).collect::<Vec<_>>()
    };
    let open = ids("is:open");
    assert!(!open.is_empty() && open.iter().all(|item| item.state.is_open()));
    assert!(ids("is:soon").iter().all(|item| item.state == Stands::ExpiresSoon) && ids("is:soon").len() == 3);
    assert!(ids("is:fail").iter().all(|item| item.state == Stands::Fails) && !ids("is:fail").is_empty());
    let launch = ids("pack:launch is:gate");
    assert!(
        !launch.is_empty() && launch.iter().all(|item| item.id.starts_with("launch.") && item.gate),
        "other packs, too"
    );
    assert!(
        ids("by:web").iter().all(|item| item.answered_by.as_deref() == Some("web team")) && !ids("by:web").is_empty()
    );
    assert!(ids("!stages").is_empty());
    assert_eq!(ids("is:nothing").len(), 0);
}

#[test]
fn a_group_is_folded_and_unfolded() {
    let mut model = shown();
    let all = model.screens.checklist.shown.len();
    press(&mut model, "g enter");
    let folded = model.screens.checklist.shown.len();
    assert!(folded < all);
    assert_eq!(*model.nav.place(), Place::Tab(crate::tui::screen::Tab::Checklist));
    assert!(frame(&mut model, 80, 24).contains(" > + stage 1"));
    press(&mut model, "enter");
    assert_eq!(model.screens.checklist.shown.len(), all);
}

#[test]
fn a_question_is_answered_in_place() {
    let mut model = shown();
    to(&mut model, "stages.queries-per-request");
    press(&mut model, "a");
    insta::assert_snapshot!("checklist_answer_80x24", frame(&mut model, 80, 24));
    press(&mut model, "y enter enter enter");
    type_text(&mut model, "https://wiki/7");
    let effects = press(&mut model, "enter enter enter");
    let [Effect::Checklist(Wish::Sign(Purpose::Answer(id), values))] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert_eq!(id, "stages.queries-per-request");
    assert_eq!(values[0], "yes");
    assert_eq!(values[1], "ada", "who sits here");
    assert_eq!(values[2], "2026-04-02", "the latest day: 90 days from the second of January");
    assert_eq!(values[3..], ["https://wiki/7", "", ""]);
}

#[test]
fn what_was_refused_comes_back_as_it_was_filled_in() {
    let mut model = shown();
    to(&mut model, "stages.queries-per-request");
    let values = ["no", "bo", "2029-01-01", "seen", "a.pdf", "why"].map(str::to_owned).to_vec();
    let purpose = Purpose::Answer("stages.queries-per-request".into());
    let refused = || News::Refused(purpose.clone(), values.clone(), "2029-01-01 is too far away".into());
    update(&mut model, Event::Checklist(refused()));
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("2029-01-01 is too far away"), "{text}");
    let Some(Over::Form(form)) = model.overs.last() else { panic!("no form") };
    assert_eq!(form.fields.iter().map(crate::tui::over::Field::value).collect::<Vec<_>>(), values);
    press(&mut model, "esc : ");
    update(&mut model, Event::Checklist(refused()));
    assert!(matches!(model.overs.as_slice(), [Over::Palette(_)]), "what is typed elsewhere is not torn away");
    press(&mut model, "esc a");
    let Some(Over::Form(form)) = model.overs.last() else { panic!("no form") };
    assert_eq!(form.fields[5].value(), "why", "and the draft waits");
    update(&mut model, Event::Checklist(News::Signed("answered in x".into())));
    press(&mut model, "esc a");
    let Some(Over::Form(form)) = model.overs.last() else { panic!("no form") };
    assert_eq!(form.fields[5].value(), "", "what is written is no draft");
}

#[test]
fn what_cannot_be_signed_says_why() {
    let mut model = shown();
    to(&mut model, "stages.lock-contention");
    let why = |model: &mut Model, key: &str| {
        press(model, key);
        assert!(model.overs.is_empty());
        model.messages.last().unwrap().text.clone()
    };
    assert!(why(&mut model, "a").contains("it asks nobody"));
    assert!(why(&mut model, "A").contains("nobody has answered"));
    assert!(why(&mut model, "e").contains("nobody has answered"));
    press(&mut model, "W");
    assert!(frame(&mut model, 80, 24).contains("Accept the fail for a time"));
    press(&mut model, "esc");
    to(&mut model, "stages.queries-per-request");
    assert!(why(&mut model, "W").contains("only a fail"));
    model.folders = None;
    assert!(why(&mut model, "a").contains("--attestations DIR"));
}

#[test]
fn the_second_person_is_not_the_first() {
    let mut list = (*checklist()).clone();
    let item = list.items.iter_mut().find(|item| item.id == "stages.clean-code").unwrap();
    item.answered_by = Some("Ada".into());
    item.question.as_mut().unwrap().two_person = true;
    let mut model = with(list);
    to(&mut model, "stages.clean-code");
    press(&mut model, "A");
    let Some(Over::Form(form)) = model.overs.last() else { panic!("no form") };
    assert_eq!(form.fields[0].value(), "", "who sits here has answered");
}

fn hostile() -> Model {
    let mut list = (*checklist()).clone();
    for item in &mut list.items {
        item.title = format!("{} \u{1b}[2J日本語\u{202e} wide", item.title);
        item.message = "a\u{7}\r\n\u{1b}]0;x\u{7}".repeat(9);
        item.answered_by = Some("evil\u{200b}\u{1b}[31m".into());
    }
    with(list)
}

#[test]
fn hostile_text_reaches_no_cell() {
    let mut model = hostile();
    for keys in ["g j", "enter", "esc a", "esc"] {
        press(&mut model, keys);
        for (width, height) in [(80, 24), (160, 48), (60, 18), (40, 12)] {
            let text = frame(&mut model, width, height);
            assert!(!text.contains(['\u{1b}', '\u{7}', '\r', '\u{202e}', '\u{200b}']), "{keys}: {text}");
        }
    }
}
