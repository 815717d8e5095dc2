//! Walking to the end: what is written, in which order, and what is told.

use super::fakes::*;
use crate::runbook::{
    machine::{Decision, Situation},
    model::{ActionKind, Condition, Expectation},
    record::{End, Ended, Mode, Record, Stamped, Verdict},
    session::{Event, Opening, SessionError},
    state::{State, StepStatus},
};

fn changing() -> crate::runbook::model::Runbook {
    let mut first = step("raise", Some(on_primary(sh())));
    first.require = vec![condition("a.before")];
    first.verify = vec![verify("a.after", 30, 5, 4)];
    first.undo = Some(on_primary(sh()));
    book(vec![], vec![first])
}

#[tokio::test(start_paused = true)]
async fn every_fact_is_written_before_the_run_goes_on_from_it() {
    let stand = Stand::new(changing());
    let opening = Opening { survey: true, ..stand.opening(Mode::Run, &[]) };
    let mut session = stand.open(opening).await.unwrap();
    assert_eq!(session.situation(), Situation::ToPrepare("raise".into()));
    session.prepare().await.unwrap();
    stand.eyes.sees(&[None, Some(false), Some(true), Some(false), Some(true)]);
    session.decide(go(&session)).await.unwrap();
    assert_eq!(session.state().status("raise"), StepStatus::Verified);
    session.decide(Decision::Finish).await.unwrap();
    let run = session.run().to_owned();
    let mut due =
        vec!["started", "snapshot", "resolved", "required", "decided", "undo-registered", "intent", "outcome"];
    // Unknown, not, holds, not (as the hold would end), holds, and holds four seconds later.
    due.extend(["sample"; 6]);
    due.extend(["verified", "snapshot", "ended"]);
    assert_eq!(stand.kinds(&run), due);
    assert_eq!(session.situation(), Situation::Ended);
    let records = stand.records(&run);
    assert!(
        records.iter().any(|record| matches!(record, Record::Verified { verdict: Verdict::Held, took_ms: 23_000, .. })),
        "{records:?}"
    );
    assert!(matches!(records.last(), Some(Record::Ended { how: End::Completed })));
    drop(session);
    let again = stand.resume(&run, &[]).await.err().unwrap();
    assert!(matches!(again, SessionError::Refused(_)), "{again}");
}

#[tokio::test(start_paused = true)]
async fn a_listener_that_applies_what_it_is_told_has_the_state_of_the_run() {
    let stand = Stand::new(changing());
    let mut session = stand.start(&[]).await;
    session.prepare().await.unwrap();
    session.decide(go(&session)).await.unwrap();
    session.decide(Decision::RollBack { reason: "enough".into() }).await.unwrap();
    session.prepare().await.unwrap();
    session.decide(go(&session)).await.unwrap();
    let events = stand.events.lock().unwrap().clone();
    let told: Vec<Stamped> = events
        .iter()
        .filter_map(|event| match event {
            Event::Wrote(stamped) => Some(stamped.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(&State::fold(&stand.book, &told).unwrap(), session.state());
    assert!(events.iter().any(|event| matches!(event, Event::Happens { .. })));
    assert_eq!(session.state().status("raise"), StepStatus::RolledBack);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_measured_is_never_success() {
    let stand = Stand::new(changing());
    for (looks, due) in [(vec![Some(true), None], Verdict::Unknown), (vec![Some(true), Some(false)], Verdict::NotHeld)]
    {
        let mut session = stand.start(&[]).await;
        stand.eyes.sees(&[Some(true)]);
        session.prepare().await.unwrap();
        stand.eyes.sees(&looks);
        session.decide(go(&session)).await.unwrap();
        let known = session.state().step("raise").unwrap();
        assert_eq!(known.verified.as_ref().map(|(verdict, _)| *verdict), Some(due));
        assert_eq!(known.status, StepStatus::VerifyFailed);
    }
}

#[tokio::test(start_paused = true)]
async fn eyes_that_never_answer_are_unknown_and_a_survey_holds_nothing_up() {
    let stand = Stand::new(changing());
    *stand.eyes.hang.lock().unwrap() = true;
    let opening = Opening { survey: true, ..stand.opening(Mode::Run, &[]) };
    let mut session = stand.open(opening).await.unwrap();
    session.prepare().await.unwrap();
    let records = stand.records(session.run());
    assert!(records.iter().any(|record| matches!(record, Record::SnapshotFailed { why, .. } if why.contains("120 s"))));
    assert!(records.iter().any(|record| matches!(record, Record::Required { seen, .. } if seen.holds.is_none())));
    let refused = session.decide(go(&session)).await.unwrap_err();
    assert!(matches!(refused, SessionError::Refused(_)), "a precondition that is not known: {refused}");
    assert!(stand.hands.given.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn hands_that_never_come_back_leave_an_unknown_outcome() {
    let hands = FakeHands { deaf: true, ..FakeHands::default() };
    let stand = Stand::with(book(vec![], vec![step("one", Some(sh()))]), FakeEyes::default(), hands);
    let mut session = stand.start(&[]).await;
    session.decide(go(&session)).await.unwrap();
    assert_eq!(session.state().status("one"), StepStatus::OutcomeUnknown);
    assert!(matches!(session.situation(), Situation::Step { asks: crate::runbook::machine::Asks::Settle(_), .. }));
}

#[tokio::test(start_paused = true)]
async fn an_instruction_has_no_hands_whatever_it_is_given() {
    let stand = Stand::new(book(vec![], vec![step("one", Some(sh()))]));
    let mut session = stand.open(stand.opening(Mode::Instruct, &[])).await.unwrap();
    assert!(session.decide(go(&session)).await.is_err());
    session.decide(Decision::Done { evidence: "it printed 3".into() }).await.unwrap();
    assert!(stand.hands.given.lock().unwrap().is_empty());
    assert_eq!(session.state().status("one"), StepStatus::DoneByHand);
    assert!(!stand.kinds(session.run()).contains(&"intent".to_owned()));
    let plan = stand.open(stand.opening(Mode::Plan, &[])).await.err().unwrap();
    assert!(matches!(plan, SessionError::Refused(_)), "{plan}");
}

#[tokio::test(start_paused = true)]
async fn what_an_action_prints_becomes_a_value_only_where_it_fits() {
    let mut first = sh();
    first.sets = Some("count".into());
    let mut second = sh();
    second.reads = vec!["count".into()];
    let mut count = param("count");
    count.kind = crate::runbook::model::ParamKind::Integer { min: None, max: None };
    let text = book(vec![count], vec![step("ask", Some(first)), step("use", Some(second))]);
    for (printed, fits) in [(Some(" 3\n"), true), (Some("three; rm"), false), (None, false)] {
        let stand = Stand::new(text.clone());
        stand.hands.outcomes.lock().unwrap().push_back(outcome(Ended::Succeeded, printed));
        let mut session = stand.start(&[]).await;
        session.decide(go(&session)).await.unwrap();
        assert_eq!(session.state().status("ask"), StepStatus::Succeeded);
        if fits {
            session.decide(go(&session)).await.unwrap();
            assert_eq!(stand.hands.given.lock().unwrap().len(), 2);
            assert_eq!(session.values().shown("count"), Some("3"));
        } else {
            assert_eq!(session.situation(), Situation::NeedsParams(vec!["count".into()]), "{printed:?}");
            let says = session.state().step("ask").unwrap().outcome.clone().unwrap().says;
            assert!(says.contains("`count`"), "{says}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_step_that_no_longer_holds_is_unticked_and_one_that_cannot_be_measured_is_not() {
    let mut seen = step("see", Some(action(ActionKind::Check(verify("a.ill", 0, 1, 0)))));
    if let Some(ActionKind::Check(verify)) = seen.action.as_mut().map(|action| &mut action.kind) {
        verify.condition = Condition { expect: Expectation::Fails, ..verify.condition.clone() };
    }
    let cured = step("cured", Some(action(ActionKind::Check(verify("a.well", 0, 1, 0)))));
    let stand = Stand::new(book(vec![], vec![seen, cured]));
    let mut session = stand.start(&[]).await;
    session.decide(go(&session)).await.unwrap();
    session.decide(go(&session)).await.unwrap();
    stand.eyes.sees(&[None]);
    session.watch().await.unwrap();
    assert_eq!(session.state().status("cured"), StepStatus::Verified);
    stand.eyes.sees(&[Some(false)]);
    session.watch().await.unwrap();
    assert_eq!(session.state().status("cured"), StepStatus::Regressed);
    assert_eq!(session.state().status("see"), StepStatus::Verified, "it was the right runbook, and need not stay so");
}
