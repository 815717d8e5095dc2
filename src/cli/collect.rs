//! `loadline collect`: a snapshot and nothing else.

use super::{CollectArgs, Outcome, output, sources};
use crate::{exit::Exit, snapshot::Snapshot};

pub(super) fn run(args: &CollectArgs, recorded: Option<&Snapshot>) -> Outcome {
    sources::no_thresholds(&args.choose, "collect judges nothing")?;
    let file = sources::file(args.sources.config.as_deref())?;
    let knowledge = sources::knowledge(&file, &args.choose.checks)?;
    let library = &knowledge.library;
    let snapshot = if let Some(snapshot) = recorded {
        sources::nobody_named(&args.sources, &args.ask)?;
        sources::signed_again(snapshot.clone(), library, &args.sources)?
    } else {
        let probes = sources::questions(&knowledge, &args.choose, &sources::wanted(library, &args.choose)?);
        let resolved = sources::target(&args.sources, &file)?;
        sources::ask(sources::with_runs(resolved.target, &file)?, library, &probes, &args.ask)?
    };
    match &args.output {
        Some(path) => output::snapshot(path, &snapshot)?,
        None => output::data(&output::snapshot_text(&snapshot)?)?,
    }
    Ok(if snapshot.is_partial() { Exit::Unproven } else { Exit::Ready })
}
