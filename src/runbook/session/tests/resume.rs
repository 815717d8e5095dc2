//! Taking a run up again.

use std::{os::unix::process::CommandExt as _, process::Stdio, time::Duration};

use super::fakes::*;
use crate::runbook::{
    journal::JournalError,
    machine::{Asks, Decision, Situation},
    record::{Mode, Record},
    session::SessionError,
    state::StepStatus,
};

fn two_steps() -> crate::runbook::model::Runbook {
    let mut one = step("one", Some(on_primary(sh())));
    one.require = vec![condition("a.b")];
    book(vec![], vec![one, step("two", Some(sh()))])
}

#[tokio::test(start_paused = true)]
async fn the_step_at_hand_is_looked_at_again_before_anything() {
    let stand = Stand::new(two_steps());
    let mut session = stand.start(&[]).await;
    let run = session.run().to_owned();
    session.prepare().await.unwrap();
    assert!(matches!(session.situation(), Situation::Step { asks: Asks::Yes, .. }));
    drop(session);
    *stand.eyes.identity.lock().unwrap() = Ok(identity("9999"));
    let mut session = stand.resume(&run, &[]).await.unwrap();
    assert_eq!(session.situation(), Situation::ToPrepare("one".into()));
    assert!(session.decide(go(&session)).await.is_err(), "what was seen before counts no more");
    session.prepare().await.unwrap();
    let Situation::Step { asks: Asks::Trouble(says), .. } = session.situation() else {
        panic!("{:?}", session.situation())
    };
    assert!(says.contains("7301") && says.contains("9999"), "{says}");
    assert!(stand.hands.given.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_run_stays_with_its_target_its_values_and_one_writer() {
    let mut text = two_steps();
    text.params = vec![param("note")];
    let stand = Stand::new(text);
    let session = stand.start(&[("note", "a")]).await;
    let run = session.run().to_owned();
    let held = stand.resume(&run, &[]).await.err().unwrap();
    assert!(matches!(held, SessionError::Journal(JournalError::Held { .. })), "{held}");
    drop(session);
    let other = stand.resume(&run, &[("note", "b")]).await.err().unwrap().to_string();
    assert!(other.contains("`note` has another value"), "{other}");
    "other".clone_into(&mut stand.eyes.target.lock().unwrap());
    let other = stand.resume(&run, &[]).await.err().unwrap().to_string();
    assert!(other.contains("begun on shop (production), and this is other (production)"), "{other}");
    "shop".clone_into(&mut stand.eyes.target.lock().unwrap());
    let session = stand.resume(&run, &[("note", "a")]).await.unwrap();
    assert_eq!(session.values().shown("note"), Some("a"));
    assert!(matches!(stand.records(&run)[1], Record::Param { .. }));
}

#[tokio::test(start_paused = true)]
async fn another_text_is_told_of_where_it_does_not_matter_and_refused_where_it_does() {
    let mut stand = Stand::new(two_steps());
    let run = stand.start(&[]).await.run().to_owned();
    let mut text = two_steps();
    text.hash = "another".into();
    text.phases[0].steps[1].hash = "another".into();
    stand.book = text.clone().into();
    let session = stand.resume(&run, &[]).await.unwrap();
    assert!(!session.taken_up().unwrap().changed.is_empty());
    assert!(matches!(stand.records(&run).last(), Some(Record::Resumed { changed, .. }) if !changed.is_empty()));
    drop(session);
    text.phases[0].steps[0].hash = "another".into();
    stand.book = text.into();
    let refused = stand.resume(&run, &[]).await.err().unwrap().to_string();
    assert!(refused.contains("`one`"), "{refused}");
}

#[tokio::test(start_paused = true)]
async fn values_are_checked_before_anything_is_made() {
    let mut text = two_steps();
    text.params = vec![param("note")];
    let stand = Stand::new(text);
    for values in [[("note", "a\nb")], [("nothing", "a")]] {
        let refused = stand.open(stand.opening(Mode::Run, &values)).await.err().unwrap();
        assert!(matches!(refused, SessionError::Refused(_)), "{refused}");
    }
    assert_eq!(stand.all_text(), "");
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a test starts what is to be ended")]
async fn a_process_that_outlived_its_program_is_named_and_ended_with_its_children() {
    // A shell that ignores TERM, with a child: only the whole group and KILL end it.
    let mut process = std::process::Command::new("sh");
    let mut child = process
        .args(["-c", "trap '' TERM; sleep 600 & echo $!; wait"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
    let pid = child.id();
    let hands = FakeHands { until_stopped: true, spawns: Some((pid, Some(started(pid)))), ..FakeHands::default() };
    let stand = Stand::with(book(vec![], vec![step("one", Some(sh()))]), FakeEyes::default(), hands);
    let mut session = stand.start(&[]).await;
    let run = session.run().to_owned();
    let decision = go(&session);
    // The driver ends in the middle of the action, as a program that is killed.
    let gone = tokio::time::timeout(Duration::from_millis(300), session.decide(decision)).await;
    assert!(gone.is_err());
    drop(session);

    let mut session = stand.resume(&run, &[]).await.unwrap();
    assert_eq!(session.state().status("one"), StepStatus::OutcomeUnknown);
    let taken_up = session.taken_up().unwrap().clone();
    assert_eq!(taken_up.unknown, ["one"]);
    let [survivor] = &taken_up.survivors[..] else { panic!("{taken_up:?}") };
    assert_eq!(survivor.to_string(), format!("the process {pid} of the step one still runs"));
    // Whoever started it collects it.
    let collector = std::thread::spawn(move || child.wait().unwrap());
    session.end_survivor(survivor).await.unwrap();
    assert!(!survivor.lives());
    collector.join().unwrap();
    assert!(started_of(line.trim()).is_none(), "its child is gone, too");
    assert_eq!(session.taken_up().unwrap().survivors, []);
    assert!(matches!(stand.records(&run).last(), Some(Record::Decided { .. })));
    session.decide(Decision::Done { evidence: "seen".into() }).await.unwrap();
}

fn started(pid: u32) -> u64 {
    started_of(&pid.to_string()).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a test asks the process table")]
fn started_of(pid: &str) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<_> = stat.rsplit_once(") ")?.1.split(' ').map(str::to_owned).collect();
    (fields[0] != "Z").then(|| fields[19].parse().unwrap())
}
