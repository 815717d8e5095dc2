//! What audit, report and checklist share: a snapshot, live or recorded, and its judgement.

use super::{CliError, JudgeArgs, output, sources};
use crate::{
    check::{evaluate::Bench, params::Overrides},
    exit::{Exit, FailOn},
    readiness::{Knowledge, Wish},
    report::Audit,
    snapshot::Snapshot,
};

/// A judged snapshot with what it was judged by.
pub(super) struct Judgement {
    /// What was asked and answered.
    pub(super) snapshot: Snapshot,
    /// What it comes to.
    pub(super) audit: Audit,
    /// What it was judged by.
    pub(super) knowledge: Knowledge,
}

/// Asks or reads, then judges.
pub(super) fn run(args: &JudgeArgs, recorded: Option<&Snapshot>) -> Result<Judgement, CliError> {
    let file = sources::file(args.sources.config.as_deref())?;
    let knowledge = sources::knowledge(&file, &args.choose.checks)?;
    by(args, recorded, &file, knowledge)
}

/// Asks or reads, then judges by what was loaded before.
pub(super) fn by(
    args: &JudgeArgs,
    recorded: Option<&Snapshot>,
    file: &sources::File,
    knowledge: Knowledge,
) -> Result<Judgement, CliError> {
    if !args.choose.only.is_empty() && (args.stage.is_some() || args.min_score.is_some() || args.pack.is_some()) {
        return Err(CliError::Usage("--only judges a part, which has no readiness: leave it out, or the stage".into()));
    }
    let wanted = sources::wanted(&knowledge.library, &args.choose)?;
    let (snapshot, overrides) = snapshot(args, recorded, file, &knowledge, &wanted)?;
    let history = history(&args.history, &snapshot)?;
    let audit = {
        let bench = Bench::new(&knowledge.library, &snapshot);
        let wish = Wish { pack: args.pack.clone(), stage: args.stage.clone() };
        let wish = args.choose.only.is_empty().then_some(&wish);
        let judged = knowledge.judge(&overrides, &bench, &history, |check| wanted.contains(&check.def.id), wish);
        Audit::new(&snapshot, judged.map_err(CliError::Usage)?)
    };
    Ok(Judgement { snapshot, audit, knowledge })
}

fn snapshot(
    args: &JudgeArgs,
    recorded: Option<&Snapshot>,
    file: &sources::File,
    knowledge: &Knowledge,
    wanted: &[String],
) -> Result<(Snapshot, Overrides), CliError> {
    let library = &knowledge.library;
    let from_file = args.snapshot.as_deref().map(read).transpose()?;
    if let Some(snapshot) = from_file.or_else(|| recorded.cloned()) {
        sources::nobody_named(&args.sources, &args.ask)?;
        // The thresholds of the target that the snapshot is about, where the file knows it.
        let below =
            file.as_ref().map(|(path, f)| f.overrides(&path.display().to_string(), Some(&snapshot.target.name)));
        let below = Overrides::new(below.unwrap_or_default());
        let overrides = sources::overrides(library, &below, &args.choose)?;
        return Ok((sources::signed_again(snapshot, library, &args.sources)?, overrides));
    }
    let resolved = sources::target(&args.sources, file)?;
    // Thresholds are checked before anybody is asked: a typing error must not cost a window.
    let overrides = sources::overrides(library, &resolved.overrides, &args.choose)?;
    let probes = sources::questions(knowledge, &args.choose, wanted);
    Ok((sources::ask(sources::with_runs(resolved.target, file)?, library, &probes, &args.ask)?, overrides))
}

/// Earlier snapshots of the same target, each another one.
pub(super) fn history(paths: &[std::path::PathBuf], judged: &Snapshot) -> Result<Vec<Snapshot>, CliError> {
    let mut seen = vec![(judged.started_at, judged.finished_at, "the one that is judged".to_owned())];
    let mut history = Vec::new();
    for path in paths {
        let snapshot = read(path)?;
        let (name, wanted) = (&snapshot.target.name, &judged.target.name);
        let shown = path.display();
        if name != wanted {
            return Err(CliError::Usage(format!("--history {shown}: it is about `{name}`, and `{wanted}` is judged")));
        }
        let when = (snapshot.started_at, snapshot.finished_at);
        if let Some((.., same)) = seen.iter().find(|(from, to, _)| (*from, *to) == when) {
            return Err(CliError::Usage(format!("--history {shown}: the same snapshot as {same}; give each once")));
        }
        seen.push((when.0, when.1, shown.to_string()));
        history.push(snapshot);
    }
    Ok(history)
}

/// Reads a snapshot's file.
pub(super) fn read(path: &std::path::Path) -> Result<Snapshot, CliError> {
    Snapshot::read(&output::read(path)?).map_err(|error| CliError::Usage(format!("{}: {error}", path.display())))
}

/// The exit code: of the readiness where a stage or a score is asked for, else of the findings.
pub(super) fn exit(args: &JudgeArgs, audit: &Audit, fail_on: FailOn) -> Exit {
    match &audit.readiness {
        Some(readiness) if args.stage.is_some() => {
            Exit::of_readiness(readiness.verdict, readiness.score.low, args.min_score)
        }
        Some(readiness) if args.min_score.is_some_and(|least| readiness.score.low < least) => Exit::NotReady,
        Some(_) if args.min_score.is_some() => Exit::Ready,
        _ => Exit::of(&audit.findings, fail_on),
    }
}
