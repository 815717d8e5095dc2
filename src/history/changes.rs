//! What lies between two audits. Not measured is never better.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::past::{PastFinding, limits};
use crate::{
    check::finding::{Finding, Status},
    quantity,
    snapshot::Unit,
};

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A fail or warning about something that was not told of before, or not measured.
    New,
    /// Graver than before, or accepted no longer.
    Worse,
    /// Concluded before, and now not measured, or not asked, or no longer applicable. Never better.
    Unmeasured,
    /// Weaker than before or gone, and measured.
    Better,
    /// As before.
    Same,
}

impl Kind {
    /// The word on screens and in reports; colour only ever repeats it.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Worse => "worse",
            Self::Unmeasured => "not measured",
            Self::Better => "better",
            Self::Same => "same",
        }
    }
}

/// What became of one finding between two audits.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What became of it.
    pub kind: Kind,
    /// Its place in the earlier audit; none where it was not told of.
    pub before: Option<usize>,
    /// Its place in the later audit; none where it is not told of any more.
    pub after: Option<usize>,
    /// How its number moved; none where only one of them has it.
    pub moved: Option<Moved>,
    /// Whether other limits were applied: then a status may have changed and the system not.
    pub other_limits: bool,
}

/// A number in two audits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// The column or computed value.
    pub name: String,
    /// What it counts.
    pub unit: Unit,
    /// What was seen before, in the unit's base.
    pub before: f64,
    /// What is seen now, in the unit's base.
    pub now: f64,
}

impl Moved {
    /// As people read it: `blocked 4 -> 9`, `used 81 %, as before`.
    pub fn words(&self) -> String {
        let (before, now) = (quantity::show(self.before, self.unit), quantity::show(self.now, self.unit));
        if before == now {
            format!("{} {now}, as before", self.name)
        } else {
            format!("{} {before} -> {now}", self.name)
        }
    }
}

/// How many findings became what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// New fails and warnings.
    pub new: usize,
    /// Graver ones.
    pub worse: usize,
    /// Not measured any more.
    pub unmeasured: usize,
    /// Weaker or gone.
    pub better: usize,
}

impl Tally {
    /// Counts changes.
    pub fn of(changes: &[Change]) -> Self {
        let mut tally = Self::default();
        for change in changes {
            match change.kind {
                Kind::New => tally.new += 1,
                Kind::Worse => tally.worse += 1,
                Kind::Unmeasured => tally.unmeasured += 1,
                Kind::Better => tally.better += 1,
                Kind::Same => {}
            }
        }
        tally
    }

    /// In one line, the worst first.
    pub fn words(&self) -> String {
        let parts = [
            (self.new, Kind::New),
            (self.worse, Kind::Worse),
            (self.unmeasured, Kind::Unmeasured),
            (self.better, Kind::Better),
        ];
        let shown: Vec<_> =
            parts.iter().filter(|(n, _)| *n > 0).map(|(n, kind)| format!("{n} {}", kind.word())).collect();
        if shown.is_empty() { "no change".into() } else { shown.join(", ") }
    }
}

/// What can be compared: a finding of now or of the past.
pub trait Concluded {
    /// The check.
    fn check(&self) -> &str;
    /// What it is about.
    fn subject(&self) -> &str;
    /// The source that answered, where one did.
    fn source(&self) -> Option<&str>;
    /// What was concluded.
    fn status(&self) -> Status;
    /// The limits that were applied, in words.
    fn limits(&self) -> String;
    /// The numbers it rests on, with names and units; names of things (ids) are no numbers.
    fn numbers(&self) -> impl Iterator<Item = (&str, f64, Unit)>;
}

impl Concluded for PastFinding {
    fn check(&self) -> &str {
        &self.check
    }
    fn subject(&self) -> &str {
        &self.subject
    }
    fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }
    fn status(&self) -> Status {
        self.status
    }
    fn limits(&self) -> String {
        self.limits.clone()
    }
    fn numbers(&self) -> impl Iterator<Item = (&str, f64, Unit)> {
        let numbers = self.numbers.iter().filter(|number| number.unit != Unit::Id);
        numbers.map(|number| (number.name.as_str(), number.value, number.unit))
    }
}

impl Concluded for Finding {
    fn check(&self) -> &str {
        &self.check
    }
    fn subject(&self) -> &str {
        &self.subject
    }
    fn source(&self) -> Option<&str> {
        self.ground.source.as_deref()
    }
    fn status(&self) -> Status {
        self.status
    }
    fn limits(&self) -> String {
        limits(&self.threshold)
    }
    fn numbers(&self) -> impl Iterator<Item = (&str, f64, Unit)> {
        let numbers = self.evidence.iter().filter(|evidence| evidence.unit != Unit::Id);
        numbers.filter_map(|e| Some((e.name.as_str(), e.value.as_f64().filter(|n| n.is_finite())?, e.unit)))
    }
}

/// What became of every finding of two audits of a target: first those of the later one in their order, then those that
/// are not told of any more. Reads each finding once, however many there are.
pub fn changes<B: Concluded, A: Concluded>(before: &[B], after: &[A]) -> Vec<Change> {
    let asked = Asked::of(after);
    // Two findings of one check may have one subject; the first then goes with the first.
    let mut old: HashMap<(&str, &str), Vec<usize>> = HashMap::with_capacity(before.len());
    for (at, finding) in before.iter().enumerate().rev() {
        old.entry((finding.check(), finding.subject())).or_default().push(at);
    }
    let mut told = vec![false; before.len()];
    let mut all = Vec::with_capacity(after.len());
    for (at, now) in after.iter().enumerate() {
        let earlier = old.get_mut(&(now.check(), now.subject())).and_then(Vec::pop);
        if let Some(told) = earlier.and_then(|at| told.get_mut(at)) {
            *told = true;
        }
        let then = earlier.and_then(|at| before.get(at));
        all.push(Change {
            kind: kind(then.map(Concluded::status), now.status()),
            before: earlier,
            after: Some(at),
            moved: then.filter(|then| both_decided(*then, now)).and_then(|then| moved(then, now)),
            other_limits: then.is_some_and(|then| both_decided(then, now) && then.limits() != now.limits()),
        });
    }
    for (at, then) in before.iter().enumerate().filter(|(at, _)| !told.get(*at).is_some_and(|told| *told)) {
        let kind = match then.status() {
            status if badness(status) == 0 => Kind::Same,
            _ if asked.still(then) => Kind::Better,
            _ => Kind::Unmeasured,
        };
        all.push(Change { kind, before: Some(at), after: None, moved: None, other_limits: false });
    }
    all
}

/// What the later audit looked at: what is not told of any more is gone only where somebody looked.
struct Asked<'a> {
    /// Checks that concluded something.
    concluded: HashSet<&'a str>,
    /// Checks that could not ask somebody, who may be the one who would tell.
    silent: HashSet<&'a str>,
    /// Sources that answered.
    sources: HashSet<&'a str>,
}

impl<'a> Asked<'a> {
    fn of<F: Concluded>(findings: &'a [F]) -> Self {
        let (mut concluded, mut silent, mut sources) = (HashSet::new(), HashSet::new(), HashSet::new());
        for finding in findings {
            match finding.status() {
                Status::Unknown => {
                    silent.insert(finding.check());
                }
                Status::NotApplicable => {}
                _ => {
                    concluded.insert(finding.check());
                    sources.extend(finding.source());
                }
            }
        }
        Self { concluded, silent, sources }
    }

    fn still<F: Concluded>(&self, then: &F) -> bool {
        self.concluded.contains(then.check())
            && !self.silent.contains(then.check())
            && then.source().is_none_or(|source| self.sources.contains(source))
    }
}

/// How bad a conclusion is. An accepted fail is a fail.
fn badness(status: Status) -> u8 {
    match status {
        Status::Fail | Status::Waived => 2,
        Status::Warn => 1,
        Status::Pass | Status::Unknown | Status::NotApplicable => 0,
    }
}

fn kind(before: Option<Status>, after: Status) -> Kind {
    use Status::{Fail, NotApplicable, Pass, Unknown, Waived};
    let was = before.map_or(0, badness);
    match (before, after) {
        (Some(Unknown), Unknown) => Kind::Same,
        (_, Unknown) => Kind::Unmeasured,
        (_, NotApplicable) => {
            if was > 0 {
                Kind::Unmeasured
            } else {
                Kind::Same
            }
        }
        (Some(Unknown), Pass) => Kind::Better,
        (None | Some(Unknown | NotApplicable), now) => {
            if badness(now) > 0 {
                Kind::New
            } else {
                Kind::Same
            }
        }
        (Some(Waived), Fail) => Kind::Worse,
        (Some(_), now) if badness(now) > was => Kind::Worse,
        (Some(_), now) if badness(now) < was => Kind::Better,
        _ => Kind::Same,
    }
}

fn both_decided<B: Concluded, A: Concluded>(then: &B, now: &A) -> bool {
    let decided = |status| !matches!(status, Status::Unknown | Status::NotApplicable);
    decided(then.status()) && decided(now.status())
}

/// The first number of now, where it was there before in the same unit.
fn moved<B: Concluded, A: Concluded>(then: &B, now: &A) -> Option<Moved> {
    let (name, value, unit) = now.numbers().next()?;
    let before = then.numbers().find(|(known, _, counts)| *known == name && *counts == unit)?.1;
    Some(Moved { name: name.to_owned(), unit, before, now: value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::past::PastNumber;

    fn finding(check: &str, subject: &str, status: Status) -> PastFinding {
        PastFinding {
            check: check.into(),
            subject: subject.into(),
            source: Some("primary".into()),
            status,
            message: format!("{subject} {status:?}"),
            limits: String::new(),
            numbers: Vec::new(),
        }
    }

    fn of(before: &[PastFinding], after: &[PastFinding], kind: Kind) -> Vec<String> {
        let all = changes(before, after);
        let name = |change: &Change| {
            let finding = change.after.map(|at| &after[at]).or_else(|| change.before.map(|at| &before[at]));
            finding.unwrap().subject.clone()
        };
        all.iter().filter(|change| change.kind == kind).map(name).collect()
    }

    #[test]
    fn what_is_gone_is_better_and_what_is_not_measured_is_not() {
        let before = [
            finding("a", "gone", Status::Fail),
            finding("a", "weaker", Status::Fail),
            finding("a", "graver", Status::Warn),
            finding("a", "same", Status::Warn),
            finding("a", "fine", Status::Pass),
            finding("b", "silent", Status::Fail),
            finding("c", "hidden", Status::Fail),
            finding("d", "not asked", Status::Fail),
            finding("e", "not about it", Status::Warn),
            PastFinding { source: Some("removed".into()), ..finding("a", "elsewhere", Status::Fail) },
        ];
        let after = [
            finding("a", "weaker", Status::Warn),
            finding("a", "graver", Status::Fail),
            finding("a", "same", Status::Warn),
            finding("a", "new", Status::Warn),
            finding("a", "new and fine", Status::Pass),
            finding("b", "all", Status::Unknown),
            finding("c", "hidden", Status::Unknown),
            finding("e", "not about it", Status::NotApplicable),
        ];
        let of = |kind| of(&before, &after, kind);
        assert_eq!(of(Kind::Better), ["weaker", "gone"]);
        assert_eq!(of(Kind::Worse), ["graver"]);
        assert_eq!(of(Kind::New), ["new"]);
        assert_eq!(of(Kind::Same), ["same", "new and fine", "fine"]);
        assert_eq!(of(Kind::Unmeasured), ["all", "hidden", "not about it", "silent", "not asked", "elsewhere"]);
        assert_eq!(Tally::of(&changes(&before, &after)).words(), "1 new, 1 worse, 6 not measured, 2 better");
        assert_eq!(Tally::of(&changes(&after, &after)).words(), "no change");
    }

    #[test]
    fn an_accepted_fail_is_no_better_and_no_longer_accepted_is_worse() {
        use Status::{Fail, NotApplicable, Pass, Unknown, Waived, Warn};
        let cases = [
            (Some(Fail), Waived, Kind::Same),
            (Some(Waived), Fail, Kind::Worse),
            (Some(Warn), Waived, Kind::Worse),
            (Some(Waived), Pass, Kind::Better),
            (Some(Pass), Fail, Kind::Worse),
            (Some(Unknown), Fail, Kind::New),
            (Some(Unknown), Pass, Kind::Better),
            (Some(Pass), Unknown, Kind::Unmeasured),
            (None, Unknown, Kind::Unmeasured),
            (Some(NotApplicable), Warn, Kind::New),
            (Some(Pass), NotApplicable, Kind::Same),
        ];
        for (before, after, expected) in cases {
            assert_eq!(kind(before, after), expected, "{before:?} -> {after:?}");
        }
        // Whatever was concluded before, a loss of measurement is never better.
        for before in [None, Some(Pass), Some(Warn), Some(Fail), Some(Waived), Some(NotApplicable), Some(Unknown)] {
            assert_ne!(kind(before, Unknown), Kind::Better, "{before:?}");
            assert_ne!(kind(before, NotApplicable), Kind::Better, "{before:?}");
        }
    }

    #[test]
    fn the_number_is_told_with_its_unit_and_other_limits_are_noticed() {
        let number = |name: &str, value, unit| PastNumber { name: name.into(), value, unit };
        let mut before = finding("a", "one", Status::Fail);
        before.numbers = vec![number("pid", 17.0, Unit::Id), number("used", 0.91, Unit::Ratio)];
        before.limits = "fail 90 %".into();
        let mut after = before.clone();
        after.numbers = vec![number("pid", 18.0, Unit::Id), number("used", 0.934, Unit::Ratio)];
        after.limits = "fail 95 %".into();
        after.status = Status::Warn;
        let all = changes(&[before.clone()], &[after.clone()]);
        assert_eq!(all[0].moved.as_ref().unwrap().words(), "used 91 % -> 93.4 %");
        assert!(all[0].other_limits);
        after.numbers[1].unit = Unit::Count;
        after.limits = before.limits.clone();
        let all = changes(&[before], &[after]);
        assert!(all[0].moved.is_none() && !all[0].other_limits, "{all:?}");
    }

    #[test]
    fn findings_of_one_name_go_one_with_one() {
        let twice = [finding("a", "x", Status::Fail), finding("a", "x", Status::Warn)];
        assert_eq!(Tally::of(&changes(&twice, &twice)), Tally::default());
        assert_eq!(Tally::of(&changes(&twice, &twice[..1])).better, 1);
    }

    #[test]
    fn a_hundred_thousand_findings_are_each_told_of_once() {
        let many: Vec<_> = (0..100_000).map(|n| finding("a", &format!("table {n}"), Status::Warn)).collect();
        let all = changes(&many, &many[50_000..]);
        assert_eq!(all.len(), 100_000);
        assert_eq!(Tally::of(&all).better, 50_000);
    }
}
