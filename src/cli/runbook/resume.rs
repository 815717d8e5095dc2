//! `loadline runbook resume`: takes a run up again.

use std::{path::Path, sync::Arc};

use super::{
    ResumeArgs,
    desk::{Desk, Input},
    fill,
    run::{listener, manner},
    runs,
    shelf::Shelf,
    talk,
    walk::{Walk, looking},
    world,
};
use crate::{
    cli::{CliError, Outcome, SourceArgs, output, sources},
    exit::Exit,
    quantity,
    runbook::{
        journal,
        model::Runbook,
        open,
        record::{End, Mode, Started},
        runs::{Run, Standing},
        session::{Session, TakenUp},
    },
    snapshot::Unit,
    source::postgres::conninfo::Env,
    text,
};

pub(super) fn run(args: &ResumeArgs) -> Outcome {
    let file = sources::file(args.sources.config.as_deref())?;
    let folder = runs::folder(&args.walk.runs, &file)?;
    if args.list {
        let open: Vec<_> = runs::all(&folder)?.into_iter().filter(is_open).collect();
        if open.is_empty() {
            output::data(&format!("{}\n", none_waits(&folder)))?;
            return Ok(Exit::Ready);
        }
        let look = talk::Look { width: output::width(), colour: output::is_colourful() };
        output::data(&runs::list(&open, &folder, look))?;
        return Ok(Exit::Ready);
    }
    let id = which(args.run.as_deref(), &folder)?;
    let started = journal::read(&folder.join(&id)).map_err(sources::usage)?.started;
    if started.mode == Mode::Plan {
        return Err(CliError::Usage(format!(
            "{id} is a plan: nothing was run in it, and it cannot be gone on with; \
             `loadline runbook run {}` starts a run",
            started.runbook
        )));
    }
    let book = book(args, &folder, &started, &file)?;
    let world = world::live(&target(&args.sources, &file, &started), &args.books.checks, &file)?;
    let values = fill::flags(&book, &args.set, &Env::from_process())?;
    let runtime = super::runtime()?;
    let outcome = runtime.block_on(async {
        let mut desk = Desk::new()?;
        let listen = listener(Arc::clone(&book), desk.screen.clone());
        let manner = manner(&args.walk, folder.clone());
        let look = open::resume(Arc::clone(&book), &started, values, &manner, &world, listen);
        let session = looking(&mut desk, &manner.stop, look).await;
        let mut session = session.map_err(|error| CliError::Usage(refused(&error.to_string(), args)))?;
        desk.screen.line(&format!("{id}: {} on {}", started.title, started.target));
        if let Some(taken_up) = session.taken_up().cloned() {
            tell(&taken_up, &book, &desk);
            survivors(&mut session, &taken_up, &mut desk).await?;
        }
        let mut walk = Walk { session, book, desk, start_at: None, auto: started.mode == Mode::Auto };
        let walked = walk.walk().await;
        Ok(walk.close(&folder, walked))
    });
    runtime.shutdown_timeout(std::time::Duration::from_millis(200));
    outcome
}

/// A refusal because of another text has a way out.
fn refused(error: &str, args: &ResumeArgs) -> String {
    if args.original {
        return error.to_owned();
    }
    format!("{error}\n--original walks the text as it was when the run began")
}

/// Whether something in it can still be decided: temporary changes of a completed run are taken back by resuming it.
fn is_open(run: &Run) -> bool {
    run.standing.resumes() || matches!(run.standing, Standing::Ended(End::CompletedExceptDeferred))
}

/// The run that is named, else the latest that has not ended.
fn which(asked: Option<&str>, folder: &Path) -> Result<String, CliError> {
    if let Some(asked) = asked {
        return runs::find(folder, asked);
    }
    let open = runs::all(folder)?.into_iter().find(|run| run.standing.resumes());
    open.map(|run| run.id).ok_or_else(|| CliError::Usage(none_waits(folder)))
}

fn none_waits(folder: &Path) -> String {
    format!("no run in {} waits to be gone on with; `loadline runbook log` lists all", folder.display())
}

/// The runbook as it is now; as it was where that is wished, or where there is none of that id any more.
fn book(args: &ResumeArgs, folder: &Path, started: &Started, file: &sources::File) -> Result<Arc<Runbook>, CliError> {
    if args.original {
        return Ok(Arc::new(open::as_it_was(folder, &started.run).map_err(sources::usage)?));
    }
    let shelf = Shelf::open(&args.books, file)?;
    let (book, note) = open::now_or_then(shelf.books(), started, folder).map_err(sources::usage)?;
    if let Some(note) = note {
        output::talk(&format!("note: {}", text::screen(&note)));
    }
    Ok(book)
}

/// The target of the run, where the configuration has it and nothing else is named.
fn target(given: &SourceArgs, file: &sources::File, started: &Started) -> SourceArgs {
    let mut args = given.clone();
    let known = file.as_ref().is_some_and(|(_, file)| file.targets.contains_key(&started.target));
    let flags = [&args.postgres, &args.pgbouncer, &args.redis, &args.kubernetes];
    if args.target.is_none() && known && flags.iter().all(|flag| flag.is_empty()) {
        args.target = Some(started.target.clone());
    }
    args
}

/// What was found when it was taken up.
fn tell(taken_up: &TakenUp, book: &Runbook, desk: &Desk) {
    let age = quantity::show(taken_up.age.as_secs_f64().max(0.0), Unit::Seconds);
    desk.screen.line(&format!("  last touched {age} ago"));
    for changed in &taken_up.changed {
        desk.screen.line(&format!("  changed since: {}", text::screen(changed)));
    }
    if let Some(torn) = &taken_up.torn {
        desk.screen
            .line(&format!("  line {} of its journal was not written to its end; it was never acted on", torn.line));
    }
    for id in &taken_up.unknown {
        let title = book.step(id).map_or(id.as_str(), |step| step.title.as_str());
        desk.screen.line(&format!("  whether `{}` was done is not known", text::screen(title)));
    }
}

/// Processes that outlived the program come before anything else.
async fn survivors(session: &mut Session, taken_up: &TakenUp, desk: &mut Desk) -> Result<(), CliError> {
    for survivor in &taken_up.survivors {
        let question = format!("{survivor}. Stop it, with its whole group? [y stops it, Enter lets it run]");
        match desk.ask(&question).await {
            Input::Line(line) if matches!(line.trim(), "y" | "Y" | "yes") => {
                session.end_survivor(survivor).await.map_err(sources::usage)?;
            }
            _ => desk.screen.line("  it runs on"),
        }
    }
    Ok(())
}
