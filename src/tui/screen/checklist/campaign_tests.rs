use std::sync::{Arc, OnceLock};

use super::{News, Planned, Purpose, Row, Wish};
use crate::{
    readiness::campaign::{Entry, Stands},
    source::Folders,
    tui::{
        event::{Effect, Event},
        fixture::{checklist, demo, empty, frame, planned, press, type_text},
        model::Model,
        nav::Place,
        over::Over,
        tests::States,
        update::update,
    },
};

/// The demo was recorded on 2026-11-21. Testing is due before that day, and so is overdue.
const SALE: &str = "name = \"Spring sale\"\ndate = 2026-12-20\nload = \"4800/s\"\nowner = \"platform team\"\n\
                    stage = \"2\"\npacks = [\"launch\"]\n[owners]\ntesting = \"test team\"\ndatabase = \"dba\"\n\
                    [due]\nload-tests = 35\ndatabase = 14\n";

/// The checklist of the demo with a campaign, and a place to sign in.
fn shown(text: &str) -> Model {
    with(planned(text))
}

/// The same with a campaign of some days.
pub(in crate::tui) fn full() -> Model {
    static SOLD: OnceLock<Planned> = OnceLock::new();
    with(Ok(SOLD.get_or_init(|| planned(SALE).unwrap()).clone()))
}

fn with(planned: Result<Planned, String>) -> Model {
    let mut model = demo();
    model.folders =
        Some(Folders { attestations: Some("repo/attestations".into()), waivers: Some("repo/waivers".into()) });
    press(&mut model, "5");
    update(&mut model, Event::Checklist(News::Planned(planned.map(Arc::new))));
    update(&mut model, Event::Checklist(News::Listed(checklist())));
    model
}

fn entries(model: &Model) -> Vec<Entry> {
    let state = &model.screens.checklist;
    state.shown.iter().filter_map(|row| state.entry(*row).cloned()).collect()
}

/// Goes to a demand of the list.
fn to(model: &mut Model, fits: impl Fn(&Entry) -> bool) {
    let state = &mut model.screens.checklist;
    let at = state.shown.iter().position(|row| state.entry(*row).is_some_and(&fits)).unwrap();
    state.cursor.go(at, state.shown.len());
}

/// The states of a campaign's list; it fails where it cannot be held against what was judged.
pub(in crate::tui) fn states() -> States {
    let mut none = empty(Some("staging"));
    press(&mut none, "5");
    let failing = with(Err("campaigns/sale.toml: `date` is 2026-04-01, and the audit is of 2026-11-21".into()));
    States { empty: none, full: full(), failing, hostile: hostile() }
}

#[test]
fn the_frame_of_a_campaign() {
    let mut model = shown(SALE);
    insta::assert_snapshot!("campaign_60x18", frame(&mut model, 60, 18));
}

#[test]
fn the_frame_of_an_answer_that_ends_before_the_day() {
    let mut model = shown(SALE);
    press(&mut model, "/");
    type_text(&mut model, "is:ends");
    press(&mut model, "enter");
    assert!(entries(&model).iter().all(|entry| entry.ends.is_some()) && !entries(&model).is_empty());
    insta::assert_snapshot!("campaign_ends_160x48", frame(&mut model, 160, 48));
    to(&mut model, |entry| entry.id == "stages.latency-p95");
    press(&mut model, "enter");
    assert_eq!(*model.nav.place(), Place::Criterion("stages.latency-p95".into()));
    insta::assert_snapshot!("campaign_ends_80x24", frame(&mut model, 80, 24));
}

#[test]
fn the_frames_of_what_is_no_criterion() {
    let mut model = shown(SALE);
    to(&mut model, |entry| entry.id == "load-test");
    press(&mut model, "enter");
    insta::assert_snapshot!("campaign_load_test_80x24", frame(&mut model, 80, 24));
    let mut model = shown(&SALE.replace("load = \"4800/s\"", "multiple = 6"));
    to(&mut model, |entry| entry.id == "headroom" && entry.stands == Stands::NotReady);
    press(&mut model, "enter");
    insta::assert_snapshot!("campaign_headroom_80x24", frame(&mut model, 80, 24));
    press(&mut model, "a");
    assert!(model.overs.is_empty());
    assert!(model.messages.last().unwrap().text.contains("nobody can sign it"));
}

#[test]
fn the_campaign_comes_first_and_a_key_leads_to_the_packs_and_back() {
    let mut model = shown(SALE);
    let demanded = planned(SALE).unwrap();
    assert_eq!(entries(&model).len(), demanded.campaign.entries.len(), "all that the command line lists");
    to(&mut model, |entry| entry.id == "stages.queries-per-request");
    press(&mut model, "s");
    assert!(model.messages.last().unwrap().text.contains("c lists the packs"));
    press(&mut model, "c");
    assert!(entries(&model).is_empty() && frame(&mut model, 80, 24).contains("all that the stage demands"));
    let chosen = |model: &Model| super::chosen(model).map(|item| item.id.clone());
    assert_eq!(chosen(&model).as_deref(), Some("stages.queries-per-request"), "what was chosen stays chosen");
    press(&mut model, "c");
    assert_eq!(chosen(&model).as_deref(), Some("stages.queries-per-request"));
    assert_eq!(entries(&model).len(), demanded.campaign.entries.len());
    let mut model = demo();
    press(&mut model, "5 c");
    assert!(model.messages.last().unwrap().text.contains("--campaign FILE"));
}

#[test]
fn a_campaign_that_cannot_be_held_against_the_audit_says_why_above_the_packs() {
    let mut model = shown(&SALE.replace("2026-12-20", "2026-11-01"));
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("no campaign: `Spring sale` was on 2026-11-01"), "{text}");
    assert!(text.contains("stage 1, Startup"), "{text}");
    press(&mut model, "c");
    assert!(model.messages.last().unwrap().text.contains("write the date of the next one"));
}

#[test]
fn what_is_due_is_grouped_by_day_and_what_is_overdue_comes_first() {
    let mut model = shown(SALE);
    let state = &model.screens.checklist;
    let first = &state.dues[0];
    assert!(first.overdue && first.day.to_string() == "2026-11-15", "{first:?}");
    assert!(state.dues.iter().map(|due| due.entries.len()).sum::<usize>() > 20);
    let all = state.shown.len();
    assert!(matches!(state.shown[0], Row::Due(0)));
    let hidden = first.entries.len();
    press(&mut model, "g enter");
    assert_eq!(model.screens.checklist.shown.len(), all - hidden);
    press(&mut model, "enter o");
    assert!(entries(&model).iter().all(|entry| entry.stands < Stands::Accepted));
}

#[test]
fn filters_take_owners_and_the_day() {
    let of = |text: &str| {
        let mut model = shown(SALE);
        press(&mut model, "/");
        type_text(&mut model, text);
        entries(&model)
    };
    let is_of =
        |entries: &[Entry], owner: &str| !entries.is_empty() && entries.iter().all(|entry| entry.owner == owner);
    assert!(is_of(&of("owner:test"), "test team"));
    assert!(of("dba").iter().any(|entry| entry.owner == "dba"), "words fit owners, too");
    assert!(of("!platform").iter().all(|entry| entry.owner != "platform team"));
    let late = of("is:overdue");
    assert!(!late.is_empty() && late.iter().all(|entry| entry.overdue));
    assert!(of("is:fail").iter().all(|entry| entry.stands == Stands::NotReady) && !of("is:fail").is_empty());
    assert!(of("is:unproven").iter().all(|entry| entry.stands == Stands::Unproven));
    assert!(of("is:pass").iter().all(|entry| entry.stands == Stands::Ready) && !of("is:pass").is_empty());
    assert!(of("pack:launch").iter().all(|entry| entry.id.starts_with("launch.")) && !of("pack:launch").is_empty());
    assert_eq!(of("owner:nobody-of-that-name").len(), 0);
}

#[test]
fn a_demand_is_answered_in_place_and_the_row_changes() {
    let mut model = shown(SALE);
    to(&mut model, |entry| entry.id == "stages.queries-per-request");
    press(&mut model, "a");
    assert!(matches!(model.overs.last(), Some(Over::Form(_))));
    press(&mut model, "y enter enter enter");
    type_text(&mut model, "https://wiki/7");
    let effects = press(&mut model, "enter enter enter");
    let [Effect::Checklist(Wish::Sign(Purpose::Answer(id), _))] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(id, "stages.queries-per-request");
    let mut after = planned(SALE).unwrap();
    let entry = after.campaign.entries.iter_mut().find(|entry| entry.id == *id).unwrap();
    entry.stands = Stands::Ready;
    update(&mut model, Event::Checklist(News::Planned(Ok(Arc::new(after)))));
    let state = &model.screens.checklist;
    let chosen = state.entry(state.shown[state.cursor.at]).unwrap();
    assert_eq!((chosen.id.as_str(), chosen.stands), (id.as_str(), Stands::Ready), "it stays chosen");
}

#[test]
fn what_is_copied_says_who_owes_it_by_when() {
    let mut model = shown(SALE);
    to(&mut model, |entry| entry.id == "load-test");
    let effects = press(&mut model, "y Y");
    let copied: Vec<_> =
        effects.iter().filter_map(|effect| if let Effect::Copy(text) = effect { Some(text) } else { None }).collect();
    assert_eq!(copied.len(), 2);
    assert!(copied.iter().all(|text| text.contains("test team") && text.contains("OVERDUE")), "{copied:?}");
    to(&mut model, |entry| entry.id == "stages.queries-per-request");
    let effects = press(&mut model, "Y");
    let [Effect::Copy(text)] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(text.contains("- For Spring sale on 2026-12-20: UNPROVEN; owed by dba, due 2026-12-06"), "{text}");
}

fn hostile() -> Model {
    let mut evil = planned(SALE).unwrap();
    evil.campaign.name = "sale\u{1b}[2J\u{202e}日本語 ".repeat(9);
    evil.campaign.multiple_from = "a\u{7}\r\n".into();
    for entry in &mut evil.campaign.entries {
        entry.title = format!("{}\u{1b}]0;x\u{7}日本語", entry.title);
        entry.owner = "evil\u{200b}\u{1b}[31m\r\n".repeat(5);
        entry.message = "\u{1b}[2J".repeat(9);
    }
    with(Ok(evil))
}

#[test]
fn hostile_text_of_a_campaign_reaches_no_cell() {
    let mut model = hostile();
    for keys in ["g j", "enter", "esc", "G enter", "esc c"] {
        press(&mut model, keys);
        for (width, height) in [(80, 24), (160, 48), (60, 18), (40, 12)] {
            let text = frame(&mut model, width, height);
            assert!(!text.contains(['\u{1b}', '\u{7}', '\r', '\u{202e}', '\u{200b}']), "{keys}: {text}");
        }
    }
}
