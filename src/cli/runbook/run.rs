//! `loadline runbook run`: walks a runbook.

use std::{path::PathBuf, sync::Arc};

use tokio::sync::watch;

use super::{
    RunArgs,
    args::WalkArgs,
    begin,
    desk::{Desk, Screen},
    runs,
    shelf::Shelf,
    talk,
    walk::{Walk, looking},
    world,
};
use crate::{
    cli::{CliError, Outcome, output, sources},
    exit::Exit,
    runbook::{
        machine,
        model::Runbook,
        open::{self, Begun, Manner, World, who},
        record::Mode,
        session::Event,
    },
    snapshot::Snapshot,
    text,
};

pub(super) fn run(args: &RunArgs, recorded: Option<&Snapshot>) -> Outcome {
    let file = sources::file(args.begin.sources.config.as_deref())?;
    let shelf = Shelf::open(&args.begin.books, &file)?;
    let folder = runs::folder(&args.walk.runs, &file)?;
    let world = world::of(&args.begin, &file, recorded)?;
    let mode = mode(args, &world)?;
    let runtime = super::runtime()?;
    let outcome = runtime.block_on(async {
        let begun = begin::begin(&args.begin, &shelf, &world).await?;
        let given: Vec<&str> = begun.values.iter().map(|(name, ..)| name.as_str()).collect();
        if mode == Mode::Auto {
            machine::can_be_automatic(&begun.book, &given).map_err(|why| automatic(&begun.book, &why))?;
        }
        let start_at = args.start_at.as_deref().map(|asked| step(&begun.book, asked)).transpose()?;
        let mut desk = Desk::new()?;
        head(&begun, &world, &desk.screen);
        let listen = listener(Arc::clone(&begun.book), desk.screen.clone());
        let manner = manner(&args.walk, folder.clone());
        let session = looking(&mut desk, &manner.stop, open::start(&begun, mode, &manner, &world, listen)).await;
        let session = session.map_err(sources::usage)?;
        let mut walk = Walk { session, book: begun.book, desk, start_at, auto: mode == Mode::Auto };
        let walked = walk.walk().await;
        Ok(walk.close(&folder, walked))
    });
    // What hangs in a read of standard input must not hold the exit up.
    runtime.shutdown_timeout(std::time::Duration::from_millis(200));
    outcome
}

/// How it goes about it; a recording can only be walked by hand.
fn mode(args: &RunArgs, world: &World) -> Result<Mode, CliError> {
    match (args.auto, args.instruct) {
        _ if world.live.is_none() && !args.instruct => Err(CliError::Usage(
            "nothing can be run on a recording: `runbook plan` looks ahead, and `runbook run --instruct` shows what to do by hand"
                .into(),
        )),
        (true, _) => Ok(Mode::Auto),
        (_, true) => Ok(Mode::Instruct),
        _ => Ok(Mode::Run),
    }
}

fn automatic(book: &Runbook, why: &[String]) -> CliError {
    let lines: Vec<_> = why.iter().map(|why| format!("  {}", text::screen(why))).collect();
    CliError::Usage(format!("--auto: {} cannot be walked without people:\n{}", book.id, lines.join("\n")))
}

/// Who walks it, how carefully, and where it is kept.
pub(super) fn manner(args: &WalkArgs, folder: PathBuf) -> Manner {
    Manner {
        operator: who::operator(args.operator.as_deref()),
        host: who::host(),
        folder,
        second_person: args.second_person,
        survey: !args.no_survey,
        stop: watch::channel(false).0,
    }
}

pub(super) fn listener(book: Arc<Runbook>, screen: Screen) -> impl Fn(Event) + Send + Sync + 'static {
    move |event| {
        if let Some(told) = talk::told(&book, &event) {
            screen.told(&told);
        }
    }
}

/// A step by its id or heading.
fn step(book: &Runbook, asked: &str) -> Result<String, CliError> {
    let found = book.forward().find(|step| step.id == asked || step.title.eq_ignore_ascii_case(asked));
    found.map(|step| step.id.clone()).ok_or_else(|| {
        let ids: Vec<_> = book.forward().map(|step| step.id.as_str()).collect();
        CliError::Usage(format!("--start-at {asked}: no such step; {} has {}", book.id, ids.join(", ")))
    })
}

/// What is walked, on whom, why, and with what.
fn head(begun: &Begun, world: &World, screen: &Screen) {
    let (name, environment) = world.eyes.target();
    screen.page(&talk::head(
        &begun.book,
        &talk::Head {
            target: &name,
            environment: environment.as_deref(),
            finding: begun.finding.as_deref(),
            message: begun.message.as_deref(),
        },
        screen.look(),
    ));
}

impl Walk {
    /// Shows what the run leaves, and says by the exit code how it ended. Why a walk could not go on is told; the run
    /// can be resumed.
    pub(super) fn close(&self, folder: &std::path::Path, walked: Result<(), CliError>) -> Exit {
        if let Ok(told) = open::tell(folder, self.session.run()) {
            self.desk.screen.page(&talk::close(&told.incident(), self.desk.screen.look()));
        }
        match walked {
            Ok(()) => Exit::of_run(self.session.state().ended.map(|(how, _)| how)),
            Err(error) => {
                output::complain(&error.to_string());
                output::talk(&format!("the run {} can be resumed", self.session.run()));
                Exit::Unproven
            }
        }
    }
}
