//! What people answered and accepted, as the snapshot holds it: attestations and waivers.
//!
//! A day is over at its end in UTC: an answer that expires on a day still holds on it.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use schemars::JsonSchema;
use serde::Serialize;
use wildmatch::WildMatch;

use super::{
    pack::Question,
    packs::{ANSWERS, WAIVERS},
};
use crate::{
    check::{
        derivation::row::{Row, rows},
        evaluate::Bench,
        finding::{Finding, Status},
    },
    quantity,
    snapshot::Unit,
};

/// One person's answer to one question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Attestation {
    /// The criterion.
    pub criterion: String,
    /// `yes`, `no` or `n-a`.
    pub answer: String,
    /// Who answered.
    pub by: String,
    /// The day of the answer.
    #[schemars(with = "Option<String>")]
    pub on: Option<Date>,
    /// The last day on which it holds.
    #[schemars(with = "Option<String>")]
    pub expires: Option<Date>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// The mark of the question that was answered.
    pub mark: Option<String>,
    /// What it rests on.
    pub evidence: String,
    /// What else to know.
    pub note: String,
    /// Why its file cannot be read.
    pub fault: Option<String>,
    /// The file.
    pub file: String,
}

/// An accepted fail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Waiver {
    /// The check or criterion.
    pub check: String,
    /// The subjects that are meant; `*` and `?` stand for any characters.
    pub subject: String,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Since when.
    #[schemars(with = "Option<String>")]
    pub on: Option<Date>,
    /// The last day on which it holds.
    #[schemars(with = "Option<String>")]
    pub expires: Option<Date>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// Where the work to be done is written down.
    pub ticket: Option<String>,
    /// Why its file cannot be read.
    pub fault: Option<String>,
    /// The file.
    pub file: String,
}

/// How an answer stands, whatever it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// There is none.
    Missing,
    /// Its file cannot be read, or says something that cannot be.
    Flawed,
    /// It has ended.
    Expired,
    /// It answers another wording of the question.
    Stale,
    /// A second person has yet to approve it.
    Waits,
    /// It counts.
    Holds,
}

/// What an answer comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answered {
    pub(super) status: Status,
    pub(super) standing: Standing,
    pub(super) message: String,
    pub(super) attestation: Option<Attestation>,
}

/// All answers and waivers of a snapshot, and the day on which they are judged: when they were read.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    today: Date,
    /// Why there are no answers at all.
    fault: Option<String>,
    attestations: BTreeMap<String, Attestation>,
    /// The waivers, in the order of their files.
    pub(super) waivers: Vec<Waiver>,
}

impl Answers {
    /// What a snapshot holds.
    pub fn of(bench: &Bench) -> Self {
        // Folders that are read anew for an old snapshot are judged on the day of reading.
        let read = [ANSWERS, WAIVERS].into_iter().flat_map(|id| bench.relations(id)).filter_map(|r| r.at).max();
        let finished = bench.snapshot().finished_at;
        let today = day(read.map_or(finished, |read| read.max(finished)));
        let fault = bench.relations(ANSWERS).iter().find_map(|r| r.fault.as_ref()).map(ToString::to_string);
        let answers = bench.relations(ANSWERS).iter().flat_map(rows).map(attestation);
        let waivers = bench.relations(WAIVERS).iter().flat_map(rows).map(waiver);
        let attestations = answers.map(|a| (a.criterion.clone(), a)).collect();
        Self { today, fault, attestations, waivers: waivers.collect() }
    }

    /// The day on which they are judged.
    pub fn today(&self) -> Date {
        self.today
    }

    /// All attestations.
    pub fn attestations(&self) -> impl Iterator<Item = &Attestation> {
        self.attestations.values()
    }

    /// What the answer to a criterion's question comes to.
    pub(super) fn to(&self, criterion: &str, question: &Question) -> Answered {
        let Some(given) = self.attestations.get(criterion) else {
            let message = match &self.fault {
                Some(fault) => format!("the answers could not be read: {fault}"),
                None => format!("nobody has answered: {}", question.question),
            };
            return Answered { status: Status::Unknown, standing: Standing::Missing, message, attestation: None };
        };
        let (standing, status, message) = self.weigh(given, question);
        Answered { status, standing, message, attestation: Some(given.clone()) }
    }

    fn weigh(&self, given: &Attestation, question: &Question) -> (Standing, Status, String) {
        let unknown = |standing: Standing, why: String| (standing, Status::Unknown, why);
        if let Some(fault) = &given.fault {
            return unknown(Standing::Flawed, format!("the answer cannot be read: {fault}"));
        }
        let (Some(on), Some(until)) = (given.on, given.holds_until(question)) else {
            return unknown(Standing::Flawed, format!("the answer in {} lacks its day or its expiry", given.file));
        };
        let by = format!("{} on {on}", given.by);
        if on > self.today {
            return unknown(Standing::Flawed, format!("the answer of {by} is dated in the future"));
        }
        if self.today > until {
            return unknown(Standing::Expired, format!("the answer of {by} expired on {until}; answer again"));
        }
        if given.mark.as_deref() != Some(question.mark().as_str()) {
            return unknown(Standing::Stale, format!("{by} answered another wording of the question; answer again"));
        }
        let second = given.approved_by.as_deref().filter(|second| !same_person(second, &given.by));
        if question.two_person && second.is_none() {
            return unknown(Standing::Waits, format!("{by} answered, and a second person has yet to approve it"));
        }
        if given.answer == "yes" && given.evidence.trim().is_empty() {
            let why = format!("{by} says yes and names no evidence; write it as `evidence`");
            return unknown(Standing::Flawed, why);
        }
        let evidence = if given.evidence.is_empty() { String::new() } else { format!(": {}", given.evidence) };
        let (status, message) = match given.answer.as_str() {
            "yes" => (Status::Pass, format!("attested by {by}, until {until}{evidence}")),
            "no" => (Status::Fail, format!("{by} answered no{evidence}")),
            "n-a" if given.note.trim().is_empty() => {
                let why = format!("{by} says that it does not apply and gives no reason; write it as `note`");
                return unknown(Standing::Flawed, why);
            }
            "n-a" => (Status::NotApplicable, format!("{by}: {}", given.note)),
            other => {
                return unknown(Standing::Flawed, format!("{by} answered `{other}`; expected yes, no or n-a"));
            }
        };
        (Standing::Holds, status, message)
    }

    /// Accepts what live waivers accept: a fail becomes waived, and says so.
    pub(super) fn accept(&self, findings: &mut [Finding]) {
        for finding in findings.iter_mut().filter(|finding| finding.status == Status::Fail) {
            if let Some((_, waiver)) = self.waiver(&finding.check, &finding.subject) {
                let until = waiver.expires.map(|day| format!(" until {day}")).unwrap_or_default();
                finding.status = Status::Waived;
                finding.message =
                    format!("{}; accepted by {}{until}: {}", finding.message, waiver.owner, waiver.reason);
            }
        }
    }

    /// The live waiver for a fail.
    pub(super) fn waiver(&self, check: &str, subject: &str) -> Option<(usize, &Waiver)> {
        let fits = |w: &Waiver| w.check == check && WildMatch::new(&w.subject).matches(subject);
        self.waivers.iter().enumerate().find(|(_, w)| self.is_live(w) && fits(w))
    }

    /// Whether a waiver is complete and holds today.
    pub(super) fn is_live(&self, waiver: &Waiver) -> bool {
        self.flaw(waiver).is_none() && waiver.expires.is_some_and(|day| day >= self.today)
    }

    /// Why a waiver cannot hold, whatever the day.
    pub(crate) fn flaw(&self, waiver: &Waiver) -> Option<String> {
        let missing = [("reason", &waiver.reason), ("owner", &waiver.owner)];
        let missing = missing.iter().find(|(_, text)| text.trim().is_empty()).map(|(name, _)| *name);
        match (&waiver.fault, missing, waiver.expires) {
            (Some(fault), ..) => Some(fault.clone()),
            (None, Some(name), _) => Some(format!("it has no {name}")),
            (None, None, None) => Some("it has no expiry".into()),
            (None, None, Some(_)) => {
                waiver.on.filter(|on| *on > self.today).map(|on| format!("it is dated in the future ({on})"))
            }
        }
    }
}

/// The day of an instant, in UTC.
pub(super) fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

impl Attestation {
    /// The last day on which it holds: its own word, and no longer than the question allows.
    pub fn holds_until(&self, question: &Question) -> Option<Date> {
        let own = self.expires?;
        Some(question.latest(self.on?).map_or(own, |latest| own.min(latest)))
    }
}

/// Whether two names mean one person; the case of letters tells nobody apart.
pub fn same_person(one: &str, other: &str) -> bool {
    // Letters and digits alone: neither a dot nor an invisible character makes another person.
    let bare =
        |name: &str| name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    bare(one) == bare(other)
}

impl Question {
    /// The last day on which an answer of a day may hold, however late it says that it expires.
    pub fn latest(&self, on: Date) -> Option<Date> {
        let seconds = quantity::parse(&self.max_age, Unit::Seconds).ok()?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole days of a few years; a huge age saturates and is refused"
        )]
        let days = (seconds / 86_400.0).floor() as i64;
        on.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
    }
}

fn optional(row: Row, column: &str) -> Option<String> {
    Some(row.text(column)).filter(|text| !text.trim().is_empty())
}

fn date(row: Row, column: &str) -> Option<Date> {
    row.text(column).parse().ok()
}

fn attestation(row: Row) -> Attestation {
    Attestation {
        criterion: row.text("criterion"),
        answer: row.text("answer"),
        by: row.text("by"),
        on: date(row, "on"),
        expires: date(row, "expires"),
        approved_by: optional(row, "approved_by"),
        mark: optional(row, "mark"),
        evidence: row.text("evidence"),
        note: row.text("note"),
        fault: optional(row, "fault"),
        file: row.text("file"),
    }
}

fn waiver(row: Row) -> Waiver {
    Waiver {
        check: row.text("check"),
        subject: optional(row, "subject").unwrap_or_else(|| "*".into()),
        reason: row.text("reason"),
        owner: row.text("owner"),
        on: date(row, "on"),
        expires: date(row, "expires"),
        approved_by: optional(row, "approved_by"),
        ticket: optional(row, "ticket"),
        fault: optional(row, "fault"),
        file: row.text("file"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(two_person: bool) -> Question {
        let asked = super::super::pack::Asked::Instead;
        let question = "Was a restore tested?".into();
        Question { question, evidence: String::new(), max_age: "30d".into(), two_person, asked }
    }

    fn given() -> Attestation {
        Attestation {
            criterion: "a.b".into(),
            answer: "yes".into(),
            by: "platform team".into(),
            on: Some("2026-01-10".parse().unwrap()),
            expires: Some("2026-06-01".parse().unwrap()),
            mark: Some(question(false).mark()),
            evidence: "the protocol of the restore".into(),
            ..Attestation::default()
        }
    }

    fn on(day: &str, given: Attestation, two_person: bool) -> (Status, String) {
        let attestations = BTreeMap::from([("a.b".to_owned(), given)]);
        let answers = Answers { today: day.parse().unwrap(), attestations, ..Answers::default() };
        let answered = answers.to("a.b", &question(two_person));
        (answered.status, answered.message)
    }

    #[test]
    fn an_answer_holds_until_its_expiry_or_the_questions_limit() {
        assert_eq!(on("2026-02-09", given(), false).0, Status::Pass);
        let (status, message) = on("2026-02-10", given(), false);
        assert_eq!(status, Status::Unknown);
        assert!(message.contains("expired on 2026-02-09"), "{message}");
        assert_eq!(on("2026-01-09", given(), false).0, Status::Unknown, "not before it was given");
    }

    #[test]
    fn another_wording_or_a_missing_second_person_leaves_it_unknown() {
        let stale = Attestation { mark: Some("0".into()), ..given() };
        assert!(on("2026-01-11", stale, false).1.contains("another wording"));
        assert!(on("2026-01-11", given(), true).1.contains("second person"));
        let self_approved = Attestation { approved_by: Some("Platform Team".into()), ..given() };
        assert_eq!(on("2026-01-11", self_approved, true).0, Status::Unknown);
        let approved = Attestation { approved_by: Some("database team".into()), ..given() };
        assert_eq!(on("2026-01-11", approved, true).0, Status::Pass);
    }

    #[test]
    fn a_yes_without_evidence_and_a_name_with_an_invisible_letter_do_not_count() {
        let bare = Attestation { evidence: " ".into(), ..given() };
        assert_eq!(on("2026-01-11", bare, false).0, Status::Unknown);
        assert!(same_person("Platform Team", "platform\u{200b} team."));
        assert!(!same_person("platform team", "database team"));
    }

    #[test]
    fn no_is_a_fail_and_not_applicable_needs_a_reason() {
        assert_eq!(on("2026-01-11", Attestation { answer: "no".into(), ..given() }, false).0, Status::Fail);
        let silent = Attestation { answer: "n-a".into(), ..given() };
        assert_eq!(on("2026-01-11", silent.clone(), false).0, Status::Unknown);
        let reasoned = Attestation { note: "there is one region by law".into(), ..silent };
        assert_eq!(on("2026-01-11", reasoned, false).0, Status::NotApplicable);
        assert_eq!(on("2026-01-11", Attestation { answer: "maybe".into(), ..given() }, false).0, Status::Unknown);
    }
}
