use super::*;
use crate::{
    history::{Origin, PastNumber, past::Verdict},
    report::Summary,
    snapshot::Unit,
};

fn finding(check: &str, subject: &str, status: Status, used: f64) -> PastFinding {
    PastFinding {
        check: check.into(),
        subject: subject.into(),
        source: Some("primary".into()),
        status,
        message: format!("{subject} is {}", status.word().to_lowercase()),
        limits: "fail 90 %".into(),
        numbers: vec![PastNumber { name: "used".into(), value: used, unit: Unit::Ratio }],
    }
}

fn audit(id: i64, at: &str, findings: Vec<PastFinding>) -> PastAudit {
    let count = |status| findings.iter().filter(|finding| finding.status == status).count();
    let summary = Summary {
        fail: count(Status::Fail),
        warn: count(Status::Warn),
        unknown: count(Status::Unknown),
        pass: count(Status::Pass),
        ..Summary::default()
    };
    let verdict = Verdict {
        stage: "2".into(),
        title: "Growth".into(),
        words: "NOT READY".into(),
        low: 61.5,
        high: 80.0,
        coverage: 0.87,
    };
    let past = Past {
        id: Some(id),
        target: "shop".into(),
        at: at.parse().unwrap(),
        origin: Some(Origin::Audit),
        verdict: Some(verdict),
        summary,
        left_off: 0,
    };
    PastAudit { past, findings }
}

fn two() -> (PastAudit, PastAudit) {
    let before = vec![
        finding("postgres.connections", "primary", Status::Warn, 0.81),
        finding("redis.memory", "cache", Status::Fail, 0.97),
        finding("redis.persistence", "cache", Status::Fail, 0.5),
        finding("postgres.wal", "primary", Status::Warn, 0.7),
        finding("postgres.locks", "pid 7", Status::Fail, 0.1),
        finding("postgres.locks", "none", Status::Pass, 0.0),
    ];
    let mut limits = finding("postgres.wal", "primary", Status::Warn, 0.72);
    limits.limits = "fail 95 %".into();
    let after = vec![
        finding("postgres.connections", "primary", Status::Fail, 0.93),
        finding("redis.memory", "cache", Status::Unknown, 0.0),
        finding("redis.persistence", "cache", Status::Warn, 0.4),
        limits,
        finding("postgres.locks", "pid <b>9</b>\u{1b}[2J | x", Status::Warn, 0.1),
    ];
    (audit(7, "2026-01-01T10:00:00Z", before), audit(8, "2026-01-02T10:00:00Z", after))
}

#[test]
fn what_changed_is_told_the_worst_first() {
    let (before, after) = two();
    let comparison = compare(&before, &after);
    let look = Look { width: 80, colour: false, all: false };
    insta::assert_snapshot!("changes_human", human(&comparison, look));
    insta::assert_snapshot!("changes_markdown", markdown(&comparison, true));
    let json: serde_json::Value = serde_json::from_str(&json(&comparison).unwrap()).unwrap();
    assert_eq!(json["tally"], serde_json::json!({ "new": 1, "worse": 1, "unmeasured": 1, "better": 2 }));
    assert_eq!(json["worse"][0]["number"]["now"], 0.93);
    assert_eq!(json["before"]["id"], 7);
}

#[test]
fn hostile_text_is_harmless_in_both() {
    let (before, after) = two();
    let comparison = compare(&before, &after);
    for text in [human(&comparison, Look { width: 80, colour: false, all: true }), markdown(&comparison, true)] {
        assert!(!text.contains('\u{1b}'), "{text}");
    }
    assert!(!markdown(&comparison, true).contains("<b>"));
}

#[test]
fn what_may_have_been_left_off_is_not_gone() {
    let (before, mut after) = two();
    after.past.left_off = 12;
    let comparison = compare(&before, &after);
    assert_eq!((comparison.better.len(), comparison.unmeasured.len()), (1, 2));
    assert!(comparison.notes()[0].contains("12 findings of audit 8"), "{:?}", comparison.notes());
    let backwards = compare(&after, &before);
    assert!(backwards.notes()[0].contains("towards the past"), "{:?}", backwards.notes());
}
