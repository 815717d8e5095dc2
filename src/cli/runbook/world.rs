//! The target that a command is for.

use std::{path::Path, sync::Arc};

use super::BeginArgs;
use crate::{
    check::params::Overrides,
    cli::{CliError, SourceArgs, judged, sources},
    config,
    runbook::open::World,
    snapshot::Snapshot,
};

/// The world of a command: the recording that it names or stands in, else the live target.
///
/// # Errors
/// A target, check or snapshot that cannot be used.
pub(super) fn of(args: &BeginArgs, file: &sources::File, recorded: Option<&Snapshot>) -> Result<World, CliError> {
    let from_file = args.snapshot.as_deref().map(read).transpose()?;
    match from_file.or_else(|| recorded.cloned()) {
        Some(snapshot) => replay(snapshot, args, file),
        None => live(&args.sources, &args.books.checks, file),
    }
}

fn read(path: &Path) -> Result<Snapshot, CliError> {
    judged::read(path)
}

fn replay(snapshot: Snapshot, args: &BeginArgs, file: &sources::File) -> Result<World, CliError> {
    sources::nobody_is_named(&args.sources)?;
    let library = sources::knowledge(file, &args.books.checks)?.library;
    let below = file.as_ref().map(|(path, f)| f.overrides(&path.display().to_string(), Some(&snapshot.target.name)));
    let overrides = Overrides::new(below.unwrap_or_default());
    let second_person = config::second_person(file.as_ref(), &snapshot.target.name);
    Ok(World::recorded(snapshot, library, overrides, second_person))
}

/// A live target.
///
/// # Errors
/// A target or check that cannot be used.
pub(super) fn live(args: &SourceArgs, checks: &[std::path::PathBuf], file: &sources::File) -> Result<World, CliError> {
    let library = sources::knowledge(file, checks)?.library;
    let resolved = sources::target(args, file)?;
    library.check_overrides(&resolved.overrides).map_err(|errors| CliError::Usage(errors.join("\n")))?;
    let second_person = config::second_person(file.as_ref(), &resolved.target.name);
    Ok(World::live(Arc::new(resolved.target), library, resolved.overrides, second_person))
}
