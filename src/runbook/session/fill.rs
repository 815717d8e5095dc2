//! What a step would run with the values of now.

use super::Session;
use crate::runbook::{
    machine::Refusal,
    model::{Action, TargetRef},
    port::{Identity, Prepared, Values, What},
    prepare::{self, Context},
    record::Way,
};

impl Session {
    /// The action of a step or its undo with everything filled in.
    pub(super) fn filled(&self, step: &str, way: Way) -> Result<Option<Prepared>, Refusal> {
        let Some(text) = self.book.step(step) else {
            return Err(Refusal(format!("the runbook has no step `{step}`")));
        };
        let action = match way {
            Way::Act => text.action.as_ref(),
            Way::Undo => text.undo.as_ref(),
        };
        let Some(action) = action.filter(|action| action.kind.acts()) else { return Ok(None) };
        let values = self.values_for(step, way);
        let identity = self.identity(step, way);
        let context = Context { book: &self.book, run: self.run(), step, identity };
        prepare::prepare(action, &values, &context).map(Some)
    }

    /// The values that a step works with: an undo goes back with those of its time.
    pub(super) fn values_for(&self, step: &str, way: Way) -> Values {
        let mut values = self.values.clone();
        let undo = self.state.next_undo().filter(|undo| way == Way::Undo && undo.step == step);
        for (name, (value, _)) in undo.iter().flat_map(|undo| &undo.params) {
            values.set(name, value);
        }
        values
    }

    /// Who the target of a step was when it was last asked.
    fn identity(&self, step: &str, way: Way) -> Option<&Identity> {
        let undo = self.state.next_undo().filter(|undo| way == Way::Undo && undo.step == step);
        let known = undo.map(|undo| &undo.state).or_else(|| self.state.step(step))?;
        known.identity.as_ref().map(|(identity, _)| identity)
    }

    /// Parameters that the step at hand reads and whose values were never written down: asked again.
    pub(super) fn asked_again(&self) -> Vec<String> {
        let Some((id, way)) = self.at_hand() else { return Vec::new() };
        let Some(step) = self.book.step(&id) else { return Vec::new() };
        let mut names = match way {
            Way::Act => step.reads(),
            Way::Undo => step.undo.iter().flat_map(reads).collect(),
        };
        let given = step.gives();
        names.retain(|name| self.withheld.contains(*name) && given != Some(*name));
        names.into_iter().map(str::to_owned).collect()
    }
}

/// The names of the environment variables that an action is given.
pub(super) fn environment(prepared: &Prepared) -> Vec<String> {
    match &prepared.what {
        What::Sh { env, .. } => env.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

fn reads(action: &Action) -> impl Iterator<Item = &str> {
    let target = match &action.target {
        Some(TargetRef::Param(name)) => Some(name.as_str()),
        _ => None,
    };
    action.reads.iter().map(String::as_str).chain(target)
}
