//! What was looked at: targets, preconditions, verifications.

use jiff::Timestamp;

use super::{super::Refusal, refuse};
use crate::runbook::{
    model::{ActionKind, Runbook},
    port::Identity,
    record::{Seen, Verdict},
    state::{State, StepState, StepStatus},
};

impl State {
    pub(super) fn resolved(&mut self, book: &Runbook, step: &str, identity: &Identity, at: Timestamp) {
        let before = self.undo_at_hand(step).and_then(|_| self.acted_on_alike(book, step));
        let known = self.known(step);
        let seen = known.identity.as_ref().map(|(identity, _)| identity);
        let earlier = [seen, known.acted_on.as_ref(), before.as_ref()];
        known.moved = earlier.into_iter().flatten().find_map(|old| difference(old, identity));
        known.identity = Some((identity.clone(), at));
        known.unprepare();
        known.prepared_at = Some(at);
    }

    /// On whom a step acted, where its undo acts on the same.
    fn acted_on_alike(&self, book: &Runbook, step: &str) -> Option<Identity> {
        let text = book.step(step)?;
        let alike = text.action.as_ref()?.target == text.undo.as_ref()?.target;
        alike.then(|| self.step(step)?.acted_on.clone()).flatten()
    }

    pub(super) fn unresolved(&mut self, step: &str, says: &str, at: Timestamp) {
        let known = self.known(step);
        known.unprepare();
        known.prepared_at = Some(at);
        known.unresolved = Some(says.to_owned());
    }

    pub(super) fn required(&mut self, book: &Runbook, step: &str, seen: &Seen, at: Timestamp) {
        let conditions = book.step(step).map_or(usize::MAX, |step| step.require.len());
        let known = self.known(step);
        if known.required.len() >= conditions.max(1) {
            let unresolved = known.unresolved.take();
            known.unprepare();
            known.unresolved = unresolved;
        }
        known.prepared_at.get_or_insert(at);
        known.required.push(seen.clone());
    }

    pub(super) fn verified(&mut self, book: &Runbook, step: &str, verdict: Verdict, seen: &[Seen], at: Timestamp) {
        let looks = is_check(book, step);
        let acts = super::super::hand::acts(self);
        let known = self.steps.entry(step.to_owned()).or_default();
        known.verified = Some((verdict, seen.to_vec()));
        let held = verdict == Verdict::Held;
        if held {
            known.status = StepStatus::Verified;
            known.again = false;
            known.unsettled = false;
            known.process = None;
            known.rested_at = Some(at);
        } else if let Some(status) = not_held(known, looks) {
            known.status = status;
            known.again = false;
        }
        if held && !acts {
            self.stands_by_hand(book, step, at);
        }
        self.stand_at(book, step);
    }

    pub(super) fn regressed(&mut self, step: &str, seen: &Seen) -> Result<(), Refusal> {
        let Some(known) = self.steps.get_mut(step).filter(|known| known.status == StepStatus::Verified) else {
            return refuse(&format!("the step `{step}` was not verified, so that it cannot regress"));
        };
        known.status = StepStatus::Regressed;
        known.verified = Some((Verdict::NotHeld, vec![seen.clone()]));
        Ok(())
    }
}

/// What becomes of a step when a look at it does not satisfy; none where it stays as it is: an unknown outcome stays
/// unknown, what was not begun is still to do.
fn not_held(known: &StepState, looks: bool) -> Option<StepStatus> {
    use StepStatus::{Overridden, Pending, Regressed, Succeeded, Verified, VerifyFailed};
    match known.status {
        Succeeded | Overridden | VerifyFailed => Some(VerifyFailed),
        Verified if known.again => Some(Regressed),
        Pending if looks => Some(VerifyFailed),
        _ => None,
    }
}

fn is_check(book: &Runbook, step: &str) -> bool {
    let action = book.step(step).and_then(|step| step.action.as_ref());
    action.is_some_and(|action| matches!(action.kind, ActionKind::Check(_)))
}

/// In what a target differs from who it was; none where it is the same. Addresses do not count: a server may have several.
fn difference(old: &Identity, new: &Identity) -> Option<String> {
    let mut changes = Vec::new();
    let mut compare = |what: &str, old: Option<&str>, new: Option<&str>| {
        if old != new {
            changes.push(format!("{what} was {}, is {}", old.unwrap_or("not told"), new.unwrap_or("not told")));
        }
    };
    compare("the source", Some(&old.source), Some(&new.source));
    compare("the environment", old.environment.as_deref(), new.environment.as_deref());
    let names: std::collections::BTreeSet<_> = old.facts.keys().chain(new.facts.keys()).collect();
    for name in names {
        compare(name, old.facts.get(name).map(String::as_str), new.facts.get(name).map(String::as_str));
    }
    (!changes.is_empty()).then(|| changes.join("; "))
}
