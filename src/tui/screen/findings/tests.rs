use std::{path::PathBuf, sync::Arc};

use super::{News, Part, Wish};
use crate::{
    check::finding::{Finding, Status},
    report::Audit,
    source::Folders,
    tui::{
        event::{Effect, Event},
        fixture::{audit, demo, empty, failing, frame, hostile, press, styled, type_text},
        model::Model,
        nav::Place,
        over::Over,
        screen::Tab,
        tests::States,
        theme::Palette,
        update::update,
    },
};

/// The states of this screen.
pub(in crate::tui) fn states() -> States {
    let here = |mut model: Model| {
        press(&mut model, "2");
        model
    };
    States {
        empty: here(empty(Some("production"))),
        full: here(demo()),
        failing: here(failing()),
        hostile: here(hostile()),
    }
}

#[test]
fn the_demo() {
    let mut model = demo();
    press(&mut model, "2");
    insta::assert_snapshot!("full_60x18", frame(&mut model, 60, 18));
    press(&mut model, "a G");
    insta::assert_snapshot!("all_80x24", frame(&mut model, 80, 24));
    model.look.palette = Palette::Mono;
    insta::assert_snapshot!("full_mono", styled(&mut model, 80, 24));
}

#[test]
fn a_source_has_fallen_silent() {
    let mut model = failing();
    press(&mut model, "2");
    press(&mut model, "/");
    type_text(&mut model, "is:unknown source:cache");
    insta::assert_snapshot!("failing_filtered_160x48", frame(&mut model, 160, 48));
    press(&mut model, "enter enter");
    insta::assert_snapshot!("failing_open_80x24", frame(&mut model, 80, 24));
}

#[test]
fn texts_that_mean_harm() {
    let mut model = hostile();
    press(&mut model, "2 enter");
    insta::assert_snapshot!("hostile_open_80x24", frame(&mut model, 80, 24));
}

#[test]
fn one_finding_and_a_block_in_its_evidence() {
    let mut model = demo();
    press(&mut model, "enter");
    insta::assert_snapshot!("open_80x24", frame(&mut model, 80, 24));
    press(&mut model, "n n n");
    insta::assert_snapshot!("open_lock_tree_100x60", frame(&mut model, 100, 60));
    press(&mut model, "N");
    assert!(frame(&mut model, 80, 24).contains("waiting-clients"));
    assert_eq!(press(&mut model, "esc"), []);
    assert_eq!(model.nav.place(), &Place::Tab(Tab::Overview), "one way back, however many were read");
    press(&mut model, "enter N");
    assert!(model.message().unwrap().text.contains("the first finding"));
}

#[test]
fn the_filter_follows_each_letter_and_says_what_it_does_not_know() {
    let mut model = demo();
    press(&mut model, "2 /");
    type_text(&mut model, "is:fail !lock");
    insta::assert_snapshot!("filter_80x24", frame(&mut model, 80, 24));
    press(&mut model, "enter esc");
    press(&mut model, "/");
    press(&mut model, "ctrl-u");
    type_text(&mut model, " stage:memory");
    let text = frame(&mut model, 100, 24);
    assert!(text.contains("no field `stage`; there are is, domain"), "{text}");
    press(&mut model, "esc");
    assert!(!frame(&mut model, 100, 24).contains("stage"), "leaving the filter takes it away");
}

/// A model over so many findings that a list takes longer than a key may.
fn large() -> Model {
    let mut large: Audit = (*audit()).clone();
    let some = large.findings.clone();
    let of = |n: usize| {
        some.iter().map(move |finding| Finding { subject: format!("{} {n}", finding.subject), ..finding.clone() })
    };
    large.findings = (0..160).flat_map(of).collect();
    large.findings.sort_by_key(|finding| std::cmp::Reverse(finding.status));
    let mut model = demo();
    press(&mut model, "2");
    for effect in update(&mut model, Event::Judged(Arc::new(large))) {
        work(&mut model, effect);
    }
    model
}

/// Does the work of a list as the task does.
fn work(model: &mut Model, effect: Effect) {
    let Effect::Findings(Wish::List(job)) = effect else { panic!("a list is wanted, not {effect:?}") };
    update(model, Event::Findings(News::Listed(job.run())));
}

#[test]
fn a_long_list_is_made_in_a_task_and_the_old_one_stays_until_then() {
    let mut model = large();
    let before = model.screens.findings.shown.len();
    assert_eq!(before, 3_200);
    press(&mut model, "/");
    let mut effects = Vec::new();
    for c in "is:fail".chars() {
        effects.extend(update(
            &mut model,
            Event::Key(crate::tui::key::Key { code: crossterm::event::KeyCode::Char(c), ctrl: false }),
        ));
    }
    assert_eq!(model.screens.findings.shown.len(), before, "the old list stays");
    assert!(frame(&mut model, 80, 24).contains("making the list"));
    let last = effects.pop().unwrap();
    for early in effects.into_iter().take(1) {
        work(&mut model, early);
        assert_eq!(model.screens.findings.shown.len(), before, "a list that nobody wants any more is dropped");
    }
    work(&mut model, last);
    assert_eq!(model.screens.findings.shown.len(), 800);
    assert!(!frame(&mut model, 80, 24).contains("making the list"));
    let spaced = press(&mut model, "space").pop().unwrap();
    work(&mut model, spaced);
    assert!(press(&mut model, "p").is_empty(), "what only narrows a short list is done at once");
}

#[test]
fn the_frame_of_columns_that_somebody_chose() {
    let mut model = demo();
    model.layout.findings = Some(vec![Part::Number, Part::Check, Part::Severity, Part::Subject]);
    press(&mut model, "2");
    insta::assert_snapshot!("findings_columns_80x24", frame(&mut model, 80, 24));
    insta::assert_snapshot!("findings_columns_160x48", frame(&mut model, 160, 48));
    let head = |text: String| text.lines().find(|line| line.contains("number")).unwrap().to_owned();
    let narrow = head(frame(&mut model, 50, 24));
    assert!(narrow.contains("check") && !narrow.contains("severity"), "the least goes first as ever: {narrow}");
    model.layout.findings = Some(vec![Part::Age, Part::Trend]);
    assert!(frame(&mut model, 80, 24).contains("> FAIL"), "the status stays where nothing else is known");
}

#[test]
fn a_paste_filters_once() {
    let mut model = demo();
    press(&mut model, "2 /");
    let lists = |model: &Model| model.screens.findings.lists();
    let before = lists(&model);
    assert!(update(&mut model, Event::Paste("is:fail\nmemory".into())).is_empty());
    assert_eq!(lists(&model), before + 1, "one list, however long the text");
    assert_eq!(model.screens.findings.filter.value(), "is:fail memory");
    let shown = model.screens.findings.shown.len();
    assert!(shown > 0 && shown < model.all().len());
}

#[test]
fn a_new_judgement_keeps_what_is_chosen_and_what_is_open() {
    let mut model = demo();
    press(&mut model, "2 j j j");
    let chosen = model.chosen_finding().unwrap().clone();
    let mut later = (*audit()).clone();
    later.findings.remove(0);
    update(&mut model, Event::Judged(Arc::new(later.clone())));
    assert_eq!(model.chosen_finding().unwrap().subject, chosen.subject);
    press(&mut model, "enter");
    later.findings.retain(|finding| finding.check != chosen.check);
    update(&mut model, Event::Judged(Arc::new(later)));
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("no longer in the latest audit") && text.contains(&chosen.title), "{text}");
}

#[test]
fn what_moved_is_told_and_sorted_first() {
    let mut model = empty(None);
    crate::tui::fixture::tell(&mut model);
    press(&mut model, "2");
    assert!(!frame(&mut model, 80, 24).contains("trend"), "there is nothing to compare with");
    let mut later = (*audit()).clone();
    let moved = later.findings.iter_mut().rev().find(|finding| finding.status == Status::Warn).unwrap();
    moved.status = Status::Fail;
    let check = moved.check.clone();
    later.findings.sort_by_key(|finding| std::cmp::Reverse(finding.status));
    update(&mut model, Event::Judged(Arc::new(later)));
    press(&mut model, "s s s s s");
    assert_eq!(model.chosen_finding().map(|_| ()), Some(()));
    press(&mut model, "g");
    assert_eq!(model.chosen_finding().unwrap().check, check);
    assert!(frame(&mut model, 80, 24).contains("worse"));
    press(&mut model, "/");
    type_text(&mut model, "is:worse");
    assert_eq!(model.screens.findings.shown.len(), 1);
}

#[test]
fn only_a_fail_can_be_accepted_and_only_where_there_is_a_folder() {
    let mut model = demo();
    press(&mut model, "W");
    assert!(model.message().unwrap().text.contains("a recording, and no folder for waivers"));
    model.folders = Some(Folders { attestations: None, waivers: Some(PathBuf::from("accepted")) });
    press(&mut model, "G W");
    assert!(model.message().unwrap().text.contains("only a fail can be accepted"));
}

#[test]
fn a_waiver_is_asked_for_and_what_is_refused_is_asked_again_with_what_was_typed() {
    let mut model = demo();
    model.folders = Some(Folders { attestations: None, waivers: Some(PathBuf::from("accepted")) });
    press(&mut model, "W");
    insta::assert_snapshot!("waive_80x24", frame(&mut model, 80, 24));
    insta::assert_snapshot!("waive_60x18", frame(&mut model, 60, 18));
    press(&mut model, "enter enter enter enter enter");
    assert!(matches!(model.overs.last(), Some(Over::Form(form)) if form.error.is_some()), "a reason must be given");
    type_text(&mut model, "grows tomorrow");
    press(&mut model, "tab tab tab right tab");
    type_text(&mut model, "OPS-1");
    let effects = press(&mut model, "enter");
    let [Effect::Findings(Wish::Waive(waive, subject))] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((waive.reason.as_str(), waive.owner.as_str(), waive.subject.as_str()), ("grows tomorrow", "ada", "*"));
    assert_eq!((waive.expires.as_str(), waive.ticket.as_deref()), ("30d", Some("OPS-1")));
    let refused = News::Waived(waive.clone(), subject.clone(), Err("write accepted: permission denied".into()));
    update(&mut model, Event::Findings(refused));
    let text = frame(&mut model, 80, 24);
    assert!(text.contains("permission denied") && text.contains("grows tomorrow") && text.contains("OPS-1"), "{text}");
    let accepted = News::Waived(waive.clone(), subject.clone(), Ok("accepted/redis.toml".into()));
    model.overs.clear();
    assert!(update(&mut model, Event::Findings(accepted)).is_empty(), "a recording asks nobody");
    assert!(model.message().unwrap().text.contains("accepted/redis.toml"));
}

#[test]
fn a_copy_is_a_line_or_all_of_it() {
    let mut model = demo();
    let copied = press(&mut model, "y");
    let [Effect::Copy(line)] = copied.as_slice() else { panic!("{copied:?}") };
    assert!(line.starts_with("FAIL redis.memory-near-limit cache: 64 MiB") && !line.contains('\n'), "{line}");
    let copied = press(&mut model, "Y");
    let [Effect::Copy(all)] = copied.as_slice() else { panic!("{copied:?}") };
    insta::assert_snapshot!("markdown", all);
}
