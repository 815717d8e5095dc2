//! Whether a condition holds, fails to hold, or cannot be told.

use super::{Compiled, says, subject::Meant, words};
use crate::{
    check::{
        definition::ParamValue,
        evaluate::{Answered, Bench, Single},
        finding::Status,
        library::Check,
        params::{Override, Overrides},
    },
    runbook::{model::Expectation, port::Values, record::Seen},
};

/// Judges a condition by what was asked.
pub fn judge(compiled: &Compiled, bench: &Bench, overrides: &Overrides, values: &Values) -> Seen {
    let (holds, says) = match parts(compiled, bench, overrides, values) {
        Ok((holds, says)) => (Some(holds), says),
        Err(reason) => (None, reason),
    };
    Seen { condition: words(&compiled.condition, values), holds, says: says::line(&says) }
}

/// Whether it holds and in which words, or why it cannot be told.
fn parts(compiled: &Compiled, bench: &Bench, overrides: &Overrides, values: &Values) -> Result<(bool, String), String> {
    let check = compiled.check(bench.library()).ok_or_else(|| format!("no check `{}`", compiled.condition.check))?;
    let meant = Meant::of(compiled, values)?;
    let applied = applied(compiled, check, overrides, values)?;
    let single = bench.single(check, &applied, &|subject, source| meant.covers(subject, source));
    if let Some(nothing) = &single.nothing {
        // Not even a proven "this target has no such source" satisfies: nothing of the step can be seen by it.
        return Err(nothing.message.clone());
    }
    let weighed = Weighed { check, meant, single, applied: &applied };
    let doubt = weighed.doubt(bench);
    match &compiled.condition.expect {
        Expectation::Fails => weighed.fails(doubt),
        expect => weighed.holds(expect, doubt),
    }
}

/// The overrides of the base check, and the runbook's numbers, as parameters of the check that judges.
fn applied(compiled: &Compiled, check: &Check, overrides: &Overrides, values: &Values) -> Result<Overrides, String> {
    let mut all: Vec<Override> = overrides
        .iter()
        .filter(|o| o.check == compiled.condition.check)
        .map(|o| Override { check: check.def.id.clone(), ..o.clone() })
        .collect();
    for (name, unit) in &compiled.params {
        let text = values.shown(name).ok_or_else(|| format!("`{name}` has no value yet"))?;
        let value = crate::quantity::parse(text, *unit).map_err(|message| format!("`{name}`: {message}"))?;
        all.push(Override {
            check: check.def.id.clone(),
            subject: None,
            param: name.clone(),
            value: ParamValue::Number(value),
            origin: "the runbook".to_owned(),
        });
    }
    Ok(Overrides::new(all))
}

/// What was found of the subjects that are meant.
struct Weighed<'w> {
    check: &'w Check,
    meant: Meant,
    single: Single,
    applied: &'w Overrides,
}

impl Weighed<'_> {
    /// Why nothing good rests on the answers, where something is missing that the subject may be in.
    fn doubt(&self, bench: &Bench) -> Option<String> {
        let sources = &bench.snapshot().sources;
        let here = |answered: &&Answered| !self.meant.is_elsewhere(answered, sources);
        let of_answers = self.single.answers.iter().filter(here).find_map(|answered| {
            let doubt = answered.doubt.as_ref()?;
            Some(format!("{}: {doubt}", answered.place))
        });
        of_answers.or_else(|| bench.unasked(&self.check.from))
    }

    fn of(&self, status: Status) -> usize {
        self.single.findings.iter().filter(|finding| finding.status == status).count()
    }

    /// `fails`: something fails or warns.
    fn fails(&self, doubt: Option<String>) -> Result<(bool, String), String> {
        if let Some(words) = says::worst(&self.single.findings, &[Status::Fail, Status::Warn]) {
            return Ok((true, words));
        }
        self.unknown(doubt)?;
        if self.nobody() {
            self.measured()?;
            return Ok((false, self.gone()));
        }
        Ok((false, says::well(&self.single, self.check, self.applied)))
    }

    /// The other expectations.
    fn holds(&self, expect: &Expectation, doubt: Option<String>) -> Result<(bool, String), String> {
        let bad: &[Status] = match expect {
            Expectation::DoesNotFail => &[Status::Fail],
            _ => &[Status::Fail, Status::Warn],
        };
        if let Some(words) = says::worst(&self.single.findings, bad) {
            return Ok((false, words));
        }
        self.unknown(doubt)?;
        if self.nobody() {
            self.measured()?;
            // An expression is about rows; of a subject that was named and is not there, it says nothing.
            if matches!(expect, Expectation::Holds(_)) && matches!(self.meant, Meant::Value(_) | Meant::Pattern(_)) {
                return Err(format!("there is no row of {} to compare", self.meant.shown()));
            }
            return Ok((true, self.gone()));
        }
        if self.single.passed == 0 && self.of(Status::Warn) == 0 {
            return self.not_applicable(expect);
        }
        if let Some(words) = says::worst(&self.single.findings, &[Status::Warn]) {
            return Ok((true, words));
        }
        Ok((true, says::well(&self.single, self.check, self.applied)))
    }

    /// All that was meant does not apply. That is said for a reason that was seen in the row itself, so that nothing is
    /// wrong with it; but an expression has compared nothing.
    fn not_applicable(&self, expect: &Expectation) -> Result<(bool, String), String> {
        let words = says::worst(&self.single.findings, &[Status::NotApplicable]).unwrap_or_default();
        match expect {
            Expectation::Holds(_) => Err(words),
            _ => Ok((true, words)),
        }
    }

    fn unknown(&self, doubt: Option<String>) -> Result<(), String> {
        if let Some(words) = says::worst(&self.single.findings, &[Status::Unknown]) {
            return Err(words);
        }
        doubt.map_or(Ok(()), Err)
    }

    /// Whether no row is meant.
    fn nobody(&self) -> bool {
        self.single.passed == 0 && self.single.findings.is_empty()
    }

    /// Whether the subject would have been seen if it were there.
    fn measured(&self) -> Result<(), String> {
        let by_source = self.check.def.subject.trim_start().starts_with("{{ source }}");
        let mut answers = self.single.answers.iter().filter(|a| self.meant.would_be_in(a, by_source)).peekable();
        if answers.peek().is_none() {
            return Err(format!("{} is in no answer: it was not looked at", self.meant.shown()));
        }
        if !matches!(self.meant, Meant::All) && answers.any(|answered| answered.cut) {
            return Err(format!("the listing was cut; {} may be in what is not listed", self.meant.shown()));
        }
        Ok(())
    }

    fn gone(&self) -> String {
        let rows: usize = self.single.answers.iter().map(|answered| answered.rows).sum();
        match &self.meant {
            Meant::All | Meant::Source(_) => "nothing to object to (no rows)".to_owned(),
            meant => format!("nothing is said of {} ({rows} looked at)", meant.shown()),
        }
    }
}
