//! The target that a runbook is for: eyes on it, and what is known of it without asking.

use std::{path::Path, sync::Arc};

use super::BeginArgs;
use crate::{
    check::params::Overrides,
    cli::{CliError, SourceArgs, judged, sources},
    config::{self, Target},
    runbook::{
        eyes::{LiveEyes, RecordedEyes},
        port::Eyes,
    },
    snapshot::{Snapshot, SourceKind},
};

/// A target, and the eyes on it.
pub(super) struct World {
    /// Looks at it.
    pub(super) eyes: Arc<dyn Eyes>,
    /// Its sources, by name.
    pub(super) sources: Vec<(String, SourceKind)>,
    /// Whom to act on; none for a recording.
    pub(super) live: Option<Arc<Target>>,
    /// Whether its configuration wants a second person for dangerous steps.
    pub(super) second_person: bool,
}

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
    let sources = snapshot.sources.iter().map(|source| (source.name.clone(), source.kind)).collect();
    let second_person = config::second_person(file.as_ref(), &snapshot.target.name);
    Ok(World { eyes: Arc::new(RecordedEyes::new(snapshot, library, overrides)), sources, live: None, second_person })
}

/// A live target.
///
/// # Errors
/// A target or check that cannot be used.
pub(super) fn live(args: &SourceArgs, checks: &[std::path::PathBuf], file: &sources::File) -> Result<World, CliError> {
    let library = sources::knowledge(file, checks)?.library;
    let resolved = sources::target(args, file)?;
    library.check_overrides(&resolved.overrides).map_err(|errors| CliError::Usage(errors.join("\n")))?;
    let target = Arc::new(resolved.target);
    Ok(World {
        eyes: Arc::new(LiveEyes::new(Arc::clone(&target), library, resolved.overrides)),
        sources: target.sources.iter().map(|source| (source.name.clone(), source.kind())).collect(),
        second_person: config::second_person(file.as_ref(), &target.name),
        live: Some(target),
    })
}
