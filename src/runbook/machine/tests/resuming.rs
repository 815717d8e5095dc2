//! Taking a run up again.

use super::*;
use crate::runbook::{
    machine::{fixture::*, resume_check},
    model::{ActionKind, Runbook},
    record::{Ended, Mode, Record, Verdict, Way},
    state::{State, StepStatus},
};

fn changed(book: &Runbook, change: impl FnOnce(&mut Runbook)) -> Runbook {
    let mut book = Runbook { hash: "h2".into(), ..book.clone() };
    change(&mut book);
    book
}

#[test]
fn what_ran_is_unknown_and_nothing_acts_by_itself() {
    let mut walk = Walk::run(vec![acting("a").undone().verified()]);
    walk.go();
    for records in 0..=walk.records.len() {
        let mut cut = walk.cut(records);
        if cut.state.started.is_none() {
            continue;
        }
        cut.resume();
        let begun = cut.records.iter().any(|stamped| matches!(stamped.record, Record::Intent { .. }));
        let ended = cut.records.iter().any(|stamped| matches!(stamped.record, Record::Outcome { .. }));
        assert_eq!(cut.status("a") == StepStatus::OutcomeUnknown, begun && !ended, "after {records}");
        assert!(!cut.choices().contains(&Choice::Go), "after {records}");
        assert_eq!(cut.state.standing().count(), usize::from(begun), "after {records}");
    }
}

#[test]
fn a_wait_that_a_crash_ended_may_just_go_on() {
    let mut walk = Walk::run(vec![of("w", ActionKind::Wait(std::time::Duration::from_secs(5))), manual("b")]);
    walk.go();
    let mut cut = walk.cut(walk.records.len() - 1);
    cut.resume();
    assert_eq!((cut.status("w"), asks(&cut)), (StepStatus::Pending, Asks::Enter));
    cut.go();
    assert_eq!(at(&cut), "b");
    let mut stopped = Walk::run(vec![of("w", ActionKind::Wait(std::time::Duration::from_secs(5)))]);
    stopped.world.outcomes.push_back(Ended::Cancelled);
    stopped.go();
    assert_eq!(stopped.status("w"), StepStatus::Failed, "nothing is unknown of a wait");
}

#[test]
fn a_look_that_a_crash_ended_is_offered_again() {
    let mut walk = Walk::run(vec![acting("a").verified()]);
    walk.go();
    let mut cut = walk.cut(walk.records.len() - 1);
    cut.resume();
    assert_eq!((cut.status("a"), asks(&cut), cut.choices()[0]), (StepStatus::Succeeded, Asks::Enter, Choice::Verify));
    cut.go();
    assert_eq!((cut.status("a"), cut.acts.len()), (StepStatus::Verified, 1));
}

#[test]
fn going_to_a_step_outlives_a_crash() {
    let mut walk = Walk::run(vec![acting("a"), manual("b")]);
    walk.go().does(Decision::GoTo { step: why("a"), reason: String::new() });
    walk.resume();
    assert_eq!(at(&walk), "a");
}

#[test]
fn secrets_are_asked_again() {
    let mut walk = Walk::run(vec![manual("m"), acting("a").with(|action| action.reads = vec!["note".into()])]);
    walk.book.params[1].secret = true;
    walk.book.params[1].default = None;
    walk.write(Record::Param { name: "note".into(), value: None, origin: "operator".into() });
    walk.does(Decision::Done { evidence: String::new() });
    assert_eq!(walk.situation(), Situation::ToPrepare("a".into()));
    walk.resume();
    assert_eq!(walk.situation(), Situation::NeedsParams(vec!["note".into()]));
}

#[test]
fn a_text_that_changed_elsewhere_is_listed() {
    let mut walk = Walk::run(vec![acting("a"), acting("b"), acting("c")]);
    walk.go();
    assert_eq!(resume_check(&walk.book, &walk.state), Ok(vec![]));
    let prose = changed(&walk.book, |_| {});
    assert_eq!(resume_check(&prose, &walk.state).unwrap(), ["its words have changed, and its steps have not"]);
    let book = changed(&walk.book, |book| {
        let steps = &mut book.phases[0].steps;
        steps.insert(0, acting("new"));
        steps[1].hash = "other".into();
        steps.pop();
    });
    let listed = ["the step `c` is gone", "the step `new` is new", "the step `a` is another"];
    assert_eq!(resume_check(&book, &walk.state).unwrap(), listed);
}

#[test]
fn a_text_that_changed_where_the_run_stands_is_refused() {
    let other = |step: usize| move |book: &mut Runbook| book.phases[0].steps[step].hash = "other".into();
    let mut walk = Walk::run(vec![acting("a").undone(), acting("b"), acting("c")]);
    walk.go();
    let refused = |book: &Runbook, state: &State| resume_check(book, state).unwrap_err().0;
    let why = refused(&changed(&walk.book, other(1)), &walk.state);
    assert!(why.starts_with("the step `b` is another in the runbook now, and the run stands at it"), "{why}");
    let why = refused(&changed(&walk.book, other(0)), &walk.state);
    assert!(why.contains("may have to be taken back"), "{why}");
    let why = refused(&changed(&walk.book, |book| drop(book.phases[0].steps.remove(0))), &walk.state);
    assert!(why.starts_with("the step `a` is gone"), "{why}");
    walk.world.outcomes.push_back(Ended::Unknown);
    walk.go();
    let why = refused(&changed(&walk.book, other(1)), &walk.state);
    assert!(why.contains("what it did is not known"), "{why}");
    let why = refused(&Runbook { id: "y".into(), ..walk.book.clone() }, &walk.state);
    assert_eq!(why, "the run is one of x, and this is y");
}

#[test]
fn a_plan_and_a_run_that_has_ended_are_not_taken_up() {
    let plan = Walk::start(book(vec![acting("a")]), Mode::Plan);
    assert_eq!(plan.situation(), Situation::Ended);
    assert!(resume_check(&plan.book, &plan.state).unwrap_err().0.contains("a plan never becomes a run"));
    let mut walk = Walk::run(vec![manual("a")]);
    walk.does(Decision::Abort { reason: String::new() });
    assert!(resume_check(&walk.book, &walk.state).unwrap_err().0.contains("has ended"));
}

#[test]
fn records_that_cannot_follow_are_refused_and_change_nothing() {
    let mut walk = Walk::run(vec![acting("a").verified()]);
    walk.prepare();
    let intent = |attempt: u32, way| Record::Intent {
        step: "a".into(),
        attempt,
        way,
        shown: String::new(),
        env: vec![],
        identity: None,
        timeout_ms: 1,
    };
    let ended = Record::Outcome { step: "a".into(), attempt: 1, way: Way::Act, outcome: outcome(Ended::Succeeded) };
    let cases = [
        (walk.records[0].record.clone(), "a run begins once"),
        (intent(1, Way::Act), "without a decision"),
        (intent(1, Way::Undo), "not taken back now"),
        (ended, "without having begun"),
        (Record::Regressed { step: "a".into(), seen: seen(None) }, "was not verified"),
    ];
    for (record, expected) in cases {
        let before = walk.state.clone();
        let stamped = crate::runbook::record::Stamped { at: walk.now, record };
        let why = walk.state.apply(&walk.book, &stamped).unwrap_err().0;
        assert!(why.contains(expected), "{why}");
        assert_eq!(walk.state, before);
    }
    walk.go();
    let verified = Record::Verified { step: "a".into(), verdict: Verdict::Held, seen: vec![], took_ms: 1 };
    let stamped = crate::runbook::record::Stamped { at: walk.now, record: verified };
    let why = State::fold(&walk.book, &[stamped]).unwrap_err().0;
    assert_eq!(why, "record 1: a journal begins with the start of a run");
}
