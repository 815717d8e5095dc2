//! In which order steps come, and what each kind asks.

use super::*;
use crate::runbook::{
    machine::{Order, auto_decision, can_be_automatic, fixture::*},
    model::{ActionKind, Danger, Expectation},
    record::{End, Ended, Mode, Record, Verdict, Word},
    state::StepStatus,
};
use crate::secret::Secret;

#[test]
fn the_records_of_an_action_come_in_their_order() {
    let mut walk = Walk::run(vec![acting("a").requiring().undone().verified()]);
    walk.go();
    let words = walk.records.iter().skip(2).map(|stamped| match &stamped.record {
        Record::Resolved { .. } => "resolved",
        Record::Required { .. } => "required",
        Record::Decided { what: Word::Confirmed, .. } => "confirmed",
        Record::UndoRegistered { .. } => "undo",
        Record::Intent { attempt: 1, .. } => "intent",
        Record::Outcome { .. } => "outcome",
        Record::Verified { .. } => "verified",
        other => panic!("{other:?}"),
    });
    assert_eq!(
        words.collect::<Vec<_>>(),
        ["resolved", "required", "confirmed", "undo", "intent", "outcome", "verified"]
    );
    assert_eq!(walk.status("a"), StepStatus::Verified);
    assert_eq!(walk.situation(), Situation::ToFinish);
    walk.does(Decision::Finish);
    assert_eq!(walk.state.ended.unwrap().0, End::Completed);
    assert_eq!(walk.situation(), Situation::Ended);
    assert!(refused(&walk, &go()).contains("the run has ended"));
}

#[test]
fn each_kind_of_step_asks_its_own() {
    let kinds = [
        (of("s", sh()).with(|action| action.danger = Danger::Observe), Asks::Enter, Choice::Go),
        (of("s", sh()), Asks::Yes, Choice::Go),
        (of("s", sh()).dangerous(), Asks::Typed { name: NAME.into(), second_person: false }, Choice::Go),
        (
            of("s", sh()).with(|action| action.second_person = true),
            Asks::Typed { name: NAME.into(), second_person: true },
            Choice::Go,
        ),
        (
            of("s", sh()).dangerous().with(|action| action.target = None),
            Asks::Typed { name: "shop-prod".into(), second_person: false },
            Choice::Go,
        ),
        (manual("s"), Asks::Hand, Choice::DoneByHand),
        (manual("s").verified(), Asks::Hand, Choice::Verify),
        (of("s", ActionKind::Wait(std::time::Duration::from_secs(5))), Asks::Enter, Choice::Go),
        (of("s", ActionKind::Confirm("sure?".into())), Asks::Question("sure?".into()), Choice::Go),
        (of("s", ActionKind::Ask("note".into())), Asks::Value("note".into()), Choice::Skip),
        (of("s", ActionKind::Check(verify())), Asks::Enter, Choice::Go),
    ];
    for (step, expected, best) in kinds {
        let mut walk = Walk::run(vec![step.clone()]);
        walk.prepare();
        assert_eq!(asks(&walk), expected, "{step:?}");
        assert_eq!(walk.choices()[0], best, "{step:?}");
    }
}

#[test]
fn what_no_hands_are_needed_for_is_done_on_the_word() {
    for kind in [
        ActionKind::Wait(std::time::Duration::from_secs(5)),
        ActionKind::Confirm("sure?".into()),
        ActionKind::Check(verify()),
    ] {
        let mut walk = Walk::run(vec![of("s", kind), manual("next")]);
        walk.go();
        assert_eq!(at(&walk), "next");
        assert!(walk.acts.is_empty());
    }
}

#[test]
fn a_question_for_a_value_takes_it_and_goes_on() {
    let mut walk = Walk::run(vec![of("s", ActionKind::Ask("note".into())).item("looked"), manual("next")]);
    let answer =
        |value: &str| Decision::Answer { name: "note".into(), value: Secret::new(value), origin: "operator".into() };
    assert!(refused(&walk, &answer("a\nb")).contains("line break"));
    walk.does(answer("first"));
    assert_eq!(at(&walk), "s", "its item is open");
    walk.does(Decision::Tick(why("looked"))).does(answer("second"));
    assert_eq!(at(&walk), "next");
    assert_eq!(walk.state.params["note"], ("second".to_owned(), "operator".to_owned()));
    assert!(refused(&walk, &answer("third")).contains("has a value"));
}

#[test]
fn a_secret_answer_is_kept_and_not_written() {
    let mut walk = Walk::run(vec![of("s", ActionKind::Ask("note".into()))]);
    walk.book.params[1].secret = true;
    let secret = Secret::new("hunter2");
    let orders =
        walk.orders(&Decision::Answer { name: "note".into(), value: secret.clone(), origin: why("operator") }).unwrap();
    assert_eq!(orders[0], Order::Keep { name: "note".into(), value: secret });
    assert!(matches!(&orders[1], Order::Write(Record::Param { value: None, .. })));
}

#[test]
fn values_are_asked_before_the_first_step_and_before_the_step_that_reads_them() {
    let reading = |id: &str| acting(id).with(|action| action.reads = vec!["pid".into()]);
    let mut walk = Walk::run(vec![reading("a")]);
    walk.state.params.clear();
    assert_eq!(walk.situation(), Situation::NeedsParams(vec!["pid".into()]));
    let mut walk = Walk::run(vec![acting("a").with(|action| action.sets = Some("pid".into())), reading("b")]);
    walk.state.params.clear();
    walk.does(Decision::Skip { reason: why("not needed") });
    assert_eq!(walk.situation(), Situation::NeedsParams(vec!["pid".into()]));
    assert!(refused(&walk, &go()).contains("first a value is needed for pid"));
    walk.does(Decision::Answer { name: "pid".into(), value: Secret::new("2"), origin: why("operator") }).go();
    assert_eq!(walk.situation(), Situation::ToFinish);
}

#[test]
fn a_condition_reads_values_too() {
    let mut walk = Walk::run(vec![of("ask", ActionKind::Ask("note".into())), manual("a").requiring()]);
    walk.book.params[1].default = None;
    let required = &mut walk.book.phases[0].steps[1].require[0];
    required.expect = Expectation::Holds("row.left >= params.note * 2 && row.x < params.warn".into());
    assert_eq!(walk.book.phases[0].steps[1].reads(), ["note", "warn"]);
    walk.does(Decision::Skip { reason: why("later") });
    assert_eq!(walk.situation(), Situation::NeedsParams(vec!["note".into()]), "what is of the check is not asked for");
}

#[test]
fn what_a_step_prints_is_the_value_of_what_it_sets() {
    let mut walk = Walk::run(vec![acting("a").with(|action| action.sets = Some("note".into()))]);
    walk.go();
    assert_eq!(walk.state.params["note"], ("v".to_owned(), "step a".to_owned()));
}

#[test]
fn items_are_made_sure_of_first() {
    let mut walk = Walk::run(vec![acting("a").item("one").item("two")]);
    walk.prepare().does(Decision::Tick(why("one")));
    assert_eq!(refused(&walk, &go()), "first make sure of: two");
    assert!(refused(&walk, &Decision::Tick(why("three"))).contains("no item"));
    assert!(refused(&walk, &Decision::Tick(why("one"))).contains("already"));
    walk.does(Decision::Tick(why("two"))).go();
    assert_eq!(walk.acts.len(), 1);
    let manual = Walk::run(vec![manual("m").item("one")]);
    assert!(refused(&manual, &Decision::Done { evidence: String::new() }).contains("first make sure of: one"));
}

#[test]
fn by_hand_needs_evidence_where_something_could_have_told() {
    let done = |evidence: &str| Decision::Done { evidence: why(evidence) };
    let mut walk = Walk::run(vec![manual("a"), manual("b").verified(), acting("c")]);
    walk.does(done(""));
    assert!(refused(&walk, &done(" ")).contains("say how one can see"));
    walk.world.looks.push_back(Verdict::NotHeld);
    walk.does(Decision::Verify);
    assert_eq!((at(&walk), walk.status("b")), ("b", StepStatus::Pending));
    walk.does(Decision::Verify);
    assert_eq!((at(&walk), walk.status("b")), ("c", StepStatus::Verified));
    assert!(refused(walk.prepare(), &done("")).contains("say how one can see"));
    walk.does(done("ps shows it"));
    assert_eq!(walk.status("c"), StepStatus::DoneByHand);
}

#[test]
fn a_step_may_tick_itself_before_anything_is_done() {
    let mut walk = Walk::run(vec![acting("a").verified()]);
    walk.world.looks.push_back(Verdict::NotHeld);
    walk.does(Decision::Verify);
    assert_eq!(walk.status("a"), StepStatus::Pending);
    walk.does(Decision::Verify);
    assert_eq!(walk.status("a"), StepStatus::Verified);
    assert!(walk.acts.is_empty());
}

#[test]
fn going_forward_leaves_what_lies_between_and_going_back_decides_again() {
    let to = |step: &str| Decision::GoTo { step: why(step), reason: why("known") };
    let mut walk = Walk::run(vec![acting("a"), manual("b"), acting("c")]);
    assert!(refused(&walk, &to("z")).contains("no step `z`"));
    walk.does(to("c")).go();
    assert_eq!((walk.situation(), walk.status("b")), (Situation::ToFinish, StepStatus::Pending));
    walk.does(to("c"));
    assert_eq!(at(&walk), "c");
    walk.does(Decision::Skip { reason: why("once is enough") });
    assert_eq!((walk.situation(), walk.status("c")), (Situation::ToFinish, StepStatus::Succeeded));
    walk.does(to("c")).go();
    assert_eq!(walk.acts.len(), 2);
    walk.does(to("a")).go();
    assert_eq!(at(&walk), "b");
}

#[test]
fn leaving_a_step_takes_a_reason() {
    let mut walk = Walk::run(vec![acting("a"), acting("b"), acting("c")]);
    assert!(refused(&walk, &Decision::Skip { reason: why(" ") }).contains("say why"));
    walk.does(Decision::Skip { reason: why("done before") }).does(Decision::Defer { reason: why("tomorrow") });
    walk.does(Decision::Pause);
    assert!(walk.state.paused);
    walk.does(Decision::Note(why("still here"))).go();
    assert!(!walk.state.paused);
    walk.does(Decision::Finish);
    assert_eq!(walk.state.ended.unwrap().0, End::CompletedExceptDeferred);
}

#[test]
fn giving_up_ends_the_run_also_after_a_crash_in_between() {
    let mut walk = Walk::run(vec![acting("a")]);
    walk.does(Decision::Abort { reason: String::new() });
    assert_eq!(walk.state.ended.unwrap().0, End::Aborted);
    let mut cut = walk.cut(walk.records.len() - 1);
    cut.resume();
    assert_eq!(cut.situation(), Situation::ToFinish);
    assert_eq!(cut.choices(), [Choice::Finish]);
    cut.does(Decision::Finish);
    assert_eq!(cut.state.ended.unwrap().0, End::Aborted);
}

#[test]
fn instructions_act_on_nothing() {
    let observing = acting("a").with(|action| action.danger = Danger::Observe);
    let sets = acting("c").with(|action| action.sets = Some("note".into()));
    let mut walk = Walk::start(book(vec![observing, acting("b").undone().verified(), sets]), Mode::Instruct);
    assert_eq!(asks(&walk), Asks::Hand);
    assert!(refused(&walk, &go()).contains("not possible"));
    walk.does(Decision::Done { evidence: why("3 rows") });
    walk.does(Decision::Verify);
    assert_eq!(walk.status("b"), StepStatus::Verified);
    assert_eq!(walk.state.standing().count(), 1);
    walk.does(Decision::Done { evidence: why("v1") });
    assert_eq!(asks(&walk), Asks::Value("note".into()));
    walk.does(Decision::Answer { name: "note".into(), value: Secret::new("v1"), origin: why("operator") });
    assert_eq!(walk.situation(), Situation::ToFinish);
    walk.does(Decision::RollBack { reason: why("no good") });
    assert_eq!(asks(&walk), Asks::Hand);
    walk.does(Decision::Done { evidence: why("gone") }).does(Decision::Finish);
    assert_eq!(walk.state.ended.unwrap().0, End::RolledBack);
    assert!(walk.acts.is_empty());
}

#[test]
fn only_what_needs_nobody_runs_by_itself() {
    let fine = [
        acting("a").verified(),
        of("w", ActionKind::Wait(std::time::Duration::ZERO)),
        of("c", ActionKind::Check(verify())),
    ];
    assert_eq!(can_be_automatic(&book(fine.to_vec()), &[]), Ok(()));
    let ask = of("ask", ActionKind::Ask("pid".into()));
    assert_eq!(can_be_automatic(&book(vec![ask.clone()]), &["pid"]), Ok(()));
    let wrong = vec![
        ask,
        of("q", ActionKind::Confirm("?".into())),
        manual("m"),
        acting("i").item("x"),
        acting("d").dangerous(),
    ];
    let reasons = can_be_automatic(&book(wrong), &[]).unwrap_err();
    assert_eq!(reasons.len(), 5, "{reasons:?}");
    let mut walk = Walk::start(book(fine.to_vec()), Mode::Auto);
    while walk.prepare().situation() != Situation::Ended {
        let decision = auto_decision(&walk.situation()).unwrap();
        walk.does(decision);
    }
    assert_eq!(walk.state.ended.unwrap().0, End::Completed);
    let mut walk = Walk::start(book(fine.to_vec()), Mode::Auto);
    walk.world.outcomes.push_back(Ended::Failed);
    walk.go();
    assert_eq!(auto_decision(&walk.situation()), Err("a: it failed: Failed".into()));
}
