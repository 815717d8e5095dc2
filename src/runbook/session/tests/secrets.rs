//! Secrets stay in memory.

use base64::Engine as _;

use super::{super::mask, fakes::*};
use crate::{
    runbook::{
        machine::{Decision, Situation},
        port::{Eyes, Values},
        record::{Ended, Stamped},
    },
    secret::Secret,
};

const TOKEN: &str = "s3cret/t0ken+x";
const PASSWORD: &str = "hunter2hunter2";

fn reading() -> crate::runbook::model::Runbook {
    let mut token = param("token");
    token.secret = true;
    let mut uses = sh();
    uses.reads = vec!["token".into(), "note".into()];
    let uses = step("use", Some(uses));
    book(vec![token, param("note")], vec![uses.clone(), crate::runbook::model::Step { id: "again".into(), ..uses }])
}

fn eyes() -> FakeEyes {
    FakeEyes { secrets: vec![PASSWORD.into()], ..FakeEyes::default() }
}

#[tokio::test(start_paused = true)]
async fn a_secret_reaches_hands_and_no_file_and_is_asked_again() {
    let hands = FakeHands::default();
    let encoded = base64::engine::general_purpose::STANDARD.encode(format!("user:{TOKEN}"));
    hands.outcomes.lock().unwrap().push_back(crate::runbook::record::Outcome {
        says: format!("the server said: no {TOKEN}"),
        excerpt: format!("Authorization: Basic {encoded}"),
        ..outcome(Ended::Succeeded, None)
    });
    let stand = Stand::with(reading(), eyes(), hands);
    let mut session = stand.start(&[("token", TOKEN), ("note", "plain")]).await;
    session.decide(Decision::Note(format!("the token is {TOKEN}"))).await.unwrap();
    session.decide(go(&session)).await.unwrap();
    let run = session.run().to_owned();
    drop(session);
    let text = stand.all_text();
    assert!(text.contains("the server said: no [redacted]"), "{text}");
    assert!(!text.contains(TOKEN) && !text.contains(&encoded[8..]), "{text}");
    let told = format!("{:?}", stand.events.lock().unwrap());
    assert!(!told.contains(TOKEN), "{told}");

    let mut session = stand.resume(&run, &[]).await.unwrap();
    assert_eq!(session.situation(), Situation::NeedsParams(vec!["token".into()]));
    assert!(session.decide(go(&session)).await.is_err());
    assert_eq!(stand.hands.given.lock().unwrap().len(), 1);
    let value = Secret::new(TOKEN);
    session.decide(Decision::Answer { name: "token".into(), value, origin: "operator".into() }).await.unwrap();
    session.decide(go(&session)).await.unwrap();
    let given = stand.hands.given.lock().unwrap().clone();
    assert!(format!("{:?}", given[1].what).contains(TOKEN), "hands need it");
    drop(session);
    assert!(!stand.all_text().contains(TOKEN));
}

#[tokio::test(start_paused = true)]
async fn a_value_that_holds_a_secret_is_not_written_down_in_another_form() {
    let stand = Stand::with(reading(), eyes(), FakeHands::default());
    let note = format!("postgres://app:{PASSWORD}@db");
    let session = stand.start(&[("token", TOKEN), ("note", &note)]).await;
    assert_eq!(session.values().expose("note"), Some(note.as_str()));
    let run = session.run().to_owned();
    drop(session);
    assert!(!stand.all_text().contains(PASSWORD));
    let session = stand.resume(&run, &[("token", TOKEN)]).await.unwrap();
    assert_eq!(
        session.situation(),
        Situation::NeedsParams(vec!["note".into()]),
        "not the masked text, but the question"
    );
}

#[tokio::test(start_paused = true)]
async fn a_default_never_stands_in_for_a_value_that_was_not_written_down() {
    let mut text = reading();
    text.params[1].default = Some("the default".into());
    let stand = Stand::with(text, eyes(), FakeHands::default());
    let session = stand.start(&[("token", TOKEN), ("note", PASSWORD)]).await;
    let run = session.run().to_owned();
    drop(session);
    let mut session = stand.resume(&run, &[("token", TOKEN)]).await.unwrap();
    assert_eq!(session.situation(), Situation::NeedsParams(vec!["note".into()]));
    assert!(session.decide(go(&session)).await.is_err());
    let value = Secret::new("another");
    session.decide(Decision::Answer { name: "note".into(), value, origin: "operator".into() }).await.unwrap();
    session.decide(go(&session)).await.unwrap();
    assert_eq!(stand.hands.given.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_an_action_prints_is_not_written_down() {
    let mut makes = sh();
    makes.sets = Some("token".into());
    let mut text = reading();
    text.phases[0].steps.insert(0, step("make", Some(makes)));
    let stand = Stand::with(text, eyes(), FakeHands::default());
    let printed = crate::runbook::record::Outcome { excerpt: String::new(), ..outcome(Ended::Succeeded, Some(TOKEN)) };
    stand.hands.outcomes.lock().unwrap().push_back(printed);
    let mut session = stand.start(&[("note", "plain")]).await;
    session.decide(go(&session)).await.unwrap();
    assert_eq!(session.values().expose("token"), Some(TOKEN));
    session.decide(go(&session)).await.unwrap();
    assert!(!stand.all_text().contains(TOKEN));
}

/// Keys of records whose values tie records together and come from the runbook or this program.
const STRUCTURE: [&str; 27] = [
    "record",
    "at",
    "n",
    "sum",
    "decision",
    "step",
    "attempt",
    "way",
    "mode",
    "ended",
    "how",
    "when",
    "verdict",
    "format",
    "run",
    "runbook",
    "title",
    "hash",
    "steps",
    "tool",
    "target",
    "environment",
    "name",
    "source",
    "kind",
    "item",
    "to",
];
const FILES: [&str; 5] = ["output", "env", "due", "started", "holds"];

/// Puts a secret into every text of a record that may come from outside.
fn plant(value: &mut serde_json::Value, key: &str) {
    if STRUCTURE.contains(&key) || FILES.contains(&key) {
        return;
    }
    match value {
        serde_json::Value::String(text) => *text = format!("before {PASSWORD} after"),
        serde_json::Value::Array(all) => all.iter_mut().for_each(|value| plant(value, key)),
        serde_json::Value::Object(fields) => {
            let is_map = matches!(key, "facts" | "findings");
            let planted = std::mem::take(fields).into_iter().map(|(name, mut value)| {
                plant(&mut value, &name);
                if is_map { (format!("{name} {PASSWORD}"), value) } else { (name, value) }
            });
            *fields = planted.collect();
        }
        _ => {}
    }
}

#[test]
fn no_text_of_any_record_keeps_a_planted_secret() {
    let stored = include_str!("../../../../tests/fixtures/journals/v1.jsonl");
    let redactor = mask::redactor(&eyes() as &dyn Eyes, &Values::default());
    let mut planted = 0;
    for line in stored.lines() {
        let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
        let snapshot = value["record"] == "snapshot";
        let kept = value["file"].clone();
        plant(&mut value, "");
        if snapshot {
            value["file"] = kept;
        }
        // A value of a parameter is dealt with before it becomes a record.
        if value["record"] == "param" && value["value"].is_string() {
            value["value"] = "plain".into();
        }
        let stamped: Stamped = serde_json::from_value(value).unwrap_or_else(|error| panic!("{line}: {error}"));
        planted += usize::from(serde_json::to_string(&stamped).unwrap().contains(PASSWORD));
        let text = serde_json::to_string(&mask::record(stamped.record, &redactor)).unwrap();
        assert!(!text.contains(PASSWORD), "{text}");
    }
    assert!(planted > 25, "{planted}");
}
