//! What the commands share: the library of checks, the target, the snapshot.

use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

use wildmatch::WildMatch;

use super::{AskArgs, ChooseArgs, CliError, SourceArgs, progress};
use crate::{
    assets,
    check::{
        definition::{ParamValue, Severity},
        library::{Check, FileError, Library},
        params::{Override, Overrides},
    },
    clock,
    collect::{self, Options},
    config::{self, ConfigFile, Given, Resolved, SourceConfig},
    readiness::{ANSWERS, Knowledge, Packs, WAIVERS},
    runbook::{library::Books, model::Runbook},
    snapshot::{Redactor, Snapshot, SourceKind},
    source::{Endpoint, Folders, KnownRunbook, RunsPlace, postgres::conninfo::Env},
};

/// The configuration file, where there is one.
pub(super) type File = Option<(PathBuf, ConfigFile)>;

pub(super) fn usage(error: impl std::fmt::Display) -> CliError {
    CliError::Usage(error.to_string())
}

/// Finds and reads the configuration file.
pub(super) fn file(named: Option<&std::path::Path>) -> Result<File, CliError> {
    config::find_file(named).map_err(usage)
}

/// The embedded checks and packs with the user's folders over them.
pub(super) fn knowledge(file: &File, folders: &[PathBuf]) -> Result<Knowledge, CliError> {
    let folders = config::check_folders(file.as_ref(), folders);
    understand(&assets::layered(&folders).map_err(usage)?)
}

/// Checks and packs of some files, with every mistake in one message.
pub(super) fn understand(files: &[assets::AssetFile]) -> Result<Knowledge, CliError> {
    let mut library = load(files)?;
    let packs = Packs::load(files, &mut library).map_err(|errors| mistakes(&errors))?;
    Ok(Knowledge { library, packs })
}

/// The embedded checks with the user's folders over them.
pub(super) fn library(file: &File, folders: &[PathBuf]) -> Result<Library, CliError> {
    let folders = config::check_folders(file.as_ref(), folders);
    load(&assets::layered(&folders).map_err(usage)?)
}

/// Loads checks, with every mistake in one message.
fn load(files: &[assets::AssetFile]) -> Result<Library, CliError> {
    Library::load(files).map_err(|errors| mistakes(&errors))
}

fn mistakes(errors: &[FileError]) -> CliError {
    let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
    CliError::Usage(format!(
        "{}\n{} in the checks; nothing was asked",
        lines.join("\n"),
        count(errors.len(), "mistake")
    ))
}

fn count(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}

/// Which checks are wanted. A pattern that fits none is a mistake, not an empty audit.
pub(super) fn wanted(library: &Library, choose: &ChooseArgs) -> Result<Vec<String>, CliError> {
    let fits = |check: &Check, pattern: &str| match pattern.split_once(':') {
        Some(("domain", domain)) => check.def.domain == domain,
        Some(("tag", tag)) => check.def.tags.iter().any(|t| t == tag),
        Some(("source", source)) => library.sources_of(check).iter().any(|kind| kind.word() == source),
        _ => WildMatch::new(pattern).matches(&check.def.id),
    };
    if let Some(lost) = choose.only.iter().find(|pattern| !library.checks().any(|check| fits(check, pattern))) {
        return Err(CliError::Usage(format!("no check fits `{lost}`; `loadline check list` shows them all")));
    }
    let chosen = library.checks().filter(|check| choose.only.is_empty() || choose.only.iter().any(|p| fits(check, p)));
    Ok(chosen.map(|check| check.def.id.clone()).collect())
}

/// `--set CHECK.PARAM=VALUE`, the strongest word on a threshold.
pub(super) fn overrides(library: &Library, below: &Overrides, choose: &ChooseArgs) -> Result<Overrides, CliError> {
    let mut all: Vec<Override> = below.iter().cloned().collect();
    for text in &choose.set {
        let wrong = || {
            CliError::Usage(format!(
                "--set {text}: expected CHECK.PARAM=VALUE, such as postgres.replication-lag.warn=10s"
            ))
        };
        let (name, value) = text.split_once('=').ok_or_else(wrong)?;
        let (check, param) = name.rsplit_once('.').ok_or_else(wrong)?;
        all.push(Override {
            check: check.to_owned(),
            subject: None,
            param: param.to_owned(),
            value: ParamValue::Quantity(value.to_owned()),
            origin: "--set".to_owned(),
        });
    }
    let all = Overrides::new(all);
    library.check_overrides(&all).map_err(|errors| CliError::Usage(errors.join("\n")))?;
    Ok(all)
}

/// Refuses `--set` where nothing is judged by it: an option that does nothing misleads.
pub(super) fn no_thresholds(choose: &ChooseArgs, why: &str) -> Result<(), CliError> {
    if choose.set.is_empty() { Ok(()) } else { Err(CliError::Usage(format!("--set has no meaning here: {why}"))) }
}

/// Refuses flags that name servers where a recording is judged.
pub(super) fn nobody_named(args: &SourceArgs, ask: &AskArgs) -> Result<(), CliError> {
    if ask.load.is_some() {
        let message = "--load is written down while a system is asked; a recording has its own, or none";
        return Err(CliError::Usage(message.into()));
    }
    nobody_is_named(args)
}

/// Refuses a target and flags that name servers where a recording is looked at.
pub(super) fn nobody_is_named(args: &SourceArgs) -> Result<(), CliError> {
    let flags = [&args.postgres, &args.pgbouncer, &args.redis, &args.kubernetes];
    if flags.iter().all(|flag| flag.is_empty()) && args.target.is_none() {
        return Ok(());
    }
    Err(CliError::Usage("a recording asks nobody: leave out the target and the flags that name servers".into()))
}

/// What the flags say.
pub(super) fn given(args: &SourceArgs) -> Given {
    Given {
        target: args.target.clone(),
        postgres: args.postgres.clone(),
        pgbouncer: args.pgbouncer.clone(),
        redis: args.redis.clone(),
        kubernetes: args.kubernetes.clone(),
        databases: args.databases.clone(),
        attestations: args.attestations.clone(),
        waivers: args.waivers.clone(),
    }
}

/// The probes that a run asks: of the checks that are wanted, of the packs where all are, and of waivers always,
/// because an accepted fail is accepted in every view.
pub(super) fn questions(knowledge: &Knowledge, choose: &ChooseArgs, wanted: &[String]) -> BTreeSet<String> {
    let mut probes = probes(&knowledge.library, wanted);
    if choose.only.is_empty() {
        probes.extend(knowledge.probes());
    }
    probes.insert(WAIVERS.to_owned());
    probes
}

/// The answers and waivers of folders that flags name, in place of those that a recording holds. They are judged on
/// the day of reading.
pub(super) fn signed_again(mut snapshot: Snapshot, library: &Library, args: &SourceArgs) -> Result<Snapshot, CliError> {
    let given = given(args);
    config::check_folders_given(&given).map_err(usage)?;
    let name = config::ATTESTATIONS;
    if snapshot.source(name).is_some_and(|source| source.kind != SourceKind::Attestation) {
        return Err(CliError::Usage(format!("the snapshot has another source called `{name}`: collect it again")));
    }
    for (id, folder) in [(ANSWERS, &given.attestations), (WAIVERS, &given.waivers)] {
        if let (Some(_), Some(probe)) = (folder, library.probe(id)) {
            let folders = Folders { attestations: given.attestations.clone(), waivers: given.waivers.clone() };
            let table = folders.read(probe, &Redactor::default()).map_err(usage)?;
            snapshot.replace(name, SourceKind::Attestation, id, clock::now(), table);
        }
    }
    Ok(snapshot)
}

/// The target that flags, environment and file mean.
pub(super) fn target(args: &SourceArgs, file: &File) -> Result<Resolved, CliError> {
    config::resolve(&given(args), file.as_ref(), &Env::from_process()).map_err(usage)
}

/// Adds the journals of runs on the target as a source, where there is a folder of them. A run itself does not ask
/// for them: what it changes for a time would then be a finding that it broke.
pub(super) fn with_runs(mut target: config::Target, file: &File) -> Result<config::Target, CliError> {
    // Without a home there is nowhere that runs could be kept.
    let Some(folder) = config::runs_folder(None, file.as_ref()).ok().map(|runs| runs.folder).filter(|f| f.is_dir())
    else {
        return Ok(target);
    };
    let name = SourceKind::Runs.word();
    if target.sources.iter().any(|source| source.name == name) {
        let message =
            format!("runs of runbooks are asked under the name `{name}`; call the source of that name otherwise");
        return Err(CliError::Usage(message));
    }
    let place = RunsPlace { folder, target: target.name.clone(), runbooks: known_runbooks(file)? };
    target.sources.push(SourceConfig { name: name.to_owned(), endpoint: Endpoint::Runs(place), databases: Vec::new() });
    Ok(target)
}

fn known_runbooks(file: &File) -> Result<Vec<KnownRunbook>, CliError> {
    let folders = config::runbook_folders(file.as_ref(), &[]);
    let (files, unread) = assets::runbooks::layered(&folders).map_err(usage)?;
    let known = |book: &Arc<Runbook>| KnownRunbook {
        id: book.id.clone(),
        title: book.title.clone(),
        severity: book.severity.map(Severity::word).unwrap_or_default().to_owned(),
    };
    Ok(Books::load(&files, &unread).iter().map(known).collect())
}

/// The probes of some checks.
fn probes(library: &Library, checks: &[String]) -> BTreeSet<String> {
    let chosen = checks.iter().filter_map(|id| library.check(id));
    library.probes_of(chosen).into_iter().map(|probe| probe.id.clone()).collect()
}

/// Asks a live target.
pub(super) fn ask(
    target: config::Target,
    library: &Library,
    probes: &BTreeSet<String>,
    args: &AskArgs,
) -> Result<Snapshot, CliError> {
    let mut options = Options::with_window(args.window);
    options.budget = args.budget.unwrap_or(options.budget);
    if options.budget <= options.window {
        let message = "--budget must be longer than --window, or there is no time for the second sample";
        return Err(CliError::Usage(message.into()));
    }
    options.connect = args.connect_timeout;
    options.keep_literals = args.keep_literals;
    options.load.clone_from(&args.load);
    let probes = probes.iter().filter_map(|id| library.probe(id)).cloned().collect();
    let runtime =
        tokio::runtime::Runtime::new().map_err(|error| CliError::Internal(format!("start the runtime: {error}")))?;
    let mut line = progress::Line::new(args.quiet);
    let snapshot = runtime.block_on(collect::collect(target, probes, &options, |step| line.show(step)));
    line.clear();
    // A task that hangs in a system call must not hold the exit up: the budget is a promise.
    runtime.shutdown_timeout(std::time::Duration::from_millis(200));
    Ok(snapshot)
}
