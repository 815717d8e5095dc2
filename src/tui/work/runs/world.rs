//! The target of the screens as runbooks see it.

use std::sync::Arc;

use crate::{
    assets,
    check::library::{FileError, Library},
    config::{self, Target},
    readiness::Packs,
    runbook::{hands::Lock, open::World},
    snapshot::SourceKind,
    tui::work::Ground,
};

/// Eyes on the target or recording of the screens, and hands that a lock holds back. Reads the checks: it takes a while.
///
/// # Errors
/// Checks that cannot be read, and a recording that is not there, in words.
pub(super) fn of(ground: &Ground, lock: &Arc<Lock>) -> Result<World, String> {
    let library = library(ground)?;
    let overrides = ground.by.overrides.clone();
    let second_person = |name: &str| config::second_person(ground.config.as_ref(), name);
    let Some(live) = &ground.live else {
        let snapshot = ground.latest().ok_or("there is no recording to look at")?;
        let second_person = second_person(&snapshot.target.name);
        return Ok(World::recorded((*snapshot).clone(), library, overrides, second_person));
    };
    // A run does not ask for the journals of runs: what it changes for a time would be a finding that it broke.
    let target = Target {
        name: live.name.clone(),
        environment: live.environment.clone(),
        sources: live.sources.iter().filter(|source| source.kind() != SourceKind::Runs).cloned().collect(),
    };
    let world = World::live(Arc::new(target), library, overrides, second_person(&live.name));
    Ok(world.locked_by(Arc::clone(lock)))
}

fn library(ground: &Ground) -> Result<Library, String> {
    let folders = config::check_folders(ground.config.as_ref(), &ground.checks);
    let files = assets::layered(&folders).map_err(|error| error.to_string())?;
    let mut library = Library::load(&files).map_err(|errors| lines(&errors))?;
    Packs::load(&files, &mut library).map_err(|errors| lines(&errors))?;
    Ok(library)
}

fn lines(errors: &[FileError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
