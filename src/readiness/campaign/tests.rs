use super::*;
use crate::{
    readiness::{
        bottleneck::{Grade, Grows},
        checklist::tests::{Bed, RESTORE, answers, pack},
    },
    snapshot::Unit,
};

/// Snapshots of cases are of 1970-01-01.
const FILE: &str = "name = \"Spring sale\"\ndate = 1970-01-31\nload = \"4800/s\"\nowner = \"platform team\"\n";

fn run(name: &str, more: &str) -> String {
    format!("{{ name = \"{name}\", started = \"1970-01-01T10:00:00Z\", {more} }}")
}

fn bed(runs: &[String], answer: &str) -> Bed {
    let given = format!(
        "{}[[given]]\nprobe = \"loadtest.runs\"\nsource = \"tests\"\nrows = [{}]\n",
        answers(&[("own.restored", RESTORE, answer)]),
        runs.join(", ")
    );
    Bed::new(&pack("also", false), &given)
}

fn entry(campaign: &Campaign, id: &str) -> Entry {
    campaign.entries.iter().find(|entry| entry.id == id).unwrap().clone()
}

#[test]
fn a_load_test_reaches_the_load_in_time_and_keeps_its_thresholds() {
    let stands = |more: &str| {
        let campaign = bed(&[run("stress", more)], "").campaign(FILE, &[]).unwrap();
        let entry = entry(&campaign, "load-test");
        (entry.stands, entry.message)
    };
    assert_eq!(stands("rps = 4700.0").0, Stands::Ready);
    let (short, message) = stands("rps = 2000.0");
    assert!(short == Stands::Unproven && message.contains("2,000 requests a second (`stress`)"), "{message}");
    assert_eq!(stands("rps = 4700.0, gates = 2, gates_failed = 1").0, Stands::NotReady);
    let (unread, message) = stands("rps = 4700.0, fault = \"rubbish\"");
    assert!(unread == Stands::Unproven && message.contains("no load test that can be read"), "{message}");
    let late = FILE.replace("1970-01-31", "1970-02-01");
    let campaign = bed(&[run("stress", "rps = 4700.0")], "").campaign(&late, &[]).unwrap();
    let old = entry(&campaign, "load-test");
    assert!(old.stands == Stands::Unproven && old.message.contains("will be 31 days old"), "{}", old.message);
}

#[test]
fn a_multiple_is_reached_by_a_test_that_made_the_load_it_aimed_at() {
    let file = FILE.replace("load = \"4800/s\"", "multiple = 6");
    let stands = |more: &str| {
        let campaign = bed(&[run("stress", more)], "").campaign(&file, &[]).unwrap();
        entry(&campaign, "load-test").stands
    };
    assert_eq!(stands("rps = 600.0, target_rps = 600.0, multiple = 6.0"), Stands::Ready);
    assert_eq!(stands("rps = 300.0, target_rps = 600.0, multiple = 6.0"), Stands::Unproven);
    assert_eq!(stands("rps = 600.0, target_rps = 600.0, multiple = 5.0"), Stands::Unproven);
    assert_eq!(stands("rps = 600.0, multiple = 6.0"), Stands::Unproven, "what it aimed at is not known");
}

#[test]
fn an_answer_that_ends_before_the_day_proves_nothing_on_it() {
    let of = |answer: &str| entry(&bed(&[], answer).campaign(FILE, &[]).unwrap(), "own.restored");
    assert_eq!(of("").stands, Stands::Ready);
    assert_eq!(of("expires = \"1970-01-31\"").stands, Stands::Ready, "a day is over at its end");
    let ends = of("expires = \"1970-01-30\"");
    assert_eq!(ends.stands, Stands::Unproven);
    assert!(
        ends.message.contains("ends on 1970-01-30, before the campaign") && ends.todo.contains("renew"),
        "{ends:?}"
    );
    assert_eq!(of("answer = \"no\"").stands, Stands::NotReady);
}

#[test]
fn everybody_owes_something_by_a_day() {
    let campaign = bed(&[], "answer = \"no\"").campaign(FILE, &[]).unwrap();
    let of = |campaign: &Campaign, id: &str| {
        let entry = entry(campaign, id);
        (entry.owner, entry.due.to_string(), entry.overdue)
    };
    assert_eq!(of(&campaign, "own.restored"), ("platform team".into(), "1970-01-24".into(), false));
    assert_eq!(of(&campaign, "load-test"), ("platform team".into(), "1970-01-17".into(), false));
    let more = "[owners]\nrecovery = \"dba\"\n\"own.b*\" = \"web team\"\ndatabase = \"nobody\"\n\
                [due]\nrecovery = 31\nload-tests = 20\n";
    let campaign = bed(&[], "answer = \"no\"").campaign(&format!("{FILE}{more}"), &[]).unwrap();
    assert_eq!(of(&campaign, "own.restored"), ("dba".into(), "1969-12-31".into(), true));
    assert_eq!(of(&campaign, "own.both").0, "web team", "a criterion is nearer than a domain");
    assert_eq!(of(&campaign, "load-test").1, "1970-01-11");
    assert_eq!(campaign.entries[0].id, "own.restored", "what is overdue comes first");
    let dues: Vec<_> = campaign.entries.iter().filter(|e| e.stands < Stands::Accepted).map(|e| e.due).collect();
    assert!(dues.is_sorted(), "{dues:?}");
}

#[test]
fn a_campaign_that_cannot_be_is_refused() {
    let refused = |file: &str, says: &str| {
        let error = bed(&[], "").campaign(file, &[]).unwrap_err();
        assert!(error.contains(says), "{says}: {error}");
    };
    refused(&FILE.replace("1970-01-31", "1969-12-31"), "was on 1969-12-31, 1 days before 1970-01-01");
    refused(&FILE.replace("load = \"4800/s\"", ""), "say which load it must carry");
    refused(&FILE.replace("4800/s", "much"), "much");
    refused(&FILE.replace("owner", "ownr"), "unknown field `ownr`");
    refused(&format!("{FILE}[owners]\ndatabas = \"x\"\n"), "owners: `databas` is no domain");
    refused(&format!("{FILE}[due]\n\"own.x*\" = 3\n"), "due: `own.x*` is no domain");
}

fn slots(headroom: f64, grade: Grade) -> Bottleneck {
    Bottleneck {
        check: "postgres.connection-saturation".into(),
        subject: "primary".into(),
        resource: "connection slots".into(),
        domain: "database".into(),
        grows: Grows::Traffic,
        used: 50.0,
        ceiling: 100.0,
        idle: 0.0,
        unit: Unit::Count,
        headroom: Some(headroom),
        headroom_interval: None,
        days_left: None,
        margin: None,
        grade,
        ground: "four levels".into(),
        fix: "raise it".into(),
        advice: None,
    }
}

#[test]
fn a_resource_below_the_multiple_or_full_before_the_day_is_named() {
    let file = FILE.replace("load = \"4800/s\"", "multiple = 6");
    let of = |b: Bottleneck| {
        let campaign = bed(&[], "").campaign(&file, &[b]).unwrap();
        campaign.entries.into_iter().filter(|e| e.id == "headroom").map(|e| (e.stands, e.message)).collect::<Vec<_>>()
    };
    let short = of(slots(2.1, Grade::Fitted));
    assert!(
        short.iter().any(|(stands, message)| *stands == Stands::NotReady && message.contains("at 2.1x")),
        "{short:?}"
    );
    assert_eq!(of(slots(7.0, Grade::Fitted)), [(Stands::Ready, "1 of 1 resources last for 6x".into())]);
    assert_eq!(of(slots(7.0, Grade::OnePoint))[0].0, Stands::Unproven, "one point proves nothing");
    let disk = Bottleneck { grows: Grows::Time, headroom: None, days_left: Some(12.5), ..slots(1.0, Grade::Static) };
    let full = of(disk.clone());
    assert!(
        full.iter().any(|(stands, message)| *stands == Stands::NotReady && message.contains("in 12 days")),
        "{full:?}"
    );
    let later = of(Bottleneck { days_left: Some(30.0), ..disk });
    assert_eq!(later, [(Stands::Unproven, "no resource's headroom was measured".into())]);
}

#[test]
fn the_verdict_is_the_worst_of_what_blocks() {
    let file = FILE.replace("load = \"4800/s\"", "multiple = 6");
    let good = [run("stress", "rps = 600.0, target_rps = 600.0, multiple = 6.0")];
    let verdict = |answer: &str| {
        let given = format!(
            "{}[[given]]\nprobe = \"postgres.connections\"\nrows = [{{ used = 5 }}]\n\
             [[given]]\nprobe = \"loadtest.runs\"\nsource = \"tests\"\nrows = [{}]\n",
            answers(&[("own.restored", RESTORE, answer), ("own.both", "Are the slots enough?", "")]),
            good.join(", ")
        );
        let bed = Bed::new(&pack("also", false), &given);
        bed.campaign(&file, &[slots(7.0, Grade::LoadTest)]).unwrap().verdict
    };
    assert_eq!(verdict(""), Verdict::Ready);
    assert_eq!(verdict("expires = \"1970-01-30\""), Verdict::Unproven, "ready today is not ready on the day");
    assert_eq!(verdict("answer = \"no\""), Verdict::NotReady);
}
