//! Taking back.

use std::time::Duration;

use jiff::SignedDuration;

use super::*;
use crate::runbook::{
    machine::fixture::*,
    model::Danger,
    record::{End, Ended, Mode, Record, Way},
    state::StepStatus,
};
use crate::secret::Secret;

fn back() -> Decision {
    Decision::RollBack { reason: why("it got worse") }
}

#[test]
fn what_was_done_is_taken_back_the_latest_first() {
    let steps = vec![acting("a").undone(), acting("b"), acting("c").undone(), acting("d").undone()];
    let mut walk = Walk::start(with_rollback(steps, vec![acting("z").undone(), manual("y")]), Mode::Run);
    assert!(!may(&walk, Choice::RollBack), "nothing was begun");
    walk.go().go().go().does(back());
    assert_eq!(walk.situation(), Situation::ToPrepare("c".into()));
    walk.prepare();
    assert_eq!(asks(&walk), Asks::Yes);
    walk.go();
    assert_eq!((at(&walk), walk.status("c")), ("a", StepStatus::RolledBack));
    walk.go();
    assert_eq!(at(&walk), "z");
    walk.go().does(Decision::Done { evidence: String::new() });
    let undone: Vec<_> = walk.acts[3..].iter().map(|(step, way, _)| (step.as_str(), *way)).collect();
    assert_eq!(undone, [("c", Way::Undo), ("a", Way::Undo), ("z", Way::Act)]);
    walk.does(Decision::Finish);
    assert_eq!(walk.state.ended.unwrap().0, End::RolledBack);
}

#[test]
fn an_undo_is_confirmed_by_its_own_danger_and_can_fail_be_unknown_or_be_left() {
    let mut step = acting("a").undone();
    step.undo.iter_mut().for_each(|undo| undo.danger = Danger::Dangerous);
    let mut walk = Walk::run(vec![step, acting("b").undone()]);
    walk.go().go().does(back());
    walk.world.outcomes.push_back(Ended::Failed);
    walk.go();
    assert_eq!(trouble(&walk), "it failed: Failed");
    walk.world.outcomes.push_back(Ended::Unknown);
    walk.does(Decision::Retry).go();
    assert_eq!(walk.choices()[..3], [Choice::MarkDone, Choice::MarkNotDone, Choice::Retry]);
    assert_eq!(walk.acts.len(), 4);
    walk.does(Decision::Done { evidence: why("it is gone") });
    assert_eq!((at(&walk), walk.status("b")), ("a", StepStatus::RolledBack));
    walk.prepare();
    assert_eq!(asks(&walk), Asks::Typed { name: NAME.into(), second_person: false });
    assert!(refused(&walk, &Decision::Skip { reason: why("") }).contains("say why"));
    walk.does(Decision::Skip { reason: why("it does no harm") }).does(Decision::Finish);
    assert_eq!(walk.state.ended.unwrap().0, End::Aborted, "something stands");
}

#[test]
fn what_was_never_begun_is_dropped_and_what_may_have_been_done_is_offered() {
    let mut walk = Walk::run(vec![acting("a").undone(), acting("b").undone()]);
    walk.world.outcomes.push_back(Ended::TimedOut);
    walk.go();
    // A crash between registering the undo of the second and its intent.
    let mut walk = walk.cut(walk.records.len());
    walk.does(Decision::Done { evidence: why("seen") }).go();
    let undo =
        walk.records.iter().rposition(|stamped| matches!(stamped.record, Record::UndoRegistered { .. })).unwrap();
    let mut cut = walk.cut(undo + 1);
    cut.resume().does(back());
    assert_eq!(at(&cut), "a");
    cut.go();
    assert_eq!(cut.situation(), Situation::ToFinish);
}

#[test]
fn what_nobody_knows_is_settled_before_all_is_said_to_be_as_it_was() {
    let mut walk = Walk::run(vec![acting("a").undone(), acting("b")]);
    walk.world.outcomes.extend([Ended::Succeeded, Ended::Unknown]);
    walk.go().go().does(back()).go();
    assert_eq!(at(&walk), "b");
    assert_eq!(walk.choices(), [Choice::MarkDone, Choice::MarkNotDone, Choice::Pause, Choice::Abort]);
    walk.does(Decision::NotDone { evidence: why("looked") });
    assert_eq!(walk.situation(), Situation::ToFinish);
}

#[test]
fn an_undo_runs_with_the_values_of_its_time() {
    let mut walk =
        Walk::run(vec![of("ask", crate::runbook::model::ActionKind::Ask("note".into())), acting("a").undone()]);
    let answer =
        |value: &str| Decision::Answer { name: "note".into(), value: Secret::new(value), origin: why("operator") };
    walk.does(answer("before")).go();
    walk.does(Decision::GoTo { step: why("ask"), reason: String::new() }).does(answer("after"));
    walk.does(back());
    assert_eq!(walk.state.next_undo().unwrap().params["note"].0, "before");
    assert_eq!(walk.state.params["note"].0, "after");
}

#[test]
fn a_temporary_change_stands_until_it_is_taken_back() {
    let temporary = |id: &str| acting(id).with(|action| action.temporary = Some(Duration::from_secs(7200)));
    let mut walk = Walk::run(vec![temporary("a").undone(), acting("b").undone(), temporary("c")]);
    walk.go().go().go();
    let due = walk.now.checked_add(SignedDuration::from_hours(2)).unwrap();
    assert_eq!(walk.state.temporary().last().unwrap().due, Some(due));
    walk.does(Decision::Finish);
    assert_eq!(walk.state.ended.unwrap().0, End::CompletedExceptDeferred);
    walk.resume();
    let take = |step: &str| Decision::TakeBack { step: why(step), reason: String::new() };
    assert!(refused(&walk, &take("x")).contains("what stands is of: a, b, c"));
    walk.does(take("a")).go();
    assert_eq!(walk.acts.last(), Some(&("a".to_owned(), Way::Undo, 1)));
    assert!(!walk.state.rolling_back);
    walk.does(take("c"));
    assert_eq!(asks(&walk), Asks::Hand, "there is no undo to run");
    walk.does(Decision::Done { evidence: why("set by hand") }).does(Decision::Finish);
    assert_eq!(walk.state.ended.unwrap().0, End::Completed);
    assert_eq!(walk.state.standing().map(|undo| undo.step.as_str()).collect::<Vec<_>>(), ["b"]);
}

#[test]
fn the_target_of_an_undo_is_compared_with_whom_it_was_done_on() {
    let mut walk = Walk::run(vec![acting("a").undone()]);
    walk.go();
    walk.world.role = "replica";
    walk.does(back()).prepare();
    assert_eq!(trouble(&walk), "the target is not what it was: role was primary, is replica");
}
