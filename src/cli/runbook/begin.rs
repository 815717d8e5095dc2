//! What a run and a preview begin with, from the words of the command line.

use std::sync::Arc;

use super::{BeginArgs, fill, finding, shelf::Shelf};
use crate::{
    check::finding::Finding,
    cli::{CliError, output, sources},
    runbook::{
        model::Runbook,
        open::{self, Begun, Known, World},
    },
    source::postgres::conninfo::Env,
    text,
};

/// Chooses by the finding, where one is named, and fills values in.
///
/// # Errors
/// No such runbook, no such finding, or a value that does not fit.
pub(super) async fn begin(args: &BeginArgs, shelf: &Shelf, world: &World) -> Result<Begun, CliError> {
    let named = args.id.as_deref().map(|id| shelf.book(id)).transpose()?;
    // A typing error must not cost a look at the whole target.
    let flags = named.as_ref().map(|book| fill::flags(book, &args.set, &Env::from_process())).transpose()?;
    let Some(asked) = &args.finding else {
        let (Some(book), Some(values)) = (named, flags) else {
            return Err(CliError::Usage(
                "which runbook? name it, or the finding that it is for with --for; `loadline runbook list` shows them all"
                    .into(),
            ));
        };
        return filled(book, None, &values, world).await;
    };
    output::talk("looking at the target for its findings");
    let sight = world.eyes.survey().await.map_err(|fault| CliError::Usage(format!("look at the target: {fault}")))?;
    let found = finding::pick(&sight.findings, asked)?;
    let book = match named {
        Some(book) => book,
        None => best(shelf, found)?,
    };
    let values = match flags {
        Some(values) => values,
        None => fill::flags(&book, &args.set, &Env::from_process())?,
    };
    filled(book, Some(found), &values, world).await
}

/// The best runbook for a finding; the others are told.
fn best(shelf: &Shelf, found: &Finding) -> Result<Arc<Runbook>, CliError> {
    let ranked = open::for_finding(shelf.books(), found);
    let Some((best, others)) = ranked.split_first() else {
        return Err(CliError::Usage(format!(
            "no runbook is for {}; `loadline runbook list` shows them all",
            text::screen(&open::finding::name(found))
        )));
    };
    if !others.is_empty() {
        let names: Vec<_> = others.iter().map(|book| format!("{} ({})", book.id, text::screen(&book.title))).collect();
        output::talk(&format!("chosen: {}; there is also {}", best.id, names.join(", ")));
    }
    Ok(Arc::clone(best))
}

async fn filled(
    book: Arc<Runbook>,
    found: Option<&Finding>,
    flags: &[Known],
    world: &World,
) -> Result<Begun, CliError> {
    let begun = open::begin(book, found, flags, world).await.map_err(sources::usage)?;
    for note in &begun.notes {
        output::talk(&format!("note: {}", text::screen(note)));
    }
    Ok(begun)
}
