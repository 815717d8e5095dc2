//! `loadline screens`, and `loadline` alone: the interactive program, over a live target, a snapshot or the demo.

use std::{collections::BTreeSet, io::IsTerminal, path::PathBuf, sync::Arc};

use clap::Args;

use super::{
    AskArgs, CliError, JudgeArgs, Outcome, SourceArgs, campaign, judged, last_view::Last, output, runbook, sources,
};
use crate::{
    check::params::Overrides,
    clock,
    collect::watch,
    config::{self, SourceConfig, Target},
    exit::Exit,
    readiness::{Knowledge, Wish, campaign::CampaignFile},
    snapshot::{Snapshot, SourceKind},
    source::{Endpoint, Folders},
    tui::{
        driver::{self, Left},
        model::{About, Mode, Model},
        settings::{self, Settings},
        theme::{Look, Palette},
        work::{Desk, Ground, HistoryPlace, Judging, Opener},
    },
};

/// How the screens are opened.
#[derive(Debug, Clone, Args)]
pub(super) struct ScreensArgs {
    #[command(flatten)]
    judge: JudgeArgs,
    /// The campaign that the checklist is held against [default: the `campaign` of the target in the configuration file]
    #[arg(long, value_name = "FILE", help_heading = "Readiness")]
    campaign: Option<PathBuf>,
    /// Let steps of runbooks run, each confirmed, from the start; locked again after half an hour without a key
    #[arg(long, conflicts_with = "read_only", help_heading = "Screens")]
    guarded: bool,
    /// Let nothing run, and nothing unlock that
    #[arg(long, help_heading = "Screens")]
    read_only: bool,
    /// Do not keep what these screens see in the history; without it, one audit of every ten minutes is kept
    #[arg(long, help_heading = "Screens")]
    no_history: bool,
    #[command(flatten)]
    looks: LookArgs,
}

/// How they look, and with what they begin.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Screens")]
struct LookArgs {
    /// The colours [default: the terminal's own sixteen; none where NO_COLOR is set]
    #[arg(long, value_enum)]
    theme: Option<Palette>,
    /// Draw with ASCII only, for terminals and fonts that garble the rest
    #[arg(long)]
    ascii: bool,
    /// Begin afresh: without the screen, filter and colours with which this target was left
    #[arg(long)]
    fresh: bool,
    /// Print every command with its keys, as a file to change and keep, and open nothing
    #[arg(long)]
    print_keys: bool,
}

/// What is recorded, before it is read.
enum Recorded {
    /// A snapshot's file.
    File(PathBuf),
    /// The demo.
    Demo,
}

/// Opens the screens over the target or snapshot that is named.
pub(super) fn run(args: &ScreensArgs) -> Outcome {
    open(args, args.judge.snapshot.clone().map(Recorded::File))
}

/// Opens the screens over the demo, or over the snapshot that is named.
pub(super) fn demo(args: &ScreensArgs) -> Outcome {
    open(args, Some(args.judge.snapshot.clone().map_or(Recorded::Demo, Recorded::File)))
}

fn open(args: &ScreensArgs, recorded: Option<Recorded>) -> Outcome {
    if args.looks.print_keys {
        output::data(&settings::print_keys())?;
        return Ok(Exit::Ready);
    }
    if args.campaign.is_some() && !args.judge.choose.only.is_empty() {
        let why = "--only has no meaning beside --campaign: a campaign is held against all that is demanded";
        return Err(CliError::Usage(why.into()));
    }
    on_a_terminal()?;
    match once(args, recorded)? {
        Left::Quit(printed) => {
            printed.map(|text| output::data(&text)).transpose()?;
            Ok(Exit::Ready)
        }
        Left::Signal(number) => Ok(Exit::Signalled(number)),
        Left::Switch(target) => {
            let mut args = args.clone();
            args.judge.sources.target = Some(target);
            run(&args)
        }
    }
}

/// Shows the screens over one target, until they are left.
fn once(args: &ScreensArgs, recorded: Option<Recorded>) -> Result<Left, CliError> {
    let file = sources::file(args.judge.sources.config.as_deref())?;
    let layers = config::screens_layers(file.as_ref()).map_err(sources::usage)?;
    let settings = Settings::of(&layers).map_err(CliError::Usage)?;
    let (about, opener) = match recorded {
        Some(recorded) => over_recording(args, file, recorded)?,
        None => over_target(args, &settings, file)?,
    };
    let mut model = Model::new(about, clock::now());
    settings.lay(&mut model);
    let last = Last::of(args.looks.fresh, &mut model, settings.start.is_some());
    model.look = look(args, &settings, last.theme());
    let begun = model.look.palette;
    let runtime =
        tokio::runtime::Runtime::new().map_err(|error| CliError::Internal(format!("start the runtime: {error}")))?;
    let handle = runtime.handle().clone();
    let _bounded = Bounded(Some(runtime));
    let left = handle.block_on(async { driver::run(&mut model, &mut Desk::new(opener)).await });
    last.remember(&model, begun);
    left.map_err(|error| CliError::Internal(format!("use the terminal: {error}")))
}

/// A runtime that ends soon, also when a panic ends it: a task that hangs in a system call must not hold the exit up.
struct Bounded(Option<tokio::runtime::Runtime>);

impl Drop for Bounded {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_timeout(std::time::Duration::from_millis(200));
        }
    }
}

/// Screens need a terminal to show themselves on, and to read keys from.
fn on_a_terminal() -> Result<(), CliError> {
    let dumb = variable("TERM").as_deref() == Some("dumb");
    if std::io::stdout().is_terminal() && std::io::stdin().is_terminal() && !dumb {
        return Ok(());
    }
    let why = if dumb { "this one says TERM=dumb" } else { "standard input or output is none" };
    Err(CliError::Usage(format!("the screens need a terminal, and {why}; `loadline audit` prints instead")))
}

fn over_recording(args: &ScreensArgs, file: sources::File, of: Recorded) -> Result<(About, Opener), CliError> {
    sources::nobody_named(&args.judge.sources, &args.judge.ask)?;
    let (target, name) = match &of {
        Recorded::Demo => ("demo".to_owned(), "the demo".to_owned()),
        Recorded::File(path) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name.clone(), name)
        }
    };
    let about = About { target, targets: Vec::new(), environment: None, mode: Mode::Replay(name), persona: None };
    let shown = campaign::shown(args.campaign.clone(), &file, &args.judge.choose)?;
    let args = args.judge.clone();
    let opener = move || {
        // The demo is nobody's system: what is signed for it goes only where a flag says.
        let (snapshot, named) = match of {
            Recorded::Demo => (super::demo::recorded()?, false),
            Recorded::File(path) => (judged::read(&path)?, file.is_some()),
        };
        let flags = args.sources.attestations.is_some() || args.sources.waivers.is_some();
        let folders = if named || flags { Some(folders(&args, &file, None)?) } else { None };
        let history = past(&file, false);
        let target = Some(snapshot.target.name.as_str()).filter(|_| named && shown.is_none());
        let shown = match shown {
            None => campaign::shown(config::campaign_file(None, file.as_ref(), target), &file, &args.choose)?,
            shown => shown,
        };
        Ok(recording(&args, file, snapshot, shown)?.signing(folders).remembering(history))
    };
    Ok((about, Box::new(move || opener().map_err(|error: CliError| error.to_string()))))
}

/// Where answers and waivers of a target are written.
fn folders(args: &JudgeArgs, file: &sources::File, target: Option<&str>) -> Result<Folders, CliError> {
    let mut given = sources::given(&args.sources);
    // A target that flags or the environment name stands in no file, and so has no folders of its own there.
    let known = |name: &&str| file.as_ref().is_some_and(|(_, file)| file.targets.contains_key(*name));
    given.target = given.target.or_else(|| target.filter(known).map(str::to_owned));
    config::folders_of_target(&given, file.as_ref()).map_err(sources::usage)
}

fn recording(
    args: &JudgeArgs,
    file: sources::File,
    snapshot: Snapshot,
    shown: campaign::Shown,
) -> Result<Ground, CliError> {
    let (campaign, knowledge) = known(shown, &file, args)?;
    let below = file.as_ref().map(|(path, f)| f.overrides(&path.display().to_string(), Some(&snapshot.target.name)));
    let below = Overrides::new(below.unwrap_or_default());
    let overrides = sources::overrides(&knowledge.library, &below, &args.choose)?;
    let snapshot = sources::signed_again(snapshot, &knowledge.library, &args.sources)?;
    let earlier = judged::history(&args.history, &snapshot)?;
    let books = Arc::new(runbook::all_books(&file)?);
    Ok(Ground::recorded(judging(args, knowledge, overrides, earlier)?, books, file, snapshot)
        .with_checks(&args.choose.checks)
        .before(campaign))
}

/// The campaign, and checks and packs: read now, where they were not read for it.
fn known(
    shown: campaign::Shown,
    file: &sources::File,
    args: &JudgeArgs,
) -> Result<(Option<CampaignFile>, Knowledge), CliError> {
    Ok(match shown {
        Some((campaign, knowledge)) => (Some(campaign), knowledge),
        None => (None, sources::knowledge(file, &args.choose.checks)?),
    })
}

/// What answers are judged by: with `--only` some checks, and no readiness.
fn judging(
    args: &JudgeArgs,
    knowledge: Knowledge,
    overrides: Overrides,
    earlier: Vec<Snapshot>,
) -> Result<Judging, CliError> {
    let wanted = sources::wanted(&knowledge.library, &args.choose)?.into_iter().collect();
    let wish = Wish { pack: args.pack.clone(), stage: args.stage.clone() };
    let wish = args.choose.only.is_empty().then_some(wish);
    Ok(Judging { knowledge, overrides, wanted, wish, earlier })
}

fn over_target(args: &ScreensArgs, settings: &Settings, file: sources::File) -> Result<(About, Opener), CliError> {
    let resolved = sources::target(&args.judge.sources, &file)?;
    let target = sources::with_runs(resolved.target, &file)?;
    let mode = if args.guarded { Mode::Guarded } else { Mode::Observe { locked: args.read_only } };
    let about = About {
        target: target.name.clone(),
        targets: others(&args.judge.sources, &file),
        environment: target.environment.clone(),
        mode,
        persona: None,
    };
    // A part would look like an audit in which everything else is gone; literals stay only where they were asked for.
    let writes = !args.no_history && args.judge.choose.only.is_empty() && !args.judge.ask.keep_literals;
    let path = config::campaign_file(args.campaign.as_deref(), file.as_ref(), Some(&target.name));
    let shown = campaign::shown(path, &file, &args.judge.choose)?;
    let args = args.judge.clone();
    let mut options = options(&args.ask);
    options.live = settings.every.unwrap_or(options.live);
    let opener = move || {
        let (campaign, knowledge) = known(shown, &file, &args)?;
        let overrides = sources::overrides(&knowledge.library, &resolved.overrides, &args.choose)?;
        let books = Arc::new(runbook::all_books(&file)?);
        // Where it cannot be told whose folders are meant, nothing is signed; all else goes on.
        let folders = folders(&args, &file, Some(&target.name)).ok();
        let target = signed(target, folders.as_ref());
        let by = judging(&args, knowledge, overrides, Vec::new())?;
        let wanted: Vec<String> = by.wanted.iter().cloned().collect();
        let questions = sources::questions(&by.knowledge, &args.choose, &wanted);
        let library = &by.knowledge.library;
        // What the live screen shows is asked, whichever checks are wanted.
        let live = watch::live::PROBES.iter().map(|probe| probe.id);
        let ids: BTreeSet<&str> = questions.iter().map(String::as_str).chain(live).collect();
        let probes = ids.into_iter().filter_map(|id| library.probe(id)).cloned().collect();
        let history = past(&file, writes);
        let ground = Ground::live(by, books, file, target, (probes, options));
        Ok(ground.signing(folders).with_checks(&args.choose.checks).remembering(history).before(campaign))
    };
    Ok((about, Box::new(move || opener().map_err(|error: CliError| error.to_string()))))
}

/// Where past audits are; a place that cannot be is told on the screen, and all else goes on.
fn past(file: &sources::File, writes: bool) -> HistoryPlace {
    let place = config::history_file(None, file.as_ref()).map_err(|error| error.to_string());
    let off = || "the configuration wants no history (`history = \"off\"`)".to_owned();
    HistoryPlace { file: place.and_then(|file| file.ok_or_else(off)), writes }
}

/// The targets that can be looked at by a key: none where flags name servers, which are of no target of the file.
fn others(args: &SourceArgs, file: &sources::File) -> Vec<String> {
    let flags = [&args.postgres, &args.pgbouncer, &args.redis, &args.kubernetes];
    let by_flags = flags.iter().any(|flag| !flag.is_empty());
    file.iter().filter(|_| !by_flags).flat_map(|(_, file)| file.targets.keys().cloned()).collect()
}

/// Adds the folders of answers and waivers as a source where they are not there yet: what is signed while the screens are
/// open must be read by the next audit.
fn signed(mut target: Target, folders: Option<&Folders>) -> Target {
    let asked = target.sources.iter().any(|source| source.kind() == SourceKind::Attestation);
    if let Some(folders) = folders.filter(|_| !asked) {
        let (name, endpoint) = (config::ATTESTATIONS.to_owned(), Endpoint::Attestation(folders.clone()));
        target.sources.push(SourceConfig { name, endpoint, databases: Vec::new() });
    }
    target
}

/// How the target is watched, as the flags for asking say it.
fn options(args: &AskArgs) -> watch::Options {
    watch::Options {
        window: args.window,
        connect: args.connect_timeout,
        keep_literals: args.keep_literals,
        load: args.load.clone(),
        ..watch::Options::default()
    }
}

/// Colours by flag, by what was chosen in the program last, by the settings, by the terminal. NO_COLOR comes before what
/// was chosen once.
fn look(args: &ScreensArgs, settings: &Settings, last: Option<Palette>) -> Look {
    let chosen = last.filter(|_| variable("NO_COLOR").is_none());
    let palette = args.looks.theme.or(chosen).or(settings.theme).unwrap_or_else(palette);
    Look { palette, ascii: args.looks.ascii || settings.ascii }
}

/// The colours that the terminal and NO_COLOR allow.
fn palette() -> Palette {
    Palette::of_terminal(variable("NO_COLOR").is_some(), variable("TERM").as_deref())
}

#[expect(clippy::disallowed_methods, reason = "the terminal's own word on what it can do")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
