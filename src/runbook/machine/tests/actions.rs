//! What is asked before an action, and what follows when it did not go well.

use jiff::SignedDuration;

use super::{
    Choice::{Abort, GoTo, MarkDone, MarkNotDone, Override, Pause, Retry, RollBack, TakeBack, Verify},
    *,
};
use crate::runbook::{
    machine::fixture::*,
    model::ActionKind,
    record::{End, Ended, Record, Verdict, Way},
    state::StepStatus,
};

fn typed(name: &str, reason: &str, second: Option<&str>) -> Decision {
    Decision::Go(Consent {
        typed: Some(name.into()),
        reason: Some(reason.into()),
        approved_by: second.map(str::to_owned),
    })
}

#[test]
fn what_is_dangerous_takes_the_name_a_reason_and_where_wanted_a_second_person() {
    let mut walk = Walk::run(vec![acting("a").dangerous()]);
    walk.second_person = true;
    walk.prepare();
    assert!(refused(&walk, &go()).contains("type `shop on primary`"));
    assert!(refused(&walk, &typed("shop", "r", Some("bob"))).contains("not the name"));
    assert!(refused(&walk, &typed(NAME, " ", Some("bob"))).contains("say why"));
    assert!(refused(&walk, &typed(NAME, "r", None)).contains("second person"));
    assert!(refused(&walk, &typed(NAME, "r", Some(" aDA "))).contains("another than the operator"));
    walk.does(typed(" shop on primary ", "r", Some("bob")));
    assert_eq!(walk.acts, [("a".to_owned(), Way::Act, 1)]);
    let decided = walk.records.iter().find_map(|stamped| match &stamped.record {
        Record::Decided { approved_by, reason, by, .. } => Some((approved_by.clone(), reason.clone(), by.clone())),
        _ => None,
    });
    assert_eq!(decided, Some((Some("bob".into()), Some("r".into()), "Ada".into())));
}

#[test]
fn a_target_is_acted_on_only_while_it_is_fresh() {
    let mut walk = Walk::run(vec![acting("a")]);
    walk.prepare().pass(SignedDuration::from_secs(298));
    assert!(walk.orders(&go()).is_ok());
    walk.pass(SignedDuration::from_secs(2));
    assert_eq!(walk.situation(), Situation::ToPrepare("a".into()));
    assert!(refused(&walk, &go()).contains("must be looked at"));
    walk.pass(SignedDuration::from_hours(-2));
    assert_eq!(walk.situation(), Situation::ToPrepare("a".into()), "a clock that was set back proves nothing");
    walk.go();
    assert_eq!(walk.acts.len(), 1);
}

#[test]
fn a_target_that_is_another_than_before_is_told_and_takes_a_reason() {
    let mut walk = Walk::run(vec![acting("a")]);
    walk.prepare().pass(SignedDuration::from_secs(400));
    walk.world.role = "replica";
    walk.prepare();
    assert_eq!(trouble(&walk), "the target is not what it was: role was primary, is replica");
    assert!(refused(&walk, &go()).contains("not possible"));
    walk.does(Decision::Override { reason: why("it failed over") }).go();
    assert_eq!(walk.acts.len(), 1);

    let mut walk = Walk::run(vec![acting("a")]);
    walk.world.outcomes.push_back(Ended::Failed);
    walk.go();
    walk.world.role = "replica";
    walk.does(Decision::Retry);
    assert!(trouble(&walk).contains("role was primary, is replica"), "since the last attempt");
    walk.does(Decision::Retry);
    assert!(trouble(&walk).contains("role was primary, is replica"));
    walk.world.role = "primary";
    walk.does(Decision::Retry).go();
    assert_eq!(walk.acts.len(), 2);
}

#[test]
fn a_target_that_does_not_answer_is_left_or_asked_again() {
    let mut walk = Walk::run(vec![acting("a")]);
    walk.world.reachable = false;
    walk.prepare();
    assert_eq!(trouble(&walk), "the target could not be asked who it is: no route");
    assert!(!may(&walk, Choice::Go) && !may(&walk, Choice::Override));
    walk.world.reachable = true;
    walk.does(Decision::Retry).go();
    assert_eq!(walk.acts.len(), 1);
}

#[test]
fn a_precondition_that_does_not_hold_or_is_unknown_takes_a_reason() {
    for (holds, says) in [
        (Some(false), "not given: postgres.r: passes (7 of 5)"),
        (None, "not given: not known whether postgres.r: passes (7 of 5)"),
    ] {
        let mut walk = Walk::run(vec![acting("a").requiring()]);
        walk.world.holds.push_back(holds);
        walk.prepare();
        assert_eq!(trouble(&walk), says);
        assert!(refused(&walk, &go()).contains("not possible"));
        let mut again = walk.clone();
        again.does(Decision::Retry).go();
        assert_eq!(again.acts.len(), 1);
        walk.does(Decision::Override { reason: why("known") });
        assert_eq!(asks(&walk), Asks::Yes, "it is still asked");
        let mut late = walk.clone();
        late.pass(SignedDuration::from_secs(600)).world.holds.push_back(holds);
        late.prepare();
        assert_eq!(trouble(&late), says, "what was looked at anew is decided anew");
        walk.go();
        assert_eq!(walk.acts.len(), 1);
    }
}

#[test]
fn a_failed_step_never_goes_on_by_itself() {
    let mut walk = Walk::run(vec![acting("a").verified(), manual("b")]);
    walk.world.outcomes.push_back(Ended::Failed);
    walk.go();
    assert_eq!((at(&walk), walk.status("a")), ("a", StepStatus::Failed));
    assert_eq!(trouble(&walk), "it failed: Failed");
    assert_eq!(walk.choices()[..3], [Choice::Retry, Choice::Verify, Choice::DoneByHand]);
    assert!(!may(&walk, Choice::Go));
    walk.does(Decision::Retry);
    assert_eq!(walk.acts.len(), 1, "asked again");
    walk.go();
    assert_eq!((at(&walk), walk.acts.len()), ("b", 2));
}

#[test]
fn an_unknown_outcome_is_settled_in_this_order() {
    for ended in [Ended::TimedOut, Ended::Cancelled, Ended::Unknown] {
        let mut walk = Walk::run(vec![acting("a").verified().undone()]);
        walk.world.outcomes.push_back(ended);
        walk.go();
        assert_eq!(walk.status("a"), StepStatus::OutcomeUnknown);
        assert_eq!(walk.choices(), [Verify, MarkDone, MarkNotDone, Retry, RollBack, Pause, Abort]);
        let mut held = walk.clone();
        held.does(Decision::Verify);
        assert_eq!((held.status("a"), held.situation()), (StepStatus::Verified, Situation::ToFinish));
        let mut not = walk.clone();
        not.world.looks.push_back(Verdict::NotHeld);
        not.does(Decision::Verify);
        assert_eq!(not.status("a"), StepStatus::OutcomeUnknown);
        let mut done = walk.clone();
        assert!(refused(&done, &Decision::Done { evidence: why("") }).contains("say how"));
        done.does(Decision::Done { evidence: why("seen") });
        assert_eq!((done.status("a"), asks(&done)), (StepStatus::Succeeded, Asks::Enter));
        done.go();
        assert_eq!((done.status("a"), done.acts.len()), (StepStatus::Verified, 1));
        let mut gone = walk.clone();
        gone.does(Decision::NotDone { evidence: why("nothing there") });
        assert_eq!(trouble(&gone), "it was not done: nothing there");
        assert_eq!(gone.state.standing().count(), 0);
        walk.does(Decision::Retry).go();
        assert_eq!(walk.acts.last(), Some(&("a".to_owned(), Way::Act, 2)));
    }
}

#[test]
fn what_may_be_done_twice_may_be_retried_first() {
    let mut walk = Walk::run(vec![acting("a").verified().with(|action| action.idempotent = true)]);
    walk.world.outcomes.push_back(Ended::TimedOut);
    walk.go();
    assert_eq!(walk.choices()[..2], [Choice::Retry, Choice::Verify]);
}

#[test]
fn an_attempt_that_surely_failed_does_not_settle_one_before_it() {
    let mut walk = Walk::run(vec![acting("a")]);
    walk.world.outcomes.extend([Ended::TimedOut, Ended::Failed]);
    walk.go().does(Decision::Retry);
    assert!(!may(&walk, Choice::Skip) && !may(&walk, Choice::Defer));
    walk.go();
    assert_eq!(walk.status("a"), StepStatus::OutcomeUnknown);
    assert!(trouble(&walk).contains("what one before it did is not known"));
    walk.does(Decision::Retry).go();
    assert_eq!(walk.status("a"), StepStatus::Succeeded);
}

#[test]
fn a_process_that_may_live_is_told() {
    let mut walk = Walk::run(vec![acting("a")]);
    walk.go();
    let mut cut = walk.cut(walk.records.len() - 1);
    cut.write(Record::Spawned { step: "a".into(), pid: 4711, started: None });
    cut.resume();
    assert_eq!(
        trouble(&cut),
        "it was begun, and how it ended was not written down; its process 4711 may still live: look before anything else"
    );
}

#[test]
fn a_check_that_does_not_agree_is_looked_at_again_retried_overridden_or_rolled_back() {
    let mut walk = Walk::run(vec![acting("a").verified().undone()]);
    walk.world.looks.push_back(Verdict::NotHeld);
    walk.go();
    assert_eq!(walk.status("a"), StepStatus::VerifyFailed);
    assert_eq!(trouble(&walk), "the live check does not agree: postgres.r: passes (7 of 5)");
    assert_eq!(walk.choices(), [Verify, Retry, Override, GoTo, RollBack, TakeBack, Pause, Abort]);
    let mut again = walk.clone();
    again.does(Decision::Verify);
    assert_eq!(again.status("a"), StepStatus::Verified);
    assert_eq!(again.acts.len(), 1);
    let mut retried = walk.clone();
    retried.does(Decision::Retry).go();
    assert_eq!(retried.acts.len(), 2);
    walk.does(Decision::Override { reason: why("the check lags") });
    assert_eq!((walk.status("a"), walk.situation()), (StepStatus::Overridden, Situation::ToFinish));
}

#[test]
fn a_check_step_that_does_not_hold_is_not_ticked() {
    let mut walk = Walk::run(vec![of("c", ActionKind::Check(verify()))]);
    walk.world.looks.extend([Verdict::Unknown, Verdict::Stopped]);
    walk.go();
    assert!(trouble(&walk).starts_with("the live check could not be measured"));
    walk.does(Decision::Verify);
    assert!(trouble(&walk).starts_with("waiting for the live check was stopped"));
    walk.does(Decision::Verify);
    assert_eq!(walk.status("c"), StepStatus::Verified);
}

#[test]
fn what_regresses_is_settled_before_the_end() {
    let mut walk = Walk::run(vec![acting("a").verified(), manual("b"), acting("c")]);
    walk.go();
    walk.write(Record::Regressed { step: "a".into(), seen: seen(Some(false)) });
    assert_eq!((at(&walk), walk.status("a")), ("b", StepStatus::Regressed));
    walk.does(Decision::GoTo { step: why("c"), reason: why("by hand later") }).go();
    assert_eq!(at(&walk), "a");
    assert!(trouble(&walk).starts_with("it held, and no longer does"));
    assert!(refused(&walk, &Decision::Finish).contains("not possible"));
    walk.does(Decision::Verify);
    assert_eq!(walk.situation(), Situation::ToFinish, "what was left behind stays behind");
    walk.does(Decision::Finish);
    assert_eq!(walk.state.ended.unwrap().0, End::Completed);
}
