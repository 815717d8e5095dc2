//! What a run comes to, and what cannot be known before it is done.

use super::{Known, ParamPreview, Preview, Program, StepPreview, Totals, ms};
use crate::runbook::model::{Danger, Runbook};

pub(super) fn of(book: &Runbook, steps: &[StepPreview]) -> Totals {
    let mut totals = Totals { estimate_ms: book.estimate.map(ms), ..Totals::default() };
    for step in steps.iter().filter(|step| !step.is_back) {
        totals.steps += 1;
        let danger = step.danger.as_deref();
        let count = match danger {
            None => &mut totals.by_hand,
            Some(word) if word == Danger::Observe.word() => &mut totals.observe,
            Some(word) if word == Danger::Change.word() => &mut totals.change,
            Some(_) => &mut totals.dangerous,
        };
        *count += 1;
        let changes = danger.is_some_and(|word| word != Danger::Observe.word());
        totals.without_undo += usize::from(changes && step.undo.is_none());
        totals.temporary += usize::from(step.temporary_s.is_some());
        totals.longest_ms += step.timeout_ms.unwrap_or(0) + step.verify_ms;
    }
    totals
}

/// In sentences, without repeating what stands beside a step.
pub(super) fn unknown(
    book: &Runbook,
    params: &[ParamPreview],
    steps: &[StepPreview],
    programs: &[Program],
) -> Vec<String> {
    let mut all = Vec::new();
    for param in params.iter().filter(|param| param.value.is_none() && !param.is_secret) {
        all.push(format!("the value of {}: {}", param.name, param.origin));
    }
    for program in programs.iter().filter(|program| program.path.is_none()) {
        all.push(format!("whether `{}` works: it is not on this machine", program.name));
    }
    for step in steps.iter().filter(|step| !step.is_back) {
        if let Some(Known::NotYet(why)) = &step.target {
            all.push(format!("on whom `{}` acts: {why}", step.title));
        }
        let unmeasured = step.required.iter().chain(&step.verified).filter(|seen| seen.holds.is_none());
        all.extend(unmeasured.map(|seen| format!("for `{}`, {}: {}", step.title, seen.condition, seen.says)));
    }
    let people = steps.iter().filter(|step| !step.is_back && step.danger.is_none()).count();
    if people > 0 {
        all.push(format!("what people do in {people} of {} steps", book.forward().count()));
    }
    all.push("what each step changes for the steps after it: checks were asked now, before anything is done".into());
    all
}

impl Preview {
    /// Whether a run could begin as things are: everything is there that must be told, programs and targets are there.
    pub fn is_ready(&self) -> bool {
        let is_known = |step: &StepPreview| !matches!(step.target, Some(Known::NotYet(_)));
        self.params.iter().all(|param| !param.is_missing)
            && self.programs.iter().all(|program| program.path.is_some())
            && self.steps.iter().filter(|step| !step.is_back).all(is_known)
    }
}
