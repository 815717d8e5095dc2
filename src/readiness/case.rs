//! Runs the cases of criteria: given answers of servers and people, the status that follows.

use super::{
    answers::Answers,
    bottleneck::Need,
    criterion,
    headroom::Headrooms,
    model::Assessed,
    packs::{ANSWERS, Criterion, Pack, Packs},
};
use crate::{
    check::{
        case::{self, Outcome},
        definition::Given,
        evaluate::Bench,
        finding::{Finding, Status},
        library::Library,
        params::Overrides,
    },
    snapshot::Value,
};

/// Runs all cases of the criteria that are wanted, by `<pack>.<criterion>`.
pub fn run(library: &Library, packs: &Packs, wanted: impl Fn(&str) -> bool) -> Vec<(String, Outcome)> {
    let criteria = packs.iter().flat_map(|pack| pack.criteria.iter().map(move |criterion| (pack, criterion)));
    let criteria = criteria.filter(|(_, criterion)| wanted(&criterion.id));
    let cases =
        criteria.flat_map(|(pack, criterion)| criterion.def.cases.iter().map(move |of| Case { pack, criterion, of }));
    cases
        .map(|case| {
            let outcome = Outcome { name: case.of.name.clone(), failure: case.fails(library) };
            (case.criterion.id.clone(), outcome)
        })
        .collect()
}

struct Case<'a> {
    pack: &'a Pack,
    criterion: &'a Criterion,
    of: &'a super::pack::CriterionCase,
}

impl Case<'_> {
    /// What differs from the expectation.
    fn fails(&self, library: &Library) -> Option<String> {
        let assessed = match self.assess(library) {
            Ok(assessed) => assessed,
            Err(error) => return Some(error),
        };
        let said = self.of.says.as_ref().is_none_or(|words| assessed.message.contains(words));
        (assessed.status != self.of.expect || !said).then(|| {
            let says = self.of.says.as_ref().map(|s| format!(" saying `{s}`")).unwrap_or_default();
            format!(
                "  expected {}{says}\n  found    {}: {}",
                self.of.expect.word(),
                assessed.status.word(),
                assessed.message
            )
        })
    }

    fn assess(&self, library: &Library) -> Result<Assessed, String> {
        let mut given = self.of.given.clone();
        given.extend(self.answer());
        let snapshot = case::snapshot_of(library, None, &given)?;
        let bench = Bench::new(library, &snapshot);
        let overrides = Overrides::default();
        let bound = self.criterion.def.checks.iter().filter_map(|id| library.check(id));
        let findings: Vec<Finding> = bound.flat_map(|check| bench.check(check, &overrides)).collect();
        let need = Need::of(&bench);
        let headrooms = Headrooms::of(&bench, library.checks(), &overrides, need.as_ref(), &[]);
        bench.lay_headroom(headrooms.relation(need.as_ref()));
        let answers = Answers::of(&bench);
        Ok(criterion::assess(&bench, self.pack, self.criterion, &overrides, &findings, &answers))
    }

    /// A person's answer, live on the day of the case.
    fn answer(&self) -> Option<Given> {
        let (answer, question) = (self.of.attested.as_ref()?, self.criterion.def.attest.as_ref()?);
        let row = [
            ("criterion", self.criterion.id.as_str()),
            ("answer", answer),
            ("by", "case"),
            ("approved_by", "second person of the case"),
            ("on", "1970-01-01"),
            ("expires", "1970-01-02"),
            ("mark", &question.mark()),
            ("evidence", "case"),
            ("note", "because the case says so"),
            ("file", "case"),
        ];
        let row = row.into_iter().map(|(name, text)| (name.to_owned(), Value::text(text))).collect();
        Some(Given {
            probe: Some(ANSWERS.to_owned()),
            source: "attestations".into(),
            database: None,
            rows: vec![row],
            earlier: None,
            fault: None,
            not_visible: None,
        })
    }
}

/// Statuses that every gate and trigger must be seen in by some case.
const DUE: [Status; 3] = [Status::Pass, Status::Fail, Status::Unknown];

/// Gates and triggers of which no case shows that they hold, fail and are unknown.
pub fn unproven(packs: &Packs) -> Vec<String> {
    let due = |c: &&Criterion| c.def.gate || c.def.kind == super::pack::CriterionKind::Trigger;
    let missing = |c: &Criterion| {
        let has = |status: &Status| c.def.cases.iter().any(|case| case.expect == *status);
        // What nothing can answer yet is unknown and nothing else.
        let answerable = !c.def.checks.is_empty() || c.def.rule.is_some() || c.def.attest.is_some();
        let missing: Vec<_> = DUE.iter().filter(|s| (answerable || **s == Status::Unknown) && !has(s)).collect();
        (!missing.is_empty()).then(|| format!("{}: no case expects {missing:?}", c.id))
    };
    packs.iter().flat_map(|pack| pack.criteria.iter().filter(due).filter_map(missing)).collect()
}

#[cfg(test)]
pub(in crate::readiness) mod tests {
    use super::*;

    /// The embedded checks and packs, or everything that is wrong with them.
    pub(in crate::readiness) fn knowledge() -> (Library, Packs) {
        let files = crate::assets::embedded();
        let load = || {
            let mut library = Library::load(&files)?;
            let packs = Packs::load(&files, &mut library)?;
            Ok::<_, Vec<crate::check::library::FileError>>((library, packs))
        };
        load().unwrap_or_else(|errors| {
            let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
            panic!("{}", errors.join("\n\n"))
        })
    }

    #[test]
    fn every_case_of_every_criterion_holds() {
        let (library, packs) = knowledge();
        let failures: Vec<_> = run(&library, &packs, |_| true)
            .into_iter()
            .filter_map(|(id, outcome)| Some(format!("{id}, case `{}`:\n{}", outcome.name, outcome.failure?)))
            .collect();
        assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    }

    #[test]
    fn every_gate_and_trigger_is_seen_to_hold_to_fail_and_to_be_unknown() {
        let missing = unproven(&knowledge().1);
        assert!(missing.is_empty(), "{}", missing.join("\n"));
    }
}
