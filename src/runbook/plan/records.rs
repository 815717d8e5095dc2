//! A preview as the records of a journal: the evidence that a runbook was rehearsed. Such a journal is never resumed.

use jiff::Timestamp;

use super::{Known, Preview};
use crate::runbook::record::{Record, Stamped, Started};

/// The records after the first, which says how it began. Steps of rolling back are not on the way.
pub fn records(preview: &Preview, started: Started, at: Timestamp) -> Vec<Stamped> {
    let mut all = vec![Record::Started(Box::new(started))];
    for param in preview.params.iter().filter(|param| param.value.is_some()) {
        let (name, origin) = (param.name.clone(), param.origin.clone());
        all.push(Record::Param { name, value: param.value.clone(), origin });
    }
    for step in preview.steps.iter().filter(|step| !step.is_back) {
        let id = || step.id.clone();
        match &step.target {
            Some(Known::Is(identity)) => all.push(Record::Resolved { step: id(), identity: identity.clone() }),
            Some(Known::NotYet(says)) => all.push(Record::Unresolved { step: id(), says: says.clone() }),
            None => {}
        }
        all.extend(step.required.iter().map(|seen| Record::Required { step: id(), seen: seen.clone() }));
        all.extend(step.verified.iter().map(|seen| Record::Sample { step: id(), seen: seen.clone() }));
    }
    all.into_iter().map(|record| Stamped { at, record }).collect()
}
