//! Answers as decisions: what each line comes to, and what is asked further.

use super::{
    answer::{Asked, Heard, Talk},
    menu,
};
use crate::{
    runbook::machine::{Asks, Choice, Consent, Decision},
    secret::Secret,
};

const FORWARD: &[Choice] = &[Choice::Go, Choice::Skip, Choice::Defer, Choice::GoTo, Choice::Pause, Choice::Abort];

fn asked<'a>(asks: &'a Asks, may: &'a [Choice]) -> Asked<'a> {
    Asked {
        asks,
        may,
        items: vec![(1, "the owner knows"), (3, "traffic is low")],
        steps: vec![("look", "Look at it"), ("end-it", "End it")],
        standing: vec![("raise", "Raise the limit")],
        pastes: false,
    }
}

/// What lines come to, one after the other.
fn said(asked: &Asked<'_>, lines: &[&str]) -> Heard {
    let mut talk = Talk::default();
    let mut last = Heard::More;
    for line in lines {
        assert_eq!(last, Heard::More, "`{line}` was not asked for");
        last = talk.hear(asked, line);
    }
    last
}

fn decided(asked: &Asked<'_>, lines: &[&str]) -> Decision {
    match said(asked, lines) {
        Heard::Decided(decision) => decision,
        other => panic!("{lines:?}: {other:?}"),
    }
}

fn unclear(asked: &Asked<'_>, lines: &[&str]) -> String {
    match said(asked, lines) {
        Heard::Unclear(why) => why,
        other => panic!("{lines:?}: {other:?}"),
    }
}

#[test]
fn letters_and_words_decide_and_a_reason_may_follow_or_is_asked() {
    let asks = Asks::Yes;
    let asked = asked(&asks, FORWARD);
    let reason = || "not needed".to_owned();
    let go = || Decision::Go(Consent::default());
    let cases: Vec<(&[&str], Decision)> = vec![
        (&["y"], go()),
        (&["Yes"], go()),
        (&["go"], go()),
        (&["s not needed"], Decision::Skip { reason: reason() }),
        (&["skip", "not needed"], Decision::Skip { reason: reason() }),
        (&["d", " not needed "], Decision::Defer { reason: reason() }),
        (&["a not needed"], Decision::Abort { reason: reason() }),
        (&["g", "2", "not needed"], Decision::GoTo { step: "end-it".into(), reason: reason() }),
        (&["g look", "not needed"], Decision::GoTo { step: "look".into(), reason: reason() }),
        (&["go to", "end it", "not needed"], Decision::GoTo { step: "end-it".into(), reason: reason() }),
        (&["n it rains"], Decision::Note("it rains".into())),
        (&["p"], Decision::Pause),
        (&["t"], Decision::Tick("the owner knows".into())),
        (&["t 3"], Decision::Tick("traffic is low".into())),
    ];
    for (lines, due) in cases {
        assert_eq!(decided(&asked, lines), due, "{lines:?}");
    }
    assert_eq!(said(&asked, &["?"]), Heard::Help);
}

#[test]
fn enter_goes_on_only_where_nothing_is_changed() {
    let (enter, yes) = (Asks::Enter, Asks::Yes);
    assert_eq!(decided(&asked(&enter, FORWARD), &[""]), Decision::Go(Consent::default()));
    assert_eq!(decided(&asked(&enter, &[Choice::Verify, Choice::Pause]), &[""]), Decision::Verify);
    assert!(unclear(&asked(&yes, FORWARD), &[""]).contains("decides nothing"));
}

#[test]
fn what_is_not_offered_or_not_understood_decides_nothing() {
    let asks = Asks::Yes;
    let asked = asked(&asks, FORWARD);
    for (line, part) in [
        ("v", "`verify` is not possible here"),
        ("m it was", "`was done` is not possible here"),
        ("u", "`roll back` is not possible here"),
        ("no", "then nothing is done"),
        ("yy", "`yy` is no choice"),
        ("yes please", "takes no words"),
        ("shop on primary", "is no choice"),
        ("p now", "takes no words"),
        ("t 2", "no item `2` is open"),
        ("\u{1b}[31m", "is no choice"),
    ] {
        let why = unclear(&asked, &[line]);
        assert!(why.contains(part), "{line}: {why}");
    }
    assert!(unclear(&asked, &["s", ""]).contains("nothing is done"), "an empty reason takes the wish back");
    assert!(unclear(&asked, &["g 7", "why"]).contains("no step `7`"));
}

#[test]
fn something_dangerous_takes_the_name_a_reason_and_a_second_person() {
    let name = || "shop on primary".to_owned();
    let asks = Asks::Typed { name: name(), second_person: true };
    let asked = asked(&asks, FORWARD);
    let consent =
        || Consent { typed: Some(name()), reason: Some("it is down".into()), approved_by: Some("ben".into()) };
    assert_eq!(decided(&asked, &["shop on primary", "it is down", "ben"]), Decision::Go(consent()));
    assert_eq!(decided(&asked, &["y", "shop on primary", "it is down", "ben"]), Decision::Go(consent()));
    // What was typed wrongly is for the machine to refuse: it knows the name of now.
    let wrong = decided(&asked, &["y", "shop", "it is down", "ben"]);
    assert_eq!(wrong, Decision::Go(Consent { typed: Some("shop".into()), ..consent() }));
    assert!(unclear(&asked, &["Shop on primary"]).contains("no choice"));
    assert!(unclear(&asked, &[""]).contains("decides nothing"));
}

#[test]
fn a_value_may_be_any_word_and_commands_are_marked() {
    let asks = Asks::Value("pid".into());
    let asked = asked(&asks, &[Choice::Skip, Choice::Pause]);
    for value in ["p", "4711", "yes", "s x", "?"] {
        let due = Decision::Answer { name: "pid".into(), value: Secret::new(value), origin: "operator".into() };
        assert_eq!(decided(&asked, &[value]), due);
    }
    assert_eq!(decided(&asked, &[":p"]), Decision::Pause);
    assert_eq!(decided(&asked, &[":s no one"]), Decision::Skip { reason: "no one".into() });
    assert_eq!(said(&asked, &[":?"]), Heard::Help);
    assert!(unclear(&asked, &[""]).contains("a value for pid is needed"));
}

#[test]
fn pasted_results_keep_their_lines_and_end_with_a_dot() {
    let asks = Asks::Hand;
    let asked = Asked { pastes: true, ..asked(&asks, &[Choice::DoneByHand, Choice::Pause]) };
    let due = Decision::Done { evidence: " pid | state\n\n 4711 | idle".into() };
    assert_eq!(decided(&asked, &["h", " pid | state", "", " 4711 | idle", "."]), due);
}

#[test]
fn a_prompt_names_every_choice_that_may_be_taken_and_no_other() {
    let asks = Asks::Settle("it was begun".into());
    let may = [Choice::Verify, Choice::MarkDone, Choice::MarkNotDone, Choice::Retry, Choice::RollBack, Choice::Pause];
    let asked = asked(&asks, &may);
    let prompt = Talk::default().question(&asked);
    let places: Vec<_> = ["v verify", "m was done", "x was not done", "r retry", "u roll back", "p pause"]
        .iter()
        .map(|part| prompt.find(part).unwrap_or_else(|| panic!("{part}: {prompt}")))
        .collect();
    assert!(places.is_sorted(), "what decides without acting comes first: {prompt}");
    for part in ["y go", "s skip", "a abort", "y close"] {
        assert!(!prompt.contains(part), "{part}: {prompt}");
    }
    assert!(menu::help(&asked).contains("v  verify: look at the live check"));
    let (asks, may) = (Asks::Yes, [Choice::Finish, Choice::GoTo, Choice::TakeBack, Choice::Pause]);
    let asked = self::asked(&asks, &may);
    assert_eq!(decided(&asked, &["y"]), Decision::Finish);
    assert_eq!(
        decided(&asked, &["b 1", "its time is over"]),
        Decision::TakeBack { step: "raise".into(), reason: "its time is over".into() }
    );
}
