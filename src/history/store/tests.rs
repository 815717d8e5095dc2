use rusqlite::Connection;

use super::*;
use crate::{
    assets,
    check::{evaluate::Bench, finding::Status, library::Library, params::Overrides},
    history::{Kind, Origin, PastAudit, changes, name_of},
    readiness::{Knowledge, Packs, Wish},
    report::Audit,
    snapshot::{Snapshot, Unit},
};

const TARGET: &str = "demo-shop";

fn audit() -> Audit {
    let files = assets::embedded();
    let mut library = Library::load(&files).unwrap();
    let packs = Packs::load(&files, &mut library).unwrap();
    let knowledge = Knowledge { library, packs };
    let snapshot = Snapshot::read(include_str!("../../assets/demo.json")).unwrap();
    let bench = Bench::new(&knowledge.library, &snapshot);
    let wish = Wish { pack: None, stage: None };
    let judged = knowledge.judge(&Overrides::default(), &bench, &[], |_| true, Some(&wish)).unwrap();
    Audit::new(&snapshot, judged)
}

fn later(audit: &mut Audit, hours: i64) {
    audit.snapshot.finished_at += jiff::SignedDuration::from_hours(hours);
}

#[test]
fn an_audit_is_found_again_with_its_findings_and_numbers() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("new/history.sqlite");
    assert!(History::read(&path).unwrap().is_none(), "no file is no history, and none is made by looking");
    let mut history = History::open(&path).unwrap();
    let mut audit = audit();
    let id = history.record(&audit, Origin::Audit).unwrap();
    assert_eq!(history.record(&audit, Origin::Audit).unwrap(), id, "the same audit is written down once");
    let first = history.list(TARGET, 10).unwrap();
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].summary, audit.summary);
    assert_eq!(first[0].verdict.as_ref().unwrap().words, audit.readiness.as_ref().unwrap().verdict.words());
    // It comes back as it was: against itself nothing has changed.
    let findings = history.findings(id).unwrap();
    assert_eq!(findings, PastAudit::of(&audit).findings);
    assert!(changes(&findings, &audit.findings).iter().all(|change| change.kind == Kind::Same && !change.other_limits));

    later(&mut audit, 1);
    let gone = audit.findings.iter().position(|f| f.check == "postgres.slow-statements").unwrap();
    let gone = audit.findings.remove(gone);
    history.record(&audit, Origin::Screens).unwrap();
    drop(history);

    let history = History::read(&path).unwrap().unwrap();
    let all = history.list(TARGET, 10).unwrap();
    assert_eq!(all.iter().map(|past| past.origin).collect::<Vec<_>>(), [Some(Origin::Screens), Some(Origin::Audit)]);
    assert_eq!(history.before(TARGET, all[0].at).unwrap().unwrap(), all[1]);
    let (old, new) = (history.audit(all[1].id.unwrap()).unwrap(), history.audit(all[0].id.unwrap()).unwrap());
    let moved: Vec<_> = changes(&old.findings, &new.findings).into_iter().filter(|c| c.kind != Kind::Same).collect();
    assert_eq!(moved.len(), 1, "{moved:?}");
    assert_eq!(moved[0].kind, Kind::Better);
    assert_eq!(old.findings[moved[0].before.unwrap()].subject, gone.subject);

    let of = new.findings.iter().find(|f| f.number().is_some()).unwrap();
    let number = of.number().unwrap();
    let trend = history.trend(TARGET, &of.check, &of.subject, &number.name).unwrap();
    assert_eq!(trend.len(), 2);
    assert!(trend[0].at < trend[1].at && trend.iter().all(|p| p.unit == number.unit && p.status == of.status));
    assert!(history.numbers(TARGET, &of.check, &of.subject).unwrap().contains(&(number.name.clone(), number.unit)));
    assert!(history.subjects(TARGET, &of.check).unwrap().contains(&of.subject));
    assert!(history.list("another", 10).unwrap().is_empty());
    assert_eq!(history.targets().unwrap(), [(TARGET.to_owned(), 2)]);
    assert!(matches!(history.audit(99), Err(HistoryError::NoAudit { id: 99, .. })));
}

#[test]
fn the_latest_of_a_session_stands_for_it() {
    let home = tempfile::tempdir().unwrap();
    let mut history = History::open(&home.path().join("h.sqlite")).unwrap();
    let mut audit = audit();
    let id = history.record(&audit, Origin::Screens).unwrap();
    later(&mut audit, 1);
    assert_eq!(history.record_instead(&audit, Origin::Screens, id).unwrap(), id);
    let all = history.list(TARGET, 10).unwrap();
    assert_eq!((all.len(), all[0].at), (1, audit.snapshot.finished_at));
    assert_eq!(history.findings(id).unwrap().len(), audit.findings.len());
}

#[test]
fn old_audits_are_thinned_out_and_the_latest_stay() {
    let home = tempfile::tempdir().unwrap();
    let mut history = History::open(&home.path().join("h.sqlite")).unwrap();
    let mut audit = audit();
    audit.findings.truncate(2);
    audit.snapshot.finished_at = "2024-01-01T00:00:00Z".parse().unwrap();
    let begin = audit.snapshot.finished_at;
    // Every 20 minutes of the first day and of three days a year later, then one 500 days after the first.
    let mut at = |from_hours: i64, hours: i64| {
        for step in 0..hours * 3 {
            audit.snapshot.finished_at = begin + jiff::SignedDuration::from_mins(from_hours * 60 + step * 20);
            history.record(&audit, Origin::Audit).unwrap();
        }
    };
    at(0, 24);
    at(365 * 24, 72);
    let kept = history.list(TARGET, 10_000).unwrap();
    let days = |range: std::ops::Range<i64>| {
        kept.iter().filter(|p| range.contains(&(p.at.duration_since(begin).as_hours() / 24))).count()
    };
    assert_eq!(days(0..1), 1, "one of a day that is long ago");
    assert!((24..72).contains(&days(365..366)), "one of each hour of the day before the last two: {}", days(365..366));
    assert_eq!(days(366..368), 144, "all of the last two days");
    audit.snapshot.finished_at = begin + jiff::SignedDuration::from_hours(500 * 24);
    history.record(&audit, Origin::Audit).unwrap();
    let kept = history.list(TARGET, 10_000).unwrap();
    assert_eq!(kept.len(), 1 + 3, "the last of each day, and nothing of more than 400 days ago");
}

#[test]
fn too_many_findings_are_left_off_and_counted() {
    let home = tempfile::tempdir().unwrap();
    let mut history = History::open(&home.path().join("h.sqlite")).unwrap();
    let mut audit = audit();
    let one = audit.findings[0].clone();
    audit.findings = vec![one; MOST_FINDINGS + 5];
    let id = history.record(&audit, Origin::Audit).unwrap();
    let past = history.audit(id).unwrap();
    assert_eq!((past.past.left_off, past.findings.len()), (5, MOST_FINDINGS));
}

#[test]
fn two_systems_that_nobody_named_have_no_history_in_common() {
    let mut audit = audit();
    audit.target.name = "default".into();
    let one = name_of(&audit);
    let primary = audit.snapshot.sources.iter_mut().find(|source| source.name == "primary").unwrap();
    assert!(one.starts_with("default at ") && one.contains(&primary.address), "{one}");
    primary.address = "elsewhere:5432/shop".into();
    assert_ne!(name_of(&audit), one);
}

#[test]
fn two_programs_begin_the_same_file() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("h.sqlite");
    let audit = audit();
    std::thread::scope(|scope| {
        for program in 0..4 {
            let (path, mut audit) = (&path, audit.clone());
            scope.spawn(move || {
                audit.findings.truncate(3);
                for hour in 0..5 {
                    later(&mut audit, 1);
                    audit.snapshot.finished_at += jiff::SignedDuration::from_mins(program * 10 + hour);
                    History::open(path).unwrap().record(&audit, Origin::Audit).unwrap();
                }
            });
        }
    });
    let history = History::read(&path).unwrap().unwrap();
    assert_eq!(history.list(TARGET, 100).unwrap().len(), 20);
}

#[test]
fn a_later_format_a_foreign_database_and_a_file_that_is_none_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let later = home.path().join("later.sqlite");
    drop(History::open(&later).unwrap());
    Connection::open(&later).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let told = History::open(&later).unwrap_err().to_string();
    assert!(told.contains("format is 99") && told.contains("later.sqlite"), "{told}");
    let foreign = home.path().join("foreign.sqlite");
    Connection::open(&foreign).unwrap().execute_batch("create table theirs (x)").unwrap();
    assert!(matches!(History::open(&foreign), Err(HistoryError::Foreign { .. })));
    assert!(matches!(History::read(&foreign), Err(HistoryError::Foreign { .. })));
    let none = home.path().join("none.sqlite");
    #[expect(clippy::disallowed_methods, reason = "the file of the test")]
    std::fs::write(&none, "not a database, but long enough to be looked at as one".repeat(40)).unwrap();
    for told in [History::open(&none).unwrap_err().to_string(), History::read(&none).unwrap_err().to_string()] {
        assert!(told.contains("none.sqlite") && told.contains("move it away"), "{told}");
    }
}

#[test]
fn the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("state/h.sqlite");
    drop(History::open(&path).unwrap());
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
}

#[test]
fn a_file_of_version_1_is_still_read() {
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/history/version-1.sqlite");
    let history = History::read(&stored).unwrap().unwrap();
    let all = history.list(TARGET, 10).unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].summary.fail, all[0].verdict.as_ref().unwrap().words.as_str()), (5, "UNPROVEN"));
    let chain = history.findings(all[0].id.unwrap()).unwrap();
    let chain = chain.into_iter().find(|f| f.check == "postgres.lock-chains").unwrap();
    assert_eq!(chain.status, Status::Fail);
    let number = chain.numbers.iter().find(|n| n.name == "blocked").unwrap();
    assert_eq!((number.shown().as_str(), number.unit), ("4", Unit::Count));
}
