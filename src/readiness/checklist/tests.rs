use serde::Deserialize;

use super::*;
use crate::{
    assets::AssetFile,
    check::{case::snapshot_of, definition::Given, library::Library, params::Overrides},
    readiness::{Packs, Wish, bottleneck::Bottleneck, campaign::Campaign, campaign::CampaignFile},
    snapshot::Snapshot,
};

/// A ladder of one stage: a question, a question beside a rule, a rule alone. Snapshots of cases are of 1970-01-01.
const PACK: &str = r#"
id = "own"
title = "Own"
about = "Own."
kind = "stages"
levels = [{ id = "1", title = "One", about = "One." }]

[[criteria]]
id = "restored"
title = "A restore was tested"
domain = "recovery"
gate = true
attest = { question = "Was a restore tested?", max_age = "90d", two_person = TWO }

[[criteria]]
id = "both"
title = "Enough slots, and somebody says so"
domain = "database"
rule = { from = "postgres.connections", message = "{{ row.used }} used", rules = [{ status = "fail", when = "row.used > 90" }] }
attest = { question = "Are the slots enough?", max_age = "90d", asked = "ASKED" }
"#;

pub(in crate::readiness) struct Bed {
    pub(in crate::readiness) knowledge: Knowledge,
    pub(in crate::readiness) snapshot: Snapshot,
}

#[derive(Deserialize)]
struct All {
    given: Vec<Given>,
}

impl Bed {
    /// Own pack over the embedded ones, and what servers and people said (TOML).
    pub(in crate::readiness) fn new(pack: &str, given: &str) -> Self {
        let file = AssetFile { path: "criteria/own.toml".into(), folder: Some("own".into()), text: pack.into() };
        let files: Vec<_> = crate::assets::embedded().into_iter().chain([file]).collect();
        let mut library = Library::load(&files).unwrap_or_else(|errors| panic!("{errors:?}"));
        let packs = Packs::load(&files, &mut library).unwrap_or_else(|errors| panic!("{errors:?}"));
        let given = toml::from_str::<All>(given).unwrap().given;
        let snapshot = snapshot_of(&library, None, &given).unwrap();
        Self { knowledge: Knowledge { library, packs }, snapshot }
    }

    fn readiness(&self, bench: &Bench) -> Readiness {
        let wish = Wish { pack: Some("own".into()), stage: None };
        let judged = self.knowledge.judge(&Overrides::default(), bench, &[], |_| true, Some(&wish));
        judged.unwrap().readiness.unwrap()
    }

    pub(in crate::readiness) fn list(&self) -> Checklist {
        let bench = Bench::new(&self.knowledge.library, &self.snapshot);
        let listed = Listed { stage: true, packs: Vec::new() };
        Checklist::new(&self.knowledge, &bench, &self.readiness(&bench), &listed)
    }

    pub(in crate::readiness) fn campaign(&self, file: &str, bottlenecks: &[Bottleneck]) -> Result<Campaign, String> {
        let bench = Bench::new(&self.knowledge.library, &self.snapshot);
        let file = CampaignFile::parse("c.toml", file)?;
        file.check(&self.knowledge.packs)?;
        Campaign::new(&file, &self.list(), &bench, bottlenecks)
    }
}

pub(in crate::readiness) fn pack(asked: &str, two_person: bool) -> String {
    PACK.replace("ASKED", asked).replace("TWO", &two_person.to_string())
}

/// An answer in a row, with other values where some are named.
pub(in crate::readiness) fn answers(rows: &[(&str, &str, &str)]) -> String {
    let row = |(criterion, question, more): &(&str, &str, &str)| {
        let mark = super::super::pack::Question {
            question: (*question).into(),
            evidence: String::new(),
            max_age: "90d".into(),
            two_person: false,
            asked: super::super::pack::Asked::Instead,
        }
        .mark();
        let usual =
            [("answer", "yes"), ("by", "sre"), ("on", "1970-01-01"), ("expires", "1970-03-01"), ("evidence", "seen")];
        let said = |key: &str| more.split(", ").any(|part| part.starts_with(&format!("{key} =")));
        let usual: Vec<_> =
            usual.iter().filter(|(key, _)| !said(key)).map(|(k, v)| format!("{k} = \"{v}\", ")).collect();
        let usual = usual.concat();
        format!("{{ criterion = \"{criterion}\", mark = \"{mark}\", file = \"f\", {usual}{more} }}")
    };
    let rows: Vec<_> = rows.iter().map(row).collect();
    let table = |probe: &str, rows: &str| {
        format!("[[given]]\nprobe = \"{probe}\"\nsource = \"attestations\"\nrows = [{rows}]\n")
    };
    table("attestation.answers", &rows.join(", "))
}

pub(in crate::readiness) const RESTORE: &str = "Was a restore tested?";

fn slots(used: u32) -> String {
    format!("[[given]]\nprobe = \"postgres.connections\"\nrows = [{{ used = {used} }}]\n")
}

fn restored(more: &str, two_person: bool) -> Item {
    let list = Bed::new(&pack("also", two_person), &answers(&[("own.restored", RESTORE, more)])).list();
    list.items.into_iter().find(|item| item.id == "own.restored").unwrap()
}

#[test]
fn every_way_in_which_an_answer_stands_has_its_state_and_what_to_do() {
    let cases = [
        ("", State::Holds, ""),
        ("expires = \"1970-01-15\"", State::ExpiresSoon, "checklist renew own.restored"),
        ("expires = \"1970-01-16\"", State::Holds, ""),
        ("on = \"1969-01-01\"", State::Expired, "checklist answer own.restored"),
        ("on = \"1971-01-01\"", State::Flawed, "mend the file"),
        ("fault = \"no TOML\"", State::Flawed, "mend the file"),
        ("answer = \"no\"", State::Fails, "then answer again"),
        ("answer = \"n-a\", note = \"no state\"", State::NotApplicable, ""),
        ("answer = \"n-a\"", State::Flawed, "mend the file"),
    ];
    for (more, state, todo) in cases {
        let item = restored(more, false);
        assert_eq!(item.state, state, "{more}: {}", item.message);
        assert!(item.todo.contains(todo) && item.todo.is_empty() == todo.is_empty(), "{more}: {}", item.todo);
    }
    assert_eq!(restored("", true).state, State::Waits);
    assert_eq!(restored("approved_by = \"SRE\"", true).state, State::Waits, "nobody is a second person alone");
    assert_eq!(restored("approved_by = \"dba\"", true).state, State::Holds);
    let soon = restored("expires = \"1970-01-15\"", false);
    assert_eq!((soon.days_left, soon.until.map(|day| day.to_string())), (Some(14), Some("1970-01-15".into())));
    let far = restored("expires = \"1999-01-01\"", false);
    assert_eq!(far.until.map(|day| day.to_string()), Some("1970-04-01".into()), "no longer than the question allows");
}

#[test]
fn another_wording_is_stale_and_no_answer_is_unanswered() {
    let state =
        |given: &str| Bed::new(&pack("also", false), given).list().items.iter().map(|i| i.state).collect::<Vec<_>>();
    let other = answers(&[("own.restored", "Was a restore planned?", "")]);
    assert_eq!(state(&other), [State::Unanswered, State::Stale]);
    assert_eq!(state(&answers(&[])), [State::Unanswered, State::Unanswered]);
}

#[test]
fn what_is_measured_wins_over_an_answer_that_stands_in() {
    let both = |asked: &str, given: String| {
        let list = Bed::new(&pack(asked, false), &given).list();
        list.items.into_iter().find(|item| item.id == "own.both").unwrap()
    };
    let soon = answers(&[("own.both", "Are the slots enough?", "expires = \"1970-01-02\"")]);
    let measured = both("instead", format!("{soon}{}", slots(5)));
    assert_eq!((measured.state, measured.by_answer), (State::Holds, false), "its end ends nothing");
    let stands_in = both("instead", soon.clone());
    assert_eq!((stands_in.state, stands_in.by_answer), (State::ExpiresSoon, true));
    assert_eq!(both("also", format!("{soon}{}", slots(5))).state, State::ExpiresSoon);
    assert_eq!(both("also", format!("{soon}{}", slots(95))).state, State::Fails);
    let unmeasured = both("also", soon);
    assert_eq!(unmeasured.state, State::Unmeasured);
    assert!(unmeasured.todo.contains("kind = \"postgres\""), "{}", unmeasured.todo);
    let neither = both("instead", answers(&[])).todo;
    assert!(neither.contains("kind = \"postgres\"") && neither.contains("or answer: "), "{neither}");
}

#[test]
fn answers_that_answer_nothing_are_told() {
    let given = answers(&[("own.restord", RESTORE, ""), ("stages.nothing-like-it", RESTORE, "")]);
    let strays = Bed::new(&pack("also", false), &given).list().strays;
    assert_eq!(strays.len(), 2);
    assert!(strays[0].why.contains("did you mean own.restored?"), "{strays:?}");
}

#[test]
fn a_waiver_of_a_criterion_counts_until_its_day_and_is_told_where_it_does_not() {
    let waiver = |check: &str, expires: &str| {
        format!(
            "{}[[given]]\nprobe = \"attestation.waivers\"\nsource = \"attestations\"\nrows = [{{ check = \"{check}\", \
             reason = \"r\", owner = \"o\", expires = \"{expires}\", file = \"w\" }}]\n{}",
            answers(&[("own.both", "Are the slots enough?", "")]),
            slots(95)
        )
    };
    let of = |check: &str, expires: &str| {
        let list = Bed::new(&pack("also", false), &waiver(check, expires)).list();
        let item = list.items.iter().find(|item| item.id == "own.both").unwrap().state;
        (item, format!("{:?}", list.waivers[0].state))
    };
    assert_eq!(of("own.both", "1970-02-01"), (State::Waived, "Matched".into()));
    assert_eq!(of("own.both", "1970-01-10"), (State::ExpiresSoon, "Matched".into()));
    assert_eq!(of("own.both", "1969-12-31"), (State::Fails, "Expired".into()));
    assert_eq!(of("own.restored", "1970-02-01"), (State::Fails, "Unused".into()));
}
