//! Stopping from outside, while the session is driven in a task of its own.

use std::time::Duration;

use super::fakes::*;
use crate::runbook::{
    machine::{Decision, Situation},
    model::{ActionKind, Runbook},
    record::{Ended, Mode, Record, Verdict, When},
    session::{Event, Opening, Session, Work},
    state::{StepState, StepStatus},
};

/// Walks the only step, stops it once it has begun, and says what became of it.
async fn stopped(stand: &Stand) -> (Session, StepState) {
    let mut session = stand.start(&[]).await;
    let stop = session.stopper();
    let decision = go(&session);
    let driver = tokio::spawn(async move {
        session.decide(decision).await.unwrap();
        session
    });
    while !stand.events.lock().unwrap().iter().any(|event| matches!(event, Event::Began(_))) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    stop.send_replace(true);
    let session = driver.await.unwrap();
    let known = session.state().step("one").unwrap().clone();
    (session, known)
}

fn one(kind: ActionKind) -> Runbook {
    book(vec![], vec![step("one", Some(action(kind)))])
}

#[tokio::test(start_paused = true)]
async fn an_action_that_is_stopped_has_an_unknown_outcome_and_nothing_follows() {
    let hands = FakeHands { until_stopped: true, ..FakeHands::default() };
    let mut text = one(ActionKind::Sh { pty: false, expect: vec![0] });
    text.phases[0].steps[0].verify = vec![verify("a.b", 0, 1, 0)];
    let stand = Stand::with(text, FakeEyes::default(), hands);
    let (session, known) = stopped(&stand).await;
    assert_eq!((known.status, known.attempts), (StepStatus::OutcomeUnknown, 1));
    assert_eq!(stand.kinds(session.run()).last().map(String::as_str), Some("outcome"), "no look follows");
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_stopped_has_not_passed_and_can_be_waited_again() {
    let stand = Stand::new(one(ActionKind::Wait(Duration::from_secs(3600))));
    let (mut session, known) = stopped(&stand).await;
    assert_eq!(known.outcome.map(|outcome| outcome.ended), Some(Ended::Cancelled));
    session.decide(Decision::Retry).await.unwrap();
    session.decide(go(&session)).await.unwrap();
    assert_eq!(session.state().status("one"), StepStatus::Succeeded);
}

#[tokio::test(start_paused = true)]
async fn looking_that_is_stopped_is_no_success_even_if_eyes_hang() {
    for hang in [false, true] {
        let stand = Stand::new(one(ActionKind::Check(verify("a.b", 3600, 1, 0))));
        stand.eyes.sees(&[Some(false)]);
        *stand.eyes.hang.lock().unwrap() = hang;
        let (_, known) = stopped(&stand).await;
        assert_eq!(known.verified.map(|(verdict, _)| verdict), Some(Verdict::Stopped));
        assert_eq!(known.status, StepStatus::VerifyFailed);
        let began = stand
            .events
            .lock()
            .unwrap()
            .iter()
            .any(|event| matches!(event, Event::Began(Work::Verifying { within, .. }) if within.as_secs() == 3600));
        assert!(began, "a screen is told for how long it may take");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_what_runs_and_not_what_comes_later() {
    let stand = Stand::new(one(ActionKind::Wait(Duration::from_secs(5))));
    let mut session = stand.start(&[]).await;
    session.stopper().send_replace(true);
    session.decide(go(&session)).await.unwrap();
    assert_eq!(session.state().status("one"), StepStatus::Succeeded);
}

/// A stand whose target does not answer, and an opening that looks at all of it first.
fn surveyed() -> (Stand, Opening) {
    let stand = Stand::new(one(ActionKind::Sh { pty: false, expect: vec![0] }));
    *stand.eyes.hang.lock().unwrap() = true;
    let opening = Opening { survey: true, ..stand.opening(Mode::Run, &[]) };
    (stand, opening)
}

#[tokio::test(start_paused = true)]
async fn a_first_look_that_is_stopped_leaves_a_paused_run_that_looks_again_when_it_is_taken_up() {
    let (stand, opening) = surveyed();
    let stop = opening.stop.clone();
    let began = tokio::time::Instant::now();
    let stopping = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        stop.send_replace(true);
    };
    let (session, ()) = tokio::join!(stand.open(opening), stopping);
    let session = session.unwrap();
    assert_eq!(began.elapsed().as_secs(), 3, "nothing is waited for any longer");
    assert!(session.state().paused && !*session.stopper().borrow());
    let run = session.run().to_owned();
    assert_eq!(stand.kinds(&run), ["started", "snapshot-failed", "decided"]);
    let says =
        |record: &Record| matches!(record, Record::SnapshotFailed { why, .. } if why.contains("operator stopped"));
    assert!(stand.records(&run).iter().any(says));
    drop(session);

    *stand.eyes.hang.lock().unwrap() = false;
    let hands = std::sync::Arc::clone(&stand.hands);
    let again = Opening { survey: true, ..stand.opening(Mode::Run, &[]) };
    let taken_up =
        Session::resume(stand.book.clone(), stand.eyes.clone(), Some(hands), again, &run, |_| {}).await.unwrap();
    assert!(!taken_up.state().paused && taken_up.state().before.is_some());
    assert!(
        matches!(taken_up.situation(), Situation::Step { step, .. } if step == "one"),
        "{:?}",
        taken_up.situation()
    );
}

#[tokio::test(start_paused = true)]
async fn a_last_look_that_is_stopped_closes_the_run_without_it() {
    let (stand, opening) = surveyed();
    *stand.eyes.hang.lock().unwrap() = false;
    let mut session = stand.open(opening).await.unwrap();
    session.prepare().await.unwrap();
    session.decide(go(&session)).await.unwrap();
    *stand.eyes.hang.lock().unwrap() = true;
    let stop = session.stopper();
    let stopping = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        stop.send_replace(true);
    };
    let (closed, ()) = tokio::join!(session.decide(Decision::Finish), stopping);
    closed.unwrap();
    assert_eq!(session.situation(), Situation::Ended);
    let failed = |record: &Record| matches!(record, Record::SnapshotFailed { when: When::After, .. });
    assert!(stand.records(session.run()).iter().any(failed));
}
