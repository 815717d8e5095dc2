//! What a run and a preview begin with: the runbook, the finding that it is for, and the values that are known.

use std::sync::Arc;

use super::{World, finding};
use crate::{
    check::finding::Finding,
    runbook::{
        library::Books,
        machine::Refusal,
        model::{ParamKind, Runbook, TargetRef},
        port::Values,
        value,
    },
};

/// A value: the parameter's name, the value, where it comes from.
pub type Known = (String, String, String);

/// What was chosen.
#[derive(Debug, Clone)]
pub struct Begun {
    /// The runbook.
    pub book: Arc<Runbook>,
    /// The finding, as `check: subject`.
    pub finding: Option<String>,
    /// What it says.
    pub message: Option<String>,
    /// The values that are known.
    pub values: Vec<Known>,
    /// What the finding said that did not fit, for the operator: the value is asked for instead.
    pub notes: Vec<String>,
}

/// The runbooks that cure a finding, the best first.
pub fn for_finding(books: &Books, finding: &Finding) -> Vec<Arc<Runbook>> {
    books.curing(&finding.check, &finding.runbooks).into_iter().cloned().collect()
}

/// Fills in what is known beforehand: what was given, what the finding says, the only source of the wanted kind or role,
/// defaults. Who is in which role is asked live, and of nobody else than the target's own sources.
///
/// # Errors
/// A given value for no parameter, or one that does not fit.
pub async fn begin(
    book: Arc<Runbook>,
    found: Option<&Finding>,
    given: &[Known],
    world: &World,
) -> Result<Begun, Refusal> {
    let plain: Vec<_> = given.iter().map(|(name, value, _)| (name.clone(), value.clone())).collect();
    let mut filled = value::fill(&book, &plain, found, &world.sources)?;
    for (name, _, origin) in &mut filled.values {
        // Where a secret came from is worth knowing, because it is asked for again.
        if let Some((.., said)) = given.iter().find(|(given, ..)| given == name) {
            origin.clone_from(said);
        }
    }
    only_ones_of_their_role(&book, world, &mut filled.values).await;
    Ok(Begun {
        book,
        finding: found.map(finding::name),
        message: found.map(|found| found.message.clone()),
        values: filled.values,
        notes: filled.notes,
    })
}

/// Among several sources of a kind, the only one that is in the role that a parameter wants now.
async fn only_ones_of_their_role(book: &Runbook, world: &World, known: &mut Vec<Known>) {
    for param in &book.params {
        let ParamKind::Source { kind, role: Some(role) } = &param.kind else { continue };
        if known.iter().any(|(name, ..)| *name == param.name) {
            continue;
        }
        let wanted = TargetRef::Kind { kind: *kind, role: Some(role.clone()) };
        if let Ok(who) = world.eyes.resolve(&wanted, &Values::default()).await {
            known.push((param.name.clone(), who.source, format!("the only {role}")));
        }
    }
}
